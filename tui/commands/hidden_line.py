"""One line typed or pasted into the terminal without being shown."""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager

from tui.model.problem import UsageProblem

LIMIT = 64 * 1024
_ERASE, _END = b"\x7f\x08", b"\x04"
_ENDING = (signal.SIGTERM, signal.SIGHUP)
_PASTE_MARKS = (b"\x1b[200~", b"\x1b[201~")


def ask(prompt: str) -> str:
    """What was typed up to Enter, from the terminal on standard input; the prompt goes to stderr.

    Raises `UsageProblem` when the input ends first, `KeyboardInterrupt` for Ctrl-C.
    """
    fd = sys.stdin.fileno()
    with _woken() as woken, _unseen(fd, prompt):
        try:
            return _text(_read(fd, woken))
        finally:
            _show("\n")  # the Enter was not shown either


def first_line() -> str:
    """The first line of standard input, which is a pipe or a file. Raises `UsageProblem` without one."""
    if sys.stdin is None:
        raise UsageProblem(
            "standard input is closed: pipe the address in, or run this in a terminal"
        )
    return _text(sys.stdin.buffer.readline(LIMIT + 1))


@contextmanager
def _woken() -> Iterator[int]:
    """Can be read from as soon as there was a signal. One that came to another thread, or just before the terminal is
    read, interrupts no read, and its handler would run only after the next key."""
    ours, theirs = os.pipe()
    for end in (ours, theirs):
        os.set_blocking(end, False)
    before = signal.set_wakeup_fd(theirs, warn_on_full_buffer=False)
    try:
        yield ours
    finally:
        signal.set_wakeup_fd(before)
        for end in (ours, theirs):
            os.close(end)


@contextmanager
def _unseen(fd: int, prompt: str) -> Iterator[None]:
    """No echo, and no line editing of the terminal's own: it cuts a line at 4095 characters and says nothing.

    The terminal is given back however this ends. A stopped program that goes on hides and prompts again.
    """
    visible = termios.tcgetattr(fd)
    unseen = termios.tcgetattr(fd)
    unseen[3] &= ~(termios.ECHO | termios.ICANON)
    unseen[6][termios.VMIN], unseen[6][termios.VTIME] = 1, 0

    def hide(*_: object, before: str = "\n") -> None:
        termios.tcsetattr(fd, termios.TCSADRAIN, unseen)
        _show(before + prompt)

    handlers = {number: signal.signal(number, _end) for number in _ENDING}
    handlers[signal.SIGCONT] = signal.signal(signal.SIGCONT, hide)
    hide(before="")
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        termios.tcsetattr(fd, termios.TCSADRAIN, visible)


def _show(text: str) -> None:
    # Past Python's own buffer: a handler may come in the middle of a write to it.
    os.write(sys.stderr.fileno(), text.encode("ascii", "replace"))


def _end(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _read(fd: int, woken: int) -> bytes:
    """Bytes up to the end of the line, the last one erased where somebody erased it."""
    typed = bytearray()
    while len(typed) <= LIMIT:
        came = _byte(fd, woken)
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


def _byte(fd: int, woken: int) -> bytes:
    """The next byte; empty at the end. Handlers of signals run meanwhile."""
    while True:
        ready, _, _ = select.select((fd, woken), (), ())
        if woken in ready:
            os.read(woken, 4096)
        if fd in ready:
            return os.read(fd, 1)


def _text(line: bytes) -> str:
    if len(line) > LIMIT:
        raise UsageProblem("that is too long to be an address")
    for mark in _PASTE_MARKS:  # a program that died before us may have left them on
        line = line.replace(mark, b"")
    return line.decode("utf-8", "replace").strip()
