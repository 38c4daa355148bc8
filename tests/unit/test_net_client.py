"""The bounded client: what goes over the wire, what is refused before, and what is reported."""

from __future__ import annotations

import json
import logging
from urllib.parse import parse_qsl, unquote

import pytest

from tests.unit.net_chaos import (
    ASK,
    CANARY,
    END,
    FORM,
    JSON,
    LIST,
    NOW,
    SEARCH,
    SHOW,
    answer,
    chaos,
    rig,
    says,
    says_in_turn,
)
from tui.model.clock import SystemClock
from tui.model.operation import Operation
from tui.model.problem import (
    BadAnswer,
    ConfigProblem,
    NoAnswer,
    ReadOnly,
    UsageProblem,
)
from tui.model.secret import Secret
from tui.model.text import Opaque
from tui.net.answers import refusal
from tui.net.auth import Auth, BasicAuth, TokenAuth

pytestmark = pytest.mark.anyio

IDS = (
    "KC1",
    "a/b",
    "../admin",
    "a/../b",
    "x#f",
    "x?y=z&w",
    "50%",
    "%2e%2e",
    "sp ace",
    "semi;colon",
    "back\\slash",
    "Ünïcödé-日本-🙂",
    "...",
    "line\nbreak",
)


async def test_a_request_carries_what_it_should_and_nothing_more() -> None:
    async with chaos(says(answer(b'{"a": 1}'))) as server, rig(server.url) as it:
        reply = await it.client.send(LIST, query=[("q", "a b&c=d"), ("at", "2026-01-01T00:00:00Z")])
    (asked,) = server.asked
    assert reply.ok
    assert reply.json() == {"a": 1}
    assert (asked.method, asked.target.split("?")[0]) == ("GET", "/api/v1/things")
    assert parse_qsl(asked.target.split("?")[1]) == [
        ("q", "a b&c=d"),
        ("at", "2026-01-01T00:00:00Z"),
    ]
    assert asked.header("accept") == "application/json"
    assert asked.header("accept-encoding") == "gzip"
    assert (asked.header("user-agent") or "").startswith("sessiontop/")
    assert asked.header("authorization") == f"Bearer {CANARY}"
    assert asked.header("host") == f"127.0.0.1:{server.port}"
    assert asked.header("cookie") is None
    assert asked.body == b""


@pytest.mark.parametrize("ref", IDS)
async def test_an_id_goes_back_exactly_and_stays_one_part_of_the_path(ref: str) -> None:
    async with chaos(says(answer())) as server, rig(server.url) as it:
        await it.client.send(END, path={"id": ref})
    parts = server.asked[0].target.split("/")
    assert parts[:4] == ["", "api", "v1", "things"]
    assert unquote(parts[4]) == ref
    assert parts[5:] == ["end"]


@pytest.mark.parametrize("ref", ["", ".", "..", "\ud800"])
async def test_an_id_that_would_mean_another_path_is_not_sent(ref: str) -> None:
    async with chaos(says(answer())) as server, rig(server.url) as it:
        with pytest.raises(UsageProblem):
            await it.client.send(SHOW, path={"id": ref})
    assert server.asked == []


async def test_bodies_travel_as_declared_also_with_get() -> None:
    async with chaos(says(answer())) as server, rig(server.url) as it:
        await it.client.send(FORM, form=[("Name", "Ä & co"), ("Name", "two")])
        await it.client.send(JSON, json={"name": "Zoë", "n": [1, None]})
        await it.client.send(ASK, json={"KEY": "x"})
        await it.client.send(ASK)
        await it.client.send(END, path={"id": "1"})
    form, posted, asked, bare, ended = server.asked
    assert form.header("content-type") == "application/x-www-form-urlencoded"
    assert parse_qsl(form.body.decode()) == [("Name", "Ä & co"), ("Name", "two")]
    assert posted.header("content-type") == "application/json"
    assert json.loads(posted.body) == {"name": "Zoë", "n": [1, None]}
    assert (asked.method, json.loads(asked.body)) == ("GET", {"KEY": "x"})
    assert (bare.body, bare.header("content-type")) == (b"", None)
    assert ended.header("content-length") == "0"


