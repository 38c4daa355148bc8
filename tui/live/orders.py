"""The orders in which sessions are shown. Each is total, so equal rows never swap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from operator import attrgetter, eq
from typing import Any, Final

from tui.live.rows import Place
from tui.model.filter import fold, fold_all
from tui.model.lazy_dataclass import dataclass
from tui.model.session import Session
from tui.model.status import Status


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort. `key` gives what rows are compared by, smallest first; None sorts last either way.

    `key` None is the order of urgency itself, which also decides between equals in every other order. `turned`: the
    greatest comes first. `few`: what the key is made of, where few are there and many have the same. `name`: what the
    key is a fold of, where many are there. `keys` gives the keys of many in fewer steps.
    """

    id: str
    title: str
    key: Callable[[Session], Any] | None
    turned: bool = False
    few: Callable[[Session], Any] | None = None
    name: Callable[[Session], str | None] | None = None
    keys: Callable[[Sequence[Session]], list[Any]] | None = None

    def keys_of(self, sessions: Sequence[Session]) -> list[Any]:
        """The key of each; not for the order of urgency."""
        assert self.key is not None
        return list(map(self.key, sessions)) if self.keys is None else self.keys(sessions)


# Groups of the order of urgency.
WAITING: Final = 0
ENDED: Final = 4
_GROUPS: Final = {
    Status.WAITING: WAITING,
    Status.ACTIVE: 1,
    Status.NOT_STARTED: 2,
    Status.UNKNOWN: 3,
    Status.ENDED: ENDED,
    Status.ABANDONED: ENDED,
    Status.FAILED: ENDED,
}
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_named = attrgetter("profile", "id")
# So few are told apart one by one.
_FEW: Final = 8


def _began(session: Session) -> datetime | None:
    return session.created_at or session.started_at


def _begun(sessions: Sequence[Session]) -> list[datetime | None]:
    return [one.created_at or one.started_at for one in sessions]


def _rank(session: Session) -> int:
    return session.status.rank


def customer_of(session: Session) -> str | None:
    """What a customer is called here; None when nothing is known."""
    return session.customer or session.customer_email or session.customer_phone or None


def _customer(session: Session) -> str | None:
    name = customer_of(session)
    return fold(name) if name else None


def _customers(sessions: Sequence[Session]) -> list[str | None]:
    names = [one.customer or one.customer_email or one.customer_phone for one in sessions]
    folded = fold_all([name or "" for name in names])
    return [key if name else None for name, key in zip(names, folded, strict=True)]


def _agent(session: Session) -> str | None:
    return fold(session.agent) if session.agent else None


_by_provider = attrgetter("provider", "profile")

ORDERS: Mapping[str, Order] = {
    order.id: order
    for order in (
        Order("wait", "wait", None),
        Order("age", "age", _began, keys=_begun),
        Order("status", "status", _rank, few=attrgetter("status")),
        Order("provider", "provider", _by_provider, few=_by_provider),
        Order("customer", "customer", _customer, name=customer_of, keys=_customers),
        Order("agent", "agent", _agent, few=attrgetter("agent")),
        Order("updated", "updated", attrgetter("updated_at"), turned=True),
        Order("ended", "ended", attrgetter("ended_at"), turned=True),
    )
}
DEFAULT_ORDER: Final = "wait"
URGENT: Final = ORDERS[DEFAULT_ORDER]
ENDED_ORDER: Final = "ended"


def in_order(sessions: list[Session], order: Order, *, reverse: bool = False) -> list[Session]:
    """Sorted, without a doubt left: by the order's key, then urgency, then profile and id."""
    if order.key is not None:
        turned = reverse != order.turned
        return _sorted(sessions, order.keys_of(sessions), _by_urgency, turned=turned)
    urgent = _by_urgency(sessions)
    if not reverse:
        return urgent
    # Who waits, the other way round; where nobody waits there is nothing to reverse, and it stays last.
    waiting = sum(session.status is Status.WAITING for session in urgent)
    return urgent[:waiting][::-1] + urgent[waiting:]


