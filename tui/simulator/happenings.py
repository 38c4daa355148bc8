"""What happens at the desk by itself: one event after another, at random but reproducible times."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tui.simulator.kinds import MINUTE, State
from tui.simulator.population import any_kind

if TYPE_CHECKING:
    from tui.simulator.desk import Desk


class Happenings:
    """A stream of events with exponential gaps, `rate` a minute on average.

    What kind of event comes next depends on the desk: many waiting means more joins, many talking
    more endings, few of both more arrivals. So the desk keeps about the size it began with.
    """

    def __init__(self, seed: int, rate: float, start: int, size: int) -> None:
        self._rng = Random(f"{seed}|events")
        self._gap = MINUTE / rate if rate > 0 else None
        self._size = max(4, size)
        self.due = self._after(start)

    def _after(self, moment: int) -> int | None:
        """When the next event comes (milliseconds), None for a desk at rest."""
        if self._gap is None:
            return None
        return moment + 1 + int(self._rng.expovariate(1 / self._gap))

    def happen(self, desk: Desk) -> None:
        """Do the event that is due, at its own time, and plan the next one."""
        at = self.due
        if at is None:
            return
        self.due = self._after(at)
        waiting, talking = len(desk.waiting), len(desk.talking)
        chances = {
            self._talk: 6.0 if talking else 0.0,
            self._arrive: 1.5 * self._size / (waiting + talking + 1),
            self._join: 4.5 * waiting / self._size,
            self._end: 0.9 * talking / self._size,
            self._give_up: 0.4 * waiting / self._size,
            self._start: 2.0 if desk.launched else 0.0,
        }
        (event,) = self._rng.choices(tuple(chances), tuple(chances.values()))
        event(desk, at)

    def _arrive(self, desk: Desk, at: int) -> None:
        desk.arrive(any_kind(self._rng), at)

    def _join(self, desk: Desk, at: int) -> None:
        """Mostly the one who waited longest."""
        patient = self._rng.random() < 0.7
        desk.connect(desk.waiting.oldest() if patient else desk.waiting.choose(self._rng), at)

    def _talk(self, desk: Desk, at: int) -> None:
        """The next line of some dialogue; one that is finished ends instead."""
        session = desk.talking.choose(self._rng)
        if not desk.speak(session, at):
            desk.close(session, at, State.ENDED)

    def _end(self, desk: Desk, at: int) -> None:
        """Somebody hangs up: of a few, the one who is furthest on in the talk."""
        few = [desk.talking.choose(self._rng) for _ in range(4)]
        session = max(few, key=lambda one: (one.opening + len(one.said or ()), -one.serial))
        desk.close(session, at, State.ENDED)

    def _give_up(self, desk: Desk, at: int) -> None:
        desk.close(desk.waiting.choose(self._rng), at, State.ABANDONED)

    def _start(self, desk: Desk, at: int) -> None:
        """An agent opens the link that a session which was planned by the API came with."""
        desk.start(desk.launched.oldest(), at)
