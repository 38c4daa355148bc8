"""Errors that are no `Exception`, and errors in the engine's own hands: none is silent, none leaves a question open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.live_vendor import FakeProvider, Reader, Vendor, problem_of, profile, running
from tests.virtual_clock import VIRTUAL, VirtualClock
from tui.live.commands import Act, Check, Command, PutProfile, RemoveProfile, Visible, Watch
from tui.live.engine import Engine
from tui.live.messages import Acted, Checked, Detail, Health, HealthState, Spoken
from tui.live.worker import Worker
from tui.model.clock import Clock, SystemClock
from tui.model.form import Values
from tui.model.problem import UnknownOutcome
from tui.model.profile import Profile
from tui.model.session import Key
from tui.model.status import Status
from tui.model.text import Opaque
from tui.net.exchange import Report
from tui.providers.base import Action

pytestmark = pytest.mark.anyio
CLOSE = Action("close", "Close", "close a session", frozenset(Status), "it ends")


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return VIRTUAL


async def answers(reader: Reader, number: int) -> None:
    """Waits until so many answers have come."""

    def came() -> bool:
        reader.read()
        return len(reader.answers) >= number

    await reader.until(came, 600)


class Escape:
    """An operation out of which something escapes that is no `Exception`."""

    def __init__(self, vendor: Vendor, operation: str, error: BaseException) -> None:
        self._answering = vendor.answering
        self._operation = operation
        self._error = error
        self.left = 1
        vendor.answering = self.answering  # type: ignore[method-assign]

    @asynccontextmanager
    async def answering(self, operation: str, what: object) -> AsyncIterator[None]:
        async with self._answering(operation, what):
            if operation == self._operation and self.left:
                self.left -= 1
                raise self._error
            yield


ESCAPES = [asyncio.CancelledError("hush"), SystemExit("hush")]


@pytest.mark.parametrize("error", ESCAPES, ids=lambda error: type(error).__name__)
async def test_no_error_ends_a_worker_silently(error: BaseException) -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        Escape(vendor, "page", error)
        await reader.until(lambda: reader.state() == "backing off", 20)
        reason = reader.board.health["one"].reason
        assert type(error).__name__ in reason
        assert "hush" not in reason
        vendor.put("b")
        await reader.until(lambda: reader.state() == "ok" and reader.ids() == ["a", "b"], 120)


@pytest.mark.parametrize("error", ESCAPES, ids=lambda error: type(error).__name__)
async def test_no_error_leaves_a_question_without_an_answer(error: BaseException) -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    async with running({"one": vendor}, poll=False) as reader:
        Escape(vendor, "check", error)
        answer = await reader.ask(lambda ticket: Check(ticket, "one"))
        assert isinstance(answer, Checked)
        assert type(error).__name__ in problem_of(answer).message

        Escape(vendor, "row", error)
        reader.engine.send(Watch(Key("one", Opaque("a"))))
        await answers(reader, 2)
        (detail,) = (one for one in reader.answers if isinstance(one, Detail))
        assert type(error).__name__ in problem_of(detail).message


async def test_a_worker_that_is_really_cancelled_ends() -> None:
    vendor = Vendor(VirtualClock())
    engine = Engine([profile()], connect=vendor.connect, clock=vendor.clock)
    task = asyncio.ensure_future(engine.run())
    await asyncio.sleep(1)
    before = asyncio.all_tasks()
    for one in before - {asyncio.current_task()}:
        if one is task or "_supervise" in repr(one):
            one.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert "_supervise" not in repr(asyncio.all_tasks())
    assert vendor.closed == 1


class Writing(Vendor):
    """A vendor whose sessions can be closed."""

    def __init__(self, *, latency: float = 0.05) -> None:
        super().__init__(VirtualClock(), latency=latency)
        self.spec = replace(self.spec, actions=(CLOSE,))

    def connect(self, profile: Profile, clock: Clock, report: Report) -> FakeProvider:
        return WritingProvider(self, profile, clock, report)


class WritingProvider(FakeProvider):
    async def act(self, ref: Opaque, action: str, values: Values) -> bytes:
        async with self._asked("act", ref):
            return await self.row(ref)


@pytest.mark.parametrize("error", [KeyError("hush"), *ESCAPES], ids=lambda one: type(one).__name__)
async def test_a_write_that_an_error_of_our_own_ends_has_an_unknown_outcome(
    error: BaseException,
) -> None:
    vendor = Writing()
    vendor.put("a")
    async with running({"one": vendor}, poll=False) as reader:
        Escape(vendor, "act", error)
        answer = await reader.ask(lambda ticket: Act(ticket, "one", Opaque("a"), "close", {}))
        problem = problem_of(answer)
        assert isinstance(problem, UnknownOutcome)
        assert "hush" not in problem.message
        assert len(vendor.asked("act")) == 1


@pytest.mark.parametrize("command", [PutProfile(profile("one")), RemoveProfile("one")])
async def test_a_write_that_was_done_before_the_profile_changed_was_done(
    command: Command,
) -> None:
    vendor = Writing(latency=5.0)
    vendor.put("a")
    async with running({"one": vendor}, poll=False) as reader:
        reader.engine.send(Act(1, "one", Opaque("a"), "close"))
        await reader.until(lambda: vendor.in_flight == 1, 5)
        reader.engine.send(command)
        await answers(reader, 1)
        (answer,) = reader.answers
        assert isinstance(answer, Acted)
        assert answer.problem is None, '"try again later" would have it sent twice'
        assert answer.session is not None
        assert reader.ids() == [], "what a replaced worker learns does not reach the board"
        assert len(vendor.asked("act")) == 1


async def test_a_write_that_was_never_sent_has_no_unknown_outcome() -> None:
    vendor = Writing()
    for ticket in range(1, 9):
        vendor.put(f"a{ticket}")
    vendor.spec = replace(vendor.spec, requests_per_second=0.1)
    async with running({"one": vendor}, poll=False) as reader:
        for ticket in range(1, 9):
            reader.engine.send(Act(ticket, "one", Opaque(f"a{ticket}"), "close"))
        await reader.passes(1)
        sent = len(vendor.asked("act"))
        reader.engine.send(RemoveProfile("one"))
        await answers(reader, 8)
        problems = [getattr(answer, "problem", None) for answer in reader.answers]
        assert not any(isinstance(one, UnknownOutcome) for one in problems)
        assert len([one for one in problems if one is None]) == sent < 8


async def test_a_command_that_cannot_be_carried_out_is_answered_and_holds_up_none() -> None:
    vendor = Vendor(VirtualClock())
    strange: Any = ["no name at all"]
    async with running({"one": vendor}, poll=False) as reader:
        reader.engine.send(Visible(strange))
        reader.engine.send(Check(7, strange))
        reader.engine.send(Check(8, "one"))
        await answers(reader, 2)
        seven, eight = sorted(reader.answers, key=lambda answer: getattr(answer, "ticket", 0))
        assert "TypeError" in problem_of(seven).message
        assert "trying again" not in problem_of(seven).message, "nobody does"
        assert isinstance(eight, Checked)
        assert eight.problem is None


async def test_a_watch_that_cannot_begin_is_told_to_its_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vendor = Vendor(VirtualClock())
    async with running({"one": vendor}, poll=False) as reader:
        monkeypatch.setattr(Worker, "watch", _breaks)
        for transcript in (False, True):
            reader.engine.send(Watch(Key("one", Opaque("a")), transcript=transcript))
        await answers(reader, 2)
        assert {type(answer) for answer in reader.answers} == {Detail, Spoken}
        assert all("KeyError" in problem_of(answer).message for answer in reader.answers)


async def test_a_profile_that_cannot_be_put_is_told() -> None:
    vendor = Vendor(VirtualClock())
    async with running({"one": vendor}) as reader:
        await reader.passes(5)
        strange: Any = "often"
        reader.engine.send(PutProfile(profile("one", refresh=strange)))
        await reader.passes(5)
        assert reader.state() == "offline"
        assert "an error in sessiontop itself" in reader.board.health["one"].reason


def _breaks(*_: object) -> None:
    raise KeyError("hush")


def test_an_engine_whose_thread_is_ended_from_inside_says_so_and_cleans_up() -> None:
    vendor = Vendor(VirtualClock(), latency=0.0)
    engine = Engine([profile()], connect=vendor.connect, clock=SystemClock())
    engine.start()
    hear(engine, HealthState.OK)
    loop = engine._loop
    assert loop is not None
    loop.call_soon_threadsafe(_exits)
    reason = hear(engine, HealthState.OFFLINE).reason
    assert "SystemExit" in reason
    assert "trying again" not in reason, "nobody does"
    assert engine.stop(timeout=2.0)
    assert vendor.closed == 1


def hear(engine: Engine, state: HealthState) -> Health:
    """Reads the mailbox until a health of that state comes."""
    while True:
        assert engine.mailbox.wait(5)
        for health in engine.mailbox.drain().health.values():
            if health.state is state:
                return health


def _exits() -> None:
    raise SystemExit("hush")
