"""A command that is told to end while it asks vendors: what must not be cut is finished, then it ends as told.

Without this TERM and HUP (`timeout`, a service manager, a lost connection) end the process in the middle of a
renewal, and a sign-in whose answer nobody kept has to be done again.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any, Final

_TOLD: Final = (signal.SIGTERM, signal.SIGHUP)


class Told(KeyboardInterrupt):
    """The process was sent this signal."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class Ending:
    """Between `begin` and `finish` the first TERM or HUP raises `Told` in the main thread. A second TERM ends the
    process as ever; HUP comes beside other signals, and means nothing then."""

    def __init__(self) -> None:
        self._before: dict[int, Any] = {}

    def begin(self) -> None:
        """Does nothing outside the main thread, and leaves an ignored signal (nohup) ignored."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in _TOLD:
            handler = signal.getsignal(number)
            if handler == signal.SIG_DFL:
                self._before[number] = handler
                signal.signal(number, self._on_signal)

    def finish(self) -> None:
        """All is as before `begin`. Whoever catches `Told` last ends the process by that signal."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        for told in self._before:
            signal.signal(told, signal.SIG_IGN if told == signal.SIGHUP else signal.SIG_DFL)
        raise Told(number)
