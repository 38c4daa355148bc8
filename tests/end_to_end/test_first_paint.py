"""A warm start in a real terminal: rows before the program is imported, and the terminal given back whatever happens.

The import of Textual waits at a gate, a pipe that the test writes to: what is seen and done before it is opened is seen
and done before the import.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import warm
from tests.end_to_end.pty_terminal import CTRL_C, PtyTerminal, shown
from tui.settings import last_rows

WATCH = (sys.executable, "-m", "tui", "watch")
GATE = """
import os, sys
class Gate:
    def find_spec(self, name, path=None, target=None):
        if name == "textual":
            sys.meta_path.remove(self)
            with open(os.environ["GATE"]) as gate:
                if gate.read() == "fail":
                    raise ModuleNotFoundError("there is none", name="textual")
sys.meta_path.insert(0, Gate())
"""
ROWS = [warm.row(number) for number in range(4)]


@contextmanager
def started(
    folder: Path, *argv: str, rows: Sequence[object] = ROWS, config: str = "cache = true\n"
) -> Iterator[PtyTerminal]:
    """The program, which waits at the gate."""
    environ: dict[str, str | None] = dict(warm.made(folder, ROWS if rows else (), config=config))
    (folder / "sitecustomize.py").write_text(GATE)
    os.mkfifo(folder / "gate")
    environ |= {"PYTHONPATH": str(folder), "GATE": str(folder / "gate")}
    with PtyTerminal((*WATCH, *argv), columns=100, rows=20, environ=environ) as terminal:
        yield terminal


def open_gate(folder: Path, word: str = "go") -> None:
    """Returns when the program has come to the gate."""
    (folder / "gate").write_text(word)


def is_painted(terminal: PtyTerminal) -> bool:
    """Whether the frame is whole: its last line but one ends it."""
    return terminal.lines()[-2].endswith("by wait ▾")


def people(terminal: PtyTerminal) -> list[str]:
    """The customers on the screen, one a row."""
    lines = [shown(terminal.screen, y) for y in range(3, 7)]
    return [name for line in lines for name in warm.PEOPLE if name in line]


def given_back(terminal: PtyTerminal) -> bool:
    return (
        terminal.modes.left_on() == set() and terminal.attributes() == terminal.attributes_at_start
    )


def test_rows_stay_on_the_screen_from_before_the_import_on_and_early_keys_arrive(
    tmp_path: Path,
) -> None:
    with started(tmp_path) as terminal:
        terminal.wait_until(lambda: is_painted(terminal), "the first paint")
        names = list(warm.PEOPLE[:4])
        assert people(terminal) == names
        assert "as of 3m ago" in terminal.lines()[0]
        assert terminal.is_raw()
        terminal.send("jx")
        open_gate(tmp_path)
        before = len(terminal.output)
        # Byte by byte: no moment without the rows, until a key that was typed before the import has acted.
        while b"as of the last run" not in terminal.output:
            assert terminal.pump(20.0, most=1)
            assert people(terminal) == names
            assert terminal.modes.alternate
        taken_over = bytes(terminal.output[before:])
        assert b"\x1b[2J" not in taken_over
        assert b"\x1b[?1049" not in taken_over
        assert "as of 3m ago" in terminal.lines()[0]
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert given_back(terminal)
    kept = last_rows.read(str(tmp_path))
    assert kept is not None  # nobody answered: what was known of it is known still
    assert [row.customer for row in kept.rows] == names


def test_an_import_that_fails_gives_the_terminal_back_and_one_sentence(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        terminal.wait_until(lambda: is_painted(terminal), "the first paint")
        open_gate(tmp_path, "fail")
        assert terminal.wait_exit() == 2
        assert given_back(terminal)
        assert (
            terminal.lines()[0]
            == "sessiontop: the package textual is missing; from the project's folder:"
        )


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_a_signal_before_the_screen_gives_the_terminal_back(
    tmp_path: Path, number: int, code: int
) -> None:
    with started(tmp_path, rows=()) as terminal:
        terminal.wait_until(lambda: is_painted(terminal), "the first paint")
        assert "Asking identity, second for sessions." in terminal.text()
        if number == signal.SIGINT:
            terminal.send(CTRL_C)
        else:
            terminal.signal(number)
        assert terminal.wait_exit() == code
        assert given_back(terminal)
        assert terminal.text().strip() == ""


def test_a_mistake_in_the_store_is_told_on_the_normal_screen(tmp_path: Path) -> None:
    environ = warm.made(tmp_path, ROWS)
    store = tmp_path / "profiles.toml"
    store.write_text(store.read_text() + "= broken\n")
    with PtyTerminal(WATCH, columns=100, rows=20, environ=dict(environ)) as terminal:
        assert terminal.wait_exit() == 2
        assert b"\x1b[?1049h" in terminal.output
        assert given_back(terminal)
        assert terminal.lines()[0].startswith("sessiontop: ")
        assert "profiles.toml" in terminal.lines()[0]


@pytest.mark.parametrize(
    ("columns", "environ"), [(59, {}), (80, {"TERM": "dumb"}), (80, {"TERM": None})]
)
def test_where_the_frame_has_no_place_there_is_none(
    tmp_path: Path, columns: int, environ: dict[str, str | None]
) -> None:
    found: dict[str, str | None] = {**warm.made(tmp_path, ROWS), **environ}
    (tmp_path / "sitecustomize.py").write_text(GATE)
    os.mkfifo(tmp_path / "gate")
    found |= {"PYTHONPATH": str(tmp_path), "GATE": str(tmp_path / "gate"), "COLORTERM": None}
    with PtyTerminal(WATCH, columns=columns, rows=20, environ=found) as terminal:
        if not environ:
            open_gate(tmp_path, "fail")
        assert terminal.wait_exit() == 2
        assert b"\x1b[?1049h" not in terminal.output
        assert given_back(terminal)
