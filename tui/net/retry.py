"""When to ask again. Pure: time and chance are passed in, and nothing here waits.

There is no retry inside a call: the schedule asks these, and the screen shows what they say.
"""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

TRANSIENT_BASE: Final = 1.0
BUSY_BASE: Final = 5.0
BACKOFF_CAP: Final = 60.0
RETRY_AFTER_CAP: Final = 900.0
# A probe that nobody came back from (its task was stopped) must not keep the breaker shut for ever.
PROBE_PATIENCE: Final = 60.0

_SECONDS = re.compile(r"[0-9]{1,6}")
_MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
_DATE = re.compile(
    rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ([0-9]{{2}}) ({'|'.join(_MONTHS)}) ([0-9]{{4}})"
    r" ([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT"
)


def http_date(value: str | None) -> datetime | None:
    """A date header in the one form that servers may write (IMF-fixdate, RFC 9110 5.6.7), aware UTC; else None."""
    found = _DATE.fullmatch((value or "").strip())
    if found is None:
        return None
    day, year, hour, minute, second = (int(found[group]) for group in (1, 3, 4, 5, 6))
    try:
        month = _MONTHS.index(found[2]) + 1
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None


def skew(value: str | None, now: datetime) -> float | None:
    """How many seconds the clock that wrote a `Date` header is ahead of `now`; None without a readable one."""
    date = http_date(value)
    return None if date is None else (date - now).total_seconds()


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds until the vendor wants to be asked again, 0 to 900; None when it does not say so readably.

    Takes both forms of RFC 9110 10.2.3: ASCII digits (at most six) and a date.
    """
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), RETRY_AFTER_CAP)
    when = http_date(text)
    if when is None:
        return None
    return min(max((when - now).total_seconds(), 0.0), RETRY_AFTER_CAP)


def backoff(
    failures: int, rng: random.Random, *, base: float = TRANSIENT_BASE, cap: float = BACKOFF_CAP
) -> float:
    """Seconds to wait after `failures` failures in a row: full jitter, never less than half of `base`."""
    if failures <= 0:
        return 0.0
    highest = min(cap, base * 2.0 ** min(failures - 1, 30))
    return max(base / 2, rng.uniform(0.0, highest))


class BreakerState(StrEnum):
    """CLOSED: ask freely. OPEN: do not ask. HALF_OPEN: one probe is on its way."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class Breaker:
    """Counts failures and says whether a vendor may be asked. All times are monotonic seconds.

    It opens at `threshold` failures. After the wait it lets one probe through: a success closes it, a failure
    opens it again. The count is forgotten only after `calm` seconds without a failure, so that a vendor that
    fails every other time is not hammered.
    """

    def __init__(self, *, threshold: int = 5, calm: float = 120.0) -> None:
        self._threshold = threshold
        self._calm = calm
        self._good_since: float | None = None
        self.failures = 0
        self.until = 0.0
        self.state = BreakerState.CLOSED

    def allows(self, now: float) -> bool:
        """Whether a request may be sent; True while open means: this one is the probe."""
        if now < self.until:
            return False
        if self.state is not BreakerState.CLOSED:
            self.state = BreakerState.HALF_OPEN
            self.until = now + PROBE_PATIENCE
        return True

    def failed(self, now: float, wait: float) -> None:
        """A request failed; ask again in `wait` seconds (the larger of backoff and Retry-After)."""
        self.failures += 1
        self._good_since = None
        earlier = 0.0 if self.state is BreakerState.HALF_OPEN else self.until
        self.until = max(earlier, now + wait)
        self.state = BreakerState.OPEN if self.failures >= self._threshold else BreakerState.CLOSED

    def succeeded(self, now: float) -> None:
        """A request succeeded."""
        self.state = BreakerState.CLOSED
        self.until = 0.0
        if self._good_since is None:
            self._good_since = now
        if now - self._good_since >= self._calm:
            self.failures = 0
