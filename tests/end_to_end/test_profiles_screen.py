"""Profiles with the keys that a person would press, in a real terminal over the simulated vendors: from an empty
folder to five accounts that work, a key that breaks, a sign-in without a browser, and the demo's own in memory."""

from __future__ import annotations

import json
import re
import stat
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.end_to_end.command_line import GOTO, TWILIO, stored
from tests.end_to_end.pty_terminal import ENTER, ESCAPE, PtyTerminal
from tests.end_to_end.writing import CONTROL, IDENTITY, PROVIDERS, SEEIT, TUI
from tui.profiles.paths import config_dir, profiles_path, tokens_path
from tui.simulator.server import Simulator

pytestmark = pytest.mark.usefixtures("home")

TAB, DOWN = "\t", "\x1b[B"
# The order of the providers in the list.
ORDER = (TWILIO, IDENTITY, SEEIT, GOTO, CONTROL)
# What a person types for each, in the order of the form's fields; service_sid is left to the check.
TYPED = {
    TWILIO: ("account_sid", "auth_token", "base_url"),
    IDENTITY: ("api_key", "base_url"),
    SEEIT: ("access_token", "base_url"),
    GOTO: ("access_token", "base_url"),
    CONTROL: ("base_url", "public_key", "private_key"),
}


class Keyboard:
    """Presses keys one by one, pastes, and counts both."""

    def __init__(self, terminal: PtyTerminal) -> None:
        self.terminal = terminal
        self.keys = self.pastes = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.terminal.send(key)
            self.keys += 1

    def type(self, text: str) -> None:
        self.press(*text)
        self.terminal.wait_for(text)
        self.terminal.quiet_for(0.1)

    def paste(self, text: str) -> None:
        before = self.terminal.text()
        self.terminal.send(f"\x1b[200~{text}\x1b[201~")
        self.pastes += 1
        self.terminal.wait_until(lambda: self.terminal.text() != before, "the paste")
        self.terminal.quiet_for(0.1)

    def go_to(self, label: str) -> None:
        """Tab until the cursor stands in that field."""
        here = re.compile(rf"[▸>] {re.escape(label)}(?:, stored)?(?: \*)?\s")
        for _ in range(40):
            if here.search(self.terminal.text()):
                return
            before = self.cursor()
            self.press(TAB)
            self.terminal.wait_until(lambda before=before: self.cursor() != before, "a move")  # type: ignore[misc]
        raise AssertionError(f"no field {label}")

    def cursor(self) -> str:
        return "\n".join(row for row in self.terminal.lines() if "▸" in row)

    def button(self) -> None:
        """Enter to the button, and once more: as slowly as a person."""
        self.press(ENTER)
        self.terminal.wait_for("▸ [ Check and save ]")
        self.terminal.quiet_for(0.4)
        self.press(ENTER)


def tables(simulator: Simulator) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(json.dumps(simulator.profiles()))["profiles"]
    return found


def store() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(profiles_path().read_text())["profiles"]
    return found


@contextmanager
def running(*args: str, columns: int = 100, rows: int = 40) -> Iterator[PtyTerminal]:
    with PtyTerminal([*TUI, *args], columns=columns, rows=rows) as terminal:
        yield terminal


def leave(terminal: PtyTerminal) -> None:
    terminal.send("q")
    assert terminal.wait_exit() == 0


@pytest.fixture
def empty(desk: Simulator) -> Simulator:
    profiles_path().unlink()
    return desk


def add(keyboard: Keyboard, name: str, given: dict[str, Any]) -> None:
    """A profile by the keyboard, from the list of providers on."""
    terminal = keyboard.terminal
    terminal.wait_for("At which provider?")
    for _ in range(ORDER.index(name)):
        keyboard.press(DOWN)
    keyboard.press(ENTER)
    terminal.wait_for("new profile ›")
    keyboard.type(name)
    for key in TYPED[name]:
        keyboard.go_to(key)
        keyboard.paste(given[key])
    keyboard.button()
    if name == TWILIO:
        terminal.wait_for("offers these for service_sid")
        keyboard.press(ENTER)
    terminal.wait_for(f"▸ {name} ")


def test_from_an_empty_folder_to_five_working_profiles(empty: Simulator) -> None:
    wanted = tables(empty)
    with running() as terminal:
        terminal.wait_for("No account is set up yet")
        keyboard, started = Keyboard(terminal), time.monotonic()
        for number, name in enumerate(ORDER):
            keyboard.press("n")
            add(keyboard, name, wanted[name])
            terminal.wait_for(f"{number + 1} profile")
        keyboard.press(ESCAPE)
        terminal.wait_until(
            lambda: set(re.findall(r"● ([\w-]+)", terminal.lines()[1])) >= set(PROVIDERS),
            "every vendor's answer in the queue, without a restart",
        )
        took = time.monotonic() - started
        print(f"{keyboard.keys} keys, {keyboard.pastes} pastes, {took:.1f} s")
        assert "5 profiles" in terminal.lines()[0]
        secrets = [given[key] for given in wanted.values() for key in given if "token" in key]
        assert not [one for one in secrets if one.encode() in terminal.output]
        leave(terminal)
    assert keyboard.keys < 120
    kept = store()
    assert list(kept) == list(ORDER)
    for name in ORDER:
        for key in TYPED[name]:
            assert kept[name][key] == wanted[name][key], (name, key)
    assert kept[TWILIO]["service_sid"].startswith("KS")
    assert stat.S_IMODE(profiles_path().stat().st_mode) == 0o600
    assert stat.S_IMODE(config_dir().stat().st_mode) == 0o700


