"""What the tests of `create` and `act` share: names, and the commands as a script runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.end_to_end.command_line import GOTO, TWILIO, good
from tui.simulator.record import Seen
from tui.simulator.server import Simulator

IDENTITY, SEEIT, CONTROL = "identity", "seeit", "control"
PROVIDERS = {
    TWILIO: "twilio-proxy",
    GOTO: "goto-remote-support",
    IDENTITY: "trinsic-connect",
    SEEIT: "goto-seeit",
    CONTROL: "take-control",
}
ANA = "+14155550123"
TUI = (sys.executable, "-m", "tui")


def typed(text: str | bytes, *args: str) -> subprocess.CompletedProcess[bytes]:
    """A command with that on its standard input."""
    data = text.encode() if isinstance(text, str) else text
    return subprocess.run([*TUI, *args], check=False, input=data, capture_output=True, timeout=60)


def made(*args: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(good("create", *args, "--json"))
    assert set(found) == {"session", "ref", "told"}
    return found


def opened() -> str:
    """The id of a new Twilio session."""
    return str(made(TWILIO, "--set", f"participants={ANA}=Ana")["session"]["id"])


def acted(*args: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(good("act", *args, "--yes", "--json"))
    assert set(found) == {"action", "done", "session"}
    assert found["done"] is True
    return found


def status_of(ref: str, profile: str = TWILIO) -> str:
    return str(json.loads(good("show", profile, ref, "--json"))["status"])


def writes(simulator: Simulator) -> list[Seen]:
    return [seen for seen in simulator.requests if seen.method != "GET"]
