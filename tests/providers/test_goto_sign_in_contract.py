"""What the vendor's document of the sign-in does not decide: the values of a token request, and what is kept of it.

That its requests and answers are as documented is held in `tests/contract`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.providers.goto_signing import BOTH, SUPPORT, desk
from tests.providers.making import profile
from tests.providers.vendor import Answer, Seen, StillClock, Vendor
from tui.net.tokens import MemoryTokens, Tokens
from tui.providers import goto_remote_support
from tui.providers.base import Ask, Signer

pytestmark = pytest.mark.anyio

TOKENS = {"access_token": "eyJ.a", "refresh_token": "eyJ.r", "expires_in": 3600}
ID, SECRET, REDIRECT = "client-7", "s e:cret", "https://desk.example/back"


@pytest.fixture
async def server() -> AsyncIterator[Vendor]:
    async with Vendor("/api") as made:
        made.paths["/oauth/token"] = Answer(200, TOKENS)
        made.paths["/sessions"] = Answer(200, {"totalNumSessions": 0, "sessions": []})
        yield made


async def sent(server: Vendor, secrets: dict[str, str], store: MemoryTokens) -> list[Seen]:
    """The token requests of a profile that signs in (or exchanges), lists, and is renewed once."""
    settings = {"client_id": ID, "redirect_uri": REDIRECT, "auth_url": server.base_url}
    made = profile(SUPPORT, server.base_url, settings, {"client_secret": SECRET, **secrets})
    provider = goto_remote_support.connect(made, StillClock(), lambda _: None, store)
    if not secrets:
        url = urlsplit(cast(Signer, provider).begin_sign_in())
        state = dict(parse_qsl(url.query))["state"]
        await cast(Signer, provider).finish_sign_in(f"{REDIRECT}?code=c%2F1&state={state}")
        refused = [Answer(403, {"int_err_code": "InvalidToken"})]
        good = server.paths["/sessions"]
        server.paths["/sessions"] = lambda _: refused.pop() if refused else cast(Answer, good)
    await provider.page(Ask())
    await provider.aclose()
    return [seen for seen in server.seen if seen.path.endswith("/oauth/token")]


async def test_each_grant_is_asked_with_the_values_of_its_profile(server: Vendor) -> None:
    requests = await sent(server, {}, MemoryTokens())
    requests += (await sent(server, {"personal_access_token": "p/1"}, MemoryTokens()))[-1:]
    forms = [dict(parse_qsl(seen.body.decode(), strict_parsing=True)) for seen in requests]
    assert forms == [
        {"grant_type": "authorization_code", "code": "c/1", "redirect_uri": REDIRECT},
        {"grant_type": "refresh_token", "refresh_token": TOKENS["refresh_token"]},
        {"grant_type": "personal_access_token", "pat": "p/1"},
    ]
    pair = httpx.BasicAuth(ID, SECRET)._auth_header
    assert {seen.headers["authorization"] for seen in requests} == {pair}


@pytest.mark.parametrize("provider", BOTH)
async def test_the_page_is_asked_for_a_scope_only_where_one_is_set(provider: str) -> None:
    with desk() as it:
        for changes in ({}, {"scope": "collab: identity:"}):
            made = it.profile(provider, "sign-in", **changes)
            async with it.connected(made) as connected:
                query = dict(parse_qsl(urlsplit(cast(Signer, connected).begin_sign_in()).query))
            assert query.pop("state")
            assert query == {
                "client_id": made.text("client_id"),
                "response_type": "code",
                "redirect_uri": made.text("redirect_uri"),
                **changes,
            }


async def test_what_is_kept_is_what_was_answered(server: Vendor) -> None:
    store = MemoryTokens()
    await sent(server, {}, store)
    found = await store.read("desk")
    assert isinstance(found, Tokens)
    assert found.access.reveal() == TOKENS["access_token"]
    assert found.refresh is not None
    assert found.refresh.reveal() == TOKENS["refresh_token"]
    assert ID in found.account
    assert SECRET not in found.account
