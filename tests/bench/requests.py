"""What keeping one profile fresh asks of its vendor, and how soon a change there is news here.

Everything is counted in virtual time: the real worker and provider over the simulator's own answers. So the
figures are the same on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from tests.simulated import Desk, World, busiest, watching
from tests.virtual_clock import VirtualClock, VirtualLoop

SIZES: Final = (10, 1_000, 10_000)
LIVE: Final = 50
REFRESH: Final = 5.0
# An interval is stretched by up to a tenth.
_POLL: Final = REFRESH * 1.1
_STEADY: Final = 600.0
_FIRST: Final = 60.0
# Seconds from one event at the vendor to the next; of each kind a third.
_PAUSE: Final = (4.0, 11.0)
_GIVEN_UP: Final = 900.0


@dataclass(frozen=True, slots=True)
class Limit:
    """A vendor's documented limit: so many requests in so many seconds. `words` where it names none."""

    requests: int
    seconds: float
    words: str

    @property
    def half(self) -> int:
        return self.requests // 2


# Sheets twilio 1.8, goto 3.7. Where no limit is documented, what we take for one.
LIMITS: Final = {
    "twilio-proxy": Limit(150, 5.0, "30/s an endpoint, over 5 s"),
    "trinsic-connect": Limit(10, 1.0, "none; we take 10/s"),
    "goto-seeit": Limit(10, 1.0, "10/s an API"),
    "goto-remote-support": Limit(10, 1.0, "10/s an API"),
    "take-control": Limit(2, 1.0, "none; we take 2/s"),
}


@dataclass(slots=True)
class Figures:
    """What was counted. `peak` is the most in any span of the vendor's limit; delays in seconds by kind."""

    first_minute: int = 0
    complete_after: float = 0.0
    a_minute: float = 0.0
    peak: int = 0
    refused: int = 0
    delays: dict[str, list[float]] = field(default_factory=dict)

    def worst(self, kind: str) -> float:
        return max(self.delays[kind], default=0.0)


def measure(provider: str, total: int, *, seconds: float = _STEADY, **play: str) -> Figures:
    """Polls one profile from its start on: a first minute, a first complete listing, and steady `seconds`."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(_measure(provider, total, seconds, play))
    finally:
        loop.close()


async def _measure(provider: str, total: int, seconds: float, play: dict[str, str]) -> Figures:
    world = World(provider, VirtualClock(), play)
    world.fill(total, LIVE)
    figures, limit = Figures(), LIMITS[provider]
    async with watching(world) as desk:
        began = world.clock.monotonic()
        figures.complete_after = await desk.seen(lambda desk: desk.complete)
        await desk.passes(max(0.0, began + _FIRST - world.clock.monotonic()))
        figures.first_minute = sum(one.at < began + _FIRST for one in world.wire.asked)
        before, since = len(world.wire.asked), world.clock.monotonic()
        figures.delays = await _live(desk, since + seconds)
        asked = world.wire.asked[before:]
        figures.a_minute = len(asked) / (world.clock.monotonic() - since) * 60
        figures.peak = busiest(world.wire.asked, limit.seconds)
        figures.refused = sum(one.status == 429 for one in world.wire.asked)
    return figures


async def _live(desk: Desk, until: float) -> dict[str, list[float]]:
    """Sessions come, are taken and end, one at a time; how long each took to be seen."""
    rng, world = random.Random(9), desk.world
    delays: dict[str, list[float]] = {"new": [], "taken": [], "ended": []}
    while world.clock.monotonic() < until:
        await desk.passes(rng.uniform(*_PAUSE))
        kind = min(delays, key=lambda kind: len(delays[kind]))
        delays[kind].append(await desk.seen(_happens(desk, kind, rng), _GIVEN_UP))
    return delays


def _happens(desk: Desk, kind: str, rng: random.Random) -> Callable[[Desk], bool]:
    """Lets something happen at the vendor, and says how to tell that it was seen."""
    world = desk.world
    if kind == "new":
        name = world.arrive()
        return lambda desk: desk.session(name) is not None
    if kind == "taken":
        name = rng.choice(world.waiting)
        before = desk.session(name)
        world.join(name)
        return lambda desk: desk.session(name) not in (before, None)
    name = rng.choice(world.live)
    world.end(name)
    return lambda desk: (found := desk.session(name)) is None or not found.status.live


def main(_runs: int) -> None:
    """Prints two Markdown tables. Counted, not timed: one run says it all."""
    measured = {(name, size): measure(name, size) for name in LIMITS for size in SIZES}
    print(
        f"| requests, {LIVE} live, every {REFRESH:g} s | sessions | first minute | complete after | "
        "a minute then | busiest span | half of the limit | documented limit |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    for (name, size), one in measured.items():
        limit = LIMITS[name]
        span = f"{limit.seconds:g} s"
        print(
            f"| {name} | {size} | {one.first_minute} | {one.complete_after:.0f} s | {one.a_minute:.0f} | "
            f"{one.peak} in {span} | {limit.half} in {span} | {limit.words} |"
        )
    print()
    print("| seconds until seen (polls), half and worst | sessions | new | taken | ended |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for (name, size), one in measured.items():
        cells = " | ".join(_told(one.delays[kind]) for kind in ("new", "taken", "ended"))
        print(f"| {name} | {size} | {cells} |")


def _told(delays: list[float]) -> str:
    half, worst = median(delays), max(delays)
    polls = [max(1, -(-delay // _POLL)) for delay in (half, worst)]
    return f"{half:.0f}, {worst:.0f} ({polls[0]:.0f}, {polls[1]:.0f})"
