"""Starting a session at Remote Support over a real socket: what travels, where the answer is looked for."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.providers.making import profile
from tests.providers.samples import GOTO_INVALID_TOKEN, GOTO_SESSION
from tests.providers.vendor import NOON, Answer, Seen, StillClock, Vendor
from tests.vendor_documents import document
from tui.model.form import Values
from tui.model.problem import (
    BadAnswer,
    Busy,
    KeysRejected,
    NoAnswer,
    NotFound,
    Problem,
    ReadOnly,
    Refused,
    UsageProblem,
)
from tui.model.secret import Secret
from tui.model.text import Opaque
from tui.providers import goto_remote_support, goto_writes
from tui.providers.base import Created, Lost
from tui.providers.forms import checked
from tui.providers.goto_remote_support import SPEC, GotoRemoteSupport

pytestmark = pytest.mark.anyio
BASE = "/G2A/rest/v1"
TOKEN = "e0-EXAMPLE"
LAUNCH = f"https://launch.getgo.com/launch.html?token={TOKEN}"
STARTED = {"startScreenSharing": {"launchUrl": LAUNCH, "sessionToken": TOKEN}}


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor(BASE) as made:
        made.paths["/sessions"] = Answer(body=STARTED)
        yield made


def connected(vendor: Vendor, *, read_only: bool = False) -> GotoRemoteSupport:
    made = profile("goto-remote-support", vendor.base_url, {}, {"access_token": "sesame"})
    return goto_remote_support.connect(
        replace(made, read_only=read_only), StillClock(), lambda exchange: None
    )


@pytest.fixture
async def support(vendor: Vendor) -> AsyncIterator[GotoRemoteSupport]:
    made = connected(vendor)
    yield made
    await made.aclose()


def told(created: Created) -> list[tuple[str, object, bool]]:
    return [(str(one.label), one.text, one.copies) for one in created.told]


async def test_a_start_travels_byte_for_byte(vendor: Vendor, support: GotoRemoteSupport) -> None:
    typed: dict[str, str | list[str]] = {
        "customer_name": " Ana Lindqvist ",
        "customer_email": "ana@example.com",
        "partner_object": "7559966",
        "partner_object_url": "https://crm.example/7559966",
        "callback_url": "https://crm.example/hook",
        "machine_uuid": "",
    }
    await support.create(checked(goto_writes.FORM, typed))
    (seen,) = vendor.seen
    assert (seen.method, seen.raw) == ("POST", f"{BASE}/sessions")
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["authorization"] == "Bearer sesame"
    assert seen.body == (
        b'{"sessionType":"SCREEN_SHARING","customerName":"Ana Lindqvist",'
        b'"customerEmail":"ana@example.com","partnerObject":"7559966",'
        b'"partnerObjectUrl":"https://crm.example/7559966",'
        b'"sessionStatusCallbackUrl":"https://crm.example/hook"}'
    )


async def test_nothing_but_what_was_typed_is_sent(
    vendor: Vendor, support: GotoRemoteSupport
) -> None:
    await support.create({})
    await support.create({"machine_uuid": "3f0c9c2e"})
    assert [json.loads(seen.body) for seen in vendor.seen] == [
        {"sessionType": "SCREEN_SHARING"},
        {"sessionType": "SCREEN_SHARING", "machineUuid": "3f0c9c2e"},
    ]


async def test_the_form_has_every_field_of_the_specification(
    vendor: Vendor, support: GotoRemoteSupport
) -> None:
    spec = document("goto_remote_support.json")
    values = {field.name: "x" for field in goto_writes.FORM.fields}
    await support.create(values)
    (seen,) = vendor.seen
    documented = spec["components"]["schemas"]["CreateSession"]["properties"]
    assert set(json.loads(seen.body)) == set(documented)


@pytest.mark.parametrize(
    ("answer", "ref"),
    [
        (STARTED, TOKEN),
        ({"startScreenSharing": {"launchUrl": LAUNCH}, "sessionToken": "top"}, "top"),
        ({"startScreenSharing": {"launchUrl": LAUNCH, "sessionToken": 8555444}}, "8555444"),
        ({"startScreenSharing": {"launchUrl": LAUNCH}}, TOKEN),
        ({"launchUrl": LAUNCH, "sessionToken": "flat"}, "flat"),
        ({"startScreenSharing": None, "launchUrl": LAUNCH}, TOKEN),
        ({"startScreenSharing": {"launchUrl": "", "sessionToken": ""}, "launchUrl": LAUNCH}, TOKEN),
    ],
)
async def test_the_answer_is_found_wherever_it_stands(
    vendor: Vendor, support: GotoRemoteSupport, answer: object, ref: str
) -> None:
    vendor.paths["/sessions"] = Answer(200, answer)
    created = await support.create({})
    assert (created.ref, created.row) == (ref, None)
    assert told(created) == [
        ("technician's launch link", LAUNCH, True),
        ("customer's join link", "comes once the launch link was opened", False),
    ]


async def test_created_is_success_too(vendor: Vendor, support: GotoRemoteSupport) -> None:
    vendor.paths["/sessions"] = Answer(201, STARTED)
    assert (await support.create({})).ref == TOKEN


async def test_a_link_without_a_token_and_a_token_without_a_link(
    vendor: Vendor, support: GotoRemoteSupport
) -> None:
    vendor.paths["/sessions"] = Answer(body={"launchUrl": "https://launch.example/x"})
    created = await support.create({})
    assert created.ref is None
    assert told(created)[1][1] == "is in the list, once it began"
    vendor.paths["/sessions"] = Answer(body={"sessionToken": TOKEN, "launchUrl": "javascript:x"})
    created = await support.create({})
    assert created.ref == TOKEN
    assert told(created)[0] == ("session token", Secret(TOKEN), True)


async def test_an_unattended_session_has_nobody_to_join_it(
    vendor: Vendor, support: GotoRemoteSupport
) -> None:
    created = await support.create({"machine_uuid": "3f0c9c2e"})
    assert [label for label, _, _ in told(created)] == ["technician's launch link"]


async def test_the_row_is_asked_for_by_the_token(
    vendor: Vendor, support: GotoRemoteSupport
) -> None:
    created = await support.create({})
    assert created.ref is not None
    vendor.paths[f"/sessions/{TOKEN}"] = Answer(body={**GOTO_SESSION, "status": "waiting"})
    found = support.decode(await support.row(created.ref)).session
    assert found is not None
    assert found.links.join == "https://logmein.com/join"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"[]",
        b"{}",
        b"{",
        b'{"startScreenSharing":[]}',
        b'{"sessionToken":{}}',
    ],
)
async def test_an_answer_without_link_and_token_is_a_bad_answer(
    vendor: Vendor, support: GotoRemoteSupport, body: bytes
) -> None:
    vendor.paths["/sessions"] = Answer(200, body)
    with pytest.raises(BadAnswer):
        await support.create({})
    assert len(vendor.seen) == 1


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (400, {"msg": "portal not being created"}, Refused, "portal not being created"),
        (401, b"", KeysRejected, "no Remote Support seat"),
        (403, b"", KeysRejected, "lacks the role"),
        (403, GOTO_INVALID_TOKEN, KeysRejected, "wrong or has expired"),
        (404, b"", NotFound, "no machine of that UUID"),
        (405, b"", Refused, "405"),
        (429, b"", Busy, "too many requests"),
        (500, b"", Busy, "500"),
        (503, b"<html><title>Gateway</title></html>", Busy, "Gateway"),
        (302, b"", BadAnswer, "sent us on"),
    ],
)
async def test_every_refusal_is_told_and_nothing_is_sent_again(
    vendor: Vendor,
    support: GotoRemoteSupport,
    status: int,
    body: Any,
    kind: type[Problem],
    words: str,
) -> None:
    vendor.paths["/sessions"] = Answer(status, body, (("Location", "/elsewhere"),))
    with pytest.raises(kind) as caught:
        await support.create({"machine_uuid": "3f0c9c2e"})
    assert type(caught.value) is kind
    assert words in caught.value.message
    assert len(vendor.seen) == 1


async def test_without_a_machine_a_404_is_not_about_one(
    vendor: Vendor, support: GotoRemoteSupport
) -> None:
    vendor.paths["/sessions"] = Answer(404, b"")
    with pytest.raises(NotFound) as caught:
        await support.create({})
    assert "machine" not in caught.value.message


async def test_a_lost_answer_stays_unknown(vendor: Vendor, support: GotoRemoteSupport) -> None:
    def hang_up(seen: Seen) -> Answer:
        raise ConnectionError("the line is cut")

    vendor.paths["/sessions"] = hang_up
    with pytest.raises(NoAnswer):
        await support.create({})
    assert len(vendor.seen) == 1


async def test_a_read_only_profile_sends_nothing(vendor: Vendor) -> None:
    support = connected(vendor, read_only=True)
    with pytest.raises(ReadOnly):
        await support.create({})
    await support.aclose()
    assert vendor.seen == []


async def test_there_is_no_action(vendor: Vendor, support: GotoRemoteSupport) -> None:
    with pytest.raises(UsageProblem, match="no actions"):
        await support.act(Opaque("SS-87555"), "close", {})
    assert vendor.seen == []
    assert SPEC.actions == ()


def test_the_declaration() -> None:
    assert SPEC.create is goto_writes.FORM
    assert goto_writes.START in SPEC.operations
    assert goto_writes.START.writes
    values: Values = {field.name: "x" for field in goto_writes.FORM.fields}
    assert len(goto_writes.body(values)) == len(goto_writes.FORM.fields) + 1
    assert all(field.help and field.source for field in goto_writes.FORM.fields)


# --- found again -------------------------------------------------------------------------------------------


def lost(reference: str) -> Lost:
    return Lost(Opaque(reference), NOON - timedelta(minutes=2), NOON)


async def test_a_create_carries_a_number_of_ours_where_no_ticket_was_typed(
    vendor: Vendor, support: GotoRemoteSupport
) -> None:
    prepared = [support.prepare({"customer_name": "Ana"}) for _ in range(50)]
    references = {str(one.reference) for one in prepared}
    assert len(references) == 50
    assert all(one.sure for one in prepared)
    for reference in references:
        assert reference.isdecimal()
        assert str(int(reference)) == reference, "it comes back as a number"
        assert int(reference) < 2**31
    await support.create(prepared[0].values)
    sent = json.loads(vendor.seen[0].body)
    assert sent["partnerObject"] == prepared[0].reference, "as text"
    assert sent["customerName"] == "Ana"


async def test_a_typed_ticket_stays_and_is_no_proof(support: GotoRemoteSupport) -> None:
    prepared = support.prepare({"partner_object": "7559966"})
    assert (prepared.values, prepared.reference) == ({"partner_object": "7559966"}, "7559966")
    assert not prepared.sure, "many sessions may belong to one ticket"


@pytest.mark.parametrize(
    ("told", "reference", "same"),
    [
        (123456789, "123456789", True),
        ("123456789", "123456789", True),
        (456, "000456", True),
        ("INC-1", "INC-1", True),
        (1234567890, "123456789", False),
        ("INC-2", "INC-1", False),
        (None, "123456789", False),
        ([1], "1", False),
        (True, "1", False),
    ],
)
async def test_it_is_found_in_the_list_by_that_number(
    vendor: Vendor, support: GotoRemoteSupport, told: object, reference: str, same: bool
) -> None:
    others = [{**GOTO_SESSION, "partnerObject": 1}, {"sessionId": "SS-2"}]
    row = {**GOTO_SESSION, "sessionId": "SS-1", "partnerObject": told}
    vendor.paths["/sessions"] = Answer(body={"totalNumSessions": 3, "sessions": [*others, row]})
    look = await support.find(lost(reference))
    expected = [row] if same else []
    assert [json.loads(found) for found in look.rows] == [
        *([others[0]] if reference == "1" else []),
        *expected,
    ]
    assert look.complete
    (seen,) = vendor.seen
    assert (seen.method, seen.query) == (
        "GET",
        [
            ("sessionType", "SCREEN_SHARING"),
            ("fromTime", "2026-01-05T11:58:00Z"),
            ("toTime", "2026-01-05T12:00:00Z"),
        ],
    )
