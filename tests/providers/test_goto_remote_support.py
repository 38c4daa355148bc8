"""Remote Support over a real socket: what is sent, what answers and refusals become."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.providers.making import goto, profile
from tests.providers.samples import (
    GOTO_CHAT,
    GOTO_INVALID_TOKEN,
    GOTO_LIST,
    GOTO_SESSION,
    row,
)
from tests.providers.vendor import NOON, Answer, StillClock, Vendor
from tui.model.problem import (
    BadAnswer,
    Busy,
    ConfigProblem,
    KeysRejected,
    NotFound,
    Problem,
    Refused,
    UsageProblem,
)
from tui.model.secret import Secret
from tui.model.session import Session
from tui.model.text import Opaque
from tui.model.transcript import EntryKind, Role
from tui.providers import goto_remote_support
from tui.providers.base import Ask, Verdict
from tui.providers.goto_remote_support import GotoRemoteSupport

pytestmark = pytest.mark.anyio
BASE = "/G2A/rest/v1"
LINK = {
    "systemName": "CRM",
    "systemDomain": "crm.example",
    "userEmail": "a@b.example",
    "userToken": "hush",
    "callbackURL": "https://crm.example/hook",
}


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor(BASE) as made:
        made.paths["/sessions"] = Answer(body=GOTO_LIST)
        made.paths["/extendedsessions"] = Answer(body=GOTO_LIST)
        made.paths["/sessions/SS-87555"] = Answer(body=GOTO_SESSION)
        made.paths["/sessions/SS-87555/events"] = Answer(body=GOTO_CHAT)
        made.paths["/systemLinks"] = Answer(body=[LINK])
        yield made


@pytest.fixture
async def support(vendor: Vendor) -> AsyncIterator[GotoRemoteSupport]:
    made = goto(vendor)
    yield made
    await made.aclose()


def decoded(support: GotoRemoteSupport, raw: bytes) -> Session:
    found = support.decode(raw).session
    assert found is not None
    return found


async def test_the_window_is_asked_in_whole_seconds(
    vendor: Vendor, support: GotoRemoteSupport
) -> None:
    since = datetime(2026, 1, 5, 10, 0, 0, 999_999, tzinfo=UTC)
    until = datetime(2026, 1, 5, 11, 0, 0, 1, tzinfo=UTC)
    page = await support.page(Ask(since=since, until=until))
    assert page.next is None
    assert decoded(support, page.rows[0]).id == "SS-87555"
    (seen,) = vendor.seen
    assert (seen.method, seen.path) == ("GET", f"{BASE}/sessions")
    assert seen.query == [
        ("sessionType", "SCREEN_SHARING"),
        ("fromTime", "2026-01-05T10:00:00Z"),
        ("toTime", "2026-01-05T11:00:01Z"),
    ]


async def test_without_a_window_it_is_the_history_until_now(
    vendor: Vendor, support: GotoRemoteSupport
) -> None:
    await support.page(Ask())
    query = dict(vendor.seen[0].query)
    assert query["fromTime"] == (NOON - timedelta(hours=24)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert query["toTime"] == "2026-01-05T12:00:00Z"


async def test_the_extended_listing_when_the_profile_wants_it(vendor: Vendor) -> None:
    support = goto(vendor, extended_sessions=True)
    await support.page(Ask())
    await support.aclose()
    assert vendor.seen[0].path == f"{BASE}/extendedsessions"
    assert [name for name, _ in vendor.seen[0].query] == ["fromTime", "toTime"]


@pytest.mark.parametrize(
    ("scheme", "header"), [("bearer", "Bearer sesame"), ("oauth_token", "OAuth oauth_token=sesame")]
)
async def test_the_token_in_both_forms(vendor: Vendor, scheme: str, header: str) -> None:
    support = goto(vendor, auth_scheme=scheme)
    await support.page(Ask())
    await support.aclose()
    assert vendor.seen[0].headers["authorization"] == header
    assert "json" in vendor.seen[0].headers["accept"]


async def test_an_id_goes_back_exactly_as_it_came(
    vendor: Vendor, support: GotoRemoteSupport
) -> None:
    vendor.paths["/sessions/e0-a b/../ü"] = Answer(body={"status": "notStarted"})
    raw = await support.row(Opaque("e0-a b/../ü"))
    assert decoded(support, raw).id == "e0-a b/../ü"
    assert vendor.seen[0].raw == f"{BASE}/sessions/e0-a%20b%2F..%2F%C3%BC"


async def test_a_chat_is_a_transcript(support: GotoRemoteSupport) -> None:
    found = await support.transcript(decoded(support, row(GOTO_SESSION)))
    assert found.spoken
    assert [entry.text for entry in found.entries] == [
        "My printer is offline",
        "John Doe has ended the session",
        "the session was recorded: its link is in the detail",
    ]


async def test_without_a_chat_the_steps_are_told(
    vendor: Vendor, support: GotoRemoteSupport
) -> None:
    vendor.paths["/sessions/SS-87555/events"] = Answer(404, b"")
    found = await support.transcript(decoded(support, row(GOTO_SESSION)))
    assert not found.spoken
    assert "no web chat" in str(found.note)
    assert [entry.text for entry in found.entries] == [
        "session started",
        "customer joined",
        "session ended",
        "the session was recorded: its link is in the detail",
    ]


async def test_notes_are_told_after_the_rest(support: GotoRemoteSupport) -> None:
    raw = row({**GOTO_SESSION, "notes": "replaced\nthe toner", "sessionRecordingUrl": None})
    session = support.decode(raw, full=True).session
    assert session is not None
    last = (await support.transcript(session)).entries[-1]
    assert (last.author, last.text) == ("John Doe", "notes: replaced\nthe toner")
    assert (last.role, last.kind) == (Role.AGENT, EntryKind.STATE)


@pytest.mark.parametrize(
    ("status", "body", "headers", "kind", "words"),
    [
        (403, GOTO_INVALID_TOKEN, (), KeysRejected, "wrong or has expired"),
        (401, GOTO_INVALID_TOKEN, (), KeysRejected, "wrong or has expired"),
        (400, GOTO_INVALID_TOKEN, (), KeysRejected, "wrong or has expired"),
        (
            403,
            b"",
            (("x-amzn-errortype", "UnauthorizedException"),),
            KeysRejected,
            "wrong or has expired",
        ),
        (403, {"msg": "no"}, (), KeysRejected, "lacks the role"),
        (403, b"", (), KeysRejected, "lacks the role"),
        (401, b"", (), KeysRejected, "no Remote Support seat"),
        (404, b"", (), NotFound, "404"),
        (400, {"errorCode": "X", "description": "Missing"}, (), Refused, "Missing"),
        (405, b"", (), Refused, "405"),
        (429, b"", (("Retry-After", "3"),), Busy, "429"),
        (500, b"<html><title>Gateway</title></html>", (), Busy, "Gateway"),
    ],
)
async def test_refusals(
    vendor: Vendor,
    support: GotoRemoteSupport,
    status: int,
    body: Any,
    headers: tuple[tuple[str, str], ...],
    kind: type[Problem],
    words: str,
) -> None:
    vendor.paths["/sessions"] = Answer(status, body, headers)
    with pytest.raises(kind) as caught:
        await support.page(Ask())
    assert type(caught.value) is kind
    assert isinstance(caught.value, Refused)
    assert caught.value.status == status
    assert words in caught.value.message
    lost = "expired" in words
    assert (caught.value.code == "InvalidToken") is lost


async def test_an_answer_without_a_list_is_no_empty_listing(
    vendor: Vendor, support: GotoRemoteSupport
) -> None:
    for body in (b"<html></html>", b"", b'{"msg":"moved"}', b"{"):
        vendor.paths["/sessions"] = Answer(200, body)
        with pytest.raises(BadAnswer):
            await support.page(Ask())
    vendor.paths["/sessions"] = Answer(200, [GOTO_SESSION])
    assert len((await support.page(Ask())).rows) == 1


@pytest.mark.parametrize(
    "answer", [LINK, [LINK], {"systemLinks": [LINK]}, {**LINK, "supportedCallbacks": {"a": True}}]
)
async def test_links_as_one_or_as_many(
    vendor: Vendor, support: GotoRemoteSupport, answer: object
) -> None:
    vendor.paths["/systemLinks"] = Answer(body=answer)
    (link,) = await support.system_links("crm.example")
    assert (link.name, link.user_token) == ("CRM", Secret("hush"))
    assert vendor.seen[0].query == [("systemDomain", "crm.example")]


async def test_no_links_and_no_domain(vendor: Vendor, support: GotoRemoteSupport) -> None:
    vendor.paths["/systemLinks"] = Answer(404, b"")
    assert await support.system_links("crm.example") == ()
    vendor.paths["/systemLinks"] = Answer(body={})
    assert await support.system_links("crm.example") == ()
    vendor.paths["/systemLinks"] = Answer(body=[])
    assert await support.system_links("crm.example") == ()
    with pytest.raises(UsageProblem):
        await support.system_links("")
    by_profile = goto(vendor, partner_domain="own.example")
    assert await by_profile.system_links("") == ()
    await by_profile.aclose()
    assert vendor.seen[-1].query == [("systemDomain", "own.example")]


async def verdicts(support: GotoRemoteSupport) -> list[tuple[str, str]]:
    return [(str(finding.verdict), finding.text) for finding in await support.check()]


async def test_the_check_in_words(vendor: Vendor, support: GotoRemoteSupport) -> None:
    first, second = await verdicts(support)
    assert first == (
        "ok",
        "the token is accepted; 1 screen-sharing sessions in the last hour",
    )
    assert second[0] == "ok"
    assert "extended_sessions = true" in second[1]
    vendor.paths["/extendedsessions"] = Answer(404, b"")
    assert (await verdicts(support))[1][0] == Verdict.WARN
    vendor.paths["/sessions"] = Answer(403, GOTO_INVALID_TOKEN)
    token, hint = await verdicts(support)
    assert token[0] == Verdict.FAIL
    assert "expired" in token[1]
    assert 'auth_scheme = "oauth_token"' in hint[1]
    vendor.paths["/sessions"] = Answer(403, {"msg": "no"})
    ((verdict, text),) = await verdicts(support)
    assert (verdict, "lacks the role" in text) == ("fail", True)
    vendor.paths["/sessions"] = Answer(503, b"")
    with pytest.raises(Busy):
        await support.check()


async def test_the_check_fails_when_the_profile_wants_what_it_cannot_have(vendor: Vendor) -> None:
    vendor.paths["/extendedsessions"] = Answer(404, b"")
    support = goto(vendor, extended_sessions=True)
    assert (await verdicts(support))[1][0] == Verdict.FAIL
    await support.aclose()


def test_without_a_token_the_problem_says_what_to_do() -> None:
    def connected(settings: dict[str, str], secrets: dict[str, str]) -> None:
        made = profile("goto-remote-support", "http://127.0.0.1:1", settings, secrets)
        goto_remote_support.connect(made, StillClock(), lambda exchange: None)

    with pytest.raises(ConfigProblem, match="access_token is needed"):
        connected({}, {})
    with pytest.raises(ConfigProblem, match="client_id, client_secret and redirect_uri to sign in"):
        connected({}, {"personal_access_token": "x"})
    with pytest.raises(ConfigProblem, match="client_id, client_secret and redirect_uri to sign in"):
        connected({"client_id": "x"}, {"client_secret": "y"})
    with pytest.raises(ConfigProblem, match="auth_scheme"):
        connected({"auth_scheme": "basic"}, {"access_token": "x"})


async def test_people_are_in_the_row(vendor: Vendor, support: GotoRemoteSupport) -> None:
    session = decoded(support, row(GOTO_SESSION))
    assert not support.wants_people(session)
    assert await support.people(session) == session
    assert vendor.seen == []


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"error": "maintenance"},
        {"sessions": []},
        {"status": "error", "message": "maintenance"},
        {"status": 503, "customerName": None, "startedAt": ""},
        b'{"sessions": [NaN], "meta": NaN}',
    ],
)
async def test_an_answer_about_no_session_makes_none_up(
    vendor: Vendor, support: GotoRemoteSupport, answer: Any
) -> None:
    vendor.paths["/sessions/SS-87555"] = Answer(body=answer)
    with pytest.raises(BadAnswer, match="holds no session"):
        await support.row(Opaque("SS-87555"))


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "notStarted"},
        {"status": "NOTSTARTED"},
        {"sessionType": "screen_sharing", "status": "someday"},
        {"customerName": "Jane Doe"},
        {"sessionId": None, "startedAt": "2021-04-30T06:00:00Z"},
    ],
)
async def test_a_session_without_an_id_is_known_by_what_it_was_asked_by(
    vendor: Vendor, support: GotoRemoteSupport, answer: dict[str, Any]
) -> None:
    vendor.paths["/sessions/e0-x"] = Answer(body=answer)
    assert decoded(support, await support.row(Opaque("e0-x"))).id == "e0-x"


@pytest.mark.parametrize(
    ("ref", "answer", "known_by"),
    [
        ("SS-87555", {}, "SS-87555"),
        ("SS-87555", {"sessionId": 87555}, "87555"),
        ("e0-x", {}, "SS-87555"),
        ("e0-x", {"sessionToken": "e0-x"}, "SS-87555"),
        ("8555444", {}, "SS-87555"),
        ("SS-87556", {}, None),
        ("SS-87556", {"sessionId": 87555}, None),
        ("SS-87556", {"sessionToken": "e0-x"}, None),
        ("e0-y", {"sessionToken": "e0-x"}, None),
        ("e0-y", {"sessionId": None, "sessionToken": "e0-x"}, None),
    ],
)
async def test_another_session_is_no_answer(
    vendor: Vendor,
    support: GotoRemoteSupport,
    ref: str,
    answer: dict[str, Any],
    known_by: str | None,
) -> None:
    vendor.paths[f"/sessions/{ref}"] = Answer(body={**GOTO_SESSION, **answer})
    if known_by is not None:
        assert decoded(support, await support.row(Opaque(ref))).id == known_by
        return
    with pytest.raises(BadAnswer, match="another session"):
        await support.row(Opaque(ref))
