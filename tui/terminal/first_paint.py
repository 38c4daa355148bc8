"""The first paint: a frame of the queue before anything is imported that costs time, and the way back from it.

`paint` shows it and puts the guard up behind it; `guard` hands that guard over to whoever runs the screen, which
then writes its own first frame over what is there. Until then `hide` shows the normal screen before every sentence on
stderr, and `leave` gives the terminal back when the program ends otherwise.

Standard library only, and of that what the interpreter has loaded anyway, up to the paint itself.
"""

from __future__ import annotations

import os
import sys
import time

from tui.terminal.environment import refusal, utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Final

    from tui.terminal.guard import Guard

LEAST: Final = (60, 15)
"""Columns and rows below which the screen itself says only that it is too small."""
_MOST: Final = (1000, 500)
# As the guard has them: what ends us waits until the guard stands.
_ENDING: Final = (1, 2, 3, 15)
_ENTER: Final = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[m\x1b[H\x1b[2J"
_LEAVE: Final = b"\x18\x1b[m\x1b[?7h\x1b[?1049l\x1b[?25h"
_PATIENCE: Final = 0.5  # seconds for a terminal that does not read

_standing: Guard | None = None


def paint(argv: list[str], environ: Mapping[str, str] = os.environ) -> bool:
    """Paints what is known, if these arguments are for a full screen and this is a terminal for one. Never raises."""
    try:
        text, size = _frame(argv, environ)
    except Exception:  # whatever it is, the program itself begins without a first paint
        return False
    return bool(text) and _show(text, size)


def guard() -> Guard:
    """The guard that stands since the first paint; a new one, not entered yet, where there was none."""
    global _standing
    found, _standing = _standing, None
    if found is None:
        from tui.terminal.guard import Guard

        found = Guard()
    return found


def hide() -> None:
    """Shows the normal screen again, for a sentence there, if the first paint is what is seen. The guard stands on."""
    if _standing is not None:
        _standing.give_back()


def leave() -> int:
    """Gives the terminal back, unless there was no first paint or somebody else has its guard now. The exit code that
    a signal asked for meanwhile; 0 without one."""
    global _standing
    found, _standing = _standing, None
    if found is None:
        return 0
    found.__exit__(None, None, None)
    return found.exit_code(None)


def _frame(argv: list[str], environ: Mapping[str, str]) -> tuple[str, tuple[int, int]]:
    """The frame and the size that it is for; an empty text where there is to be none."""
    size = (0, 0)
    if refusal(environ) is None and os.tcgetpgrp(0) == os.getpgrp():
        columns, rows = os.get_terminal_size(2)
        size = min(columns, _MOST[0]), min(rows, _MOST[1])
    if size[0] < LEAST[0] or size[1] < LEAST[1]:
        return "", size
    from tui.model.last_known import terminal_of
    from tui.terminal.first_facts import gather

    now = time.time()
    facts = gather(argv, environ, now)
    if facts is None:
        return "", size
    from tui.terminal.first_frame import compose

    coloured = facts.terminal == terminal_of(environ) and not environ.get("NO_COLOR")
    looks = facts.looks if coloured else {}
    return compose(facts, looks, size, now, ascii_only=not utf8(environ, _encoding())), size


def _encoding() -> str:
    return sys.__stderr__.encoding if sys.__stderr__ is not None else "utf-8"


def _show(text: str, size: tuple[int, int]) -> bool:
    """Writes the frame into the alternate screen, and puts the guard up. Signals wait meanwhile."""
    import termios

    # Not `signal`, which would cost a millisecond before the paint: the interpreter has this part of it loaded.
    from _signal import SIG_BLOCK, SIG_SETMASK, pthread_sigmask  # type: ignore[import-not-found]

    global _standing
    try:
        attributes = termios.tcgetattr(0)
        terminal = os.open("/dev/tty", os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (termios.error, OSError):
        return False
    mask = pthread_sigmask(SIG_BLOCK, _ENDING)
    try:
        termios.tcsetattr(0, termios.TCSANOW, _quiet(attributes))
        data = f"{_ENTER}{text}\x1b[m"
        whole = _write(terminal, data.encode(_encoding(), "replace"))
        from tui.terminal.guard import Guard

        _standing = Guard(found=attributes, painted=size if whole else (0, 0)).__enter__()
        _standing.unwinds = True
    except Exception:  # no thread, no descriptor left: then nobody would give the terminal back
        _write(terminal, _LEAVE)
        termios.tcsetattr(0, termios.TCSANOW, attributes)
    finally:
        os.close(terminal)
        pthread_sigmask(SIG_SETMASK, mask)
    return _standing is not None


def _quiet(attributes: list[Any]) -> list[Any]:
    """Keys wait unseen and unchanged for the screen, which will read them one by one. ctrl+c still ends a program
    that takes long to begin; ctrl+z waits, since nothing would give the terminal back."""
    import termios

    iflag, oflag, cflag, lflag, *speeds, characters = attributes
    iflag &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    lflag &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    characters = list(characters)
    characters[termios.VMIN], characters[termios.VTIME] = 1, 0
    characters[termios.VSUSP] = b"\x00"
    return [iflag, oflag, cflag, lflag, *speeds, characters]


def _write(fd: int, data: bytes) -> bool:
    """False where the terminal does not take all of it in time: then nobody knows what it shows."""
    deadline = time.monotonic() + _PATIENCE
    while data:
        try:
            data = data[os.write(fd, data) :]
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.01)
    return True
