"""Take Control as documented: keys, the history's body, vars, filters, creating, and refusals."""

from __future__ import annotations

import json
import re
import socket
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.simulator.conftest import Start, World
from tui.simulator.take_control_query import OTHER_VARS, VARS

VENDORS = ("twilio-proxy", "goto-remote-support", "take-control")
ALL_VARS = [*VARS, *OTHER_VARS]
Row = dict[str, Any]


class Control:
    """Both calls, with the right keys unless told otherwise."""

    def __init__(self, world: World) -> None:
        profiles: Any = world.sim.profiles()["profiles"]
        self.world, self.profile = world, profiles["control"]
        self._client = world.client(self.profile["base_url"])

    def ask(
        self,
        method: str,
        path: str,
        key: str | None,
        body: object = None,
        kind: str | None = "application/json",
    ) -> httpx.Response:
        headers = {} if key is None else {"INTEGRATION-KEY": key}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        if body is not None:
            headers |= {} if kind is None else {"Content-Type": kind}
            return self._client.request(method, path, headers=headers, content=content)
        return self._client.request(method, path, headers=headers)

    def history(self, body: object) -> httpx.Response:
        return self.ask("GET", "/session/history", self.profile["private_key"], body)

    def create(self, body: object = None) -> httpx.Response:
        return self.ask("POST", "/session", self.profile["public_key"], body)

    def rows(self, *wanted: str, **filters: object) -> list[Row]:
        answer = self.history({"vars": list(wanted or ALL_VARS), "filters": filters})
        assert answer.status_code == 200, answer.text
        assert answer.json()["result"] == "SUCCESS"
        found: list[Row] = answer.json()["details"][0]["requests"]
        return found

    def row(self, name: str) -> Row:
        (found,) = self.rows(FILTER_ID=int(name))
        return found


@pytest.fixture
def control(start: Start) -> Control:
    return Control(start(sessions=200, vendors=VENDORS))


def refusal(answer: httpx.Response) -> int:
    """The status of an error, whose envelope must be the documented one (sheet 4.7)."""
    body = answer.json()
    assert set(body) == {"result", "details", "errorDetails"}
    assert (body["result"], body["details"]) == ("ERROR", None)
    assert set(body["errorDetails"]) == {"errorCode", "errorMsg"}
    assert body["errorDetails"]["errorCode"] == answer.status_code
    assert body["errorDetails"]["errorMsg"]
    return answer.status_code


# The profile and the keys


def test_the_profile_has_both_keys_and_a_base_that_ends_in_rest(control: Control) -> None:
    assert set(control.profile) == {
        "provider",
        "public_key",
        "private_key",
        "base_url",
        "time_zone",
    }
    assert control.profile["base_url"].endswith("/take-control/rest")
    assert control.profile["time_zone"] == "UTC"


@pytest.mark.parametrize("which", ["public_key", "expired_key", "wrong", None])
def test_history_is_for_the_private_key(control: Control, which: str | None) -> None:
    key = getattr(control.world.sim.vendors["take-control"], which or "", which)
    answer = control.ask("GET", "/session/history", key, {"vars": ["COMPUTER_NAME"]})
    assert refusal(answer) == 403


@pytest.mark.parametrize("which", ["private_key", "expired_key", "wrong", None])
def test_creating_is_for_the_public_key(control: Control, which: str | None) -> None:
    before = control.rows()
    key = getattr(control.world.sim.vendors["take-control"], which or "", which)
    assert refusal(control.ask("POST", "/session", key, {})) == 403
    assert control.rows() == before


def test_a_key_in_another_header_is_no_key(control: Control) -> None:
    url = control.profile["base_url"] + "/session"
    headers = {"Authorization": f"Bearer {control.profile['public_key']}"}
    assert refusal(httpx.post(url, headers=headers, trust_env=False)) == 403


def test_a_key_can_expire_while_it_is_used(control: Control) -> None:
    vendor: Any = control.world.sim.vendors["take-control"]
    assert control.create().status_code == 200
    vendor.keys[vendor.public_key] = "expired"
    assert refusal(control.create()) == 403


def test_other_paths_and_methods(control: Control) -> None:
    private, public = control.profile["private_key"], control.profile["public_key"]
    assert refusal(control.ask("GET", "/session/queue", private)) == 404
    assert refusal(control.ask("GET", "/session/queue", "wrong")) == 403
    assert refusal(control.ask("GET", "/session", public)) == 405
    assert refusal(control.ask("DELETE", "/session", public)) == 405
    assert refusal(control.ask("POST", "/session/history", private, {"vars": ["ID"]})) == 405


# The body of a history request


