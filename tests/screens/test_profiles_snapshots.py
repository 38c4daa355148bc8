"""The profiles at 80x24 and 120x40: list, forms, questions, sign-in. Look before keeping."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.screens.creating import heard, press
from tests.screens.keeping import PROFILES, REFUSED, StoreApp, opened, save, served, type_in
from tests.screens.test_profiles import LAUNCHED, sent
from tests.screens.test_snapshots import SIZES, Before, Compare
from tui.live.commands import Check, StartSignIn
from tui.live.messages import Checked, SignInStarted

Step = str | Callable[[StoreApp], None]


def steps(*all_steps: Step) -> Before:
    """The profiles on the screen, then keys with time between, and what the engine says between them."""

    async def before(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, StoreApp)
        await opened(pilot, app)
        for step in all_steps:
            if not isinstance(step, str):
                step(app)
                await heard(pilot)
            elif step == "save":
                await save(pilot, app)
            elif step.startswith("type "):
                await type_in(pilot, step.removeprefix("type "))
            else:
                await press(pilot, step)
                await served(pilot, app)

    return before


def checked(app: StoreApp) -> None:
    app.answer(Checked(sent(app, Check)[-1].ticket, REFUSED))


def refusing(app: StoreApp) -> None:
    app.findings = REFUSED


def started(app: StoreApp) -> None:
    app.answer(SignInStarted(sent(app, StartSignIn)[-1].ticket, LAUNCHED))


@SIZES
class TestProfiles:
    def test_the_list(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(StoreApp(), terminal_size=size, run_before=steps())

    def test_a_broken_one(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = steps(*["down"] * 5)
        assert snap_compare(StoreApp(), terminal_size=size, run_before=before)

    def test_a_check(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = steps(*["down"] * 4, "c", checked)
        assert snap_compare(StoreApp(), terminal_size=size, run_before=before)

    def test_none_yet(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(StoreApp({}), terminal_size=size, run_before=steps())

    def test_the_providers(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(StoreApp(), terminal_size=size, run_before=steps("n"))

    @pytest.mark.parametrize("number", range(5), ids=lambda number: list(PROFILES)[number])
    def test_a_stored_one_in_its_form(
        self, snap_compare: Compare, size: tuple[int, int], number: int
    ) -> None:
        before = steps(*["down"] * number, "enter", "tab", "tab")
        assert snap_compare(StoreApp(), terminal_size=size, run_before=before)

    def test_a_new_one(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = steps("n", "down", "enter", "type support-eu", "tab", "type hidden", "tab")
        assert snap_compare(StoreApp(), terminal_size=size, run_before=before)

    def test_a_failed_check(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = steps(refusing, *["down"] * 4, "enter", "save")
        assert snap_compare(StoreApp(), terminal_size=size, run_before=before)

    def test_removing(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = steps(*["down"] * 4, "x", "type contr")
        assert snap_compare(StoreApp(), terminal_size=size, run_before=before)

    def test_signing_in(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = steps(*["down"] * 3, "i", started, "enter", "type code-from-there")
        assert snap_compare(StoreApp(), terminal_size=size, run_before=before)


def test_the_list_without_utf8(snap_compare: Compare) -> None:
    before = steps(*["down"] * 4, "c", checked)
    assert snap_compare(StoreApp(ascii_only=True), terminal_size=(80, 24), run_before=before)


def test_the_form_in_the_terminals_own_colours(snap_compare: Compare) -> None:
    app = StoreApp()
    app.theme = "ansi-dark"
    before = steps(*["down"] * 4, "enter", "tab", "tab")
    assert snap_compare(app, terminal_size=(80, 24), run_before=before)
