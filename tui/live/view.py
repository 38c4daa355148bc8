"""A view: which sessions are shown, and in which order. Pure; the order is total, so equal rows never swap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from operator import attrgetter, eq
from typing import Any

from tui.live.rows import Place
from tui.model.filter import EMPTY, Filter, fold
from tui.model.lazy_dataclass import dataclass
from tui.model.session import Session, wait_seconds
from tui.model.status import Status

LONG_WAIT_MINUTES = 5


class ViewKind(StrEnum):
    """The views that come with the program."""

    LIVE = "live"
    WAITING = "waiting"
    MINE = "mine"
    ENDED = "ended"
    ALL = "all"


# --- orders ------------------------------------------------------------------------------------------------

SortKey = Callable[[Session], float | str | None]


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort. `key` gives what rows are compared by, smallest first; None sorts last either way.

    `key` None is the order of urgency itself, which also decides between equals in every other order.
    """

    id: str
    title: str
    key: SortKey | None


# Groups of the order of urgency, far enough apart that no time in seconds reaches the next one.
_GROUP = 1e11
_GROUPS = {
    Status.WAITING: 0 * _GROUP,
    Status.ACTIVE: 1 * _GROUP,
    Status.NOT_STARTED: 2 * _GROUP,
    Status.UNKNOWN: 3 * _GROUP,
    Status.ENDED: 4 * _GROUP,
    Status.ABANDONED: 4 * _GROUP,
    Status.FAILED: 4 * _GROUP,
}
_NO_TIME = 4e10
_ENDED = 4 * _GROUP


def _urgency(session: Session) -> float:
    """Waits longest first, then active by age, not started, unknown, and what has ended, newest first."""
    group = _GROUPS[session.status]
    if group == _ENDED:
        ended = session.ended_at or session.updated_at or session.created_at or session.started_at
        return group + _NO_TIME if ended is None else group - ended.timestamp()
    began = session.created_at or session.started_at
    return group + _NO_TIME if began is None else group + began.timestamp()


def _began(session: Session) -> float | None:
    began = session.created_at or session.started_at
    return None if began is None else began.timestamp()


def _updated(session: Session) -> float | None:
    return None if session.updated_at is None else -session.updated_at.timestamp()


def _ended_at(session: Session) -> float | None:
    return None if session.ended_at is None else -session.ended_at.timestamp()


def _rank(session: Session) -> float:
    return session.status.rank


def _provider(session: Session) -> str:
    return f"{session.provider}\n{session.profile}"


def _customer(session: Session) -> str | None:
    name = session.customer or session.customer_email or session.customer_phone
    return fold(name) if name else None


def _agent(session: Session) -> str | None:
    return fold(session.agent) if session.agent else None


ORDERS: Mapping[str, Order] = {
    order.id: order
    for order in (
        Order("wait", "wait", None),
        Order("age", "age", _began),
        Order("status", "status", _rank),
        Order("provider", "provider", _provider),
        Order("customer", "customer", _customer),
        Order("agent", "agent", _agent),
        Order("updated", "updated", _updated),
        Order("ended", "ended", _ended_at),
    )
}
DEFAULT_ORDER = "wait"
URGENT = ORDERS[DEFAULT_ORDER]
ENDED_ORDER = "ended"


# --- views -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """What one view shows. `order` is a key of `ORDERS`."""

    kind: ViewKind = ViewKind.LIVE
    order: str = DEFAULT_ORDER
    reverse: bool = False
    filter: Filter = EMPTY


def select(
    sessions: Iterable[Session], spec: ViewSpec, now: datetime, mine: Mapping[str, str]
) -> list[Session]:
    """The sessions of a view, in order. `mine` maps a profile's name to the operator's own name there.

    Times are compared as times, so `now` moves no row; it is here for views that ask for an age.
    """
    chosen = of_kind(sessions, spec.kind, mine)
    if spec.filter:
        chosen = spec.filter.pick(chosen)
    return in_order(chosen, ORDERS[spec.order], reverse=spec.reverse)


def in_order(sessions: list[Session], order: Order, *, reverse: bool = False) -> list[Session]:
    """Sorted, without a doubt left: by the order's key, then urgency, then profile and id."""
    return from_urgent(_by_urgency(sessions), order, reverse=reverse)


def from_urgent(urgent: list[Session], order: Order, *, reverse: bool = False) -> list[Session]:
    """`in_order`, of sessions that are in the order of urgency already: what is equal stays as it is."""
    if order.key is None:
        return _shortest_wait_first(urgent) if reverse else urgent
    keys: list[Any] = list(map(order.key, urgent))
    known, blank = urgent, list[Session]()
    if None in keys:
        known = [one for one, key in zip(urgent, keys, strict=True) if key is not None]
        blank = [one for one, key in zip(urgent, keys, strict=True) if key is None]
        keys = [key for key in keys if key is not None]
    # Each key is asked for once, in the list's own order: moving the sessions themselves, not their places,
    # touches none of them again.
    each = iter(keys)
    return sorted(known, key=lambda _: next(each), reverse=reverse) + blank


