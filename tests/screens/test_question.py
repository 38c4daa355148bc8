"""From `x` to the wire: what is asked, what answers it and what never does."""

from __future__ import annotations

import msgspec
import pytest
from textual import events

from tests.screens.acting_app import (
    ANA,
    CHECKS,
    CHIDI,
    FAILED,
    LENA,
    ActingApp,
    keys,
    news,
    on_top,
    only,
    ready,
    said,
    settle,
    shown,
    slowly,
)
from tui.live.commands import Act
from tui.model.problem import NoAnswer, Refused, UnknownOutcome, Unreachable
from tui.model.status import Status
from tui.model.text import line
from tui.screens.detail import DetailScreen
from tui.screens.outcomes import OutcomesScreen
from tui.screens.question import QuestionScreen
from tui.screens.queue import QueueScreen
from tui.screens.transcript import TranscriptScreen

pytestmark = pytest.mark.anyio


async def test_the_question_names_all_that_one_must_know() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "x")
        assert on_top(app) is QuestionScreen
        text = shown(app)
        for words in (
            "Close this session?",
            "Chidi Okafor",
            "Order #1234",
            "proxy-eu (Twilio Proxy)",
            CHIDI.id,
            "waiting",
            "stop at once",
            "y yes, do it",
            "Enter, Esc no",
        ):
            assert words in text
        assert app.sent == []


async def test_y_after_a_moment_sends_it_once_and_its_outcome_is_told() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "x")
        await slowly(pilot, "y")
        assert on_top(app) is QueueScreen
        (act,) = app.sent
        assert (act.profile, act.ref, act.action, dict(act.values)) == (*CHIDI, "close", {})
        assert "Close, Chidi Okafor: sent" in said(app)
        app.finish(act)
        await news(pilot)
        assert "Close, Chidi Okafor: done: it is ended now" in said(app)
        assert app.desk.board.sessions[CHIDI].status is Status.ENDED
        assert [wrote.what for wrote in app.desk.log.writes()] == ["close"]
        await slowly(pilot, "x")
        assert "already ended" in said(app)
        assert len(app.sent) == 1


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_no_is_the_default(key: str) -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "x")
        await slowly(pilot, key)
        assert on_top(app) is QueueScreen
        assert app.sent == []
        assert "nothing was done" in said(app)


async def test_a_pasted_x_y_answers_nothing() -> None:
    """A terminal without bracketed paste sends a paste as keys, line ends as Enter."""
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        for key in ("x", "enter", "y", "enter", "y", "enter"):
            app.simulate_key(key)
        await settle(pilot)
        await settle(pilot)
        assert on_top(app) is QuestionScreen, "still open: no key of the burst counted"
        assert "too soon" in shown(app)
        assert app.sent == []


async def test_a_long_paste_does_not_outlast_the_pause() -> None:
    """However long the burst goes on: each of its keys puts the moment off in which one counts."""
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "x")
        for _ in range(10):
            app.clock.forward(0.1)
            await keys(pilot, "y", "enter")
        assert on_top(app) is QuestionScreen
        assert app.sent == []
        await slowly(pilot, "y")
        assert len(app.sent) == 1


async def test_a_bracketed_paste_is_no_key() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "x")
        app.clock.forward(5)
        app.post_message(events.Paste("y\ny\n"))
        await settle(pilot)
        assert on_top(app) is QuestionScreen
        assert app.sent == []


async def test_a_key_held_down_answers_nothing() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        for _ in range(60):
            app.clock.forward(0.033)
            await pilot.press("x")
        await settle(pilot)
        assert on_top(app) is QuestionScreen
        assert app.sent == []


async def test_the_300_milliseconds_are_those_of_the_clock() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "x")
        app.clock.forward(0.29)
        await keys(pilot, "y")
        assert app.sent == []
        assert "too soon" in shown(app)
        app.clock.forward(0.4)  # a key's own way through the program is not counted
        await keys(pilot, "y")
        assert len(app.sent) == 1


async def test_a_key_that_waited_while_the_dialog_was_opened_came_too_soon() -> None:
    """A slow machine: the burst is handled long after it came in."""
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "x")
        app.clock.forward(0.5)
        late = events.Key("y", "y")
        late.time -= 0.45
        app.post_message(late)
        await settle(pilot)
        assert on_top(app) is QuestionScreen
        assert "too soon" in shown(app)
        assert app.sent == []


async def test_what_cannot_be_undone_wants_the_word() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "check-1")
        await keys(pilot, "x")
        text = shown(app)
        assert "Cancel this session?" in text
        assert "This cannot be undone. Type yes and Enter" in text
        await slowly(pilot, "y")
        assert app.sent == []
        assert on_top(app) is QuestionScreen
        await slowly(pilot, "enter")
        assert "type yes to do it" in shown(app)
        await slowly(pilot, "backspace", "y", "e", "s", "enter")
        assert [(act.ref, act.action) for act in app.sent] == [("check-1", "cancel")]


async def test_a_pasted_word_does_not_undo_anything_for_good() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "check-1")
        await keys(pilot, "x", *"yes", "enter")
        assert app.sent == []
        assert "Enter: ▏" in shown(app), "what was typed ahead is dropped"
        app.clock.forward(1)
        await keys(pilot, *"yes", "enter")
        assert app.sent == [], "Enter came in the same burst"
        app.post_message(events.Paste("yes\n"))
        await settle(pilot)
        assert app.sent == []
        await slowly(pilot, "escape")
        assert on_top(app) is QueueScreen
        assert app.sent == []


async def test_enter_alone_says_no_there_too() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "check-1")
        await keys(pilot, "x")
        await slowly(pilot, "enter")
        assert on_top(app) is QueueScreen
        assert app.sent == []


