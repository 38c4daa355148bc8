"""Starting Remote Support sessions and registering partner systems; nothing else can be written."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.simulator.conftest import Start, World
from tests.vendor_documents import document

SCREEN = {"sessionType": "SCREEN_SHARING"}
LINK = {
    "systemName": "CRM",
    "systemDomain": "crm.example.com",
    "userEmail": "priya.raman@helpdesk.example.com",
    "userToken": "partner-secret",
    "callbackURL": "https://crm.example.com/hook",
}


def vendor(world: World) -> Any:
    return world.sim.vendors["goto-remote-support"]


def create(world: World, **fields: object) -> httpx.Response:
    return world.remote.post("/sessions", json=SCREEN | fields)


def token_of(answer: httpx.Response) -> str:
    """The token in a launch URL."""
    assert answer.status_code == 200, answer.text
    url = urlsplit(str(answer.json()["startScreenSharing"]["launchUrl"]))
    assert (url.scheme, url.path) == ("https", "/launch.html")
    return parse_qs(url.query)["token"][0]


def fetch(world: World, name: str) -> dict[str, Any]:
    answer = world.remote.get(f"/sessions/{name}")
    assert answer.status_code == 200, answer.text
    row: dict[str, Any] = answer.json()
    return row


def ids(world: World) -> set[str]:
    return {row["sessionId"] for row in world.remote_sessions()}


def refusal(answer: httpx.Response) -> tuple[int, str]:
    assert set(answer.json()) == {"int_err_code", "msg"}
    return answer.status_code, answer.json()["int_err_code"]


def test_a_created_session_is_a_url_and_has_no_id_until_it_is_started(world: World) -> None:
    before = ids(world)
    token = token_of(create(world, customerName="Zoë Pike", customerEmail="zoe@example.com"))
    assert token.startswith("e0-")
    row = fetch(world, token)
    assert row["status"] == "notStarted"
    assert (row["customerName"], row["customerEmail"]) == ("Zoë Pike", "zoe@example.com")
    assert not {"sessionId", "startedAt", "customerJoinedAt"} & set(row)
    assert ids(world) == before
    world.hand.pass_by(seconds=30)
    name = vendor(world).public_id(token)
    assert world.remote.get(f"/sessions/{name}").status_code == 404
    world.sim.desk.begin(name)
    row = fetch(world, token)
    assert (row["sessionId"], row["status"]) == (name, "waiting")
    assert row["startedAt"] == "2026-03-03T14:30:30Z"
    assert ids(world) == before | {name}
    world.sim.desk.join(name)
    assert fetch(world, name)["status"] == "active"
    world.sim.desk.end(name)
    assert fetch(world, token)["status"] == "complete"


@pytest.mark.parametrize("place", ["nested", "top", "launch-url"])
def test_where_the_token_stands(start: Start, place: str) -> None:
    world = start(sessions=0, play={"goto-session-token": place})
    answer = create(world)
    body, token = answer.json(), token_of(answer)
    assert body["startScreenSharing"].get("sessionToken") == (token if place == "nested" else None)
    assert body.get("sessionToken") == (token if place == "top" else None)
    assert fetch(world, token)["status"] == "notStarted"


def test_only_what_was_said_is_answered(world: World) -> None:
    bare = fetch(world, token_of(create(world)))
    told = {"partnerObject", "partnerObjectUrl", "customerName", "customerEmail"}
    assert not told & set(bare)
    url = "https://tickets.example.com/77"
    given = fetch(world, token_of(create(world, partnerObject="77", partnerObjectUrl=url)))
    assert (given["partnerObject"], given["partnerObjectUrl"]) == (77, url)
    words = fetch(world, token_of(create(world, partnerObject="INC-7")))
    assert words["partnerObject"] == "INC-7"


def test_a_customer_without_a_name_has_one_when_they_join(world: World) -> None:
    token = token_of(create(world))
    name = vendor(world).public_id(token)
    world.sim.desk.begin(name)
    assert "customerName" not in fetch(world, name)
    world.sim.desk.join(name)
    assert fetch(world, name)["customerName"]


def test_a_session_on_a_machine_that_nobody_sits_at(start: Start) -> None:
    world = start(sessions=200)
    rows = [fetch(world, name) for name in sorted(ids(world))]
    known = next(row for row in rows if "unattendedMachineUuid" in row)
    uuid = known["unattendedMachineUuid"]
    token = token_of(create(world, machineUuid=uuid))
    row = fetch(world, token)
    assert row["unattendedMachineUuid"] == uuid
    assert row["unattendedMachineName"] == known["unattendedMachineName"]
    assert "customerJoinUrl" not in row
    world.sim.desk.begin(vendor(world).public_id(token))
    assert fetch(world, token)["status"] == "active"
    assert refusal(create(world, machineUuid="0" * 32)) == (404, "NotFound")


@pytest.mark.parametrize("kind", ["SCREEN_SHARING", "screen_sharing"])
def test_both_spellings_of_the_type_are_taken(world: World, kind: str) -> None:
    assert create(world, sessionType=kind).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"sessionType=SCREEN_SHARING",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"sessionType": "WEB_CHAT"}',
        b'{"sessionType": 1}',
        b'{"sessionType": "SCREEN_SHARING", "customerName": 7}',
        b'{"sessionType": "SCREEN_SHARING", "customerName": null}',
        b'{"sessionType": "SCREEN_SHARING", "partnerObject": true}',
        b'{"sessionType": "SCREEN_SHARING", "partnerObject": 7559966}',
    ],
)
def test_bad_bodies_are_400_and_make_nothing(world: World, body: bytes) -> None:
    count = len(world.sim.desk)
    headers = {"Content-Type": "application/json"}
    answer = world.remote.post("/sessions", content=body, headers=headers)
    assert refusal(answer) == (400, "InvalidRequest")
    assert len(world.sim.desk) == count


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_body_that_does_not_say_it_is_json_is_400(world: World, kind: str | None) -> None:
    headers = {} if kind is None else {"Content-Type": kind}
    for path, body in (("/sessions", SCREEN), ("/systemLinks", LINK)):
        answer = world.remote.post(path, content=json.dumps(body), headers=headers)
        assert refusal(answer) == (400, "InvalidRequest")
        said = headers | {"Content-Type": "application/json; charset=utf-8"}
        assert world.remote.post(path, content=json.dumps(body), headers=said).is_success


def test_writing_needs_a_good_token(world: World) -> None:
    for path in ("/sessions", "/systemLinks"):
        url = world.goto["base_url"] + path
        assert refusal(httpx.post(url, json=SCREEN, trust_env=False)) == (403, "InvalidToken")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_405(world: World, method: str) -> None:
    for path in ("/sessions", "/sessions/SS-87001", "/systemLinks"):
        assert refusal(world.remote.request(method, path)) == (405, "MethodNotAllowed")
    assert refusal(world.remote.post("/sessions/SS-87001")) == (405, "MethodNotAllowed")


def test_experts_open_their_links_when_the_desk_is_busy(start: Start) -> None:
    world = start(sessions=20, rate=120.0)
    tokens = [token_of(create(world)) for _ in range(3)]
    world.hand.pass_by(minutes=5)
    assert {fetch(world, token)["status"] for token in tokens} <= {
        "waiting",
        "active",
        "complete",
        "abandoned",
    }


def test_the_same_writes_make_the_same_desk(start: Start) -> None:
    seen = []
    for _ in range(2):
        world = start(sessions=20, rate=60.0)
        create(world, customerName="Zoë")
        world.hand.pass_by(minutes=20)
        seen.append(json.dumps(world.remote_sessions()))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("kind", ["short-body", "cut-json"])
def test_a_fault_in_the_answer_hits_after_the_write(world: World, kind: str) -> None:
    count = len(world.sim.desk)
    world.sim.play("fault", f"goto-remote-support:{kind}")
    with pytest.raises((httpx.TransportError, ValueError)):
        create(world).json()
    assert len(world.sim.desk) == count + 1


def test_hostile_and_odd_desks_can_be_written_to(start: Start) -> None:
    world = start(sessions=20, play={"text": "hostile", "rows": "odd"})
    for _ in range(10):
        fetch(world, token_of(create(world, customerName="Zoë")))


# Partner systems


def links(world: World, domain: str = "crm.example.com") -> list[dict[str, Any]]:
    answer = world.remote.get("/systemLinks", params={"systemDomain": domain})
    found: list[dict[str, Any]] = answer.json()
    return found


def test_a_link_is_added_and_a_second_call_replaces_it(world: World) -> None:
    before = links(world)
    new = LINK | {"userEmail": "new@helpdesk.example.com"}
    answer = world.remote.post("/systemLinks", json=new | {"supportedCallbacks": {}})
    assert (answer.status_code, answer.content) == (200, b"")
    assert links(world) == [*before, new]
    changed = new | {"callbackURL": "https://crm.example.com/other"}
    assert world.remote.post("/systemLinks", json=changed).status_code == 200
    assert links(world) == [*before, changed]
    assert links(world, "other.example.com") == []


def test_a_link_that_the_account_came_with_can_be_replaced(world: World) -> None:
    assert world.remote.post("/systemLinks", json=LINK).status_code == 200
    assert LINK in links(world)
    assert len(links(world)) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"callbackURL": "crm.example.com/hook"},
        {"callbackURL": "ftp://crm.example.com/"},
        {"callbackURL": "https://[crm/"},
        {"callbackURL": 7},
        {"systemDomain": None},
        {"userToken": ""},
        {"supportedCallbacks": {"createObject": "yes"}},
        {"supportedCallbacks": []},
    ],
)
def test_bad_links_are_400(world: World, change: dict[str, object]) -> None:
    before = links(world)
    assert refusal(world.remote.post("/systemLinks", json=LINK | change)) == (400, "InvalidRequest")
    assert links(world) == before


def test_answers_have_the_fields_of_the_specification(world: World) -> None:
    schemas = document("goto_remote_support.json")["components"]["schemas"]
    answer = create(world).json()
    assert set(answer) <= set(schemas["CreateSessionResponse"]["properties"])
    inner = schemas["CreateSessionResponse"]["properties"]["startScreenSharing"]["properties"]
    assert set(answer["startScreenSharing"]) == set(inner)
    asked = dict.fromkeys(schemas["CreateSession"]["properties"], "x")
    del asked["machineUuid"]
    row = fetch(world, token_of(world.remote.post("/sessions", json=asked | SCREEN)))
    assert set(row) <= set(schemas["Session"]["properties"])
