"""Trinsic Connect over a real socket, the writing side: create and cancel."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.providers.trinsic_samples import (
    DONE,
    LINK,
    SESSION,
    URN,
    failed,
    trinsic,
)
from tests.providers.vendor import Answer, Vendor
from tui.model.form import FieldKind
from tui.model.problem import (
    BadAnswer,
    Busy,
    KeysRejected,
    NotFound,
    Problem,
    ReadOnly,
    Refused,
    UsageProblem,
)
from tui.model.secret import Secret
from tui.model.status import Status
from tui.model.text import Opaque
from tui.providers.base import Ask
from tui.providers.forms import checked
from tui.providers.trinsic_connect import SPEC, TrinsicConnect
from tui.providers.trinsic_forms import CREATE_FORM, create_body

pytestmark = pytest.mark.anyio
CREATE, CANCEL, GET = "/v1/sessions", "/v1/sessions/cancel", "/v1/sessions/get"
CANCELED = failed("SessionFailRpcCanceled")
NAMES = [field.name for field in CREATE_FORM.fields]


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor("") as made:
        made.paths[CREATE] = Answer(body={"session": SESSION})
        made.paths[CANCEL] = Answer(body={"session": CANCELED})
        made.paths[GET] = Answer(body={"session": SESSION})
        yield made


@pytest.fixture
async def connect(vendor: Vendor) -> AsyncIterator[TrinsicConnect]:
    made = trinsic(vendor)
    yield made
    await made.aclose()


# --- create ------------------------------------------------------------------------------------------------


async def test_a_session_is_created_and_its_link_told_first(
    vendor: Vendor, connect: TrinsicConnect
) -> None:
    made = await connect.create({})
    (seen,) = vendor.seen
    assert (seen.method, seen.raw) == ("POST", CREATE)
    assert json.loads(seen.body) == {"verifications": [{"type": "GovernmentId"}]}
    assert (made.ref, json.loads(made.row or b"")) == (URN, SESSION)
    first, second, third = made.told
    assert (first.label, first.text, first.copies) == ("verify link", Secret(LINK), True)
    assert (second.label, second.text, second.copies) == ("session", URN, True)
    assert (third.label, third.text) == ("expires", "the vendor does not say when")
    assert "tok" not in repr(made.told)


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        ({"given_name": "yes", "address": "yes"}, {"givenName", "address"}),
        ({"given_name": "yes", "address": "no"}, {"givenName"}),
        (
            {"address": "no"},
            {
                "idNumber",
                "givenName",
                "familyName",
                "dateOfBirth",
                "country",
                "issueDate",
                "expirationDate",
            },
        ),
    ],
)
def test_what_is_chosen_is_spelled_out(typed: dict[str, str], chosen: set[str]) -> None:
    body: dict[str, Any] = create_body(checked(CREATE_FORM, typed))
    (wanted,) = body["verifications"]
    options = wanted["governmentIdOptions"]
    assert {name for name, value in options.items() if value is True} == chosen
    assert len(options) == 8


def test_the_form_asks_for_the_eight_and_says_what_nothing_means() -> None:
    assert len(NAMES) == 8
    assert {field.kind for field in CREATE_FORM.fields} == {FieldKind.YES_NO}
    assert all("nothing chosen at all: all data" in field.help for field in CREATE_FORM.fields)
    assert not any(field.required or field.default is not None for field in CREATE_FORM.fields)
    nothing = checked(CREATE_FORM, {})
    assert create_body(nothing) == {"verifications": [{"type": "GovernmentId"}]}


async def test_nothing_at_all_is_not_sent(vendor: Vendor, connect: TrinsicConnect) -> None:
    with pytest.raises(UsageProblem, match="nothing would be retrieved"):
        await connect.create(checked(CREATE_FORM, dict.fromkeys(NAMES, "no")))
    assert vendor.seen == []


async def test_a_create_that_tells_little_is_told_as_it_is(
    vendor: Vendor, connect: TrinsicConnect
) -> None:
    vendor.paths[CREATE] = Answer(body={"session": {"id": URN, "clientToken": None}})
    made = await connect.create({})
    assert [told.label for told in made.told] == ["session", "expires"]
    vendor.paths[CREATE] = Answer(body={"session": {"clientToken": "t"}})
    made = await connect.create({})
    assert ([told.label for told in made.told], made.ref) == (["verify link", "expires"], None)


@pytest.mark.parametrize("body", [{}, {"session": None}, [], b"", b"<html></html>"])
async def test_a_create_answered_without_a_session_is_a_bad_answer(
    vendor: Vendor, connect: TrinsicConnect, body: Any
) -> None:
    vendor.paths[CREATE] = Answer(200, body)
    with pytest.raises(BadAnswer):
        await connect.create({})
    assert len(vendor.seen) == 1


async def test_a_create_that_is_refused(vendor: Vendor, connect: TrinsicConnect) -> None:
    fault = {"memberNames": ["Verifications"], "errorMessage": "one is needed"}
    vendor.paths[CREATE] = Answer(400, [fault])
    with pytest.raises(Refused, match=r"creating the session: .*Verifications: one is needed"):
        await connect.create({})


# --- cancel ------------------------------------------------------------------------------------------------


async def test_a_cancel_has_no_body_and_answers_the_row(
    vendor: Vendor, connect: TrinsicConnect
) -> None:
    raw = await connect.act(URN, "cancel", {})
    assert raw is not None
    found = connect.decode(raw).session
    assert found is not None
    assert found.status is Status.ABANDONED
    (seen,) = vendor.seen
    assert (seen.method, seen.body) == ("POST", b"")
    assert seen.raw == f"{CANCEL}?sessionId={URN.replace(':', '%3A')}"
    assert "content-type" not in seen.headers
    assert seen.headers["trinsicauthorization"] == "Bearer sesame"


@pytest.mark.parametrize("ended", [DONE, CANCELED, failed("SessionFailInternal")])
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, [{"memberNames": ["sessionId"], "errorMessage": "is terminal"}]),
        (403, b""),
        (404, b""),
        (409, b"too late"),
        (500, b""),
        (200, {}),
    ],
)
async def test_cancelling_what_has_ended_is_success(
    vendor: Vendor, connect: TrinsicConnect, ended: dict[str, Any], status: int, body: Any
) -> None:
    vendor.paths[CANCEL] = Answer(status, body)
    vendor.paths[GET] = Answer(body={"session": ended})
    raw = await connect.act(URN, "cancel", {})
    assert json.loads(raw or b"") == ended
    assert [seen.path for seen in vendor.seen] == [CANCEL, GET]


@pytest.mark.parametrize(
    ("status", "body", "kind", "asked"),
    [
        (400, [{"memberNames": None, "errorMessage": "not now"}], Refused, True),
        (401, {"message": "no"}, KeysRejected, False),
        (403, b"", KeysRejected, True),
        (404, b"", NotFound, True),
        (429, b"", Busy, False),
        (500, b"", Busy, True),
        (200, {"session": None}, BadAnswer, True),
        (200, b"<html></html>", BadAnswer, False),
    ],
)
@pytest.mark.parametrize(
    "known",
    [
        Answer(body={"session": {**SESSION, "state": "IdvInProgress"}}),
        Answer(body={"session": {**SESSION, "state": "IdvSomething"}}),
        Answer(body={"session": {**DONE, "id": "urn:another:session"}}),
        Answer(500, b""),
        Answer(404, b""),
    ],
)
async def test_a_refused_cancel_of_what_has_not_ended_stays_refused(
    vendor: Vendor,
    connect: TrinsicConnect,
    status: int,
    body: Any,
    kind: type[Problem],
    asked: bool,
    known: Answer,
) -> None:
    vendor.paths[CANCEL] = Answer(status, body)
    vendor.paths[GET] = known
    with pytest.raises(kind) as caught:
        await connect.act(URN, "cancel", {})
    assert type(caught.value) is kind
    assert "cancelling the session" in caught.value.message or status == 200
    assert [seen.path for seen in vendor.seen] == [CANCEL, GET][: 1 + asked]


async def test_only_what_can_be_done_is_done(vendor: Vendor, connect: TrinsicConnect) -> None:
    with pytest.raises(UsageProblem, match="cancel"):
        await connect.act(URN, "close", {})
    with pytest.raises(NotFound):
        await connect.act(Opaque("x"), "cancel", {})
    assert vendor.seen == []


async def test_a_read_only_profile_reads_and_does_not_write(vendor: Vendor) -> None:
    vendor.paths["/v1/sessions/list"] = Answer(body={"sessions": [SESSION]})
    connect = trinsic(vendor, read_only=True)
    assert len((await connect.page(Ask())).rows) == 1
    with pytest.raises(ReadOnly):
        await connect.create({})
    with pytest.raises(ReadOnly):
        await connect.act(URN, "cancel", {})
    await connect.aclose()
    assert [seen.path for seen in vendor.seen] == ["/v1/sessions/list"]


def test_what_is_declared() -> None:
    (action,) = SPEC.actions
    assert (action.id, action.ends, action.operation) == ("cancel", True, "cancel session")
    assert action.statuses == {Status.WAITING, Status.ACTIVE, Status.NOT_STARTED}
    assert SPEC.create is CREATE_FORM
    writing = {one.name for one in SPEC.operations if one.writes}
    assert {action.operation, CREATE_FORM.operation} == writing
