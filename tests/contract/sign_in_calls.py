"""What the clients of both GoTo products ask of the sign-in server, and the pages that a person opens for them.

Every entry uses profiles of its own and leaves their tokens worthless: it comes after what the product is asked.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final, cast
from urllib.parse import parse_qs, urlsplit

from tests.contract.clients import Client, each, opened, sign_in
from tui.model.problem import Problem
from tui.providers.base import Ask, Provider, Signer
from tui.simulator.goto_tokens import GotoTokens

SIGN_IN: Final = "goto-sign-in"
# One path takes all of them: what tells the operations apart is the form.
GRANTS: Final = {
    "sign in": "authorization_code",
    "refresh the token": "refresh_token",
    "exchange the personal access token": "personal_access_token",
}


async def signing(at: Client) -> None:
    """Once, a second time with the same code, with a scope, and as a client that nobody knows."""
    async with at.another("sign-in", scope="collab: identity:") as one:
        with suppress(Problem):
            code = parse_qs(urlsplit(await sign_in(one)).query)["code"][0]
            cast(Signer, one).begin_sign_in()
            await cast(Signer, one).finish_sign_in(code)
    async with at.another("sign-in", client_secret="s e:cret ü") as one:
        await each((sign_in(one),))
    async with at.another("sign-in", client_id="nobody") as one:
        await each((opened(cast(Signer, one).begin_sign_in()),))


async def refresh(at: Client) -> None:
    """Twice, the second time with whatever the first one gave; then for an access that was withdrawn."""
    vendor: Any = at.desk.simulator.vendors[at.profile.provider]
    account = GotoTokens.of(vendor.stage)
    async with at.another("sign-in") as one:
        await each((sign_in(one),))
        for ending in (account.expire, account.expire, account.revoke):
            ending()
            await each((_lists(one),))


async def exchange(at: Client) -> None:
    """Of the account's own personal access token, and of one that the vendor does not know."""
    for changes in ({}, {"personal_access_token": "pat_/&ü"}):
        async with at.another("pat", **changes) as one:
            await each((_lists(one),))


async def _lists(provider: Provider) -> None:
    await provider.page(Ask())