async def test_only_what_is_declared_is_sent() -> None:
    foreign = Operation("drop all", "DELETE", "/things", writes=True)
    async with chaos(says(answer())) as server, rig(server.url) as it:
        with pytest.raises(ValueError, match="not declared"):
            await it.client.send(foreign)
        with pytest.raises(ValueError, match="takes"):
            await it.client.send(SHOW, path={"other": "1"})
        with pytest.raises(ValueError, match="declares the body"):
            await it.client.send(LIST, json={"a": 1})
        with pytest.raises(ValueError, match="declares the body"):
            await it.client.send(JSON, form=[("a", "1")])
        with pytest.raises(ValueError, match="not a page"):
            await it.client.follow(END, Opaque(f"{server.url}/things/1/end"))
        with pytest.raises(UsageProblem):
            await it.client.send(LIST, query=[("a", "\udcff")])
        with pytest.raises(UsageProblem):
            await it.client.send(FORM, form=[("a", "\udcff")])
        with pytest.raises(UsageProblem):
            await it.client.send(JSON, json={"a": "\udcff"})
    assert server.asked == []


async def test_a_read_only_profile_sends_what_reads_and_refuses_what_writes() -> None:
    async with chaos(says(answer())) as server, rig(server.url, read_only=True) as it:
        await it.client.send(SEARCH, json={})  # a POST that only reads
        for operation, path in ((FORM, {}), (END, {"id": "1"})):
            with pytest.raises(ReadOnly, match="acme is read-only"):
                await it.client.send(operation, path=path)
    assert [asked.target for asked in server.asked] == ["/api/v1/search"]


@pytest.mark.parametrize("status", ["200 OK", "204 No Content", "404 Gone fishing", "500 \x1b[2J"])
async def test_any_status_is_a_reply(status: str) -> None:
    body = b"" if status.startswith("204") else b'{"m":"\x1b"}'
    raw = answer(
        body, status, {"Retry-After": "3", "X-Amzn-ErrorType": "Bad\x9b", "Set-Cookie": "a=b"}
    )
    async with chaos(says(raw)) as server, rig(server.url) as it:
        reply = await it.client.send(LIST)
        await it.client.send(LIST)
    assert reply.status == int(status[:3])
    assert reply.body == body
    assert reply.headers == {"retry-after": "3", "x-amzn-errortype": "Bad\N{REPLACEMENT CHARACTER}"}
    assert server.asked[1].header("cookie") is None


async def test_each_request_is_reported_once() -> None:
    raws = [answer(b"[1]"), answer(b"", "403 No"), answer(b"", "302 F", {"Location": "/x"})]
    async with chaos(says_in_turn(raws)) as server, rig(server.url) as it:
        await it.client.send(LIST)
        await it.client.send(END, path={"id": "1"})
        with pytest.raises(BadAnswer):
            await it.client.send(LIST)
    told = [(one.operation, one.method, one.status, one.received, one.writes) for one in it.log]
    assert told == [
        ("list things", "GET", 200, 3, False),
        ("end thing", "POST", 403, 0, True),
        ("list things", "GET", 302, 0, False),
    ]
    assert [one.outcome for one in it.log[:2]] == ["ok", "keys rejected"]
    assert {(one.at, one.profile, one.milliseconds) for one in it.log} == {(NOW, "acme", 0.0)}


@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        ("Sun, 01 Mar 2026 12:00:07 GMT", 7.0),
        ("Sun, 01 Mar 2026 11:58:00 GMT", -120.0),
        ("yesterday", None),
        (None, None),
    ],
)
async def test_how_far_the_vendors_clock_is_ahead_is_reported(
    date: str | None, ahead: float | None
) -> None:
    raw = answer(headers={"Date": date} if date else None)
    async with chaos(says(raw)) as server, rig(server.url) as it:
        await it.client.send(LIST)
    assert [one.skew for one in it.log] == [ahead]


