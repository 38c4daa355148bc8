"""From the command to the first paint, with rows from the last run and without, beside `python -c pass` in one run.

Time on the clock counts whatever else the machine does; so the processor's time stands beside it: what the kernel has
counted for the process when its first frame is whole (Linux), and for all of `python -c pass`.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests import warm
from tests.bench.figures import Figure, of_runs, printed

_GOAL: Final = 1.5
_WHOLE: Final = b"by wait"  # the last words of the frame
_COLD: Final = "without"
_EMPTY: Final = "python -c pass"
# Without the second one Python compiles the program at every start, which no installed program does.
_UNSET: Final = ("NO_COLOR", "PYTHONDONTWRITEBYTECODE")
_ROWS: Final = 60
_SIZE: Final = (40, 120)


class Taken(NamedTuple):
    """Milliseconds on the clock, and of the processor."""

    wall: float
    cpu: float


def main(runs: int) -> None:
    """Prints the table."""
    printed(figures(max(runs, 10)))


def figures(runs: int) -> list[Figure]:
    """The goals of the first paint; every round runs each case once, so that noise hits all alike."""
    with tempfile.TemporaryDirectory(prefix="sessiontop-bench-") as folder:
        environ = _made_up(Path(folder) / "warm", _ROWS)
        cold = _made_up(Path(folder) / "cold", 0)
        start, older = _start_script(folder, "sys"), _start_script(folder, "re, sys")
        commands = {
            _EMPTY: (sys.executable, "-c", "pass"),
            "with rows of the last run": (*start, "watch"),
            _COLD: (*start, "watch"),
            "with rows, by a start script that imports re": (*older, "watch"),
        }
        taken: dict[str, list[Taken]] = {name: [] for name in commands}
        for number in range(runs + 1):
            for name, command in commands.items():
                found = _until_painted(
                    command, cold if name == _COLD else environ, whole=name == _EMPTY
                )
                if number:  # the first round warms up
                    taken[name].append(found)
    empty = taken.pop(_EMPTY)
    return [figure for name, ours in taken.items() for figure in _beside(name, ours, empty)]


def _beside(name: str, ours: Sequence[Taken], empty: Sequence[Taken]) -> Iterator[Figure]:
    for number, unit in enumerate(("ms", "ms of the processor")):
        bare = of_runs([one[number] for one in empty])
        goal = f"<= {_GOAL * bare.median:.0f}"
        measured = of_runs([one[number] for one in ours])
        yield Figure(f"first paint, {name}, {unit}", goal, measured, {_EMPTY: bare})


def _start_script(folder: str, imports: str) -> Sequence[str]:
    """What an installer writes as the command. Older ones import `re`, which costs half as much as all of Python."""
    script = Path(folder) / f"start{len(imports)}.py"
    script.write_text(f"import {imports}\nfrom tui.__main__ import main\nsys.exit(main())\n")
    return sys.executable, str(script)


def _until_painted(command: Sequence[str], environ: Mapping[str, str], *, whole: bool) -> Taken:
    """`whole`: until the process has ended; else until its first frame is there, and it is ended then."""
    began = time.perf_counter()
    pid, master = pty.fork()
    if not pid:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *_SIZE, 0, 0))
        os.execve(command[0], list(command), dict(environ))
    try:
        if not whole:
            seen = b""
            while _WHOLE not in seen and select.select([master], [], [], 20.0)[0]:
                seen += os.read(master, 65_536)
            wall, cpu = time.perf_counter() - began, _cpu_of(pid)
            os.kill(pid, 9)
        _, _, used = os.wait4(pid, 0)
        if whole:
            wall, cpu = time.perf_counter() - began, used.ru_utime + used.ru_stime
    finally:
        os.close(master)
    return Taken(wall * 1000, cpu * 1000)


def _cpu_of(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except (OSError, ValueError):
        return float("nan")


def _made_up(folder: Path, count: int) -> dict[str, str]:
    """Profiles and so many rows in `folder`; the environment that leads there."""
    folder.mkdir()
    environ = {name: value for name, value in os.environ.items() if name not in _UNSET}
    rows = [warm.row(number, warm.NAMES[number % 2]) for number in range(count)]
    return environ | warm.ENVIRON | warm.made(folder, rows)
