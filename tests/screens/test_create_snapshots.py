"""New sessions at 80x24 and 120x40: choosing, every vendor's form, and every outcome. Look before keeping."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.screens.creating import (
    CONTROL,
    EVERYBODY,
    GOTO,
    IDENTITY,
    SEEIT,
    TWILIO,
    grow,
    heard,
    joinable,
    make,
    masked,
    press,
    ready,
)
from tests.screens.desk_app import DeskApp
from tests.screens.test_snapshots import SIZES, Before, Compare
from tui.model.problem import KeysRejected, Refused, UnknownOutcome, Unreachable
from tui.model.profile import Profile

Step = str | Callable[[DeskApp], None]

TAKEN = Refused(
    "creating the session: proxy.twilio.com said no (400 80603: Session UniqueName must be unique);"
    " a session of this name is there already, perhaps from an earlier try: open it by the name",
    400,
    "80603",
)
GONE = Unreachable(
    "could not connect to connect-api.trinsic.id: connection refused; nothing was sent;"
    " check the network and base_url"
)
LOST = UnknownOutcome(
    "the session may have been created, but no clear answer came: look at the list before trying"
    " again (api.getgo.com did not answer in time; whether it was carried out is not known)"
)


def steps(*all_steps: Step) -> Before:
    """Keys with time between, and what the engine says between them."""

    async def before(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, DeskApp)
        await ready(pilot, app)
        for step in all_steps:
            if isinstance(step, str):
                await press(pilot, step)
            else:
                step(app)
                await heard(pilot)

    return before


@SIZES
class TestChoice:
    def test_which_profile(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        history = Profile("history", "take-control", "http://127.0.0.1:1")
        old = Profile("old-proxy", "twilio-proxy", "http://127.0.0.1:1", read_only=True)
        app = DeskApp([*EVERYBODY, history, old])
        assert snap_compare(app, terminal_size=size, run_before=steps("n", "j"))


@SIZES
class TestForms:
    def test_twilio(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        typed = (*"+1 415 555 01 23=Ana", "tab", "tab", "tab", *"2x", "tab", *"90m", "tab", "tab")
        before = steps("n", *typed)
        assert snap_compare(DeskApp([TWILIO]), terminal_size=size, run_before=before)

    def test_remote_support(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = steps("n", *"Ana Lindqvist", "tab", *"ana@")
        assert snap_compare(DeskApp([GOTO]), terminal_size=size, run_before=before)

    def test_seeit(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(DeskApp([SEEIT]), terminal_size=size, run_before=steps("n"))

    def test_trinsic(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = steps("n", "tab", "space", "tab", "n", "tab", "left")
        assert snap_compare(DeskApp([IDENTITY]), terminal_size=size, run_before=before)

    def test_take_control(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        problem = "The printer on floor 3 shows E-52 and will not stop beeping. "
        before = steps("n", *"Ana Lindqvist", "tab", "tab", "tab", *(problem * 2))
        assert snap_compare(DeskApp([CONTROL]), terminal_size=size, run_before=before)

    def test_sending(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = steps("n", *"+14155550123=Ana", "enter", "enter")
        assert snap_compare(DeskApp([TWILIO]), terminal_size=size, run_before=before)


@SIZES
class TestOutcomes:
    def test_numbers(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = steps("n", "enter", lambda app: make(app, masked()))
        assert snap_compare(DeskApp([TWILIO]), terminal_size=size, run_before=before)

    def test_a_support_key(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(
            DeskApp([SEEIT]), terminal_size=size, run_before=steps("n", "enter", make)
        )

    def test_a_launch_link(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(
            DeskApp([GOTO]), terminal_size=size, run_before=steps("n", "enter", make)
        )

    def test_the_join_link_has_come(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = steps("n", "enter", make, lambda app: grow(app, joinable()))
        assert snap_compare(DeskApp([GOTO]), terminal_size=size, run_before=before)

    def test_a_verify_link(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(
            DeskApp([IDENTITY]), terminal_size=size, run_before=steps("n", "enter", make)
        )

    def test_no_key_at_all(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(
            DeskApp([CONTROL]), terminal_size=size, run_before=steps("n", "enter", make)
        )

    def test_a_qr_code(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(
            DeskApp([IDENTITY]), terminal_size=size, run_before=steps("n", "enter", make, "Q")
        )

    def test_refused(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        typed = ("tab", "tab", "tab", *"order-7", "enter", "enter")
        before = steps("n", *typed, lambda app: make(app, problem=TAKEN))
        assert snap_compare(DeskApp([TWILIO]), terminal_size=size, run_before=before)

    def test_keys_refused(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        problem = KeysRejected("creating the session: these keys may not do this (403)", 403)
        before = steps("n", "enter", lambda app: make(app, problem=problem))
        assert snap_compare(DeskApp([SEEIT]), terminal_size=size, run_before=before)

    def test_not_sent(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = steps("n", "enter", lambda app: make(app, problem=GONE))
        assert snap_compare(DeskApp([IDENTITY]), terminal_size=size, run_before=before)

    def test_unknown(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = steps("n", "enter", lambda app: make(app, problem=LOST))
        assert snap_compare(DeskApp([GOTO]), terminal_size=size, run_before=before)

    def test_told_in_the_queue(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = steps("n", "enter", "escape", make)
        assert snap_compare(DeskApp([SEEIT]), terminal_size=size, run_before=before)


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light", "sessiontop-light"])
def test_a_form_in_other_colours(snap_compare: Compare, theme: str) -> None:
    app = DeskApp([TWILIO])
    app.theme = theme
    before = steps("n", *"+14155550123=Ana", "tab", "tab", "tab", *"2x", "tab")
    assert snap_compare(app, terminal_size=(80, 24), run_before=before)


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light", "sessiontop-light"])
def test_a_qr_code_in_other_colours(snap_compare: Compare, theme: str) -> None:
    app = DeskApp([IDENTITY])
    app.theme = theme
    before = steps("n", "enter", make, "Q")
    assert snap_compare(app, terminal_size=(80, 24), run_before=before)


def test_a_form_without_utf8(snap_compare: Compare) -> None:
    app = DeskApp([TWILIO], ascii_only=True)
    before = steps("n", *"+14155550123=Ana", "tab", "tab", "tab", *"2x", "tab")
    assert snap_compare(app, terminal_size=(80, 24), run_before=before)


def test_a_result_without_utf8(snap_compare: Compare) -> None:
    app = DeskApp([SEEIT], ascii_only=True)
    assert snap_compare(app, terminal_size=(80, 24), run_before=steps("n", "enter", make))
