"""What --play does to Take Control: the shapes the sheet leaves open, hostile text, odd rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.simulator.conftest import Start
from tests.simulator.test_take_control import ALL_VARS, VENDORS, Control, Row, refusal
from tests.vendor_documents import document
from tui.simulator.take_control_query import OTHER_VARS, VARS

Playing = Callable[..., Control]


@pytest.fixture
def playing(start: Start) -> Playing:
    """`playing(control_details="object")` is a simulator with that knob turned."""

    def begin(**play: str) -> Control:
        values = {name.replace("_", "-"): value for name, value in play.items()}
        return Control(start(sessions=120, vendors=VENDORS, play=values))

    return begin


def details(control: Control, **filters: object) -> Any:
    answer = control.history({"vars": ALL_VARS, "filters": filters})
    assert answer.status_code == 200, answer.text
    return answer.json()["details"]


def test_the_three_shapes_of_details(playing: Playing) -> None:
    control = playing()
    (block,) = details(control)
    assert block["nrequests"] == len(block["requests"]) > 20
    control.world.sim.play("control-details", "object")
    assert details(control) == block
    control.world.sim.play("control-details", "flat-list")
    assert details(control) == block["requests"]
    control.world.sim.play("control-details", "nested-list")
    control.world.sim.play("control-nrequests", "sample")
    (sample,) = details(control, FILTER_ID=block["requests"][0]["id"])
    assert (sample["nrequests"], len(sample["requests"])) == (22, 1)


@pytest.mark.parametrize(
    ("form", "chat", "video"),
    [
        ("xml", str, "<videos></videos>"),
        ("object", dict, {"video": []}),
        ("list", list, []),
        ("empty", str, ""),
    ],
)
def test_the_forms_of_chats_and_videos(
    playing: Playing, form: str, chat: type, video: object
) -> None:
    rows = playing(control_chat=form).rows(FILTER_PROCESSED="ANSWERED")
    assert {type(row["chat_info"]) for row in rows} == {chat}
    assert next(row["video_links"] for row in rows if not row["has_videos"]) == video
    if form == "object":
        assert set(rows[0]["chat_info"]["message"][0]) == {"date", "from", "text"}
    if form == "list":
        assert set(rows[0]["chat_info"][0]) == {"date", "from", "text"}


@pytest.mark.parametrize(
    ("form", "values"), [("true", {True, False}), ("TRUE", {"TRUE", "FALSE"}), ("1", {0, 1})]
)
def test_the_forms_of_a_boolean(playing: Playing, form: str, values: set[object]) -> None:
    found = {json.dumps(row["has_videos"]) for row in playing(control_booleans=form).rows()}
    assert found == {json.dumps(value) for value in values}


def test_the_end_of_a_running_session(playing: Playing) -> None:
    control = playing()
    name = control.world.sim.desk.add_session("remote-control")
    assert control.row(name)["date_end"] == ""
    control.world.sim.play("control-empty-date", "null")
    assert control.row(name)["date_end"] is None
    control.world.sim.play("control-empty-date", "absent")
    assert "date_end" not in control.row(name)


def test_ids_keys_and_waiting_times(playing: Playing) -> None:
    assert "id" not in playing(control_id="absent").rows()[0]
    assert set(playing(control_keys="upper").rows()[0]) == set(ALL_VARS)
    rows = playing(control_waiting_time="present").rows("DATE_START")
    assert {tuple(row) for row in rows} == {("date_start", "waiting_time")}
    assert {row["waiting_time"] for row in rows} == {0, 1}


def test_requests_nobody_answered_can_be_hidden(playing: Playing) -> None:
    control = playing()
    name = control.world.sim.desk.add_session("remote-control")
    assert control.row(name)
    control.world.sim.play("control-waiting", "hidden")
    assert control.rows(FILTER_ID=int(name)) == []
    control.world.sim.desk.join(name)
    assert control.row(name)


def test_the_order_of_the_records(playing: Playing) -> None:
    control = playing()
    oldest = control.rows()
    control.world.sim.play("control-order", "newest")
    assert control.rows() == oldest[::-1]
    control.world.sim.play("control-order", "shuffled")
    mixed = control.rows()
    assert mixed not in (oldest, oldest[::-1])
    assert sorted(mixed, key=lambda row: int(row["id"])) == sorted(
        oldest, key=lambda row: int(row["id"])
    )


def test_how_texts_are_compared(playing: Playing) -> None:
    control = playing()
    name = control.world.sim.desk.add_session("remote-control", customer="Zoë Pikestaff")
    assert control.rows(FILTER_CUSTOMER_NAME="pikest") == []
    assert control.rows(FILTER_CUSTOMER_NAME="zoë pikestaff")
    control.world.sim.play("control-match", "substring")
    (row,) = control.rows(FILTER_CUSTOMER_NAME="pikest")
    assert str(row["id"]) == name


@pytest.mark.parametrize("name", OTHER_VARS)
def test_unconfirmed_vars_can_be_refused(playing: Playing, name: str) -> None:
    control = playing(control_vars="refused")
    assert refusal(control.history({"vars": [*VARS, name]})) == 400
    assert control.rows(*VARS)
    body = {"vars": list(VARS), "filters": {"FILTER_ID": 4_100_000}}
    assert refusal(control.history(body)) == 400


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/Lisbon", "2026-03-03 14:30:00"),
        ("America/New_York", "2026-03-03 09:30:00"),
        ("Asia/Kolkata", "2026-03-03 20:00:00"),
    ],
)
def test_dates_are_in_the_time_zone_of_the_account(playing: Playing, zone: str, shown: str) -> None:
    control = playing(control_time_zone=zone)
    assert control.profile["time_zone"] == zone
    name = control.world.sim.desk.add_session("remote-control")
    assert control.row(name)["date_start"] == shown
    before = shown[:-2] + "01"
    assert name in {str(row["id"]) for row in control.rows(FILTER_DATE_START_END=before)}
    assert control.rows(FILTER_DATE_START_INI=shown) == []


@pytest.mark.parametrize(
    ("form", "tail"),
    [
        ("absent", {}),
        ("null", {"errorDetails": None}),
        ("object", {"errorDetails": {"errorCode": None, "errorMsg": None}}),
    ],
)
def test_the_forms_of_a_success(playing: Playing, form: str, tail: Row) -> None:
    control = playing(control_success=form)
    for answer in (control.create(), control.history({"vars": ["ID"]})):
        body = answer.json()
        assert body.pop("result") == "SUCCESS"
        body.pop("details")
        assert body == tail


def test_an_error_can_come_with_200(playing: Playing) -> None:
    control = playing(control_error_status="200")
    answer = control.history({"vars": []})
    assert (answer.status_code, answer.json()["result"]) == (200, "ERROR")
    assert answer.json()["errorDetails"]["errorCode"] == 400


@pytest.mark.parametrize(
    ("form", "retry"),
    [("none", None), ("seconds", "3"), ("date", "Tue, 03 Mar 2026 14:30:03 GMT")],
)
def test_every_request_can_be_one_too_many(playing: Playing, form: str, retry: str | None) -> None:
    control = playing(control_throttle="on", control_retry_after=form)
    for answer in (control.create(), control.history({"vars": ["ID"]})):
        assert refusal(answer) == 429
        assert answer.headers.get("retry-after") == retry
    control.world.sim.play("control-throttle", "off")
    assert control.create().status_code == 200


def test_what_creating_answers(playing: Playing) -> None:
    control = playing(control_create="session-id")
    found = [control.create().json()["details"]["session_id"]]
    control.world.sim.play("control-create", "id")
    found.append(control.create().json()["details"]["id"])
    assert found == [row["id"] for row in control.rows()[-2:]]
    control.world.sim.play("control-create", "empty")
    assert control.create().json()["details"] == {}


def test_strangers_can_be_refused(playing: Playing) -> None:
    control = playing()
    unknown = ({"technician_username": "x@example.com"}, {"department_id": 999})
    for body in unknown:
        assert control.create(body).status_code == 200
    control.world.sim.play("control-strangers", "refused")
    for body in unknown:
        assert refusal(control.create(body)) == 400
    known = {"technician_username": "priya.raman@helpdesk.example.com", "department_id": 102}
    assert control.create(known).status_code == 200


# Hostile text, odd rows, faults


def test_hostile_text_reaches_every_third_session(playing: Playing) -> None:
    plain, hostile = playing().rows(), playing(text="hostile").rows()
    assert [row["id"] for row in plain] == [row["id"] for row in hostile]
    for name in ("customer_name", "problem_description", "chat_info", "notes"):
        changed = sum(old[name] != new[name] for old, new in zip(plain, hostile, strict=True))
        assert 2 <= changed < len(plain) * 0.4, name
    assert "\x1b" in json.dumps(hostile, ensure_ascii=False).replace("\\u001b", "\x1b")


def test_odd_rows_break_the_schema(playing: Playing) -> None:
    clean, odd = playing().rows(), playing(rows="odd").rows()
    differ = [new for old, new in zip(clean, odd, strict=True) if old != new]
    assert len(clean) * 0.1 < len(differ) < len(clean) * 0.4
    assert sum("id" not in row for row in odd) == 1
    assert any(not isinstance(row.get("date_start"), str) for row in differ)
    assert any(isinstance(row.get("customer_name"), list) for row in differ)


@pytest.mark.parametrize("kind", ["short-body", "cut-json"])
def test_a_fault_in_the_answer_hits_after_the_write(playing: Playing, kind: str) -> None:
    control = playing()
    before = control.rows("ID")
    control.world.sim.play("fault", f"take-control:{kind}")
    with pytest.raises((httpx.TransportError, ValueError)):
        control.create().json()
    control.world.sim.play("fault", "none")
    assert len(control.rows("ID")) == len(before) + 1


def test_a_fault_is_for_one_vendor(playing: Playing) -> None:
    control = playing(fault="take-control:status-500")
    assert control.history({"vars": ["ID"]}).status_code == 500
    assert control.world.sessions(PageSize=5)


# The reconstructed specification, where the developer has it at hand


def schemas() -> dict[str, Any]:
    found: dict[str, Any] = document("take_control.yaml")["components"]["schemas"]
    return found


def test_records_have_the_fields_of_the_specification(playing: Playing) -> None:
    wanted = set(schemas()["HistoryRecord"]["properties"])
    assert len(wanted) > 15
    rows = playing(control_waiting_time="present").rows()
    custom = {"custom_field_name", "custom_field_value"}
    for row in rows:
        assert set(row) - custom == wanted


def test_vars_filters_and_create_fields_are_those_of_the_specification(playing: Playing) -> None:
    known = schemas()["HistoryQuery"]["properties"]["vars"]["items"]["enum"]
    assert set(known) == set(ALL_VARS)
    control = playing()
    values: Row = {
        "department_id": 101,
        "technician_username": "x@example.com",
        "ask_customer_info": 1,
        "show_waiting_queue": 0,
    }
    fields = schemas()["CreateSession"]["properties"]
    assert len(fields) == 9
    assert control.create({name: values.get(name, "x") for name in fields}).status_code == 200
    example: Row = {
        "FILTER_DATE_START_INI": "2024-01-01 00:00:00",
        "FILTER_DATE_START_END": "2024-01-31 23:59:59",
        "FILTER_START_METHOD": "ALL",
        "FILTER_PROCESSED": "ALL",
        "FILTER_HAS_VIDEOS": True,
    }
    assert control.rows(*VARS, **example) == []
