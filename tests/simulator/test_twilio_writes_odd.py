"""Writing Proxy sessions through faults, on odd desks, and twice."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest

from tests.simulator.conftest import Start, World
from tests.simulator.test_twilio_writes import (
    create,
    made,
    refusal,
    start_rows,
    update,
)


@pytest.mark.parametrize("kind", ["reset", "short-body", "cut-json"])
def test_a_fault_in_the_answer_hits_after_the_write(world: World, kind: str) -> None:
    world.sim.play("fault", f"twilio-proxy:{kind}")
    try:
        create(world, ("UniqueName", "written all the same")).json()
    except (httpx.TransportError, ValueError):
        pass
    else:
        pytest.fail("the fault did not hit")
    world.sim.play("fault", "none")
    assert refusal(create(world, ("UniqueName", "written all the same"))) == (400, 80603)


@pytest.mark.parametrize("kind", ["refuse", "status-503"])
def test_a_fault_before_the_vendor_writes_nothing(world: World, kind: str) -> None:
    world.sim.play("fault", f"twilio-proxy:{kind}")
    try:
        assert create(world, ("UniqueName", "never written")).status_code == 503
    except httpx.TransportError:
        assert kind == "refuse"
    world.sim.play("fault", "none")
    assert create(world, ("UniqueName", "never written")).status_code == 201


def test_hostile_and_odd_desks_can_be_written_to(start: Start) -> None:
    world = start(sessions=60, play={"text": "hostile", "rows": "odd"})
    for number in range(12):
        assert create(world, ("UniqueName", f"order {number}")).status_code == 201
    answers = [
        world.twilio.delete(f"{world.service}/Sessions/{row['sid']}").status_code
        for row in start_rows(world)
        if "sid" in row
    ]
    assert set(answers) == {204}


def test_the_same_writes_make_the_same_desk(start: Start) -> None:
    worlds = [start(sessions=30, rate=60.0) for _ in range(2)]
    seen = []
    for world in worlds:
        sid = made(world, ("UniqueName", "twice"), ("Ttl", "90000"))["sid"]
        world.hand.pass_by(minutes=20)
        update(world, sid, ("Status", "closed"))
        world.hand.moment += timedelta(minutes=5)
        text = json.dumps(start_rows(world))
        seen.append(text.replace(world.proxy["base_url"], ""))
    assert seen[0] == seen[1]
