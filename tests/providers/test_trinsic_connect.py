"""Trinsic Connect over a real socket, the reading side: what is sent, what answers and refusals become."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.providers.making import profile
from tests.providers.trinsic_samples import (
    BEGAN,
    DONE,
    SESSION,
    URN,
    failed,
    listing,
    trinsic,
)
from tests.providers.vendor import Answer, Seen, StillClock, Vendor
from tui.model.problem import (
    Busy,
    ConfigProblem,
    KeysRejected,
    NotFound,
    Problem,
    Refused,
    UsageProblem,
)
from tui.model.status import Status
from tui.model.text import Opaque
from tui.providers import trinsic_connect
from tui.providers.base import Ask, Asks, Capability
from tui.providers.trinsic_connect import SPEC, TrinsicConnect

pytestmark = pytest.mark.anyio
LIST, GET = "/v1/sessions/list", "/v1/sessions/get"
USUAL = {"orderBy": "Updated", "orderDirection": "Descending", "pageSize": 10, "page": 1}


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor("") as made:
        made.paths[LIST] = Answer(body=listing(SESSION))
        made.paths[GET] = _found
        yield made


def _found(seen: Seen) -> Answer:
    """The session that was asked for."""
    return Answer(body={"session": {**SESSION, "id": dict(seen.query)["sessionId"]}})


@pytest.fixture
async def connect(vendor: Vendor) -> AsyncIterator[TrinsicConnect]:
    made = trinsic(vendor)
    yield made
    await made.aclose()


def bodies(vendor: Vendor) -> list[Any]:
    return [json.loads(seen.body) for seen in vendor.seen]


# --- what is sent ------------------------------------------------------------------------------------------


async def test_the_listing_is_asked_newest_change_first(
    vendor: Vendor, connect: TrinsicConnect
) -> None:
    page = await connect.page(Ask())
    assert page.next is None
    found = connect.decode(page.rows[0]).session
    assert found is not None
    assert (found.id, found.status, found.profile) == (URN, Status.NOT_STARTED, "desk")
    (seen,) = vendor.seen
    assert (seen.method, seen.raw) == ("POST", LIST)
    assert bodies(vendor) == [USUAL]
    assert seen.headers["content-type"] == "application/json"


async def test_both_headers_carry_the_key(vendor: Vendor, connect: TrinsicConnect) -> None:
    await connect.page(Ask())
    await connect.row(URN)
    for seen in vendor.seen:
        assert seen.headers["authorization"] == "Bearer sesame"
        assert seen.headers["trinsicauthorization"] == "Bearer sesame"
        assert "application/json" in seen.headers["accept"]


async def test_an_id_travels_encoded(vendor: Vendor, connect: TrinsicConnect) -> None:
    assert json.loads(await connect.row(URN)) == SESSION
    (seen,) = vendor.seen
    assert (seen.method, seen.body) == ("GET", b"")
    assert seen.raw == f"{GET}?sessionId={URN.replace(':', '%3A')}"
    await connect.row(Opaque("a b/&=%ü"))
    assert vendor.seen[-1].raw == f"{GET}?sessionId=a%20b%2F%26%3D%25%C3%BC"
    assert vendor.seen[-1].query == [("sessionId", "a b/&=%ü")]


async def test_a_base_url_with_the_version_is_taken(vendor: Vendor) -> None:
    vendor.base_url += "/v1"
    connect = trinsic(vendor)
    await connect.page(Ask())
    await connect.aclose()
    assert vendor.seen[0].path == LIST


@pytest.mark.parametrize("ref", ["", "abcd", "x" * 101, "urn:\ud800:x"])
async def test_an_id_that_no_session_can_have_is_not_sent(
    vendor: Vendor, connect: TrinsicConnect, ref: str
) -> None:
    # Not a UsageProblem: one odd row must not keep the others from being read by id.
    with pytest.raises(NotFound, match="5 to 100 characters"):
        await connect.row(Opaque(ref))
    assert vendor.seen == []
    for good in ("abcde", "x" * 100):
        await connect.row(Opaque(good))


# --- one session -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [{}, {"session": None}])
async def test_an_answer_without_a_session_is_not_found(
    vendor: Vendor, connect: TrinsicConnect, body: object
) -> None:
    vendor.paths[GET] = Answer(body=body)
    with pytest.raises(NotFound, match="holds no session"):
        await connect.row(URN)


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (400, [{"memberNames": ["sessionId"], "errorMessage": "unknown"}], "sessionId: unknown"),
        (400, [{"memberNames": ["SessionId"], "errorMessage": None}], "SessionId"),
        (400, [{"memberNames": None, "errorMessage": "no such session"}], "no such session"),
        (400, b"", "400"),
        (404, b"", "404"),
        (404, {"message": "gone\x1b"}, "gone␛"),
    ],
)
async def test_an_unknown_id_however_it_is_refused(
    vendor: Vendor, connect: TrinsicConnect, status: int, body: Any, words: str
) -> None:
    vendor.paths[GET] = Answer(status, body)
    with pytest.raises(NotFound) as caught:
        await connect.row(URN)
    assert words in caught.value.message
    assert caught.value.status == status


async def test_a_400_about_something_else_is_no_unknown_id(
    vendor: Vendor, connect: TrinsicConnect
) -> None:
    fault = {"memberNames": ["TrinsicAuthorization"], "errorMessage": "is required"}
    vendor.paths[GET] = Answer(400, [fault])
    with pytest.raises(Refused) as caught:
        await connect.row(URN)
    assert type(caught.value) is Refused
    assert "TrinsicAuthorization: is required" in caught.value.message


async def test_the_timeline_is_read_anew(vendor: Vendor, connect: TrinsicConnect) -> None:
    old = connect.decode(json.dumps(SESSION).encode()).session
    assert old is not None
    vendor.paths[GET] = Answer(body={"session": DONE})
    found = await connect.transcript(old)
    assert not found.spoken
    assert [entry.text for entry in found.entries][-1] == "session complete, its data is available"
    last = found.entries[-1].at
    assert last is not None
    assert last.timestamp() == BEGAN + 120


# --- refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (
            400,
            [
                {"memberNames": ["PageSize", "Page"], "errorMessage": "out of\x1b bounds"},
                {"memberNames": None, "errorMessage": "also this"},
                {"memberNames": ["OrderBy"], "errorMessage": None},
                {},
                "and that",
            ],
            Refused,
            "PageSize, Page: out of␛ bounds; also this; OrderBy; and that)",
        ),
        (400, [], Refused, "(400)"),
        (401, {"message": "Invalid key"}, KeysRejected, "Invalid key; check api_key"),
        (401, {"message": None}, KeysRejected, "check api_key"),
        (401, b"", KeysRejected, "check api_key"),
        (403, b"", KeysRejected, "may not do this (403)"),
        (404, b"", NotFound, "404"),
        (409, {"title": "Conflict", "detail": "too late"}, Refused, "too late"),
        (410, b"This service has moved", Refused, "410: This service has moved"),
        (418, b'"a \\u202e teapot"', Refused, "a  teapot"),
        (429, b"", Busy, "too many requests"),
        (500, b"", Busy, "has a fault (500)"),
        (502, b"<html><title>Bad gateway</title></html>", Busy, "Bad gateway"),
        (400, b"key sesame is wrong", Refused, "key *** is wrong"),
    ],
)
async def test_refusals(
    vendor: Vendor,
    connect: TrinsicConnect,
    status: int,
    body: Any,
    kind: type[Problem],
    words: str,
) -> None:
    vendor.paths[LIST] = Answer(status, body)
    with pytest.raises(kind) as caught:
        await connect.page(Ask())
    assert type(caught.value) is kind
    assert words in caught.value.message
    assert "<" not in caught.value.message


async def verdicts(connect: TrinsicConnect) -> list[tuple[str, str]]:
    return [(str(finding.verdict), finding.text) for finding in await connect.check()]


async def test_the_check_in_words(vendor: Vendor, connect: TrinsicConnect) -> None:
    vendor.paths[LIST] = Answer(body=listing(SESSION, total=42))
    assert await verdicts(connect) == [
        ("ok", "the key is accepted; 42 sessions were created with it")
    ]
    assert bodies(vendor)[0]["pageSize"] == 1
    vendor.paths[LIST] = Answer(body={"sessions": []})
    assert await verdicts(connect) == [("ok", "the key is accepted")]
    for status in (401, 403):
        vendor.paths[LIST] = Answer(status, {"message": "Invalid key"})
        ((verdict, text),) = await verdicts(connect)
        assert verdict == "fail"
        assert "Invalid key" in text
    for answer in (Answer(404, b""), Answer(200, b"This service has moved")):
        vendor.paths[LIST] = answer
        (verdict, _), (hint, where) = await verdicts(connect)
        assert (verdict, hint) == ("fail", "warn")
        assert "base_url" in where
    vendor.paths[LIST] = Answer(500, b"")
    with pytest.raises(Busy):
        await connect.check()


# --- what is declared --------------------------------------------------------------------------------------


async def test_nobody_is_asked_for(vendor: Vendor, connect: TrinsicConnect) -> None:
    session = connect.decode(json.dumps(failed("SessionFailExpired")).encode()).session
    assert session is not None
    assert not connect.wants_people(session)
    assert await connect.people(session) is session
    with pytest.raises(UsageProblem):
        await connect.system_links("crm.example")
    assert vendor.seen == []


def test_without_a_key_the_problem_says_what_to_do() -> None:
    for secrets in ({}, {"api_key": ""}):
        made = profile("trinsic-connect", "http://127.0.0.1:1", {}, secrets)
        with pytest.raises(ConfigProblem, match="api_key is needed"):
            trinsic_connect.connect(made, StillClock(), lambda exchange: None)
    made = profile("trinsic-connect", "http://127.0.0.1:1", {}, {"api_key": "two words"})
    with pytest.raises(ConfigProblem, match="without spaces"):
        trinsic_connect.connect(made, StillClock(), lambda exchange: None)


def test_the_declaration_is_whole() -> None:
    assert (SPEC.id, SPEC.asks) == ("trinsic-connect", Asks.NEWEST_FIRST)
    assert SPEC.capabilities == {Capability.TRANSCRIPT}
    assert len(SPEC.short) <= 8
    # Reading is told from writing by what it does, not by its method.
    assert {one.name: (one.method, one.path, one.writes) for one in SPEC.operations} == {
        "create session": ("POST", "/v1/sessions", True),
        "get session": ("GET", GET, False),
        "cancel session": ("POST", "/v1/sessions/cancel", True),
        "list sessions": ("POST", LIST, False),
    }
    assert [field.name for field in SPEC.query] == ["orderBy", "orderDirection", "page", "pageSize"]
