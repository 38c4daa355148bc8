"""The whole program for some minutes of real time, over real sockets that break: does it keep what it opens?

What the soak in virtual time cannot have: connections, the engine's thread, the input thread, a terminal. The
simulator is in this process, the program in one of its own; faults come and go, and in the quiet moments between
them its files, threads and memory are counted.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.figures import Figure, of_runs
from tests.end_to_end.pty_terminal import PtyTerminal
from tui.profiles.writer import write
from tui.providers import registry
from tui.simulator.server import Simulator

SECONDS: Final = float(os.environ.get("SOAK_SECONDS", "180"))
_COMMAND: Final = (sys.executable, "-m", "tui", "watch")
_FAULTS: Final = (
    "refuse",
    "reset",
    "short-body",
    "garbage",
    "stall",
    "drip",
    "status-503",
    "captive",
    "cut-json",
    "big-header",
    "gzip-bomb",
)
# Seconds of each fault, of the calm after it in which everybody comes back, and of the counting.
_FAULT, _CALM, _COUNTED = 6.0, 12.0, 4.0
_KEYS: Final = ("\r", "t", "\x1b", "\x1b", "L", "\x1b", "/ana\r", "\x1b", "5", "G", "1", "s")


@dataclass(frozen=True, slots=True)
class Moment:
    """The program at rest: open files, threads, bytes in memory."""

    fds: int
    threads: int
    resident: int


def figures() -> list[Figure]:
    """Files and threads after the first fault and after the last; at rest, so without connections on their way.

    Memory has no goal here: sessions come and the log fills all the time.
    """
    moments = _moments(SECONDS)
    first, last = moments[0], moments[-1]
    minutes = f"{SECONDS / 60:.0f} min over real sockets, {len(moments) - 1} faults"
    return [
        Figure(
            f"{minutes}: {what}, at the end (at the start)",
            goal,
            of_runs([value]),
            {"start": of_runs([before])},
        )
        for what, goal, before, value in (
            ("open files", "constant", first.fds, last.fds),
            ("threads", "constant", first.threads, last.threads),
            ("memory, MB", "-", first.resident / 1e6, last.resident / 1e6),
        )
    ]


def _moments(seconds: float) -> list[Moment]:
    with tempfile.TemporaryDirectory() as name, Simulator(9, 300, 120.0) as simulator:
        environ = {f"SESSIONTOP_{what}_DIR": f"{name}/{what}" for what in ("CONFIG", "STATE")}
        for folder in environ.values():
            Path(folder).mkdir(mode=0o700)
        tables: dict[str, dict[str, dict[str, object]]] = simulator.profiles()  # type: ignore[assignment]
        for keys in tables["profiles"].values():
            keys["refresh_seconds"] = 2
        write(Path(environ["SESSIONTOP_CONFIG_DIR"], "profiles.toml"), lambda _: dict(tables))
        with PtyTerminal(_COMMAND, columns=120, rows=40, environ=environ) as terminal:
            terminal.wait_for("waiting  ", 60)
            return _through_faults(terminal, simulator, seconds)


def _through_faults(terminal: PtyTerminal, simulator: Simulator, seconds: float) -> list[Moment]:
    end = time.monotonic() + seconds
    _read(terminal, _CALM)
    moments = []
    for number, kind in enumerate(_FAULTS * 100):
        _play(simulator, kind)
        for key in _KEYS:
            terminal.send(key)
            _read(terminal, _FAULT / len(_KEYS))
        _play(simulator, "none")
        terminal.send("r")
        _read(terminal, _CALM)
        moments.append(_counted(terminal))
        told = moments[-1]
        words = f"{told.fds} files, {told.threads} threads, {told.resident / 1e6:.1f} MB"
        print(f"soak: fault {number + 1}, {kind}: {words}", file=sys.stderr, flush=True)
        if time.monotonic() > end:
            break
    return moments


def _play(simulator: Simulator, kind: str) -> None:
    for provider in registry.SPECS:
        if provider in simulator.vendors:
            simulator.play("fault", f"{provider}:{kind}")


def _read(terminal: PtyTerminal, seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        terminal.pump(left)


def _counted(terminal: PtyTerminal) -> Moment:
    """The least of some seconds: what is there between requests."""
    proc = Path(f"/proc/{terminal.pid}")
    found = []
    for _ in range(20):
        _read(terminal, _COUNTED / 20)
        pages = int((proc / "statm").read_text().split()[1])
        found.append(
            (len(os.listdir(proc / "fd")), terminal.threads(), pages * os.sysconf("SC_PAGE_SIZE"))
        )
    return Moment(*(min(each) for each in zip(*found, strict=True)))
