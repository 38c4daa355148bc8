"""What goes over the wire, counted on a pty: the program with its full-line cursor, with the mark, and with the
framework's own output, beside htop where that is installed.

Bytes do not depend on the machine; the seconds of the slow link do. htop shows this machine's processes, so its
figures are those of this run: compare within the table.
"""

from __future__ import annotations

import platform
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from tests.end_to_end.pty_terminal import PtyTerminal

SIZES = ((80, 24), (200, 50))
WATCH_SECONDS = 60.0
LINK_BYTES_PER_SECOND = 16_000
KEYS = 30
DOWN, PAGE_DOWN = "\x1b[B", "\x1b[6~"


@dataclass(frozen=True)
class Program:
    """Something to measure: `busy` are further arguments under which it shows changes every two seconds."""

    name: str
    command: tuple[str, ...]
    ready: str
    busy: tuple[str, ...] | None = None
    ours: bool = True
    down: str = DOWN
    page_down: str = PAGE_DOWN


APP = (sys.executable, "-m", "tests.wire_app")
CHANGES = ("--change-every", "2", "--percent", "5")
MOVES = (*CHANGES, "--move")
OURS = (
    Program("sessiontop", APP, "Ana Lindqvist", CHANGES),
    Program("--low-bandwidth", (*APP, "--low-bandwidth"), "Ana Lindqvist", CHANGES),
    Program("--plain-output", (*APP, "--plain-output"), "Ana Lindqvist", CHANGES),
)


def peers() -> list[Program]:
    """htop, refreshing as seldom as it can while keys are counted and every two seconds while changes are."""
    htop = shutil.which("htop")
    if htop is None:
        return []
    return [Program("htop", (htop, "-d", "100"), "PID", ("-d", "20"), ours=False)]


def main(runs: int) -> None:
    """Prints Markdown tables, one for each size."""
    programs = [*OURS, *peers()]
    print(machine())
    for columns, rows in SIZES:
        print(f"\n| {columns}x{rows} | {' | '.join(program.name for program in programs)} |")
        print(f"| --- |{' ---: |' * len(programs)}")
        for label, measure in MEASURES:
            figures = [measure(program, columns, rows, runs) for program in programs]
            print(f"| {label} | {' | '.join(cells(figures, programs))} |", flush=True)


def machine() -> str:
    """What the figures were taken on."""
    htop = shutil.which("htop")
    peer = "no htop"
    if htop is not None:
        told = subprocess.run((htop, "--version"), capture_output=True, text=True, check=False)
        peer = told.stdout.splitlines()[0] if told.stdout else "htop"
    return (
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"Textual {version('textual')}, {peer}; medians; (x) is the ratio to htop in this run"
    )


def cells(figures: Sequence[float | None], programs: Sequence[Program]) -> list[str]:
    """The figures as text, ours with their ratio to htop's."""
    peer = next((f for f, p in zip(figures, programs, strict=True) if not p.ours), None)
    texts = []
    for figure, program in zip(figures, programs, strict=True):
        if figure is None:
            texts.append("-")
            continue
        text = f"{figure:,.0f}" if figure >= 10 or figure == int(figure) else f"{figure:.2f}"
        texts.append(f"{text} ({figure / peer:.2f})" if program.ours and peer else text)
    return texts


# -- measures ------------------------------------------------------------------------------------------


def started(program: Program, columns: int, rows: int, *more: str) -> PtyTerminal:
    """The program, painted and at rest."""
    terminal = PtyTerminal((*program.command, *more), columns=columns, rows=rows)
    terminal.wait_for(program.ready, timeout=60)
    end = time.monotonic() + 1.5
    while (left := end - time.monotonic()) > 0:
        terminal.pump(left)
    return terminal


def bytes_of(terminal: PtyTerminal, act: Callable[[], object]) -> int:
    """How many bytes come within half a second, or until it is quiet for so long."""
    before = len(terminal.output)
    act()
    while terminal.pump(0.5):
        pass
    return len(terminal.output) - before


