"""Creating at Take Control: what is sent, what is told, and that both calls are as the vendor documents them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.providers.take_control_samples import (
    BASE,
    CREATE_SAMPLE,
    ERROR_SAMPLE,
    RECORD,
    body,
    control,
    success,
)
from tests.providers.vendor import Answer, StillClock, Vendor
from tests.vendor_documents import document
from tui.model.problem import BadAnswer, Busy, ConfigProblem, KeysRejected, ReadOnly, Refused
from tui.model.profile import Profile
from tui.model.secret import Secret
from tui.model.text import Opaque
from tui.providers import take_control
from tui.providers.base import Ask, Created
from tui.providers.forms import checked, examine
from tui.providers.take_control import SPEC, TakeControl
from tui.providers.take_control_create import FORM
from tui.providers.take_control_query import DETAILED, QUERY

SESSION = "/session"
# The request of the vendor's own sample (sheet 4.3), as it is typed and as it is sent.
TYPED: dict[str, str | list[str]] = {
    "department_id": "123",
    "technician_username": "tech@example.com",
    "language": "fr",
    "customer_name": "John Doe",
    "customer_email": "john@example.com",
    "customer_number": "d4f%d$3",
    "problem_description": "Unable to access\nnetwork drive",
    "ask_customer_info": "yes",
    "show_waiting_queue": "no",
}
SENT = {**TYPED, "department_id": 123, "ask_customer_info": 1, "show_waiting_queue": 0}


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor(BASE) as made:
        made.paths[SESSION] = Answer(body=CREATE_SAMPLE)
        made.paths["/session/history"] = Answer(body=success([RECORD]))
        yield made


@pytest.fixture
async def desk(vendor: Vendor) -> AsyncIterator[TakeControl]:
    made = control(vendor)
    yield made
    await made.aclose()


def told(created: Created) -> dict[str, str]:
    return {str(one.label): str(one.text) for one in created.told}


@pytest.mark.anyio
async def test_every_field_is_sent_with_the_public_key(vendor: Vendor, desk: TakeControl) -> None:
    created = await desk.create(checked(FORM, TYPED))
    (seen,) = vendor.seen
    assert (seen.method, seen.raw) == ("POST", f"{BASE}{SESSION}")
    assert seen.headers["integration-key"] == "open-sesame"
    assert body(seen) == SENT
    assert (created.row, created.ref) == (None, None)
    assert told(created) == {
        "session": "created; the vendor tells neither an id nor a link: look for it in the list",
        "requests waiting": "22",
        "estimated wait": "about 1 min (the vendor's estimate)",
    }


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("123", 123),
        ("id_1234", "id_1234"),
        ("007", "007"),
        ("0", 0),
        ("12345678901234567890", "12345678901234567890"),
    ],
)
async def test_a_department_is_a_number_or_a_word(
    vendor: Vendor, desk: TakeControl, typed: str, sent: object
) -> None:
    await desk.create(checked(FORM, {"department_id": typed}))
    assert body(vendor.seen[0]) == {"department_id": sent}


@pytest.mark.anyio
async def test_nothing_filled_in_is_an_empty_object(vendor: Vendor, desk: TakeControl) -> None:
    await desk.create(checked(FORM, {}))
    assert vendor.seen[0].body == b"{}"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("details", "ref"),
    [
        ({"session_id": "S-1"}, "S-1"),
        ({"ID": 7}, "7"),
        ([{"id": 7}], "7"),
        ({}, None),
        (None, None),
        ([], None),
        ("done", None),
        ({"nrequests": "many", "requests": [{"waiting_time": "soon"}, 7, None]}, None),
        ({"session_id": "\ud800"}, None),
    ],
)
async def test_an_id_is_taken_when_it_comes(
    vendor: Vendor, desk: TakeControl, details: object, ref: str | None
) -> None:
    vendor.paths[SESSION] = Answer(body=success(details))
    created = await desk.create({})
    assert created.ref == ref
    assert list(told(created)) == (["session id"] if ref else ["session"])
    assert created.told[0].copies is (ref is not None)


@pytest.mark.anyio
async def test_of_several_waits_it_is_the_longest(vendor: Vendor, desk: TakeControl) -> None:
    waits = [{"waiting_time": 2}, {"waiting_time": "7"}, {"waiting_time": -1}]
    vendor.paths[SESSION] = Answer(body=success([{"nrequests": 3, "requests": waits}]))
    assert told(await desk.create({}))["estimated wait"].startswith("about 7 min")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (400, ERROR_SAMPLE, Refused),
        (200, ERROR_SAMPLE, Refused),
        (403, ERROR_SAMPLE, KeysRejected),
        (429, b"", Busy),
        (500, b"", Busy),
        (200, b"<html></html>", BadAnswer),
        (200, {"details": {}}, BadAnswer),
        (200, {"result": "SUCCESS"}, BadAnswer),
    ],
)
async def test_what_is_no_success_is_told_and_sent_once(
    vendor: Vendor, desk: TakeControl, status: int, answer: object, kind: type[Exception]
) -> None:
    vendor.paths[SESSION] = Answer(status, answer)
    with pytest.raises(kind) as caught:
        await desk.create({})
    assert type(caught.value) is kind
    assert len(vendor.seen) == 1


@pytest.mark.anyio
async def test_without_the_public_key_nothing_is_created(vendor: Vendor) -> None:
    desk = control(vendor, "private")
    with pytest.raises(ConfigProblem, match="no public_key"):
        await desk.create({})
    await desk.aclose()
    assert vendor.seen == []


@pytest.mark.anyio
async def test_a_read_only_profile_lists_and_does_not_create(vendor: Vendor) -> None:
    keys = {"public_key": Secret("open-sesame"), "private_key": Secret("hush-hush")}
    made = Profile("desk", "take-control", vendor.base_url, secrets=keys, read_only=True)
    desk = take_control.connect(made, StillClock(), lambda exchange: None)
    with pytest.raises(ReadOnly):
        await desk.create({})
    assert len((await desk.page(Ask())).rows) == 1
    await desk.aclose()
    assert [seen.method for seen in vendor.seen] == ["GET"]


@pytest.mark.anyio
async def test_there_are_no_actions(vendor: Vendor, desk: TakeControl) -> None:
    assert SPEC.actions == ()
    with pytest.raises(Exception, match="no way to close"):
        await desk.act(Opaque("1"), "close", {})
    assert vendor.seen == []


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("customer_name", "x" * 129),
        ("customer_email", f"{'x' * 60}@a.eu"),
        ("customer_email", "ana"),
        ("customer_number", "x" * 33),
        ("problem_description", "x" * 1025),
        ("language", "French!"),
        ("ask_customer_info", "perhaps"),
        ("customer_nmae", "x"),
    ],
)
def test_the_limits_of_the_form(field: str, bad: str) -> None:
    assert list(examine(FORM, {field: bad}).faults) == [field]


def test_the_declaration() -> None:
    assert SPEC.default_base_url == ""
    assert [(one.method, one.path, one.writes) for one in SPEC.operations] == [
        ("POST", "/session", True),
        ("GET", "/session/history", False),
    ]
    assert FORM.operation in {one.name for one in SPEC.operations}
    assert {name for any_of in SPEC.needs.any_of for name in any_of} < {
        key.name for key in SPEC.keys
    }


# --- the vendor's document -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    found: dict[str, Any] = document("take_control.yaml")["components"]["schemas"]
    return found


def test_the_form_has_every_documented_field_and_limit(schemas: dict[str, Any]) -> None:
    documented = schemas["CreateSession"]["properties"]
    assert set(documented) == {field.name for field in FORM.fields}
    for name, schema in documented.items():
        field = FORM.field(name)
        assert field is not None
        assert "maxLength" not in schema or field.limit == schema["maxLength"]


def test_vars_and_filters_are_the_documented_ones(schemas: dict[str, Any]) -> None:
    query = schemas["HistoryQuery"]["properties"]
    assert set(DETAILED) == set(query["vars"]["items"]["enum"])
    assert set(query["filters"]["properties"]) == {
        field.name for field in QUERY if field.name.startswith("FILTER_")
    }
