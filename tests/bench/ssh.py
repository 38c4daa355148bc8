"""What goes over a real ssh connection, with its compression and without: bytes from the server, and key to last byte.

A private sshd on loopback (see ssh_link.py), htop beside it where it is installed. An ssh packet carries some 40 bytes
of its own, so these figures are larger than those on the pty for small updates and smaller for large ones where
compression is on.
"""

from __future__ import annotations

import signal
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

from tests.bench.figures import Figure, Measured, of_runs, printed
from tests.bench.ssh_link import NoServer, Remote, Server, narrate, server
from tests.bench.wire import DOWN, OURS, PAGE_DOWN, SIZES, Program, peers

_WATCHED: Final = 60.0
# After so long without a byte an answer is taken for whole.
_QUIET: Final = 0.5
_SETTLE: Final = 1.5
_IDLE: Final = "idle, nothing changes, B/min"
_CHANGES: Final = "5 % of the visible rows change every 2 s, B/min"
_LATENCY: Final = "cursor down, key to last byte, ms"
_GOALS: Final = {_IDLE: "0", _CHANGES: "<= htop / 4"}

Found = dict[tuple[str, tuple[int, int], bool], dict[str, Measured]]
Case = tuple[Program, tuple[int, int], bool]


def main(runs: int) -> None:
    """Prints a Markdown table, or why there is none."""
    found = figures(runs)
    if found:
        printed(found)


def figures(runs: int, *, programs: Sequence[Program] = OURS) -> list[Figure]:
    """A row for each measure, size and compression; none where no sshd can be had, which is said on stderr."""
    chosen = [*programs, *peers()]
    cases = [(one, size, on) for on in (False, True) for size in SIZES for one in chosen]
    found: Found = {}
    try:
        with server() as sshd:
            for number, case in enumerate(cases, 1):
                narrate(f"ssh: keys {number} of {len(cases)}, {_name(case)}")
                _try(found, case, lambda case=case: _keys(sshd, case, runs))  # type: ignore[misc]
            for label in (_IDLE, _CHANGES):
                narrate(f"ssh: {label}, all at once")
                for case, value in _minutes(sshd, cases, busy=label is _CHANGES).items():
                    found.setdefault(_place(case), {})[label] = of_runs([value])
    except NoServer as missing:
        narrate(f"ssh: {missing}: nothing is measured through ssh")
        return []
    return list(_rows(found, chosen))


def _rows(found: Found, programs: Sequence[Program]) -> Iterator[Figure]:
    first, *others = programs
    labels = dict.fromkeys(label for measured in found.values() for label in measured)
    for on in (False, True):
        for size in SIZES:
            for label in labels:
                each = {
                    one.name: found.get((one.name, size, on), {}).get(label) for one in programs
                }
                ours = each[first.name]
                if ours is not None:
                    beside = {one.name: one_of for one in others if (one_of := each[one.name])}
                    what = f"ssh{' -C' if on else ''}: {label}, {size[0]}x{size[1]}"
                    yield Figure(what, _GOALS.get(label, "-"), ours, beside)


def _place(case: Case) -> tuple[str, tuple[int, int], bool]:
    program, size, on = case
    return program.name, size, on


def _name(case: Case) -> str:
    program, (columns, rows), on = case
    return f"{program.name} {columns}x{rows}{', compressed' if on else ''}"


def _try(found: Found, case: Case, measure: Callable[[], dict[str, Measured]]) -> None:
    """One that does not start, or never shows its mark, costs its own figures and no more."""
    try:
        found.setdefault(_place(case), {}).update(measure())
    except AssertionError as error:
        narrate(f"ssh: {_name(case)} did not start: {str(error).splitlines()[0]}")


# --- keys ----------------------------------------------------------------------------------------------------


@contextmanager
def _started(sshd: Server, case: Case, *more: str) -> Iterator[Remote]:
    program, (columns, rows), on = case
    command = (*program.command, *more)
    with sshd.running(command, columns, rows, compression=on) as remote:
        remote.terminal.wait_for(program.ready)
        yield remote


def _keys(sshd: Server, case: Case, runs: int) -> dict[str, Measured]:
    with _started(sshd, case) as remote:
        _settle([remote], _SETTLE)
        for _ in range(2):  # the first may only bring the cursor into place
            _press(remote, DOWN)
        down = [_press(remote, DOWN) for _ in range(runs)]
        cell = []
        if case[0].ours:
            change = lambda: remote.signal(signal.SIGUSR1)  # noqa: E731
            cell = [_after(remote, change)[0] for _ in range(runs)]
        for text in (DOWN * case[1][1], DOWN):
            _press(remote, text)
        scroll = [_press(remote, DOWN)[0] for _ in range(runs)]
        page = [_press(remote, PAGE_DOWN)[0] for _ in range(min(runs, 3))]
    found = {
        "one visible cell changes, B": cell,
        "cursor down, B": [count for count, _ in down],
        "scroll by one, B": scroll,
        "page down, B": page,
    }
    measured = {what: of_runs([statistics.median(each)]) for what, each in found.items() if each}
    return {**measured, _LATENCY: of_runs([seconds * 1000 for _, seconds in down])}


def _press(remote: Remote, keys: str) -> tuple[int, float]:
    return _after(remote, lambda: remote.terminal.send(keys))


def _after(remote: Remote, act: Callable[[], object]) -> tuple[int, float]:
    """How many bytes come, until it is quiet, and the seconds until the last of them."""
    before = remote.received
    began = last = time.perf_counter()
    act()
    while remote.terminal.pump(_QUIET):
        last = time.perf_counter()
    return remote.received - before, last - began


# --- minutes -------------------------------------------------------------------------------------------------


def _minutes(sshd: Server, cases: Sequence[Case], *, busy: bool) -> dict[Case, float]:
    """Bytes a minute of all of them at once: what is counted does not depend on how busy the machine is."""
    with ExitStack() as stack:
        running: dict[Case, Remote] = {}
        for case in cases:
            more = case[0].busy if busy else ()
            if more is None:
                continue
            try:
                running[case] = stack.enter_context(_started(sshd, case, *more))
            except AssertionError as error:
                narrate(f"ssh: {_name(case)} did not start: {str(error).splitlines()[0]}")
        remotes = list(running.values())
        _settle(remotes, _SETTLE)
        before = {case: remote.received for case, remote in running.items()}
        _settle(remotes, _WATCHED)
        return {
            case: (remote.received - before[case]) / _WATCHED * 60
            for case, remote in running.items()
        }


def _settle(remotes: Sequence[Remote], seconds: float) -> None:
    """Reads from all of them for so long."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        for remote in remotes:
            remote.terminal.pump(min(0.02, left))
