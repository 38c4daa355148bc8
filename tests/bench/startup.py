"""From the command to the first rows on screen, beside a bare Textual app in the same run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Final

from tests.bench import fresh
from tests.bench.compiled import Environ, compiled, laid_over
from tests.end_to_end.pty_terminal import PROJECT, TIMEOUT_SECONDS, PtyTerminal

PYTHON: Final = sys.executable
NOTHING: Final = "python -c pass"
VERSION: Final = "sessiontop --version"
HELP: Final = "sessiontop --help"
BARE: Final = "bare Textual app"
DEMO: Final = "sessiontop demo, first rows"
# A command, and what stands on the screen when it is there; without that it is run to its end.
CASES: dict[str, tuple[Sequence[str], str]] = {
    NOTHING: ((PYTHON, "-c", "pass"), ""),
    VERSION: ((PYTHON, "-m", "tui", "--version"), ""),
    HELP: ((PYTHON, "-m", "tui", "--help"), ""),
    BARE: ((PYTHON, "-m", "tests.bench.bare_app"), "FIRST ROWS"),
    DEMO: ((PYTHON, "-m", "tui", "demo", "--seed", "7"), "waiting  "),
}


def first_paint(
    command: Sequence[str],
    mark: str,
    environ: Environ | None = None,
    timeout: float = TIMEOUT_SECONDS,
) -> float:
    """Seconds from the start of the command until `mark` is on the screen."""
    began = time.perf_counter()
    with PtyTerminal(command, columns=120, rows=40, environ=environ) as terminal:
        terminal.wait_for(mark, timeout)
        return time.perf_counter() - began


def whole_run(command: Sequence[str], environ: Environ) -> float:
    """Seconds from the start of the command to its end."""
    env = laid_over(environ)
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=env, cwd=PROJECT)
    return time.perf_counter() - began


def taken(command: Sequence[str], mark: str, environ: Environ) -> float:
    """Seconds that a case takes."""
    return first_paint(command, mark, environ) if mark else whole_run(command, environ)


def main(runs: int) -> None:
    """Prints Markdown tables; each round runs every case once, so that noise hits all alike."""
    with compiled() as environ, fresh.desks(environ) as desks:
        times: dict[str, list[float]] = {}
        for round_number in range(runs + 1):
            found = {name: taken(*case, environ) for name, case in CASES.items()}
            for desk in desks:
                found[f"watch, five vendors after {desk.delay} ms"] = desk.fresh_rows(environ)
            for name, seconds in found.items():
                if round_number:  # the first round warms up, and compiles
                    times.setdefault(name, []).append(seconds)
    nothing, bare = (statistics.median(times[name]) for name in (NOTHING, BARE))
    print("| start-up, 120x40 | median ms | best ms | x pass | x bare |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, figures in times.items():
        median = statistics.median(figures)
        print(
            f"| {name} | {median * 1000:.0f} | {min(figures) * 1000:.0f} "
            f"| {median / nothing:.2f} | {median / bare:.2f} |"
        )
