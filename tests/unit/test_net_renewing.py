"""The client with a credential that wears out: refused once, renewed once, sent once more, and all of it reported."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from tests.unit.net_chaos import (
    CALM,
    CANARY,
    END,
    FORM,
    LIST,
    OPERATIONS,
    Chaos,
    FixedClock,
    answer,
    chaos,
    says,
    says_in_turn,
)
from tui.model.problem import ConfigProblem, KeysRejected, Problem, ReadOnly
from tui.model.secret import Secret
from tui.model.text import Opaque
from tui.net.auth import Auth, Renewable, TokenAuth
from tui.net.client import Client, Reply
from tui.net.exchange import Exchange

pytestmark = pytest.mark.anyio

REFUSED = answer(b'{"code":"expired"}', "403 Forbidden")
DENIED = answer(b'{"code":"no-role"}', "403 Forbidden")


@dataclass
class Wearing:
    """A credential `canary-...-N`; `renewals` counts, `problem` is what a renewal ends with."""

    renewals: int = 0
    problem: Problem | None = None
    closed: bool = False
    auth: TokenAuth = field(default_factory=lambda: TokenAuth(Secret(f"{CANARY}-0")))

    async def current(self) -> Auth:
        if self.problem is not None and isinstance(self.problem, ConfigProblem):
            raise self.problem
        return self.auth

    def refusal(self, reply: Reply) -> str | None:
        return "expired" if reply.status == 403 and b"expired" in reply.body else None

    async def renew(self, refused: Auth) -> None:
        if refused is not self.auth:
            return
        self.renewals += 1
        if self.problem is not None:
            raise self.problem
        self.auth = TokenAuth(Secret(f"{CANARY}-{self.renewals}"))

    def given_up(self, reply: Reply) -> Problem:
        return KeysRejected("sign in again", reply.status)

    async def aclose(self) -> None:
        self.closed = True


@asynccontextmanager
async def wearing(
    server: Chaos, auth: Wearing, *, read_only: bool = False
) -> AsyncIterator[tuple[Client, list[Exchange]]]:
    log: list[Exchange] = []
    client = Client(
        profile="acme",
        base_url=server.url,
        operations=OPERATIONS,
        auth=auth,
        clock=FixedClock(),
        report=log.append,
        read_only=read_only,
        timeouts=CALM,
    )
    try:
        yield client, log
    finally:
        await client.aclose()


def tokens(server: Chaos) -> list[str | None]:
    return [asked.header("authorization") for asked in server.asked]


def bearers(*numbers: int) -> list[str]:
    return [f"Bearer {CANARY}-{number}" for number in numbers]


def test_it_is_what_the_client_takes_for_one() -> None:
    assert isinstance(Wearing(), Renewable)
    assert not isinstance(TokenAuth(Secret(CANARY)), Renewable)


async def test_what_was_refused_is_sent_once_more_with_the_new_token() -> None:
    auth = Wearing()
    async with (
        chaos(says_in_turn([REFUSED, answer(b'{"a": 1}')])) as server,
        wearing(server, auth) as (client, log),
    ):
        assert (await client.send(LIST)).json() == {"a": 1}
        await client.send(LIST)
    assert tokens(server) == bearers(0, 1, 1)
    assert [(one.status, one.attempt) for one in log] == [(403, 1), (200, 2), (200, 1)]
    assert auth.closed


async def test_a_refused_write_was_not_carried_out_and_is_sent_once_more() -> None:
    auth = Wearing()
    async with (
        chaos(says_in_turn([REFUSED, answer(b"{}", "201 Created")])) as server,
        wearing(server, auth) as (client, log),
    ):
        reply = await client.send(FORM, form=[("name", "Ana")])
    assert reply.status == 201
    assert [asked.body for asked in server.asked] == [b"name=Ana"] * 2
    assert [(one.attempt, one.writes) for one in log] == [(1, True), (2, True)]


async def test_a_linked_page_too() -> None:
    auth = Wearing()
    async with (
        chaos(says_in_turn([REFUSED, answer()])) as server,
        wearing(server, auth) as (client, _),
    ):
        await client.follow(LIST, Opaque(f"{server.url}/things?page=2"))
    assert tokens(server) == bearers(0, 1)


@pytest.mark.parametrize("script", [[DENIED], [answer(b"{}", "404 Not Found")], [answer()]])
async def test_anything_else_renews_nothing(script: Sequence[bytes]) -> None:
    auth = Wearing()
    async with chaos(says_in_turn(script)) as server, wearing(server, auth) as (client, log):
        await client.send(LIST)
    assert auth.renewals == 0
    assert len(log) == 1


async def test_refused_twice_ends_it() -> None:
    auth = Wearing()
    async with chaos(says(REFUSED)) as server, wearing(server, auth) as (client, log):
        with pytest.raises(KeysRejected, match="sign in again"):
            await client.send(END, path={"id": "1"})
    assert auth.renewals == 1
    assert [one.attempt for one in log] == [1, 2]
    assert tokens(server) == bearers(0, 1)


async def test_a_renewal_that_fails_sends_nothing_more() -> None:
    auth = Wearing(problem=KeysRejected("sign in again: do", 400))
    async with chaos(says(REFUSED)) as server, wearing(server, auth) as (client, _):
        with pytest.raises(KeysRejected, match="sign in again: do"):
            await client.send(FORM)
    assert len(server.asked) == 1


async def test_without_a_credential_nothing_is_sent_and_nothing_reported() -> None:
    auth = Wearing(problem=ConfigProblem("sign in first"))
    async with chaos(says(answer())) as server, wearing(server, auth) as (client, log):
        with pytest.raises(ConfigProblem, match="sign in first"):
            await client.send(LIST)
    assert server.asked == []
    assert log == []


async def test_a_read_only_profile_refuses_a_write_before_it_asks_for_a_credential() -> None:
    auth = Wearing(problem=ConfigProblem("sign in first"))
    async with (
        chaos(says(answer())) as server,
        wearing(server, auth, read_only=True) as (client, _),
    ):
        with pytest.raises(ReadOnly):
            await client.send(FORM)


async def test_many_at_once_renew_once() -> None:
    auth = Wearing()

    async def script(asked: object, writer: asyncio.StreamWriter) -> None:
        old = server.asked[-1].header("authorization") == bearers(0)[0]
        writer.write(REFUSED if old else answer())
        await writer.drain()

    async with chaos(script) as server, wearing(server, auth) as (client, log):
        replies = await asyncio.gather(*(client.send(LIST) for _ in range(20)))
    assert {reply.status for reply in replies} == {200}
    assert auth.renewals == 1
    assert sum(one.attempt == 2 for one in log) == sum(one.status == 403 for one in log)


async def test_a_secret_in_a_form_is_masked_where_the_server_quotes_it() -> None:
    canary = Secret("canary/+ refresh")
    quoting = answer(
        b'{"error":"canary/+ refresh is bad: canary%2F%2B+refresh"}', "400 Bad Request"
    )
    async with chaos(says(quoting)) as server, wearing(server, Wearing()) as (client, log):
        reply = await client.send(FORM, form=[("grant_type", "x"), ("token", canary)])
    assert server.asked[0].body == b"grant_type=x&token=canary%2F%2B+refresh"
    assert b"canary" not in reply.body
    assert "canary" not in repr(log) + repr(reply)
    good = Reply(200, b"{}", {}, "", reply.hide)
    assert good.hide("was: canary/+ refresh") == "was: ***"
