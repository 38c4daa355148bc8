"""One line typed or pasted into the terminal without being shown."""

from __future__ import annotations

import os
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager

from tui.model.problem import UsageProblem

LIMIT = 64 * 1024
_ERASE, _END = b"\x7f\x08", b"\x04"
_PASTE_MARKS = (b"\x1b[200~", b"\x1b[201~")


def ask(prompt: str) -> str:
    """What was typed up to Enter, from the terminal on standard input; the prompt goes to stderr.

    Raises `UsageProblem` when the input ends first, `KeyboardInterrupt` for Ctrl-C.
    """
    fd = sys.stdin.fileno()
    with _unseen(fd):
        sys.stderr.write(prompt)
        sys.stderr.flush()
        try:
            return _text(_read(fd))
        finally:
            sys.stderr.write("\n")  # the Enter was not shown either
            sys.stderr.flush()


def first_line() -> str:
    """The first line of standard input, which is a pipe or a file. Raises `UsageProblem` without one."""
    if sys.stdin is None:
        raise UsageProblem(
            "standard input is closed: pipe the address in, or run this in a terminal"
        )
    return _text(sys.stdin.buffer.readline(LIMIT + 1))


@contextmanager
def _unseen(fd: int) -> Iterator[None]:
    """No echo, and no line editing of the terminal's own: it cuts a line at 4095 characters and says nothing."""
    before = termios.tcgetattr(fd)
    unseen = termios.tcgetattr(fd)
    unseen[3] &= ~(termios.ECHO | termios.ICANON)
    unseen[6][termios.VMIN], unseen[6][termios.VTIME] = 1, 0
    termios.tcsetattr(fd, termios.TCSADRAIN, unseen)
    try:
        yield
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, before)


def _read(fd: int) -> bytes:
    """Bytes up to the end of the line, the last one erased where somebody erased it."""
    typed = bytearray()
    while len(typed) <= LIMIT:
        came = os.read(fd, 1)
        if came in (b"\n", b"\r"):
            break
        if came in (b"", _END):
            if typed:
                break
            raise UsageProblem("nothing was pasted")
        if came in _ERASE:
            del typed[-1:]
        else:
            typed += came
    return bytes(typed)


def _text(line: bytes) -> str:
    if len(line) > LIMIT:
        raise UsageProblem("that is too long to be an address")
    for mark in _PASTE_MARKS:  # a program that died before us may have left them on
        line = line.replace(mark, b"")
    return line.decode("utf-8", "replace").strip()
