"""Token requests and answers against the vendor's document, read by its layout: no YAML reader is among the tests."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.providers.goto_signing import SUPPORT, desk, landed
from tests.providers.making import profile
from tests.providers.vendor import Answer, Seen, StillClock, Vendor
from tui.net.tokens import MemoryTokens, Tokens
from tui.providers import goto_remote_support
from tui.providers.base import Ask, Signer

pytestmark = pytest.mark.anyio

_FILE = Path(__file__).resolve().parents[3] / "shared" / "vendors" / "specs" / "goto_oauth.yaml"
TOKENS = {"access_token": "eyJ.a", "refresh_token": "eyJ.r", "expires_in": 3600}
ID, SECRET, REDIRECT = "client-7", "s e:cret", "https://desk.example/back"


@pytest.fixture(scope="module")
def document() -> str:
    if not _FILE.is_file():
        pytest.skip("the vendor's OpenAPI document goto_oauth.yaml is not beside this checkout")
    return _FILE.read_text()


def asked_of_authorize(text: str) -> dict[str, bool]:
    """The query parameters of the authorize page, and whether each is required."""
    return {
        name: required == "true"
        for name, required in re.findall(r"- \{name: (\w+), in: query, required: (\w+)", text)
    }


def forms(text: str) -> dict[str, tuple[set[str], set[str]]]:
    """For each grant type the fields that are required, and all that there are."""
    found = {}
    for line in re.findall(r"- (\{type: object, required: \[.*grant_type: \{const: .*)", text):
        required, known = (
            re.findall(r"required: \[([^]]*)\]", line)[0],
            line.split("properties:")[1],
        )
        kind = re.findall(r"const: (\w+)", line)[0]
        found[kind] = (set(required.split(", ")), set(re.findall(r"[{,] ?(\w+): \{", known)))
    return found


def answered(text: str) -> tuple[set[str], dict[str, str]]:
    """The fields of a token answer: those that are required, and the type of each."""
    schema = text.partition("description: Token\n")[2].partition("'401'")[0]
    required = re.findall(r"required: \[([^]]*)\]", schema)[0]
    return set(required.split(", ")), dict(re.findall(r"(\w+): \{type: (\w+)", schema))


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


async def test_the_three_token_requests_are_as_documented(document: str, server: Vendor) -> None:
    documented = forms(document)
    assert set(documented) == {"authorization_code", "refresh_token", "personal_access_token"}
    requests = await sent(server, {}, MemoryTokens())
    requests += (await sent(server, {"personal_access_token": "p/1"}, MemoryTokens()))[-1:]
    kinds = []
    for seen in requests:
        form = dict(parse_qsl(seen.body.decode(), strict_parsing=True))
        required, known = documented[form["grant_type"]]
        assert required <= form.keys() <= known
        assert (seen.method, seen.query) == ("POST", [])
        assert seen.headers["content-type"] == "application/x-www-form-urlencoded"
        pair = httpx.BasicAuth(ID, SECRET)._auth_header
        assert seen.headers["authorization"] == pair
        kinds.append(form["grant_type"])
    assert kinds == ["authorization_code", "refresh_token", "personal_access_token"]
    form = dict(parse_qsl(requests[0].body.decode()))
    assert (form["code"], form["redirect_uri"]) == ("c/1", REDIRECT)


async def test_the_address_to_open_is_as_documented(document: str) -> None:
    documented = asked_of_authorize(document)
    assert documented["client_id"]
    assert "code_challenge" not in documented  # so PKCE is not sent
    with desk() as it:
        for changes in ({}, {"scope": "collab: identity:"}):
            async with it.connected(it.profile(SUPPORT, "sign-in", **changes)) as made:
                url = urlsplit(cast(Signer, made).begin_sign_in())
                query = dict(parse_qsl(url.query, strict_parsing=True))
                assert url.path == "/goto-sign-in/oauth/authorize"
                assert query.keys() <= documented.keys()
                assert {name for name, needed in documented.items() if needed} <= query.keys()
                assert query["response_type"] == "code"
                assert ("scope" in query) is bool(changes)
                assert query["state"]


async def test_the_simulators_answers_are_as_documented(document: str) -> None:
    required, types = answered(document)
    assert required == {"access_token", "expires_in"}
    with desk() as it:
        keys: Any = it.profile(SUPPORT, "pat")
        async with it.connected(it.profile(SUPPORT, "sign-in")) as made:
            address = await asyncio.to_thread(landed, cast(Signer, made).begin_sign_in())
        pair = (keys.settings["client_id"], keys.secrets["client_secret"].reveal())
        code = dict(parse_qsl(urlsplit(address).query))["code"]
        asked = [
            {"grant_type": "authorization_code", "code": code, "redirect_uri": _landing(it.sim)},
            {
                "grant_type": "personal_access_token",
                "pat": keys.secrets["personal_access_token"].reveal(),
            },
        ]
        bodies = [await _token(keys.settings["auth_url"], pair, form) for form in asked]
        refresh = {"grant_type": "refresh_token", "refresh_token": bodies[0]["refresh_token"]}
        for generation in ("omit", "same", "rotate"):
            it.sim.play("goto-refresh", generation)
            bodies.append(await _token(keys.settings["auth_url"], pair, refresh))
    kinds = {"string": str, "integer": int}
    for body in bodies:
        assert required <= body.keys() <= types.keys()
        assert all(isinstance(value, kinds[types[name]]) for name, value in body.items())


def _landing(sim: Any) -> str:
    sim.play("goto-profiles", "sign-in")
    found: str = sim.profiles()["profiles"]["goto-desk"]["redirect_uri"]
    return found


async def _token(auth_url: str, pair: tuple[str, str], form: dict[str, str]) -> dict[str, Any]:
    async with httpx.AsyncClient(trust_env=False) as web:
        answer = await web.post(f"{auth_url}/oauth/token", data=form, auth=pair)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


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
