"""All goals in one table, each beside what was measured and, where they are on this machine, other programs.

Nothing is installed for it, and nothing is asserted: figures of one run on one machine, to be compared with each
other. Bytes do not depend on the machine; times do, and on what else it is doing.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

from tests.bench import (
    change,
    first_paint,
    fresh,
    idle,
    keys,
    peers,
    scale,
    soak,
    soak_sockets,
    ssh,
    startup,
    whole,
    wire,
)
from tests.bench.compiled import compiled
from tests.bench.figures import Figure, of_runs, table
from tests.bench.wire import APP, Program

RESULTS: Final = Path(__file__).with_name("RESULTS.md")
_PYTHON: Final = sys.executable
_OURS: Final = Program("sessiontop", APP, "Ana Lindqvist", wire.CHANGES)
_THIN: Final = Program("--low-bandwidth", (*APP, "--low-bandwidth"), "Ana Lindqvist", wire.CHANGES)
_DATATABLE: Final = Program(
    "DataTable", (_PYTHON, "-m", "tests.bench.datatable_app"), "Ana Lindqvist", ours=False
)
# What a byte goal is at 80x24 and at 200x50; htop's own figure stands beside it.
_BYTES: Final[Sequence[tuple[str, Callable[[Program, int, int, int], float | None], str, str]]] = (
    ("one visible cell changes, B", wire.one_cell, "<= 60", "<= 60"),
    ("cursor down, B", wire.down, "<= htop, 64 with the mark", "<= htop, 64 with the mark"),
    ("scroll by one, B", wire.scroll, "<= htop", "<= 528, 250 with the mark"),
    ("page down, B", wire.page_down, "-", "<= 4,500"),
)
_STARTS: Final = {
    **startup.CASES,
    "10k": ((*_OURS.command, "--rows", "10000"), _OURS.ready),
    "table": ((*_DATATABLE.command, "10000"), _DATATABLE.ready),
}


def main(runs: int, *, quick: bool, write: bool) -> None:
    """Prints the table; with `write` it is RESULTS.md too."""
    began = time.monotonic()
    _told("200,000 sessions")
    figures = _noted(scale.figures(1 if quick else runs))
    _told("starting")
    figures += _noted(_starts(1 if quick else runs))
    figures += _noted(first_paint.figures(2 if quick else 2 * runs))
    _told("keys")
    figures += _noted(keys.figures(5 if quick else 20))
    if quick:
        figures += _bytes(*wire.SIZES[0], 1)
    else:
        _told("a change at a vendor")
        figures += _noted(change.figures(runs))
        _told("the whole program with 200,000 sessions")
        figures += _noted(whole.figures(min(runs, 3)))
        figures = peers.beside(figures, runs)
        figures += _long(runs)
    command = f"python -m tests.bench{' --quick' if quick else ''}{' --write' if write else ''}"
    settings = [f"{name}={value}" for name, value in os.environ.items() if name.startswith("SOAK_")]
    command = " ".join([*sorted(settings), command])
    lines = [*_head(command, time.monotonic() - began), "", *table(figures)]
    print("\n".join(lines))
    if write:
        RESULTS.write_text("\n".join(lines) + "\n")


def _long(runs: int) -> list[Figure]:
    """What takes minutes. The soak runs beside what counts bytes, which do not mind, and after what takes times."""
    _told("a slow link, ssh")
    slow = _noted(_slow_link(runs))
    through_ssh = _noted(ssh.figures(runs, programs=wire.OURS[:2]))
    soaking = soak.Running()
    try:
        found: list[Figure] = []
        for columns, rows in wire.SIZES:
            _told(f"bytes, {columns}x{rows}")
            found += _noted(_bytes(columns, rows, runs))
        _told("minutes")
        found += _noted([*_a_minute(), *idle.figures()])
        _told("real sockets, and the rest of the soak")
        return [
            *found,
            *slow,
            *through_ssh,
            *_noted(soak_sockets.figures()),
            *soaking.figures(),
        ]
    finally:
        soaking.stop()


def _told(step: str) -> None:
    print(f"bench: {step}", file=sys.stderr, flush=True)


def _noted(figures: list[Figure]) -> list[Figure]:
    """What is known already, on stderr: the table comes much later, or never if something stops the bench."""
    print("\n".join(table(figures)[2:]), file=sys.stderr, flush=True)
    return figures


def _head(command: str, seconds: float) -> list[str]:
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    return [
        f"# What `{command}` measured",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}; {wire.machine()}; msgspec {version('msgspec')}, httpx {version('httpx')}; "
        f"{os.cpu_count()} cores, load at the end {loads} (1, 5, 15 minutes); {seconds:.0f} s in all.",
        "",
        "Median of the runs, the least and the most of them in brackets. Times below 200,000 sessions are processor "
        "time of one thread, the others time on the clock.",
        f"Peers that are not on this machine: {', '.join(peers.absent_names()) or 'none'}; "
        f"that did not start: {', '.join(peers.DID_NOT_START) or 'none'}.",
    ]


# --- starting -----------------------------------------------------------------------------------------------


def _starts(runs: int) -> list[Figure]:
    """Every round runs each case once, so that noise hits all alike."""
    taken: dict[str, list[float]] = {}
    with compiled() as environ, fresh.desks(environ) as desks:
        for number in range(runs + 1):
            found = {name: startup.taken(*case, environ) for name, case in _STARTS.items()}
            found |= {str(desk.delay): desk.fresh_rows(environ) for desk in desks}
            for name, seconds in found.items():
                if number:  # the first round warms up, and compiles
                    taken.setdefault(name, []).append(seconds * 1000)
    ms = {name: of_runs(values) for name, values in taken.items()}
    nothing, bare = ms[startup.NOTHING], ms[startup.BARE]
    empty, textual = {startup.NOTHING: nothing}, {startup.BARE: bare}
    vendors = "rows of five vendors that answer after {} ms, ms".format
    return [
        Figure("`--version`, ms", f"<= {2 * nothing.median:.0f}", ms[startup.VERSION], empty),
        Figure("`--help`, ms", f"<= {2 * nothing.median:.0f}", ms[startup.HELP], empty),
        Figure(
            "first rows of the demo, ms",
            f"<= {1.8 * bare.median:.0f}, 0.4 x harlequin",
            ms[startup.DEMO],
            {**textual, **({} if runs < 3 else peers.harlequin_start(runs))},
        ),
        Figure(vendors(0), "-", ms["0"], textual),
        Figure(vendors(150), f"<= {1.6 * bare.median:.0f}", ms["150"], textual),
        Figure(vendors(300), "<= 375 (stretch)", ms["300"], textual),
        Figure("first rows of 10,000 at hand, ms", "-", ms["10k"], {"DataTable": ms["table"]}),
    ]


# --- bytes --------------------------------------------------------------------------------------------------


def _bytes(columns: int, rows: int, runs: int) -> list[Figure]:
    found = []
    for what, measure, small, large in _BYTES:
        goal = small if columns == wire.SIZES[0][0] else large
        ours, thin = (measure(program, columns, rows, runs) for program in (_OURS, _THIN))
        beside = {_THIN.name: thin}
        for program in (*wire.peers(), *(peers.programs() if runs > 1 else ()), _DATATABLE):
            if measure is not wire.one_cell:  # they have nobody to tell it
                take = partial(measure, program, columns, rows, runs)
                beside[program.name] = peers.bounded(program.name, take)
        assert ours is not None  # it is measured everywhere
        others = {name: of_runs([one]) for name, one in beside.items() if one is not None}
        found.append(Figure(f"{what}, {columns}x{rows}", goal, of_runs([ours]), others))
    return found


def _a_minute() -> list[Figure]:
    found = []
    for columns, rows in wire.SIZES:
        size, htop = f"{columns}x{rows}", {}
        for program in wire.peers():
            value = wire.changes(program, columns, rows, 1)
            if value is not None:
                htop[program.name] = of_runs([value])
        idle, busy = wire.idle(_OURS, columns, rows, 1), wire.changes(_OURS, columns, rows, 1)
        assert idle is not None
        assert busy is not None
        found.append(Figure(f"idle, B a minute, {size}", "0", of_runs([idle])))
        what = f"5 % of the visible rows change every 2 s, B a minute, {size}"
        found.append(Figure(what, "<= htop / 4", of_runs([busy]), htop))
    return found


def _slow_link(runs: int) -> list[Figure]:
    what = "16 kB/s, 30 keys in a second: last key to last byte, s"
    found = []
    for program, goal in ((_OURS, "<= 0.3"), (_THIN, "<= 0.05")):
        peers = {
            one.name: of_runs([wire.slow_link(one, 80, 24, runs) or 0.0]) for one in wire.peers()
        }
        value = wire.slow_link(program, 80, 24, runs)
        assert value is not None
        found.append(Figure(f"{what}, {program.name}", goal, of_runs([value]), peers))
    return found