def per_minute(program: Program, columns: int, rows: int, *more: str) -> float:
    with started(program, columns, rows, *more) as terminal:
        before = len(terminal.output)
        end = time.monotonic() + WATCH_SECONDS
        while (left := end - time.monotonic()) > 0:
            terminal.pump(left)
        return (len(terminal.output) - before) / WATCH_SECONDS * 60


def idle(program: Program, columns: int, rows: int, _runs: int) -> float | None:
    return per_minute(program, columns, rows) if program.ours else None


def changes(program: Program, columns: int, rows: int, _runs: int) -> float | None:
    return None if program.busy is None else per_minute(program, columns, rows, *program.busy)


def moves(program: Program, columns: int, rows: int, _runs: int) -> float | None:
    if program.busy is None:
        return None
    return per_minute(program, columns, rows, *(MOVES if program.ours else program.busy))


def whole_screen(program: Program, columns: int, rows: int, _runs: int) -> float | None:
    with started(program, columns, rows) as terminal:
        return bytes_of(terminal, lambda: terminal.send("\x0c"))


def one_cell(program: Program, columns: int, rows: int, runs: int) -> float | None:
    if not program.ours:
        return None
    with started(program, columns, rows) as terminal:
        change = lambda: terminal.signal(signal.SIGUSR1)  # noqa: E731
        return statistics.median(bytes_of(terminal, change) for _ in range(runs))


def down(program: Program, columns: int, rows: int, runs: int) -> float | None:
    return key(program, columns, rows, runs, program.down)


def scroll(program: Program, columns: int, rows: int, runs: int) -> float | None:
    return key(program, columns, rows, runs, program.down, first=program.down * rows)


def page_down(program: Program, columns: int, rows: int, runs: int) -> float | None:
    return key(program, columns, rows, min(runs, 3), program.page_down)


def key(
    program: Program, columns: int, rows: int, runs: int, text: str, first: str = ""
) -> float | None:
    """The median of so many presses, after the first two, which may only bring the cursor into place."""
    with started(program, columns, rows) as terminal:
        bytes_of(terminal, lambda: terminal.send(first or text))
        bytes_of(terminal, lambda: terminal.send(text))
        return statistics.median(
            bytes_of(terminal, lambda: terminal.send(text)) for _ in range(runs)
        )


def slow_link(program: Program, columns: int, rows: int, runs: int) -> float | None:
    """Seconds from the last of thirty scrolling cursor keys, pressed within one second, to the last byte."""
    return statistics.median(_lag(program, columns, rows) for _ in range(min(runs, 3)))


def _lag(program: Program, columns: int, rows: int) -> float:
    with started(program, columns, rows) as terminal:
        bytes_of(terminal, lambda: terminal.send(DOWN * rows))
        began = free_at = last_key = last_byte = time.monotonic()
        sent = 0
        while sent < KEYS or time.monotonic() - max(last_key, last_byte) < 1.0:
            now = time.monotonic()
            if sent < KEYS and now >= began + sent / KEYS:
                terminal.send(DOWN)
                sent, last_key = sent + 1, now
            if now < free_at:
                time.sleep(min(0.002, free_at - now))
                continue
            before = len(terminal.output)
            # So much goes through in a fiftieth of a second, during which nothing else is read.
            terminal.pump(0.002, LINK_BYTES_PER_SECOND // 50)
            if len(terminal.output) > before:
                free_at = now + (len(terminal.output) - before) / LINK_BYTES_PER_SECOND
                last_byte = free_at
        return max(0.0, last_byte - last_key)


MEASURES: Sequence[tuple[str, Callable[[Program, int, int, int], float | None]]] = (
    ("idle, nothing changes, B/min", idle),
    ("5 % of the visible rows change every 2 s, B/min", changes),
    ("the same with states that reorder the rows, B/min", moves),
    ("one visible cell changes, B", one_cell),
    ("cursor down, B", down),
    ("scroll by one, B", scroll),
    ("page down, B", page_down),
    ("whole screen (ctrl+l), B", whole_screen),
    ("slow link: last key to last byte, s", slow_link),
)
