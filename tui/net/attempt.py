"""One request on its way: how long it may take, and what is known of it when it fails.

httpx cannot bound a whole request, only each of its reads, and cancelling one from outside leaks its pool slot.
So the deadline travels in a context variable, and the network stream (`net/transport.py`) never waits longer.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from typing import Final

from tui.model.lazy_dataclass import dataclass

# More than any vendor's headers, far less than a flood of 1xx answers.
HEAD_LIMIT: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Timeouts:
    """All in seconds. `pool` bounds the wait for a free connection, `overall` the whole request."""

    connect: float = 5.0
    read: float = 10.0
    write: float = 10.0
    pool: float = 5.0
    overall: float = 15.0


@dataclass(slots=True)
class Attempt:
    """What the stream writes down while it works.

    `deadline` is in the event loop's time, `began` in the monotonic time of `now`: the first byte of the request
    sent, or the start of the attempt until then. `tls_host` is the origin's host where it must be spoken to in
    TLS: what is written before is a proxy's business and not yet the request.
    """

    deadline: float
    now: Callable[[], float]
    tls_host: str | None
    began: float = 0.0
    sent: bool = False
    status: int | None = None
    received: int = 0
    head: int = 0
    cause: str | None = None
    skew: float | None = None
    certificate_ends: datetime | None = None

    def wrote(self, tls_host: str | None) -> None:
        """Bytes are about to leave on a stream that speaks TLS to `tls_host`."""
        if not self.sent and self.tls_host in (None, tls_host):
            self.sent = True
            self.began = self.now()

    def heard(self, size: int) -> bool:
        """Bytes came; False when there are too many of them before an answer began."""
        if self.status is None:
            self.head += size
        return self.head <= HEAD_LIMIT


current: ContextVar[Attempt | None] = ContextVar("current_attempt", default=None)
