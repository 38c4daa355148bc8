"""`n`: from the key to the request, once, and from the answer to what is told. The engine's part is said here."""

from __future__ import annotations

import pytest
from textual import events

from tests.screens.creating import (
    CONTROL,
    EVERYBODY,
    GOTO,
    IDENTITY,
    LAUNCH,
    SEEIT,
    TOLD,
    TWILIO,
    VERIFY,
    creates,
    grow,
    heard,
    joinable,
    make,
    masked,
    press,
    ready,
    settle,
)
from tests.screens.desk_app import DeskApp
from tui.model.problem import KeysRejected, Problem, Refused, UnknownOutcome, Unreachable
from tui.model.profile import Profile
from tui.model.session import Key
from tui.model.text import Opaque
from tui.screens.create import CreateScreen
from tui.screens.detail import DetailScreen
from tui.screens.help import HelpScreen
from tui.screens.new_session import ProfileChoiceScreen
from tui.screens.qr import QrScreen
from tui.screens.queue import QueueScreen
from tui.screens.result import ResultScreen
from tui.screens.unknown import UnknownScreen
from tui.terminal.hooks import rendered_text
from tui.widgets.qr_code import encode, fitted
from tui.widgets.status_line import StatusLine

pytestmark = pytest.mark.anyio
SIZE = (80, 24)


def shown(app: DeskApp) -> str:
    return "\n".join(rendered_text(app))


def words(app: DeskApp) -> str:
    """What is shown as running text, whatever the layout."""
    return " ".join(shown(app).split())


def status(app: DeskApp) -> str:
    return app.screen.query_one(StatusLine).plain


class TestChoosing:
    async def test_three_keys_make_a_session_with_defaults(self) -> None:
        app = DeskApp(EVERYBODY)
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter", "enter")
            (asked,) = creates(app)
            assert asked.profile == "goto-desk", "that of the selected session"
            assert dict(asked.values) == {}

    async def test_the_three_keys_may_come_in_one_piece(self) -> None:
        app = DeskApp(EVERYBODY)
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            for key in ("n", "enter", "enter"):
                app.simulate_key(key)
            await heard(pilot)
            assert len(creates(app)) == 1

    async def test_where_only_one_can_there_is_nothing_to_choose(self) -> None:
        app = DeskApp([SEEIT, Profile("late", "goto-seeit", "http://127.0.0.1:1", read_only=True)])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n")
            assert isinstance(app.screen, CreateScreen)
            assert "nothing to fill in here" in shown(app)

    async def test_those_that_cannot_are_greyed_and_say_why(self) -> None:
        cannot = [
            Profile("old", "goto-seeit", "http://127.0.0.1:1", read_only=True),
            Profile("history", "take-control", "http://127.0.0.1:1"),
        ]
        app = DeskApp([GOTO, TWILIO, *cannot])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n")
            text = shown(app)
            assert "read-only" in text
            assert "no public key" in text
            await press(pilot, "down", "down", "enter")
            assert isinstance(app.screen, ProfileChoiceScreen)
            assert status(app) == "old cannot create a session: read-only"
            await press(pilot, "escape")
            assert isinstance(app.screen, QueueScreen)

    async def test_a_read_only_desk_creates_nothing(self) -> None:
        app = DeskApp(EVERYBODY, read_only=True)
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter", "enter")
            assert creates(app) == []
            assert shown(app).count("read-only") >= len(EVERYBODY)

    async def test_the_last_one_used_is_offered_first_and_remembered(self) -> None:
        app = DeskApp(EVERYBODY)
        kept: list[str] = []
        app.desk.last_profile, app.desk.remember = "seeit", kept.append
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n")
            assert "▸ seeit" in shown(app)
            await press(pilot, "down", "enter", "enter")
            assert [asked.profile for asked in creates(app)] == ["identity"]
            assert kept == ["identity"]

    async def test_from_the_detail_too(self) -> None:
        app = DeskApp(EVERYBODY)
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "enter", "n")
            assert "▸ goto-desk" in shown(app)
            await press(pilot, "enter", "escape")
            assert isinstance(app.screen, DetailScreen)