async def test_hostile_names_in_the_question_are_text() -> None:
    app = ActingApp()
    hostile = "[/] [@click=app.quit]x[/] \x1b]52;c;eA==\x07"
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        known = app.desk.board.sessions[CHIDI]
        app.sessions([msgspec.structs.replace(known, customer=line(hostile))])
        await news(pilot)
        await only(pilot, "1234")
        await keys(pilot, "x")
        assert "[@click=app.quit]" in shown(app)
        await slowly(pilot, "escape", "a", "escape")
        assert app.control_filter.hits == 0
        assert app.is_running


# --- once ----------------------------------------------------------------------------------------------------


async def test_a_second_x_while_the_first_is_on_its_way_says_so() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "x")
        await slowly(pilot, "y", "x")
        assert on_top(app) is QueueScreen
        assert "Close is on its way" in said(app)
        assert len(app.sent) == 1
        await slowly(pilot, "enter")
        assert on_top(app) is DetailScreen
        await slowly(pilot, "x")
        assert "Close is on its way" in said(app)
        assert len(app.sent) == 1


async def test_leaving_the_screen_kills_nothing_and_the_outcome_comes_all_the_same() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "enter", "t")
        assert on_top(app) is TranscriptScreen
        await keys(pilot, "x")
        await slowly(pilot, "y", "escape", "escape", "L")
        app.finish(app.sent[0], Refused("the session is on legal hold", 400))
        await news(pilot)
        assert "Close, Chidi Okafor: refused: the session is on legal hold" in said(app)


async def test_an_unknown_outcome_is_told_never_repeated_and_remembered() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "x")
        await slowly(pilot, "y")
        app.finish(app.sent[0], UnknownOutcome("close may have been done: look at the list"))
        await news(pilot)
        assert "unknown: close may have been done" in said(app)
        for _ in range(3):
            app.clock.forward(600)
            app.healthy()
            await news(pilot)
        assert len(app.sent) == 1
        await slowly(pilot, "x")
        assert "an earlier try may have been done" in shown(app)


async def test_what_ended_while_one_read_the_question_is_not_sent() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "x")
        known = app.desk.board.sessions[CHIDI]
        app.sessions([msgspec.structs.replace(known, status=Status.ENDED)])
        await news(pilot)
        await slowly(pilot, "y")
        assert app.sent == []
        assert "Close, Chidi Okafor: not sent: already ended" in said(app)


async def test_quitting_with_a_write_on_its_way_takes_two() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "x")
        await slowly(pilot, "y", "q")
        assert app.is_running
        assert "1 write on the way: q again leaves" in said(app)
        await slowly(pilot, "q")
        assert not app.is_running


# --- several -------------------------------------------------------------------------------------------------


async def test_several_are_asked_about_together_and_each_has_its_outcome() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        queue.table.marked = {CHIDI, LENA, FAILED, *CHECKS, ANA}
        await settle(pilot)
        await keys(pilot, "x")
        text = shown(app)
        assert "End 5 sessions?" in text
        assert "Close 2 at Twilio Proxy" in text
        assert "Cancel 3 at Trinsic Connect" in text
        assert "Left as they are: 2" in text
        assert "more: arrows" in text
        for _ in range(12):
            await keys(pilot, "down")
        assert "already failed" in shown(app)
        await slowly(pilot, "y", "e", "s", "enter")
        assert on_top(app) is OutcomesScreen
        assert queue.table.marked == {FAILED, ANA}, "what was sent is unmarked"
        assert len(app.sent) == 4, "two of each profile at a time"
        assert "sent" in shown(app)
        assert "waits" in shown(app)
        first = app.sent
        app.finish(first[0])
        app.finish(first[1], Refused("not in this state", 400, "80608"))
        app.finish(first[2], UnknownOutcome("cancel may have been done"))
        await news(pilot)
        assert len(app.sent) == 5
        app.finish(app.sent[3], Unreachable("no connection; nothing was sent"))
        app.finish(app.sent[4], already=True)
        await news(pilot)
        text = shown(app)
        for words in (
            "done",
            "refused",
            "not in this state",
            "unknown",
            "cancel may have been done",
            "not sent",
            "safe to try again",
            "already so",
        ):
            assert words in text
        assert "1 done, 1 already so, 1 refused, 1 not sent, 1 unknown" in said(app)
        assert len(app.sent) == 5, "nothing is sent again"
        await slowly(pilot, "escape")
        assert on_top(app) is QueueScreen


async def test_outcomes_go_on_when_their_screen_is_left() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        queue.table.marked = set(CHECKS)
        await settle(pilot)
        await keys(pilot, "x")
        await slowly(pilot, *"yes", "enter", "escape")
        assert on_top(app) is QueueScreen
        for act in app.sent:
            app.finish(act)
        await news(pilot)
        assert len(app.sent) == 3
        app.finish(app.sent[2])
        await news(pilot)
        assert "Cancel, 3 sessions: 3 done" in said(app)


async def test_a_vendors_silence_counts_as_unknown_however_it_is_told() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "x")
        await slowly(pilot, "y")
        app.finish(app.sent[0], NoAnswer("no answer in 15 s"))
        await news(pilot)
        assert "Close, Chidi Okafor: unknown" in said(app)


async def test_a_deleted_session_leaves_the_queue_at_once() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "a", "5")
        await slowly(pilot, *"yes", "enter")
        (act,) = app.sent
        assert isinstance(act, Act)
        assert act.action == "delete"
        app.finish(act)
        await news(pilot)
        assert CHIDI not in app.desk.board.sessions
        assert queue.table.selected_is_gone
        assert "Delete, Chidi Okafor: done" in said(app)
