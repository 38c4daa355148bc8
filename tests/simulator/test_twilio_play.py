"""Every reading of the Proxy sheet that can be played."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulator.conftest import Start, World


def interactions(world: World) -> list[dict[str, Any]]:
    row = next(r for r in world.sessions(PageSize=100) if r["date_last_interaction"])
    rows: list[dict[str, Any]] = world.twilio.get(row["links"]["interactions"]).json()[
        "interactions"
    ]
    return rows


def test_order_updated(world: World) -> None:
    name = world.sessions(PageSize=100)[-1]["sid"]
    live = next(r for r in reversed(world.sessions(PageSize=100)) if r["status"] == "in-progress")
    world.sim.play("twilio-order", "updated")
    world.hand.pass_by(minutes=1)
    world.sim.desk.end(live["sid"])
    rows = world.sessions(PageSize=100)
    assert rows[0]["sid"] == live["sid"] != name
    updated = [row["date_updated"] for row in rows]
    assert updated == sorted(updated, reverse=True)
    pages = world.walk(f"{world.service}/Sessions?PageSize=4")
    assert [row for page in pages for row in page] == rows


def test_order_shuffled_is_no_order_but_always_the_same(world: World) -> None:
    created = world.sessions(PageSize=100)
    world.sim.play("twilio-order", "shuffled")
    shuffled = world.sessions(PageSize=100)
    assert shuffled != created
    assert sorted(r["sid"] for r in shuffled) == sorted(r["sid"] for r in created)
    assert world.sessions(PageSize=100) == shuffled
    pages = world.walk(f"{world.service}/Sessions?PageSize=4")
    assert [row for page in pages for row in page] == shuffled


def test_a_token_of_one_order_is_not_good_for_another(world: World) -> None:
    url = world.page(PageSize=3)["meta"]["next_page_url"]
    world.sim.play("twilio-order", "updated")
    assert world.twilio.get(url).json()["code"] == 21481


def test_paging_shifting_repeats_rows_when_sessions_arrive(world: World) -> None:
    world.sim.play("twilio-paging", "shifting")
    page = world.page(PageSize=5)
    world.sim.desk.add_session("messaging")
    after = world.twilio.get(page["meta"]["next_page_url"]).json()
    assert after["sessions"][0] == page["sessions"][-1]
    back = world.twilio.get(after["meta"]["previous_page_url"]).json()
    assert back["sessions"][1:] == page["sessions"][:-1]
    sids = [r["sid"] for p in world.walk(f"{world.service}/Sessions?PageSize=5") for r in p]
    assert sids == [r["sid"] for r in world.sessions(PageSize=100)]


@pytest.mark.parametrize(("value", "said"), [("echo", 1000), ("clamped", 100)])
def test_page_size(start: Start, value: str, said: int) -> None:
    world = start(sessions=300, play={"twilio-page-size": value})
    page = world.page(PageSize=1000)
    assert page["meta"]["page_size"] == said
    assert len(page["sessions"]) == 100
    assert "PageSize=1000" in page["meta"]["next_page_url"]


def test_interaction_data(world: World) -> None:
    assert isinstance(json.loads(interactions(world)[0]["data"]), dict)
    world.sim.play("twilio-interaction-data", "object")
    assert isinstance(interactions(world)[0]["data"], dict)
    world.sim.play("twilio-interaction-data", "null")
    assert {row["data"] for row in interactions(world)} == {None}


def test_case_of_types(world: World) -> None:
    world.sim.play("twilio-resource-type", "lower")
    world.sim.play("twilio-interaction-type", "title")
    row = interactions(world)[0]
    assert row["inbound_resource_type"] == row["outbound_resource_type"] == row["type"].lower()
    assert row["type"] in ("Message", "Voice")


def test_dates_with_milliseconds(world: World) -> None:
    world.sim.play("twilio-dates", "milliseconds")
    rows = world.sessions(PageSize=100)
    dates = [r["date_created"] for r in rows]
    assert all(len(date) == 24 and date.endswith("Z") for date in dates)
    assert any(not date.endswith(".000Z") for date in dates)


def test_updated_by_interaction(world: World) -> None:
    name = world.sim.desk.add_session("messaging")
    world.sim.desk.say(name, "hello")
    world.hand.pass_by(minutes=2)
    world.sim.desk.say(name, "still there?")
    url = f"{world.service}/Sessions/{name}"
    row = world.twilio.get(url).json()
    assert row["date_updated"] == "2026-03-03T14:30:00Z"
    assert row["date_last_interaction"] == "2026-03-03T14:32:00Z"
    world.sim.play("twilio-updated", "interaction")
    assert world.twilio.get(url).json()["date_updated"] == "2026-03-03T14:32:00Z"


@pytest.mark.parametrize(
    ("value", "reason"),
    [("api", "api"), ("empty", ""), ("null", None), ("words", "session expired (ttl)")],
)
def test_closed_reason(world: World, value: str, reason: str | None) -> None:
    world.sim.play("twilio-closed-reason", value)
    rows = world.sessions(PageSize=100)
    assert {r["closed_reason"] for r in rows if r["status"] == "closed"} == {reason}
    assert {r["closed_reason"] for r in rows if r["status"] == "in-progress"} == {None}


def test_unique_names_refused(world: World) -> None:
    name = next(r["unique_name"] for r in world.sessions() if r["unique_name"])
    world.sim.play("twilio-unique-name", "refused")
    assert world.twilio.get(f"{world.service}/Sessions/{name}").status_code == 404


def test_errors_as_problem_details_and_as_a_gateways_page(world: World) -> None:
    world.sim.play("twilio-errors", "rfc9457")
    answer = world.twilio.get("/v1/Nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "https://www.twilio.com/docs/errors/20404",
        "title": "The requested resource /Nowhere was not found",
        "status": 404,
        "code": 20404,
        "detail": "The requested resource /Nowhere was not found",
        "instance": "/Nowhere",
    }
    world.sim.play("twilio-errors", "html")
    answer = world.twilio.get("/v1/Nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("retry", "header"),
    [("none", None), ("seconds", "5"), ("date", "Tue, 03 Mar 2026 14:30:05 GMT")],
)
@pytest.mark.parametrize("code", ["20429", "80621"])
def test_429(start: Start, retry: str, header: str | None, code: str) -> None:
    play = {"rate-limits": "on", "twilio-retry-after": retry, "twilio-rate-code": code}
    world = start(sessions=0, play=play)
    for _ in range(150):
        world.twilio.get(world.service)
    answer = world.twilio.get(world.service)
    assert (answer.status_code, answer.json()["code"]) == (429, int(code))
    assert answer.headers.get("retry-after") == header
    world.sim.play("rate-limits", "off")
    assert world.twilio.get(world.service).status_code == 200


def test_hostile_text_is_in_names_subjects_and_messages(start: Start) -> None:
    world = start(sessions=600, play={"text": "hostile"})
    rows = [row for page in world.walk(f"{world.service}/Sessions?PageSize=100") for row in page]
    names = "".join(row["unique_name"] or "" for row in rows)
    for evil in (
        "[/]",
        "[@click=app.quit]",
        "\x1b[2J",
        "\x1b]52;c;",
        "\x9b31m",
        "\u202e",
        "\ud800",
    ):
        assert evil in names, ascii(evil)
    assert max(len(row["unique_name"] or "") for row in rows) == 191
    assert sum((row["unique_name"] or "").isprintable() for row in rows) > len(rows) / 2
    people = [
        one["friendly_name"]
        for row in rows[:40]
        for one in world.twilio.get(row["links"]["participants"]).json()["participants"]
    ]
    assert "\x1b" in "".join(people)
    said = [
        json.loads(one["data"]).get("body", "")
        for row in rows[:40]
        for one in world.twilio.get(row["links"]["interactions"]).json()["interactions"]
    ]
    assert "\x1b" in "".join(said)


def test_a_hostile_name_still_finds_its_session(start: Start) -> None:
    world = start(sessions=300, play={"text": "hostile"})
    # A slash in a name cannot be told from a slash of the path, here as with most servers.
    row = next(
        r
        for r in world.sessions(PageSize=100)
        if "\x1b" in (r["unique_name"] or "") and "/" not in r["unique_name"]
    )
    name = "".join(f"%{byte:02X}" for byte in row["unique_name"].encode())
    assert world.twilio.get(f"{world.service}/Sessions/{name}").json() == row


def test_odd_rows(start: Start) -> None:
    world = start(sessions=400)
    clean = [r for page in world.walk(f"{world.service}/Sessions") for r in page]
    world.sim.play("rows", "odd")
    rows = [r for page in world.walk(f"{world.service}/Sessions") for r in page]
    assert len(rows) == len(clean)
    assert len([r for r in rows if "sid" not in r]) == 1
    assert any(r.get("status") == "paused" for r in rows)
    assert any(r.get("ttl") == "3600" for r in rows)
    assert any("links" not in r for r in rows)
    assert any(isinstance(r.get("unique_name"), dict) for r in rows)
    same = sum(a == b for a, b in zip(rows, clean, strict=True))
    assert len(rows) * 0.6 < same < len(rows) * 0.9
    world.sim.play("rows", "clean")
    assert [r for page in world.walk(f"{world.service}/Sessions") for r in page] == clean