class TestFilling:
    async def test_what_was_typed_goes_to_the_engine_checked(self) -> None:
        app = DeskApp([TWILIO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", *"+1 415 555 01 23=Ana", "tab", "tab", *"order-7", "tab", "tab")
            await press(pilot, *"90m", "tab", "right", "enter", "enter")
            (asked,) = creates(app)
            assert dict(asked.values) == {
                "participants": ({"identifier": "+14155550123", "friendly_name": "Ana"},),
                "unique_name": "order-7",
                "ttl": 5400,
                "mode": "voice-only",
                "status": "open",
            }

    async def test_letters_are_text_and_no_keys(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", *"qL?nx", "enter", "enter")
            assert app.is_running
            assert creates(app)[0].values == {"customer_name": "qL?nx"}

    async def test_a_faulty_form_is_not_sent_and_says_why(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "tab", "tab", *"ana@", "enter", "enter")
            assert creates(app) == []
            assert status(app).startswith("E-mail is not an e-mail address")

    async def test_a_paste_becomes_one_line_and_sends_nothing(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n")
            app.post_message(events.Paste("Ana\n\x1b]52;c;x\x07\nLindqvist\n"))
            await settle(pilot)
            assert creates(app) == []
            await press(pilot, "enter", "enter")
            (asked,) = creates(app)
            assert asked.values == {"customer_name": "Ana ␛]52;c;x␇ Lindqvist"}, "as it was shown"
            assert app.control_filter.hits == 0

    async def test_a_paste_that_comes_as_keys_sends_nothing(self) -> None:
        """A terminal without bracketed paste: breaks are Enter, and everything comes at once."""
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n")
            for key in (*"Ana", "enter", *"Bob", "enter", "enter", "enter"):
                app.simulate_key(key)
            await heard(pilot)
            assert creates(app) == []
            assert status(app) == "Enter again sends it"
            await press(pilot, "enter")
            assert len(creates(app)) == 1

    async def test_escape_keeps_a_draft_for_each_profile(self) -> None:
        app = DeskApp([GOTO, TWILIO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter", *"Ana", "escape")
            await press(pilot, "n")
            assert "a draft is kept" in shown(app)
            await press(pilot, "down", "enter")
            assert "Ana" not in shown(app)
            await press(pilot, "escape", "n", "enter")
            assert "Customer Ana" in words(app)
            await press(pilot, "enter")
            assert creates(app) == [], "a draft is never one Enter away"
            await press(pilot, "ctrl+r")
            assert "Ana" not in shown(app)

    async def test_the_defaults_of_the_user_are_filled_in(self) -> None:
        app = DeskApp([TWILIO])
        app.desk.defaults = {"proxy-eu": {"mode": "message-only", "ttl": "2h"}}
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            (asked,) = creates(app)
            assert asked.values == {"ttl": 7200, "mode": "message-only", "status": "open"}

    async def test_a_long_form_scrolls_at_the_smallest_size(self) -> None:
        app = DeskApp([CONTROL])
        async with app.run_test(size=(60, 15), notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n")
            assert "[ Create at control ]" in shown(app)
            await press(pilot, "tab")
            assert "▸ Customer's name" in shown(app)
            await press(pilot, "up")
            assert "▸ [ Create at control ]" in shown(app)

    async def test_help_comes_by_a_key_that_is_no_letter(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=(100, 40), notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "f1")
            assert isinstance(app.screen, HelpScreen)
            text = shown(app)
            assert "back to the defaults" in text
            assert "event log" not in text, "L is a letter here"


class TestSending:
    async def test_three_enters_at_once_are_one_request(self) -> None:
        app = DeskApp([SEEIT])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n")
            for _ in range(3):
                app.simulate_key("enter")
            await heard(pilot)
            assert len(creates(app)) == 1
            assert status(app).startswith("it is on its way"), "what the other two were told"

    async def test_one_enter_too_many_does_not_take_the_answer_away(self) -> None:
        app = DeskApp([TWILIO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            make(app, masked())
            await heard(pilot)
            await pilot.press("enter")
            await settle(pilot)
            assert isinstance(app.screen, ResultScreen)
            await press(pilot, "enter")
            assert isinstance(app.screen, DetailScreen)

    async def test_leaving_ends_nothing_and_n_shows_what_came_of_it(self) -> None:
        app = DeskApp([TWILIO, SEEIT])
        async with app.run_test(size=(100, 24), notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter", "enter", "escape")
            assert isinstance(app.screen, QueueScreen)
            assert "sending to proxy-eu" in status(app)
            await press(pilot, "n")
            assert "one is on its way" in shown(app)
            await press(pilot, "enter")
            await press(pilot, "enter", "enter")
            assert len(creates(app)) == 1, "the form that is on its way is locked"
            assert status(app).startswith("it is on its way: Esc leaves")
            await press(pilot, "escape")
            selected = app.query_one("#table").selected_key  # type: ignore[attr-defined]
            make(app, masked())
            await heard(pilot)
            assert status(app) == "proxy-eu: a session was created; n shows it"
            assert app.query_one("#table").selected_key == selected  # type: ignore[attr-defined]
            app.screen.query_one(StatusLine).clear_message()
            assert "proxy-eu: new session, n shows it" in status(app), "it does not go by itself"
            await press(pilot, "n")
            assert isinstance(app.screen, ResultScreen)
            await press(pilot, "escape", "n")
            assert isinstance(app.screen, ProfileChoiceScreen), "what was seen is done with"

    async def test_a_second_profile_does_not_wait_for_the_first(self) -> None:
        app = DeskApp([TWILIO, SEEIT])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter", "enter", "escape", "n", "down", "enter", "enter")
            assert [asked.profile for asked in creates(app)] == ["proxy-eu", "seeit"]

    async def test_an_answer_that_comes_below_the_help_is_shown_afterwards(self) -> None:
        app = DeskApp([SEEIT])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter", "f1")
            make(app)
            await heard(pilot)
            assert isinstance(app.screen, HelpScreen)
            await press(pilot, "escape")
            await settle(pilot)
            assert isinstance(app.screen, ResultScreen)


class TestOutcomes:
    @pytest.mark.parametrize("profile", EVERYBODY, ids=lambda profile: profile.name)
    async def test_every_vendor_tells_its_own(self, profile: Profile) -> None:
        app = DeskApp([profile])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            make(app)
            await heard(pilot)
            assert isinstance(app.screen, ResultScreen)
            text = shown(app).replace("\n", "").replace(" ", "")
            for told in TOLD[profile.name]:
                assert str(told.text).replace(" ", "") in text

    async def test_the_new_session_is_selected_at_once(self) -> None:
        app = DeskApp([TWILIO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            make(app, masked())
            await heard(pilot)
            await press(pilot, "escape")
            screen = app.screen
            assert isinstance(screen, QueueScreen)
            assert screen.table.selected_key == masked().key

    async def test_the_join_link_comes_with_the_row(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            make(app)
            await heard(pilot)
            assert "comes once the launch link was opened" in shown(app)
            await press(pilot, "enter")
            assert status(app) == "it has no row in the list yet"
            grow(app, joinable())
            await heard(pilot)
            text = shown(app)
            assert "https://join.example/SS-99" in text
            assert "The customer's join link is above." in text
            await press(pilot, "Y")
            assert status(app) == "link sent to the terminal: https://join.example/SS-99"
            await press(pilot, "escape")
            screen = app.screen
            assert isinstance(screen, QueueScreen)
            assert screen.table.selected_key == Key("goto-desk", Opaque("SS-99"))

    async def test_a_row_that_comes_after_all_was_left_is_told(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=(100, 24), notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            make(app)
            await heard(pilot)
            await press(pilot, "escape")
            grow(app, joinable())
            await heard(pilot)
            assert status(app) == "goto-desk: the new session has its row now; n shows it"
            await press(pilot, "n")
            assert "https://join.example/SS-99" in shown(app)

    async def test_copying(self) -> None:
        app = DeskApp([SEEIT])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            make(app)
            await heard(pilot)
            await press(pilot, "y")
            assert status(app).endswith("sent to the terminal: 482-913-056")

    async def test_what_there_is_none_of_is_greyed_with_its_reason(self) -> None:
        app = DeskApp([CONTROL])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            make(app)
            await heard(pilot)
            assert "The vendor does not say which session it is" in shown(app)
            assert "appears here by itself" not in shown(app)
            for key, reason in (
                ("y", "the vendor gives nothing to copy"),
                ("Y", "there is no link"),
                ("Q", "there is no link"),
            ):
                await press(pilot, key)
                assert status(app) == reason

    async def test_the_qr_code_and_back(self) -> None:
        app = DeskApp([IDENTITY])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            make(app)
            await heard(pilot)
            await press(pilot, "Q")
            assert isinstance(app.screen, QrScreen)
            assert "▀" in shown(app)
            await pilot.resize_terminal(60, 15)
            await settle(pilot)
            assert "this terminal has 60 x 15" in words(app)
            await pilot.resize_terminal(80, 24)
            await settle(pilot)
            assert "▀" in shown(app)
            await press(pilot, "escape")
            assert VERIFY in shown(app)

    async def test_without_any_colour_the_code_is_drawn_in_light_modules(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        app = DeskApp([IDENTITY])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            make(app)
            await heard(pilot)
            await press(pilot, "Q")
            rows = [row.strip() for row in rendered_text(app) if "█" in row]
            drawn = [[char in upper for char in row] for row in rows for upper in ("█▀", "█▄")]
            dark = [[not light for light in row] for row in drawn]
            code = fitted(encode(VERIFY), *SIZE, ascii_only=False)
            assert dark[: len(code.matrix)] == [list(row) for row in code.matrix]

    async def test_without_the_extra_the_key_names_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tui.screens.result.available", lambda: False)
        app = DeskApp([IDENTITY])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            make(app)
            await heard(pilot)
            await press(pilot, "Q")
            assert isinstance(app.screen, ResultScreen)
            assert "pip install 'sessiontop[qr]'" in status(app)

    async def test_a_refusal_keeps_the_form_and_marks_the_field_that_it_names(self) -> None:
        app = DeskApp([TWILIO])
        async with app.run_test(size=(80, 30), notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "tab", "tab", "tab", *"order-7", "enter", "enter")
            make(app, problem=Refused("said no (400 80603: UniqueName must be unique)", 400))
            await heard(pilot)
            text = shown(app)
            assert "Refused: nothing was created" in text
            assert "UniqueName must be unique" in text
            assert "the vendor's refusal names this field" in text
            assert "▸ Unique name order-7" in words(app)
            await press(pilot, *"-b", "enter", "enter")
            assert creates(app)[1].values["unique_name"] == "order-7-b"
            assert creates(app)[1].ticket != creates(app)[0].ticket

    @pytest.mark.parametrize(
        ("problem", "words"),
        [
            (Unreachable("could not connect: nothing was sent"), "It is safe to try again"),
            (KeysRejected("these keys may not do this", 403), "keys of this profile may not"),
        ],
    )
    async def test_what_was_not_created_is_told_as_such(self, problem: Problem, words: str) -> None:
        app = DeskApp([SEEIT])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            make(app, problem=problem)
            await heard(pilot)
            assert isinstance(app.screen, CreateScreen)
            assert words in shown(app)
            assert problem.message in shown(app)
            await pilot.press("escape")
            assert len(creates(app)) == 1, "nothing is sent again by itself"

    async def test_an_enter_under_way_does_not_send_a_refused_form_again(self) -> None:
        app = DeskApp([SEEIT])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            make(app, problem=Unreachable("nothing was sent"))
            await heard(pilot)
            await pilot.press("enter")
            await settle(pilot)
            assert len(creates(app)) == 1
            await press(pilot, "enter")
            assert len(creates(app)) == 2

    async def test_an_unknown_outcome_has_a_page_and_a_warning_on_the_kept_form(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", *"Ana", "enter", "enter")
            make(app, problem=UnknownOutcome("it may have been created, but no answer came"))
            await heard(pilot)
            assert isinstance(app.screen, UnknownScreen)
            text = shown(app)
            assert "it may have been created, but no answer came" in text
            assert "list is being looked through" in text
            await press(pilot, "enter", "enter")
            assert len(creates(app)) == 1
            await press(pilot, "escape", "n")
            assert "may have created a session: look at the list first" in words(app)
            assert "Customer Ana" in words(app)
            grow(app, joinable(), ticket=creates(app)[0].ticket)
            await heard(pilot)
            assert isinstance(app.screen, ResultScreen), "it was found"

    async def test_a_found_one_turns_the_unknown_page_into_the_result(self) -> None:
        app = DeskApp([GOTO])
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await ready(pilot, app)
            await press(pilot, "n", "enter")
            make(app, problem=UnknownOutcome("who knows"))
            await heard(pilot)
            grow(app, joinable())
            await heard(pilot)
            assert isinstance(app.screen, ResultScreen)
            assert "Found: it was created at goto-desk" in shown(app)
            assert "https://join.example/SS-99" in shown(app)
            await press(pilot, "enter")
            assert isinstance(app.screen, DetailScreen)


async def test_hostile_words_of_a_vendor_are_shown_and_do_nothing() -> None:
    from tui.live.messages import Made
    from tui.model.text import line
    from tui.providers.base import Created, Told

    hostile = "[/] [@click=app.quit]x[/] \x1b]52;c;eA==\x07 \x9b2J \u202e"
    app = DeskApp([GOTO])
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await ready(pilot, app)
        await press(pilot, "n", "enter")
        told = (
            Told(line(hostile), line(hostile), copies=True),
            Told(line("link"), Opaque(f"https://{hostile}"), copies=True),
        )
        app.answer(Made(creates(app)[0].ticket, Created(told)))
        await heard(pilot)
        assert "[@click=app.quit]" in shown(app)
        await press(pilot, "Y", "Q")
        assert "must not reach a terminal" in status(app)
        assert app.is_running
        assert app.control_filter.hits == 0
    assert LAUNCH not in hostile
