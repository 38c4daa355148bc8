"""Writes without an answer on screen: counted, listed, decided by a person, never sent again by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.screens.acting_app import CHIDI, LENA, on_top, said, shown
from tests.screens.creating import (
    GOTO,
    SEEIT,
    TWILIO,
    creates,
    grow,
    heard,
    joinable,
    make,
    masked,
    press,
    ready,
)
from tests.screens.desk_app import NOW, DeskApp
from tests.screens.losing import found, goto, intent, kept, lose, settles
from tui.live.commands import Act, Create, Refresh, Settle
from tui.live.messages import Acted, Grown, Made
from tui.live.pending import WORD
from tui.model.intent import Intent, IntentState
from tui.model.problem import Repeated, UnknownOutcome
from tui.model.session import Key
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.providers.base import Created
from tui.screens.create import CreateScreen
from tui.screens.detail import DetailScreen
from tui.screens.question import QuestionScreen
from tui.screens.queue import QueueScreen
from tui.screens.result import ResultScreen
from tui.screens.sure import SureScreen
from tui.screens.unknown import UnknownScreen
from tui.screens.unknowns import UnknownsScreen

pytestmark = pytest.mark.anyio
SIZE = (100, 30)
TWO = (goto("SS-1"), goto("SS-4"))


def words(app: DeskApp) -> str:
    return " ".join(shown(app).replace("│", " ").split())


def first_line(app: DeskApp) -> str:
    return shown(app).splitlines()[0]


async def opened(pilot: Pilot[None], app: DeskApp, *intents: Intent) -> None:
    """The list with these."""
    await ready(pilot, app)
    kept(app, *intents)
    await heard(pilot)
    await press(pilot, "w")


class TestNotice:
    async def test_the_queue_counts_them_where_nothing_cuts_it_off(self) -> None:
        app = DeskApp()
        async with app.run_test(size=(60, 15), notifications=True) as pilot:
            await ready(pilot, app)
            assert "unknown" not in first_line(app)
            kept(app, intent("one"), intent("two"))
            await heard(pilot)
            assert "2 writes of unknown outcome: w" in first_line(app)
            kept(app)
            await heard(pilot)
            assert "unknown" not in first_line(app)

    async def test_what_is_on_its_way_is_not_called_unknown(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            kept(app, intent(state=IntentState.SENDING, reason=line("")))
            await heard(pilot)
            assert "unknown" not in first_line(app)

    async def test_what_was_found_is_told_once_and_leaves_when_it_was_seen(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            one = intent()
            kept(app, one)
            await heard(pilot)
            kept(app, found(one, goto("SS-1")))
            await heard(pilot)
            assert said(app) == (
                "goto-desk: the create of 09:25:53 was found: it was done; w shows it"
            )
            assert "1 write cleared up: w" in first_line(app)
            app.screen.query_one("#status").clear_message()  # type: ignore[attr-defined]
            kept(app, found(one, goto("SS-1")), intent("two"))
            await heard(pilot)
            assert "was found" not in said(app), "once"
            await press(pilot, "w")
            assert "found: it was created" in shown(app)
            assert settles(app) == []
            await press(pilot, "escape")
            assert settles(app) == [Settle("one", None)]

    async def test_an_action_that_was_not_done_is_told_as_such(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            one = intent(profile="proxy-eu", what="close", ref=CHIDI.id)
            kept(app, one)
            await heard(pilot)
            kept(app, replace(one, state=IntentState.NOT_DONE, reason=line("as it was before")))
            await heard(pilot)
            assert "was not done, as far as the vendor shows" in said(app)

    async def test_a_file_that_cannot_be_read_is_on_the_screen(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            app.mailbox.tell_troubles((line("a.json cannot be read as a write of sessiontop's"),))
            await heard(pilot)
            assert "1 write unreadable: w" in first_line(app)
            await press(pilot, "w")
            assert "a.json cannot be read as a write of sessiontop's" in shown(app)
            assert "Every write has a known outcome." in shown(app)


class TestList:
    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({}, "looking for it"),
            ({"looked": 1}, "not found in 1 complete look, and looking on"),
            ({"looked": 2}, "not found in 2 complete looks"),
            ({"candidates": TWO}, "2 sessions may be it"),
            ({"candidates": TWO[:1], "looked": 2}, "1 session may be it"),
            ({"profile": "elsewhere"}, "not looked for: its profile is not started"),
            (
                {
                    "state": IntentState.SENDING,
                    "reason": line("another running sessiontop is sending it"),
                },
                "another running sessiontop is sending it",
            ),
            ({"state": IntentState.DONE, "found": TWO[0]}, "found: it was created"),
        ],
    )
    async def test_every_state_in_words(self, changes: dict[str, Any], expected: str) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, intent(reference=Opaque("sessiontop-7f3a"), **changes))
            assert expected in words(app)
            assert "create at" in shown(app)
            assert "09:25:53" in shown(app)
            assert "sessiontop-7f3a" in shown(app)

    async def test_paused_says_that_r_looks_once(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            kept(app, intent())
            await heard(pilot)
            await press(pilot, "p", "w")
            assert "looking for it; paused: r looks once" in words(app)
            await press(pilot, "r")
            assert app.recorder.sent[-1] == Refresh("goto-desk")

    async def test_enter_on_a_candidate_opens_it(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, intent(candidates=TWO))
            await press(pilot, "enter")
            assert said(app) == "no session of it is known yet"
            await press(pilot, "j", "j", "enter")
            assert isinstance(app.screen, DetailScreen)
            assert app.screen.key == TWO[1]

    async def test_the_cursor_stays_on_its_session_while_the_list_changes(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, intent("two", candidates=TWO))
            await press(pilot, "j", "j")
            older = intent("one", at=NOW - timedelta(minutes=9))
            kept(app, older, intent("two", candidates=TWO))
            await heard(pilot)
            screen = app.screen
            assert isinstance(screen, UnknownsScreen)
            assert screen.place is not None
            assert screen.place.name == ("two", TWO[1])

    async def test_this_is_it_is_asked_with_the_session(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, intent(candidates=TWO))
            await press(pilot, "m")
            assert said(app) == "move to one of the sessions below it first"
            await press(pilot, "j", "m")
            assert isinstance(app.screen, SureScreen)
            assert "customer Ana Lindqvist" in words(app)
            assert "SS-1" in shown(app)
            await press(pilot, "enter")
            assert settles(app) == [], "no is the default"
            await press(pilot, "m", "y")
            assert settles(app) == [Settle("one", TWO[0])]

    async def test_a_burst_answers_no_question(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, intent(candidates=TWO))
            await press(pilot, "j")
            await pilot.press("m", "y")
            assert isinstance(app.screen, SureScreen)
            assert settles(app) == []

    async def test_dropping_is_asked_and_sends_nothing_to_the_vendor(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, intent())
            await press(pilot, "d")
            assert "Nothing is sent, and nothing changes at the vendor." in words(app)
            await press(pilot, "escape")
            assert settles(app) == []
            await press(pilot, "d", "y")
            assert settles(app) == [Settle("one", None)]
            kept(app)
            await heard(pilot)
            assert "Every write has a known outcome." in shown(app)
            await press(pilot, "d")
            assert said(app) == "there is no write here"

    async def test_what_is_on_its_way_cannot_be_decided(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, intent(state=IntentState.SENDING))
            for key in ("d", "m", "s"):
                await press(pilot, key)
                assert said(app) == "it is on its way: its outcome comes by itself"


class TestSendAgain:
    async def test_a_create_opens_its_form_filled_in_and_sends_nothing(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", *"Ana", "enter", "enter")
            one = intent(looked=2)
            lose(app, one)
            await heard(pilot)
            assert isinstance(app.screen, UnknownScreen)
            await press(pilot, "w", "s")
            assert "a second session comes of this" in words(app)
            assert "not found in 2 complete looks" in words(app)
            await press(pilot, "y")
            assert isinstance(app.screen, CreateScreen)
            assert "Customer Ana" in words(app)
            assert "Enter on the button may make a second" in words(app)
            assert len(creates(app)) == 1
            await press(pilot, "enter", "enter")
            assert [asked.values for asked in creates(app)] == [creates(app)[0].values] * 2

    async def test_the_next_callers_draft_is_not_overwritten(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", *"Ana", "enter", "enter")
            lose(app, intent())
            await heard(pilot)
            await press(pilot, "escape", "n", *"Bo", "escape", "w", "s")
            assert isinstance(app.screen, UnknownsScreen)
            assert "holds another draft" in said(app)

    async def test_after_a_restart_the_form_is_empty_and_says_so(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, intent(looked=2))
            await press(pilot, "s", "y")
            assert isinstance(app.screen, CreateScreen)
            assert "What was typed then is kept nowhere: fill it in again." in words(app)
            assert creates(app) == []

    async def test_the_question_shows_what_was_found(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, intent(candidates=TWO))
            await press(pilot, "s")
            assert "These sessions may be what it made:" in words(app)
            assert "Ana Lindqvist" in shown(app)
            assert "Priya Raman" in shown(app)

    async def test_before_a_complete_look_the_question_says_so(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, intent())
            await press(pilot, "s")
            assert "it may still appear" in words(app)

    async def test_an_action_opens_its_own_question_with_the_doubt(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, intent(profile="proxy-eu", what="close", ref=CHIDI.id))
            assert "Chidi Okafor" in shown(app)
            await press(pilot, "s", "y")
            assert isinstance(app.screen, QuestionScreen)
            assert "an earlier try may have been done" in words(app)
            acts = [command for command in app.recorder.sent if isinstance(command, Act)]
            assert acts == []
            await press(pilot, "y")
            acts = [command for command in app.recorder.sent if isinstance(command, Act)]
            assert [(act.ref, act.action) for act in acts] == [(CHIDI.id, "close")]

    async def test_an_action_on_a_session_that_is_gone_says_why_not(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            gone = intent(profile="proxy-eu", what="close", ref=Opaque("KC" + "f" * 32))
            await opened(pilot, app, gone)
            await press(pilot, "s")
            assert said(app) == "it is no longer in the vendor's list"

    async def test_the_doubt_of_an_earlier_run_is_in_the_question(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            kept(app, intent(profile="proxy-eu", what="close", ref=LENA.id))
            await heard(pilot)
            assert app.desk.in_doubt(LENA, "close")
            assert not app.desk.in_doubt(LENA, "delete")
            kept(app)
            await heard(pilot)
            assert not app.desk.in_doubt(LENA, "close")


class TestPage:
    async def test_it_follows_the_search_and_becomes_the_result(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", *"Ana", "enter", "enter")
            one = intent(reference=Opaque("e0-77"))
            lose(app, one)
            await heard(pilot)
            assert "looking for it" in shown(app)
            assert "e0-77" in shown(app)
            kept(app, replace(one, looked=1))
            await heard(pilot)
            assert "not found in 1 complete look" in shown(app)
            app.sessions([joinable()])
            kept(app, found(one, joinable().key))
            await heard(pilot)
            assert isinstance(app.screen, ResultScreen)
            assert "Found: it was created at goto-desk" in shown(app)
            assert "https://join.example/SS-99" in shown(app)
            await press(pilot, "escape")
            assert settles(app) == [Settle("one", None)], "it was seen"
            screen = app.screen
            assert isinstance(screen, QueueScreen)
            assert screen.table.selected_key == joinable().key
            await press(pilot, "n")
            assert "Customer Ana" not in words(app), "that draft is done with"

    async def test_candidates_appear_and_w_leads_to_the_decision(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            lose(app, intent(candidates=TWO))
            await heard(pilot)
            assert "Ana Lindqvist" in shown(app)
            await press(pilot, "w", "j", "m", "y")
            kept(app, found(intent(), TWO[0]))
            await heard(pilot)
            await press(pilot, "escape")
            assert isinstance(app.screen, ResultScreen), "the page below has made way"
            assert "https://join.example/SS-1" in shown(app)

    async def test_found_while_nobody_looked_is_shown_by_n(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            one = intent()
            lose(app, one)
            await heard(pilot)
            await press(pilot, "escape")
            app.sessions([joinable()])
            kept(app, found(one, joinable().key))
            await heard(pilot)
            assert said(app).endswith("was found: it was done; n shows it")
            await press(pilot, "n")
            assert isinstance(app.screen, ResultScreen)

    async def test_found_without_an_id_is_no_doubt_any_more(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            one = intent()
            lose(app, one)
            await heard(pilot)
            kept(app, replace(one, state=IntentState.DONE, reason=line("made, no id yet")))
            await heard(pilot)
            assert isinstance(app.screen, ResultScreen)
            assert "Not in the list yet" in shown(app)

    async def test_one_that_was_dropped_says_that_nothing_looks_for_it(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            lose(app, intent())
            await heard(pilot)
            kept(app)
            await heard(pilot)
            assert "nothing looks for it any more" in words(app)


class TestPending:
    TOKEN = Key("goto-desk", Opaque("e0-token"))

    def pend(self, app: DeskApp) -> None:
        """The create is answered by a token, and a row stands in."""
        asked: Create = creates(app)[-1]
        row = joinable()
        app.sessions(
            [
                type(row)(
                    profile=row.profile,
                    provider=row.provider,
                    id=self.TOKEN.id,
                    status=Status.NOT_STARTED,
                    provider_status=WORD,
                    customer=line("Ana"),
                )
            ]
        )
        app.answer(Made(asked.ticket, Created((), ref=self.TOKEN.id, for_now=True)))

    def start(self, app: DeskApp) -> None:
        """The technician starts it."""
        app.mailbox.tell_grown(
            joinable(), self.TOKEN, Grown(creates(app)[-1].ticket, joinable(), self.TOKEN)
        )

    async def test_it_is_selected_says_pending_and_the_selection_follows(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            self.pend(app)
            await heard(pilot)
            await press(pilot, "escape")
            screen = app.screen
            assert isinstance(screen, QueueScreen)
            assert screen.table.selected_key == self.TOKEN
            row = next(row for row in shown(app).splitlines() if "◌ pending" in row)
            assert " Ana " in row
            self.start(app)
            await heard(pilot)
            assert screen.table.selected_key == joinable().key
            assert not screen.table.selected_is_gone
            assert "pending" not in shown(app)

    async def test_another_selection_stays_and_a_mark_follows(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            self.pend(app)
            await heard(pilot)
            await press(pilot, "escape", "space", "g")
            screen = app.screen
            assert isinstance(screen, QueueScreen)
            before = screen.table.selected_key
            assert before != self.TOKEN
            assert screen.table.marked == {self.TOKEN}
            self.start(app)
            await heard(pilot)
            assert screen.table.selected_key == before
            assert screen.table.marked == {joinable().key}

    async def test_its_detail_says_what_is_awaited_and_becomes_the_real_one(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            self.pend(app)
            await heard(pilot)
            await press(pilot, "escape", "enter")
            assert isinstance(app.screen, DetailScreen)
            assert "Pending: the vendor gives it an id of its own" in words(app)
            assert "at the vendor" not in shown(app), "the word is ours"
            self.start(app)
            await heard(pilot)
            assert app.screen.key == joinable().key
            assert "Pending" not in shown(app)
            assert "https://join.example/SS-99" in shown(app)

    async def test_actions_on_it_are_greyed_with_the_reason(self) -> None:
        app = DeskApp([TWILIO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            row = masked()
            app.sessions([row])
            asked = creates(app)[-1]
            app.answer(Made(asked.ticket, Created((), ref=row.id)))
            await heard(pilot)
            await press(pilot, "escape", "x")
            assert said(app).startswith("pending: it was created just now")
            app.answer(Grown(asked.ticket, row))
            await heard(pilot)
            await press(pilot, "x")
            assert isinstance(app.screen, QuestionScreen)


class TestBounce:
    WORDS = (
        "seeit: a session with these very values was done just now; nothing was sent a second time"
    )

    async def test_a_form_tells_it_as_done_and_not_as_a_failure(self) -> None:
        app = DeskApp([SEEIT])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            make(app, problem=Repeated(self.WORDS))
            await heard(pilot)
            assert "Sent once, and not a second time" in shown(app)
            assert "done just now" in words(app)
            assert "Change what it names" not in words(app)

    async def test_an_action_tells_it_without_alarm(self) -> None:
        app = DeskApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            screen = app.screen
            assert isinstance(screen, QueueScreen)
            screen.table.select(LENA)
            await press(pilot, "x", "y")
            act = next(command for command in app.recorder.sent if isinstance(command, Act))
            app.answer(Acted(act.ticket, None, Repeated("close was done just now")))
            await heard(pilot)
            assert "close was done just now" in said(app)
            message = app.screen.query_one("#status")._message  # type: ignore[attr-defined]
            assert message.look != "bad"


async def test_an_unknown_action_without_an_intent_is_doubted_as_before() -> None:
    app = DeskApp()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await ready(pilot, app)
        screen = app.screen
        assert isinstance(screen, QueueScreen)
        screen.table.select(LENA)
        await press(pilot, "x", "y")
        act = next(command for command in app.recorder.sent if isinstance(command, Act))
        app.answer(Acted(act.ticket, None, UnknownOutcome("nobody knows")))
        await heard(pilot)
        assert app.desk.in_doubt(LENA, "close")
        assert on_top(app) is QueueScreen
        grow(app, joinable(), ticket=99)  # nobody's
        await heard(pilot)