def select(keyboard: Keyboard, name: str) -> None:
    for _ in range(12):
        if re.search(rf"▸ {re.escape(name)} ", keyboard.terminal.text()):
            return
        before = keyboard.cursor()
        keyboard.press("j")
        keyboard.terminal.wait_until(lambda before=before: keyboard.cursor() != before, "a move")  # type: ignore[misc]
    raise AssertionError(f"no profile {name}")


def test_a_key_that_breaks_is_told_and_kept_only_when_wanted(desk: Simulator) -> None:
    good = store()[CONTROL]
    with running() as terminal:
        terminal.wait_for("5 profiles")
        keyboard = Keyboard(terminal)
        keyboard.press("P")
        terminal.wait_for("▸ ")
        select(keyboard, CONTROL)
        keyboard.press(ENTER)
        terminal.wait_for("Check and save")
        keyboard.go_to("private_key")
        keyboard.paste("no-such-canary-key")
        keyboard.button()
        terminal.wait_for("failed. Save it all the same?")
        told = " ".join(terminal.text().split())
        assert "the private key was refused (403: " in told
        assert "the public key was not tried: it may only create" in told
        terminal.quiet_for(0.5)
        keyboard.press(ESCAPE)
        terminal.wait_for("Check and save")
        assert store()[CONTROL] == good
        keyboard.button()
        terminal.wait_for("failed. Save it all the same?")
        terminal.quiet_for(0.5)
        keyboard.press("y")
        terminal.wait_for("keys rejected")
        assert store()[CONTROL]["private_key"] == "no-such-canary-key"
        assert b"no-such-canary-key" not in terminal.output
        leave(terminal)


def test_a_profile_is_removed_by_its_name(desk: Simulator) -> None:
    with running() as terminal:
        terminal.wait_for("5 profiles")
        keyboard = Keyboard(terminal)
        keyboard.press("P")
        terminal.wait_for("▸ ")
        select(keyboard, SEEIT)
        keyboard.press("x")
        terminal.wait_for(f"Remove {SEEIT}?")
        keyboard.type(SEEIT)
        terminal.quiet_for(0.5)
        keyboard.press(ENTER)
        terminal.wait_for("it is removed")
        keyboard.press(ESCAPE)
        terminal.wait_for("4 profiles")
        assert SEEIT not in terminal.lines()[1]
        leave(terminal)
    assert SEEIT not in store()


def test_a_sign_in_without_a_browser(home: None) -> None:
    with Simulator(seed=7, sessions=10, rate=0.0, play={"goto-profiles": "sign-in"}) as simulator:
        stored(simulator.profiles())
        with running("--profile", GOTO, columns=120) as terminal:
            address = signed_in(Keyboard(terminal))
            code = address.partition("code=")[2].partition("&")[0]
            assert code.encode() not in terminal.output
            leave(terminal)
        kept = tomllib.loads(tokens_path().read_text())["profiles"][GOTO]
        assert kept["access_token"]


def signed_in(keyboard: Keyboard) -> str:
    """From the queue to the tokens; the address that the browser ended at."""
    terminal = keyboard.terminal
    terminal.wait_for("? help")
    keyboard.press("P")
    terminal.wait_for("▸ ")
    select(keyboard, GOTO)
    keyboard.press("i")
    terminal.wait_for("It begins with")
    rows = [row.strip() for row in terminal.lines()]
    first = next(at for at, row in enumerate(rows) if row.startswith("http://"))
    last = next(at for at in range(first, len(rows)) if not rows[at])
    url = "".join(rows[first:last])
    keyboard.paste(url)
    keyboard.press(ENTER)
    terminal.wait_for("▸ [ Sign in ]")
    terminal.quiet_for(0.4)
    keyboard.press(ENTER)
    terminal.wait_for("that is the address to open")
    address = str(httpx.get(url, trust_env=False).headers["location"])
    keyboard.paste(address)
    terminal.quiet_for(0.2)
    keyboard.press(ENTER)
    terminal.wait_for("▸ [ Sign in ]")
    terminal.quiet_for(0.4)
    keyboard.press(ENTER)
    terminal.wait_for("the access token holds until")
    keyboard.press(ESCAPE)
    terminal.wait_until(
        lambda: re.search(rf"{GOTO} +ok", terminal.text()) is not None, "the list is read"
    )
    return address


def test_the_demo_signs_in_too(home: None) -> None:
    with running(
        "demo", "--seed", "7", "--rate", "0", "--play", "goto-profiles=sign-in", columns=120
    ) as terminal:
        signed_in(Keyboard(terminal))
        leave(terminal)
    assert not profiles_path().exists()
    assert not tokens_path().exists()


def test_the_demo_keeps_its_profiles_in_memory(home: None, tmp_path: Path) -> None:
    with running("demo", "--seed", "7", "--rate", "0") as terminal:
        terminal.wait_for("5 profiles")
        keyboard = Keyboard(terminal)
        keyboard.press("P")
        terminal.wait_for("what is changed here ends with it")
        select(keyboard, IDENTITY)
        keyboard.press(ENTER)
        terminal.wait_for("Check and save")
        keyboard.go_to("name")
        keyboard.type("-two")
        keyboard.button()
        terminal.wait_for(f"▸ {IDENTITY}-two ")
        keyboard.press(ESCAPE)
        terminal.wait_until(lambda: f"● {IDENTITY}-two" in terminal.lines()[1], "the new name")
        leave(terminal)
    assert not profiles_path().exists()
