"""Vendors that can be chosen, and wings that leave everybody else's day as it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.simulator.conftest import Start, World
from tui.simulator.kinds import Kind
from tui.simulator.server import Simulator
from tui.simulator.uuids import UuidIds
from tui.simulator.vendors import ALL, USUAL


def test_two_vendors_when_nobody_chooses(world: World) -> None:
    assert tuple(world.sim.vendors) == USUAL == ("twilio-proxy", "goto-remote-support")
    with pytest.raises(ValueError, match="identity"):
        world.sim.desk.wing("identity")


@pytest.mark.parametrize("vendors", [["nobody"], [], ["twilio-proxy", "Twilio-Proxy"]])
def test_unknown_vendors_are_refused(vendors: list[str]) -> None:
    with pytest.raises(ValueError, match="twilio-proxy, goto-remote-support"):
        Simulator(vendors=vendors)


def test_every_chosen_vendor_has_one_good_profile(start: Start) -> None:
    world = start(vendors=ALL)
    profiles: Any = world.sim.profiles()["profiles"]
    assert {"proxy-eu", "goto-desk", "identity", "seeit"} <= set(profiles)
    assert sorted(one["provider"] for one in profiles.values()) == sorted(ALL)
    for one in profiles.values():
        assert one["base_url"].startswith(world.sim.base_urls[one["provider"]])


def test_wings_change_nothing_for_the_others(start: Start) -> None:
    days = []
    for vendors in (None, ALL):
        world = start(sessions=80, rate=30.0, vendors=vendors)
        world.hand.pass_by(minutes=30)
        port = str(world.sim.port)
        proxy = world.twilio.get(f"{world.service}/Sessions?PageSize=100").text
        days.append((proxy.replace(port, ""), world.remote_sessions("/extendedsessions")))
    assert days[0] == days[1]


def test_a_wing_is_known_by_its_kind_and_its_own_numbers(start: Start) -> None:
    desk = start(sessions=100, vendors=ALL).sim.desk
    for kind in (Kind.IDENTITY, Kind.CAMERA):
        sessions = desk.sessions(kind)
        assert len(sessions) == 30
        assert {one.kind for one in sessions} == {kind}
        assert all(desk.session(one.serial) is one for one in sessions)
        created = [one.created for one in sessions]
        assert created == sorted(created)
    serials = [one.serial for kind in Kind for one in desk.sessions(kind)]
    assert len(serials) == len(set(serials))
    assert len(desk) == 100


def test_a_waiting_session_begins_when_it_is_said(start: Start) -> None:
    desk = start(vendors=ALL).sim.desk
    for kind in (Kind.IDENTITY, Kind.CAMERA):
        desk.add_session(kind, waited=timedelta(minutes=4))
        assert any(one.created == desk.time - 240_000 for one in desk.sessions(kind))


def test_uuids_can_be_read_back() -> None:
    ids, others = UuidIds(1, "a"), UuidIds(2, "a")
    for serial in (0, 7, 50_000_003, 100_000_000):
        made = ids.of(serial)
        assert ids.serial(made) == serial
        assert others.serial(made) is None
        assert ids.serial(made.upper()) is None
        assert ids.serial(made.replace("-", "")) is None
    assert ids.serial("") is None
