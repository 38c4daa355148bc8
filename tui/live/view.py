"""A view: which sessions are shown, and in which order. Pure; the order is total, so equal rows never swap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from tui.live.orders import DEFAULT_ORDER as DEFAULT_ORDER
from tui.live.orders import ENDED_ORDER as ENDED_ORDER
from tui.live.orders import ORDERS as ORDERS
from tui.live.orders import in_order
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