def _by_urgency(sessions: list[Session]) -> list[Session]:
    """Waits longest first, then active by age, not started, unknown, and what has ended, newest first."""
    if len(sessions) < _FEW:
        return sorted(sessions, key=urgent_place)
    found: list[Session] = []
    for number, group in by_group(sessions):
        found += _sorted(group, times(group, number), _by_name, turned=number == ENDED)
    return found


def _by_name(sessions: list[Session]) -> list[Session]:
    return sorted(sessions, key=_named)


def by_group(sessions: list[Session]) -> list[tuple[int, list[Session]]]:
    """The groups of the order of urgency that anybody is in, with their numbers."""
    groups: list[list[Session]] = [[] for _ in range(ENDED + 1)]
    put = {status: groups[number].append for status, number in _GROUPS.items()}
    for session in sessions:
        put[session.status](session)
    return [(number, group) for number, group in enumerate(groups) if group]


def times(group: list[Session], number: int) -> list[datetime | None]:
    """What the sessions of that group are ordered by: when they ended (newest first), or when they began."""
    if number == ENDED:
        return [one.ended_at or one.updated_at or one.created_at or one.started_at for one in group]
    return [one.created_at or one.started_at for one in group]


def _sorted(
    sessions: list[Session],
    keys: list[Any],
    equals: Callable[[list[Session]], list[Session]],
    *,
    turned: bool,
) -> list[Session]:
    """By their keys, None last. Those that have the same are put in order by `equals`."""
    blank: list[Session] = []
    if not all(keys):  # what is empty may be None
        blank = [one for one, key in zip(sessions, keys, strict=True) if key is None]
    if blank:
        sessions = [one for one, key in zip(sessions, keys, strict=True) if key is not None]
        keys = [key for key in keys if key is not None]
    order = sorted(range(len(keys)), key=keys.__getitem__, reverse=turned)
    keys = [keys[at] for at in order]
    found = [sessions[at] for at in order]
    same = [at for at, equal in enumerate(map(eq, keys, islice(keys, 1, None))) if equal]
    for start, end in _runs(same):
        found[start:end] = equals(found[start:end])
    return found + equals(blank) if blank else found


def _runs(equal: list[int]) -> Iterator[tuple[int, int]]:
    """Places that equal their next one, as ranges: [3, 4, 9] gives (3, 6) and (9, 11)."""
    start = None
    for index, at in enumerate(equal):
        if start is None:
            start = at
        if index + 1 == len(equal) or equal[index + 1] != at + 1:
            yield start, at + 2
            start = None


# --- places ------------------------------------------------------------------------------------------------


def place_of(order: Order, *, reverse: bool = False) -> Callable[[Session], Place]:
    """Where a session stands among others: what is sorted by this is as `in_order` puts it."""
    key = order.key
    if key is None:
        return _shortest_wait_place if reverse else urgent_place
    turned = reverse != order.turned

    def place(session: Session) -> Place:
        by = key(session)
        if by is None:
            return True, *urgent_place(session)
        return False, turn(by) if turned else by, *urgent_place(session)

    return place


def urgent_place(session: Session) -> Place:
    """The place in the order of urgency: the group, whether no time is known, the time, and who it is."""
    group = _GROUPS[session.status]
    if group == ENDED:
        ended = session.ended_at or session.updated_at
        ended = ended or session.created_at or session.started_at
        if ended is not None:
            return group, False, _EPOCH - ended, session.profile, session.id
    else:
        began = session.created_at or session.started_at
        if began is not None:
            return group, False, began, session.profile, session.id
    return group, True, session.profile, session.id


def _shortest_wait_place(session: Session) -> Place:
    place = urgent_place(session)
    return (WAITING, Turned(place[1:])) if place[0] == WAITING else place


def turn(by: Any) -> Any:
    """What sorts the other way round."""
    if isinstance(by, datetime):
        return _EPOCH - by
    return -by if isinstance(by, int) else Turned(by)


class Turned:
    """Anything, compared the other way round."""

    __slots__ = ("by",)

    def __init__(self, by: Any) -> None:
        self.by = by

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Turned) and bool(self.by == other.by)

    def __lt__(self, other: Turned) -> bool:
        return bool(other.by < self.by)

    def __hash__(self) -> int:
        return hash(self.by)
