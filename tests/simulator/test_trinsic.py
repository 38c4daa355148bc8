"""Trinsic Connect as documented: headers, the four operations, a check's life, and refusals."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from tests.simulator.annex import Annex, Begin, beginning
from tests.vendor_documents import document

LIST = {"orderBy": "Created", "orderDirection": "Descending"}
CREATE = {"verifications": [{"type": "GovernmentId"}]}
OPTIONS = (
    "idNumber", "givenName", "familyName", "address", "dateOfBirth", "country", "issueDate",
    "expirationDate",
)  # fmt: skip
TERMINAL = ("IdvSuccess", "IdvFailed")
begin = beginning(
    "trinsic-connect",
    lambda profile: {
        "Authorization": f"Bearer {profile['api_key']}",
        "TrinsicAuthorization": f"Bearer {profile['api_key']}",
    },
)


@pytest.fixture
def annex(begin: Begin) -> Annex:
    """60 checks at rest."""
    return begin()


def listed(annex: Annex, **body: Any) -> dict[str, Any]:
    answer = annex.client.post("/v1/sessions/list", json=LIST | body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def everything(annex: Annex, **body: Any) -> list[dict[str, Any]]:
    """The rows of all pages."""
    rows: list[dict[str, Any]] = []
    page = {"more": True}
    number = 0
    while page["more"]:
        number += 1
        page = listed(annex, page=number, **body)
        rows += page["sessions"]  # type: ignore[arg-type]
    return rows


def fetched(annex: Annex, name: str) -> dict[str, Any]:
    answer = annex.client.get("/v1/sessions/get", params={"sessionId": name})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["session"]
    return found


def canceled(annex: Annex, name: str) -> httpx.Response:
    return annex.client.post("/v1/sessions/cancel", params={"sessionId": name})


def created(annex: Annex, body: Any = CREATE) -> dict[str, Any]:
    answer = annex.client.post("/v1/sessions", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["session"]
    return found


def only(row: dict[str, Any]) -> dict[str, Any]:
    """The one verification of a row."""
    ((name, found),) = row["verifications"].items()
    assert found["id"] == name
    return dict(found)


# Headers


def test_both_headers_are_needed(annex: Annex) -> None:
    good = f"Bearer {annex.profile['api_key']}"
    both = {"Authorization": good, "TrinsicAuthorization": good}
    for path in ("/v1/sessions", "/v1/sessions/list", "/v1/sessions/cancel"):
        first = annex.stranger(TrinsicAuthorization=good).post(path, json=LIST)
        assert (first.status_code, set(first.json())) == (401, {"message"})
        second = annex.stranger(Authorization=good).post(path, json=LIST)
        assert second.status_code == 400
        assert second.json()[0]["memberNames"] == ["TrinsicAuthorization"]
    empty = annex.stranger(**(both | {"TrinsicAuthorization": ""}))
    assert empty.post("/v1/sessions/list", json=LIST).status_code == 200


@pytest.mark.parametrize("given", ["Bearer wrong", "Bearer", "", "Basic {key}", "{key}"])
def test_a_wrong_key_is_401(annex: Annex, given: str) -> None:
    value = given.format(key=annex.profile["api_key"])
    one = annex.stranger(Authorization=value, TrinsicAuthorization=value)
    answer = one.get("/v1/sessions/get?sessionId=nothing")
    assert (answer.status_code, set(answer.json())) == (401, {"message"})


def test_revoked_and_roleless_keys(annex: Annex) -> None:
    for key, status in ((annex.vendor.revoked_key, 401), (annex.vendor.roleless_key, 403)):
        one = annex.stranger(Authorization=f"Bearer {key}", TrinsicAuthorization="")
        answer = one.post("/v1/sessions/list", json=LIST)
        assert answer.status_code == status
        assert bool(answer.content) == (status == 401)


# The specification


def test_every_field_and_state_of_the_specification_is_given(begin: Begin) -> None:
    known = document("trinsic_connect.json")["components"]["schemas"]
    annex = begin(sessions=600)
    rows = everything(annex)
    assert {row["state"] for row in rows} == set(known["IDVSessionState"]["enum"])
    codes = {row["failCode"] for row in rows}
    assert codes == set(known["SessionFailCode"]["enum"])
    for row in rows:
        assert set(row) == set(known["Session"]["properties"])
    assert set(listed(annex)) == set(known["ListSessionsResponseV1"]["properties"])


# Create


def test_a_new_session(annex: Annex) -> None:
    before = listed(annex)["total"]
    row = created(annex)
    assert re.fullmatch(
        r"urn:trinsic:idvsession:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", row["id"]
    )
    assert (row["state"], row["failCode"], row["resultVp"]) == (
        "IdvCreated",
        "SessionFailNone",
        None,
    )
    assert row["created"] == row["updated"] == int(annex.hand.moment.timestamp())
    verification = only(row)
    assert verification == {
        "id": verification["id"],
        "type": "GovernmentId",
        "state": "VerificationPending",
        "failCode": "VerificationFailNone",
        "reused": False,
        "updated": 0,
    }
    assert fetched(annex, row["id"]) == row
    assert listed(annex)["sessions"][0] == row
    assert listed(annex)["total"] == before + 1


@pytest.mark.parametrize("chosen", [[], ["givenName"], ["address", "country"], list(OPTIONS)])
def test_the_eight_options(annex: Annex, chosen: list[str]) -> None:
    options = dict.fromkeys(chosen, True) | {"idNumber": "idNumber" in chosen}
    wanted = {"type": "GovernmentId", "governmentIdOptions": options}
    row = created(annex, {"verifications": [wanted]})
    assert only(row)["governmentIdOptions"] == {name: name in chosen for name in OPTIONS}
    annex.sim.desk.join(row["id"])
    annex.sim.desk.end(row["id"])
    data = only(fetched(annex, row["id"]))["normalizedGovernmentIdData"]
    assert set(data) == set(OPTIONS)
    assert {name for name, value in data.items() if value is not None} == set(chosen)


@pytest.mark.parametrize("body", [None, {}, {"verifications": None}, {"verifications": []}])
def test_a_body_may_be_missing(annex: Annex, body: Any) -> None:
    given = {} if body is None else {"json": body}
    row = annex.client.post("/v1/sessions", **given).json()["session"]
    assert only(row)["type"] == "GovernmentId"


@pytest.mark.parametrize(
    ("body", "member"),
    [
        ({"verifications": {}}, "Verifications"),
        ({"verifications": [{}, {}]}, "Verifications"),
        ({"verifications": [{}]}, "Verifications[0].Type"),
        ({"verifications": [{"type": "Passport"}]}, "Verifications[0].Type"),
        ({"verification": []}, "$"),
        ([], "$"),
        (
            {"verifications": [{"type": "GovernmentId", "governmentIdOptions": {"givenName": 1}}]},
            "Verifications[0].GovernmentIdOptions.GivenName",
        ),
        (
            {"verifications": [{"type": "GovernmentId", "governmentIdOptions": {"name": True}}]},
            "Verifications[0].GovernmentIdOptions",
        ),
    ],
)
def test_a_bad_request_is_an_array(annex: Annex, body: Any, member: str) -> None:
    answer = annex.client.post("/v1/sessions", json=body)
    assert answer.status_code == 400
    (fault,) = answer.json()
    assert set(fault) == {"memberNames", "errorMessage"}
    assert fault["memberNames"] == [member]


def test_a_body_must_be_json(annex: Annex) -> None:
    post = annex.client.post
    cut = post("/v1/sessions", content=b"{", headers={"content-type": "application/json"})
    assert (cut.status_code, cut.json()[0]["memberNames"]) == (400, ["$"])
    assert post("/v1/sessions", data={"verifications": "x"}).status_code == 415
    for kind in ("text/json", "application/merge+json", "application/json; charset=utf-8"):
        assert post("/v1/sessions", content=b"{}", headers={"content-type": kind}).is_success


# List


def test_pages_hold_ten_at_most_and_count_from_one(annex: Annex) -> None:
    first = listed(annex)
    assert (first["total"], first["more"], len(first["sessions"])) == (60, True, 10)
    assert listed(annex, page=1, pageSize=10) == first
    last = listed(annex, page=6)
    assert (last["more"], len(last["sessions"])) == (False, 10)
    assert listed(annex, page=15, pageSize=4)["more"] is False
    names = [row["id"] for row in everything(annex, pageSize=7)]
    assert len(names) == len(set(names)) == 60


@pytest.mark.parametrize("direction", ["Ascending", "Descending"])
def test_orders(annex: Annex, direction: str) -> None:
    down = direction == "Descending"
    states = list(
        document("trinsic_connect.json")["components"]["schemas"]["IDVSessionState"]["enum"]
    )
    keys: dict[str, Any] = {
        "Created": lambda row: row["created"],
        "Updated": lambda row: row["updated"],
        "State": lambda row: states.index(row["state"]),
    }
    for name, key in keys.items():
        found = [key(row) for row in everything(annex, orderBy=name, orderDirection=direction)]
        assert found == sorted(found, reverse=down)
        assert len(set(found)) > 4


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ({"orderBy": None}, "OrderBy"),
        ({"orderBy": "created"}, "OrderBy"),
        ({"orderDirection": None}, "OrderDirection"),
        ({"orderDirection": "Down"}, "OrderDirection"),
        ({"pageSize": 0}, "PageSize"),
        ({"pageSize": 11}, "PageSize"),
        ({"pageSize": "10"}, "PageSize"),
        ({"page": 0}, "Page"),
        ({"page": 2**31}, "Page"),
        ({"page": True}, "Page"),
        ({"state": "IdvCreated"}, "$"),
    ],
)
def test_bad_lists(annex: Annex, change: dict[str, Any], member: str) -> None:
    answer = annex.client.post("/v1/sessions/list", json=LIST | change)
    assert answer.status_code == 400
    assert answer.json()[0]["memberNames"] == [member]
    assert annex.client.post("/v1/sessions/list").status_code == 400


# Get and cancel


@pytest.mark.parametrize(
    "name", [None, "", "abcd", "x" * 101, "nothing", "urn:trinsic:idvsession:"]
)
@pytest.mark.parametrize("path", ["get", "cancel"])
def test_an_id_that_is_none(annex: Annex, name: str | None, path: str) -> None:
    params = {} if name is None else {"sessionId": name}
    method = "GET" if path == "get" else "POST"
    answer = annex.client.request(method, f"/v1/sessions/{path}", params=params)
    assert (answer.status_code, answer.json()[0]["memberNames"]) == (400, ["SessionId"])


def test_cancel_ends_what_is_not_over_and_refuses_the_rest(annex: Annex) -> None:
    annex.hand.pass_by(seconds=30)
    seen = set()
    for row in everything(annex):
        answer = canceled(annex, row["id"])
        seen.add(row["state"])
        if row["state"] in TERMINAL:
            assert answer.status_code == 400
            assert fetched(annex, row["id"]) == row
        else:
            after = answer.json()["session"]
            assert (after["state"], after["failCode"]) == ("IdvFailed", "SessionFailRpcCanceled")
            assert after["updated"] == int(annex.hand.moment.timestamp()) > row["updated"]
            assert fetched(annex, row["id"]) == after
    assert len(seen) == 6


def test_there_is_nothing_else(annex: Annex) -> None:
    for method, path in (("GET", "/v1/sessions"), ("POST", "/v1/sessions/get")):
        assert annex.client.request(method, path).status_code == 405
    for path in ("/v1/sessions/create", "/api/v1/sessions", "/"):
        assert annex.client.get(path).status_code == 404


# Life


def test_results_come_with_success_only(begin: Begin) -> None:
    seen = set()
    for row in everything(begin(sessions=600)):
        passed = row["state"] == "IdvSuccess"
        verification = only(row)
        seen.add((verification["state"], verification["failCode"]))
        assert (row["resultVp"] is not None) == passed
        assert ("normalizedGovernmentIdData" in verification) == passed
        assert (verification["state"] == "VerificationSuccess") == passed
        assert passed or not verification["reused"]
        assert row["created"] <= row["updated"]
        begun = row["state"] in ("IdvInProgress", "IdvSuccess")
        assert bool(verification["updated"]) or not begun
        if row["failCode"] in ("SessionFailExpired", "SessionFailAuthentication"):
            assert verification["updated"] == 0
        if passed:
            credential = json.loads(row["resultVp"])["verifiableCredential"][0]
            data = verification["normalizedGovernmentIdData"]
            assert credential["credentialSubject"].get("number") == data["idNumber"]
    assert ("VerificationPending", "VerificationFailInvalidImage") in seen
    assert ("VerificationFailed", "VerificationFailInauthentic") in seen


def test_a_check_goes_its_way(annex: Annex) -> None:
    desk = annex.sim.desk
    name = desk.add_session("identity", planned=True)
    assert fetched(annex, name)["state"] == "IdvCreated"
    annex.hand.pass_by(seconds=5)
    desk.begin(name)
    assert fetched(annex, name)["state"] == "IdvInitiated"
    annex.hand.pass_by(seconds=5)
    desk.join(name)
    row = fetched(annex, name)
    assert row["state"] == "IdvInProgress"
    assert only(row)["updated"] > 0
    annex.hand.pass_by(seconds=5)
    desk.end(name)
    row = fetched(annex, name)
    assert (row["state"], row["updated"] - row["created"]) == ("IdvSuccess", 15)


def test_a_customer_who_gives_up(annex: Annex) -> None:
    name = annex.sim.desk.add_session("identity")
    annex.sim.desk.abandon(name)
    assert fetched(annex, name)["failCode"] == "SessionFailUserCanceled"


def test_a_day_goes_by(begin: Begin) -> None:
    annex = begin(rate=40.0)
    order = {"IdvCreated": 0, "IdvInitiated": 1, "IdvAuthenticating": 2, "IdvInProgress": 3}
    before: dict[str, int] = {}
    seen: set[str] = set()
    for _ in range(24):
        rows = everything(annex)
        for row in rows:
            step = order.get(row["state"], 4)
            assert before.get(row["id"], 0) <= step
            before[row["id"]] = step
            seen.add(row["failCode"])
        live = sum(row["state"] not in TERMINAL for row in rows)
        assert 3 <= live <= 45
        annex.hand.pass_by(minutes=5)
    assert len(before) > 80
    assert len(seen) >= 5


def test_the_same_seed_is_the_same_day(begin: Begin) -> None:
    days = []
    for visits in (1, 7):
        annex = begin(rate=60.0)
        for _ in range(visits):
            annex.hand.pass_by(minutes=42 / visits)
            listed(annex)
        days.append(everything(annex))
    assert days[0] == days[1]
    assert days[0] != everything(begin(seed=6))


def test_no_limit_is_known(begin: Begin) -> None:
    annex = begin(play={"rate-limits": "on"})
    assert {annex.client.post("/v1/sessions/list", json=LIST).status_code for _ in range(60)} == {
        200
    }
