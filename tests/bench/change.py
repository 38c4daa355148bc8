"""How soon a change at a vendor is on the screen, the waiting for the next poll left out.

A vendor in a process of its own answers a page of 1,000 sessions over loopback; every second or so one of those in
sight has another agent there. Counted from before the first byte of that answer is written to the last byte of the
repaint, read from the pty. All processes go by the machine's one monotonic clock.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.change_app import STEPS
from tests.bench.change_vendor import CUSTOMERS
from tests.bench.figures import Figure, of_runs, printed
from tests.end_to_end.pty_terminal import PtyTerminal

ROWS: Final = 1000
_QUIET_SECONDS: Final = 0.3
_PATIENCE_SECONDS: Final = 90.0
_SPLIT: Final = (
    "the vendor writes its answer, the program reads and cuts it",
    "what changed is found, decoded, told",
    "handed over to the screen's loop",
    "taken in by the board, the view and the list, painted, and handed to the writer",
    "last byte read from the terminal",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One change: when its answer was begun, when it had come how far (see `STEPS`), when it was seen."""

    began: float
    steps: tuple[float, ...]
    seen: float

    @property
    def whole(self) -> float:
        """Milliseconds in all."""
        return (self.seen - self.began) * 1000

    @property
    def parts(self) -> list[float]:
        """Milliseconds from each step to the next."""
        moments = (self.began, *self.steps, self.seen)
        return [(b - a) * 1000 for a, b in itertools.pairwise(moments)]


def main(runs: int) -> None:
    """Prints a Markdown table."""
    printed(figures(runs))


def figures(runs: int) -> list[Figure]:
    """The goal, and below it what it is made of."""
    changes = measured(max(3, runs))
    if not changes:
        raise LookupError("no change was seen on the screen")
    whole = of_runs([change.whole for change in changes])
    parts = zip(*(change.parts for change in changes), strict=True)
    return [
        Figure(f"change at the vendor to last byte, page of {ROWS:,}, ms", "<= 10", whole),
        *(
            Figure(f"- {what}, ms", "-", of_runs(values))
            for what, values in zip(_SPLIT, parts, strict=True)
        ),
    ]


def measured(runs: int) -> list[Change]:
    """So many changes, after the first two."""
    with tempfile.TemporaryDirectory() as folder, _vendor() as (vendor, port):
        notes = Path(folder, "steps")
        command = ("-m", "tests.bench.change_app", f"http://127.0.0.1:{port}/G2A/rest/v1")
        with PtyTerminal((sys.executable, *command, str(notes)), columns=200, rows=50) as terminal:
            terminal.wait_for(CUSTOMERS[0])
            seen = _watch(terminal, runs + 2)
        vendor.terminate()
        assert vendor.stdout is not None
        began = [float(line.split()[0]) for line in vendor.stdout]
        found = [_change(began, _notes(notes), moment) for moment in seen]
    return [change for change in found if change is not None][-runs:]


@contextmanager
def _vendor() -> Iterator[tuple[subprocess.Popen[str], int]]:
    command = (sys.executable, "-m", "tests.bench.change_vendor", "--rows", str(ROWS))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as vendor:
        try:
            assert vendor.stdout is not None
            yield vendor, int(vendor.stdout.readline())
        finally:
            vendor.kill()


def _watch(terminal: PtyTerminal, changes: int) -> list[float]:
    """When the last byte of each repaint came: the last before a silence."""
    seen: list[float] = []
    end = time.monotonic() + _PATIENCE_SECONDS
    while len(seen) < changes and time.monotonic() < end:
        some = False
        while terminal.pump(_QUIET_SECONDS):
            some = True
        if some:
            seen.append(terminal.read_at)
    return seen


def _notes(path: Path) -> list[tuple[str, float]]:
    words = (line.split() for line in path.read_text("ascii").splitlines())
    return [(step, float(moment)) for step, moment in words]


def _change(
    began: Sequence[float], notes: Sequence[tuple[str, float]], seen: float
) -> Change | None:
    """What was seen then, from the answer that it came of; None when it came of none, as the first rows do."""
    before = [moment for moment in began if moment < seen]
    if not before:
        return None
    steps: list[float] = []
    for step in STEPS:
        after = steps[-1] if steps else before[-1]
        found = [moment for name, moment in notes if name == step and after <= moment <= seen]
        if not found:
            return None
        steps.append(found[0])
    return Change(before[-1], tuple(steps), seen)
