"""How long a key takes, from being typed to the last byte of what it paints, and how much of that is computing.

Time on the clock is what a person waits; on a machine that does other things too it holds their time as well. The
processor's time of all threads of the program, up to that last byte, is its own.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests.bench import scale, wire
from tests.bench.figures import Figure, of_runs, printed
from tests.bench.wire import APP, DOWN, PAGE_DOWN, Program
from tests.end_to_end.pty_terminal import PtyTerminal

_FEW: Final = 1_000
_UP, _PAGE_UP = "\x1b[A", "\x1b[5~"
_AT_MOST_SECONDS: Final = 2.0
_QUIET_SECONDS: Final = 0.05


class Press(NamedTuple):
    """Milliseconds on the clock, and of the processor."""

    waited: float
    computed: float


def main(runs: int) -> None:
    """Prints a Markdown table."""
    printed(figures(max(20, runs)))


def figures(runs: int) -> list[Figure]:
    """The goals for keys at 200x50."""
    few, many = pressed(_FEW, runs, (DOWN, _UP)), pressed(scale.COUNT, runs, (DOWN, _UP))
    scrolled = pressed(_FEW, runs, (DOWN,), first=DOWN * 50)
    paged = pressed(_FEW, runs, (PAGE_DOWN, _PAGE_UP))
    most = 1.3 * of_runs([press.waited for press in few]).median
    return [
        *_rows("cursor down at 1,000 rows", "<= 4", few),
        *_rows("cursor down at 200,000 rows", f"<= {max(4.0, most):.1f}", many),
        *_rows("scroll by one", "<= 10", scrolled),
        *_rows("page down", "<= 10", paged),
    ]


def _rows(what: str, goal: str, presses: Sequence[Press]) -> list[Figure]:
    waited, computed = (of_runs(values) for values in zip(*presses, strict=True))
    return [
        Figure(f"{what}, key to last byte, ms", goal, waited),
        Figure("- of that, processor time, ms", "-", computed),
    ]


def pressed(rows: int, runs: int, keys: Sequence[str], first: str = "") -> list[Press]:
    """So many presses, after two, of each of the keys ten times in turn; `first` brings the cursor into place."""
    program = Program("", (*APP, "--rows", str(rows)), "Ana Lindqvist")
    with wire.started(program, 200, 50) as terminal:
        if first:
            wire.bytes_of(terminal, lambda: terminal.send(first))
        presses = [_press(terminal, keys[turn // 10 % len(keys)]) for turn in range(runs + 2)]
    return presses[2:]


def _press(terminal: PtyTerminal, key: str) -> Press:
    """The last byte is the last before a twentieth of a second of silence."""
    before, began = _computed(terminal.pid), time.monotonic()
    terminal.send(key)
    last, after = began, before
    while terminal.pump(_AT_MOST_SECONDS if last == began else _QUIET_SECONDS):
        last, after = terminal.read_at, _computed(terminal.pid)
    return Press((last - began) * 1000, after - before)


def _computed(pid: int) -> float:
    """Milliseconds that all threads of a program have run so far (Linux)."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6
