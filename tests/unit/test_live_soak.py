"""A day of three faulty vendors in a few seconds: nothing is lost, nothing grows."""

from __future__ import annotations

import asyncio
import gc
import random

import pytest

from tests.unit.live_vendor import Reader, Vendor, profile, running
from tests.virtual_clock import VIRTUAL, VirtualClock
from tui.model.problem import BadAnswer, Busy, NoAnswer, Problem, Unreachable
from tui.model.status import Status
from tui.providers.base import Asks

pytestmark = [pytest.mark.anyio, pytest.mark.long]

FAULTS: tuple[type[Problem], ...] = (Unreachable, NoAnswer, BadAnswer, Busy)


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return VIRTUAL


class Desk:
    """A support desk at one vendor: sessions come, are picked up, end, and are forgotten by the vendor."""

    def __init__(self, vendor: Vendor, rng: random.Random) -> None:
        self.vendor = vendor
        self._rng = rng
        self._number = 0
        for _ in range(20):
            self._arrive()

    def _arrive(self) -> None:
        self._number += 1
        ref = f"s{self._number:06}"
        self.vendor.put(ref)
        self.vendor.names[ref] = f"Customer {self._number}"

    def happens(self) -> None:
        """Something every half a minute or so; old sessions vanish, so that the desk's size stands still."""
        rows = self.vendor.rows
        self._arrive()
        waiting = [ref for ref, row in rows.items() if row["status"] == "waiting"]
        active = [ref for ref, row in rows.items() if row["status"] == "active"]
        if len(waiting) > 10:
            self.vendor.put(waiting[0], Status.ACTIVE)
        if len(active) > 10:
            self.vendor.put(active[0], Status.ENDED, ended=self.vendor.clock.now())
        if len(rows) > 150:
            oldest = next(iter(rows))
            del rows[oldest], self.vendor.names[oldest]
        self.vendor.calls.clear()
        self.vendor.decoded.clear()

    def fault(self) -> None:
        """One request in twenty fails, each kind alike."""
        kind = self._rng.choice(FAULTS)
        problem = Busy("trouble", 503) if kind is Busy else kind("trouble")
        operation = self._rng.choice(("page", "page", "row", "people"))
        self.vendor.refuse(operation, problem, times=1)


async def test_a_day_with_three_faulty_vendors() -> None:
    clock, rng = VirtualClock(), random.Random(7)
    vendors = {
        "whole": Vendor(clock, asks=Asks.WHOLE, page_size=40),
        "newest": Vendor(clock, asks=Asks.NEWEST_FIRST, page_size=10),
        "window": Vendor(clock, asks=Asks.WINDOW),
    }
    desks = [Desk(vendor, rng) for vendor in vendors.values()]
    profiles = [profile(name, refresh=30.0) for name in vendors]
    async with running(vendors, profiles) as reader:
        await live_through(reader, desks, rng, half_hours=2)
        tasks, objects = measure()
        await live_through(reader, desks, rng, half_hours=46)
        tasks_after, objects_after = measure()
        assert tasks_after <= tasks + 6, "tasks: a poll on its way more or less"
        assert objects_after <= objects + 5000

        for vendor in vendors.values():
            vendor.refuse("page", None)
            vendor._once.clear()
        await reader.passes(600)
        for name, vendor in vendors.items():
            assert reader.state(name) == "ok"
            for ref, row in vendor.rows.items():
                assert reader.session(ref, name).status.value == row["status"], (name, ref)
            live = [ref for ref, row in vendor.rows.items() if Status(str(row["status"])).live]
            assert all(reader.session(ref, name).customer for ref in live)
            ghosts = set(reader.ids(name)) - vendor.rows.keys()
            assert not ghosts, "what the vendor forgot has left the board"


async def live_through(
    reader: Reader, desks: list[Desk], rng: random.Random, half_hours: int
) -> None:
    for _ in range(half_hours * 60):
        for desk in desks:
            desk.happens()
            if rng.random() < 0.3:
                desk.fault()
        await reader.passes(30)
        reader.read()
        reader.batches.clear()
        reader.answers.clear()


def measure() -> tuple[int, int]:
    """Tasks alive, and objects alive: whatever grows is made of objects."""
    gc.collect()
    return len(asyncio.all_tasks()), len(gc.get_objects())
