"""Writing Proxy sessions through faults, on odd desks, twice, and by the specification."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest

from tests.simulator.conftest import Start, World
from tests.simulator.test_twilio_spec import SPEC, faults
from tests.simulator.test_twilio_writes import (
    create,
    fetch,
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


@pytest.mark.skipif(not SPEC.exists(), reason=f"no vendor specification in {SPEC.parent}")
def test_fields_rows_and_statuses_are_those_of_the_specification(world: World) -> None:
    spec = json.loads(SPEC.read_text())
    schemas, name = spec["components"]["schemas"], "proxy.v1.service.session"
    row = made(world, ("Participants", '{"Identifier": "+14155550123"}'), ("Ttl", "60"))
    assert not list(faults(row, name, schemas))
    part = world.twilio.get(row["links"]["participants"]).json()["participants"][0]
    assert not list(faults(part, f"{name}.participant", schemas))
    many = spec["paths"]["/v1/Services/{ServiceSid}/Sessions"]["post"]
    one = spec["paths"]["/v1/Services/{ServiceSid}/Sessions/{Sid}"]
    assert list(many["responses"]) == ["201"]
    assert (list(one["post"]["responses"]), list(one["delete"]["responses"])) == (["200"], ["204"])
    values = {
        "UniqueName": "all of them",
        "DateExpiry": "2027-01-01T00:00:00Z",
        "Ttl": "60",
        "Mode": "voice-only",
        "Status": "open",
        "Participants": '{"Identifier": "+14155550199"}',
    }
    (form,) = many["requestBody"]["content"].values()
    assert set(form["schema"]["properties"]) == set(values)
    full = made(world, *values.items())
    assert not list(faults(full, name, schemas))
    assert update(world, full["sid"], ("Status", "closed")).status_code == 200
    assert not list(faults(fetch(world, full["sid"]).json(), name, schemas))
