"""When one profile is asked next, and how many requests that may cost. Pure: clocks and chance come in."""

from __future__ import annotations

import random

from tui.model.lazy_dataclass import dataclass
from tui.model.problem import Busy, Problem, Unreachable
from tui.net.retry import BACKOFF_CAP, BUSY_BASE, TRANSIENT_BASE, Breaker, BreakerState, backoff

REFRESH_FLOOR = 2.0
# A healthy interval is stretched by at most this share, so that profiles do not poll in step.
JITTER = 0.1
# The least pause between two polls, whoever asks: holding down a key is not a storm.
LEAST_GAP = 1.0
# After a long poll the vendor gets at least this share of the interval to breathe.
_REST = 0.25


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one poll ended, in monotonic seconds."""

    started: float
    ended: float
    failures: int = 0
    retry_after: float = 0.0
    busy: bool = False


def next_due(outcome: Outcome, interval: float, rng: random.Random) -> float:
    """When to poll next: after the interval, the vendor's own wish and the backoff, whichever is last.

    The interval counts from the start of the poll, the others from its end.
    """
    calm = max(interval, REFRESH_FLOOR) * (1.0 + rng.uniform(0.0, JITTER))
    due = max(outcome.started + calm, outcome.ended + calm * _REST)
    if outcome.failures:
        base = BUSY_BASE if outcome.busy else TRANSIENT_BASE
        wait = backoff(outcome.failures, rng, base=base, cap=BACKOFF_CAP)
        due = max(due, outcome.ended + wait)
    return max(due, outcome.ended + outcome.retry_after)


class Schedule:
    """The next poll of one profile. All times are monotonic seconds.

    `due` is when it polls by itself; `not_before` is the vendor's own `Retry-After`, which nobody may jump.
    """

    def __init__(self, interval: float, rng: random.Random) -> None:
        self.interval = max(interval, REFRESH_FLOOR)
        self.due = 0.0
        self.not_before = 0.0
        self._rng = rng
        self._breaker = Breaker()
        self._last_start = float("-inf")
        self._answer_time = 0.0

    @property
    def failing(self) -> bool:
        """Whether the last poll failed."""
        return self._failing

    _failing = False

    @property
    def probing(self) -> bool:
        """Whether the next poll is to be one careful request only: it failed too often."""
        return self._breaker.state is not BreakerState.CLOSED

    @property
    def stale_after(self) -> float:
        """Seconds without a success after which rows are stale: two intervals and the usual answer time."""
        return 2.0 * self.interval * (1.0 + JITTER) + self.patience

    @property
    def patience(self) -> float:
        """Seconds that an answer may take before anybody wonders."""
        return self._answer_time + 1.0

    def earliest(self) -> float:
        """When a poll that a person asks for may start."""
        return max(self.not_before, self._last_start + LEAST_GAP)

    def started(self, now: float) -> None:
        """A poll starts."""
        self._last_start = now

    def answered(self, seconds: float) -> None:
        """The vendor answered the first question of a poll in that time."""
        self._answer_time += 0.25 * (seconds - self._answer_time)

    def succeeded(self, now: float) -> None:
        """The whole poll went well."""
        self._failing = False
        self._breaker.succeeded(now)
        self.not_before = 0.0
        self.due = next_due(Outcome(self._last_start, now), self.interval, self._rng)

    def failed(self, now: float, problem: Problem | None) -> float:
        """The poll failed; seconds until the next one. None stands for an error of our own."""
        self._failing = True
        busy = isinstance(problem, Busy)
        asked = (problem.retry_after or 0.0) if isinstance(problem, (Busy, Unreachable)) else 0.0
        failures = self._breaker.failures + 1
        outcome = Outcome(self._last_start, now, failures, asked, busy)
        self.due = next_due(outcome, self.interval, self._rng)
        self.not_before = now + asked if asked else 0.0
        self._breaker.failed(now, self.due - now)
        return self.due - now

    def forgive(self, now: float) -> None:
        """Time jumped (the machine slept): old failures say nothing. Polls soon, but not all at once."""
        self._breaker = Breaker()
        self._failing = False
        self.not_before = 0.0
        self.due = now + self._rng.uniform(0.0, min(self.interval, 5.0))


class Budget:
    """Spaces the requests of one profile so that at most half of the vendor's documented rate is used.

    A token bucket that holds one token: never a burst, so no second holds more than its share.
    """

    _DEBT_CAP = 30.0

    def __init__(self, requests_per_second: float) -> None:
        self.rate = max(requests_per_second, 0.1) / 2.0
        self._free_at = 0.0
        self._prepaid = 0

    def reserve(self, now: float) -> float:
        """Takes the next place in line; returns the seconds to wait for it."""
        at = max(self._free_at, now)
        self._free_at = at + 1.0 / self.rate
        self._prepaid = min(self._prepaid + 1, 16)
        return at - now

    def spent(self, now: float) -> None:
        """A request was made. One that nobody reserved (a second page, a token refresh) is paid for later."""
        if self._prepaid:
            self._prepaid -= 1
            return
        later = max(self._free_at, now) + 1.0 / self.rate
        self._free_at = min(later, now + self._DEBT_CAP)

    def within(self, seconds: float, share: float) -> int:
        """How many requests a share of that time allows, at least one."""
        return max(1, int(self.rate * seconds * share))


class JumpWatch:
    """Notices that the machine slept, or that its clock was set: the clocks stop agreeing."""

    _TOLERANCE = 15.0

    def __init__(self) -> None:
        self._slept: float | None = None
        self._set: float | None = None

    def jumped(self, loop: float, monotonic: float, wall: float) -> bool:
        """Whether time jumped since the last call; all in seconds, from any start.

        The loop's time stands still while the machine sleeps, `monotonic` does not, `wall` can be set.
        """
        slept, was_set = monotonic - loop, wall - monotonic
        jumped = (
            self._slept is not None
            and self._set is not None
            and (
                abs(slept - self._slept) > self._TOLERANCE
                or abs(was_set - self._set) > self._TOLERANCE
            )
        )
        self._slept, self._set = slept, was_set
        return jumped
