"""The whole program with 200,000 sessions: its memory, and how late keys are while polls are merged.

`python -m tests.bench whole`. A key's time is from its writing to the read that brought the line it moves to. `net`
leaves out for how long the thread of the screen was ready and other programs had the processor: on a machine that
does nothing else, both are the same.
"""

from __future__ import annotations

import json
import os
import re
import select
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.bench import scale
from tests.bench.figures import Figure, of_runs, printed
from tests.end_to_end.pty_terminal import PtyTerminal

_ROUNDS: Final = 2
_DOWN, _UP = "\x1b[B", "\x1b[A"
_STEPS: Final = 30
_NAMED: Final = re.compile(r"Order \d+")
_PATIENCE: Final = 30.0


def main(runs: int) -> None:
    """Prints a Markdown table."""
    printed(figures(runs))


def figures(runs: int) -> list[Figure]:
    """What each goal is measured against."""
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_pages(folder)
        for _ in range(runs):
            for what, value in _one_run(folder).items():
                found.setdefault(what, []).append(value)
    return [Figure(label, goal, of_runs(found[name])) for name, (label, goal) in _GOALS.items()]


_GOALS: Final = {
    "rss": ("the whole program with 200,000 sessions on its screen, resident, MB", "<= 280"),
    "pss": ("the same, its share of what programs have in common counted in parts, MB", "<= 280"),
    "first": (
        "longest step of the screen's loop while they come, as fast as they can, ms",
        "<= 30",
    ),
    "search": ("longest search for garbage meanwhile, ms", "-"),
    "merge": ("a poll of 100,000 with 1 % changed, under the screen, ms of CPU", "<= 250"),
    "idle p50": ("cursor down, no load: p50, net ms", "-"),
    "idle p95": ("cursor down, no load: p95, net ms", "-"),
    "busy p50": ("cursor down, polls of 100,000 merged over and over: p50, net ms", "-"),
    "busy p95": ("cursor down, polls of 100,000 merged over and over: p95, net ms", "<= 20"),
    "busy p95 wall": ("the same p95 on the clock, other programs included, ms", "-"),
    "busy search": ("longest search for garbage meanwhile, ms", "-"),
    "busy step": ("longest step of the screen's loop meanwhile, ms", "<= 30"),
}


def write_pages(folder: Path) -> None:
    """Both states of the listing, a file a page. None of what changes is among the first on the screen."""
    for turn in (0, 1):
        (folder / str(turn)).mkdir()
        for number, page in enumerate(scale.pages(scale.COUNT, changed=93 * turn, below=80_000)):
            (folder / str(turn) / str(number)).write_bytes(page)


def _one_run(folder: Path) -> dict[str, float]:
    with tempfile.NamedTemporaryFile() as told:
        program = (sys.executable, "-m", "tests.bench.whole_app", str(folder), told.name)
        with PtyTerminal(program, columns=200, rows=50) as terminal:
            terminal.wait_for("Order", 60.0)
            app = _App(terminal, Path(told.name))
            loading = app.loaded()
            found = _memory(terminal.pid) | {"first": loading["step"], "search": loading["search"]}
            idle = app.keys()
            app.told()
            with app.busy():
                busy = app.keys()
            news = app.told()
    found |= _percentiles("idle", idle) | _percentiles("busy", busy)
    found["merge"] = news["seconds"] / max(1, news["polls"]) * 1000
    found |= {"busy step": news["step"], "busy search": news["search"]}
    return found


def _percentiles(name: str, times: list[tuple[float, float]]) -> dict[str, float]:
    net, wall = ([took[which] for took in times] for which in (0, 1))
    return {
        f"{name} p50": statistics.median(net),
        f"{name} p95": statistics.quantiles(net, n=20)[-1],
        f"{name} p95 wall": statistics.quantiles(wall, n=20)[-1],
    }


def _memory(pid: int) -> dict[str, float]:
    """Megabytes."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = dict(re.findall(r"^(Rss|Pss): +(\d+) kB", text, re.MULTILINE))
    return {name.lower(): int(kilobytes) * 1024 / 1e6 for name, kilobytes in found.items()}


class _App:
    """The program in its terminal, and what it tells."""

    def __init__(self, terminal: PtyTerminal, told: Path) -> None:
        self._terminal, self._told = terminal, told
        self._lines = 0

    def told(self) -> dict[str, float]:
        """How it fares: asked, and waited for."""
        self._terminal.signal(signal.SIGUSR2)
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            lines = self._told.read_text().splitlines()
            if len(lines) > self._lines:
                self._lines = len(lines)
                found: dict[str, float] = json.loads(lines[-1])
                return found
            self._terminal.pump(0.05)
        raise AssertionError("the program says nothing any more")

    def loaded(self) -> dict[str, float]:
        """Waits until all sessions are there and the screen rests; the worst of what was told until then."""
        worst: dict[str, float] = {}
        quiet = False
        while not quiet:
            news = self.told()
            worst = {name: max(value, worst.get(name, 0.0)) for name, value in news.items()}
            quiet = news["sessions"] == scale.COUNT and not self._terminal.pump(2.0)
        return worst

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Polls are merged meanwhile."""
        self._terminal.signal(signal.SIGUSR1)
        yield
        self._terminal.signal(signal.SIGUSR1)

    def keys(self) -> list[tuple[float, float]]:
        """Net and whole milliseconds of each press, thirty down and thirty up in turn."""
        self._terminal.send("g")  # the cursor may have followed its session
        self._terminal.pump(0.5)
        found, place = [], 0
        for number in range(_ROUNDS * 2 * _STEPS):
            down = number // _STEPS % 2 == 0
            place += 1 if down else -1
            found.append(self._press(_DOWN if down else _UP, place))
        return found

    def _press(self, key: str, place: int) -> tuple[float, float]:
        terminal = self._terminal
        while terminal.pump(0.02):  # what was there before the key
            pass
        aim = [name[0] for line in terminal.lines() if (name := _NAMED.search(line))][place]
        seen, waited = bytearray(), _waited(terminal.pid)
        began = time.perf_counter()
        terminal.send(key)
        while aim.encode() not in seen:
            ready, _, _ = select.select([terminal._master], [], [], _PATIENCE)
            assert ready, f"no {aim} after a key"
            assert time.perf_counter() < began + _PATIENCE, f"no {aim} after a key"
            data = os.read(terminal._master, 65_536)
            ended = time.perf_counter()
            seen += data
            terminal._take(data)
        wall = (ended - began) * 1000
        return max(0.0, wall - (_waited(terminal.pid) - waited)), wall


def _waited(pid: int) -> float:
    """Milliseconds for which the main thread was ready to run and did not."""
    return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[1]) / 1e6
