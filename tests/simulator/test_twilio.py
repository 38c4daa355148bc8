"""Proxy as documented: who gets in, what is listed, page by page, and what is refused."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.simulator.conftest import Start, World

SESSION_FIELDS = {
    "sid", "service_sid", "account_sid", "date_started", "date_ended", "date_last_interaction",
    "date_expiry", "unique_name", "status", "closed_reason", "ttl", "mode", "date_created",
    "date_updated", "url", "links",
}  # fmt: skip


def one_with(world: World, status: str) -> dict[str, Any]:
    return next(row for row in world.sessions(PageSize=100) if row["status"] == status)


# Signing in


def test_the_account_and_its_key_get_in(world: World) -> None:
    account = world.sim.vendors["twilio-proxy"].account  # type: ignore[attr-defined]
    for user, password in ((account.sid, account.token), (account.key, account.secret)):
        with httpx.Client(auth=(user, password), trust_env=False) as client:
            answer = client.get(world.proxy["base_url"] + "/v1/Services")
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "Authenticate"),
        ({"Authorization": "Bearer x"}, "Authenticate"),
        ({"Authorization": "Basic not-base64"}, "Authenticate"),
        ({"Authorization": "Basic /w=="}, "Authenticate"),
        ({"Authorization": "Basic QUM6eA=="}, "Authentication Error - invalid username"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/Services", "/v1/Nowhere", "/v2"])
def test_others_get_401_whatever_they_ask_for(
    world: World, headers: dict[str, str], message: str, path: str
) -> None:
    answer = httpx.get(world.proxy["base_url"] + path, headers=headers, trust_env=False)
    assert answer.status_code == 401
    assert answer.json() == {
        "code": 20003,
        "message": message,
        "more_info": "https://www.twilio.com/docs/errors/20003",
        "status": 401,
    }
    assert "www-authenticate" in answer.headers


def test_a_wrong_token_of_the_right_account_is_refused(world: World) -> None:
    auth = (world.proxy["account_sid"], "wrong")
    url = world.proxy["base_url"] + "/v1/Services"
    assert httpx.get(url, auth=auth, trust_env=False).status_code == 401


# Errors


@pytest.mark.parametrize(
    "path",
    ["", "/Services/KS71", "/Services/KS71/Sessions", "/Services/KS71/Sessions/KC1", "/Nowhere"],
)
def test_404_names_the_path_without_the_version(world: World, path: str) -> None:
    answer = world.twilio.get("/v1" + path)
    assert answer.status_code == 404
    assert answer.json() == {
        "code": 20404,
        "message": f"The requested resource {path} was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    }


def test_unknown_session_participant_and_interaction_are_404(world: World) -> None:
    sid = world.sessions()[0]["sid"]
    missing = "0" * 32
    for path in (f"/Sessions/KC{missing}", f"/Sessions/{sid}/Participants/KP{missing}",
                 f"/Sessions/{sid}/Interactions/KI{missing}", f"/Sessions/{sid}/Other",
                 f"/Sessions/KC{missing}/Participants", f"/Sessions/KC{missing}/Interactions"):  # fmt: skip
        answer = world.twilio.get(world.service + path)
        assert (answer.status_code, answer.json()["code"]) == (404, 20404)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_a_method_the_path_does_not_know_is_405(world: World, method: str) -> None:
    answer = world.twilio.request(method, f"{world.service}/Sessions")
    assert answer.status_code == 405
    assert method == "HEAD" or answer.json()["code"] == 20004
    assert world.twilio.get(f"{world.service}/Sessions").status_code == 200


def test_every_answer_has_its_own_request_id_and_the_desks_date(world: World) -> None:
    answers = [world.twilio.get(path) for path in ("/v1/Services", "/v1/Nowhere")]
    ids = {answer.headers["twilio-request-id"] for answer in answers}
    assert len(ids) == 2
    assert all(re.fullmatch("RQ[0-9a-f]{32}", one) for one in ids)
    assert {answer.headers["date"] for answer in answers} == {"Tue, 03 Mar 2026 14:30:00 GMT"}
    assert all(answer.headers["content-type"] == "application/json" for answer in answers)


# Services


def test_services_are_listed_and_fetched(world: World) -> None:
    page = world.twilio.get("/v1/Services").json()
    services = page["services"]
    assert page["meta"]["key"] == "services"
    assert len(services) == 3
    assert world.proxy["service_sid"] in [one["sid"] for one in services]
    for one in services:
        assert world.twilio.get(one["url"]).json() == one
        assert world.twilio.get(f"/v1/Services/{one['unique_name']}").json() == one
        assert world.twilio.get(one["links"]["sessions"]).status_code == 200
    # In the paths of sessions only the SID will do.
    assert world.twilio.get(f"/v1/Services/{services[0]['unique_name']}/Sessions").is_error


def test_a_service_has_only_its_own_sessions(world: World) -> None:
    seen: list[str] = []
    for one in world.twilio.get("/v1/Services").json()["services"]:
        rows = [row for page in world.walk(one["links"]["sessions"]) for row in page]
        assert all(row["service_sid"] == one["sid"] for row in rows)
        seen += [row["sid"] for row in rows]
    assert len(seen) == len(set(seen)) == len(world.sim.desk.sessions("messaging"))  # type: ignore[arg-type]
    other = next(sid for sid in seen if sid not in [r["sid"] for r in world.sessions(PageSize=100)])
    assert world.twilio.get(f"{world.service}/Sessions/{other}").status_code == 404


# Sessions


def test_a_session_has_the_vendors_fields_and_forms(world: World) -> None:
    for row in world.sessions(PageSize=100):
        assert set(row) == SESSION_FIELDS
        assert re.fullmatch("KC[0-9a-f]{32}", row["sid"])
        assert row["account_sid"] == world.proxy["account_sid"]
        assert row["url"] == f"{world.proxy['base_url']}{world.service}/Sessions/{row['sid']}"
        assert row["links"] == {
            "interactions": row["url"] + "/Interactions",
            "participants": row["url"] + "/Participants",
        }
        assert row["mode"] in ("message-only", "voice-and-message")
        for name, value in row.items():
            if name.startswith("date_") and value is not None:
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value)
        assert world.twilio.get(row["url"]).json() == row


def test_what_a_state_leaves_null(world: World) -> None:
    world.sim.desk.add_session("messaging")
    fresh = one_with(world, "open")
    assert [fresh[f"date_{name}"] for name in ("started", "ended", "last_interaction")] == [
        None
    ] * 3
    assert fresh["closed_reason"] is None
    live = one_with(world, "in-progress")
    assert live["date_started"] is not None
    assert live["date_ended"] is None
    closed = one_with(world, "closed")
    assert closed["closed_reason"] == "api"
    assert closed["date_updated"] == closed["date_ended"]


def test_lists_are_newest_first(world: World) -> None:
    created = [row["date_created"] for row in world.sessions(PageSize=100)]
    assert created == sorted(created, reverse=True)


def test_a_session_can_be_fetched_by_its_unique_name(world: World) -> None:
    row = next(row for row in world.sessions() if row["unique_name"])
    answer = world.twilio.get(f"{world.service}/Sessions/{quote(row['unique_name'])}")
    assert answer.json() == row
    assert world.twilio.get(f"{world.service}/Sessions/SUP-99999%20x").status_code == 404


def test_an_expired_session_closes_by_itself(world: World) -> None:
    row = next(
        row for row in world.sessions(PageSize=100)
        if row["status"] == "in-progress" and (row["date_expiry"] or row["ttl"])
    )  # fmt: skip
    world.hand.pass_by(days=8)
    after = world.twilio.get(row["url"]).json()
    assert after["status"] == "closed"
    assert after["date_ended"] == (after["date_expiry"] or after["date_ended"])
    assert after["date_updated"] == after["date_ended"]


def test_sessions_closed_for_90_days_are_gone(world: World) -> None:
    row = one_with(world, "closed")
    world.hand.pass_by(days=92)
    assert world.twilio.get(row["url"]).status_code == 404
    kept = [one["sid"] for page in world.walk(f"{world.service}/Sessions") for one in page]
    assert row["sid"] not in kept
    assert kept


# Participants and interactions


def test_participants_are_the_customer_and_the_agent(world: World) -> None:
    desk = world.sim.desk
    row = one_with(world, "in-progress")
    page = world.twilio.get(row["links"]["participants"]).json()
    assert page["meta"]["key"] == "participants"
    people = page["participants"]
    session = next(s for s in desk.sessions() if desk.public_id(s) == row["sid"])
    names = {desk.stories.customer(session).name, desk.stories.clerk(session).name}
    assert {one["friendly_name"] for one in people} == names
    for one in people:
        assert re.fullmatch(r"\+\d+", one["identifier"])
        assert one["date_deleted"] is None
        assert one["links"] == {"message_interactions": one["url"] + "/MessageInteractions"}
        assert world.twilio.get(one["url"]).json() == one


def test_interactions_say_who_said_what(world: World) -> None:
    name = world.sim.desk.add_session("messaging")
    world.sim.desk.say(name, 'She said "é" \\ 日本', by="customer")
    world.hand.pass_by(seconds=5)
    world.sim.desk.say(name, "Right away", by="agent")
    world.hand.pass_by(seconds=5)
    world.sim.desk.call(name, 312, by="customer")
    base = f"{world.service}/Sessions/{name}"
    rows = world.twilio.get(f"{base}/Interactions").json()["interactions"]
    assert [row["type"] for row in rows] == ["voice", "message", "message"]
    call, answer, question = rows
    assert json.loads(call["data"]) == {"duration": "312"}
    assert json.loads(question["data"]) == {"body": 'She said "é" \\ 日本'}
    people = world.twilio.get(f"{base}/Participants").json()["participants"]
    sids = {one["sid"] for one in people}
    for row in rows:
        assert {row["inbound_participant_sid"], row["outbound_participant_sid"]} == sids
        assert world.twilio.get(row["url"]).json() == row
        assert row["inbound_resource_url"] is None
    assert question["inbound_participant_sid"] == answer["outbound_participant_sid"]
    assert (call["inbound_resource_type"], call["inbound_resource_status"]) == (
        "Call",
        "in-progress",
    )
    assert (question["inbound_resource_type"], question["inbound_resource_status"]) == (
        "Message",
        "delivered",
    )
    assert call["inbound_resource_sid"].startswith("CA")
    assert question["inbound_resource_sid"].startswith("SM")
    assert question["date_created"] == "2026-03-03T14:30:00Z"


def test_interactions_come_in_pages(world: World) -> None:
    name = world.sim.desk.add_session("messaging")
    for number in range(230):
        world.sim.desk.say(name, f"line {number}")
    url = f"{world.service}/Sessions/{name}/Interactions"
    pages = world.walk(f"{url}?PageSize=1000")
    assert [len(page) for page in pages] == [100, 100, 30]
    said = [json.loads(row["data"])["body"] for page in pages for row in page]
    assert said == [f"line {number}" for number in reversed(range(230))]


def test_a_session_that_waits_has_nobody_said_anything(world: World) -> None:
    world.sim.desk.add_session("messaging")
    row = one_with(world, "open")
    assert world.twilio.get(row["links"]["interactions"]).json()["interactions"] == []


def test_a_scenario_is_seen_at_once(world: World) -> None:
    desk = world.sim.desk
    name = desk.add_session("messaging", subject="Router", waited=timedelta(minutes=4))
    url = f"{world.service}/Sessions/{name}"
    row = world.twilio.get(url).json()
    assert row["status"] == "open"
    assert row["date_created"] == "2026-03-03T14:26:00Z"
    desk.say(name, "hello")
    assert world.twilio.get(url).json()["status"] == "in-progress"
    world.hand.pass_by(seconds=30)
    desk.end(name)
    row = world.twilio.get(url).json()
    assert (row["status"], row["date_ended"]) == ("closed", "2026-03-03T14:30:30Z")


# Limits


def test_151_requests_in_five_seconds_are_one_too_many(start: Start) -> None:
    world = start(sessions=3, play={"rate-limits": "on"})
    url = f"{world.service}/Sessions"
    codes = [world.twilio.get(url).status_code for _ in range(151)]
    assert codes == [200] * 150 + [429]
    refused = world.twilio.get(url)
    assert refused.json() == {
        "code": 20429,
        "message": "Too Many Requests",
        "more_info": "https://www.twilio.com/docs/errors/20429",
        "status": 429,
    }
    assert "retry-after" not in refused.headers
    # Another endpoint and another service count for themselves.
    assert world.twilio.get(world.service).status_code == 200
    other = next(
        one for one in world.twilio.get("/v1/Services").json()["services"]
        if one["sid"] != world.proxy["service_sid"]
    )  # fmt: skip
    assert world.twilio.get(other["links"]["sessions"]).status_code == 200
    world.hand.pass_by(seconds=4.9)
    assert world.twilio.get(url).status_code == 429
    world.hand.pass_by(seconds=0.2)
    assert world.twilio.get(url).status_code == 200
