"""Wings of the desk: kinds of session that live beside the desk's own, each by its own chances.

The desk's own kinds share one stream of random numbers, so that one kind more among them would
change all of them. A wing draws from streams of its own and numbers its sessions in a range of its
own: whether it is there or not, everybody else's day stays as it is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import insort
from collections.abc import Callable, Iterable, Mapping
from random import Random
from typing import Generic, TypeVar

from tui.simulator.kinds import DAY, HOUR, MINUTE, Kind, Session, State

S = TypeVar("S", bound=Session)
T = TypeVar("T")
# How much of the desk's sessions and events a wing has, on top of them.
SHARE = 0.3
# Serial numbers a wing has for itself; the first such range is the desk's own.
RANGE = 50_000_000
# States that a session of a wing leaves again.
_OPEN = frozenset({State.PLANNED, State.WAITING, State.TALKING})
_STALE = 3 * HOUR


class Wing(ABC, Generic[S]):
    """All sessions of one kind. The desk calls with its lock held; times are milliseconds.

    `number` (1 or more) is the wing's place in the serial numbers; no two wings share one.
    """

    kind: Kind
    number: int

    def __init__(self, seed: int, sessions: int, rate: float, start: int) -> None:
        self.seed = seed
        self.rng = Random(f"{seed}|{self.kind} events")
        self._gap = MINUTE / (rate * SHARE) if rate > 0 else None
        self.sessions: list[S] = []
        self.live: dict[int, S] = {}
        self._numbered: list[S] = []
        # Grows with everything that happens, so that what was sorted can be kept.
        self.changes = 0
        people = Random(f"{seed}|{self.kind} people")
        found = self.populate(people, round(sessions * SHARE), start)
        for session in sorted(found, key=_age):
            self.enter(session)
        self._forget(start)
        self.size = max(4, len(self.live))
        self.due = self._after(start)

    # Reading

    def session(self, serial: int) -> S | None:
        """The session with this number, or None."""
        place = serial - self.number * RANGE
        return self._numbered[place] if 0 <= place < len(self._numbered) else None

    # What happens

    def advance(self, moment: int) -> None:
        """Let everything happen that is due until `moment`."""
        while (at := self.due) is not None and at <= moment:
            self.due = self._after(at)
            self._forget(at)
            chances = self.chances(at)
            (event,) = self.rng.choices(tuple(chances), tuple(chances.values()))
            event(at)

    def enter(self, session: S) -> S:
        """Give a session its number and its place."""
        session.serial = self.number * RANGE + len(self._numbered)
        self._numbered.append(session)
        insort(self.sessions, session, key=_age)
        self._seat(session)
        self.changes += 1
        return session

    def changed(self, session: S) -> None:
        """To be called after every change of a session."""
        session.version += 1
        self.changes += 1
        self._seat(session)

    def any_of(self, fits: Callable[[S], bool]) -> S | None:
        """Some live session that fits, None when there is none."""
        found = [one for one in self.live.values() if fits(one)]
        return self.rng.choice(found) if found else None

    def count(self, state: State) -> int:
        """How many live sessions are in a state."""
        return sum(one.state is state for one in self.live.values())

    def _after(self, moment: int) -> int | None:
        return None if self._gap is None else moment + 1 + int(self.rng.expovariate(1 / self._gap))

    def _seat(self, session: S) -> None:
        if session.state in _OPEN:
            self.live[session.serial] = session
        else:
            self.live.pop(session.serial, None)

    def _forget(self, at: int) -> None:
        """What was planned and never begun stays so, and is nothing to wait for any more."""
        stale = [
            serial
            for serial, one in self.live.items()
            if one.state is State.PLANNED and one.created < at - _STALE
        ]
        for serial in stale:
            del self.live[serial]

    # What a kind decides

    @abstractmethod
    def populate(self, rng: Random, count: int, start: int) -> Iterable[S]:
        """`count` sessions to begin with; their serials are given afterwards."""

    @abstractmethod
    def chances(self, at: int) -> Mapping[Callable[[int], object], float]:
        """What may happen next, with weights; one at least above 0."""

    @abstractmethod
    def begin(self, at: int, planned: bool) -> S:
        """A new session that waits, or is only planned."""

    def start(self, session: S, at: int) -> None:
        """A session that was only planned begins to wait."""
        session.state = State.WAITING
        self.changed(session)

    @abstractmethod
    def join(self, session: S, at: int) -> None:
        """Customer and desk are together."""

    @abstractmethod
    def finish(self, session: S, at: int, state: State) -> None:
        """The session is over: ENDED, ABANDONED or FAILED."""


def _age(session: Session) -> tuple[int, int]:
    return session.created, session.serial


def past(rng: Random) -> int:
    """How long ago (milliseconds) something of the past ended: mostly in the last hours."""
    roll = rng.random()
    if roll < 0.80:
        return int(rng.random() ** 1.7 * 23 * HOUR) + 90_000
    if roll < 0.95:
        return DAY + int(rng.random() * 6 * DAY)
    return 7 * DAY + int(rng.random() * 22 * DAY)


def lasting(rng: Random, shortest: int, usual: int, longest: int) -> int:
    """A length of time (milliseconds): `shortest` and on average `usual` more."""
    return int(min(longest, shortest + rng.expovariate(1 / usual)))


def weighted(rng: Random, choices: Mapping[T, float]) -> T:
    """One of the keys, as often as its value says."""
    (found,) = rng.choices(tuple(choices), tuple(choices.values()))
    return found
