"""Take Control's answers as sessions: every shape, every reading that the vendor leaves open."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.providers.take_control_samples import (
    BLOCK,
    RECORD,
    VENDOR_RECORD,
    WITHOUT_ID,
    session,
    split,
    success,
)
from tui.model.problem import BadAnswer
from tui.model.session import Session
from tui.model.status import Status
from tui.providers.base import Decoded
from tui.providers.take_control_answers import count, folded, records, session_id
from tui.providers.take_control_rows import Reader, known_by, numbered

READER = Reader("desk", UTC, None)


def fields(session: Session) -> dict[str, object]:
    return {str(name): value for name, value in session.fields}


def decoded(record: dict[str, Any]) -> Decoded:
    (raw,) = split([record])
    return READER.decode(raw, full=True)


def test_a_whole_record() -> None:
    found = session(RECORD)
    assert (found.id, found.status, found.provider) == ("7301", Status.ENDED, "take-control")
    assert found.customer == "Ana Lindqvist"
    assert found.customer_email == "ana@example.com"
    assert found.subject == "Printer on floor 3"
    assert found.agent == "Tess Technician"
    assert found.started_at == datetime(2026, 1, 5, 11, 30, tzinfo=UTC)
    assert found.ended_at == datetime(2026, 1, 5, 11, 45, tzinfo=UTC)
    assert dict(found.fields) == {
        "computer_name": "VM2",
        "computer_domain": "WORKGROUP",
        "computer_os": "Windows 11",
        "tech_username": "tech@example.com",
        "customer_number": "d4f%d$3",
        "problem_description": "Printer on floor 3",
        "has_videos": True,
    }
    assert decoded(RECORD).drift == ()


def test_the_vendors_sample_is_a_waiting_request() -> None:
    found = session(VENDOR_RECORD)
    assert found.status is Status.WAITING
    assert found.estimated_wait_minutes == 1
    assert found.began is None
    assert (found.subject, found.agent) == ("VM2", "tech@example.com")
    assert found.id.startswith("~")
    assert "derived" in str(fields(found)["id"])


@pytest.mark.parametrize(
    "details",
    [
        [BLOCK],
        BLOCK,
        [VENDOR_RECORD],
        VENDOR_RECORD,
        {"nrequests": 22, "requests": VENDOR_RECORD},
        {"NREQUESTS": "1", "Requests": [VENDOR_RECORD]},
        [{"nrequests": 0, "requests": []}, BLOCK],
        {"requests": {"0": VENDOR_RECORD}},
        {"0": VENDOR_RECORD},
        [{name.upper(): value for name, value in VENDOR_RECORD.items()}],
        [{"Computer_Name": "", **VENDOR_RECORD, "TECH_USERNAME": None}],
        {"requests": [[VENDOR_RECORD]]},
    ],
)
def test_every_shape_holds_the_same_session(details: object) -> None:
    (raw,) = split(details)
    (expected,) = split([BLOCK])
    assert READER.decode(raw).session == READER.decode(expected).session


@pytest.mark.parametrize(
    "details",
    [None, {}, [], [{}], {"nrequests": 0}, {"requests": None}, [{"nrequests": 3, "requests": []}]],
)
def test_nothing_in_every_shape(details: object) -> None:
    assert split(details) == []


@pytest.mark.parametrize("details", ["none", 7, True])
def test_what_is_no_container_is_no_empty_listing(details: object) -> None:
    with pytest.raises(BadAnswer):
        records(folded(success(details)), "listing")


def test_rows_that_are_no_records_are_set_aside_and_told() -> None:
    rows = split([RECORD, None, "text", 7, {"nonsense": 1}, {**dict.fromkeys(RECORD, "")}])
    read = [READER.decode(raw) for raw in rows]
    assert [one.session is not None for one in read] == [True, *[False] * 5]
    assert all(one.drift for one in read[1:])


@pytest.mark.parametrize(
    ("record", "status"),
    [
        ({"date_start": "2026-01-05 10:00:00", "date_end": "2026-01-05 11:00:00"}, Status.ENDED),
        ({"date_end": "2026-01-05 11:00:00", "waiting_time": 3}, Status.ENDED),
        ({"date_start": "2026-01-05 10:00:00", "date_end": ""}, Status.ACTIVE),
        ({"date_start": "2026-01-05 10:00:00", "date_end": None, "waiting_time": 3}, Status.ACTIVE),
        ({"date_start": "2026-01-05 10:00:00", "date_end": "0000-00-00 00:00:00"}, Status.ACTIVE),
        ({"date_start": "", "waiting_time": 0}, Status.WAITING),
        ({"date_start": "", "waiting_time": "12"}, Status.WAITING),
        ({"waiting_time": ""}, Status.UNKNOWN),
        ({}, Status.UNKNOWN),
    ],
)
def test_the_state_is_the_first_that_holds(record: dict[str, Any], status: Status) -> None:
    found = decoded({"id": 1, **record})
    assert found.session is not None
    assert found.session.status is status
    assert (found.session.estimated_wait_minutes is not None) is (status is Status.WAITING)
    assert found.drift == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date_start", "yesterday"),
        ("date_end", "2026-02-30 10:00:00"),
        ("date_end", ["2026"]),
        ("waiting_time", "soon"),
        ("waiting_time", -1),
        ("waiting_time", True),
        ("has_videos", "perhaps"),
        ("customer_name", {"first": "Ana"}),
        ("id", {"a": 1}),
    ],
)
def test_a_bad_field_is_absent_told_and_shown_as_it_came(field: str, value: object) -> None:
    found = decoded({**RECORD, "date_end": "", field: value})
    assert found.session is not None
    (sentence,) = found.drift
    assert sentence.startswith(f"{field} is not")
    assert found.session.status is Status.ACTIVE or field == "date_start"
    # An id that cannot be read is replaced by a derived one, which its own field says.
    assert field in dict(found.session.fields)


def test_numbers_for_text_and_floats_for_minutes() -> None:
    found = decoded({**VENDOR_RECORD, "customer_name": 12, "waiting_time": 1.5})
    assert found.session is not None
    assert found.session.customer == "12"
    assert found.session.estimated_wait_minutes == 1.5


@pytest.mark.parametrize(
    ("value", "read"),
    [(True, True), ("TRUE", True), (1, True), ("1", True), ("False", False), (0, False)],
)
def test_the_vendors_booleans(value: object, read: bool) -> None:
    found = decoded({**RECORD, "has_videos": value})
    assert found.session is not None
    assert fields(found.session)["has_videos"] is read
    assert found.drift == ()


def test_mine_is_found_by_name_and_by_user_name() -> None:
    assert session(RECORD, me="TECH@example.com").agent == "TECH@example.com"
    assert session(RECORD, me="Tess Technician").agent == "Tess Technician"
    assert session(RECORD, me="somebody").agent == "Tess Technician"


# --- ids ---------------------------------------------------------------------------------------------------


def derived(record: dict[str, Any], counter: int) -> str:
    names = ("date_start", "tech_username", "computer_name", "computer_domain", "customer_email")
    told = json.dumps([*(record.get(name, "") for name in names), counter])
    return "~" + hashlib.sha256(told.encode()).hexdigest()[:16]


def ids(details: object) -> list[str]:
    return [str(found.id) for raw in split(details) if (found := READER.decode(raw).session)]


def test_a_derived_id_is_16_digits_over_the_five_and_the_counter() -> None:
    assert ids([WITHOUT_ID]) == [derived(WITHOUT_ID, 0)]


@pytest.mark.parametrize("nothing", ["", None, 0, "0"])
def test_an_empty_id_is_none(nothing: object) -> None:
    assert ids([{**WITHOUT_ID, "ID": nothing}]) == ids([WITHOUT_ID])


def test_equals_are_numbered_in_the_order_of_the_listing() -> None:
    other = {**WITHOUT_ID, "customer_email": "bo@example.com"}
    listing = [WITHOUT_ID, other, WITHOUT_ID, RECORD, WITHOUT_ID]
    expected = [derived(WITHOUT_ID, 0), derived(other, 0), derived(WITHOUT_ID, 1)]
    assert ids(listing) == [*expected, "7301", derived(WITHOUT_ID, 2)]
    # What stands around them does not count, nor what the vendor says of the listing.
    assert ids({"nrequests": 5, "requests": [other, *listing[2:], WITHOUT_ID]})[1] == expected[0]


def test_an_id_stays_while_the_session_goes_on() -> None:
    running = {**WITHOUT_ID, "date_end": "", "has_videos": "", "problem_description": ""}
    assert ids([running]) == ids([{**WITHOUT_ID, "notes": "done"}])


def test_an_own_number_in_a_row_changes_nothing() -> None:
    assert ids([{**WITHOUT_ID, "~equal": 9, "~lacks": "x"}]) == ids([WITHOUT_ID])
    (raw,) = split([{**RECORD, "~equal": 9, "~lacks": "x"}])
    assert READER.decode(raw).drift == ()


def test_a_request_that_says_little_is_still_a_session() -> None:
    assert len(set(ids([{"waiting_time": 1}, {"waiting_time": 1}, {"customer_name": "Ana"}]))) == 3


def test_a_record_is_known_by_the_id_that_its_bytes_give() -> None:
    listing = [RECORD, WITHOUT_ID, WITHOUT_ID, VENDOR_RECORD, {**WITHOUT_ID, "date_start": 5}]
    known = [known_by(record) for record in numbered([folded(one) for one in listing])]
    assert known == ids(listing)


def test_refused_vars_are_counted_as_drift() -> None:
    (marked,) = numbered([folded(RECORD)], ("CHAT_INFO", "NOTES"))
    found = READER.decode(json.dumps(marked).encode(), full=True)
    assert found.drift == ("the vendor refuses to tell CHAT_INFO, NOTES",)
    assert found.session is not None
    assert not [name for name, _ in found.session.fields if name.startswith("~")]


# --- the envelope's other words -----------------------------------------------------------------------------


def test_the_count_is_told_and_never_believed() -> None:
    assert count(folded(success(BLOCK))) == 22
    assert count(folded(success([{"NREQUESTS": "3"}]))) == 3
    assert count(folded(success([RECORD]))) is None
    assert len(split(BLOCK)) == 1


@pytest.mark.parametrize(
    ("details", "found"),
    [
        ({"session_id": "S1", "id": 2}, "S1"),
        ({"ID": 2}, "2"),
        ([{"id": 2}], "2"),
        ({"session_id": "", "id": 0}, None),
        (BLOCK, None),
        ([{"id": 1}, {"id": 2}], None),
        (None, None),
    ],
)
def test_a_session_id_only_where_it_can_be_the_new_ones(details: object, found: object) -> None:
    assert session_id(folded(success(details))) == found


def test_videos_are_links_and_a_field() -> None:
    links = "<videos><video url='https://v.example/1?a=1&amp;b=2'/><video>https://v.example/2</video></videos>"
    found = session({**RECORD, "video_links": links})
    assert found.links.recording == "https://v.example/1?a=1&b=2"
    assert fields(found)["video_links"] == "https://v.example/1?a=1&b=2\nhttps://v.example/2"
    assert session({**RECORD, "video_links": ""}).links.recording is None
