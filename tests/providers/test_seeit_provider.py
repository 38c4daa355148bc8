"""Seeit over a real socket: what is sent, what answers and refusals become."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.providers.making import profile
from tests.providers.samples import GOTO_INVALID_TOKEN, row
from tests.providers.seeit_samples import (
    BARE,
    BASE,
    CREATED,
    LISTING,
    SESSION,
    START,
    UUID,
    listing,
    seeit,
)
from tests.providers.vendor import NOON, Answer, Seen, StillClock, Vendor
from tui.model.problem import (
    BadAnswer,
    Busy,
    ConfigProblem,
    KeysRejected,
    NotFound,
    Problem,
    ReadOnly,
    Refused,
    UsageProblem,
)
from tui.model.profile import Profile
from tui.model.secret import Secret
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Opaque
from tui.providers import goto_remote_support, goto_seeit
from tui.providers.base import Ask, Asks, Capability, Writer
from tui.providers.goto_seeit import GotoSeeit

pytestmark = pytest.mark.anyio


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor(BASE) as made:
        made.paths["/sessions"] = by_method
        made.paths[f"/sessions/{UUID}"] = Answer(body=SESSION)
        yield made


@pytest.fixture
async def provider(vendor: Vendor) -> AsyncIterator[GotoSeeit]:
    made = seeit(vendor)
    yield made
    await made.aclose()


def by_method(seen: Seen) -> Answer:
    return Answer(201, CREATED) if seen.method == "POST" else Answer(body=LISTING)


def decoded(provider: GotoSeeit, raw: bytes, *, full: bool = False) -> Session:
    found = provider.decode(raw, full=full).session
    assert found is not None
    return found


def test_the_declaration() -> None:
    spec = goto_seeit.SPEC
    assert spec.id == "goto-seeit"
    assert spec.default_base_url == "https://api.citrixonline.com/seeit/v1"
    assert spec.asks is Asks.NEWEST_FIRST
    assert spec.capabilities == {Capability.TRANSCRIPT, Capability.SIGN_IN}
    assert spec.actions == ()
    assert spec.create is not None
    assert (spec.create.operation, spec.create.fields) == ("create session", ())
    assert [one.writes for one in spec.operations] == [False, True, False]


def test_both_goto_products_take_the_same_account() -> None:
    both = goto_remote_support.SPEC
    assert both.keys[: len(goto_seeit.SPEC.keys)] == goto_seeit.SPEC.keys
    assert both.needs == goto_seeit.SPEC.needs


async def test_a_page_of_the_newest(vendor: Vendor, provider: GotoSeeit) -> None:
    page = await provider.page(Ask(since=NOON - timedelta(hours=1), until=NOON))
    assert page.next is None
    assert decoded(provider, page.rows[0]).id == UUID
    (seen,) = vendor.seen
    assert (seen.method, seen.path) == ("GET", f"{BASE}/sessions")
    noon = int(NOON.timestamp() * 1000)
    assert dict(seen.query) == {
        "startTime": str(noon - 3_600_001),
        "endTime": str(noon + 1),
        "page": "0",
        "size": "50",
        "sort": "sessionCreateTime,desc",
    }


async def test_without_a_start_it_is_the_profiles_history(
    vendor: Vendor, provider: GotoSeeit
) -> None:
    await provider.page(Ask())
    query = dict(vendor.seen[0].query)
    start = NOON - timedelta(hours=24)
    assert query["startTime"] == str(int(start.timestamp() * 1000) - 1)
    assert "endTime" not in query


async def test_every_page_is_read_once_and_the_window_stands_still(
    vendor: Vendor, provider: GotoSeeit
) -> None:
    def paged(seen: Seen) -> Answer:
        number = int(dict(seen.query)["page"])
        return Answer(body=listing(number, 3, content=[{**BARE, "uuid": f"u{number}"}]))

    vendor.paths["/sessions"] = paged
    ids, cursor = [], None
    since = NOON - timedelta(hours=5)
    while True:
        page = await provider.page(Ask(cursor, since=since))
        ids += [decoded(provider, raw).id for raw in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert ids == ["u0", "u1", "u2"]
    assert [dict(seen.query)["page"] for seen in vendor.seen] == ["0", "1", "2"]
    assert len({dict(seen.query)["startTime"] for seen in vendor.seen}) == 1


async def test_a_server_that_ignores_the_page_is_found_out(
    vendor: Vendor, provider: GotoSeeit
) -> None:
    vendor.paths["/sessions"] = Answer(body=listing(0, 3))
    page = await provider.page(Ask())
    with pytest.raises(BadAnswer, match="page 0 came"):
        await provider.page(Ask(page.next))


async def test_a_link_to_another_host_is_not_followed(vendor: Vendor, provider: GotoSeeit) -> None:
    vendor.paths["/sessions"] = Answer(body=listing(0, 2))
    page = await provider.page(Ask())
    vendor.paths["/sessions"] = Answer(body=listing(1, 2))
    assert (await provider.page(Ask(page.next))).next is None
    assert {seen.path for seen in vendor.seen} == {f"{BASE}/sessions"}


async def test_a_bad_query_is_not_sent(vendor: Vendor, provider: GotoSeeit) -> None:
    with pytest.raises(UsageProblem):
        await provider.page(Ask(query=(("sort", "customer"),)))
    assert vendor.seen == []


@pytest.mark.parametrize(
    ("scheme", "header"), [("bearer", "Bearer sesame"), ("oauth_token", "OAuth oauth_token=sesame")]
)
async def test_the_token_in_both_forms(vendor: Vendor, scheme: str, header: str) -> None:
    provider = seeit(vendor, auth_scheme=scheme)
    await provider.page(Ask())
    await provider.aclose()
    assert vendor.seen[0].headers["authorization"] == header


def test_without_a_token_the_problem_says_what_to_do() -> None:
    def connected(settings: dict[str, str], secrets: dict[str, str]) -> None:
        made = profile("goto-seeit", "http://127.0.0.1:1", settings, secrets)
        goto_seeit.connect(made, StillClock(), lambda exchange: None)

    with pytest.raises(ConfigProblem, match="access_token"):
        connected({}, {})
    with pytest.raises(ConfigProblem, match="auth_scheme"):
        connected({"auth_scheme": "basic"}, {"access_token": "x"})


# --- one session ------------------------------------------------------------------------------------------


async def test_one_session_by_its_uuid(vendor: Vendor, provider: GotoSeeit) -> None:
    assert decoded(provider, await provider.row(UUID)).status is Status.ENDED
    vendor.paths["/sessions/a b/ü"] = Answer(body={**BARE, "uuid": "a b/ü"})
    await provider.row(Opaque("a b/ü"))
    assert vendor.seen[-1].raw == f"{BASE}/sessions/a%20b%2F%C3%BC"


@pytest.mark.parametrize(("after", "words"), [("", "in a moment"), ("7", "in 7 s")])
async def test_a_new_session_is_not_ready_yet(
    vendor: Vendor, provider: GotoSeeit, after: str, words: str
) -> None:
    headers = (("Retry-After", after),) if after else ()
    vendor.paths[f"/sessions/{UUID}"] = Answer(409, {"anything": ["goes"]}, headers)
    with pytest.raises(Busy, match="not available yet") as caught:
        await provider.row(UUID)
    assert words in caught.value.message
    assert (caught.value.status, caught.value.exit_code) == (409, 3)
    assert caught.value.retry_after == (float(after) if after else None)


async def test_an_unknown_or_old_session(vendor: Vendor, provider: GotoSeeit) -> None:
    vendor.paths[f"/sessions/{UUID}"] = Answer(404, {"msg": "gone fishing"})
    with pytest.raises(NotFound, match="90 days"):
        await provider.row(UUID)


@pytest.mark.parametrize("key", ["123-456-789", "123456789", " 123 456 789 "])
async def test_a_support_key_opens_nothing_and_is_not_sent(
    vendor: Vendor, provider: GotoSeeit, key: str
) -> None:
    with pytest.raises(UsageProblem, match=r"^filter the list by the support key") as caught:
        await provider.row(Opaque(key))
    assert key.strip() not in caught.value.message
    assert vendor.seen == []


async def test_an_answer_that_is_no_session(vendor: Vendor, provider: GotoSeeit) -> None:
    for body in (b"", b"<html></html>", b"[]", b"{", b"7"):
        vendor.paths[f"/sessions/{UUID}"] = Answer(200, body)
        with pytest.raises(BadAnswer):
            await provider.row(UUID)


async def test_the_timeline_of_a_session_that_was_read_asks_nothing(
    vendor: Vendor, provider: GotoSeeit
) -> None:
    whole = await provider.transcript(decoded(provider, row(SESSION), full=True))
    assert vendor.seen == []
    assert not whole.spoken
    assert any("replaced filter" in entry.text for entry in whole.entries)
    from_list = await provider.transcript(decoded(provider, row(SESSION)))
    assert [seen.path for seen in vendor.seen] == [f"{BASE}/sessions/{UUID}"]
    assert from_list == whole


async def test_nobody_is_asked_for_people(vendor: Vendor, provider: GotoSeeit) -> None:
    session = decoded(provider, row(SESSION))
    assert not provider.wants_people(session)
    assert await provider.people(session) is session
    assert vendor.seen == []


# --- writing ----------------------------------------------------------------------------------------------


async def test_a_session_is_created(vendor: Vendor, provider: GotoSeeit) -> None:
    writer: Writer = provider
    made = await writer.create({})
    assert (made.ref, made.row) == (UUID, None)
    key, start = made.told
    assert key.text == "123-456-789"
    assert "support key" in key.label
    assert start.text == START
    assert "technician" in start.label
    (seen,) = vendor.seen
    assert (seen.method, seen.path, seen.query, seen.body) == ("POST", f"{BASE}/sessions", [], b"")
    assert "content-type" not in seen.headers


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({**CREATED, "supportKey": 123456789}, ["123-456-789", START]),
        ({**CREATED, "startUrl": None}, ["123-456-789"]),
        ({**CREATED, "startUrl": "javascript:1"}, ["123-456-789"]),
        ({**CREATED, "supportKey": None}, [START]),
        ({"uuid": UUID}, []),
    ],
)
async def test_what_a_new_session_lacks_is_not_told(
    vendor: Vendor, provider: GotoSeeit, body: dict[str, Any], told: list[str]
) -> None:
    vendor.paths["/sessions"] = Answer(201, body)
    made = await provider.create({})
    assert [one.text for one in made.told] == told
    assert made.ref == UUID


async def test_a_session_known_only_by_its_key_is_told(vendor: Vendor, provider: GotoSeeit) -> None:
    vendor.paths["/sessions"] = Answer(201, {"supportKey": "123-456-789"})
    made = await provider.create({})
    assert made.ref is None
    assert [one.text for one in made.told] == ["123-456-789"]


async def test_a_creation_without_a_usable_answer(vendor: Vendor, provider: GotoSeeit) -> None:
    answers: tuple[Any, ...] = (b"", b"<html></html>", {}, [], {"startUrl": START})
    for body in answers:
        vendor.paths["/sessions"] = Answer(201, body)
        with pytest.raises(BadAnswer):
            await provider.create({})
    vendor.paths["/sessions"] = Answer(403, b"")
    with pytest.raises(KeysRejected, match="permission"):
        await provider.create({})


async def test_a_read_only_profile_creates_nothing(vendor: Vendor) -> None:
    made = Profile(
        name="desk",
        provider="goto-seeit",
        base_url=vendor.base_url,
        secrets={"access_token": Secret("sesame")},
        read_only=True,
    )
    provider = goto_seeit.connect(made, StillClock(), lambda exchange: None)
    with pytest.raises(ReadOnly):
        await provider.create({})
    await provider.page(Ask())
    await provider.aclose()
    assert [seen.method for seen in vendor.seen] == ["GET"]


async def test_there_is_nothing_to_do_to_a_session(vendor: Vendor, provider: GotoSeeit) -> None:
    with pytest.raises(UsageProblem, match="no actions"):
        await provider.act(UUID, "close", {})
    with pytest.raises(UsageProblem, match="no partner-system links"):
        await provider.system_links("crm.example")
    assert vendor.seen == []


# --- refusals ---------------------------------------------------------------------------------------------

UNAUTHORIZED = (("x-amzn-errortype", "UnauthorizedException"),)


@pytest.mark.parametrize(
    ("status", "body", "headers", "kind", "words"),
    [
        (403, GOTO_INVALID_TOKEN, (), KeysRejected, "wrong or has expired"),
        (401, GOTO_INVALID_TOKEN, (), KeysRejected, "wrong or has expired"),
        (400, GOTO_INVALID_TOKEN, (), KeysRejected, "wrong or has expired"),
        (403, b"", UNAUTHORIZED, KeysRejected, "wrong or has expired"),
        (403, {"error": "InvalidToken"}, (), KeysRejected, "lacks the permission"),
        (403, {"int_err_code": "NoSeat", "msg": "no"}, (), KeysRejected, "lacks the permission"),
        (403, b"", (), KeysRejected, "lacks the permission"),
        (403, [["odd"]], (), KeysRejected, "lacks the permission"),
        (401, b"", (), KeysRejected, "missing or not valid"),
        (404, b"", (), NotFound, "404"),
        (409, b"", (), Refused, "409"),
        (400, {"code": 429, "message": "Missing"}, (), Refused, "Missing"),
        (429, b"", (("Retry-After", "3"),), Busy, "429"),
        (503, b"<html><title>Gateway</title></html>", (), Busy, "Gateway"),
    ],
)
async def test_refusals(
    vendor: Vendor,
    provider: GotoSeeit,
    status: int,
    body: Any,
    headers: tuple[tuple[str, str], ...],
    kind: type[Problem],
    words: str,
) -> None:
    vendor.paths["/sessions"] = Answer(status, body, headers)
    with pytest.raises(kind) as caught:
        await provider.page(Ask())
    assert type(caught.value) is kind
    assert isinstance(caught.value, Refused)
    assert caught.value.status == status
    assert words in caught.value.message
    assert caught.value.code == ("InvalidToken" if "expired" in words else None)


async def test_a_lost_token_is_told_for_one_session_and_for_a_creation(
    vendor: Vendor, provider: GotoSeeit
) -> None:
    for status in (401, 403, 404, 409):
        vendor.paths[f"/sessions/{UUID}"] = Answer(status, GOTO_INVALID_TOKEN)
        with pytest.raises(KeysRejected, match="expired"):
            await provider.row(UUID)
    vendor.paths["/sessions"] = Answer(403, GOTO_INVALID_TOKEN)
    with pytest.raises(KeysRejected, match="expired"):
        await provider.create({})


async def test_an_answer_without_a_list_is_no_empty_listing(
    vendor: Vendor, provider: GotoSeeit
) -> None:
    answers: tuple[Any, ...] = (
        b"<html></html>",
        b"",
        b'{"msg":"moved"}',
        b"{",
        {"links": [], "page": {}},
    )
    for body in answers:
        vendor.paths["/sessions"] = Answer(200, body)
        with pytest.raises(BadAnswer):
            await provider.page(Ask())


async def verdicts(provider: GotoSeeit) -> list[tuple[str, str]]:
    return [(finding.verdict.value, str(finding.text)) for finding in await provider.check()]


async def test_the_check_in_words(vendor: Vendor, provider: GotoSeeit) -> None:
    assert await verdicts(provider) == [("ok", "the token is accepted; 1 session in the last day")]
    assert dict(vendor.seen[0].query)["size"] == "1"
    many = listing(0, 40)
    vendor.paths["/sessions"] = Answer(body=many)
    assert "40 sessions" in (await verdicts(provider))[0][1]
    vendor.paths["/sessions"] = Answer(body={"content": []})
    assert "0 sessions" in (await verdicts(provider))[0][1]


async def test_the_check_of_a_token_that_is_not_accepted(
    vendor: Vendor, provider: GotoSeeit
) -> None:
    vendor.paths["/sessions"] = Answer(403, GOTO_INVALID_TOKEN)
    (first, words), (second, hint) = await verdicts(provider)
    assert (first, second) == ("fail", "warn")
    assert "expired" in words
    assert 'auth_scheme = "oauth_token"' in hint
    vendor.paths["/sessions"] = Answer(403, b"")
    ((verdict, words),) = await verdicts(provider)
    assert verdict == "fail"
    assert "permission" in words


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, b""),
        Answer(200, b"<html><title>Welcome</title></html>"),
        Answer(301, b"", (("Location", "https://example.invalid/"),)),
    ],
)
async def test_the_check_where_seeit_no_longer_is(
    vendor: Vendor, provider: GotoSeeit, answer: Answer
) -> None:
    vendor.paths["/sessions"] = answer
    (first, _), (second, hint) = await verdicts(provider)
    assert (first, second) == ("fail", "warn")
    assert "base_url" in hint
    assert "127.0.0.1" in hint


async def test_a_fault_says_nothing_about_the_keys(vendor: Vendor, provider: GotoSeeit) -> None:
    vendor.paths["/sessions"] = Answer(503, b"")
    with pytest.raises(Busy):
        await provider.check()
