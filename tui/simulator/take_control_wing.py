"""Take Control's sessions at the desk: requests wait, a technician takes over, they chat, it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random

from tui.simulator.kinds import MINUTE, Kind, Line, Session, State
from tui.simulator.population import live_count
from tui.simulator.stories import Stories
from tui.simulator.wings import RANGE, Wing, lasting, past

# What session ids begin with; no other vendor's ids are near.
_FIRST_ID = 4_100_000
_LAST_ID = 9_999_999
_NUMBER = 3


class ControlNames:
    """Whole numbers, as FILTER_ID wants them (sheet take-control 4.5)."""

    def public_id(self, serial: int) -> str:
        return str(_FIRST_ID + serial - _NUMBER * RANGE)

    def serial(self, public_id: str) -> int | None:
        if not (public_id.isascii() and public_id.isdecimal() and len(public_id) == 7):
            return None
        number = int(public_id)
        known = _FIRST_ID <= number <= _LAST_ID
        return number - _FIRST_ID + _NUMBER * RANGE if known else None


class ControlWing(Wing[Session]):
    """A line of the script that was said is kept as a mark: when, and by nobody's words.

    The words are made when asked for, by `spoken`, because only the desk's stories know what a
    scenario fixed.
    """

    kind = Kind.REMOTE_CONTROL
    number = _NUMBER

    def __init__(self, seed: int, sessions: int, rate: float, start: int) -> None:
        self._lengths = Stories(seed)
        super().__init__(seed, sessions, rate, start)

    def populate(self, rng: Random, count: int, start: int) -> Iterator[Session]:
        live = live_count(count)
        waiting = max(1, live * 3 // 10) if live > 1 else live
        for number in range(count):
            if number < waiting:
                yield self._waits(rng, start)
            elif number < live:
                yield self._runs(rng, start)
            else:
                yield self._ended(rng, start)

    def _waits(self, rng: Random, start: int) -> Session:
        return self._made(State.WAITING, start - lasting(rng, 15_000, 4 * MINUTE, 38 * MINUTE))

    def _runs(self, rng: Random, start: int) -> Session:
        joined = start - lasting(rng, 40_000, 13 * MINUTE, 70 * MINUTE)
        session = self._made(State.TALKING, joined - lasting(rng, 15_000, 3 * MINUTE, 30 * MINUTE))
        session.joined = session.until = joined
        session.opening = 1 + int(rng.random() * 4)
        session.until = start - int(rng.random() * min(start - joined, 2 * MINUTE))
        return session

    def _ended(self, rng: Random, start: int) -> Session:
        ended = start - past(rng)
        if rng.random() < 0.13:
            waited = lasting(rng, 30_000, 5 * MINUTE, 40 * MINUTE)
            session = self._made(State.ABANDONED, ended - waited)
        else:
            joined = ended - lasting(rng, 3 * MINUTE, 15 * MINUTE, 120 * MINUTE)
            session = self._made(
                State.ENDED, joined - lasting(rng, 15_000, 3 * MINUTE, 30 * MINUTE)
            )
            session.joined, session.opening = joined, 99
            session.until = ended - 3_000 - int(rng.random() * 20_000)
        session.ended = ended
        return session

    def _made(self, state: State, created: int) -> Session:
        # The serial is given when the session enters.
        return Session(0, self.kind, state, created)

    # What happens

    def chances(self, at: int) -> Mapping[Callable[[int], object], float]:
        waiting, talking = self.count(State.WAITING), self.count(State.TALKING)
        return {
            self._talk: 5.0 if talking else 0.0,
            self._arrive: 1.5 * self.size / (waiting + talking + 1),
            self._answer: 4.5 * waiting / self.size,
            self._part: 0.9 * talking / self.size,
            self._give_up: 0.4 * waiting / self.size,
        }

    def begin(self, at: int, planned: bool) -> Session:
        """Nothing is only planned here: what is created waits for a technician."""
        return self._made(State.WAITING, at)

    def join(self, session: Session, at: int) -> None:
        session.state, session.joined = State.TALKING, at
        self.changed(session)
        self.speak(session, at)

    def finish(self, session: Session, at: int, state: State) -> None:
        session.state, session.ended = state, at
        self.changed(session)

    def speak(self, session: Session, at: int) -> bool:
        """Say the next line of the script; False when all of it is said."""
        script = self._lengths.script(session)
        place = session.opening + sum(is_mark(line) for line in session.said or ())
        if place >= len(script):
            return False
        session.said = [*(session.said or ()), Line(at, script[place].role, "")]
        self.changed(session)
        return True

    def _arrive(self, at: int) -> None:
        self.enter(self.begin(at, False))

    def _answer(self, at: int) -> None:
        session = self.any_of(lambda one: one.state is State.WAITING)
        if session is not None:
            self.join(session, at)

    def _talk(self, at: int) -> None:
        """The next line of some chat; one that is finished ends instead."""
        session = self.any_of(lambda one: one.state is State.TALKING)
        if session is not None and not self.speak(session, at):
            self.finish(session, at, State.ENDED)

    def _part(self, at: int) -> None:
        session = self.any_of(lambda one: one.state is State.TALKING)
        if session is not None:
            self.finish(session, at, State.ENDED)

    def _give_up(self, at: int) -> None:
        session = self.any_of(lambda one: one.state is State.WAITING)
        if session is not None:
            self.finish(session, at, State.ABANDONED)


def is_mark(line: Line) -> bool:
    """Whether a line stands for the next one of the script."""
    return not line.text and not line.seconds


def spoken(stories: Stories, session: Session) -> list[Line]:
    """What was said so far, with the marks replaced by the lines they stand for."""
    script, place = stories.script(session), session.opening
    lines: list[Line] = []
    for line in stories.lines(session):
        if not is_mark(line):
            lines.append(line)
        elif place < len(script):
            lines.append(stories.line(session, script[place], line.at))
            place += 1
    return lines