@pytest.mark.parametrize(
    "body",
    [
        None,
        b"",
        b"vars=ID",
        b"[]",
        b'"ID"',
        b"[" * 100_000,
        {},
        {"vars": []},
        {"vars": "COMPUTER_NAME"},
        {"vars": ["COMPUTER_NAME", "SHOE_SIZE"]},
        {"vars": ["computer_name"]},
        {"vars": [7]},
        {"vars": ["ID"], "filters": []},
        {"vars": ["ID"], "filters": {"FILTER_SHOE_SIZE": 43}},
        {"vars": ["ID"], "filters": {"FILTER_ID": "many"}},
        {"vars": ["ID"], "filters": {"FILTER_ID": True}},
        {"vars": ["ID"], "filters": {"FILTER_ID": "4100007"}},
        {"vars": ["ID"], "filters": {"FILTER_DATE_START_INI": "2026-03-03T00:00:00Z"}},
        {"vars": ["ID"], "filters": {"FILTER_DATE_START_END": "2026-02-30 00:00:00"}},
        {"vars": ["ID"], "filters": {"FILTER_DATE_START_END": 20260303}},
        {"vars": ["ID"], "filters": {"FILTER_CUSTOMER_NAME": 7}},
        {"vars": ["ID"], "filters": {"FILTER_START_METHOD": "SOME"}},
        {"vars": ["ID"], "filters": {"FILTER_PROCESSED": "WAITING"}},
        {"vars": ["ID"], "filters": {"FILTER_PROCESSED": []}},
        {"vars": ["ID"], "filters": {"FILTER_HAS_VIDEOS": "TRUE"}},
    ],
)
def test_a_missing_or_bad_body_is_400(control: Control, body: object) -> None:
    assert refusal(control.history(body)) == 400


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_does_not_say_it_is_json_is_400(control: Control, kind: str | None) -> None:
    def told(kind: str | None) -> list[int]:
        private, public = control.profile["private_key"], control.profile["public_key"]
        history = control.ask("GET", "/session/history", private, {"vars": ["ID"]}, kind)
        return [
            one.status_code for one in (history, control.ask("POST", "/session", public, {}, kind))
        ]

    assert told(kind) == [400, 400]
    assert told("application/json; charset=utf-8") == [200, 200]


def test_the_body_of_a_get_is_as_long_as_it_says(control: Control) -> None:
    """Two requests on one connection: what follows the first body must be the second request."""
    url = urlsplit(control.profile["base_url"])
    body = b'{"vars": ["ID"]}'
    request = (
        f"GET {url.path}/session/history HTTP/1.1\r\nHost: {url.netloc}\r\n"
        f"INTEGRATION-KEY: {control.profile['private_key']}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    ).encode()
    with socket.create_connection((url.hostname, url.port), timeout=10) as wire:
        wire.sendall(request + b"\r\n" + body + request + b"Connection: close\r\n\r\n" + body)
        with wire.makefile("rb") as stream:
            got = stream.read()
    assert got.count(b"HTTP/1.1 200 OK") == 2
    assert got.count(b'"result":"SUCCESS"') == 2


# Vars


def test_a_record_has_the_wanted_vars_and_no_others(control: Control) -> None:
    for row in control.rows():
        assert set(row) == {name.lower() for name in ALL_VARS}
    for row in control.rows("TECH_NAME", "DATE_START"):
        assert list(row) == ["tech_name", "date_start"]


def test_records_are_sessions_in_every_state(control: Control) -> None:
    rows = control.rows()
    assert len({row["id"] for row in rows}) == len(rows) > 40
    answered = [row for row in rows if row["tech_username"]]
    running = [row for row in answered if not row["date_end"]]
    waiting = [row for row in rows if not row["tech_username"] and not row["date_end"]]
    given_up = [row for row in rows if not row["tech_username"] and row["date_end"]]
    assert min(len(running), len(waiting), len(given_up)) >= 1
    for row in rows:
        assert isinstance(row["id"], int)
        assert row["custom_field_name"] == "Department"
        assert bool(row["tech_name"]) == bool(row["tech_username"])
        for name in ("computer_name", "computer_domain", "computer_os", "customer_name"):
            assert row[name], name
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row["date_start"])
        assert row["date_end"] == "" or row["date_end"] >= row["date_start"]
        assert not (row["has_videos"] and not row["date_end"])
        assert row["has_videos"] == ("https://" in row["video_links"])
    assert all(not row["notes"] for row in running + waiting + given_up)
    assert any(row["notes"] for row in answered)
    assert all("<message>" in row["chat_info"] for row in answered)
    assert all(row["chat_info"] == "<chat></chat>" for row in waiting + given_up)
    assert [row["date_start"] for row in rows] == sorted(row["date_start"] for row in rows)


def test_all_dates_of_a_session_are_in_order(control: Control) -> None:
    for row in control.rows(FILTER_PROCESSED="ANSWERED"):
        dates = re.findall(r"<date>(.*?)</date>", row["chat_info"])
        assert dates == sorted(dates)
        assert dates[0] >= row["date_start"]
        assert not row["date_end"] or dates[-1] <= row["date_end"]


# Filters


