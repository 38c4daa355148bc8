"""Writes without an answer and pending rows at 80x24 and 120x40. Look before keeping."""

from __future__ import annotations

from datetime import timedelta

from tests.screens.acting_app import CHIDI
from tests.screens.creating import GOTO, LAUNCH, creates, told
from tests.screens.desk_app import NOW, DeskApp
from tests.screens.losing import found, goto, intent, kept, lose
from tests.screens.test_create_snapshots import steps
from tests.screens.test_snapshots import SIZES, Compare
from tui.live.messages import Made
from tui.live.pending import WORD
from tui.model.intent import IntentState
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.providers.base import Created

TWO = (goto("SS-1"), goto("SS-4"))
TOKEN = Opaque("e0-8d1f0c2ab34d4be09a3c7a52c8f3d111")


def everything(app: DeskApp) -> None:
    """One in each state."""
    kept(
        app,
        intent("1", at=NOW - timedelta(minutes=9), candidates=TWO, looked=2),
        intent(
            "2",
            "proxy-eu",
            at=NOW - timedelta(minutes=4),
            reference=Opaque("sessiontop-7f3a9c41d2"),
            looked=2,
            reason=line("not found in two complete looks: only you can send it again"),
        ),
        intent("3", "proxy-eu", "close", ref=CHIDI.id, at=NOW - timedelta(seconds=50)),
        intent(
            "4",
            state=IntentState.SENDING,
            reason=line("another running sessiontop is sending it"),
            at=NOW - timedelta(seconds=3),
        ),
        found(intent("5", reference=Opaque("e0-77")), goto("SS-2")),
    )


def pend(app: DeskApp) -> None:
    """The create is answered by a token, and a row stands in."""
    row = Session(
        profile="goto-desk",
        provider="goto-remote-support",
        id=TOKEN,
        status=Status.NOT_STARTED,
        provider_status=WORD,
        customer=line("Bo Example"),
    )
    app.sessions([row])
    links = (told("technician's launch link", LAUNCH),)
    app.answer(Made(creates(app)[-1].ticket, Created(links, ref=TOKEN, for_now=True)))


@SIZES
class TestUnknown:
    def test_the_queue_tells_of_it(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        run = steps(lambda app: kept(app, intent()))
        assert snap_compare(DeskApp(), terminal_size=size, run_before=run)

    def test_the_list(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        assert snap_compare(
            DeskApp(), terminal_size=size, run_before=steps(everything, "w", "j", "j")
        )

    def test_the_list_while_paused(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        run = steps(lambda app: kept(app, intent()), "p", "w")
        assert snap_compare(DeskApp(), terminal_size=size, run_before=run)

    def test_this_is_it(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        run = steps(everything, "w", "j", "m")
        assert snap_compare(DeskApp(), terminal_size=size, run_before=run)

    def test_send_again(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        run = steps(everything, "w", "s")
        assert snap_compare(DeskApp(), terminal_size=size, run_before=run)

    def test_drop(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        run = steps(everything, "w", "j", "j", "j", "d")
        assert snap_compare(DeskApp(), terminal_size=size, run_before=run)

    def test_the_page_while_it_looks(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        one = intent(reference=Opaque("e0-77"), at=NOW)
        run = steps("n", "enter", lambda app: lose(app, one))
        assert snap_compare(DeskApp([GOTO]), terminal_size=size, run_before=run)

    def test_the_page_with_candidates(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        run = steps("n", "enter", lambda app: lose(app, intent(candidates=TWO)))
        assert snap_compare(DeskApp([GOTO]), terminal_size=size, run_before=run)

    def test_the_page_has_become_the_result(
        self, snap_compare: Compare, size: tuple[int, int]
    ) -> None:
        one = intent()
        run = steps(
            "n",
            "enter",
            lambda app: lose(app, one),
            lambda app: kept(app, found(one, goto("SS-1"))),
        )
        assert snap_compare(DeskApp([GOTO]), terminal_size=size, run_before=run)

    def test_the_form_again(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        run = steps(lambda app: kept(app, intent(looked=2)), "w", "s", "y")
        assert snap_compare(DeskApp([GOTO]), terminal_size=size, run_before=run)


@SIZES
class TestPending:
    def test_in_the_queue(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        run = steps("n", "enter", pend, "escape")
        assert snap_compare(DeskApp([GOTO]), terminal_size=size, run_before=run)

    def test_in_the_detail(self, snap_compare: Compare, size: tuple[int, int]) -> None:
        run = steps("n", "enter", pend, "escape", "enter")
        assert snap_compare(DeskApp([GOTO]), terminal_size=size, run_before=run)


def test_the_list_without_utf8(snap_compare: Compare) -> None:
    app = DeskApp(ascii_only=True)
    assert snap_compare(app, terminal_size=(80, 24), run_before=steps(everything, "w", "j"))
