"""Twilio Proxy over a real socket: what is sent, how pages are followed, what errors become."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.providers.making import twilio
from tests.providers.samples import (
    A32,
    ACCOUNT,
    SERVICE,
    SESSION,
    TWILIO_AUTHENTICATE,
    TWILIO_EMPTY,
    TWILIO_INTERACTION,
    TWILIO_NOT_FOUND,
    TWILIO_PARTICIPANT,
    TWILIO_SESSION,
    TWILIO_TOO_MANY,
    row,
)
from tests.providers.vendor import Answer, Seen, Vendor
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
from tui.model.session import Session
from tui.model.text import Opaque
from tui.model.transcript import EntryKind, Role
from tui.providers.base import Ask, Verdict
from tui.providers.twilio_proxy import TwilioProxy

pytestmark = pytest.mark.anyio
SESSIONS = f"/Services/{SERVICE}/Sessions"
ONE = f"{SESSIONS}/{SESSION}"
KP2 = f"KP{'b' * 32}"


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor("/v1") as made:
        made.paths["/Services"] = Answer(
            body={
                "services": [{"sid": SERVICE, "unique_name": "desk"}],
                "meta": {"key": "services"},
            }
        )
        made.paths[SESSIONS] = Answer(body={**TWILIO_EMPTY, "sessions": [TWILIO_SESSION]})
        made.paths[ONE] = Answer(body=TWILIO_SESSION)
        people = [
            {**TWILIO_PARTICIPANT, "date_deleted": None, "friendly_name": "Ana"},
            {
                **TWILIO_PARTICIPANT,
                "sid": KP2,
                "date_deleted": None,
                "date_created": "2015-07-30T20:00:01Z",
                "friendly_name": "Bo",
                "identifier": "+14155553434",
            },
        ]
        made.paths[f"{ONE}/Participants"] = Answer(body=listing("participants", people))
        made.paths[f"{ONE}/Interactions"] = Answer(
            body=listing("interactions", [TWILIO_INTERACTION])
        )
        yield made


@pytest.fixture
async def proxy(vendor: Vendor) -> AsyncIterator[TwilioProxy]:
    made = twilio(vendor)
    yield made
    await made.aclose()


def listing(key: str, rows: list[dict[str, Any]], following: str | None = None) -> dict[str, Any]:
    return {key: rows, "meta": {"key": key, "next_page_url": following, "page_size": 100}}


def decoded(proxy: TwilioProxy, raw: bytes) -> Session:
    found = proxy.decode(raw).session
    assert found is not None
    return found


async def test_every_request_is_as_the_vendor_documents_it(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    page = await proxy.page(Ask())
    session = decoded(proxy, await proxy.row(SESSION))
    assert decoded(proxy, page.rows[0]) == session
    await proxy.people(session)
    await proxy.transcript(session)
    await proxy.check()
    assert {(seen.method, seen.path.removeprefix("/v1")) for seen in vendor.seen} == {
        ("GET", "/Services"),
        ("GET", SESSIONS),
        ("GET", ONE),
        ("GET", f"{ONE}/Participants"),
        ("GET", f"{ONE}/Interactions"),
        ("GET", f"{ONE}/Participants/KP{'a' * 32}/MessageInteractions"),
        ("GET", f"{ONE}/Participants/{KP2}/MessageInteractions"),
    }
    basic = "Basic " + base64.b64encode(f"{ACCOUNT}:sesame".encode()).decode()
    for seen in vendor.seen:
        assert seen.headers["authorization"] == basic
        assert "json" in seen.headers["accept"]
        assert seen.body == b""


async def test_an_api_key_goes_before_the_account(vendor: Vendor) -> None:
    proxy = twilio(vendor, api_key_sid=f"SK{A32}")
    await proxy.page(Ask())
    await proxy.aclose()
    basic = base64.b64encode(f"SK{A32}:sesame".encode()).decode()
    assert vendor.seen[0].headers["authorization"] == f"Basic {basic}"


async def test_a_base_url_without_the_version_is_taken_too(vendor: Vendor) -> None:
    vendor.base_url = vendor.base_url.removesuffix("/v1")
    proxy = twilio(vendor)
    assert len((await proxy.page(Ask())).rows) == 1
    await proxy.aclose()
    assert vendor.seen[0].path == f"/v1{SESSIONS}"


async def test_the_next_page_is_followed_verbatim(vendor: Vendor, proxy: TwilioProxy) -> None:
    token = "Page=7&PageToken=PAKC%2Fx%3D%3D&PageSize=100"
    following = f"{vendor.base_url}{SESSIONS}?{token}"

    def pages(seen: Seen) -> Answer:
        more = dict(seen.query).get("PageToken") is None
        second = {**TWILIO_SESSION, "sid": f"KC{'b' * 32}"}
        one = TWILIO_SESSION if more else second
        return Answer(body=listing("sessions", [one], following if more else None))

    vendor.paths[SESSIONS] = pages
    first = await proxy.page(Ask())
    assert first.next == following
    second = await proxy.page(Ask(cursor=first.next))
    assert second.next is None
    assert decoded(proxy, second.rows[0]).id == f"KC{'b' * 32}"
    assert vendor.seen[1].raw == f"/v1{SESSIONS}?{token}"


async def test_a_next_page_elsewhere_or_in_a_circle_is_a_bad_answer(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    with pytest.raises(BadAnswer, match="elsewhere"):
        await proxy.page(Ask(cursor=Opaque("https://evil.example/v1/x")))
    circle = f"{vendor.base_url}{SESSIONS}?PageToken=x"
    vendor.paths[SESSIONS] = Answer(body=listing("sessions", [], circle))
    with pytest.raises(BadAnswer, match="same page again"):
        await proxy.page(Ask(cursor=Opaque(circle)))


async def test_the_key_of_the_list_is_the_vendors_to_name(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    body = {"warnings": [], "items": [TWILIO_SESSION], "meta": {"key": "items"}}
    vendor.paths[SESSIONS] = Answer(body=body)
    assert len((await proxy.page(Ask())).rows) == 1


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (401, TWILIO_AUTHENTICATE, KeysRejected, "Authenticate"),
        (400, TWILIO_AUTHENTICATE, KeysRejected, "check account_sid"),
        (403, {"code": 20403, "message": "Forbidden"}, KeysRejected, "Forbidden"),
        (404, TWILIO_NOT_FOUND, NotFound, "was not found"),
        (400, {"code": 80308, "message": "Session with the unique name"}, NotFound, "unique name"),
        (429, TWILIO_TOO_MANY, Busy, "Too Many Requests"),
        (400, {"code": "80621", "message": "limit"}, Busy, "limit"),
        (400, {"code": 80408, "message": "Invalid Service Sid"}, Refused, "check service_sid"),
        (400, {"type": "x", "title": "Bad", "detail": "Not like this"}, Refused, "Not like this"),
        (500, b"<html><title>Oops</title></html>", Busy, "Oops"),
        (503, b"", Busy, "503"),
        (404, b"not json", NotFound, "404"),
        (400, [1, 2], Refused, "400"),
        (400, {"code": {"a": 1}, "message": ["x"]}, Refused, "400"),
        (400, {"message": "a\x1b[31mb"}, Refused, "a␛[31mb"),
    ],
)
async def test_errors_by_code_first(
    vendor: Vendor, proxy: TwilioProxy, status: int, body: Any, kind: type[Problem], words: str
) -> None:
    vendor.paths[SESSIONS] = Answer(status, body)
    with pytest.raises(kind) as caught:
        await proxy.page(Ask())
    assert type(caught.value) is kind
    assert isinstance(caught.value, Refused)
    assert caught.value.status == status
    assert words in caught.value.message
    assert caught.value.message.startswith("listing the sessions: ")


async def test_retry_after_is_passed_on(vendor: Vendor, proxy: TwilioProxy) -> None:
    vendor.paths[SESSIONS] = Answer(429, TWILIO_TOO_MANY, (("Retry-After", "7"),))
    with pytest.raises(Busy) as caught:
        await proxy.page(Ask())
    assert caught.value.retry_after == 7


async def test_html_and_an_object_without_a_list_are_bad_answers(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    for body in (b"<html><title>Login</title></html>", b"", b'{"meta":{}}', b"[", b'"x"'):
        vendor.paths[SESSIONS] = Answer(200, body)
        with pytest.raises(BadAnswer):
            await proxy.page(Ask())
    vendor.paths[ONE] = Answer(200, [TWILIO_SESSION])
    with pytest.raises(BadAnswer):
        await proxy.row(SESSION)


async def test_without_a_service_nothing_is_listed(vendor: Vendor) -> None:
    proxy = twilio(vendor, service_sid=None)
    with pytest.raises(ConfigProblem, match="profile check desk"):
        await proxy.page(Ask())
    assert vendor.seen == []
    findings = await proxy.check()
    await proxy.aclose()
    assert findings[-1].verdict is Verdict.FAIL
    assert "service_sid is not set" in findings[-1].text
    assert any(SERVICE in finding.text and "desk" in finding.text for finding in findings)


async def test_the_check_says_what_works(vendor: Vendor, proxy: TwilioProxy) -> None:
    findings = await proxy.check()
    assert [finding.verdict for finding in findings] == [Verdict.OK] * 3
    assert findings[-1].text == f"the sessions of {SERVICE} can be listed"


async def test_the_check_says_what_does_not(vendor: Vendor, proxy: TwilioProxy) -> None:
    vendor.paths[SESSIONS] = Answer(404, TWILIO_NOT_FOUND)
    assert (await proxy.check())[-1].verdict is Verdict.FAIL
    other = {"sid": f"KS{'c' * 32}", "unique_name": None}
    vendor.paths["/Services"] = Answer(body=listing("services", [other]))
    assert "is not one of the account's services" in (await proxy.check())[-1].text
    vendor.paths["/Services"] = Answer(body=listing("services", []))
    assert "no Proxy service" in (await proxy.check())[-1].text
    vendor.paths["/Services"] = Answer(401, TWILIO_AUTHENTICATE)
    (finding,) = await proxy.check()
    assert finding.verdict is Verdict.FAIL
    assert "the keys were not accepted" in finding.text
    vendor.paths["/Services"] = Answer(503, b"")
    with pytest.raises(Busy):
        await proxy.check()


async def test_a_busy_vendor_says_nothing_about_the_keys(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    vendor.paths[SESSIONS] = Answer(429, TWILIO_TOO_MANY)
    with pytest.raises(Busy):
        await proxy.check()


async def test_people_are_asked_for_once(vendor: Vendor, proxy: TwilioProxy) -> None:
    session = decoded(proxy, row(TWILIO_SESSION))
    assert proxy.wants_people(session)
    named = await proxy.people(session)
    assert (named.customer, named.customer_phone, named.agent) == ("Ana", "+14155551212", "Bo")
    assert not proxy.wants_people(named)
    assert len(vendor.seen) == 1


async def test_a_transcript_is_read_to_its_last_page(vendor: Vendor, proxy: TwilioProxy) -> None:
    path = f"{ONE}/Interactions"
    following = f"{vendor.base_url}{path}?PageToken=2"

    def pages(seen: Seen) -> Answer:
        more = "PageToken" not in dict(seen.query)
        one = {**TWILIO_INTERACTION, "sid": "KI1" if more else "KI2"}
        return Answer(body=listing("interactions", [one], following if more else None))

    vendor.paths[path] = pages
    found = await proxy.transcript(decoded(proxy, row(TWILIO_SESSION)))
    messages = [entry for entry in found.entries if entry.kind is EntryKind.MESSAGE]
    assert [entry.author for entry in messages] == ["Ana", "Ana"]
    assert found.complete


async def test_a_transcript_without_end_is_cut_and_says_so(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    path = f"{ONE}/Interactions"

    def pages(seen: Seen) -> Answer:
        number = int(dict(seen.query).get("PageToken", "0"))
        one = {**TWILIO_INTERACTION, "sid": f"KI{number}"}
        following = f"{vendor.base_url}{path}?PageToken={number + 1}"
        return Answer(body=listing("interactions", [one], following))

    vendor.paths[path] = pages
    found = await proxy.transcript(decoded(proxy, row(TWILIO_SESSION)))
    assert not found.complete
    assert "more was said" in str(found.note)
    assert len([entry for entry in found.entries if entry.kind is EntryKind.MESSAGE]) == 50


def sent(number: int, at: str, **changes: Any) -> dict[str, Any]:
    """A message interaction: no inbound side, and the participant it was sent to."""
    nobody = {name: None for name in TWILIO_INTERACTION if name.startswith("inbound_")}
    return {
        **TWILIO_INTERACTION,
        **nobody,
        "sid": f"KI{number:032}",
        "data": json.dumps({"body": f"reminder {number}"}),
        "date_created": at,
        "participant_sid": f"KP{'a' * 32}",
        "outbound_participant_sid": f"KP{'a' * 32}",
        **changes,
    }


async def test_what_the_application_sent_is_told_once(vendor: Vendor, proxy: TwilioProxy) -> None:
    both = [
        sent(1, "2015-07-30T20:00:02Z"),
        sent(2, "2015-07-30T20:00:04Z", outbound_participant_sid=None),
    ]
    vendor.paths[f"{ONE}/Participants/KP{'a' * 32}/MessageInteractions"] = Answer(
        body=listing("interactions", both)
    )
    to_agent = sent(3, "2015-07-30T20:00:06Z", participant_sid=KP2, outbound_participant_sid=KP2)
    vendor.paths[f"{ONE}/Participants/{KP2}/MessageInteractions"] = Answer(
        body=listing("interactions", [to_agent])
    )
    for also in ([], [both[0]], both):  # the first list may hold them too
        vendor.paths[f"{ONE}/Interactions"] = Answer(
            body=listing("interactions", [TWILIO_INTERACTION, *also])
        )
        found = await proxy.transcript(decoded(proxy, row(TWILIO_SESSION)))
        assert found.complete
        assert found.note is None
        said = [(e.author, e.role, e.text) for e in found.entries if e.kind is EntryKind.MESSAGE]
        assert said[1:] == [
            ("application", Role.AGENT, "reminder 1"),
            ("application", Role.AGENT, "reminder 2"),
            ("application", Role.SYSTEM, "reminder 3"),
        ]


@pytest.mark.parametrize("status", [400, 403])
async def test_a_refused_list_of_sent_messages_is_told_and_costs_no_transcript(
    vendor: Vendor, proxy: TwilioProxy, status: int
) -> None:
    path = f"{ONE}/Participants/KP{'a' * 32}/MessageInteractions"
    vendor.paths[path] = Answer(status, {"code": 20403, "message": "no", "status": status})
    found = await proxy.transcript(decoded(proxy, row(TWILIO_SESSION)))
    assert not found.complete
    assert "what the application itself has sent" in str(found.note)
    assert any(entry.kind is EntryKind.MESSAGE for entry in found.entries)


async def test_a_busy_vendor_is_asked_again_for_all_of_it(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    path = f"{ONE}/Participants/{KP2}/MessageInteractions"
    vendor.paths[path] = Answer(429, {"code": 20429, "message": "Too Many Requests"})
    with pytest.raises(Busy):
        await proxy.transcript(decoded(proxy, row(TWILIO_SESSION)))


async def test_at_most_two_participants_are_asked_about(vendor: Vendor, proxy: TwilioProxy) -> None:
    people = [
        {
            **TWILIO_PARTICIPANT,
            "sid": f"KP{number:032}",
            "date_deleted": None if number > 2 else "2015-07-30T20:10:00Z",
            "date_created": f"2015-07-30T20:00:0{number}Z",
        }
        for number in range(5)
    ]
    vendor.paths[f"{ONE}/Participants"] = Answer(body=listing("participants", people))
    await proxy.transcript(decoded(proxy, row(TWILIO_SESSION)))
    asked = [seen.path.split("/")[-2] for seen in vendor.seen if "MessageInt" in seen.path]
    assert asked == [f"KP{number:032}" for number in (3, 4)]


async def test_a_refused_part_is_no_transcript(vendor: Vendor, proxy: TwilioProxy) -> None:
    vendor.paths[f"{ONE}/Participants"] = Answer(500, b"")
    with pytest.raises(Busy, match="reading the participants"):
        await proxy.transcript(decoded(proxy, row(TWILIO_SESSION)))


async def test_there_are_no_system_links(proxy: TwilioProxy) -> None:
    with pytest.raises(UsageProblem):
        await proxy.system_links("example.com")


OTHER = Opaque(f"KC{'b' * 32}")


@pytest.mark.parametrize(
    ("ref", "answer", "told"),
    [
        (SESSION, {}, True),
        (Opaque(SESSION.swapcase()), {}, True),
        (Opaque("Order #1234"), {}, True),
        (Opaque("order #1234"), {}, True),
        (Opaque("Order #1234"), {"unique_name": None}, True),
        (SESSION, {"sid": OTHER}, False),
        (OTHER, {}, False),
        (OTHER, {"unique_name": None}, False),
        (Opaque("Order #1235"), {}, False),
    ],
)
async def test_only_the_session_that_was_asked_for_is_an_answer(
    vendor: Vendor, proxy: TwilioProxy, ref: Opaque, answer: dict[str, Any], told: bool
) -> None:
    vendor.paths[f"{SESSIONS}/{ref}"] = Answer(body={**TWILIO_SESSION, **answer})
    if told:
        assert decoded(proxy, await proxy.row(ref)).id == SESSION
        return
    with pytest.raises(BadAnswer, match="another session"):
        await proxy.row(ref)
