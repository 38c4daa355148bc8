"""What is checked and cleaned before the screen starts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tui.terminal.environment import refusal, scrub_environment, utf8

TERM = {"TERM": "xterm-256color"}


@pytest.fixture
def tty() -> Iterator[int]:
    master, slave = os.openpty()
    yield slave
    os.close(master)
    os.close(slave)


@pytest.fixture
def closed() -> int:
    reading, writing = os.pipe()
    os.close(reading)
    os.close(writing)
    return reading


def test_a_terminal_is_accepted_with_any_standard_output(tty: int) -> None:
    reading, writing = os.pipe()
    assert refusal(TERM, tty, tty, tty) is None
    assert refusal(TERM, tty, writing, tty) is None
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_closed_stream_is_refused(tty: int, closed: int, place: int) -> None:
    fds = [tty, tty, tty]
    fds[place] = closed
    reason = refusal(TERM, *fds)
    assert reason is not None
    assert "is closed" in reason


@pytest.mark.parametrize("place", [0, 2])
def test_a_file_or_pipe_is_refused(tty: int, place: int) -> None:
    reading, writing = os.pipe()
    fds = [tty, tty, tty]
    fds[place] = reading
    reason = refusal(TERM, *fds)
    assert reason is not None
    assert "is not a terminal" in reason
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize("term", ["dumb", "unknown", ""])
def test_a_terminal_type_that_cannot_is_refused_naming_the_way_out(tty: int, term: str) -> None:
    reason = refusal({"TERM": term}, tty, tty, tty)
    assert reason is not None
    for command in ("sessions", "show", "transcript"):
        assert f"`sessiontop {command}`" in reason
    assert "\n" not in reason


def test_an_unset_type_is_enough_when_something_else_names_the_terminal(tty: int) -> None:
    assert refusal({"COLORTERM": "truecolor"}, tty, tty, tty) is None


@pytest.mark.parametrize(
    ("environ", "encoding", "expected"),
    [
        ({"LANG": "en_US.UTF-8"}, "utf-8", True),
        ({"LANG": "sv_SE.utf8@euro"}, "UTF8", True),
        ({}, "utf-8", True),
        ({"LC_ALL": "C"}, "utf-8", True),
        ({"LANG": "de_DE.ISO-8859-1"}, "utf-8", False),
        ({"LANG": "de_DE.ISO-8859-1", "LC_ALL": "C.UTF-8"}, "utf-8", True),
        ({"LANG": "de_DE.nonsense"}, "utf-8", False),
        ({"LANG": "en_US.UTF-8"}, "iso8859-1", False),
        ({"LANG": "en_US.UTF-8"}, None, False),
    ],
)
def test_utf8(environ: dict[str, str], encoding: str | None, expected: bool) -> None:
    assert utf8(environ, encoding) is expected


@pytest.fixture
def contained(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Scrubbing changes the process: not this one."""
    monkeypatch.setattr("tui.terminal.environment._forbid_core_dumps", lambda: None)
    mask = os.umask(0o022)
    yield
    os.umask(mask)


@pytest.mark.usefixtures("contained")
def test_variables_that_write_files_or_load_code_are_deleted() -> None:
    environ = {
        "TEXTUAL": "devtools,debug",
        "TEXTUAL_DEBUG": "1",
        "TEXTUAL_LOG": "/tmp/x",
        "TEXTUAL_DRIVER": "evil:Driver",
        "TEXTUAL_PRESS": "x,y",
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_THEME": "ansi-dark",
        "TEXTUAL_FPS": "15",
        "TEXTUAL_COLOR_SYSTEM": "256",
        "PATH": "/bin",
    }
    scrub_environment(environ)
    assert environ == {
        "TEXTUAL_THEME": "ansi-dark",
        "TEXTUAL_FPS": "15",
        "TEXTUAL_COLOR_SYSTEM": "256",
        "PATH": "/bin",
    }


@pytest.mark.usefixtures("contained")
def test_a_colour_system_that_would_crash_textual_is_deleted() -> None:
    environ = {"TEXTUAL_COLOR_SYSTEM": "pink"}
    scrub_environment(environ)
    assert environ == {}


PROGRAM = """
import ctypes, os, resource
from tui.terminal.guard import scrub_environment
scrub_environment(os.environ)
print(oct(os.umask(0)), resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_new_files_are_private_and_no_core_is_dumped() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stdout == "0o77 (0, 0) 0\n"


IMPORTS = """
import sys
before = set(sys.modules)
import tui.terminal.guard
print(*{name.partition(".")[0] for name in set(sys.modules) - before})
"""


def test_the_guard_brings_no_library_along() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert loaded - set(sys.stdlib_module_names) == {"tui"}
    assert "ctypes" not in loaded
