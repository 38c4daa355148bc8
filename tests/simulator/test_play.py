"""Names and values of --play: checked, described, and changed while running."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.simulator.conftest import Start
from tui.simulator.fault_kinds import FAULTS
from tui.simulator.play import KNOBS, Play, describe, parse_options
from tui.simulator.server import Simulator
from tui.simulator.vendors import VENDORS


def test_every_knob_has_a_default_help_and_a_source() -> None:
    play = Play()
    assert len(KNOBS) > 25
    for name, knob in KNOBS.items():
        assert play[name] == knob.default == knob.values[0]
        assert len(set(knob.values)) == len(knob.values) >= 2
        assert knob.help
        assert "sheet" in knob.source
        for value in knob.values:
            play.set(name, value)
            assert play[name] == value


@pytest.mark.parametrize(
    ("name", "value", "names"),
    [
        ("twilio-ordr", "created", "twilio-order"),
        ("twilio-order", "sideways", "created, updated, shuffled"),
        ("fault", "twilio-proxy", "twilio-proxy, goto-remote-support"),
        ("fault", "acme:stall", "twilio-proxy, goto-remote-support"),
        ("fault", "twilio-proxy:sulk", "gzip-bomb"),
    ],
)
def test_what_is_not_known_is_refused_and_the_known_is_named(
    name: str, value: str, names: str
) -> None:
    for attempt in (
        lambda: Play().set(name, value),
        lambda: parse_options([f"{name}={value}"]),
        lambda: Simulator(sessions=0, play={name: value}),
    ):
        with pytest.raises(ValueError, match=names):
            attempt()


def test_options_are_name_and_value_and_faults_add_up() -> None:
    options = ["rows=odd", "fault=twilio-proxy:stall", "fault=goto-remote-support:nan"]
    assert parse_options(options) == {
        "rows": "odd",
        "fault": "twilio-proxy:stall,goto-remote-support:nan",
    }
    with pytest.raises(ValueError, match="NAME=VALUE"):
        parse_options(["rows"])


def test_faults_begin_and_end() -> None:
    play = Play({"fault": "*:stall"})
    assert [play.fault(name) for name in VENDORS] == ["stall"] * len(VENDORS)
    play.set("fault", "twilio-proxy:none")
    assert play.fault("twilio-proxy") is None
    assert play.fault("goto-remote-support") == "stall"
    play.set("fault", "none")
    assert play.fault("goto-remote-support") is None
    assert play.fault("nobody") is None


def test_the_description_names_everything() -> None:
    rows = {name: (values, text) for name, values, text in describe()}
    assert set(rows) == {*KNOBS, "fault"}
    assert rows["twilio-order"][0] == "created|updated|shuffled"
    assert all(kind in rows["fault"][1] for kind in FAULTS)


def test_a_knob_turns_on_a_running_simulator(start: Start) -> None:
    world = start(sessions=20, play={"goto-total": "sample"})
    given = {"sessionType": "SCREEN_SHARING", **world.window()}
    assert world.remote.get("/sessions", params=given).json()["totalNumSessions"] == 500
    world.sim.play("goto-total", "count")
    answer = world.remote.get("/sessions", params=given).json()
    assert answer["totalNumSessions"] == len(answer["sessions"])
    with pytest.raises(ValueError, match="sample"):
        world.sim.play("goto-total", "none")


def test_options_can_be_described_without_a_web_server() -> None:
    code = (
        "import sys, tui.simulator.play as p; p.describe();"
        "sys.exit(bool({'starlette', 'uvicorn', 'httpx'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
