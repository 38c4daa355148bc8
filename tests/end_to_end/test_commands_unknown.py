"""Writes with an unknown outcome on the command line: kept, told of again, in JSON; the exit codes stay as they are."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.command_line import GOTO, TWILIO, bad, changed, good, run
from tests.end_to_end.writing import ANA, CONTROL, TUI, acted, made, opened, typed
from tests.virtual_clock import START
from tui.commands import unknowns, watch
from tui.model.intent import CREATE, Intent
from tui.model.text import Opaque
from tui.simulator.server import Simulator

pytestmark = pytest.mark.usefixtures("home")


def intents() -> list[Path]:
    return sorted((Path(os.environ["SESSIONTOP_STATE_DIR"]) / "intents").glob("*.json"))


def lose(desk: Simulator, *args: str, fault: str = "lost") -> str:
    """A write at Twilio whose answer is lost; its sentence."""
    desk.play("fault", f"twilio-proxy:{fault}")
    try:
        return bad(4, *args)
    finally:
        desk.play("fault", "none")


def test_a_lost_create_is_kept_and_told_of_again(desk: Simulator) -> None:
    said = lose(desk, "create", TWILIO)
    assert f"sessiontop sessions --profile {TWILIO} tells of it again" in said
    assert "look at the list before trying again" in said
    assert len(intents()) == 1
    listing = run("sessions", "--profile", TWILIO, "--json")
    assert listing.returncode == 0
    assert listing.stdout
    assert listing.stderr.count("\n") == 1, "once"
    assert f"1 write at {TWILIO} has an unknown outcome since " in listing.stderr
    assert "create (sessiontop-" in listing.stderr
    assert good("sessions", "--profile", GOTO) != "", "nobody else's business"
    another = run("create", TWILIO, "--json")
    assert another.returncode == 0
    assert "has an unknown outcome" in another.stderr
    assert len(intents()) == 1, "the new one is known"


def test_json_names_what_it_can_be_found_by(desk: Simulator) -> None:
    desk.play("fault", "twilio-proxy:lost")
    lost = run("create", TWILIO, "--json", "--set", "unique_name=order-77")
    desk.play("fault", "none")
    assert lost.returncode == 4
    told = json.loads(lost.stdout)
    assert told["reference"] == "order-77"
    assert told["intent"] == intents()[0].stem
    assert (told["session"], told["ref"], told["told"]) == (None, None, [])
    assert json.loads(good("show", TWILIO, "order-77", "--json"))["status"] == "waiting"


def test_json_of_a_lost_action(desk: Simulator) -> None:
    ref = opened()
    desk.play("fault", "twilio-proxy:lost")
    lost = run("act", TWILIO, ref, "close", "--yes", "--json")
    desk.play("fault", "none")
    assert lost.returncode == 4
    told = json.loads(lost.stdout)
    assert (told["action"], told["done"], told["session"]) == ("close", None, None)
    assert told["intent"] == intents()[0].stem
    said = run("sessions", "--profile", TWILIO).stderr
    assert f"close of {ref}" in said


def test_a_killed_create_is_told_of(desk: Simulator) -> None:
    desk.play("fault", "twilio-proxy:lost-stall")
    desk.requests.clear()
    with subprocess.Popen([*TUI, "create", TWILIO], stdin=subprocess.DEVNULL) as process:
        desk.wait_for_request(lambda seen: seen.method == "POST", 20.0)
        assert run("sessions", "--profile", GOTO).stderr == ""
        process.send_signal(signal.SIGKILL)
    desk.play("fault", "none")
    said = run("sessions", "--profile", TWILIO).stderr
    assert f"1 write at {TWILIO} has an unknown outcome" in said


def test_a_write_that_is_on_its_way_elsewhere_is_not_called_unknown(desk: Simulator) -> None:
    desk.requests.clear()
    desk.play("fault", "twilio-proxy:lost-stall")
    with subprocess.Popen(
        [*TUI, "create", TWILIO], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        desk.wait_for_request(lambda seen: seen.method == "POST", 20.0)
        desk.play("fault", "none")
        assert len(intents()) == 1
        assert run("sessions", "--profile", TWILIO).stderr == ""
        process.kill()


def test_without_a_place_to_write_it_down_nothing_is_sent(desk: Simulator) -> None:
    folder = Path(os.environ["SESSIONTOP_STATE_DIR"]) / "intents"
    folder.write_text("in the way")
    result = run("create", TWILIO)
    assert (result.returncode, result.stdout) == (2, "")
    assert "nothing was sent" in result.stderr
    assert [seen for seen in desk.requests.all() if seen.method == "POST"] == []


def test_no_customer_is_in_the_file(desk: Simulator) -> None:
    desk.play("fault", "twilio-proxy:lost")
    lost = typed(json.dumps({"participants": [f"{ANA}=Ana"]}), "create", TWILIO, "--input", "-")
    desk.play("fault", "none")
    assert lost.returncode == 4
    text = intents()[0].read_text()
    assert "Ana" not in text
    assert ANA.removeprefix("+") not in text


def test_a_strange_file_is_told_and_harms_nothing(desk: Simulator) -> None:
    lose(desk, "create", TWILIO)
    strange = intents()[0].with_name("a" * 32 + ".json")
    strange.write_text("{")
    strange.chmod(0o600)
    said = run("sessions", "--profile", TWILIO)
    assert said.returncode == 0
    assert strange.name in said.stderr
    assert "1 write at" in said.stderr


def test_the_list_and_what_is_taken_out_of_it(desk: Simulator) -> None:
    nothing = run("unknown", "list")
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "every write has a known outcome" in nothing.stderr
    ref = opened()
    desk.play("fault", "twilio-proxy:lost")
    for write in (("create", TWILIO), ("create", TWILIO, "--set", "unique_name=order-9")):
        assert run(*write).returncode == 4
    assert run("act", TWILIO, ref, "close", "--yes").returncode == 4
    desk.play("fault", "none")
    desk.requests.clear()
    table = good("unknown", "list").splitlines()
    assert table[0].split() == [
        "SENT",
        "PROFILE",
        "WRITE",
        "LOOKS",
        "SESSION",
        "OR",
        "REFERENCE",
        "ID",
    ]
    assert [ref in row for row in table[1:]] == [False, False, True], "the oldest first"
    listed = [json.loads(row) for row in good("unknown", "list", "--json").splitlines()]
    assert {tuple(sorted(one)) for one in listed} == {
        tuple(
            sorted(
                ("id", "profile", "provider", "write", "sent_at", "session", "reference", "looked")
            )
        )
    }
    assert [(one["write"], one["session"]) for one in listed][1:] == [
        ("create", None),
        ("close", ref),
    ]
    assert listed[1]["reference"] == "order-9"
    dropped = run("unknown", "drop", listed[0]["id"][:8])
    assert (dropped.returncode, dropped.stdout) == (0, "")
    assert f"the create at {TWILIO} is out of the list; nothing was sent" in dropped.stderr
    assert {path.stem for path in intents()} == {one["id"] for one in listed[1:]}
    assert "no write of unknown outcome has an id" in bad(2, "unknown", "drop", listed[0]["id"])
    assert "at least 6 characters" in bad(2, "unknown", "drop", "a")
    assert desk.requests.all() == [], "no vendor is asked"


def test_what_is_on_its_way_is_not_taken_out(desk: Simulator) -> None:
    desk.requests.clear()
    desk.play("fault", "twilio-proxy:lost-stall")
    with subprocess.Popen(
        [*TUI, "create", TWILIO], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        desk.wait_for_request(lambda seen: seen.method == "POST", 20.0)
        desk.play("fault", "none")
        (on_its_way,) = intents()
        assert run("unknown", "list").stdout == ""
        assert "is on its way" in bad(2, "unknown", "drop", on_its_way.stem)
        assert intents() == [on_its_way]
        process.kill()


def test_watch_says_it_too(
    desk: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lose(desk, "create", TWILIO)
    monkeypatch.setattr("tui.commands.at_terminal.require_terminal", lambda: None)
    states: list[Path] = []

    def show(
        loaded: object, args: object, tokens: object, where: object, folders: tuple[Path, Path]
    ) -> int:
        states.append(folders[1])
        return 0

    monkeypatch.setattr(watch, "show", show)
    assert watch.run(argparse.Namespace(profile=[])) == 0
    assert f"1 write at {TWILIO} has an unknown outcome" in capsys.readouterr().err
    assert states == [Path(os.environ["SESSIONTOP_STATE_DIR"])]


def test_the_sentence_counts_and_stays_one_line() -> None:
    some = [
        Intent(str(n), "p", "x", CREATE, START, reference=Opaque(f"r{n}\x1b" + "z" * 99))
        for n in range(5)
    ]
    said = unknowns.sentence("p", some, START)
    assert said.startswith("5 writes at p have an unknown outcome since ")
    assert said.isprintable()
    assert len(said) <= 400


# --- exit codes, as ever -------------------------------------------------------------------------------------


def test_0_is_done_with_its_options(desk: Simulator) -> None:
    ref = made(TWILIO, "--set", f"participants={ANA}=Ana")["session"]["id"]
    assert acted(TWILIO, ref, "close")["session"]["status"] == "ended"
    token = json.loads(good("create", GOTO, "--json", "--reveal"))["ref"]
    assert token.startswith("e0-")
    by_input = typed('{"unique_name": "in-1"}', "create", TWILIO, "--input", "-", "--json")
    assert (by_input.returncode, by_input.stderr) == (0, b"")
    assert intents() == []


def test_1_is_refused(desk: Simulator) -> None:
    made(TWILIO, "--set", "unique_name=twice")
    assert "80603" in bad(1, "create", TWILIO, "--set", "unique_name=twice")
    assert "20404" in bad(1, "act", TWILIO, "KC" + "0" * 32, "close", "--yes")
    assert intents() == []


def test_2_is_usage(desk: Simulator) -> None:
    bad(2, "create", TWILIO, "--set", "nonsense=1")
    bad(2, "act", TWILIO, "KC" + "0" * 32, "explode", "--yes")
    assert "say --yes" in bad(2, "act", TWILIO, "KC" + "0" * 32, "close")
    changed(desk, TWILIO, read_only=True)
    assert "read-only" in bad(2, "create", TWILIO)
    assert intents() == []


def test_3_is_later(desk: Simulator) -> None:
    changed(desk, TWILIO, base_url="http://127.0.0.1:9")
    assert "nothing was sent" in bad(3, "create", TWILIO)
    assert intents() == []


@pytest.mark.parametrize("fault", ["lost", "lost-reset", "lost-500", "refuse", "captive"])
def test_4_is_unknown(desk: Simulator, fault: str) -> None:
    desk.play("fault", f"take-control:{fault}")
    assert "may have been created" in bad(4, "create", CONTROL)
    assert len(intents()) == 1
