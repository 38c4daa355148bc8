"""The way out to the terminal: text in, bytes to the device, and never stuck on a terminal that is gone.

Standard library only. It stands where `sys.stderr` would: that one shares its blocking flag with the shell,
keeps undelivered text that fails again when the interpreter ends, and cannot be told to give up.
"""

from __future__ import annotations

import contextlib
import os
import select
import time
from collections.abc import Callable
from typing import Final

from tui.terminal.reset import own_description

FLUSH_AT: Final = 16_384
"""Bytes kept before a write although no flush was asked for: a stalled terminal must stall the writer too."""
_RECHECK_MS: Final = 250


class TerminalStream:
    """A text stream onto the terminal behind `fd`; one thread writes, any thread may `abandon`.

    `flush` waits as long as the terminal does not read. Once the terminal is `gone` (EIO) or the stream was
    abandoned, everything is dropped silently: nobody is there to see it.
    """

    def __init__(
        self, fd: int, encoding: str = "utf-8", on_gone: Callable[[], None] | None = None
    ) -> None:
        own = own_description(fd)
        self._owned = own is not None
        self._fd = fd if own is None else own
        self._encoding = encoding
        self._on_gone = on_gone
        self._pending = bytearray()
        self._give_up_at: float | None = None
        self.dropping = False
        """Whether something was not, and nothing more will be, given to the terminal."""
        self.gone = False
        """Whether the terminal has hung up."""
        self.sent = 0
        """Bytes the terminal took so far."""

    def write(self, text: str) -> int:
        """Takes `text`; what the terminal's encoding lacks becomes `?`. Returns the number of characters."""
        if not self.dropping:
            self._pending += text.encode(self._encoding, "replace")
            if len(self._pending) >= FLUSH_AT:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Hands everything to the terminal, waiting for it; returns early when it is gone or abandoned."""
        while self._pending and not self.dropping:
            try:
                taken = os.write(self._fd, self._pending)
            except BlockingIOError:
                self._await_room()
            except OSError:
                self._lose()
            else:
                self.sent += taken
                del self._pending[:taken]

    def _await_room(self) -> None:
        if self._give_up_at is not None and time.monotonic() >= self._give_up_at:
            self.abandon()
            return
        poller = select.poll()
        poller.register(self._fd, select.POLLOUT)
        with contextlib.suppress(OSError):
            poller.poll(_RECHECK_MS)

    def _lose(self) -> None:
        self.gone = True
        self.abandon()
        if self._on_gone is not None:
            self._on_gone()

    def give_up_after(self, seconds: float) -> None:
        """From then on a terminal that does not read is not waited for: the first `flush` stuck abandons."""
        self._give_up_at = time.monotonic() + seconds

    def abandon(self) -> None:
        """Drops what is pending and all that follows; a waiting `flush` returns within a quarter of a second."""
        self.dropping = True

    def fileno(self) -> int:
        """The descriptor written to: our own, non-blocking one where the terminal could be opened again."""
        return self._fd

    def isatty(self) -> bool:
        """Whether a terminal is (still) there."""
        return os.isatty(self._fd)

    def close(self) -> None:
        """Ends the stream; the descriptor it was given stays open."""
        self.abandon()
        if self._owned:
            self._owned = False
            os.close(self._fd)
