"""Take Control's sessions at the desk: scenario calls, a busy desk, limits, the other vendors."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.simulator.conftest import Start
from tests.simulator.test_take_control import VENDORS, Control, refusal


@pytest.fixture
def control(start: Start) -> Control:
    return Control(start(sessions=200, vendors=VENDORS))


def test_scenario_calls_move_a_session(control: Control) -> None:
    desk = control.world.sim.desk
    name = desk.add_session("remote-control", customer="Zoë [x]", subject="It beeps")
    row = control.row(name)
    assert (row["customer_name"], row["problem_description"]) == ("Zoë [x]", "It beeps")
    assert (row["date_end"], row["tech_name"]) == ("", "")
    control.world.hand.pass_by(seconds=40)
    desk.join(name)
    desk.say(name, "a < b & c", "agent")
    row = control.row(name)
    assert row["tech_name"]
    assert "<text>a &lt; b &amp; c</text>" in row["chat_info"]
    assert "<from>Zoë [x]</from>" in row["chat_info"]
    control.world.hand.pass_by(seconds=20)
    desk.end(name)
    assert control.row(name)["date_end"] == "2026-03-03 14:31:00"
    other = desk.add_session("remote-control", waited=timedelta(minutes=3))
    desk.abandon(other)
    assert control.row(other)["date_start"] == "2026-03-03 14:28:00"
    assert control.row(other)["date_end"]
    with pytest.raises(ValueError, match="ended"):
        desk.join(name)


def test_a_desk_evolves_and_always_in_the_same_way(start: Start) -> None:
    seen = []
    for steps in (1, 40):
        control = Control(start(sessions=60, rate=60.0, vendors=VENDORS))
        before = control.rows()
        control.create({"customer_name": "Zoë Pike"})
        for _ in range(steps):
            control.world.hand.pass_by(minutes=40 / steps)
            after = control.rows()
        seen.append(after)
        assert len(after) > len(before) + 1
        old = {row["id"]: row for row in after}
        assert any(old[row["id"]]["chat_info"] != row["chat_info"] for row in before)
        for row in before:
            said = row["chat_info"].removesuffix("</chat>")
            assert old[row["id"]]["chat_info"].startswith(said), "what was said stays"
    assert seen[0] == seen[1]


def test_the_usual_vendors_do_not_notice(start: Start) -> None:
    both = [start(sessions=60, rate=30.0, **extra) for extra in ({}, {"vendors": VENDORS})]
    for world in both:
        world.hand.pass_by(minutes=30)
    alone, beside = (
        json.dumps(world.sessions(PageSize=100)).replace(world.proxy["base_url"], "")
        for world in both
    )
    assert alone == beside
    assert both[0].remote_sessions() == both[1].remote_sessions()


def test_too_many_requests(start: Start) -> None:
    control = Control(start(sessions=0, vendors=VENDORS, play={"rate-limits": "on"}))
    answers = [control.create().status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
    assert refusal(control.create()) == 429
    control.world.hand.pass_by(seconds=11)
    assert control.create().status_code == 200