def test_dates_are_exclusive_at_both_ends(control: Control) -> None:
    rows = control.rows()
    first, last = rows[10]["date_start"], rows[30]["date_start"]
    found = control.rows(FILTER_DATE_START_INI=first, FILTER_DATE_START_END=last)
    assert found == [row for row in rows if first < row["date_start"] < last]
    assert 10 < len(found) < 20
    day = last[:10]
    assert control.rows(FILTER_DATE_START_INI=day) == [
        row for row in rows if row["date_start"] > f"{day} 00:00:00"
    ]


@pytest.mark.parametrize(
    ("name", "var"),
    [
        ("FILTER_CUSTOMER_NAME", "customer_name"),
        ("FILTER_CUSTOMER_EMAIL", "customer_email"),
        ("FILTER_COMPUTER_NAME", "computer_name"),
        ("FILTER_TECH_USERNAME", "tech_username"),
        ("FILTER_ID", "id"),
        ("FILTER_HAS_VIDEOS", "has_videos"),
    ],
)
def test_a_filter_selects_by_its_var(control: Control, name: str, var: str) -> None:
    rows = control.rows()
    value = next(row[var] for row in reversed(rows) if row[var])
    found = control.rows(**{name: value})
    assert found == [row for row in rows if row[var] == value]
    assert 0 < len(found) < len(rows)


def test_filters_add_up(control: Control) -> None:
    rows = control.rows()
    assert control.rows(FILTER_START_METHOD="ALL", FILTER_PROCESSED="ALL") == rows
    answered = control.rows(FILTER_PROCESSED="ANSWERED")
    assert answered == [row for row in rows if row["tech_username"]]
    both = control.rows(FILTER_PROCESSED="ANSWERED", FILTER_HAS_VIDEOS=False)
    assert both == [row for row in answered if not row["has_videos"]]
    assert control.rows(FILTER_ID=1) == []


# Creating


def test_creating_answers_200_and_no_id(control: Control) -> None:
    before = control.rows("ID")
    answer = control.create({"customer_name": "Zoë Pike"})
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"result", "details"}
    assert set(body["details"]) == {"nrequests", "requests"}
    (request,) = body["details"]["requests"]
    assert set(request) == {"computer_name", "computer_domain", "tech_username", "waiting_time"}
    assert len(control.rows("ID")) == len(before) + 1


def test_all_that_is_said_of_a_session_is_in_its_record(control: Control) -> None:
    technician = "priya.raman@helpdesk.example.com"
    body = {
        "department_id": "id_103",
        "technician_username": technician,
        "language": "fr",
        "customer_name": "Zoë Pike",
        "customer_email": "zoe@example.com",
        "customer_number": "d4f%d$3",
        "problem_description": "Unable to access network drive",
        "ask_customer_info": 1,
        "show_waiting_queue": 0,
        "colour": "unknown fields are ignored",
    }
    assert control.create(body).json()["details"]["requests"][0]["tech_username"] == technician
    (row,) = control.rows(FILTER_CUSTOMER_NAME="Zoë Pike")
    for name in ("customer_email", "customer_number", "problem_description"):
        assert row[name] == body[name]
    assert row["custom_field_value"] == "Field service"
    assert row["date_start"] == "2026-03-03 14:30:00"
    assert row["tech_username"] == ""
    control.world.sim.desk.join(str(row["id"]))
    assert control.row(row["id"])["tech_username"] == technician


def test_nothing_has_to_be_said(control: Control) -> None:
    for body in (None, b"{}"):
        assert control.create(body).json()["result"] == "SUCCESS"
    row = control.rows()[-1]
    assert row["customer_name"]
    assert (row["customer_email"], row["customer_number"]) == ("", "")
    assert row["problem_description"] == ""


@pytest.mark.parametrize(
    "body",
    [
        b"customer_name=Zoe",
        b"[]",
        {"customer_name": "n" * 129},
        {"customer_email": "n" * 65},
        {"customer_number": "n" * 33},
        {"problem_description": "n" * 1025},
        {"customer_name": 7},
        {"customer_name": None},
        {"technician_username": "priya.raman"},
        {"department_id": None},
        {"department_id": "first line"},
        {"department_id": True},
        {"department_id": 1.5},
        {"ask_customer_info": "yes"},
        {"show_waiting_queue": 2},
        {"ask_customer_info": True},
    ],
)
def test_bad_fields_are_400_and_make_nothing(control: Control, body: object) -> None:
    before = control.rows("ID")
    assert refusal(control.create(body)) == 400
    assert control.rows("ID") == before


def test_the_longest_fields_are_taken(control: Control) -> None:
    lengths = {
        "customer_name": 128,
        "customer_email": 64,
        "customer_number": 32,
        "problem_description": 1024,
    }
    body: Row = {name: "n" * length for name, length in lengths.items()}
    assert control.create(body | {"department_id": 101}).status_code == 200
