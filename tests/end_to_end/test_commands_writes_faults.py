"""`create` and `act` when the vendor, the line or the profile stands in the way: sent once, told honestly."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.command_line import GOTO, TWILIO, bad, changed
from tests.end_to_end.pty_terminal import PtyTerminal
from tests.end_to_end.writing import (
    CONTROL,
    IDENTITY,
    PROVIDERS,
    SEEIT,
    TUI,
    made,
    opened,
    status_of,
    writes,
)
from tui.commands import sending
from tui.commands.headless import Headless
from tui.live.commands import Create
from tui.live.messages import Made
from tui.model.clock import SystemClock
from tui.model.problem import NoAnswer, UnknownOutcome
from tui.model.profile import Profile
from tui.simulator.server import Simulator

pytestmark = [pytest.mark.usefixtures("home"), pytest.mark.long]

# --- what the vendor or the line does ------------------------------------------------------------------------


def test_a_read_only_profile_sends_nothing(desk: Simulator) -> None:
    for profile in (*PROVIDERS,):
        changed(desk, profile, read_only=True)
        assert f"{profile} is read-only: nothing was sent" in bad(2, "create", profile)
    changed(desk, TWILIO, read_only=True)
    assert "read-only" in bad(2, "act", TWILIO, "order-1", "extend", "--set", "by=1h", "--yes")
    with PtyTerminal([*TUI, "act", TWILIO, "KC1", "close"]) as terminal:
        assert terminal.wait_exit() == 2
        assert "type yes" not in terminal.text(), "no question whose answer does not matter"
    assert desk.requests.all() == []


@pytest.mark.parametrize("profile", PROVIDERS)
@pytest.mark.parametrize("fault", ["reset", "short-body"])
def test_a_lost_answer_is_4_and_never_sent_again(desk: Simulator, profile: str, fault: str) -> None:
    desk.play("fault", f"{PROVIDERS[profile]}:{fault}")
    said = bad(4, "create", profile)
    assert "the session may have been created" in said
    assert "look at the list before trying again" in said
    assert len(desk.requests.all()) == 1


def test_a_create_whose_answer_was_lost_did_happen(desk: Simulator) -> None:
    desk.play("fault", "twilio-proxy:reset")
    bad(4, "create", TWILIO, "--set", "unique_name=lost-1")
    desk.play("fault", "none")
    assert status_of("lost-1") == "waiting"


def test_an_act_whose_answer_was_lost_did_happen(desk: Simulator) -> None:
    ref = opened()
    desk.requests.clear()
    desk.play("fault", "twilio-proxy:reset")
    assert "close may have been done" in bad(4, "act", TWILIO, ref, "close", "--yes")
    assert len(desk.requests.all()) == 1
    desk.play("fault", "none")
    assert status_of(ref) == "ended"


@pytest.mark.parametrize("fault", ["status-500", "status-503", "captive", "cut-json", "garbage"])
def test_an_unclear_answer_is_4(desk: Simulator, fault: str) -> None:
    desk.play("fault", f"take-control:{fault}")
    assert "may have been created" in bad(4, "create", CONTROL)
    assert len(desk.requests.all()) == 1


def test_a_vendor_that_is_down_is_3_and_nothing_was_sent(desk: Simulator) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        for profile in PROVIDERS:
            changed(desk, profile, base_url=nobody)
            assert "nothing was sent" in bad(3, "create", profile)
        changed(desk, TWILIO, base_url=nobody)
        for words in (("close",), ("extend", "--set", "by=1h"), ("delete",)):
            said = bad(3, "act", TWILIO, "KC" + "0" * 32, *words, "--yes")
            assert "nothing was sent" in said
    assert desk.requests.all() == []


def test_a_refusal_is_1_in_the_vendors_words(desk: Simulator) -> None:
    made(TWILIO, "--set", "unique_name=twice")
    said = bad(1, "create", TWILIO, "--set", "unique_name=twice")
    assert "80603" in said
    assert "a session of this name is there already" in said
    assert "20404" in bad(1, "act", TWILIO, "KC" + "0" * 32, "close", "--yes")


@pytest.mark.parametrize(
    ("profile", "key"),
    [
        (TWILIO, "auth_token"),
        (GOTO, "access_token"),
        (IDENTITY, "api_key"),
        (SEEIT, "access_token"),
        (CONTROL, "public_key"),
    ],
)
def test_rejected_keys_are_1(desk: Simulator, profile: str, key: str) -> None:
    changed(desk, profile, **{key: "wrong-key-hush"})
    said = bad(1, "create", profile)
    assert "hush" not in said
    assert "may have been" not in said
    assert len(desk.requests.all()) == 1


def test_too_many_requests_is_3_and_not_sent_again(desk: Simulator) -> None:
    desk.play("control-throttle", "on")
    desk.play("control-retry-after", "seconds")
    try:
        said = bad(3, "create", CONTROL)
    finally:
        desk.play("control-throttle", "off")
        desk.play("control-retry-after", "none")
    assert "429" in said
    assert "may have been" not in said
    assert len(desk.requests.all()) == 1


def test_an_output_that_cannot_be_written_does_not_hide_that_it_was_done(desk: Simulator) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no full device here")
    with Path("/dev/full").open("w") as full:
        argv = [*TUI, "create", TWILIO, "--set", "unique_name=full"]
        result = subprocess.run(
            argv, check=False, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60
        )
    assert result.returncode == 2
    assert f"{TWILIO}: the session was created, but the output could not" in result.stderr
    assert status_of("full") == "waiting"


def test_an_output_that_nobody_reads_does_not_either(desk: Simulator) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        argv = [*TUI, "create", TWILIO]
        result = subprocess.run(
            argv, check=False, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60
        )
    finally:
        os.close(writer)
    assert "the session was created; nobody reads" in result.stderr
    assert len(writes(desk)) == 1


def test_an_engine_that_falls_silent_is_a_doubt_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def silence(_self: object, _question: object, _kind: object) -> Made:
        raise NoAnswer("the engine gave no answer: try again")

    monkeypatch.setattr(Headless, "ask", silence)
    profile = Profile("one", "goto-seeit", "http://127.0.0.1:9")
    with pytest.raises(UnknownOutcome, match="may have been done all the same"):
        sending.send_once(profile, Create(1, "one", {}), Made, SystemClock())
