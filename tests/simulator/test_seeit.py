"""Seeit as documented: tokens, the paged list, creation, details over time, and refusals."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.simulator.annex import Annex, Begin, beginning
from tests.vendor_documents import document

begin = beginning(
    "goto-seeit", lambda profile: {"Authorization": f"Bearer {profile['access_token']}"}
)
REQUIRED = {"uuid", "supportKey", "sessionStatus", "sessionCreateTime"}
DATA = {
    "sessionDataStatus", "sessionDataSize", "sessionDataPhotoCount", "sessionDataPhotoNotesCount",
}  # fmt: skip
ZIP = {"sessionDataDownloadUrl", "sessionDataDownloadUrlExpiration"}
HOUR = 3_600_000


@pytest.fixture
def annex(begin: Begin) -> Annex:
    """60 sessions at rest."""
    return begin()


def page(annex: Annex, **query: Any) -> dict[str, Any]:
    answer = annex.client.get("/sessions", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def rows(annex: Annex, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page(annex, **{"size": 1000, **query})["content"]
    return found


def details(annex: Annex, uuid: str) -> dict[str, Any]:
    answer = annex.client.get(f"/sessions/{uuid}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def now(annex: Annex) -> int:
    return int(annex.hand.moment.timestamp() * 1000)


# Tokens


@pytest.mark.parametrize("scheme", ["Bearer ", "OAuth oauth_token="])
def test_both_schemes_get_in(annex: Annex, scheme: str) -> None:
    one = annex.stranger(Authorization=scheme + annex.profile["access_token"])
    assert one.get("/sessions").status_code == 200


@pytest.mark.parametrize("form", [None, "Bearer wrong", "Basic {good}", "Bearer  {good}"])
def test_a_missing_or_wrong_token_is_403_invalid_token(annex: Annex, form: str | None) -> None:
    good = annex.profile["access_token"]
    one = annex.stranger(**({} if form is None else {"Authorization": form.format(good=good)}))
    for method, path in (("GET", "/sessions"), ("POST", "/sessions"), ("GET", "/sessions/x")):
        answer = one.request(method, path)
        assert answer.status_code == 403
        assert answer.headers["x-amzn-errortype"] == "UnauthorizedException"
        assert answer.json() == {"int_err_code": "InvalidToken", "msg": "Invalid token passed"}


def test_expired_seatless_and_roleless_tokens(annex: Annex) -> None:
    vendor = annex.vendor
    for token, status, code in (
        (vendor.expired_token, 403, "InvalidToken"),
        (vendor.seatless_token, 401, "NoSeat"),
        (vendor.roleless_token, 403, "AccessDenied"),
    ):
        answer = annex.stranger(Authorization=f"Bearer {token}").get("/sessions")
        assert (answer.status_code, answer.json()["int_err_code"]) == (status, code)


def test_ten_requests_a_second(begin: Begin) -> None:
    annex = begin(play={"rate-limits": "on"})
    answers = [annex.client.get("/sessions").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    annex.hand.pass_by(seconds=1)
    assert annex.client.get("/sessions").status_code == 200


# The specification


def test_every_field_of_the_specification_is_given(begin: Begin) -> None:
    known = document("goto_seeit.json")["definitions"]
    annex = begin(sessions=600)
    made = annex.client.post("/sessions").json()
    assert set(made) == set(known["Session"]["required"])
    seen = {name for row in rows(annex) for name in row}
    assert seen == set(known["SessionDetails"]["properties"])


# The list


def test_defaults_of_the_list(annex: Annex) -> None:
    found = page(annex)
    assert found["page"] == {"size": 5, "number": 0, "totalElements": 60, "totalPages": 12}
    times = [row["sessionCreateTime"] for row in rows(annex)]
    assert times == sorted(times)
    assert found["content"] == rows(annex)[:5]
    assert page(annex, page=0, size=5, sort="sessionCreateTime") == found | {
        "links": page(annex, page=0, size=5, sort="sessionCreateTime")["links"]
    }


def test_links_lead_through_all_pages(annex: Annex) -> None:
    query = {"size": 7, "sort": "sessionCreateTime,desc", "startTime": now(annex) - 20 * HOUR}
    wanted = rows(annex, **{**query, "size": 1000})
    found, url, pages = [], "/sessions", []
    params: dict[str, Any] | None = query
    while url:
        answer = annex.client.get(url, params=params).json()
        links = {link["rel"]: link["href"] for link in answer["links"]}
        found += answer["content"]
        pages.append(set(links))
        url, params = links.get("next", ""), None
    assert found == wanted
    assert pages[0] == {"self", "next"}
    assert pages[-1] == {"self", "prev"}
    assert set().union(*pages[1:-1]) == {"self", "next", "prev"}


def test_past_the_end_and_nothing_at_all(annex: Annex, begin: Begin) -> None:
    past = page(annex, page=12)
    assert past["content"] == []
    assert past["page"]["number"] == 12
    empty = page(begin(sessions=0))
    assert empty["content"] == []
    assert empty["page"] == {"size": 5, "number": 0, "totalElements": 0, "totalPages": 0}
    assert [link["rel"] for link in empty["links"]] == ["self"]


def test_every_field_sorts(annex: Annex) -> None:
    fields = document("goto_seeit.json")["definitions"]["SessionDetails"]["properties"]
    names = {row["uuid"] for row in rows(annex)}
    for field in fields:
        for way in ("", ",asc", ",desc"):
            found = rows(annex, sort=field + way)
            assert {row["uuid"] for row in found} == names
            values = [row[field] for row in found if field in row]
            assert values == sorted(values, reverse=way == ",desc")
            lack = [field not in row for row in found]
            assert lack == sorted(lack, reverse=way != ",desc")


def test_the_window_is_the_time_of_creation(annex: Annex) -> None:
    every = rows(annex)
    start, end = every[20]["sessionCreateTime"], every[40]["sessionCreateTime"]
    assert rows(annex, startTime=start, endTime=end) == every[20:41]
    assert rows(annex, startTime=start) == every[20:]
    assert rows(annex, endTime=end) == every[:41]
    assert rows(annex, startTime=end, endTime=start) == []


@pytest.mark.parametrize(
    "query",
    [
        {"page": "-1"},
        {"page": "x"},
        {"size": "0"},
        {"size": "5.0"},
        {"startTime": "2026-03-03"},
        {"endTime": "9" * 19 + "9"},
        {"sort": "created"},
        {"sort": "uuid,down"},
        {"sort": "uuid,"},
        {"sort": ""},
    ],
)
def test_bad_queries(annex: Annex, query: dict[str, str]) -> None:
    assert annex.client.get("/sessions", params=query).status_code == 400


# Create and get


def test_a_new_session_answers_409_first(annex: Annex) -> None:
    answer = annex.client.post("/sessions")
    made = answer.json()
    assert answer.status_code == 201
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", made["uuid"]
    )
    assert re.fullmatch(r"\d{3}-\d{3}-\d{3}", made["supportKey"])
    assert annex.client.get(f"/sessions/{made['uuid']}").status_code == 409
    assert made["uuid"] not in {row["uuid"] for row in rows(annex)}
    born = now(annex)
    annex.hand.pass_by(seconds=2)
    row = details(annex, made["uuid"])
    assert row == made | {"sessionStatus": "CREATED", "sessionCreateTime": born}
    assert rows(annex)[-1] == row


@pytest.mark.parametrize("uuid", ["x", "3f0c9c2e-8f0e-4a55-9a33-0f6b6f1f7a10", "-", "%00"])
def test_an_unknown_session_is_404(annex: Annex, uuid: str) -> None:
    assert annex.client.get(f"/sessions/{uuid}").status_code == 404


def test_there_is_nothing_else(annex: Annex) -> None:
    uuid = rows(annex)[0]["uuid"]
    for method in ("DELETE", "PUT", "PATCH", "POST"):
        assert annex.client.request(method, f"/sessions/{uuid}").status_code == 405
    assert annex.client.get(f"/sessions/{uuid}/notes").status_code == 404


def test_a_session_goes_its_way(annex: Annex) -> None:
    desk, hand = annex.sim.desk, annex.hand
    uuid = desk.add_session("camera", planned=True)
    begun = now(annex)
    assert set(details(annex, uuid)) == REQUIRED | {"startUrl"}
    hand.pass_by(seconds=10)
    desk.begin(uuid)
    row = details(annex, uuid)
    assert (row["sessionStatus"], row["sessionStartTime"] - begun) == ("STARTED", 10_000)
    assert row["technicianEmail"].endswith("@helpdesk.example.com")
    hand.pass_by(seconds=10)
    desk.join(uuid)
    desk.say(uuid, "Filter replaced", by="agent")
    row = details(annex, uuid)
    assert (row["sessionStatus"], row["sessionJoinTime"] - begun) == ("JOINED", 20_000)
    assert (row["sessionNotes"], row["sessionDataStatus"]) == ("Filter replaced", "NO_DATA")
    hand.pass_by(seconds=10)
    desk.end(uuid)
    row = details(annex, uuid)
    assert (row["sessionStatus"], row["sessionEndTime"] - begun) == ("FINISHED", 30_000)
    assert row["sessionDataStatus"] == "PROCESSING"
    assert "startUrl" not in row


def test_session_data_vanishes_and_then_all_of_it(annex: Annex) -> None:
    desk, hand = annex.sim.desk, annex.hand
    uuid = desk.add_session("camera")
    desk.join(uuid)
    wing: Any = desk.wing("camera")
    wing.shoot(wing.sessions[-1], note=True)
    desk.end(uuid)
    end = now(annex)
    assert not ZIP & set(details(annex, uuid))
    hand.pass_by(seconds=90)
    row = details(annex, uuid)
    assert set(row) >= DATA | ZIP
    assert row["sessionDataStatus"] == "AVAILABLE"
    assert (row["sessionDataPhotoCount"], row["sessionDataPhotoNotesCount"]) == (1, 1)
    assert row["sessionDataDownloadUrlExpiration"] == end + 72 * HOUR
    assert row["sessionDataSize"] > 1000
    hand.moment += timedelta(hours=72) - timedelta(seconds=91)
    assert details(annex, uuid) == row
    hand.pass_by(seconds=1)
    assert not (DATA | ZIP) & set(details(annex, uuid))
    hand.pass_by(days=87, seconds=-1)
    assert details(annex, uuid)["sessionStatus"] == "FINISHED"
    hand.pass_by(seconds=1)
    assert annex.client.get(f"/sessions/{uuid}").status_code == 404
    assert rows(annex) == [row for row in rows(annex) if "sessionEndTime" not in row]


def test_never_joined(annex: Annex) -> None:
    uuid = annex.sim.desk.add_session("camera")
    annex.sim.desk.abandon(uuid)
    row = details(annex, uuid)
    assert row["sessionStatus"] == "FINISHED"
    assert "sessionJoinTime" not in row


def test_notes_are_cut_and_support_keys_come_again(begin: Begin) -> None:
    found = rows(begin(sessions=1000))
    lengths = [len(row.get("sessionNotes", "")) for row in found]
    assert max(lengths) == 1000
    assert 0 < lengths.count(1000) < len(found) / 4
    assert len({row["uuid"] for row in found}) == len(found)
    assert 50 < len({row["supportKey"] for row in found}) < len(found)


def test_a_day_goes_by(begin: Begin) -> None:
    annex = begin(rate=40.0)
    order = ["CREATED", "STARTED", "JOINED", "FINISHED"]
    before: dict[str, int] = {}
    for _ in range(24):
        live = 0
        for row in rows(annex):
            step = order.index(row["sessionStatus"])
            assert before.get(row["uuid"], 0) <= step
            before[row["uuid"]] = step
            live += step < 3
        assert 3 <= live <= 60
        annex.hand.pass_by(minutes=5)
    assert len(before) > 80


def test_the_same_seed_is_the_same_day(begin: Begin) -> None:
    days = []
    for visits in (1, 7):
        annex = begin(rate=60.0)
        for _ in range(visits):
            annex.hand.pass_by(minutes=42 / visits)
            page(annex)
        days.append(rows(annex))
    assert days[0] == days[1]
    assert days[0] != rows(begin(seed=6))
