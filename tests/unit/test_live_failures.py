"""Failures: told in words, kept in their room, asked again at the right time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest

from tests.unit.live_vendor import Vendor, profile, running
from tests.unit.test_live_polling import break_after_first_page
from tests.virtual_clock import VIRTUAL, VirtualClock
from tui.live.commands import Pause, PutProfile, Refresh, Visible
from tui.live.messages import HealthState
from tui.model.problem import (
    BadAnswer,
    Busy,
    ConfigProblem,
    KeysRejected,
    NoAnswer,
    Problem,
    Unreachable,
)
from tui.model.session import Key
from tui.model.status import Status
from tui.model.text import Opaque
from tui.providers.base import Ask, Asks

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return VIRTUAL


@pytest.mark.parametrize(
    ("problem", "state"),
    [
        (Unreachable("no connection to the vendor"), HealthState.OFFLINE),
        (NoAnswer("no answer in time"), HealthState.BACKING_OFF),
        (BadAnswer("not JSON"), HealthState.BACKING_OFF),
        (Busy("too many requests", 429), HealthState.BACKING_OFF),
    ],
)
async def test_a_failure_is_told_with_its_reason_and_the_next_try(
    problem: Problem, state: HealthState
) -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        reader.read()
        vendor.refuse("page", problem)
        await reader.until(lambda: reader.state() == state.value, 10)
        health = reader.board.health["one"]
        assert health.reason == problem.message
        assert health.retry_at is not None
        assert health.retry_at > vendor.clock.now()
        assert health.last_success is not None
        assert health.last_success < vendor.clock.now()
        assert reader.ids() == ["a"]
        vendor.refuse("page", None)
        await reader.until(lambda: reader.state() == "ok", 120)
        assert reader.board.health["one"].reason == ""
        assert reader.board.health["one"].retry_at is None


async def test_tries_grow_rarer_but_never_stop() -> None:
    vendor = Vendor(VirtualClock())
    vendor.refuse("page", Unreachable("no"))
    async with running({"one": vendor}) as reader:
        await reader.passes(3600)
    times = [at for at, _ in vendor.asked("page")]
    gaps = [after - before for before, after in pairwise(times)]
    assert min(gaps) >= 5.0, "never faster than the healthy interval"
    assert max(gaps) <= 61.0
    assert sum(gaps[8:]) / len(gaps[8:]) > 20.0, "full jitter under a cap of a minute"


async def test_after_many_failures_one_careful_probe_goes_first() -> None:
    vendor = Vendor(VirtualClock(), page_size=1)
    vendor.names = {"a": "Ana"}
    for ref in "abcdef":
        vendor.put(ref)
    vendor.refuse("page", Unreachable("no"))
    async with running({"one": vendor}) as reader:
        await reader.until(lambda: len(vendor.calls) >= 7 and vendor.in_flight == 0, 600)
        vendor.refuse("page", None)
        vendor.calls.clear()
        await reader.until(lambda: len(vendor.calls) == 1 and vendor.in_flight == 0, 120)
        await reader.passes(3)
        assert [name for _, name, _ in vendor.calls] == ["page", "page"]
        await reader.passes(10)
        assert reader.ids() == list("abcdef")


async def test_retry_after_is_kept_and_shown_and_no_key_jumps_it() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        vendor.refuse("page", Busy("slow down", 429, retry_after=120.0), times=1)
        await reader.until(lambda: reader.state() == "backing off", 10)
        health = reader.board.health["one"]
        assert health.retry_at is not None
        assert 115 <= (health.retry_at - vendor.clock.now()).total_seconds() <= 121
        asked = len(vendor.asked("page"))
        for _ in range(100):
            reader.engine.send(Refresh("one"))
            await reader.passes(1)
        assert len(vendor.asked("page")) == asked
        await reader.passes(25)
        assert len(vendor.asked("page")) > asked
        assert reader.state() == "ok"


async def test_rejected_keys_stop_polling_until_the_user_acts() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        vendor.refuse("page", KeysRejected("the keys are not accepted", 401))
        await reader.until(lambda: reader.state() == "keys rejected", 10)
        asked = len(vendor.asked("page"))
        await reader.passes(3600)
        assert len(vendor.asked("page")) == asked
        assert reader.ids() == ["a"]
        assert reader.board.health["one"].reason == "the keys are not accepted"

        reader.engine.send(Refresh())
        await reader.passes(60)
        assert len(vendor.asked("page")) == asked + 1, "asked once, refused again, quiet again"
        assert reader.state() == "keys rejected"

        vendor.refuse("page", None)
        reader.engine.send(Refresh())
        await reader.passes(60)
        assert reader.state() == "ok"
        assert len(vendor.asked("page")) > asked + 5, "and it goes on by itself"

        vendor.refuse("page", KeysRejected("the keys are not accepted", 401))
        await reader.passes(10)
        assert reader.state() == "keys rejected"
        vendor.refuse("page", None)
        reader.engine.send(PutProfile(profile("one")))
        await reader.passes(10)
        assert reader.state() == "ok"


async def test_a_refusal_beside_the_listing_greys_only_that() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    vendor.names = {"a": "Ana"}
    vendor.refuse("people", KeysRejected("participants: not allowed", 403))
    async with running({"one": vendor}) as reader:
        await reader.passes(120)
        assert reader.state() == "ok"
        assert dict(reader.board.health["one"].greyed) == {"people": "participants: not allowed"}
        assert len(vendor.asked("people")) == 1
        vendor.refuse("people", None)
        reader.engine.send(Refresh("one"))
        await reader.passes(70)
        reader.read()
        assert not reader.board.health["one"].greyed
        assert reader.session("a").customer == "Ana"


async def test_a_session_that_cannot_be_read_leaves_the_profile_healthy() -> None:
    vendor = Vendor(VirtualClock(), asks=Asks.NEWEST_FIRST, page_size=1)
    for ref in "abc":
        vendor.put(ref)
    vendor.refuse("row", Busy("the vendor has trouble", 503))
    async with running({"one": vendor}) as reader:
        reader.engine.send(Visible(tuple(Key("one", Opaque(ref)) for ref in "abc")))
        await reader.passes(120)
        assert reader.state() == "ok"
        assert 1 <= len(vendor.asked("row")) <= 30, "a busy vendor is left alone for a while"


async def test_retry_after_beside_the_listing_is_kept_there_and_the_listing_goes_on() -> None:
    vendor = Vendor(VirtualClock(), asks=Asks.NEWEST_FIRST, page_size=1)
    for ref in "abcdefgh":
        vendor.put(ref)
    async with running({"one": vendor}) as reader:
        reader.engine.send(Visible(tuple(Key("one", Opaque(ref)) for ref in "abcdefgh")))
        await reader.passes(20)
        vendor.refuse("row", Busy("slow down", 429, retry_after=100.0), times=1)
        before = len(vendor.asked("row"))
        await reader.until(lambda: len(vendor.asked("row")) > before, 20)
        await reader.passes(1)
        start = vendor.clock.monotonic()
        await reader.passes(90)
        assert len(vendor.asked("row", start)) <= 2, "those that were on their way"
        assert len(vendor.asked("page", start)) >= 15
        await reader.passes(30)
        assert len(vendor.asked("row", start)) > 10


async def test_a_storm_of_refreshes_is_no_storm_of_polls() -> None:
    vendor = Vendor(VirtualClock())
    async with running({"one": vendor}, [profile(refresh=60)]) as reader:
        await reader.passes(10)
        asked = len(vendor.asked("page"))
        for _ in range(50):
            reader.engine.send(Refresh())
        await reader.passes(10)
        assert len(vendor.asked("page")) == asked + 1
        for _ in range(50):
            reader.engine.send(Refresh())
            await reader.passes(0.1)
        assert len(vendor.asked("page")) <= asked + 8


async def test_a_refresh_wakes_a_profile_that_backs_off() -> None:
    vendor = Vendor(VirtualClock())
    vendor.refuse("page", Unreachable("no"))
    async with running({"one": vendor}) as reader:
        await reader.passes(300)
        vendor.refuse("page", None)
        reader.engine.send(Refresh("one"))
        await reader.passes(1)
        assert reader.state() == "ok"


async def test_a_person_may_look_once_while_paused() -> None:
    vendor = Vendor(VirtualClock())
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        reader.engine.send(Pause(True))
        await reader.passes(10)
        vendor.put("a")
        calls = len(vendor.asked("page"))
        reader.engine.send(Refresh())
        await reader.passes(600)
        assert len(vendor.asked("page")) == calls + 1
        assert reader.ids() == ["a"]
        assert reader.state() == "paused"


async def test_paused_means_no_request_until_it_goes_on() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    async with running({"one": vendor}, [profile(refresh=300)]) as reader:
        await reader.passes(10)
        reader.engine.send(Pause(True))
        await reader.passes(1)
        assert reader.state() == "paused"
        assert reader.board.health["one"].last_success is not None
        asked = len(vendor.calls)
        await reader.passes(3600)
        assert len(vendor.calls) == asked
        vendor.put("b")
        reader.engine.send(Pause(False))
        await reader.passes(2)
        assert reader.ids() == ["a", "b"]
        assert reader.state() == "ok"
        asked = len(vendor.calls)
        reader.engine.send(Pause(False))
        await reader.passes(10)
        assert len(vendor.calls) == asked, "it was not paused"
        reader.engine.send(Pause(True))
        await reader.passes(1)
        reader.engine.send(Pause(False))
        await reader.passes(1)
        assert len(vendor.calls) > asked, "it goes on at once"


async def test_a_vendor_that_keeps_silent_makes_the_rows_stale() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        vendor.latency = 60.0
        await reader.until(lambda: reader.state() == "stale", 60)
        last = reader.board.health["one"].last_success
        assert last is not None
        assert 10 <= (vendor.clock.now() - last).total_seconds() <= 14, "two intervals and a bit"
        assert vendor.in_flight == 1, "nothing was cancelled"
        vendor.latency = 0.05
        await reader.until(lambda: reader.state() == "ok", 120)


async def test_a_vendor_that_is_merely_slow_is_not_stale() -> None:
    vendor = Vendor(VirtualClock(), latency=1.5)
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.passes(600)
        reader.read()
        states = {batch.health["one"].state for batch in reader.batches if "one" in batch.health}
        assert states <= {HealthState.CONNECTING, HealthState.OK}


def slow_people(vendor: Vendor, seconds: float) -> None:
    slow(vendor, lambda operation, _: operation == "people", seconds)


def slow(vendor: Vendor, which: Callable[[str, object], bool], seconds: float) -> None:
    """Some requests take longer."""
    answering = vendor.answering

    @asynccontextmanager
    async def slowly(operation: str, what: object) -> AsyncIterator[None]:
        if which(operation, what):
            await asyncio.sleep(seconds)
        async with answering(operation, what):
            yield

    vendor.answering = slowly  # type: ignore[method-assign]


async def test_a_slow_page_of_the_sweep_makes_nothing_flicker() -> None:
    vendor = Vendor(VirtualClock(), page_size=1)
    vendor.put("a")
    vendor.put("b")
    slow(vendor, lambda _, ask: isinstance(ask, Ask) and ask.cursor is not None, 14.0)
    async with running({"one": vendor}) as reader:
        for _ in range(1000):
            await reader.passes(0.1)
            reader.read()
        states = [batch.health["one"].state for batch in reader.batches if "one" in batch.health]
        assert set(states) == {HealthState.OK}


async def test_slow_answers_beside_the_listing_hold_up_nothing() -> None:
    vendor = Vendor(VirtualClock())
    vendor.names = {ref: f"Ana {ref}" for ref in "abcde"}
    for ref in "abcde":
        vendor.put(ref)
    slow_people(vendor, 40)
    async with running({"one": vendor}) as reader:
        await reader.passes(38)
        assert reader.state() == "ok"
        assert len(vendor.asked("page")) >= 7, "the pulse keeps its pace"
        await reader.passes(50)
        assert sorted(str(what) for _, what in vendor.asked("people")) == list("abcde")
        assert reader.session("e").customer == "Ana e", "late, but welcome"


@pytest.mark.parametrize(("refs", "lanes", "turns"), [("abcdefgh", 3, 6), ("abc", 2, 2)])
async def test_slow_readings_are_few_at_once_and_never_asked_twice(
    refs: str, lanes: int, turns: int
) -> None:
    vendor = Vendor(VirtualClock(), asks=Asks.NEWEST_FIRST, page_size=1)
    for ref in refs:
        vendor.put(ref)
    answering = vendor.answering
    open_now: list[object] = []
    most = 0

    @asynccontextmanager
    async def slowly(operation: str, what: object) -> AsyncIterator[None]:
        nonlocal most
        if operation != "row":
            async with answering(operation, what):
                yield
            return
        assert what not in open_now
        open_now.append(what)
        most = max(most, len(open_now))
        await asyncio.sleep(47)
        async with answering(operation, what):
            open_now.remove(what)
            yield

    vendor.answering = slowly  # type: ignore[method-assign]
    async with running({"one": vendor}) as reader:
        reader.engine.send(Visible(tuple(Key("one", Opaque(ref)) for ref in refs)))
        await reader.passes(600)
        assert reader.state() == "ok"
        assert most == lanes
        assert len(vendor.asked("page")) > 100
        assert len({what for _, what in vendor.asked("row")}) >= turns, "each gets its turn"


@pytest.mark.parametrize("seconds", [0, 8])
async def test_an_error_of_our_own_in_a_late_answer_is_told_too(seconds: float) -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    vendor.names = {"a": "Ana"}
    vendor.refuse("people", ZeroDivisionError("a secret value"), times=1)
    slow_people(vendor, seconds)
    async with running({"one": vendor}) as reader:
        await reader.passes(0.1)
        await reader.until(lambda: reader.state() == "backing off", 20)
        assert "ZeroDivisionError" in reader.board.health["one"].reason
        await reader.until(lambda: reader.state() == "ok", 120)
        await reader.until(lambda: reader.session("a").customer == "Ana", 120)


@pytest.mark.parametrize("jump", ["sleep", "clock"])
async def test_after_a_jump_of_time_old_failures_are_forgiven_without_a_burst(jump: str) -> None:
    clock = VirtualClock()
    vendors = {f"p{number}": Vendor(clock) for number in range(8)}
    for vendor in vendors.values():
        vendor.refuse("page", Busy("slow down", 503, retry_after=900.0))
    async with running(vendors) as reader:
        await reader.passes(100)
        for vendor in vendors.values():
            vendor.refuse("page", None)
            vendor.calls.clear()
        (clock.machine_sleeps if jump == "sleep" else clock.set_wall)(7200.0)
        start = clock.monotonic()
        await reader.passes(20)
        firsts = [vendor.calls[0][0] - start for vendor in vendors.values()]
        assert len(firsts) == 8
        assert max(firsts) - min(firsts) > 1.0, "spread, not all at once"
        assert all(len(vendor.calls) <= 5 for vendor in vendors.values())
        assert {reader.state(name) for name in vendors} == {"ok"}


async def test_a_failing_sweep_page_does_not_flicker_between_ok_and_not() -> None:
    vendor = Vendor(VirtualClock(), page_size=1)
    for ref in "abc":
        vendor.put(ref, Status.ACTIVE)
    async with running({"one": vendor}) as reader:
        await reader.passes(20)
        break_after_first_page(vendor)
        await reader.passes(10)
        reader.read()
        reader.batches.clear()
        for _ in range(3000):
            await reader.passes(0.1)
            reader.read()
        states = [batch.health["one"].state for batch in reader.batches if "one" in batch.health]
        assert set(states) == {HealthState.BACKING_OFF}


async def test_a_profile_that_lacks_what_its_list_needs_is_asked_for_nothing_again_and_again() -> (
    None
):
    vendor = Vendor(VirtualClock())
    vendor.refuse("page", ConfigProblem("the list needs private_key"))
    async with running({"one": vendor}) as reader:
        await reader.passes(5)
        await reader.until(lambda: reader.state() == "incomplete", 30)
        assert reader.board.health["one"].reason == "the list needs private_key"
        before = len(vendor.asked("page"))
        await reader.passes(300)
        assert len(vendor.asked("page")) == before
        vendor.refuse("page", None)
        reader.engine.send(Refresh())
        await reader.until(lambda: reader.state() == "ok", 30)
