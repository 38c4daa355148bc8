"""Every reading of the Remote Support sheet that can be played."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.conftest import Start, World


def chat(world: World) -> str:
    rows = world.remote_sessions("/extendedsessions")
    return next(
        str(r["sessionId"])
        for r in rows
        if r["sessionType"].lower() == "web_chat" and r["status"] == "complete"
    )


def events(world: World, name: str) -> Any:
    return world.remote.get(f"/sessions/{name}/events").json()


def test_auth_error_as_the_vendor_documents_it(world: World) -> None:
    world.sim.play("goto-auth-error", "401")
    answer = world.remote.get("/systemLinks", headers={"Authorization": "Bearer x"})
    assert (answer.status_code, answer.json()["int_err_code"]) == (401, "InvalidToken")


@pytest.mark.parametrize(
    ("value", "bearer", "oauth"), [("bearer", 200, 403), ("oauth_token", 403, 200)]
)
def test_scheme(world: World, value: str, bearer: int, oauth: int) -> None:
    world.sim.play("goto-scheme", value)
    token = world.goto["access_token"]
    for scheme, status in (("Bearer ", bearer), ("OAuth oauth_token=", oauth)):
        answer = world.remote.get(
            "/systemLinks?systemDomain=x", headers={"Authorization": scheme + token}
        )
        assert answer.status_code == status


def test_nesting_of_events(world: World) -> None:
    name = chat(world)
    whole = events(world, name)
    world.sim.play("goto-events", "array")
    assert events(world, name) == whole["events"]
    world.sim.play("goto-events", "nested-name")
    nested = events(world, name)
    assert "events" not in nested
    assert [v for v in nested.values() if isinstance(v, list)] == [whole["events"]]


def test_system_links_as_an_object(world: World) -> None:
    links = world.remote.get("/systemLinks?systemDomain=crm.example.com").json()
    world.sim.play("goto-system-links", "object")
    assert world.remote.get("/systemLinks?systemDomain=crm.example.com").json() == links[0]
    assert world.remote.get("/systemLinks?systemDomain=x").json() == {}


def test_ids_as_numbers(world: World) -> None:
    words = [row["sessionId"] for row in world.remote_sessions()]
    world.sim.play("goto-ids", "number")
    rows = world.remote_sessions()
    assert [f"SS-{row['sessionId']}" for row in rows] == words
    assert all(isinstance(row["sessionId"], int) for row in rows)
    one = world.remote.get(f"/sessions/{rows[0]['sessionId']}").json()
    assert one["sessionId"] == rows[0]["sessionId"]
    assert isinstance(events(world, chat(world))["sessionId"], str)


def test_window_by_overlap(world: World) -> None:
    live = [r for r in world.remote_sessions() if r["status"] in ("active", "waiting")]
    now = world.window(days=0)
    assert world.remote_sessions(**now) == []
    world.sim.play("goto-window", "overlap")
    assert world.remote_sessions(**now) == live


def test_sessions_not_started_in_lists(start: Start) -> None:
    world = start(sessions=10)
    name = world.sim.desk.add_session("screen-sharing", planned=True)
    world.sim.play("goto-not-started", "listed")
    (row,) = [r for r in world.remote_sessions() if r["status"] == "notStarted"]
    assert row["sessionId"] == name
    assert "startedAt" not in row
    assert world.remote.get(f"/sessions/{name}").status_code == 200
    world.sim.play("goto-not-started", "without-id")
    (row,) = [r for r in world.remote_sessions() if r["status"] == "notStarted"]
    assert "sessionId" not in row


def test_case_of_words(world: World) -> None:
    world.sim.desk.add_session("screen-sharing", planned=True)
    for case, word in (("lower", "notstarted"), ("upper", "NOTSTARTED"), ("camel", "notStarted")):
        world.sim.play("goto-not-started", "listed")
        world.sim.play("goto-status-case", case)
        assert word in {r["status"] for r in world.remote_sessions()}
    world.sim.play("goto-type-case", "upper")
    kinds = {r["sessionType"] for r in world.remote_sessions("/extendedsessions")}
    assert kinds == {"SCREEN_SHARING", "WEB_CHAT"}


def test_chats_by_id(world: World) -> None:
    name = chat(world)
    assert world.remote.get(f"/sessions/{name}").json()["sessionType"] == "web_chat"
    world.sim.play("goto-chat-by-id", "404")
    assert world.remote.get(f"/sessions/{name}").status_code == 404
    assert world.remote.get(f"/sessions/{name}/events").status_code == 200


def test_extended_sessions_may_not_exist(world: World) -> None:
    world.sim.play("goto-extended", "404")
    assert world.remote.get("/extendedsessions", params=world.window()).status_code == 404


def test_total_of_the_vendors_sample(world: World) -> None:
    world.sim.play("goto-total", "sample")
    given = {"sessionType": "SCREEN_SHARING", **world.window()}
    assert world.remote.get("/sessions", params=given).json()["totalNumSessions"] == 500


def test_null_instead_of_absent(world: World) -> None:
    world.sim.play("goto-absent", "null")
    rows = world.remote_sessions()
    assert len({frozenset(row) for row in rows}) == 1
    assert any(row["endedAt"] is None for row in rows)
    one = world.remote.get(f"/sessions/{rows[-1]['sessionId']}").json()
    assert {"notes", "collaborators"} <= set(one)


def test_collaborators(start: Start) -> None:
    world = start(sessions=200)

    def items() -> list[Any]:
        rows = [
            world.remote.get(f"/sessions/{r['sessionId']}").json() for r in world.remote_sessions()
        ]
        return [item for row in rows for item in row.get("collaborators", [])]

    assert {type(item) for item in items()} == {dict}
    world.sim.play("goto-collaborators", "strings")
    assert {type(item) for item in items()} == {str}


@pytest.mark.parametrize(
    ("value", "header"),
    [("none", None), ("seconds", "1"), ("date", "Tue, 03 Mar 2026 14:30:01 GMT")],
)
def test_retry_after(start: Start, value: str, header: str | None) -> None:
    world = start(sessions=0, play={"rate-limits": "on", "goto-retry-after": value})
    answers = [world.remote.get("/systemLinks?systemDomain=x") for _ in range(11)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers.get("retry-after") == header


def test_hostile_text(start: Start) -> None:
    world = start(sessions=300, play={"text": "hostile"})
    rows = world.remote_sessions("/extendedsessions")
    names = "".join(row.get("customerName", "") for row in rows)
    for evil in ("[/]", "\x1b[2J", "\x1b]52;c;", "\x9b31m", "\u202e"):
        assert evil in names, ascii(evil)
    assert max(len(row.get("customerName", "")) for row in rows) > 500
    chats = [r["sessionId"] for r in rows if r["sessionType"] == "web_chat"]
    said = [e["content"] for name in chats[:30] for e in events(world, name)["events"]]
    assert "\x1b" in "".join(said)
    notes = [
        world.remote.get(f"/sessions/{r['sessionId']}").json().get("notes", "") for r in rows[:60]
    ]
    assert "\x1b" in "".join(notes)


def test_odd_rows(start: Start) -> None:
    world = start(sessions=400)
    clean = world.remote_sessions()
    world.sim.play("rows", "odd")
    rows = world.remote_sessions()
    assert len(rows) == len(clean)
    assert len([r for r in rows if "sessionId" not in r]) == 1
    assert any(r.get("status") == "onHold" for r in rows)
    assert any("status" not in r for r in rows)
    assert any(isinstance(r.get("startedAt"), int) for r in rows)
    assert any(isinstance(r.get("customerName"), list) for r in rows)
    same = sum(a == b for a, b in zip(rows, clean, strict=True))
    assert len(rows) * 0.6 < same < len(rows) * 0.9
