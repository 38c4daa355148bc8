"""What goes over the wire, counted on a real pty. Bytes do not depend on the machine, so here they are bounds."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.end_to_end.pty_terminal import CTRL_L, PtyTerminal

APP = (sys.executable, "-m", "tests.wire_app")
SIZES = [(80, 24), (200, 50)]
SIZE = pytest.mark.parametrize("size", SIZES, ids=["80x24", "200x50"])

NOTHING, ONE_CELL, MARK = 0, 44, 44
DOWN = {(80, 24): 285, (200, 50): 410}
SCROLL_BY_ONE = {(80, 24): 288, (200, 50): 380}
SCROLL_BY_ONE_WITH_MARK = {(80, 24): 210, (200, 50): 260}
"""Some twenty bytes more than they are: names are longer and shorter, and the scrollbar moves now and then."""


@contextmanager
def running(size: tuple[int, int], *options: str) -> Iterator[PtyTerminal]:
    columns, rows = size
    with PtyTerminal((*APP, *options), columns=columns, rows=rows) as terminal:
        terminal.wait_for("Ana Lindqvist")
        terminal.quiet_for(0.6)
        yield terminal
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert terminal.modes.left_on() == set()


def bytes_for(terminal: PtyTerminal, act: Callable[[], object], quiet: float = 0.3) -> int:
    """How many bytes come until it is quiet again."""
    before = len(terminal.output)
    act()
    terminal.quiet_for(quiet)
    return len(terminal.output) - before


def key(terminal: PtyTerminal, text: str) -> int:
    return bytes_for(terminal, lambda: terminal.send(text))


def top_row(terminal: PtyTerminal) -> str:
    return terminal.lines()[3]


@SIZE
def test_the_full_line_cursor(size: tuple[int, int]) -> None:
    with running(size) as terminal:
        same = lambda: terminal.signal(signal.SIGUSR2)  # noqa: E731
        assert bytes_for(terminal, same, 1.0) == NOTHING
        for _ in range(3):
            used = bytes_for(terminal, lambda: terminal.signal(signal.SIGUSR1))
            assert NOTHING < used <= ONE_CELL
        key(terminal, "j")
        assert NOTHING < key(terminal, "j") <= DOWN[size]
        key(terminal, "j" * (size[1] - 6))
        for _ in range(5):
            before = top_row(terminal)
            assert NOTHING < key(terminal, "j") <= SCROLL_BY_ONE[size]
            assert top_row(terminal) != before


@SIZE
def test_the_mark_cursor(size: tuple[int, int]) -> None:
    with running(size, "--low-bandwidth") as terminal:
        used = bytes_for(terminal, lambda: terminal.signal(signal.SIGUSR1), 0.8)
        assert NOTHING < used <= ONE_CELL
        for step in ("j", "j", "k"):
            assert NOTHING < key(terminal, step) <= MARK
        assert any(line.startswith("▸") for line in terminal.lines())
        key(terminal, "j" * (size[1] - 6))
        for _ in range(5):
            assert NOTHING < key(terminal, "j") <= SCROLL_BY_ONE_WITH_MARK[size]
        assert not terminal.modes.is_on(1000)
        assert not terminal.modes.is_on(1003)


def test_two_frames_of_news_a_second_on_a_thin_line() -> None:
    options = ("--low-bandwidth", "--change-every", "0.11", "--percent", "30")
    with running_busy(*options) as terminal:
        assert 2 <= writes_in(terminal, 3.0) <= 8
        terminal.send("p")
        began = time.monotonic()
        terminal.wait_for("paused")
        assert time.monotonic() - began < 2.0
    with running_busy(*options[1:]) as terminal:
        assert writes_in(terminal, 3.0) > 10


@contextmanager
def running_busy(*options: str) -> Iterator[PtyTerminal]:
    with PtyTerminal((*APP, *options)) as terminal:
        terminal.wait_for("Ana Lindqvist")
        yield terminal


def writes_in(terminal: PtyTerminal, seconds: float) -> int:
    """How many pieces of output come in that time."""
    end = time.monotonic() + seconds
    count = 0
    while (left := end - time.monotonic()) > 0:
        before = len(terminal.output)
        terminal.pump(left)
        count += len(terminal.output) > before
    return count


def test_ctrl_l_draws_everything_again_whatever_was_there() -> None:
    with running((80, 24)) as terminal:
        wanted = terminal.lines()
        terminal.screen.reset()
        terminal.screen.draw("garbage of another program")
        terminal.send(CTRL_L)
        terminal.wait_until(lambda: terminal.lines() == wanted, "the screen as it was")


def test_a_resize_there_and_back_draws_everything_again() -> None:
    with running((80, 24)) as terminal:
        wanted = terminal.lines()
        terminal.resize(70, 20)
        terminal.resize(80, 24)
        terminal.screen.reset()
        terminal.wait_until(lambda: terminal.lines() == wanted, "the screen as it was")


@SIZE
def test_plain_output_shows_the_same(size: tuple[int, int]) -> None:
    with running(size) as terminal:
        key(terminal, "jj")
        ours = terminal.lines()
        ours_bytes = len(terminal.output)
    with running(size, "--plain-output") as terminal:
        key(terminal, "jj")
        assert terminal.lines() == ours
        assert len(terminal.output) > ours_bytes


def test_a_fault_in_the_output_layer_falls_back() -> None:
    """The screen is drawn by the framework from then on, says so once, and stays right."""
    with running((80, 24), "--break-after", "3") as terminal:
        for _ in range(4):
            terminal.send("j")
            terminal.quiet_for(0.3)
        terminal.wait_for("a fault in sessiontop's drawing")
        terminal.send("G")
        terminal.wait_until(lambda: terminal.lines()[21].endswith(" 3m"), "the last row")
        terminal.quiet_for(0.5)
        fallen = terminal.lines()
        terminal.send(CTRL_L)
        terminal.quiet_for(0.5)
        assert terminal.lines()[:-2] == fallen[:-2]
        assert "1000 sessions" in terminal.text() or "fault" in terminal.text()


def test_the_cursor_stands_in_the_input() -> None:
    with running((80, 24)) as terminal:
        terminal.send("/")
        terminal.wait_until(lambda: terminal.screen.cursor.y == 22, "the cursor's line")
        assert bytes_for(terminal, lambda: None, 1.2) == NOTHING
        terminal.send("ana")
        terminal.quiet_for(0.4)
        assert "/ana" in terminal.lines()[terminal.screen.cursor.y]
        at = terminal.screen.cursor.x
        terminal.send("\x1b[D")
        terminal.wait_until(lambda: terminal.screen.cursor.x < at, "the cursor to the left")
        terminal.send("\x1b")
        terminal.wait_until(lambda: "/ana" not in terminal.text(), "the prompt gone")
