"""Remote Support as documented: tokens, windows, ids, transcripts, links, and refusals."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.simulator.conftest import Start, World

ALWAYS = {"sessionId", "sessionType", "status", "accountKey", "sessionStartToken", "startedAt"}
OPTIONAL = {
    "customerJoinUrl", "partnerObject", "partnerObjectUrl", "customerJoinedAt", "endedAt",
    "expertName", "expertEmail", "expertUserKey", "customerName", "customerEmail",
    "sessionRecordingUrl",
}  # fmt: skip
BY_ID = {
    "accountName", "unattendedMachineName", "unattendedMachineUuid", "notes", "collaborators",
}  # fmt: skip


def vendor(world: World) -> Any:
    return world.sim.vendors["goto-remote-support"]


def ask(world: World, authorization: str | None, path: str = "/systemLinks") -> httpx.Response:
    headers = {} if authorization is None else {"Authorization": authorization}
    url = f"{world.goto['base_url']}{path}?systemDomain=crm.example.com"
    return httpx.get(url, headers=headers, trust_env=False)


# Tokens


@pytest.mark.parametrize("scheme", ["Bearer ", "OAuth oauth_token="])
def test_both_documented_schemes_get_in(world: World, scheme: str) -> None:
    assert ask(world, scheme + world.goto["access_token"]).status_code == 200


@pytest.mark.parametrize("form", [None, "Bearer wrong", "{good}", "Basic {good}", "Bearer  {good}"])
@pytest.mark.parametrize("path", ["/systemLinks", "/nowhere"])
def test_a_missing_or_wrong_token_is_403_invalid_token(
    world: World, form: str | None, path: str
) -> None:
    given = None if form is None else form.format(good=world.goto["access_token"])
    answer = ask(world, given, path)
    assert answer.status_code == 403
    assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"
    assert answer.json() == {"int_err_code": "InvalidToken", "msg": "Invalid token passed"}


def test_expired_seatless_and_roleless_tokens(world: World) -> None:
    one = vendor(world)
    expired = ask(world, f"Bearer {one.expired_token}")
    assert (expired.status_code, expired.json()["int_err_code"]) == (403, "InvalidToken")
    assert ask(world, f"Bearer {one.seatless_token}").status_code == 401
    roleless = ask(world, f"Bearer {one.roleless_token}")
    assert roleless.status_code == 403
    assert roleless.json()["int_err_code"] != "InvalidToken"


def test_a_token_can_expire_while_it_is_used(world: World) -> None:
    assert ask(world, f"Bearer {world.goto['access_token']}").status_code == 200
    vendor(world).tokens[world.goto["access_token"]] = "expired"
    assert ask(world, f"Bearer {world.goto['access_token']}").status_code == 403


# Lists


def test_the_list_has_screen_sharing_only_and_absent_fields_are_absent(world: World) -> None:
    given = {"sessionType": "SCREEN_SHARING", **world.window()}
    answer = world.remote.get("/sessions", params=given)
    assert set(answer.json()) == {"totalNumSessions", "sessions"}
    rows = answer.json()["sessions"]
    assert answer.json()["totalNumSessions"] == len(rows) > 10
    for row in rows:
        assert ALWAYS <= set(row) <= ALWAYS | OPTIONAL
        assert None not in row.values()
        assert row["sessionType"] == "screen_sharing"
        assert re.fullmatch(r"SS-\d+", row["sessionId"])
        assert isinstance(row["sessionStartToken"], int)
        for name in ("startedAt", "customerJoinedAt", "endedAt"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row.get(name, row["startedAt"]))
        assert ("endedAt" in row) == (row["status"] in ("complete", "abandoned"))
    assert {row["status"] for row in rows} >= {"waiting", "active", "complete"}


def test_both_spellings_of_the_type_are_taken(world: World) -> None:
    assert world.remote_sessions() == world.remote_sessions(sessionType="screen_sharing")


@pytest.mark.parametrize(
    "change",
    [
        {"sessionType": None},
        {"sessionType": "WEB_CHAT"},
        {"fromTime": None},
        {"toTime": None},
        {"fromTime": "2026-03-01T00:00:00.000Z"},
        {"fromTime": "2026-03-01T00:00:00+00:00"},
        {"fromTime": "2026-03-01"},
        {"fromTime": "2026-02-30T00:00:00Z"},
        {"toTime": "1760000000"},
        {"toTime": "2020-01-01T00:00:00Z"},
    ],
)
def test_bad_or_missing_parameters_are_400(world: World, change: dict[str, str | None]) -> None:
    given = {"sessionType": "SCREEN_SHARING", **world.window()} | change
    answer = world.remote.get(
        "/sessions", params={name: value for name, value in given.items() if value is not None}
    )
    assert answer.status_code == 400
    assert set(answer.json()) == {"int_err_code", "msg"}


def test_the_window_selects_by_start(world: World) -> None:
    rows = world.remote_sessions()
    recent = world.remote_sessions(**world.window(days=1 / 24))
    edge = world.window(days=1 / 24)
    assert [r for r in rows if edge["fromTime"] <= r["startedAt"] <= edge["toTime"]] == recent
    assert 0 < len(recent) < len(rows)


def test_there_is_no_paging(start: Start) -> None:
    world = start(sessions=4000)
    rows = world.remote_sessions(limit="5", page="2", offset="10")
    assert len(rows) > 1000


def test_extended_sessions_need_no_type_and_hold_web_chats(world: World) -> None:
    rows = world.remote.get("/extendedsessions", params=world.window()).json()["sessions"]
    kinds = {row["sessionType"] for row in rows}
    assert kinds == {"screen_sharing", "web_chat"}
    assert [r for r in rows if r["sessionType"] == "screen_sharing"] == world.remote_sessions()
    assert len({row["sessionId"] for row in rows}) == len(rows)
    assert world.remote.get("/extendedsessions").status_code == 400


def test_sessions_are_kept_for_thirty_days(world: World) -> None:
    row = next(r for r in world.remote_sessions() if r["status"] == "complete")
    end = world.hand.moment
    world.hand.pass_by(days=31)
    assert world.remote.get(f"/sessions/{row['sessionId']}").status_code == 404
    old = world.remote_sessions(**world.window(until=end))
    assert {r["status"] for r in old} <= {"waiting", "active"}


# One session


def test_a_session_by_id_and_by_token(world: World) -> None:
    for row in world.remote_sessions():
        by_id = world.remote.get(f"/sessions/{row['sessionId']}").json()
        token = vendor(world).session_token(row["sessionId"])
        assert world.remote.get(f"/sessions/{token}").json() == by_id
        assert "sessionStartToken" not in by_id
        assert set(by_id) <= (ALWAYS | OPTIONAL | BY_ID) - {"sessionStartToken"}
        assert {k: v for k, v in row.items() if k in by_id} == {
            k: v for k, v in by_id.items() if k not in BY_ID
        }


def test_unattended_sessions_name_a_machine_and_nobody(start: Start) -> None:
    world = start(sessions=400)
    rows = [
        world.remote.get(f"/sessions/{row['sessionId']}").json()
        for row in world.remote_sessions()
        if "customerName" not in row
    ]
    assert len(rows) > 5
    for row in rows:
        assert {"accountName", "unattendedMachineName", "unattendedMachineUuid"} <= set(row)
        assert not {"customerEmail", "customerJoinUrl", "customerJoinedAt"} & set(row)


def test_notes_grow_with_the_session(world: World) -> None:
    name = world.sim.desk.add_session("screen-sharing")
    assert "notes" not in world.remote.get(f"/sessions/{name}").json()
    world.sim.desk.join(name)
    world.sim.desk.say(name, "Driver replaced", by="agent")
    row = world.remote.get(f"/sessions/{name}").json()
    assert (row["status"], row["notes"]) == ("active", "Driver replaced")


def test_a_session_that_is_not_started_has_a_token_but_no_id(world: World) -> None:
    name = world.sim.desk.add_session("screen-sharing", planned=True)
    token = vendor(world).session_token(name)
    row = world.remote.get(f"/sessions/{token}").json()
    assert row["status"] == "notStarted"
    assert not {"sessionId", "startedAt"} & set(row)
    assert world.remote.get(f"/sessions/{name}").status_code == 404
    assert name not in [r["sessionId"] for r in world.remote_sessions()]
    world.sim.desk.join(name)
    assert world.remote.get(f"/sessions/{token}").json()["sessionId"] == name
    assert name in [r["sessionId"] for r in world.remote_sessions()]


@pytest.mark.parametrize(
    "name", ["SS-1", "SS-99999999", "nothing", "e0-0", "87", "SS-87000/x", "-"]
)
def test_an_unknown_session_is_404(world: World, name: str) -> None:
    assert world.remote.get(f"/sessions/{name}").status_code == 404
    assert world.remote.get(f"/sessions/{name}/events").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_wrong_method_is_405(world: World, method: str) -> None:
    for path in ("/extendedsessions", "/sessions/SS-87000", "/sessions/SS-87000/events"):
        assert world.remote.request(method, path).status_code == 405


# Transcripts


def test_a_transcript_tells_comings_and_words(world: World) -> None:
    desk = world.sim.desk
    name = desk.add_session("web-chat", customer="Ana Núñez", waited=timedelta(minutes=3))
    world.hand.pass_by(seconds=10)
    desk.say(name, "We look into it", by="agent")
    open_answer = world.remote.get(f"/sessions/{name}/events").json()
    assert set(open_answer) == {"sessionId", "startTime", "events"}
    world.hand.pass_by(seconds=10)
    desk.end(name)
    answer = world.remote.get(f"/sessions/{name}/events").json()
    assert answer["sessionId"] == name
    assert (answer["startTime"], answer["endTime"]) == (
        "2026-03-03T14:27:00Z",
        "2026-03-03T14:30:20Z",
    )
    question, joined, word, left = answer["events"]
    assert question["participantName"] == "Ana Núñez"
    assert question["timeStamp"] == "2026-03-03T14:27:00Z"
    agent = joined["participantName"]
    assert joined["content"] == f"{agent} has joined the session"
    assert word == {
        "timeStamp": "2026-03-03T14:30:10Z",
        "content": "We look into it",
        "participantName": agent,
    }
    assert left["content"] == f"{agent} has ended the session"


def test_screen_sharing_has_no_transcript(world: World) -> None:
    row = world.remote_sessions()[-1]
    answer = world.remote.get(f"/sessions/{row['sessionId']}/events")
    assert answer.status_code == 404


# Partner systems


def test_system_links(world: World) -> None:
    links = world.remote.get("/systemLinks", params={"systemDomain": "crm.example.com"}).json()
    assert len(links) == 2
    for link in links:
        assert set(link) == {
            "systemName", "systemDomain", "userEmail", "userToken", "callbackURL",
        }  # fmt: skip
    assert world.remote.get("/systemLinks", params={"systemDomain": "x.example"}).json() == []
    assert world.remote.get("/systemLinks").status_code == 400


# Limits


def test_the_eleventh_request_in_a_second_is_429(start: Start) -> None:
    world = start(sessions=3, play={"rate-limits": "on"})
    paths = ["/systemLinks?systemDomain=x", "/sessions/SS-87000/events"] * 6
    codes = [world.remote.get(path).status_code for path in paths[:11]]
    assert 429 not in codes[:10]
    assert codes[10] == 429
    refused = world.remote.get(paths[0])
    assert refused.status_code == 429
    assert "retry-after" not in refused.headers
    # The other vendor is not concerned.
    assert world.twilio.get("/v1/Services").status_code == 200
    world.hand.pass_by(seconds=1.01)
    assert world.remote.get(paths[0]).status_code == 200
