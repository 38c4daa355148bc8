"""A sign-in server at the seam of the client, in virtual time; and what the tests of renewing share."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Sequence
from typing import Any, cast

from tests.virtual_clock import VirtualClock
from tui.model.operation import Body, Operation
from tui.model.secret import Secret
from tui.net.auth import Auth
from tui.net.client import Client
from tui.net.grants import Grant
from tui.net.oauth import OAuth, Plan
from tui.net.reply import Reply
from tui.net.tokens import MemoryTokens, Tokens, TokenStore

REFRESH = Operation("refresh the token", "POST", "/token", writes=True, body=Body.FORM)
PERSONAL = Operation("exchange", "POST", "/token", writes=True, body=Body.FORM)
CODE = Operation("sign in", "POST", "/token", writes=True, body=Body.FORM)
ACCOUNT = "sign-in https://auth.example me"
AGAIN = "sign in again: sessiontop profile sign-in desk"
INVALID = (400, {"error": "invalid_grant", "error_description": "no"})


class Server:
    """Gives `access-1`, `access-2`, ... unless `answers` holds something else: a status and body, or an error.

    `asked` holds the forms, `latency` the virtual seconds of an answer, `kinds` what is in an answer beside the
    access token.
    """

    def __init__(self, clock: VirtualClock, latency: float = 0.2) -> None:
        self.clock = clock
        self.latency = latency
        self.asked: list[dict[str, str]] = []
        self.answers: deque[tuple[int, Any] | Exception] = deque()
        self.beside: dict[str, object] = {"expires_in": 3600}
        self.closed = False
        self.given = 0

    async def send(
        self, operation: Operation, *, form: Sequence[tuple[str, str | Secret]] = ()
    ) -> Reply:
        self.asked.append(
            {name: value.reveal() if isinstance(value, Secret) else value for name, value in form}
        )
        await asyncio.sleep(self.latency)
        if self.answers:
            answer = self.answers.popleft()
            if isinstance(answer, Exception):
                raise answer
            return Reply(answer[0], json.dumps(answer[1]).encode(), {}, "auth.example")
        self.given += 1
        body = {"access_token": f"access-{self.given}", **self.beside}
        return Reply(200, json.dumps(body).encode(), {}, "auth.example")

    async def aclose(self) -> None:
        self.closed = True


def kept(
    clock: VirtualClock, access: str = "access-0", refresh: str | None = "refresh-0", **more: Any
) -> Tokens:
    """Tokens of an hour, as they may lie in a store."""
    now = clock.now()
    until = now.replace(hour=now.hour + 1)
    values: dict[str, Any] = {"account": ACCOUNT, "obtained_at": now, "expires_at": until, **more}
    return Tokens(
        access=Secret(access), refresh=None if refresh is None else Secret(refresh), **values
    )


def oauth(server: Server, store: TokenStore | None = None, *, personal: str | None = None) -> OAuth:
    """The credential of the profile "desk" at that server."""
    standing = None
    if personal is not None:
        form = (("grant_type", "personal"), ("pat", Secret(personal)))
        standing = Grant(PERSONAL, form)
    plan = Plan(
        profile="desk",
        account=ACCOUNT,
        prefix="Bearer ",
        refresh=lambda token: Grant(REFRESH, (("refresh_token", token),)),
        refusal=lambda reply: "401: expired" if reply.status == 401 else None,
        code="InvalidToken",
        first="sign in first: sessiontop profile sign-in desk",
        again=AGAIN if personal is None else "make a new personal access token",
        standing=standing,
    )
    return OAuth(plan, cast(Client, server), store or MemoryTokens(), server.clock)


def sent(auth: Auth) -> str:
    """The token that is sent."""
    ((_, value),) = auth.headers()
    return value.removeprefix("Bearer ")
