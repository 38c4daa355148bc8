"""Writing at Twilio Proxy over a real socket: what travels and what is told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import pytest

from tests.providers.samples import SESSION, TWILIO_AUTHENTICATE, row
from tests.providers.twilio_writing import (
    ANA,
    BO,
    CLOSED,
    FULL,
    ONE,
    OPEN,
    PEOPLE,
    SESSIONS,
    connected,
    method,
    participants,
    service,
)
from tests.providers.vendor import NOON, Answer, Vendor
from tests.vendor_documents import document
from tui.model.form import Values
from tui.model.problem import (
    UsageProblem,
)
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.providers.base import Created, Lost
from tui.providers.forms import checked
from tui.providers.twilio_expiry import new_expiry
from tui.providers.twilio_forms import ACTIONS, CREATE_FORM
from tui.providers.twilio_proxy import SPEC, TwilioProxy
from tui.providers.twilio_writes import CREATE, DELETE, UPDATE

pytestmark = pytest.mark.anyio


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with service() as made:
        yield made


@pytest.fixture
async def proxy(vendor: Vendor) -> AsyncIterator[TwilioProxy]:
    made = connected(vendor)
    yield made
    await made.aclose()


def told(created: Created) -> list[tuple[str, str, bool]]:
    return [(str(one.label), str(one.text), one.copies) for one in created.told]


def session(proxy: TwilioProxy, values: dict[str, Any]) -> Session:
    found = proxy.decode(row(values)).session
    assert found is not None
    return found


# --- what travels ------------------------------------------------------------------------------------------


async def test_a_create_travels_byte_for_byte(vendor: Vendor, proxy: TwilioProxy) -> None:
    await proxy.create(FULL)
    seen = vendor.seen[0]
    assert (seen.method, seen.raw) == ("POST", f"/v1{SESSIONS}")
    assert seen.headers["content-type"] == "application/x-www-form-urlencoded"
    assert seen.body == (
        b"UniqueName=Order+%231234&DateExpiry=2026-01-05T14%3A00%3A00Z&Ttl=3600&Mode=voice-only"
        b"&Status=open"
        b"&Participants=%7B%22Identifier%22%3A%22%2B14155551212%22%2C%22FriendlyName%22%3A%22Ana%22"
        b"%2C%22ProxyIdentifier%22%3A%22%2B14155559999%22%2C%22ProxyIdentifierSid%22%3A%22PN"
        + b"a"
        * 32
        + b"%22%7D"
        b"&Participants=%7B%22Identifier%22%3A%22messenger%3A12+3%22%2C%22FriendlyName%22%3A%22B%C3%B6"
        b"+%5C%22%26%3D%5C%22+%F0%9F%98%80%22%7D"
    )
    people = [json.loads(value) for name, value in parse_qsl(seen.body.decode()) if name[0] == "P"]
    assert people[1] == {"Identifier": "messenger:12 3", "FriendlyName": 'Bö "&=" 😀'}


async def test_an_empty_form_sends_a_random_name_and_the_defaults(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    await proxy.create(checked(CREATE_FORM, {}))
    await proxy.create(checked(CREATE_FORM, {"unique_name": "  "}))
    other = connected(vendor, seed=2)
    await other.create({})
    await other.aclose()
    sent = [dict(parse_qsl(seen.body.decode())) for seen in vendor.seen]
    names = [one.pop("UniqueName") for one in sent]
    assert sent == [{"Mode": "voice-and-message", "Status": "open"}] * 2 + [{}]
    assert len(set(names)) == 3
    assert all(name.startswith("sessiontop-") and len(name) == 31 for name in names)
    assert len(vendor.seen) == 3  # nobody is asked for where nobody was put in


async def test_a_prepared_create_keeps_its_name(vendor: Vendor, proxy: TwilioProxy) -> None:
    prepared = proxy.prepare({"ttl": 60})
    assert prepared.sure
    assert proxy.prepare(prepared.values).values == prepared.values
    assert vendor.seen == [], "nothing is sent to prepare"
    await proxy.create(prepared.values)
    sent = dict(parse_qsl(vendor.seen[0].body.decode()))["UniqueName"]
    assert sent == prepared.values["unique_name"] == prepared.reference
    typed = proxy.prepare({"unique_name": "mine"})
    assert (typed.values, typed.reference) == ({"unique_name": "mine"}, "mine")
    assert not typed.sure, "an older session may have that name"


@pytest.mark.parametrize(
    ("action", "values", "body"),
    [
        ("close", {}, b"Status=closed"),
        ("reopen", {}, b"Status=in-progress"),
        ("extend", {"by": 5400}, b"DateExpiry=2026-01-05T14%3A30%3A00Z"),
        ("set-ttl", {"ttl": 2_147_483_646}, b"Ttl=2147483646"),
    ],
)
async def test_an_update_is_a_post_to_the_session(
    vendor: Vendor, proxy: TwilioProxy, action: str, values: Values, body: bytes
) -> None:
    assert await proxy.act(SESSION, action, values) == row(CLOSED)
    seen = vendor.seen[-1]
    assert (seen.method, seen.raw, seen.body) == ("POST", f"/v1{ONE}", body)
    assert seen.headers["content-type"] == "application/x-www-form-urlencoded"
    assert [one.method for one in vendor.seen].count("POST") == 1


async def test_a_delete_has_no_body_and_gives_no_row(vendor: Vendor, proxy: TwilioProxy) -> None:
    assert await proxy.act(SESSION, "delete", {}) is None
    (seen,) = vendor.seen
    assert (seen.method, seen.raw, seen.body) == ("DELETE", f"/v1{ONE}", b"")
    assert "content-type" not in seen.headers


async def test_a_unique_name_is_turned_into_the_sid_that_writes_take(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    vendor.paths[f"{SESSIONS}/Order #1234"] = Answer(200, OPEN)
    await proxy.act(Opaque("Order #1234"), "close", {})
    await proxy.act(Opaque("Order #1234"), "delete", {})
    assert [(seen.method, seen.path) for seen in vendor.seen if seen.method != "GET"] == [
        ("POST", f"/v1{ONE}"),
        ("DELETE", f"/v1{ONE}"),
    ]


def test_the_choices_are_those_of_the_vendors_openapi() -> None:
    schemas = document("twilio_proxy_v1.json")["components"]["schemas"]
    for name in ("mode", "status"):
        field = CREATE_FORM.field(name)
        assert field is not None
        assert set(field.choices) == set(schemas[f"session_enum_{name}"]["enum"])


# --- what comes of a create ---------------------------------------------------------------------------------


async def test_the_numbers_to_call_are_told_first(vendor: Vendor, proxy: TwilioProxy) -> None:
    created = await proxy.create({"participants": PEOPLE, "unique_name": "Order #1234"})
    assert created.row == row(OPEN)
    assert created.ref == SESSION
    assert told(created) == [
        ("Ana calls", "+14155559999", True),
        ("Bo calls", "+14155550000", True),
        ("session", SESSION, True),
        ("unique name", "Order #1234", True),
        ("expires", "2026-01-05T13:00:00Z", False),
    ]
    assert [seen.path for seen in vendor.seen] == [f"/v1{SESSIONS}", f"/v1{ONE}/Participants"]


async def test_hostile_and_missing_numbers(vendor: Vendor, proxy: TwilioProxy) -> None:
    nasty = {**ANA, "friendly_name": "\x1b]0;x\x07", "proxy_identifier": 14155559999}
    gone = {**BO, "date_deleted": "2026-01-05T12:00:00Z"}
    vendor.paths[f"{ONE}/Participants"] = participants(nasty, gone)
    labels = told(await proxy.create({"participants": PEOPLE}))
    assert labels[0] == (line("\x1b]0;x\x07 calls"), "14155559999", True)
    assert labels[1][0] == "session"
    vendor.paths[f"{ONE}/Participants"] = participants({**ANA, "proxy_identifier": None})
    assert told(await proxy.create({"participants": PEOPLE}))[0][1] == "none was given yet"


@pytest.mark.parametrize(
    "answer", [Answer(503, b""), Answer(200, b"<html></html>"), Answer(401, TWILIO_AUTHENTICATE)]
)
async def test_a_failure_to_read_the_numbers_does_not_fail_the_create(
    vendor: Vendor, proxy: TwilioProxy, answer: Answer
) -> None:
    vendor.paths[f"{ONE}/Participants"] = answer
    created = await proxy.create({"participants": PEOPLE})
    assert created.row == row(OPEN)
    assert str(created.told[0].text).startswith("could not be read")
    assert created.told[1].text == SESSION
    assert [seen.method for seen in vendor.seen] == ["POST", "GET"]


async def test_a_created_row_without_a_sid_is_known_by_its_name(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    vendor.paths[SESSIONS] = Answer(201, {"status": "open"})
    created = await proxy.create({"unique_name": "Order 7", "participants": PEOPLE})
    assert (created.ref, told(created)) == ("Order 7", [("unique name", "Order 7", True)])
    assert len(vendor.seen) == 1


@pytest.mark.parametrize("expires", ["2026-01-05T12:00:00Z", "2025-12-31T00:00:00Z"])
async def test_an_expiry_that_is_over_is_not_sent(
    vendor: Vendor, proxy: TwilioProxy, expires: str
) -> None:
    with pytest.raises(UsageProblem, match="future"):
        await proxy.create({"expires": expires})
    assert vendor.seen == []


# --- extending ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expires", "now", "ends"),
    [
        ("2026-01-05T13:00:00Z", NOON, "2026-01-05T14:00:00+00:00"),
        ("2026-01-05T11:00:00Z", NOON, "2026-01-05T13:00:00+00:00"),
        (None, NOON, "2026-01-05T13:00:00+00:00"),
        (None, NOON + timedelta(microseconds=1), "2026-01-05T13:00:01+00:00"),
    ],
)
async def test_the_new_expiry(
    proxy: TwilioProxy, expires: str | None, now: datetime, ends: str
) -> None:
    found = session(proxy, {**OPEN, "date_expiry": expires, "ttl": 0})
    assert new_expiry(found, 3600, now).isoformat() == ends


async def test_a_time_to_live_counts_as_an_expiry_too(vendor: Vendor, proxy: TwilioProxy) -> None:
    alive = {
        **OPEN,
        "date_expiry": None,
        "ttl": 7200,
        "date_last_interaction": "2026-01-05T11:30:00Z",
    }
    vendor.paths[ONE] = method({"GET": Answer(200, alive), "POST": Answer(200, alive)})
    await proxy.act(SESSION, "extend", {"by": 60})
    assert vendor.seen[-1].body == b"DateExpiry=2026-01-05T13%3A31%3A00Z"


async def test_no_extension_past_the_end_of_the_calendar(proxy: TwilioProxy) -> None:
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    found = msgspec.structs.replace(session(proxy, OPEN), expires_at=last)
    with pytest.raises(UsageProblem, match="too large"):
        new_expiry(found, 1, NOON)


def test_the_declaration() -> None:
    assert SPEC.create is CREATE_FORM
    assert {CREATE, UPDATE, DELETE} <= set(SPEC.operations)
    assert all(operation.writes for operation in (CREATE, UPDATE, DELETE))
    names = {operation.name for operation in SPEC.operations}
    allowed = {one.id: one.statuses for one in ACTIONS}
    live = {Status.WAITING, Status.ACTIVE}
    assert allowed == {
        "close": live,
        "reopen": {Status.ENDED},
        "extend": live,
        "set-ttl": live,
        "delete": set(Status),
    }
    assert [one.id for one in ACTIONS if one.ends] == ["close"]
    forms = [CREATE_FORM, *(one.form for one in ACTIONS if one.form)]
    assert {form.operation for form in forms} | {one.operation for one in ACTIONS} <= names
    assert all(field.help and field.source for form in forms for field in form.fields)


# --- found again -------------------------------------------------------------------------------------------


def lost(reference: str, *listed: str) -> Lost:
    return Lost(Opaque(reference), NOON, NOON, tuple(Opaque(ref) for ref in listed))


async def test_a_lost_create_is_found_by_its_unique_name(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    vendor.paths[f"{SESSIONS}/sessiontop-1"] = Answer(200, {**OPEN, "unique_name": "sessiontop-1"})
    look = await proxy.find(lost("sessiontop-1"))
    assert [session(proxy, json.loads(found)).id for found in look.rows] == [SESSION]
    assert {seen.method for seen in vendor.seen} == {"GET"}


async def test_where_the_name_is_no_address_the_listed_session_is_looked_at(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    vendor.paths[ONE] = Answer(200, {**OPEN, "unique_name": "sessiontop-1"})
    listed = session(proxy, {**OPEN, "unique_name": "sessiontop-1"})
    assert proxy.looks_like(listed, Opaque("sessiontop-1"))
    assert not proxy.looks_like(listed, Opaque("sessiontop-2"))
    look = await proxy.find(lost("sessiontop-1", SESSION))
    assert len(look.rows) == 1


async def test_not_found_by_name_is_not_the_last_word(vendor: Vendor, proxy: TwilioProxy) -> None:
    look = await proxy.find(lost("sessiontop-1"))
    assert (look.rows, look.complete) == ((), False), "that a name may stand there is inferred"


async def test_a_name_that_only_looks_the_same_is_another_session(
    vendor: Vendor, proxy: TwilioProxy
) -> None:
    vendor.paths[ONE] = Answer(200, {**OPEN, "unique_name": "order\u200b1"})
    assert proxy.looks_like(
        session(proxy, {**OPEN, "unique_name": "order\u200b1"}), Opaque("order1")
    )
    assert (await proxy.find(lost("order1", SESSION))).rows == ()
