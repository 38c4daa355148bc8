"""The five vendors of the soak, in a process of their own, so that what they remember is not measured.

Over a pipe they are told what time it is and what is asked; until that moment they let happen at their desks what is
due, and answer. No thread, no clock of their own: the same day on every machine.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from heapq import heappop, heappush
from multiprocessing.connection import Connection
from typing import Final

from starlette.routing import Router

from tests.simulated import Pairs, World, served
from tests.virtual_clock import VirtualClock

DAY: Final = 86_400.0
# Seconds: how long somebody waits, how long a talk lasts, and what passes between two things that are said in it.
_WAIT, _TALK, _SAID = 60.0, 1_000.0, 200.0
_GIVES_UP: Final = 0.15
_LIVE: Final = 24


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `at` in seconds since the start."""

    at: float
    provider: str
    method: str
    target: str
    headers: Pairs
    body: bytes


class ToldClock(VirtualClock):
    """Shows the time that it was told last."""

    at = 0.0

    def _elapsed(self) -> float:
        return self.at


@dataclass(slots=True)
class Day:
    """What happens at one vendor: so many sessions a day come, are waited in, talked in, and end."""

    provider: str
    a_day: int
    clock: ToldClock
    world: World = field(init=False)
    _rng: random.Random = field(init=False)
    _due: list[tuple[float, int, str, str]] = field(default_factory=list)
    _count: int = 0

    def __post_init__(self) -> None:
        self.world = World(self.provider, self.clock)
        self.world.fill(self.a_day, _LIVE)
        self._rng = random.Random(f"soak {self.provider}")
        for name in self.world.live:
            self._plan("end" if name not in self.world.waiting else "join", _TALK, name)
        self._plan("arrive", DAY / self.a_day)

    def _plan(self, what: str, mean: float, name: str = "") -> None:
        self._count += 1
        heappush(
            self._due,
            (self.clock.at + self._rng.expovariate(1 / mean), self._count, what, name),
        )

    def until(self, at: float) -> None:
        """Lets happen what is due by then."""
        while self._due and self._due[0][0] <= at:
            self.clock.at, _, what, name = heappop(self._due)
            self._happen(what, name)
        self.clock.at = at

    def _happen(self, what: str, name: str) -> None:
        world = self.world
        if what == "arrive":
            self._plan(
                "give up" if self._rng.random() < _GIVES_UP else "join", _WAIT, world.arrive()
            )
            self._plan("arrive", DAY / self.a_day)
            return
        try:
            if what == "join":
                world.join(name)
                self._plan("say", _SAID, name)
                self._plan("end", _TALK, name)
            elif what == "say":
                world.desk.say(name, f"{self._count} minutes later it still does that")
                self._plan("say", _SAID, name)
            else:
                world.end(name)
        except ValueError:
            """The person at the screen was quicker: it has ended or is gone."""


def serve(pipe: Connection, providers: tuple[str, ...], a_day: int) -> None:
    """Answers until the pipe is closed; first of all it tells the profiles' keys."""
    clock = ToldClock()
    days = {name: Day(name, a_day, clock) for name in providers}
    vendors = [day.world.simulator.vendors[name] for name, day in days.items()]
    apps = {one.id: Router([one.mount()], redirect_slashes=False) for one in vendors}
    pipe.send({name: day.world.told for name, day in days.items()})
    with asyncio.Runner() as runner:
        while True:
            try:
                asked: Request = pipe.recv()
            except EOFError:
                return
            days[asked.provider].until(asked.at)
            app = apps[asked.provider]
            pipe.send(
                runner.run(served(app, asked.method, asked.target, asked.headers, asked.body))
            )
