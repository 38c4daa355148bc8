"""Take Control over a real socket: a GET with a body, two keys, what is refused, and one session by its id."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from tests.providers.take_control_samples import (
    BASE,
    ERROR_SAMPLE,
    RECORD,
    body,
    control,
    error,
    refusing,
    sessions,
    success,
)
from tests.providers.vendor import Answer, Vendor
from tui.model.problem import (
    BadAnswer,
    Busy,
    KeysRejected,
    NotFound,
    Problem,
    Refused,
    UsageProblem,
)
from tui.model.text import Opaque
from tui.providers.base import Ask
from tui.providers.take_control import TakeControl
from tui.providers.take_control_query import DETAILED, DOCUMENTED, LISTED, QUERY

pytestmark = pytest.mark.anyio
HISTORY = "/session/history"
EARLY, LATE = datetime(2026, 1, 5, 10, tzinfo=UTC), datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor(BASE) as made:
        made.paths[HISTORY] = Answer(body=success([RECORD]))
        yield made


@pytest.fixture
async def desk(vendor: Vendor) -> AsyncIterator[TakeControl]:
    made = control(vendor)
    yield made
    await made.aclose()


# --- the listing ---------------------------------------------------------------------------------------------


async def test_the_history_is_a_get_with_a_json_body(vendor: Vendor, desk: TakeControl) -> None:
    page = await desk.page(Ask(since=EARLY, until=LATE))
    assert page.next is None
    assert [found.id for found in sessions(desk, page.rows)] == ["7301"]
    (seen,) = vendor.seen
    assert (seen.method, seen.raw) == ("GET", f"{BASE}{HISTORY}")
    assert seen.headers["integration-key"] == "hush-hush"
    assert seen.headers["content-type"] == "application/json"
    assert "authorization" not in seen.headers
    assert body(seen) == {
        "vars": list(LISTED),
        "filters": {
            "FILTER_START_METHOD": "ALL",
            "FILTER_PROCESSED": "ALL",
            "FILTER_DATE_START_INI": "2026-01-05 09:59:59",
            "FILTER_DATE_START_END": "2026-01-05 12:00:01",
        },
    }


async def test_without_an_end_none_is_sent_and_the_zone_is_the_profiles(vendor: Vendor) -> None:
    desk = control(vendor, time_zone="America/New_York")
    await desk.page(Ask(since=EARLY))
    page = await desk.page(Ask())
    await desk.aclose()
    first, second = (body(seen)["filters"] for seen in vendor.seen)
    assert first["FILTER_DATE_START_INI"] == "2026-01-05 04:59:59"
    assert second["FILTER_DATE_START_INI"] == "2026-01-04 06:59:59"
    assert "FILTER_DATE_START_END" not in {**first, **second}
    (found,) = sessions(desk, page.rows)
    assert found.started_at == datetime(2026, 1, 5, 16, 30, tzinfo=UTC)


async def test_every_query_field_reaches_the_vendor(vendor: Vendor, desk: TakeControl) -> None:
    query = {
        "vars": "notes, CHAT_INFO computer_os",
        "FILTER_DATE_START_INI": "2026-01-01",
        "FILTER_DATE_START_END": "2026-01-02 03:04:05",
        "FILTER_CUSTOMER_NAME": "Ana",
        "FILTER_CUSTOMER_EMAIL": "ana@example.com",
        "FILTER_COMPUTER_NAME": "VM2",
        "FILTER_TECH_USERNAME": "tech@example.com",
        "FILTER_START_METHOD": "ALL",
        "FILTER_PROCESSED": "ANSWERED",
        "FILTER_HAS_VIDEOS": "true",
    }
    assert set(query) | {"FILTER_ID"} == {field.name for field in QUERY}
    await desk.page(Ask(since=EARLY, query=tuple(query.items())))
    asked = body(vendor.seen[0])
    del query["vars"]
    assert asked["filters"] == {**query, "FILTER_HAS_VIDEOS": True}
    assert {"ID", "DATE_START", "DATE_END", "NOTES", "CHAT_INFO"} < set(asked["vars"])
    assert "CUSTOMER_NAME" not in asked["vars"]


async def test_a_query_for_one_id_has_no_window(vendor: Vendor, desk: TakeControl) -> None:
    await desk.page(Ask(since=EARLY, query=(("FILTER_ID", "7301"),)))
    assert body(vendor.seen[0])["filters"]["FILTER_ID"] == 7301
    assert not [name for name in body(vendor.seen[0])["filters"] if "DATE" in name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FILTER_ID", "07"),
        ("FILTER_NOTES", "x"),
        ("FILTER_HAS_VIDEOS", "perhaps"),
        ("FILTER_DATE_START_INI", "yesterday"),
        ("FILTER_CUSTOMER_NAME", ""),
        ("vars", "EVERYTHING"),
        ("vars", ""),
    ],
)
async def test_a_bad_query_is_told_before_anything_is_sent(
    vendor: Vendor, desk: TakeControl, name: str, value: str
) -> None:
    with pytest.raises(UsageProblem):
        await desk.page(Ask(query=((name, value),)))
    assert vendor.seen == []


@pytest.mark.parametrize(
    "answer",
    [b"<html></html>", b"", b"{", b'"x"', {"result": "SUCCESS"}, {"details": 7}, {"a": 1}],
)
async def test_what_holds_no_list_is_no_empty_listing(
    vendor: Vendor, desk: TakeControl, answer: object
) -> None:
    vendor.paths[HISTORY] = Answer(200, answer)
    with pytest.raises(BadAnswer):
        await desk.page(Ask())


async def test_success_in_every_spelling(vendor: Vendor, desk: TakeControl) -> None:
    nulls = {"errorCode": None, "errorMsg": None}
    for answer in (
        success([RECORD]),
        {**success([RECORD]), "errorDetails": None},
        {**success([RECORD]), "errorDetails": nulls},
        {"Result": "success", "Details": [RECORD]},
        {"details": [RECORD]},
        [RECORD],
    ):
        vendor.paths[HISTORY] = Answer(body=answer)
        assert len((await desk.page(Ask())).rows) == 1
    nothings: list[object] = [None, {}, []]
    for empty in nothings:
        vendor.paths[HISTORY] = Answer(body=success(empty))
        assert (await desk.page(Ask())).rows == ()


# --- refusals ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "answer", "kind", "told_status", "words"),
    [
        (400, ERROR_SAMPLE, Refused, 400, "Missing required field"),
        (403, error(403, "Invalid key"), KeysRejected, 403, "the right one of the two keys"),
        (403, b"", KeysRejected, 403, "not expired"),
        (404, b"", NotFound, 404, "ends in /rest"),
        (429, error(429), Busy, 429, "too many requests"),
        (500, b"<html><title>Oops</title></html>", Busy, 500, "Oops"),
        (200, error(403, "Invalid key"), KeysRejected, 403, "Invalid key"),
        (200, error("429"), Busy, 429, "too many requests"),
        (200, error(500), Busy, 500, "fault"),
        (200, error(None, None), Refused, 200, "said no"),
        (200, error("E17", "Strange"), Refused, 200, "E17: Strange"),
        (200, {"result": "ERROR", "errorDetails": "plain"}, Refused, 200, "plain"),
        (200, {"RESULT": "error", "ErrorDetails": {"ERRORCODE": 400}}, Refused, 400, "said no"),
        (200, {"result": "PARTIAL", "details": [RECORD]}, Refused, 200, "said no"),
    ],
)
async def test_refusals(
    vendor: Vendor,
    desk: TakeControl,
    status: int,
    answer: object,
    kind: type[Problem],
    told_status: int,
    words: str,
) -> None:
    vendor.paths[HISTORY] = Answer(status, answer)
    with pytest.raises(kind) as caught:
        await desk.page(Ask())
    assert type(caught.value) is kind
    assert isinstance(caught.value, Refused)
    assert caught.value.status == told_status
    assert words in caught.value.message
    assert "hush-hush" not in caught.value.message


async def test_retry_after_is_kept(vendor: Vendor, desk: TakeControl) -> None:
    vendor.paths[HISTORY] = Answer(429, error(429), (("Retry-After", "7"),))
    with pytest.raises(Busy) as caught:
        await desk.page(Ask())
    assert caught.value.retry_after == 7


# --- vars that are refused -----------------------------------------------------------------------------------


async def test_refused_vars_are_asked_for_once_and_told_in_every_row(
    vendor: Vendor, desk: TakeControl
) -> None:
    vendor.paths[HISTORY] = refusing("ID", "HAS_VIDEOS", records=[RECORD, RECORD])
    for _ in range(2):
        rows = (await desk.page(Ask())).rows
        found = [desk.decode(raw) for raw in rows]
        assert [one.drift for one in found] == [
            ("the vendor refuses to tell ID, CUSTOMER_NUMBER, HAS_VIDEOS",)
        ] * 2
        ids = [one.session.id for one in found if one.session is not None]
        assert all(ref.startswith("~") for ref in ids)
        assert len(set(ids)) == 2
    asked = [body(seen)["vars"] for seen in vendor.seen]
    assert asked == [list(LISTED), list(DOCUMENTED), list(DOCUMENTED)]


async def test_a_refused_detail_does_not_cost_what_the_listing_may_ask(
    vendor: Vendor, desk: TakeControl
) -> None:
    vendor.paths[HISTORY] = refusing("CHAT_INFO", records=[RECORD])
    await desk.page(Ask())
    for _ in range(2):
        (found,) = sessions(desk, (await desk.row(Opaque("7301")),))
        assert found.id == "7301"
    (again,) = (await desk.page(Ask())).rows
    assert desk.decode(again).drift == ()
    asked = [body(seen)["vars"] for seen in vendor.seen]
    assert asked == [list(LISTED), list(DETAILED), *[list(LISTED)] * 3]
    told = await desk.transcript(found)
    assert "refuses" in str(told.note)


async def test_another_400_is_a_refusal_and_nothing_is_remembered(
    vendor: Vendor, desk: TakeControl
) -> None:
    vendor.paths[HISTORY] = Answer(400, error(400, "Bad filter"))
    with pytest.raises(Refused, match="Bad filter"):
        await desk.page(Ask())
    assert len(vendor.seen) == 2
    vendor.paths[HISTORY] = Answer(body=success([RECORD]))
    (raw,) = (await desk.page(Ask())).rows
    assert body(vendor.seen[-1])["vars"] == list(LISTED)
    assert desk.decode(raw).drift == ()


async def test_a_rejected_key_is_not_asked_again(vendor: Vendor, desk: TakeControl) -> None:
    vendor.paths[HISTORY] = Answer(403, error(403))
    with pytest.raises(KeysRejected):
        await desk.page(Ask())
    assert len(vendor.seen) == 1
