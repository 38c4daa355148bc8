"""Time that runs as fast as the work is done: a loop that jumps to the next timer instead of waiting for it.

A test module that wants it says `@pytest.fixture def anyio_backend(): return VIRTUAL`, and gives `VirtualClock()`
to what it tests. `asyncio.sleep`, timeouts and `Clock.sleep` are then all virtual. Real sockets are not.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)


class _JumpingSelector(selectors.DefaultSelector):
    """Never waits: it moves the virtual time on by as much as the loop wanted to wait."""

    moved = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            raise RuntimeError("virtual time stands still: nothing is left that could happen")
        self.moved += max(timeout, 0.0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is virtual."""

    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.moved


VIRTUAL: tuple[str, dict[str, Any]] = ("asyncio", {"loop_factory": VirtualLoop})


class VirtualClock:
    """A `Clock` in virtual time. Outside a virtual loop it stands still."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._slept = 0.0
        self._set = 0.0

    def _elapsed(self) -> float:
        try:
            return asyncio.get_running_loop().time()
        except RuntimeError:
            return 0.0

    def monotonic(self) -> float:
        return 1000.0 + self._elapsed() + self._slept

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed() + self._slept + self._set)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def machine_sleeps(self, seconds: float) -> None:
        """The machine is suspended: both clocks go on, the loop does not."""
        self._slept += seconds

    def set_wall(self, seconds: float) -> None:
        """Somebody sets the wall clock by so many seconds."""
        self._set += seconds

    async def until(self, true: Callable[[], bool], limit: float = 600.0) -> None:
        """Lets virtual time pass until something is true; fails after `limit` seconds of it."""
        end = self.monotonic() + limit
        while not true():
            assert self.monotonic() < end, "it did not happen in time"
            await asyncio.sleep(0.05)
