"""Putting a terminal back: the bytes that end every mode we may have set, and writes that never hang.

Standard library only. Nothing here waits longer than it is told to, because it runs when things already went
wrong: the reader of the terminal may be gone or asleep (Ctrl-S, a stalled SSH link).
"""

from __future__ import annotations

import contextlib
import errno
import os
import termios
import time
from typing import Final

Attributes = list[int | list[bytes | int]]
"""What `termios.tcgetattr` gives: iflag, oflag, cflag, lflag, two speeds, control characters."""

# CAN ends a sequence that was cut in the middle; the kitty keys go before the alternate screen is left,
# because each screen has its own stack of them and the other one belongs to the shell.
RESET: Final = (
    b"\x18"
    + b"".join(
        b"\x1b[?%dl" % mode for mode in (2026, 1000, 1002, 1003, 1015, 1006, 1016, 1004, 2004, 2048)
    )
    + b"\x1b[<u\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h"
)

# For a terminal that may well be on its normal screen: leaving the alternate screen moves the cursor to the
# position saved last, so the present one is saved first.
_RESET_FROM_SHELL: Final = RESET.replace(b"\x1b[?1049l", b"\x1b7\x1b[?1049l")

_RETRY_SECONDS: Final = 0.01


def own_description(fd: int) -> int | None:
    """A second, non-blocking way to the terminal behind `fd`, or None where there is none.

    The blocking flag belongs to the open file, which we share with the shell: so we do not touch it, but open
    the terminal once more. `/dev/tty` works after `su`, the device's own name where we have no controlling one.
    """
    flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC
    for name in _names(fd):
        try:
            own = os.open(name, flags)
        except OSError:
            continue
        if os.isatty(own):
            return own
        os.close(own)
    return None


def _names(fd: int) -> list[str]:
    names: list[str] = []
    with contextlib.suppress(OSError):
        os.tcgetpgrp(fd)  # succeeds only for the controlling terminal, the one /dev/tty names
        names.append("/dev/tty")
    with contextlib.suppress(OSError):
        name = os.ttyname(fd)
        # In a container the name may belong to another device.
        if os.stat(name).st_rdev == os.fstat(fd).st_rdev:
            names.append(name)
    return names


def in_foreground(fd: int) -> bool:
    """Whether the terminal's modes are ours to change. False for a background job and a terminal that is gone."""
    try:
        return os.tcgetpgrp(fd) == os.getpgrp()
    except OSError as error:
        # Not our controlling terminal: then there is no job control on it either.
        return error.errno == errno.ENOTTY and os.isatty(fd)


def get_attributes(fd: int) -> Attributes | None:
    """The line discipline's settings, or None when `fd` is not (or no longer) a terminal."""
    try:
        return termios.tcgetattr(fd)
    except (termios.error, OSError):
        return None


def put_attributes(fd: int, attributes: Attributes) -> bool:
    """Sets them at once, without waiting for output to drain; True when they hold."""
    if get_attributes(fd) == attributes:
        return True
    try:
        termios.tcsetattr(fd, termios.TCSANOW, attributes)
    except (termios.error, OSError):
        return False
    return True


def write_bounded(fd: int, data: bytes, seconds: float, *, discard: bool = False) -> bool:
    """Writes all of `data`, waiting at most `seconds`; True when it was all taken.

    With `discard`, what a stalled terminal did not read yet is thrown away first: those are frames of a screen
    that is being left, and the reset must fit in. The descriptor's blocking flag is as before afterwards.
    """
    deadline = time.monotonic() + seconds
    try:
        blocking = os.get_blocking(fd)
        os.set_blocking(fd, False)
    except OSError:
        return False
    try:
        return _write_until(fd, data, deadline, discard)
    finally:
        with contextlib.suppress(OSError):
            os.set_blocking(fd, blocking)


def _write_until(fd: int, data: bytes, deadline: float, discard: bool) -> bool:
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(fd, rest) :]
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            if discard:
                with contextlib.suppress(termios.error, OSError):
                    termios.tcflush(fd, termios.TCOFLUSH)
                rest = memoryview(data)  # the flush may have thrown away our own beginning
            time.sleep(_RETRY_SECONDS)  # another writer may hold the terminal's lock
        except OSError:
            return False
    return True


def reset_terminal(fd: int | None = None) -> None:
    """What `sessiontop reset-terminal` does: ends every mode and gives line input and echo back.

    Acts on `fd`, else on the controlling terminal. Raises `OSError` when there is none or it takes nothing.
    """
    terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC) if fd is None else fd
    try:
        attributes = get_attributes(terminal)
        if attributes is None:
            raise OSError(errno.ENOTTY, "not a terminal")
        if not put_attributes(terminal, _sane(attributes)):
            raise OSError(errno.EIO, "the terminal refused its settings")
        if not write_bounded(terminal, _RESET_FROM_SHELL, 2.0, discard=True):
            raise OSError(errno.EAGAIN, "the terminal takes no output")
    finally:
        if fd is None:
            os.close(terminal)


def _sane(attributes: Attributes) -> Attributes:
    """As `stty sane`, for the flags that a full-screen program changes."""
    iflag, oflag, cflag, lflag, *rest = attributes
    assert isinstance(iflag, int)
    assert isinstance(oflag, int)
    assert isinstance(lflag, int)
    iflag = (iflag | termios.ICRNL | termios.IXON) & ~(
        termios.INLCR | termios.IGNCR | termios.IXOFF
    )
    oflag |= termios.OPOST | termios.ONLCR
    lflag |= termios.ECHO | termios.ECHOE | termios.ECHOK
    lflag |= termios.ICANON | termios.IEXTEN | termios.ISIG
    return [iflag, oflag, cflag, lflag, *rest]
