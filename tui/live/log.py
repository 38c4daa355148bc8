"""The event log's memory: the requests of the last hour, and what came of every write."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import merge
from operator import attrgetter

from tui.model.lazy_dataclass import dataclass
from tui.model.problem import BadAnswer, NoAnswer, Problem, Refused, UnknownOutcome
from tui.model.text import NO_TEXT, Clean
from tui.net.exchange import Exchange

KEPT_FOR = timedelta(hours=1)
KEPT_AT_MOST = 10_000
WRITES_KEPT = 2_000


class Outcome(StrEnum):
    """What came of a write."""

    DONE = "done"
    ALREADY = "already so"
    """The vendor found it as it was wanted: a success."""
    REFUSED = "refused"
    NOT_SENT = "not sent"
    """It never reached the vendor: trying again is safe."""
    UNKNOWN = "unknown"
    """It may have been done. Never sent again by itself."""
    FOUND = "found"
    """Unknown at first, and found to have been done."""
    NOT_DONE = "not done"
    """Unknown at first; the vendor shows things as they were before."""

    @property
    def good(self) -> bool:
        """Whether what was wanted is so."""
        return self in (Outcome.DONE, Outcome.ALREADY, Outcome.FOUND)


@dataclass(frozen=True, slots=True)
class Wrote:
    """One write and what came of it. `what` is `create` or the action's id; `ref` is the session's id as it is shown,
    empty where there is none; `words` say more. What is learned later is a further record of the same write."""

    at: datetime
    profile: str
    what: str
    ref: Clean
    outcome: Outcome
    words: Clean = NO_TEXT


def outcome_of(problem: Problem | None, *, already: bool = False) -> Outcome:
    """The outcome of a write by the problem that its answer carries."""
    if problem is None:
        return Outcome.ALREADY if already else Outcome.DONE
    if isinstance(problem, (UnknownOutcome, NoAnswer, BadAnswer)):
        return Outcome.UNKNOWN
    return Outcome.REFUSED if isinstance(problem, Refused) else Outcome.NOT_SENT


Entry = Exchange | Wrote


class EventLog:
    """A ring of requests, oldest first, and the writes of this run. It needs no clock: the newest request says how
    late it is. Writes are few and stay, however many requests there were since."""

    def __init__(self, limit: int = KEPT_AT_MOST) -> None:
        self._ring: deque[Exchange] = deque(maxlen=limit)
        self._writes: deque[Wrote] = deque(maxlen=WRITES_KEPT)

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

    def wrote(self, records: Iterable[Wrote]) -> None:
        """What came of writes."""
        self._writes.extend(records)

    def entries(self) -> tuple[Exchange, ...]:
        """Every request that is kept, oldest first."""
        return tuple(self._ring)

    def writes(self) -> tuple[Wrote, ...]:
        """What came of every write, oldest first."""
        return tuple(self._writes)

    def lines(self) -> list[Entry]:
        """Requests and writes by time; a write stands behind the requests that it was made of."""
        requests = sorted(self._ring, key=attrgetter("at"))
        return list(merge(requests, self._writes, key=attrgetter("at")))

    def __len__(self) -> int:
        return len(self._ring)
