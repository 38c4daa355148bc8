"""From the command to the first rows on screen, beside a bare Textual app in the same run."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence

from tests.end_to_end.pty_terminal import TIMEOUT_SECONDS, PtyTerminal

PYTHON = sys.executable
CASES: dict[str, tuple[Sequence[str], str]] = {
    "bare Textual app": ((PYTHON, "-m", "tests.bench.bare_app"), "FIRST ROWS"),
    "sessiontop demo, first rows": ((PYTHON, "-m", "tui", "demo", "--seed", "7"), "waiting  "),
}


def first_paint(command: Sequence[str], mark: str, timeout: float = TIMEOUT_SECONDS) -> float:
    """Seconds from the start of the command until `mark` is on the screen."""
    began = time.perf_counter()
    with PtyTerminal(command, columns=120, rows=40) as terminal:
        terminal.wait_for(mark, timeout)
        return time.perf_counter() - began


def main(runs: int) -> None:
    """Prints a Markdown table; each round runs every case once, so that noise hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in CASES}
    for round_number in range(runs + 1):
        for name, (command, mark) in CASES.items():
            seconds = first_paint(command, mark)
            if round_number:
                taken[name].append(seconds)
    base = statistics.median(taken["bare Textual app"])
    print("| start-up, 120x40 | median ms | best ms | x bare |")
    print("| --- | ---: | ---: | ---: |")
    for name, figures in taken.items():
        median = statistics.median(figures)
        print(f"| {name} | {median * 1000:.0f} | {min(figures) * 1000:.0f} | {median / base:.2f} |")
