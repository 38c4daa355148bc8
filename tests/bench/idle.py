"""What an idle program sends and costs, and how often it wakes up, for as long as the bench is given.

`screen` is the program without an engine: a keyboard, a list and the timers of a screen on which nothing happens.
`watch` has five vendors besides, which a simulator in another process plays with rate 0; it polls each of them every
five seconds, and every answer wakes it some times. Ages move once a minute: those bytes are the program's.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.figures import Figure, of_runs
from tests.end_to_end.pty_terminal import PtyTerminal

SECONDS: Final = 30.0
_PYTHON: Final = sys.executable
_SCREEN: Final = (_PYTHON, "-m", "tests.wire_app")
_WATCH: Final = (_PYTHON, "-m", "tui", "watch")


@dataclass(frozen=True, slots=True)
class Idle:
    """Of one program: bytes in all, percent of one core, and wake-ups a second of all its threads, of the one that
    has the screen, and of the one that wakes up most."""

    sent: int
    percent: float
    wakes: float
    screen: float
    most: float


def main(_runs: int) -> None:
    """Prints a Markdown table."""
    print(
        f"| idle for {SECONDS:.0f} s | bytes | % of one core | wake-ups a second: all | screen | most |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for columns, rows in ((80, 24), (200, 50)):
        for name, found in (("screen", screen(columns, rows)), ("watch", watch(columns, rows))):
            print(
                f"| {name}, {columns}x{rows} | {found.sent} | {found.percent:.2f} "
                f"| {found.wakes:.2f} | {found.screen:.2f} | {found.most:.2f} |",
                flush=True,
            )


def figures() -> list[Figure]:
    """The goals for a program at rest."""
    alone, polling = screen(200, 50), watch(200, 50)
    return [
        Figure("idle, % of one core", "< 0.3", of_runs([alone.percent])),
        Figure("idle, wake-ups a second of all threads", "<= 1", of_runs([alone.wakes])),
        Figure("five vendors polled, % of one core", "-", of_runs([polling.percent])),
        Figure(
            "five vendors polled, wake-ups a second of the screen's thread",
            "<= 1",
            of_runs([polling.screen]),
        ),
    ]


def screen(columns: int, rows: int) -> Idle:
    """The program without an engine."""
    with PtyTerminal(_SCREEN, columns=columns, rows=rows) as terminal:
        terminal.wait_for("Ana Lindqvist", timeout=60)
        return _rest(terminal)


def watch(columns: int, rows: int) -> Idle:
    """The program over five vendors in which nothing happens."""
    with _simulator() as folder:
        environ = {name: str(folder) for name in ("SESSIONTOP_CONFIG_DIR", "SESSIONTOP_STATE_DIR")}
        with PtyTerminal(_WATCH, columns=columns, rows=rows, environ=environ) as terminal:
            terminal.wait_for("waiting  ", timeout=60)
            return _rest(terminal)


@contextmanager
def _simulator() -> Iterator[Path]:
    """The vendors, and a folder with profiles for them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o700)
        profiles = str(folder / "profiles.toml")
        command = (_PYTHON, "-m", "tui", "simulate", "--seed", "7", "--rate", "0")
        with subprocess.Popen(
            (*command, "--profiles-out", profiles), stdout=subprocess.PIPE, text=True
        ) as vendors:
            try:
                assert vendors.stdout is not None
                json.loads(vendors.stdout.readline())
                yield folder
            finally:
                vendors.kill()


def _rest(terminal: PtyTerminal) -> Idle:
    terminal.quiet_for(3.0, timeout=60)
    sent, cpu, before = len(terminal.output), terminal.cpu_seconds(), _switches(terminal.pid)
    end = time.monotonic() + SECONDS
    while (left := end - time.monotonic()) > 0:
        terminal.pump(left)
    after = _switches(terminal.pid)
    wakes = {thread: (after[thread] - before.get(thread, 0)) / SECONDS for thread in after}
    return Idle(
        len(terminal.output) - sent,
        (terminal.cpu_seconds() - cpu) / SECONDS * 100,
        sum(wakes.values()),
        wakes[terminal.pid],
        max(wakes.values()),
    )


def _switches(pid: int) -> dict[int, int]:
    """How often each thread went to sleep by itself so far, and so was woken (Linux)."""
    found = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        status = (task / "status").read_text()
        found[int(task.name)] = int(status.partition("\nvoluntary_ctxt_switches:")[2].split()[0])
    return found
