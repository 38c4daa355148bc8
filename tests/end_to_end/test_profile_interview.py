"""`profile add|edit|remove` with a person at a terminal: asked key by key, no secret shown, Ctrl-C saves nothing."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.command_line import TWILIO
from tests.end_to_end.pty_terminal import CTRL_C, PtyTerminal
from tests.end_to_end.writing import CONTROL, IDENTITY, PROVIDERS
from tui.profiles.paths import profiles_path
from tui.simulator.server import Simulator

pytestmark = pytest.mark.usefixtures("home")

MORE = "Anything else?"


def table(desk: Simulator, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(desk.profiles()))["profiles"][name]
    return found


def store() -> dict[str, Any]:
    if not profiles_path().exists():
        return {}
    found: dict[str, Any] = tomllib.loads(profiles_path().read_text())["profiles"]
    return found


def start(*args: str) -> PtyTerminal:
    return PtyTerminal([sys.executable, "-m", "tui", "profile", *args], columns=100, rows=60)


def answer(terminal: PtyTerminal, dialogue: Sequence[tuple[str, str]]) -> None:
    """Types each answer once its text came since the last one and the terminal waits at a prompt."""
    seen = 0
    for text, typed in dialogue:

        def prompted(told: bytes = text.encode(), seen: int = seen) -> bool:
            return told in terminal.output[seen:] and terminal.output.endswith(b"> ")

        terminal.wait_until(prompted, text)
        seen = len(terminal.output)
        terminal.send(typed + "\r")


def leave_out_the_rest(terminal: PtyTerminal) -> None:
    """Enter at every question up to the last one."""
    last = False
    while not last:
        seen = len(terminal.output)
        terminal.wait_until(
            lambda seen=seen: len(terminal.output) > seen + 3 and terminal.output.endswith(b"> "),  # type: ignore[misc]
            "a question",
        )
        last = MORE.encode() in terminal.output[seen:]
        terminal.send("\r")


@pytest.fixture
def empty(desk: Simulator) -> Simulator:
    profiles_path().unlink()
    return desk


def test_a_new_user_adds_a_twilio_account(empty: Simulator) -> None:
    """From nothing to a working profile; the service is chosen from what the vendor lists."""
    keys = table(empty, TWILIO)
    with start("add") as terminal:
        answer(
            terminal,
            [
                ("name of the profile", "two words"),
                ("a name has at most 32 letters", TWILIO),
                ("its number", "9"),
                ("type a number from 1 to 5", "1"),
                ("base_url: ", keys["base_url"]),
                ("account_sid: ", "AC1"),
                ("it does not look right", keys["account_sid"]),
                (
                    "auth_token: ",
                    keys["auth_token"],
                ),  # api_key_sid is another way in: not asked for
                (MORE, "me"),
                ("type one of the names", "refresh_seconds=1"),
                ("it must be between 2 and 3600", "refresh_seconds=9"),
                (MORE, ""),
                ("service_sid: ", "1"),
            ],
        )
        assert terminal.wait_exit() == 0
        said = terminal.output.decode()
    assert keys["auth_token"] not in said
    assert "api_key_sid:" not in said
    assert "32 characters, kept in the file" in said
    assert "can be listed" in said
    service = store()[TWILIO].pop("service_sid")
    assert service in said
    expected = keys | {"refresh_seconds": 9}
    del expected["service_sid"]
    saved = store()[TWILIO]
    assert saved.pop("service_sid") == service
    assert saved == expected


def test_where_a_secret_is_may_be_typed_in_its_place(empty: Simulator, tmp_path: Path) -> None:
    keys = table(empty, CONTROL)
    (tmp_path / "key").write_text(keys["private_key"])
    (tmp_path / "key").chmod(0o600)
    with start("add", CONTROL, "--provider", "take-control") as terminal:
        answer(
            terminal,
            [
                ("base_url: ", ""),
                ("this vendor has one for each account", keys["base_url"]),
                ("public_key: ", ""),
                ("private_key: ", "two words"),
                ("it holds a space", f"file:{tmp_path}/key"),
                ("time_zone: ", ""),
                (MORE, ""),
            ],
        )
        assert terminal.wait_exit() == 0
        assert b"the private key is accepted" in terminal.output
        assert f"file {tmp_path}/key".encode() in terminal.output
    assert store()[CONTROL]["private_key"] == {"file": f"{tmp_path}/key"}
    assert "time_zone" not in store()[CONTROL]


@pytest.mark.parametrize("wish", ["yes", "no"])
def test_a_failing_check_asks_whether_to_save(empty: Simulator, wish: str) -> None:
    keys = table(empty, IDENTITY)
    base = ("--provider", "trinsic-connect", "--set", f"base_url={keys['base_url']}")
    with start("add", IDENTITY, *base) as terminal:
        answer(
            terminal,
            [
                ("api_key: ", ""),
                (MORE, ""),
                ("api_key: it is missing", "tk_wrong"),
                ("The check failed. Save it all the same?", wish),
            ],
        )
        assert terminal.wait_exit() == (0 if wish == "yes" else 1)
        assert b"check api_key" in terminal.output
        assert b"tk_wrong" not in terminal.output
    assert (IDENTITY in store()) == (wish == "yes")


def test_ctrl_c_and_the_end_of_input_save_nothing(empty: Simulator) -> None:
    for key, code in ((CTRL_C, 130), ("\x04", 2)):
        with start("add", IDENTITY, "--provider", "trinsic-connect") as terminal:
            terminal.wait_for("base_url: ")
            terminal.send("\r")
            terminal.wait_for("(not shown) >")
            terminal.send(key)
            assert terminal.wait_exit() == code
            assert terminal.attributes() == terminal.attributes_at_start
            assert b"Traceback" not in terminal.output
    assert store() == {}


def test_an_edit_shows_what_is_there_and_keeps_it(desk: Simulator) -> None:
    keys = table(desk, CONTROL)
    with start("edit", CONTROL) as terminal:
        answer(
            terminal,
            [
                ("base_url: ", ""),
                ("(kept: in the file)", "-"),
                ("(kept: in the file)", ""),
                ("time_zone: ", ""),
                (MORE, "me=Ana Souza"),
                (MORE, ""),
            ],
        )
        assert terminal.wait_exit() == 0
        said = terminal.output.decode()
    assert f"[{keys['base_url']}] >" in said
    assert keys["private_key"] not in said
    del keys["public_key"]
    assert store()[CONTROL] == keys | {"me": "Ana Souza"}


@pytest.mark.parametrize(("typed", "code"), [(IDENTITY, 0), ("yes", 2), ("", 2)])
def test_remove_asks_for_the_name_and_says_what_is_lost(
    desk: Simulator, typed: str, code: int
) -> None:
    with start("remove", IDENTITY) as terminal:
        answer(terminal, [(f"Type {IDENTITY} to do it.", typed)])
        assert terminal.wait_exit() == code
        said = terminal.output.decode()
    assert "its settings are lost; api_key too, which is kept only here" in said.replace("\r\n", "")
    assert (IDENTITY in store()) == bool(code)


def test_a_secret_longer_than_a_terminal_line_is_not_cut_short(empty: Simulator) -> None:
    """The kernel keeps 4,095 bytes of a line and says nothing of the rest."""
    with start("add", IDENTITY, "--provider", "trinsic-connect") as terminal:
        answer(terminal, [("base_url: ", ""), ("(not shown)", "k" * 5000)])
        assert terminal.wait_exit() == 2
        assert b"a terminal takes no line that long" in terminal.output
    assert store() == {}


def test_the_other_vendors_can_be_added_by_hand(empty: Simulator) -> None:
    asked = {
        "goto-desk": [("access_token: ", "access_token")],
        "seeit": [("access_token: ", "access_token")],
        IDENTITY: [("api_key: ", "api_key")],
    }
    for name, questions in asked.items():
        keys = table(empty, name)
        options = ["--provider", PROVIDERS[name], "--set", f"base_url={keys['base_url']}"]
        with start("add", name, *options) as terminal:
            answer(terminal, [(text, keys[key]) for text, key in questions])
            leave_out_the_rest(terminal)
            assert terminal.wait_exit() == 0
    assert set(store()) == set(asked)
