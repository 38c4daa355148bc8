"""What an end at once waits for: it is bounded, said, and one more signal ends it too."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.end_to_end.pty_terminal import PtyTerminal

# A program whose main thread hangs, as in a write to a terminal that does not read. It says KEEPING, and has
# finished what it must when the test writes a byte.
PROGRAM = """
import os, sys, threading
from tui.terminal.guard import Guard
fd, seconds, attached = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
finished = threading.Event()
def read():
    os.read(fd, 1)
    finished.set()
threading.Thread(target=read, daemon=True).start()
with Guard(grace=0.2) as guard:
    if seconds:
        guard.finish_first(lambda: not finished.is_set(), "KEEPING\\n", seconds)
    if attached == "attached":
        guard.attach(lambda: None, lambda: None)
    guard.tell("HANGS\\n")
    threading.Event().wait()
"""


@contextmanager
def hanging(seconds: float = 20.0, how: str = "attached") -> Iterator[tuple[PtyTerminal, int]]:
    """The program, and where to write that it has finished."""
    end, tell = os.pipe()
    try:
        argv = [sys.executable, "-c", PROGRAM, str(end), str(seconds), how]
        with PtyTerminal(argv, pass_fds=[end]) as terminal:
            terminal.wait_for("HANGS")
            yield terminal, tell
    finally:
        os.close(end)
        os.close(tell)


@pytest.mark.parametrize("how", ["attached", "before there is an app"])
def test_it_ends_when_that_is_finished(how: str) -> None:
    with hanging(how=how) as (terminal, tell):
        terminal.signal(signal.SIGTERM)
        terminal.wait_for("KEEPING")
        assert terminal.attributes() == terminal.attributes_at_start
        terminal.signal(signal.SIGHUP)  # comes beside others: no impatience
        assert terminal.exit_status is None
        os.write(tell, b".")
        assert terminal.wait_exit() == 128 + signal.SIGTERM


def test_one_more_signal_ends_it() -> None:
    with hanging() as (terminal, _):
        terminal.signal(signal.SIGTERM)
        terminal.wait_for("KEEPING")
        terminal.signal(signal.SIGINT)
        assert terminal.wait_exit() == 128 + signal.SIGTERM


def test_so_does_its_time() -> None:
    with hanging(seconds=0.2) as (terminal, _):
        terminal.signal(signal.SIGTERM)
        terminal.wait_for("KEEPING")
        assert terminal.wait_exit() == 128 + signal.SIGTERM


def test_without_anything_to_finish_nothing_is_said() -> None:
    with hanging(seconds=0.0) as (terminal, _):
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit() == 128 + signal.SIGTERM
        assert "KEEPING" not in terminal.text()
