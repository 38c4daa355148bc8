"""Writing Proxy sessions: create, update, delete, what refuses them, and what faults leave."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.simulator.conftest import Start, World

Fields = list[tuple[str, str]]


def post(world: World, path: str, *fields: tuple[str, str]) -> httpx.Response:
    form = httpx.QueryParams(list(fields))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return world.twilio.post(path, content=str(form), headers=headers)


def create(world: World, *fields: tuple[str, str]) -> httpx.Response:
    return post(world, f"{world.service}/Sessions", *fields)


def made(world: World, *fields: tuple[str, str]) -> dict[str, Any]:
    answer = create(world, *fields)
    assert answer.status_code == 201, answer.text
    row: dict[str, Any] = answer.json()
    return row


def update(world: World, sid: str, *fields: tuple[str, str]) -> httpx.Response:
    return post(world, f"{world.service}/Sessions/{sid}", *fields)


def fetch(world: World, sid: str) -> httpx.Response:
    return world.twilio.get(f"{world.service}/Sessions/{sid}")


def refusal(answer: httpx.Response) -> tuple[int, int]:
    body = answer.json()
    assert set(body) == {"code", "message", "more_info", "status"}
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


def of_status(world: World, status: str) -> str:
    """The SID of a session with that status; an open one is made."""
    if status == "open":
        return str(made(world, ("Participants", '{"Identifier": "+14155550123"}'))["sid"])
    return str(next(row["sid"] for row in world.sessions(PageSize=100) if row["status"] == status))


# Create


def test_an_empty_form_makes_an_open_session_with_the_defaults(world: World) -> None:
    row = made(world)
    listed = world.sessions(PageSize=100)[0]
    assert row == listed == fetch(world, row["sid"]).json()
    assert set(row) == set(world.sessions(PageSize=100)[-1])
    assert row["status"] == "open"
    assert row["mode"] == "voice-and-message"
    assert row["ttl"] == 0
    assert row["date_created"] == row["date_updated"] == "2026-03-03T14:30:00Z"
    for name in ("unique_name", "date_started", "date_ended", "date_expiry", "closed_reason"):
        assert row[name] is None, name
    assert world.twilio.get(row["links"]["participants"]).json()["participants"] == []
    assert world.twilio.get(row["links"]["interactions"]).json()["interactions"] == []


def test_all_fields_arrive(world: World) -> None:
    row = made(
        world,
        ("UniqueName", "Order #1234 – Zoë"),
        ("Ttl", "3600"),
        ("DateExpiry", "2026-03-04T10:00:00Z"),
        ("Mode", "message-only"),
        ("Status", "open"),
        ("Participants", json.dumps({"Identifier": "+14155550123", "FriendlyName": "Zoë Pike"})),
        ("Participants", json.dumps({"Identifier": "+14155550124", "ProxyIdentifier": "+1628"})),
        ("Colour", "unknown fields are ignored"),
    )
    assert (row["unique_name"], row["ttl"], row["mode"]) == (
        "Order #1234 – Zoë",
        3600,
        "message-only",
    )
    assert row["date_expiry"] == "2026-03-04T10:00:00Z"
    both = world.twilio.get(row["links"]["participants"]).json()["participants"]
    assert {(one["identifier"], one["friendly_name"]) for one in both} == {
        ("+14155550123", "Zoë Pike"),
        ("+14155550124", None),
    }
    assert "+1628" in {one["proxy_identifier"] for one in both}
    assert all(one["proxy_identifier"] for one in both)
    by_name = world.twilio.get(f"{world.service}/Sessions/Order %231234 – Zoë")
    assert by_name.json() == row


def test_json_is_no_form(world: World) -> None:
    answer = world.twilio.post(f"{world.service}/Sessions", json={"UniqueName": "nobody reads it"})
    assert answer.status_code == 201
    assert answer.json()["unique_name"] is None


@pytest.mark.parametrize(
    ("field", "code"),
    [
        (("UniqueName", "n" * 192), 80701),
        (("Ttl", "0"), 80701),
        (("Ttl", "2147483647"), 80701),
        (("Ttl", "-5"), 80701),
        (("Ttl", "1.5"), 80701),
        (("Ttl", ""), 80701),
        (("Mode", "video"), 80701),
        (("Status", "paused"), 80701),
        (("Status", "failed"), 80608),
        (("DateExpiry", "2026-03-03T14:29:59Z"), 80701),
        (("DateExpiry", "2026-03-03"), 80701),
        (("DateExpiry", "tomorrow"), 80701),
        (("DateExpiry", "0001-01-01T00:00:00+14:00"), 80701),
        (("Participants", "+14155550123"), 80701),
        (("Participants", "[]"), 80701),
        (("Participants", '{"FriendlyName": "no identifier"}'), 80404),
        (("Participants", '{"Identifier": "+1", "FriendlyName": 7}'), 80701),
        (("Participants", '{"Identifier": "+1", "ProxyIdentifierSid": "PN1"}'), 80701),
    ],
)
def test_bad_fields_are_400_and_make_nothing(
    world: World, field: tuple[str, str], code: int
) -> None:
    before = world.sessions(PageSize=100)
    assert refusal(create(world, field)) == (400, code)
    assert world.sessions(PageSize=100) == before


def test_limits_are_inclusive_and_a_bare_date_is_a_date(world: World) -> None:
    row = made(
        world, ("UniqueName", "n" * 191), ("Ttl", "2147483646"), ("DateExpiry", "2026-03-04")
    )
    assert row["date_expiry"] == "2026-03-04T00:00:00Z"
    assert len(row["unique_name"]) == 191
    offset = made(world, ("DateExpiry", "2026-03-04T00:00:00+02:00"))
    assert offset["date_expiry"] == "2026-03-03T22:00:00Z"


def test_two_participants_are_the_most(world: World) -> None:
    some = [("Participants", json.dumps({"Identifier": f"+1415555012{n}"})) for n in range(3)]
    assert refusal(create(world, *some)) == (400, 80609)
    assert refusal(create(world, some[0], some[0])) == (400, 80612)
    assert create(world, *some[:2]).status_code == 201


def test_a_unique_name_is_unique_in_its_service_until_deleted(world: World) -> None:
    name = ("UniqueName", "Order #1234")
    first = made(world, name)
    assert refusal(create(world, name)) == (400, 80603)
    services = world.twilio.get("/v1/Services").json()["services"]
    other = next(one for one in services if one["sid"] != world.proxy["service_sid"])
    answer = post(world, f"/v1/Services/{other['sid']}/Sessions", name)
    assert answer.status_code == 201
    assert answer.json()["service_sid"] == other["sid"]
    assert update(world, first["sid"], ("Status", "closed")).status_code == 200
    assert refusal(create(world, name)) == (400, 80603)
    assert world.twilio.delete(f"{world.service}/Sessions/{first['sid']}").status_code == 204
    again = made(world, name)
    assert again["sid"] != first["sid"]


@pytest.mark.parametrize("text", ["plain", "hostile"])
def test_names_of_the_first_day_are_taken_too(start: Start, text: str) -> None:
    world = start(sessions=60, play={"text": text})
    named = [row for row in world.sessions(PageSize=100) if row["unique_name"]]
    for row in named[:9]:
        sent = ("UniqueName", row["unique_name"])
        if "\ud800" not in row["unique_name"]:
            assert refusal(create(world, sent)) == (400, 80603)
            world.twilio.delete(f"{world.service}/Sessions/{row['sid']}")
            assert create(world, sent).status_code == 201


@pytest.mark.parametrize(("status", "ended"), [("in-progress", False), ("closed", True)])
def test_a_session_can_be_created_in_another_status(world: World, status: str, ended: bool) -> None:
    row = made(world, ("Status", status))
    assert row["status"] == status
    assert (row["date_ended"] is not None) == ended
    assert row["closed_reason"] == ("api" if ended else None)


def test_a_created_session_lives_on_at_the_desk(world: World) -> None:
    who = {"Identifier": "+14155550123", "FriendlyName": "Zoë Pike"}
    sid = made(world, ("Participants", json.dumps(who)))["sid"]
    world.sim.desk.say(sid, "hello?")
    row = fetch(world, sid).json()
    assert row["status"] == "in-progress"
    lines = world.twilio.get(row["links"]["interactions"]).json()["interactions"]
    assert json.loads(lines[0]["data"]) == {"body": "hello?"}
    customer = world.twilio.get(row["links"]["participants"]).json()["participants"][0]
    assert lines[0]["inbound_participant_sid"] == customer["sid"]


def test_a_ttl_ends_a_created_session(world: World) -> None:
    sid = made(world, ("Ttl", "600"))["sid"]
    world.hand.pass_by(seconds=599)
    assert fetch(world, sid).json()["status"] == "open"
    world.hand.pass_by(seconds=2)
    row = fetch(world, sid).json()
    assert (row["status"], row["date_ended"]) == ("closed", "2026-03-03T14:40:00Z")
    assert update(world, sid, ("Status", "in-progress")).status_code == 200
    world.hand.pass_by(seconds=599)
    assert fetch(world, sid).json()["status"] == "in-progress"


# Update


@pytest.mark.parametrize("status", ["open", "in-progress"])
def test_closing_a_live_session(world: World, status: str) -> None:
    sid = of_status(world, status)
    answer = update(world, sid, ("Status", "closed"))
    assert answer.status_code == 200
    row = answer.json()
    assert (row["status"], row["closed_reason"]) == ("closed", "api")
    assert row["date_ended"] == row["date_updated"] == "2026-03-03T14:30:00Z"
    assert row == fetch(world, sid).json()
    assert world.twilio.get(row["links"]["participants"]).json()["participants"]


def test_opening_a_closed_session_again(world: World) -> None:
    sid = of_status(world, "closed")
    world.hand.pass_by(seconds=5)
    row = update(world, sid, ("Ttl", "3600"), ("Status", "in-progress")).json()
    assert (row["status"], row["ttl"]) == ("in-progress", 3600)
    assert row["date_ended"] is None
    assert row["closed_reason"] is None
    assert row["date_updated"] == "2026-03-03T14:30:05Z"
    world.sim.desk.say(sid, "one more thing")
    assert update(world, sid, ("Status", "closed")).json()["status"] == "closed"


@pytest.mark.parametrize(
    ("now", "wanted", "code"),
    [
        ("open", "in-progress", 80608),
        ("open", "open", 80608),
        ("in-progress", "in-progress", 80608),
        ("in-progress", "failed", 80608),
        ("in-progress", "paused", 80701),
        ("closed", "closed", 80608),
        ("closed", "open", 80608),
    ],
)
def test_transitions_that_are_refused(world: World, now: str, wanted: str, code: int) -> None:
    sid = of_status(world, now)
    before = fetch(world, sid).json()
    assert refusal(update(world, sid, ("Status", wanted), ("Ttl", "77"))) == (400, code)
    assert fetch(world, sid).json() == before


def test_a_failed_session_stays_so(world: World) -> None:
    rows = [row for row in start_rows(world) if row["status"] == "failed"]
    for row in rows:
        assert refusal(update(world, row["sid"], ("Status", "in-progress"))) == (400, 80608)


def start_rows(world: World) -> list[dict[str, Any]]:
    return [row for page in world.walk(f"{world.service}/Sessions") for row in page]


def test_a_closed_session_takes_no_other_update(world: World) -> None:
    sid = of_status(world, "closed")
    assert refusal(update(world, sid, ("Ttl", "60"))) == (400, 80607)
    assert refusal(update(world, sid)) == (400, 80607)


def test_times_can_be_updated_and_nothing_else(world: World) -> None:
    sid = made(world, ("UniqueName", "first"))["sid"]
    world.hand.pass_by(seconds=9)
    fields = (("Ttl", "120"), ("DateExpiry", "2026-03-05T00:00:00Z"))
    row = update(world, sid, *fields, ("UniqueName", "second"), ("Mode", "voice-only")).json()
    assert (row["ttl"], row["date_expiry"]) == (120, "2026-03-05T00:00:00Z")
    assert (row["unique_name"], row["mode"]) == ("first", "voice-and-message")
    assert row["date_updated"] == "2026-03-03T14:30:09Z"
    world.hand.pass_by(seconds=9)
    assert update(world, sid).json() == row


def test_a_past_expiry_is_refused_or_ends_the_session(world: World) -> None:
    sid, past = made(world)["sid"], ("DateExpiry", "2026-03-03T14:00:00Z")
    assert refusal(update(world, sid, past)) == (400, 80701)
    world.sim.play("twilio-past-expiry", "taken")
    assert update(world, sid, past).json()["status"] == "closed"
    assert refusal(create(world, past)) == (400, 80701)


def test_two_active_sessions_with_the_same_numbers(world: World) -> None:
    who = {"Identifier": "+14155550123", "ProxyIdentifier": "+16285550100"}
    fields = (("Participants", json.dumps(who)), ("FailOnParticipantConflict", "true"))
    first = made(world, *fields)["sid"]
    assert refusal(create(world, *fields)) == (400, 80604)
    second = made(world, fields[0])["sid"]
    for sid in (first, second):
        assert update(world, sid, ("Status", "closed")).status_code == 200
    again = ("Status", "in-progress")
    assert update(world, first, again, fields[1]).status_code == 200
    assert refusal(update(world, second, again, fields[1])) == (400, 80604)
    assert update(world, second, again).status_code == 200


# Delete, and paths


def test_a_deleted_session_is_gone_with_all_that_belongs_to_it(world: World) -> None:
    sid = of_status(world, "in-progress")
    links = fetch(world, sid).json()["links"]
    answer = world.twilio.delete(f"{world.service}/Sessions/{sid}")
    assert (answer.status_code, answer.content) == (204, b"")
    for url in (f"{world.service}/Sessions/{sid}", *links.values()):
        assert refusal(world.twilio.get(url)) == (404, 20404)
    assert sid not in {row["sid"] for row in start_rows(world)}
    assert refusal(update(world, sid, ("Ttl", "60"))) == (404, 20404)
    assert refusal(world.twilio.delete(f"{world.service}/Sessions/{sid}")) == (404, 20404)
    with pytest.raises(ValueError, match="no session"):
        world.sim.desk.say(sid, "anybody there?")


def test_post_and_delete_want_a_sid(world: World) -> None:
    made(world, ("UniqueName", "by-name"))
    assert fetch(world, "by-name").status_code == 200
    for name in ("by-name", "KC12", "KC" + "g" * 32):
        assert refusal(update(world, name, ("Ttl", "60"))) == (400, 80409)
        assert refusal(world.twilio.delete(f"{world.service}/Sessions/{name}")) == (400, 80409)
    assert refusal(update(world, "KC" + "0" * 32, ("Ttl", "60"))) == (404, 20404)
    assert refusal(post(world, f"/v1/Services/KS{'0' * 32}/Sessions")) == (404, 20404)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_other_methods_are_405(world: World, method: str) -> None:
    sid = of_status(world, "open")
    paths = ("/Sessions", f"/Sessions/{sid}", f"/Sessions/{sid}/Participants")
    for path in paths:
        assert refusal(world.twilio.request(method, world.service + path)) == (405, 20004)
    assert refusal(world.twilio.delete(f"{world.service}/Sessions")) == (405, 20004)
    assert refusal(post(world, f"{world.service}{paths[2]}")) == (405, 20004)


def test_writing_is_for_those_who_are_signed_in(world: World) -> None:
    stranger = world.client(world.proxy["base_url"], auth=("AC" + "0" * 32, "wrong"))
    sid = of_status(world, "open")
    assert refusal(stranger.post(f"{world.service}/Sessions")) == (401, 20003)
    assert refusal(stranger.delete(f"{world.service}/Sessions/{sid}")) == (401, 20003)
    assert fetch(world, sid).status_code == 200


def test_writing_is_limited_by_endpoint(start: Start) -> None:
    world = start(sessions=0, play={"rate-limits": "on"})
    answers = [create(world).status_code for _ in range(151)]
    assert answers == [201] * 150 + [429]
    assert len(world.sessions(PageSize=100)) == 100
