"""The menu, the question, outcomes and the log with writes, at 80x24 and 120x40. Look at a change before keeping it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from textual.pilot import Pilot

from tests.screens.acting_app import (
    ANA,
    CHECKS,
    CHIDI,
    FAILED,
    LENA,
    ActingApp,
    keys,
    news,
    only,
    ready,
    slowly,
)
from tests.screens.desk_app import NOW
from tui.model.problem import Refused, UnknownOutcome, Unreachable
from tui.model.session import Key
from tui.model.text import Opaque, line
from tui.net.exchange import Exchange

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
LOOKS = pytest.mark.parametrize("look", ["ansi-dark", "no-colour", "ascii"])
Compare = Callable[..., bool]
Before = Callable[[Pilot[None]], Awaitable[None]]


def acting(pilot: Pilot[None]) -> ActingApp:
    assert isinstance(pilot.app, ActingApp)
    return pilot.app


def on_chidi(*pressed: str) -> Before:
    async def before(pilot: Pilot[None]) -> None:
        await ready(pilot, acting(pilot))
        await only(pilot, "chidi")
        await keys(pilot, *pressed)

    return before


def marked(*which: Key, then: tuple[str, ...] = ()) -> Before:
    async def before(pilot: Pilot[None]) -> None:
        queue = await ready(pilot, acting(pilot))
        queue.table.marked = set(which)
        await news(pilot)
        await keys(pilot, *then)

    return before


JOSE = Key("goto-desk", Opaque("SS-2"))
MANY = (CHIDI, LENA, FAILED, *CHECKS, ANA, JOSE)


async def done(pilot: Pilot[None]) -> None:
    """Five writes, five outcomes."""
    app = acting(pilot)
    await marked(*MANY, then=("x",))(pilot)
    await slowly(pilot, *"yes", "enter")
    first = list(app.sent)
    app.finish(first[0])
    app.finish(first[1], Refused("closing the session: the vendor says no: legal hold", 400))
    doubt = "cancel may have been done, but no clear answer came: look at the list"
    app.finish(first[2], UnknownOutcome(f"{doubt} before trying again (no answer in 15 s)"))
    await news(pilot)
    app.finish(app.sent[3], Unreachable("could not connect: refused; nothing was sent"))
    await news(pilot)
    app.clock.forward(7)


async def logged(pilot: Pilot[None]) -> None:
    await done(pilot)
    app = acting(pilot)
    app.mailbox.follow_log(True)
    told = [("list sessions", 200, "ok", False), ("update session", 200, "ok", True)]
    told += [("update session", 400, "refused", True), ("cancel session", 503, "busy", True)]
    for number, (name, status, outcome, writes) in enumerate(told):
        app.mailbox.tell_exchange(
            Exchange(
                NOW - timedelta(seconds=9 - number),
                "proxy-eu" if number < 3 else "identity",
                name,
                "POST",
                status,
                88.0,
                1200,
                line(outcome),
                attempt=1 + (number == 3),
                writes=writes,
            )
        )
    await keys(pilot, "escape", "L")
    await news(pilot)


@SIZES
class TestActions:
    def test_marks(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = marked(*MANY, then=("2",))
        assert snap_compare(ActingApp(), terminal_size=size, run_before=before)

    def test_the_menu(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(ActingApp(), terminal_size=size, run_before=on_chidi("a"))

    def test_the_menu_of_the_marked(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = marked(*MANY, then=("a",))
        assert snap_compare(ActingApp(), terminal_size=size, run_before=before)

    def test_the_menu_read_only(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        app = ActingApp(read_only=True)
        assert snap_compare(app, terminal_size=size, run_before=on_chidi("a", "5"))

    def test_the_form(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = on_chidi("a", "3", *"30m")
        assert snap_compare(ActingApp(), terminal_size=size, run_before=before)

    def test_the_question(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = on_chidi("a", "3", *"30m", "enter")
        assert snap_compare(ActingApp(), terminal_size=size, run_before=before)

    def test_a_key_too_soon(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(ActingApp(), terminal_size=size, run_before=on_chidi("x", "y"))

    def test_what_cannot_be_undone(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        async def before(pilot: Pilot[None]) -> None:
            await on_chidi("a", "5")(pilot)
            await slowly(pilot, "y", "e")

        assert snap_compare(ActingApp(), terminal_size=size, run_before=before)

    def test_the_question_about_several(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        before = marked(*MANY, then=("x",))
        assert snap_compare(ActingApp(), terminal_size=size, run_before=before)

    def test_outcomes(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(ActingApp(), terminal_size=size, run_before=done)

    def test_the_log_with_writes(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(ActingApp(), terminal_size=size, run_before=logged)


@LOOKS
class TestLooks:
    """The same without our colours, without any, and without UTF-8."""

    @pytest.fixture
    def app(self, look: str, monkeypatch: pytest.MonkeyPatch) -> ActingApp:
        if look == "no-colour":
            monkeypatch.setenv("NO_COLOR", "1")
        app = ActingApp(ascii_only=look == "ascii")
        app.theme = "sessiontop-dark" if look == "ascii" else "ansi-dark"
        return app

    def test_the_menu(self, snap_compare: Compare, app: ActingApp) -> None:
        assert snap_compare(app, terminal_size=(80, 24), run_before=on_chidi("a", "2"))

    def test_the_question(self, snap_compare: Compare, app: ActingApp) -> None:
        before = marked(*MANY, then=("x",))
        assert snap_compare(app, terminal_size=(80, 24), run_before=before)

    def test_outcomes(self, snap_compare: Compare, app: ActingApp) -> None:
        assert snap_compare(app, terminal_size=(80, 24), run_before=done)
