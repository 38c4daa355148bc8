"""Other programs that people use for such lists, where they are on the PATH: visidata and harlequin.

Nothing is installed. They get a home of their own and, visidata, the rows that the others show, in a file. One that
does not start, or never shows what is waited for, costs a bounded wait and is told as such.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from tests.bench import startup
from tests.bench.figures import Figure, Measured, of_runs, printed
from tests.bench.wire import Program
from tests.end_to_end.pty_terminal import PtyTerminal
from tests.wire_app import made_up

NAMES: Final = ("vd", "harlequin")
ROWS: Final = 200_000
DID_NOT_START: Final[list[str]] = []
"""Those that were tried in this run and did not start."""
_FIRST: Final = "Ana Lindqvist 00000"
_LOADING: Final = 120.0
_ANSWERS: Final = 30.0
# The largest name of all rows, and how many rows the pattern finds: what is seen when the work is done.
_SORTED: Final = "渡辺 恵子 99994"
_SELECTED: Final = f"selected {ROWS // 10} rows"
# Which of our figures those of visidata stand beside.
_BESIDE: Final = {
    "200,000 sessions taken in and counted, and a screen's rows of them in order, ms": "first paint of 200,000 rows",
    "another order, until a screen's rows are in it, ms (the slowest of all orders)": "sort",
    "each further letter, ms (the slowest of three)": "select by a pattern",
}

Result = TypeVar("Result")


def main(runs: int) -> None:
    """Prints a Markdown table of theirs alone."""
    found = {f"visidata: {what}, ms": one for what, one in visidata_times(runs).items()}
    found |= {f"{name}: first frame, ms": one for name, one in harlequin_start(runs).items()}
    printed([Figure(what, "-", one) for what, one in found.items()])
    for absent in absent_names():
        print(f"\nnot on this machine: {absent}")


def absent_names() -> list[str]:
    """Those that are not on the PATH."""
    return [name for name in NAMES if shutil.which(name) is None]


def bounded(name: str, measure: Callable[[], Result]) -> Result | None:
    """What was measured; None, said on stderr, when the program did not start or did not do what it was told."""
    if name in DID_NOT_START:
        return None
    try:
        return measure()
    except (AssertionError, OSError) as error:
        DID_NOT_START.append(name)
        why = str(error).partition("\n")[0]
        print(f"{name} did not start: {why}", file=sys.stderr, flush=True)
        return None


# --- programs ------------------------------------------------------------------------------------------------


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Their home; it goes when this process ends."""
    return tempfile.TemporaryDirectory(prefix="bench-peers-")


def _at_home(*command: str) -> tuple[str, ...]:
    home = _folder().name
    return ("env", f"HOME={home}", f"XDG_CONFIG_HOME={home}", f"XDG_CACHE_HOME={home}", *command)


@cache
def _table(rows: int) -> str:
    """The rows as a file of tab-separated columns."""
    path = Path(_folder().name, f"{rows}.tsv")
    with path.open("w", encoding="utf-8") as file:
        file.write("customer\tstatus\tprovider\tsubject\tagent\n")
        for one in made_up(rows):
            words = (one.customer, one.status.value, one.provider, one.subject, one.agent)
            file.write("\t".join(str(word) for word in words) + "\n")
    return str(path)


def programs() -> list[Program]:
    """visidata over a thousand rows, for counting what keys cost."""
    vd = shutil.which("vd")
    if vd is None:
        return []
    command = _at_home(vd, _table(1_000))
    return [Program("visidata", command, _FIRST, ours=False, down="j", page_down="\x06")]


# --- times ---------------------------------------------------------------------------------------------------


def harlequin_start(runs: int) -> dict[str, Measured]:
    """Milliseconds from the command to the catalog of its own empty database, where it is there."""
    path = shutil.which("harlequin")
    if path is None:
        return {}
    command = _at_home(path)

    def measure() -> Measured:
        startup.first_paint(command, "memory", timeout=60.0)  # the first one warms up
        return of_runs(
            [startup.first_paint(command, "memory", timeout=60.0) * 1000 for _ in range(runs)]
        )

    found = bounded("harlequin", measure)
    return {} if found is None else {"harlequin": found}


def visidata_times(runs: int) -> dict[str, Measured]:
    """Milliseconds for 200,000 rows, from the key or the command to what it shows then; nothing where it is not."""
    path = shutil.which("vd")
    if path is None:
        return {}
    command = _at_home(path, _table(ROWS))
    rounds: list[dict[str, float]] = []
    for _ in range(min(runs, 3)):
        found = bounded("visidata", lambda: _visidata(command))
        if found is None:
            return {}
        rounds.append(found)
    return {what: of_runs([one[what] * 1000 for one in rounds]) for what in rounds[0]}


def _visidata(command: Sequence[str]) -> dict[str, float]:
    began = time.perf_counter()
    with PtyTerminal(command, columns=200, rows=50) as terminal:

        def until(text: str, timeout: float) -> float:
            terminal.wait_for(text, timeout)
            return time.perf_counter() - began

        found = {"first paint of 200,000 rows": until(_FIRST, _LOADING)}
        found["all 200,000 rows"] = until(f"{ROWS} rows", _LOADING)
        terminal.quiet_for(1.0, _ANSWERS)
        began = time.perf_counter()
        terminal.send("]")
        found["sort"] = until(_SORTED, _ANSWERS)
        terminal.quiet_for(1.0, _ANSWERS)
        terminal.send("|ana")
        terminal.quiet_for(1.0, _ANSWERS)
        began = time.perf_counter()
        terminal.send("\r")
        found["select by a pattern"] = until(_SELECTED, _ANSWERS)
    return found


def beside(figures: Sequence[Figure], runs: int) -> list[Figure]:
    """The figures with visidata's where it does the same."""
    found = visidata_times(runs)
    return [
        replace(one, peers={**one.peers, f"visidata, {what}": found[what]})
        if (what := _BESIDE.get(one.what)) in found
        else one
        for one in figures
    ]
