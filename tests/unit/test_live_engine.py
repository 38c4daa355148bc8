"""The engine in virtual time: profiles, isolation, restarts, commands, the end."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest

from tests.unit.live_vendor import Vendor, profile, running
from tests.virtual_clock import VIRTUAL, VirtualClock
from tui.live.commands import Check, PutProfile, Refresh, RemoveProfile, Visible
from tui.live.engine import Engine
from tui.live.messages import Checked, HealthState
from tui.model.clock import SystemClock
from tui.model.problem import ConfigProblem, Unreachable
from tui.model.secret import Secret
from tui.model.session import Key
from tui.model.status import Status
from tui.model.text import Opaque
from tui.providers.base import Asks

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return VIRTUAL


async def test_sessions_and_health_reach_the_board() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    vendor.put("b", Status.ACTIVE)
    async with running({"one": vendor}) as reader:
        await reader.passes(1)
        assert reader.ids() == ["a", "b"]
        health = reader.board.health["one"]
        assert health.state is HealthState.OK
        assert health.complete
        assert health.last_success is not None


async def test_polls_come_at_the_profiles_own_pace_and_never_faster_than_the_floor() -> None:
    clock = VirtualClock()
    slow, eager = Vendor(clock), Vendor(clock)
    profiles = [profile("slow", refresh=30), profile("eager", refresh=0.1)]
    async with running({"slow": slow, "eager": eager}, profiles) as reader:
        await reader.passes(300)
    assert 9 <= len(slow.asked("page")) <= 11
    assert 300 / 2.3 <= len(eager.asked("page")) <= 151


async def test_a_failing_profile_neither_blanks_nor_slows_the_other() -> None:
    clock = VirtualClock()
    good, bad = Vendor(clock), Vendor(clock, latency=20.0)
    good.put("a")
    bad.put("z")
    async with running({"good": good, "bad": bad}) as reader:
        await reader.passes(60)
        assert reader.ids("bad") == ["z"]
        bad.refuse("page", Unreachable("no way there"))
        before = len(good.asked("page"))
        await reader.passes(300)
        assert reader.ids("bad") == ["z"], "the last good rows stay"
        assert reader.state("bad") == "offline"
        assert reader.state("good") == "ok"
        assert len(good.asked("page")) - before >= 50


async def test_a_crash_is_told_in_words_and_the_worker_starts_again() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    vendor.refuse("page", KeyError("customer@example.org"), times=2)
    async with running({"one": vendor}) as reader:
        await reader.passes(0.5)
        reader.read()
        health = reader.board.health["one"]
        assert health.state is HealthState.BACKING_OFF
        assert "KeyError" in health.reason
        assert "live_vendor.py" in health.reason
        assert "example.org" not in health.reason, "an error's values may be anybody's data"
        await reader.until(lambda: reader.ids() == ["a"], 60)
        await reader.until(lambda: reader.state() == "ok", 60)


async def test_a_profile_that_cannot_be_connected_is_told_and_tried_when_the_user_says_so() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    fails = [True]

    async with running({"one": vendor}) as reader:
        real = vendor.connect

        def connect(*args: object) -> object:
            if fails[0]:
                raise ConfigProblem("ca_file cannot be read")
            return real(*args)  # type: ignore[arg-type]

        vendor.connect = connect  # type: ignore[method-assign,assignment]
        await reader.passes(1)
        assert reader.state() == "incomplete"
        assert reader.board.health["one"].reason == "ca_file cannot be read"
        fails[0] = False
        reader.engine.send(Refresh())
        await reader.until(lambda: reader.ids() == ["a"], 120)


async def test_a_profile_can_be_added_and_removed_while_running() -> None:
    clock = VirtualClock()
    one, two = Vendor(clock), Vendor(clock)
    one.put("a")
    two.put("b")
    async with running({"one": one, "two": two}, [profile("one")]) as reader:
        await reader.passes(1)
        assert reader.ids("two") == []
        reader.engine.send(PutProfile(profile("two")))
        await reader.passes(1)
        assert reader.ids("two") == ["b"]
        reader.engine.send(RemoveProfile("two"))
        await reader.passes(1)
        assert reader.ids("two") == []
        assert "two" not in reader.board.health
        asked = len(two.asked("page"))
        await reader.passes(60)
        assert len(two.asked("page")) == asked
        assert two.closed == 1


async def test_new_keys_of_the_same_account_keep_the_rows_and_still_notice_what_is_gone() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    vendor.put("b")
    async with running({"one": vendor}) as reader:
        await reader.passes(1)
        reader.read()
        decoded = len(vendor.decoded)
        vendor.remove("b")
        reader.engine.send(PutProfile(profile("one", secrets={"auth_token": Secret("new")})))
        await reader.passes(1)
        assert vendor.connected == 2
        assert reader.ids() == ["a", "b"]
        assert len(vendor.decoded) == decoded
        await reader.passes(20)
        assert reader.ids() == ["a"]


async def test_what_old_keys_learn_late_is_not_kept_from_the_board() -> None:
    vendor = Vendor(VirtualClock(), latency=1.0)
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.passes(3)
        vendor.put("a", Status.ACTIVE)
        await reader.until(lambda: vendor.in_flight == 1, 10)
        reader.engine.send(PutProfile(profile("one")))  # the old answer comes before the new one
        await reader.passes(5)
        assert reader.session("a").status is Status.ACTIVE


async def test_a_reading_by_the_old_keys_does_not_reach_the_memory_of_the_new() -> None:
    vendor = Vendor(VirtualClock(), asks=Asks.NEWEST_FIRST, page_size=1, latency=0.4)
    vendor.put("a")
    vendor.put("b")
    async with running({"one": vendor}) as reader:
        reader.engine.send(Visible((Key("one", Opaque("a")),)))
        await reader.passes(20)
        vendor.put("b", Status.ACTIVE)  # to the front
        await reader.passes(20)
        vendor.rows["a"]["status"] = "active"  # only a reading by id will tell
        asked = len(vendor.asked("row"))
        await reader.until(lambda: len(vendor.asked("row")) > asked, 20)
        reader.engine.send(PutProfile(profile("one")))
        await reader.passes(10)
        assert reader.session("a").status is Status.ACTIVE


async def test_a_removed_profile_lets_a_question_on_its_way_come_in() -> None:
    vendor = Vendor(VirtualClock(), latency=5.0)
    async with running({"one": vendor}, poll=False) as reader:
        asking = asyncio.ensure_future(reader.ask(lambda ticket: Check(ticket, "one")))
        await reader.passes(1)
        assert vendor.in_flight == 1
        reader.engine.send(RemoveProfile("one"))
        await reader.passes(1)
        assert (vendor.in_flight, vendor.closed) == (1, 0)
        answer = await asking
        assert isinstance(answer, Checked)
        assert answer.problem is not None
        await reader.passes(1)
        assert vendor.closed == 1


async def test_another_account_under_the_same_name_starts_from_nothing() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.passes(1)
        vendor.rows.clear()
        vendor.put("z")
        reader.engine.send(PutProfile(profile("one", settings={"service_sid": "KS2"})))
        await reader.passes(1)
        assert reader.ids() == ["z"]


async def test_an_answer_to_the_old_keys_comes_too_late() -> None:
    vendor = Vendor(VirtualClock(), latency=5.0)
    vendor.put("old")
    async with running({"one": vendor}) as reader:
        await reader.passes(1)
        assert vendor.in_flight == 1
        reader.engine.send(PutProfile(profile("one", settings={"service_sid": "KS2"})))
        await reader.passes(0.1)
        vendor.rows.clear()
        await reader.passes(4.5)
        assert vendor.in_flight == 1, (
            "the late request was not cancelled, only its answer is dropped"
        )
        assert reader.ids() == []
        vendor.put("new")
        await reader.passes(5)
        assert reader.ids() == ["new"]
        assert vendor.closed == 1


async def test_without_polling_only_questions_are_asked() -> None:
    vendor = Vendor(VirtualClock())
    async with running({"one": vendor}, poll=False) as reader:
        await reader.passes(600)
        assert vendor.calls == []
        assert vendor.connected == 0
        answer = await reader.ask(lambda ticket: Check(ticket, "one"))
        assert isinstance(answer, Checked)
        assert answer.problem is None
        assert [name for _, name, _ in vendor.calls] == ["check"]


async def test_commands_sent_before_the_engine_runs_are_carried_out() -> None:
    vendor = Vendor(VirtualClock())
    engine = Engine([profile()], connect=vendor.connect, clock=vendor.clock, poll=False)
    engine.send(Check(1, "one"))
    task = asyncio.ensure_future(engine.run())
    await asyncio.sleep(1)
    assert [type(answer) for answer in engine.mailbox.drain().answers] == [Checked]
    engine.stop()
    await task


async def test_stopping_ends_every_task_even_with_a_request_that_never_ends() -> None:
    vendor = Vendor(VirtualClock())
    vendor.hang = asyncio.Event()
    engine = Engine([profile()], connect=vendor.connect, clock=vendor.clock)
    task = asyncio.ensure_future(engine.run())
    await asyncio.sleep(1)
    assert vendor.in_flight == 1
    before = vendor.clock.monotonic()
    engine.stop(timeout=1.0)
    await task
    assert vendor.clock.monotonic() - before <= 1.0
    assert vendor.closed == 1
    assert len(asyncio.all_tasks()) <= 2, "this test and its runner"


class Stuck(Vendor):
    """A vendor whose one request never comes back, over real time."""

    def __init__(self) -> None:
        super().__init__(VirtualClock(), latency=0.0)
        self.reached = threading.Event()

    def connect(self, *args: object) -> object:  # type: ignore[override]
        self.hang = asyncio.Event()
        self.reached.set()
        return super().connect(*args)  # type: ignore[arg-type]


def test_the_thread_ends_in_time_and_can_be_stopped_twice() -> None:
    vendor = Stuck()
    engine = Engine([profile()], connect=vendor.connect, clock=SystemClock())  # type: ignore[arg-type]
    engine.start()
    assert vendor.reached.wait(5)
    names = [thread.name for thread in threading.enumerate()]
    assert names.count("engine") == 1
    assert engine.stop(timeout=2.0)
    assert engine.stop(timeout=2.0)
    assert "engine" not in [thread.name for thread in threading.enumerate()]
    engine.send(Check(1, "one"))  # nobody hears it, and nothing breaks


def test_an_engine_that_never_started_stops() -> None:
    engine = Engine([], connect=Stuck().connect, clock=SystemClock())  # type: ignore[arg-type]
    assert engine.stop()
    with pytest.raises(RuntimeError):
        engine.start()


def test_a_reader_in_another_thread_is_woken() -> None:
    vendor = Vendor(VirtualClock(), latency=0.0)
    vendor.put("a")
    vendor.spec = replace(vendor.spec, requests_per_second=1000.0)
    engine = Engine([profile()], connect=vendor.connect, clock=SystemClock())
    woken = threading.Event()
    who: list[str] = []

    def wake() -> None:
        who.append(threading.current_thread().name)
        woken.set()

    engine.mailbox.on_ready(wake)
    engine.start()
    try:
        assert woken.wait(5)
        assert engine.mailbox.wait(5)
        assert set(who) == {"engine"}
    finally:
        assert engine.stop(timeout=2.0)
