"""The event log's memory: the requests of the last hour."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import timedelta

from tui.net.exchange import Exchange

KEPT_FOR = timedelta(hours=1)
KEPT_AT_MOST = 10_000


class EventLog:
    """A ring of requests, oldest first. It needs no clock: the newest request says how late it is."""

    def __init__(self, limit: int = KEPT_AT_MOST) -> None:
        self._ring: deque[Exchange] = deque(maxlen=limit)

    def add(self, exchange: Exchange) -> None:
        """One more request; what is more than an hour older than it goes."""
        self._ring.append(exchange)
        oldest = exchange.at - KEPT_FOR
        while self._ring[0].at < oldest:
            self._ring.popleft()

    def extend(self, exchanges: Iterable[Exchange]) -> None:
        """Several, in order."""
        for exchange in exchanges:
            self.add(exchange)

    def entries(self) -> tuple[Exchange, ...]:
        """Everything kept, oldest first."""
        return tuple(self._ring)

    def __len__(self) -> int:
        return len(self._ring)
