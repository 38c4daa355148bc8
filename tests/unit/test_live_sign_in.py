"""Signing in through the engine: asked by ticket, waited for without asking, and polled at once when it went well."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.live_vendor import FakeProvider, Reader, Vendor, problem_of, profile, running
from tests.virtual_clock import START, VIRTUAL, VirtualClock
from tui.live.commands import Refresh, SignIn, StartSignIn
from tui.live.messages import SignedIn, SignInStarted
from tui.model.clock import Clock
from tui.model.problem import ConfigProblem, KeysRejected, UsageProblem
from tui.model.profile import Profile
from tui.model.text import Opaque, line
from tui.net.exchange import Report
from tui.providers.base import Access, Capability, Spec

pytestmark = pytest.mark.anyio

FIRST = ConfigProblem("sign in first: sessiontop profile sign-in one")
AGAIN = KeysRejected("sign in again: sessiontop profile sign-in one", 401)
ADDRESS = "https://auth.example/authorize?state=s"


class Guarded(Vendor):
    """A vendor that lists nothing until somebody signed in with `open sesame`."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(clock)
        self.spec = _with_sign_in(self.spec)
        self.refuse("page", FIRST)

    def connect(self, profile: Profile, clock: Clock, report: Report) -> FakeProvider:
        self.connected += 1
        return Door(self, profile, clock, report)


class Door(FakeProvider):
    def begin_sign_in(self) -> Opaque:
        return Opaque(ADDRESS)

    async def finish_sign_in(self, pasted: str) -> Access:
        async with self._asked("sign in", pasted):
            if pasted != "open sesame":
                raise UsageProblem("that is neither an address nor a code")
            vendor = self._vendor
            vendor.refuse("page", None)
            return Access(START + timedelta(hours=1), line("ana@example.com"), renews=True)


def _with_sign_in(spec: Spec) -> Spec:
    return replace(spec, capabilities=frozenset({Capability.SIGN_IN}))


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL


@pytest.fixture
def guarded() -> Guarded:
    return Guarded(VirtualClock())


async def waiting(reader: Reader, state: str) -> None:
    await reader.passes(0.1)
    await reader.until(lambda: reader.state() == state)


async def begun(reader: Reader) -> SignInStarted:
    answer = await reader.ask(lambda ticket: StartSignIn(ticket, "one"))
    assert isinstance(answer, SignInStarted)
    return answer


async def finished(reader: Reader, pasted: str) -> SignedIn:
    answer = await reader.ask(lambda ticket: SignIn(ticket, "one", pasted))
    assert isinstance(answer, SignedIn)
    return answer


async def test_who_has_to_sign_in_is_waited_for_without_asking(guarded: Guarded) -> None:
    async with running({"one": guarded}) as reader:
        await waiting(reader, "incomplete")
        assert reader.board.health["one"].reason == FIRST.message
        await reader.passes(3600)
        assert len(guarded.asked("page")) == 1


async def test_after_a_dead_token_nobody_is_asked_again(guarded: Guarded) -> None:
    guarded.refuse("page", AGAIN)
    async with running({"one": guarded}) as reader:
        await waiting(reader, "keys rejected")
        await reader.passes(3600)
        assert len(guarded.asked("page")) == 1
        assert reader.board.health["one"].reason == AGAIN.message


async def test_a_sign_in_is_polled_with_at_once(guarded: Guarded) -> None:
    guarded.put("a")
    async with running({"one": guarded}) as reader:
        await waiting(reader, "incomplete")
        assert (await begun(reader)).url == ADDRESS
        answer = await finished(reader, "open sesame")
        assert answer.problem is None
        assert answer.access is not None
        assert answer.access.user == "ana@example.com"
        await reader.until(lambda: reader.ids() == ["a"], 10)
        assert reader.state() == "ok"


async def test_a_problem_is_answered_and_the_next_try_may_succeed(guarded: Guarded) -> None:
    async with running({"one": guarded}) as reader:
        await begun(reader)
        assert "neither" in problem_of(await finished(reader, "wrong")).message
        assert len(guarded.asked("page")) == 1
        assert (await finished(reader, "open sesame")).access is not None


async def test_an_engine_that_does_not_poll_asks_nothing_more(guarded: Guarded) -> None:
    async with running({"one": guarded}, poll=False) as reader:
        await finished(reader, "open sesame")
        await reader.passes(600)
        assert guarded.asked("page") == []


async def test_a_person_may_ask_again_after_a_sign_in_elsewhere(guarded: Guarded) -> None:
    async with running({"one": guarded}) as reader:
        await waiting(reader, "incomplete")
        guarded.refuse("page", None)
        reader.engine.send(Refresh("one"))
        await reader.until(lambda: reader.state() == "ok", 10)


async def test_a_vendor_without_a_sign_in_and_a_profile_that_is_not_there() -> None:
    vendor = Vendor(VirtualClock())
    async with running({"one": vendor}, [profile("one")]) as reader:
        assert problem_of(await begun(reader)).message == "one: Fake knows no sign-in, only keys"
        assert "knows no sign-in" in problem_of(await finished(reader, "x")).message
        answer = await reader.ask(lambda ticket: StartSignIn(ticket, "two"))
        assert problem_of(answer).message == "no profile is called two"


def test_what_was_pasted_is_not_shown() -> None:
    assert "canary" not in repr(SignIn(1, "one", "canary-code"))
