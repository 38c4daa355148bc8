"""Counting requests in a sliding window, as the vendors do before they answer 429."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from math import ceil


class SlidingWindow:
    """At most `limit` requests in any `seconds`, counted separately for every key.

    `timer` gives seconds that only grow. A refused request does not count.
    """

    def __init__(self, limit: int, seconds: float, timer: Callable[[], float]) -> None:
        self._limit, self._seconds, self._timer = limit, seconds, timer
        self._times: dict[Hashable, deque[float]] = {}

    def refused_for(self, key: Hashable) -> int:
        """0 when the request is let through, else the whole seconds until one would be."""
        now = self._timer()
        times = self._times.setdefault(key, deque())
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(times) >= self._limit:
            return max(1, ceil(times[0] + self._seconds - now))
        times.append(now)
        return 0