@pytest.mark.parametrize(
    ("location", "named"),
    [
        ("https://evil.example/x", "evil.example"),
        ("//evil.example", "evil.example"),
        ("/login", "127.0.0.1"),
        ("https://ev\x9bil/", "ev"),
        ("http://[", "?"),
    ],
)
async def test_a_redirect_is_not_followed_and_names_its_host(location: str, named: str) -> None:
    raw = answer(b"", "307 Temporary", {"Location": location})
    async with chaos(says(raw)) as server, rig(server.url) as it:
        with pytest.raises(BadAnswer) as caught:
            await it.client.send(FORM, form=[("a", "b")])
    assert len(server.asked) == 1
    assert f"sent us on to {named}" in caught.value.message
    assert caught.value.message.isprintable()


async def test_a_next_link_below_the_prefix_is_followed_as_it_came() -> None:
    links = (
        "{root}/api/v1/things?Page=1&PageToken=a%2Fb%27'x",
        "/api/v1/things?Page=2",
        "things?Page=3",
    )
    async with chaos(says(answer())) as server, rig(server.url) as it:
        root = server.url.removesuffix("/api/v1")
        for link in links:
            await it.client.follow(LIST, Opaque(link.format(root=root)))
    assert [asked.target for asked in server.asked] == [
        "/api/v1/things?Page=1&PageToken=a%2Fb%27'x",
        "/api/v1/things?Page=2",
        "/api/v1/things?Page=3",
    ]
    assert {asked.header("authorization") for asked in server.asked} == {f"Bearer {CANARY}"}


async def test_a_foreign_or_climbing_link_is_not_followed_and_no_one_else_hears_the_key() -> None:
    async with chaos(says(answer())) as home, chaos(says(answer())) as foreign, rig(home.url) as it:
        root = home.url.removesuffix("/api/v1")
        for link in (
            f"{foreign.url}/things?Page=2",
            f"//127.0.0.1:{foreign.port}/api/v1/things",
            f"http://localhost:{home.port}/api/v1/things",
            f"https://127.0.0.1:{home.port}/api/v1/things",
            f"http://127.0.0.1:{home.port}@127.0.0.1:{foreign.port}/api/v1/things",
            f"http://127.0.0.1:{home.port}\\@127.0.0.1:{foreign.port}/api/v1/",
            f"http://127.0.0.1:{home.port}%2e.x/api/v1/",
            f"{root}/api/v1/../admin",
            f"{root}/api/v1/%2e%2E/admin",
            f"{root}/api/v1/x%2f..%2f..%2fadmin",
            f"{root}/api/v10/things",
            f"{root}/admin",
            "../../admin",
            "/admin",
            "file:///etc/passwd",
            "javascript:x",
            "http://[",
            f"{root}/api/v1/a\nb",
            f"{root}/api/v1/ü",
            "",
        ):
            with pytest.raises(BadAnswer, match="its link is not followed") as caught:
                await it.client.follow(LIST, Opaque(link))
            elsewhere = "pointed elsewhere (localhost)" if "localhost" in link else ""
            told = caught.value.message
            assert (elsewhere or "pointed outside base_url") in told, "not: elsewhere (127.0.0.1)"
    assert home.asked == []
    assert (foreign.asked, foreign.connections) == ([], 0)


async def test_the_environments_proxy_is_not_for_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    async with chaos(says(answer(b'{"via": "proxy"}'))) as proxy, chaos(says(answer())) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        async with rig(server.url) as it:
            assert (await it.client.send(LIST)).json() == {}
    assert proxy.connections == 0


class _Broken:
    """A credential that was read with its line break."""

    def headers(self) -> tuple[tuple[str, str], ...]:
        return (("Authorization", f"Bearer {CANARY}\n"),)

    def masks(self) -> tuple[str, ...]:
        return (CANARY,)


