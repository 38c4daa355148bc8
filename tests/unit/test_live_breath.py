"""Long work rests as long as it works; short work only lets others have their turn."""

from __future__ import annotations

import asyncio
import time

import pytest

from tui.live.breath import Breath


@pytest.mark.parametrize(
    ("worked", "rests"), [(0.0005, 0), (0.0019, 0), (0.003, 0.003), (0.008, 0.008), (9.0, 0.02)]
)
def test_it_rests_as_long_as_it_worked(
    monkeypatch: pytest.MonkeyPatch, worked: float, rests: float
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    now = [0.0]
    monkeypatch.setattr(time, "thread_time", lambda: now[0])
    breath = Breath()
    now[0] = worked
    asyncio.run(breath.take())
    asyncio.run(breath.take())
    assert slept == [pytest.approx(rests), rests if not rests else 0]