def place_of(order: Order, *, reverse: bool = False) -> Callable[[Session], Place]:
    """Where a session stands among others: what is sorted by this is as `in_order` puts it."""
    key = order.key
    if key is None:
        return _turned_wait if reverse else _urgent_place

    def place(session: Session) -> Place:
        by = key(session)
        if by is None:
            return True, *_urgent_place(session)
        return False, _Turned(by) if reverse else by, *_urgent_place(session)

    return place


def _urgent_place(session: Session) -> Place:
    return _urgency(session), session.profile, session.id


def _turned_wait(session: Session) -> Place:
    place = _urgent_place(session)
    return (False, _Turned(place)) if session.status is Status.WAITING else (True, place)


class _Turned:
    """Anything, compared the other way round."""

    __slots__ = ("by",)

    def __init__(self, by: Any) -> None:
        self.by = by

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Turned) and bool(self.by == other.by)

    def __lt__(self, other: _Turned) -> bool:
        return bool(other.by < self.by)

    def __hash__(self) -> int:
        return hash(self.by)


def _shortest_wait_first(urgent: list[Session]) -> list[Session]:
    """Who waits, the other way round; where nobody waits there is nothing to reverse, and it stays last."""
    waiting = [session for session in urgent if session.status is Status.WAITING]
    return waiting[::-1] + urgent[len(waiting) :]


def _by_urgency(sessions: list[Session]) -> list[Session]:
    """Urgency was computed once a session; only runs of equals pay for being told apart."""
    keys = [_urgency(session) for session in sessions]
    each = iter(keys)
    ordered = sorted(sessions, key=lambda _: next(each))
    if len(set(keys)) == len(keys):
        return ordered
    keys.sort()
    equal = [at for at, same in enumerate(map(eq, keys, islice(keys, 1, None))) if same]
    for start, end in _runs(equal):
        ordered[start:end] = sorted(ordered[start:end], key=attrgetter("profile", "id"))
    return ordered


def _runs(equal: list[int]) -> Iterator[tuple[int, int]]:
    """Places that equal their next one, as ranges: [3, 4, 9] gives (3, 6) and (9, 11)."""
    start = None
    for index, at in enumerate(equal):
        if start is None:
            start = at
        if index + 1 == len(equal) or equal[index + 1] != at + 1:
            yield start, at + 2
            start = None


def belongs(kind: ViewKind, mine: Mapping[str, str]) -> Callable[[Session], bool]:
    """Whether one session is of that kind of view; `mine` as in `select`."""
    if kind is ViewKind.MINE:
        names = _names(mine)
        return lambda session: _is_mine(session, names)
    return _BELONGS[kind]


_BELONGS: Mapping[ViewKind, Callable[[Session], bool]] = {
    ViewKind.ALL: lambda _: True,
    ViewKind.WAITING: lambda session: session.status is Status.WAITING,
    ViewKind.LIVE: lambda session: session.status.live,
    ViewKind.ENDED: lambda session: not session.status.live,
}


def of_kind(sessions: Iterable[Session], kind: ViewKind, mine: Mapping[str, str]) -> list[Session]:
    """All that `belongs`, in their order."""
    if kind is ViewKind.ALL:
        return list(sessions)
    if kind is ViewKind.WAITING:
        return [session for session in sessions if session.status is Status.WAITING]
    if kind is ViewKind.MINE:
        names = _names(mine)
        return [session for session in sessions if _is_mine(session, names)]
    if kind is ViewKind.LIVE:
        return [session for session in sessions if session.status in LIVE]
    return [session for session in sessions if session.status not in LIVE]


LIVE = frozenset(status for status in Status if status.live)


def _names(mine: Mapping[str, str]) -> dict[str, str]:
    return {profile: fold(name) for profile, name in mine.items() if name.strip()}


def _is_mine(session: Session, names: Mapping[str, str]) -> bool:
    me = names.get(session.profile)
    return me is not None and session.agent is not None and me in fold(session.agent)


# --- counts ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Counts:
    """Totals of a board: live sessions, those that wait too long, and live ones by profile name."""

    live: int = 0
    long_waits: int = 0
    per_profile: dict[str, int] = field(default_factory=dict)


def count_sessions(
    sessions: Iterable[Session], now: datetime, minutes: float = LONG_WAIT_MINUTES
) -> Counts:
    """Counts in one pass; a wait is long when it is over `minutes`."""
    counts = Counts()
    per_profile = counts.per_profile
    for session in sessions:
        if session.status not in LIVE:
            continue
        counts.live += 1
        per_profile[session.profile] = per_profile.get(session.profile, 0) + 1
        if session.status is Status.WAITING:
            waited = wait_seconds(session, now)
            counts.long_waits += waited is not None and waited > minutes * 60
    return counts