async def test_a_credential_that_no_header_can_carry_is_never_quoted() -> None:
    async with chaos(says(answer())) as server, rig(server.url, auth=_Broken()) as it:
        with pytest.raises(ConfigProblem) as caught:
            await it.client.send(LIST)
    assert server.asked == []
    assert CANARY not in repr(caught.value)
    assert CANARY not in repr(it.log)
    for token in ("", "a b", "naïve", "x\r\n", f"{CANARY}\n"):
        with pytest.raises(ConfigProblem) as refused:
            TokenAuth(Secret(token))
        assert CANARY not in str(refused.value)
    for user, word in (("a:b", "pw"), ("a", "pw\n"), ("a\x00", "pw")):
        with pytest.raises(ConfigProblem):
            BasicAuth(user, Secret(word))


async def test_basic_and_named_headers() -> None:
    import base64

    async with chaos(says(answer())) as server:
        async with rig(server.url, auth=BasicAuth("AC1", Secret("pä:ss"))) as it:
            await it.client.send(LIST)
        async with rig(server.url, auth=TokenAuth(Secret("k-1"), "", "INTEGRATION-KEY")) as it:
            await it.client.send(LIST)
    basic, named = server.asked
    scheme, pair = (basic.header("authorization") or "").split(" ")
    assert (scheme, base64.b64decode(pair).decode()) == ("Basic", "AC1:pä:ss")
    assert named.header("integration-key") == "k-1"
    assert named.header("authorization") is None


async def test_a_vendor_that_quotes_the_key_does_not_show_it() -> None:
    raw = answer(f'{{"message": "bad key {CANARY}"}}'.encode(), "401 No")
    async with chaos(says(raw)) as server, rig(server.url) as it:
        reply = await it.client.send(LIST)
    assert reply.json() == {"message": "bad key ***"}


@pytest.mark.parametrize(
    "auth", [TokenAuth(Secret(CANARY)), BasicAuth("AC1", Secret(CANARY))], ids=["token", "basic"]
)
@pytest.mark.parametrize("form", ["plain", "escaped", "page"])
async def test_a_key_that_comes_back_in_any_dress_is_hidden(auth: Auth, form: str) -> None:
    """As it was sent, with JSON escapes, or in the title of a proxy's page: also with a status of 200."""
    spelled = "".join(f"\\u{ord(char):04x}" for char in CANARY) if form == "escaped" else CANARY
    raw = (
        answer(
            f"<html><title>no {CANARY}</title></html>".encode(),
            "200 OK",
            {"Content-Type": "text/html"},
        )
        if form == "page"
        else answer(f'{{"message": "bad key {spelled}"}}'.encode(), "401 No")
    )
    async with chaos(says(raw)) as server, rig(server.url, auth=auth) as it:
        reply = await it.client.send(LIST)
    if form == "page":
        assert reply.title == "no ***"
        with pytest.raises(BadAnswer) as caught:
            reply.json()
        assert CANARY not in str(caught.value)
    else:
        body = reply.json()
        assert isinstance(body, dict)
        told = refusal(reply, "listing", code=None, message=body["message"], clock=SystemClock())
        assert CANARY not in told.message
        assert "bad key ***" in told.message


async def test_problems_keep_no_frames_and_no_library_texts() -> None:
    async with chaos(says(b"HTTP/1.1 \x1b[2J garbage\r\n\r\n")) as server, rig(server.url) as it:
        with pytest.raises(NoAnswer) as caught:
            await it.client.send(LIST)
    problem = caught.value
    assert (problem.__context__, problem.__cause__) == (None, None)
    names = {entry.name for entry in caught.traceback}
    assert "_exchange" in names
    assert not names & {"_attempt", "_transfer", "_received"}
    assert problem.message.isprintable()


async def test_the_libraries_keep_quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with chaos(says(answer())) as server, rig(server.url) as it:
        await it.client.send(LIST, query=[("token", CANARY)])
    assert not [one for one in caplog.records if one.name.startswith(("httpx", "httpcore"))]
    assert CANARY not in caplog.text
