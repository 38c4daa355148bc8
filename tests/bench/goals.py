"""All goals in one table, each beside what was measured and, where they are on this machine, other programs.

Nothing is installed for it, and nothing is asserted: figures of one run on one machine, to be compared with each
other. Bytes do not depend on the machine; times do, and on what else it is doing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

from tests.bench import peers, scale, soak, soak_sockets, ssh, startup, wire
from tests.bench.figures import Figure, Measured, of_runs, table
from tests.bench.wire import APP, Program
from tests.end_to_end.pty_terminal import PtyTerminal

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


def main(runs: int, *, quick: bool, write: bool) -> None:
    """Prints the table; with `write` it is RESULTS.md too."""
    began = time.monotonic()
    _told("200,000 sessions")
    figures = scale.figures(1 if quick else runs)
    _told("starting")
    figures += _starts(2 if quick else runs)
    _told("keys")
    figures += _keys(3 if quick else runs)
    if quick:
        figures += _bytes(*wire.SIZES[0], 1)
    else:
        figures = peers.beside(figures, runs)
        figures += _long(runs)
    command = f"python -m tests.bench{' --quick' if quick else ''}{' --write' if write else ''}"
    lines = [*_head(command, time.monotonic() - began), "", *table(figures)]
    print("\n".join(lines))
    if write:
        RESULTS.write_text("\n".join(lines) + "\n")


def _long(runs: int) -> list[Figure]:
    """What takes minutes. The soak runs beside what counts bytes, which do not mind, and after what takes times."""
    _told("a slow link, ssh")
    slow, through_ssh = _slow_link(runs), ssh.figures(runs, programs=wire.OURS[:2])
    soaking = soak.Running()
    try:
        found: list[Figure] = []
        for columns, rows in wire.SIZES:
            _told(f"bytes, {columns}x{rows}")
            found += _bytes(columns, rows, runs)
        _told("minutes")
        found += _a_minute()
        _told("real sockets, and the rest of the soak")
        return [*found, *slow, *through_ssh, *soak_sockets.figures(), *soaking.figures()]
    finally:
        soaking.stop()


def _told(step: str) -> None:
    print(f"bench: {step}", file=sys.stderr, flush=True)


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
    commands = {"pass": ("-c", "pass"), "--version": ("-m", "tui", "--version")}
    commands["--help"] = ("-m", "tui", "--help")
    taken: dict[str, list[float]] = {
        name: [] for name in (*commands, "bare", "demo", "10k", "table")
    }
    bare, demo = startup.CASES.values()
    for number in range(runs + 1):
        found = {name: _whole_run((_PYTHON, *words)) for name, words in commands.items()}
        found["bare"], found["demo"] = startup.first_paint(*bare), startup.first_paint(*demo)
        found["10k"] = startup.first_paint((*_OURS.command, "--rows", "10000"), _OURS.ready)
        found["table"] = startup.first_paint((*_DATATABLE.command, "10000"), _DATATABLE.ready)
        for name, seconds in found.items():
            if number:  # the first round warms up
                taken[name].append(seconds * 1000)
    ms = {name: of_runs(values) for name, values in taken.items()}
    empty, textual = {"python -c pass": ms["pass"]}, {"bare Textual app": ms["bare"]}
    return [
        Figure("`--version`, ms", f"<= {2 * ms['pass'].median:.0f}", ms["--version"], empty),
        Figure("`--help`, ms", f"<= {2 * ms['pass'].median:.0f}", ms["--help"], empty),
        Figure(
            "first rows of the demo, ms",
            f"<= {1.8 * ms['bare'].median:.0f}, 0.4 x harlequin",
            ms["demo"],
            {**textual, **({} if runs < 3 else peers.harlequin_start(runs))},
        ),
        Figure("first rows of 10,000 at hand, ms", "-", ms["10k"], {"DataTable": ms["table"]}),
    ]


def _whole_run(command: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


# --- keys and bytes -----------------------------------------------------------------------------------------


def _keys(runs: int) -> list[Figure]:
    few, many = (_key_times(rows, runs) for rows in (1_000, scale.COUNT))
    goal = f"<= {max(4.0, 1.3 * few.median):.1f}"
    return [
        Figure("cursor down at 1,000 rows, key to last byte, ms", "<= 4", few),
        Figure("cursor down at 200,000 rows, key to last byte, ms", goal, many),
    ]


def _key_times(rows: int, runs: int) -> Measured:
    """Each press waits until what it paints is there; the last byte is the last before a twentieth of silence."""
    command = (*APP, "--rows", str(rows))
    times: list[float] = []
    with wire.started(Program("", command, _OURS.ready), 200, 50) as terminal:
        for _ in range(runs + 2):
            times.append(_press(terminal) * 1000)
    return of_runs(times[2:])


def _press(terminal: PtyTerminal) -> float:
    began = last = time.perf_counter()
    terminal.send(wire.DOWN)
    while terminal.pump(1.0 if last == began else 0.05):
        last = time.perf_counter()
    return last - began


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
