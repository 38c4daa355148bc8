"""Renewing a token in virtual time: once for all who want it, kept before it is used, bounded, never in a loop."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from tests.unit.signing import AGAIN, CODE, INVALID, Server, kept, oauth, sent
from tests.virtual_clock import START, VIRTUAL, VirtualClock
from tui.model.problem import (
    BadAnswer,
    ConfigProblem,
    KeysRejected,
    NoAnswer,
    Problem,
    Unreachable,
)
from tui.model.secret import Secret
from tui.net.grants import Grant
from tui.net.oauth import TIMEOUTS, TURN_WAIT, OAuth
from tui.net.reply import Reply
from tui.net.tokens import MemoryTokens, Tokens

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> object:
    return VIRTUAL


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def server(clock: VirtualClock) -> Server:
    return Server(clock)


@pytest.fixture
def store() -> MemoryTokens:
    return MemoryTokens()


async def held(store: MemoryTokens) -> tuple[str, str | None]:
    """What the store has for the profile."""
    tokens = await store.read("desk")
    assert tokens is not None
    return tokens.access.reveal(), None if tokens.refresh is None else tokens.refresh.reveal()


async def problem_of(work: Awaitable[object]) -> Problem:
    with pytest.raises(Problem) as caught:
        await work
    return caught.value


# --- which token is sent ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("life", "due_from"),
    [(3600, 3240), (600, 540), (1200, 1080), (300, 240), (100, 50), (10, 5)],
)
def test_a_token_is_renewed_before_its_end(life: int, due_from: int) -> None:
    tokens = Tokens("a", Secret("x"), START, None, START + timedelta(seconds=life))
    assert not tokens.due(START + timedelta(seconds=due_from - 1))
    assert tokens.due(START + timedelta(seconds=due_from))
    assert not tokens.spent(START + timedelta(seconds=life - 1))
    assert tokens.spent(START + timedelta(seconds=life))


def test_without_an_end_it_is_good_until_it_is_refused() -> None:
    tokens = Tokens("a", Secret("x"), START)
    assert not tokens.due(START + timedelta(days=365))
    assert not tokens.spent(START + timedelta(days=365))


async def test_who_has_not_signed_in_is_told_so_and_nobody_is_asked(server: Server) -> None:
    problem = await problem_of(oauth(server).current())
    assert isinstance(problem, ConfigProblem)
    assert problem.message == "sign in first: sessiontop profile sign-in desk"
    assert server.asked == []


async def test_kept_tokens_are_sent_as_they_are(server: Server, store: MemoryTokens) -> None:
    await store.save("desk", kept(server.clock))
    auth = await oauth(server, store).current()
    assert auth.headers() == (("Authorization", "Bearer access-0"),)
    assert server.asked == []


async def test_tokens_of_another_account_are_never_sent(
    server: Server, store: MemoryTokens
) -> None:
    await store.save("desk", kept(server.clock, account="sign-in https://auth.example other"))
    problem = await problem_of(oauth(server, store).current())
    assert problem.message.startswith("sign in first")
    assert await held(store) == ("access-0", "refresh-0")


async def test_a_token_is_renewed_early_and_kept_before_it_is_sent(
    server: Server, store: MemoryTokens
) -> None:
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)
    await asyncio.sleep(3239)
    assert sent(await auth.current()) == "access-0"
    await asyncio.sleep(1)
    assert sent(await auth.current()) == "access-1"
    assert await held(store) == ("access-1", "refresh-0")  # none came: the old one goes on
    assert server.asked == [{"refresh_token": "refresh-0"}]


async def test_a_new_refresh_token_takes_the_place_of_the_old_one(
    server: Server, store: MemoryTokens
) -> None:
    await store.save("desk", kept(server.clock))
    server.beside["refresh_token"] = "refresh-1"
    auth = oauth(server, store)
    await asyncio.sleep(3300)
    await auth.current()
    assert await held(store) == ("access-1", "refresh-1")


async def test_no_token_is_sent_that_is_not_kept_yet(server: Server) -> None:
    class Slow(MemoryTokens):
        done = False

        async def save(self, profile: str, tokens: Tokens) -> None:
            await asyncio.sleep(30)
            await super().save(profile, tokens)
            self.done = True

    store = Slow()
    await MemoryTokens.save(store, "desk", kept(server.clock))
    await asyncio.sleep(3700)
    assert sent(await oauth(server, store).current()) == "access-1"
    assert store.done


# --- one renewal for all --------------------------------------------------------------------------------------


async def test_fifty_tasks_that_are_refused_at_once_make_one_renewal(
    server: Server, store: MemoryTokens
) -> None:
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)

    async def call() -> str:
        refused = await auth.current()
        await asyncio.sleep(0.1)
        await auth.renew(refused)
        return sent(await auth.current())

    assert set(await asyncio.gather(*(call() for _ in range(50)))) == {"access-1"}
    assert len(server.asked) == 1


async def test_a_late_refusal_of_an_older_token_renews_nothing(
    server: Server, store: MemoryTokens
) -> None:
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)
    old = await auth.current()
    await auth.renew(old)
    await auth.renew(old)
    assert sent(await auth.current()) == "access-1"
    assert len(server.asked) == 1


async def test_who_was_renewed_by_another_process_asks_nobody(
    server: Server, store: MemoryTokens
) -> None:
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)
    old = await auth.current()
    await store.save("desk", kept(server.clock, "access-theirs", "refresh-theirs"))
    await auth.renew(old)
    assert sent(await auth.current()) == "access-theirs"
    assert server.asked == []


async def test_a_renewal_outlives_the_task_that_wanted_it(
    server: Server, store: MemoryTokens
) -> None:
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)
    await asyncio.sleep(3700)
    task = asyncio.ensure_future(auth.current())
    await asyncio.sleep(0.1)  # the request is on its way
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert sent(await auth.current()) == "access-1"
    assert await held(store) == ("access-1", "refresh-0")
    assert len(server.asked) == 1


async def test_closing_lets_a_renewal_come_in(server: Server, store: MemoryTokens) -> None:
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)
    await asyncio.sleep(3700)
    task = asyncio.ensure_future(auth.current())
    await asyncio.sleep(0.1)
    task.cancel()
    await auth.aclose()
    assert server.closed
    assert await held(store) == ("access-1", "refresh-0")


def test_a_request_ends_before_whoever_waits_for_its_turn_gives_up() -> None:
    assert TIMEOUTS.overall < TURN_WAIT


# --- the turn ---------------------------------------------------------------------------------------------------


async def test_the_turn_of_another_is_waited_for(server: Server, store: MemoryTokens) -> None:
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)
    await asyncio.sleep(3700)
    turn = await store.try_turn("desk")
    assert turn is not None
    task = asyncio.ensure_future(auth.current())
    await asyncio.sleep(5)
    assert not task.done()
    turn.end()
    assert sent(await task) == "access-1"


async def test_what_another_keeps_meanwhile_is_used_even_if_it_never_gives_its_turn_back(
    server: Server, store: MemoryTokens
) -> None:
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)
    await asyncio.sleep(3700)
    assert await store.try_turn("desk") is not None
    task = asyncio.ensure_future(auth.current())
    await asyncio.sleep(5)
    await store.save("desk", kept(server.clock, "access-theirs"))
    assert sent(await task) == "access-theirs"
    assert server.asked == []


async def test_a_stopped_process_is_not_waited_for_for_ever(
    server: Server, store: MemoryTokens
) -> None:
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)
    await asyncio.sleep(3700)
    assert await store.try_turn("desk") is not None
    started = server.clock.monotonic()
    problem = await problem_of(auth.current())
    assert 15 <= server.clock.monotonic() - started < 16
    assert isinstance(problem, Unreachable)
    assert "by another sessiontop for more than 15 s: end that one" in problem.message
    assert server.asked == []


# --- when it fails ----------------------------------------------------------------------------------------------


async def test_a_dead_token_is_told_once_and_not_asked_for_again(
    server: Server, store: MemoryTokens
) -> None:
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)
    await asyncio.sleep(3700)
    server.answers.append(INVALID)
    first = await problem_of(auth.current())
    for _ in range(5):
        again = await problem_of(auth.current())
        assert isinstance(again, KeysRejected)
        assert again.message == first.message
    assert first.message.startswith(AGAIN)
    assert len(server.asked) == 1
    assert await held(store) == ("access-0", "refresh-0")  # nothing was deleted


async def test_after_another_sign_in_it_goes_on(server: Server, store: MemoryTokens) -> None:
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)
    await asyncio.sleep(3700)
    server.answers.append(INVALID)
    await problem_of(auth.current())
    later = kept(server.clock, "access-new", "refresh-new")
    await store.save("desk", later)
    assert sent(await auth.current()) == "access-new"
    await asyncio.sleep(3700)
    assert sent(await auth.current()) == "access-1"
    assert server.asked[-1] == {"refresh_token": "refresh-new"}


@pytest.mark.parametrize("after", [0.01, 0.06, 0.16])
async def test_a_quicker_process_without_turns_is_noticed(
    server: Server, store: MemoryTokens, after: float
) -> None:
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)
    await asyncio.sleep(3700)
    server.answers.append(INVALID)
    task = asyncio.ensure_future(auth.current())
    await asyncio.sleep(server.latency + after)
    await store.save("desk", kept(server.clock, "access-theirs", "refresh-theirs"))
    assert sent(await task) == "access-theirs"


@pytest.mark.parametrize(
    "failure",
    [
        NoAnswer("auth.example did not answer in time"),
        BadAnswer("auth.example sent us on to elsewhere; check base_url"),
        Unreachable("could not connect to auth.example; check the network and base_url"),
        (503, {}),
        (200, {"message": "This endpoint is no longer valid"}),
    ],
)
async def test_a_server_in_trouble_means_that_nothing_was_sent(
    server: Server, store: MemoryTokens, failure: tuple[int, object] | Exception
) -> None:
    """Also for a write: the API was not asked, so its outcome is known."""
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)
    await asyncio.sleep(3700)
    server.answers.append(failure)
    problem = await problem_of(auth.current())
    assert isinstance(problem, Unreachable)
    assert "base_url" not in problem.message
    assert await held(store) == ("access-0", "refresh-0")
    assert sent(await auth.current()) == "access-1"


async def test_a_token_that_still_holds_is_used_on_and_the_server_left_alone_for_a_while(
    server: Server, store: MemoryTokens
) -> None:
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)
    await asyncio.sleep(3300)
    server.answers.extend([(503, {}), (503, {})])
    for _ in range(10):
        assert sent(await auth.current()) == "access-0"
        await asyncio.sleep(2)
    assert len(server.asked) == 1
    await asyncio.sleep(30)
    assert sent(await auth.current()) == "access-0"
    assert len(server.asked) == 2
    await asyncio.sleep(31)
    assert sent(await auth.current()) == "access-1"


async def test_without_a_refresh_token_the_end_is_told(server: Server, store: MemoryTokens) -> None:
    await store.save("desk", kept(server.clock, refresh=None))
    auth = oauth(server, store)
    await asyncio.sleep(3500)
    assert sent(await auth.current()) == "access-0"
    await asyncio.sleep(200)
    assert (await problem_of(auth.current())).message.startswith(AGAIN)
    assert server.asked == []


async def test_wrong_client_keys_are_not_a_dead_token(server: Server, store: MemoryTokens) -> None:
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)
    await asyncio.sleep(3700)
    server.answers.append((401, {"error": "invalid_client"}))
    assert "client_secret" in (await problem_of(auth.current())).message
    assert sent(await auth.current()) == "access-1"


async def test_what_could_not_be_kept_is_not_lost(server: Server) -> None:
    class Full(MemoryTokens):
        full = True

        async def save(self, profile: str, tokens: Tokens) -> None:
            if self.full:
                raise ConfigProblem("tokens.toml could not be written: No space left on device")
            await super().save(profile, tokens)

    store = Full()
    await MemoryTokens.save(store, "desk", kept(server.clock))
    server.beside["refresh_token"] = "refresh-1"
    auth = oauth(server, store)
    await asyncio.sleep(3700)
    for _ in range(3):
        assert "No space left" in (await problem_of(auth.current())).message
    store.full = False
    assert sent(await auth.current()) == "access-1"
    assert await held(store) == ("access-1", "refresh-1")
    assert len(server.asked) == 1  # the old refresh token may be worthless by now


async def test_a_fresh_token_that_is_refused_as_well_ends_it(server: Server) -> None:
    reply = Reply(401, b"{}", {}, "api.example")
    problem = oauth(server).given_up(reply)
    assert isinstance(problem, KeysRejected)
    assert problem.message.startswith(AGAIN)
    assert "api.example does not accept a fresh access token either: 401" in problem.message


# --- signing in, and the grant that needs nobody --------------------------------------------------------------------


def by_code(code: str = "code-1") -> Grant:
    return Grant(CODE, (("code", Secret(code)),))


async def test_a_sign_in_is_kept_and_used_at_once(server: Server, store: MemoryTokens) -> None:
    auth = oauth(server, store)
    await problem_of(auth.current())
    server.beside |= {"refresh_token": "refresh-1", "principal": "ana@example.com"}
    found = await auth.sign_in(by_code())
    assert found.user == "ana@example.com"
    assert sent(await auth.current()) == "access-1"
    assert await held(store) == ("access-1", "refresh-1")
    assert server.asked == [{"code": "code-1"}]


async def test_a_sign_in_that_fails_leaves_older_tokens(
    server: Server, store: MemoryTokens
) -> None:
    await store.save("desk", kept(server.clock))
    auth = oauth(server, store)
    server.answers.append(INVALID)
    problem = await problem_of(auth.sign_in(by_code()))
    assert problem.message.startswith("open the address again, for another code (")
    assert sent(await auth.current()) == "access-0"


async def test_a_sign_in_waits_for_a_renewal_and_wins(server: Server, store: MemoryTokens) -> None:
    await store.save("desk", kept(server.clock))
    auth, other = oauth(server, store), oauth(server, store)
    await asyncio.sleep(3700)
    renewing = asyncio.ensure_future(other.current())
    await asyncio.sleep(0.1)
    await auth.sign_in(by_code())
    await renewing
    assert [list(form) for form in server.asked] == [["refresh_token"], ["code"]]
    assert await held(store) == ("access-2", None)


async def test_a_personal_token_is_exchanged_when_needed(
    server: Server, store: MemoryTokens
) -> None:
    server.beside["refresh_token"] = "unused"
    auth = oauth(server, store, personal="pat-1")
    assert sent(await auth.current()) == "access-1"
    await asyncio.sleep(3300)
    assert sent(await auth.current()) == "access-2"
    refused = await auth.current()
    await auth.renew(refused)
    assert sent(await auth.current()) == "access-3"
    assert server.asked == [{"grant_type": "personal", "pat": "pat-1"}] * 3


async def test_a_personal_token_that_is_not_accepted(server: Server) -> None:
    server.answers.append(INVALID)
    problem = await problem_of(oauth(server, personal="pat-1").current())
    assert isinstance(problem, KeysRejected)
    assert problem.message.startswith("make a new personal access token")


# --- secrets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "prepare",
    [
        lambda server: None,
        lambda server: server.answers.append(INVALID),
        lambda server: server.answers.append((200, {"access_token": "canary-9 x"})),
        lambda server: server.answers.append((503, {"error": "canary"})),
    ],
)
async def test_nothing_of_it_shows_a_token(
    server: Server, store: MemoryTokens, prepare: Callable[[Server], None]
) -> None:
    tokens = kept(server.clock, "canary-access", "canary-refresh")
    await store.save("desk", tokens)
    auth: OAuth = oauth(server, store)
    await asyncio.sleep(3700)
    prepare(server)
    shown = [repr(tokens), repr(by_code("canary-code"))]
    try:
        shown.append(repr(await auth.current()))
    except Problem as problem:
        shown += [str(problem), repr(problem)]
    assert "canary-" not in " ".join(shown)
