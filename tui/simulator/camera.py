"""Camera sessions: a customer shows a thing through a phone while a technician takes notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

from tui.simulator.kinds import HOUR, MINUTE, Kind, Session, State
from tui.simulator.wings import Wing, lasting, past

_WAIT = (15_000, 90_000, 20 * MINUTE)
_TALK = (60_000, 8 * MINUTE, HOUR)
_PREPARE = (3_000, 60_000, 40 * MINUTE)


@dataclass(slots=True, eq=False)
class Look(Session):
    """`started` is when the technician opened it; `noted` counts lines of the technician's notes;
    `ordered` sessions were made by a client of the vendor, not by the desk.
    """

    started: int | None = None
    recorded: bool = False
    photos: int = 0
    photo_notes: int = 0
    noted: int = 0
    ordered: bool = False

    @classmethod
    def planned(cls, at: int) -> Look:
        """A new one, that nobody has opened."""
        return cls(0, Kind.CAMERA, State.PLANNED, at)


class Looks(Wing[Look]):
    """The camera sessions of the desk."""

    kind = Kind.CAMERA
    number = 2

    # The beginning

    def populate(self, rng: Random, count: int, start: int) -> Iterator[Look]:
        live = min(count, max(min(4, count), min(count * 3 // 10, 20 + count // 80)))
        for number in range(live):
            yield self._under_way(rng, start, number)
        for _ in range(count - live):
            yield self._over(rng, start)

    def _under_way(self, rng: Random, start: int, number: int) -> Look:
        """Somebody waits too long, most are talking, some are not opened yet."""
        state = (State.WAITING, State.TALKING, State.PLANNED, State.TALKING, State.WAITING)[
            number % 5
        ]
        if state is State.PLANNED:
            return Look.planned(start - lasting(rng, *_PREPARE))
        waited = 9 * MINUTE if number == 0 else lasting(rng, *_WAIT)
        talked = lasting(rng, *_TALK) if state is State.TALKING else 0
        look = self._opened(rng, start - talked - waited)
        if state is State.TALKING:
            look.state, look.joined = State.TALKING, start - talked
            self._filled(rng, look, talked)
        return look

    def _opened(self, rng: Random, started: int) -> Look:
        look = Look.planned(started - lasting(rng, *_PREPARE))
        look.state, look.started = State.WAITING, started
        look.recorded = rng.random() < 0.4
        return look

    def _filled(self, rng: Random, look: Look, talked: int) -> None:
        """What a talk of that length leaves behind."""
        look.noted = min(3, talked // (2 * MINUTE))
        look.photos = int(rng.random() * (2 + min(12, talked // MINUTE)))
        look.photo_notes = int(rng.random() * (look.photos + 1))

    def _over(self, rng: Random, start: int) -> Look:
        roll, end = rng.random(), start - past(rng)
        if roll < 0.04:
            return Look.planned(end)
        if roll < 0.16:
            look = self._opened(rng, end - lasting(rng, *_WAIT))
            look.state, look.ended, look.recorded = State.ABANDONED, end, False
            return look
        talked = lasting(rng, *_TALK)
        look = self._opened(rng, end - talked - lasting(rng, *_WAIT))
        look.state, look.joined, look.ended = State.ENDED, end - talked, end
        self._filled(rng, look, talked)
        look.noted = 99
        return look

    # What happens

    def chances(self, at: int) -> Mapping[Callable[[int], object], float]:
        planned, waiting = self.count(State.PLANNED), self.count(State.WAITING)
        talking = self.count(State.TALKING)
        return {
            self._order: 1.4 * self.size / (planned + waiting + talking + 1),
            self._open: 2.0 * planned / self.size,
            self._join: 4.0 * waiting / self.size,
            self._work: 5.0 if talking else 0.0,
            self._end: 1.6 * talking / self.size,
            self._give_up: 0.4 * waiting / self.size,
        }

    def begin(self, at: int, planned: bool) -> Look:
        look = Look.planned(at)
        if not planned:
            look.state, look.started = State.WAITING, at
        return look

    def start(self, session: Look, at: int) -> None:
        """The technician opens it."""
        session.state, session.started = State.WAITING, at
        self.changed(session)

    def join(self, session: Look, at: int) -> None:
        session.state, session.joined = State.TALKING, at
        session.started = at if session.started is None else session.started
        self.changed(session)

    def finish(self, session: Look, at: int, state: State) -> None:
        over = State.ABANDONED if session.joined is None else State.ENDED
        session.state, session.ended = over, at
        self.changed(session)

    def shoot(self, session: Look, note: bool = False) -> None:
        """A photo is taken, perhaps with a note on it."""
        session.photos += 1
        session.photo_notes += note
        self.changed(session)

    def _in(self, state: State) -> Look:
        """One of those in a state; `chances` saw to it that there is one."""
        return self.rng.choice([one for one in self.live.values() if one.state is state])

    def _order(self, at: int) -> None:
        self.enter(Look.planned(at))

    def _open(self, at: int) -> None:
        look = self._in(State.PLANNED)
        look.recorded = self.rng.random() < 0.4
        self.start(look, at)

    def _join(self, at: int) -> None:
        self.join(self._in(State.WAITING), at)

    def _work(self, at: int) -> None:
        look = self._in(State.TALKING)
        if self.rng.random() < 0.6:
            self.shoot(look, self.rng.random() < 0.3)
        else:
            look.noted += 1
            self.changed(look)

    def _end(self, at: int) -> None:
        self.finish(self._in(State.TALKING), at, State.ENDED)

    def _give_up(self, at: int) -> None:
        self.finish(self._in(State.WAITING), at, State.ABANDONED)
