"""A new session with the keys that a person would press, in a real terminal over the simulated vendors."""

from __future__ import annotations

import re
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.command_line import GOTO, TWILIO, changed
from tests.end_to_end.pty_terminal import ENTER, ESCAPE, PtyTerminal
from tests.end_to_end.writing import CONTROL, PROVIDERS, SEEIT, TUI, status_of, writes
from tui.profiles.paths import config_dir, state_dir
from tui.simulator.server import Simulator

pytestmark = pytest.mark.usefixtures("home", "desk")

FEW = 10
"""A caller is on the phone: this many keys are too many."""


class Keyboard:
    """Presses keys one by one and counts them."""

    def __init__(self, terminal: PtyTerminal) -> None:
        self._terminal = terminal
        self.count = 0

    def press(self, key: str) -> None:
        self._terminal.send(key)
        self.count += 1


@contextmanager
def watch(*options: str, columns: int = 80, rows: int = 24) -> Iterator[PtyTerminal]:
    """The program on the user's own store, with every profile's list read."""
    with PtyTerminal([*TUI, "watch", *options], columns=columns, rows=rows) as terminal:
        wanted = {name for name in PROVIDERS if name in options} or set(PROVIDERS)
        terminal.wait_until(
            lambda: set(re.findall(r"[●*] ([\w-]+)", terminal.lines()[1])) >= wanted,
            "every vendor's answer",
        )
        yield terminal


def found(terminal: PtyTerminal, pattern: str) -> str:
    """Waits for a line that matches, and gives its first group."""
    seek = re.compile(pattern, re.M)
    terminal.wait_until(lambda: seek.search(terminal.text()) is not None, pattern)
    match = seek.search(terminal.text())
    assert match is not None
    return match[1]


def posts(simulator: Simulator) -> int:
    """How many creates the vendors have seen. Trinsic's list is a POST too."""
    return len([seen for seen in writes(simulator) if "list" not in seen.path.lower()])


def test_a_support_key_in_three_keys(desk: Simulator) -> None:
    with watch("--profile", SEEIT) as terminal:
        keyboard = Keyboard(terminal)
        keyboard.press("n")
        terminal.wait_for("nothing to fill in")
        keyboard.press(ENTER)
        terminal.wait_for("support key, for the customer's app")
        assert keyboard.count == 2 < FEW
        key = found(terminal, r"^ +(\d{3}-\d{3}-\d{3})$")
        found(terminal, r"(https?://\S+)")
        terminal.send("y")
        terminal.wait_for(f"sent to the terminal: {key}")
        assert b"\x1b]52;c;" in terminal.output
    assert posts(desk) == 1


def test_a_masked_number_session_among_five_profiles(desk: Simulator) -> None:
    with watch(columns=120, rows=40) as terminal:
        keyboard = Keyboard(terminal)
        keyboard.press("n")
        terminal.wait_for("Create it with which profile?")
        rows = [re.sub(r"[^\w-]*([\w-]+) .*", r"\1", row) for row in terminal.lines()]
        names = [row for row in rows if row in PROVIDERS]
        chosen = next(row for row in terminal.lines() if "▸" in row)
        here = next(at for at, name in enumerate(names) if f"▸ {name} " in chosen)
        for _ in range((names.index(TWILIO) - here) % len(names)):
            keyboard.press("j")
        terminal.wait_for(f"▸ {TWILIO}")
        keyboard.press(ENTER)
        terminal.wait_for("New masked-number session")
        keyboard.press(ENTER)
        terminal.wait_for("It is in the list, as waiting, and selected there.")
        assert keyboard.count < FEW, keyboard.count
        session = found(terminal, r"\b(KC[0-9a-f]{32})\b")
        terminal.send(ESCAPE)
        terminal.wait_for("view: live")
        terminal.send("y")
        terminal.wait_for(f"sent to the terminal: {session}")
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert posts(desk) == 1
    assert status_of(session) == "waiting"


def test_the_numbers_that_each_side_calls(desk: Simulator) -> None:
    with watch("--profile", TWILIO) as terminal:
        terminal.send("n")
        terminal.wait_for("New masked-number session")
        terminal.send("+1 415 555 01 23=Ana")
        terminal.wait_for("+1 415 555 01 23=Ana")
        terminal.send("\t+1 415 555 01 24=Courier")
        terminal.wait_for("=Courier")
        terminal.send(ENTER)
        terminal.wait_for("▸ [ Create at")
        terminal.quiet_for(0.5)
        terminal.send(ENTER)
        terminal.wait_for("Ana calls")
        terminal.wait_for("Courier calls")
    assert posts(desk) == 1


def test_a_text_of_several_lines(desk: Simulator) -> None:
    with watch("--profile", CONTROL) as terminal:
        terminal.send("n")
        terminal.wait_for("New Take Control session")
        terminal.send("\t\t\t\tfirst line\x0esecond line")
        found(terminal, r"Problem +(first line)_")
        found(terminal, r"^ {10,}(second line)")


def test_three_enters_in_one_piece_are_one_request(desk: Simulator) -> None:
    with watch("--profile", TWILIO) as terminal:
        terminal.send("n")
        terminal.wait_for("New masked-number session")
        terminal.send(ENTER * 3)
        terminal.wait_for("It is in the list")
        terminal.quiet_for(1.0)
        assert "It is in the list" in terminal.text(), "nor do they take the answer away"
    assert posts(desk) == 1


def test_all_the_keys_in_one_piece(desk: Simulator) -> None:
    """Over a slow link everything that was typed comes at once."""
    with watch("--profile", SEEIT) as terminal:
        terminal.send(f"n{ENTER}{ENTER}{ENTER}")
        terminal.wait_for("support key, for the customer's app")
        terminal.quiet_for(1.0)
    assert posts(desk) == 1


@pytest.mark.parametrize("bracketed", [True, False])
def test_a_paste_with_line_breaks_sends_nothing(desk: Simulator, bracketed: bool) -> None:
    text = "Ana Lindqvist\rsecond line\r\r\r"
    with watch("--profile", GOTO) as terminal:
        terminal.send("n")
        terminal.wait_for("New screen-sharing session")
        terminal.send(f"\x1b[200~{text}\x1b[201~" if bracketed else text)
        terminal.wait_for("second line")
        terminal.quiet_for(0.5)
        assert posts(desk) == 0
        terminal.send(ENTER)
        if bracketed:
            terminal.wait_for("▸ [ Create at")
            assert posts(desk) == 0
            terminal.quiet_for(0.5)
            terminal.send(ENTER)
        terminal.wait_for("technician's launch link")
    assert posts(desk) == 1


def test_leaving_does_not_end_it(desk: Simulator) -> None:
    """The vendor takes the request and says nothing until the deadline."""
    with watch("--profile", SEEIT) as terminal:
        terminal.send("n")
        terminal.wait_for("nothing to fill in")
        desk.play("fault", "goto-seeit:stall")
        terminal.send(ENTER)
        terminal.wait_for("sending to seeit: Esc leaves")
        terminal.send(ESCAPE)
        terminal.wait_for("view: live")
        terminal.wait_for("sending to seeit")
        terminal.wait_for("n shows it", timeout=60)
        desk.play("fault", "none")
        terminal.send("n")
        terminal.wait_for("Whether the session was created is not known")
    assert posts(desk) == 1


def test_a_lost_answer_is_told_as_unknown_and_not_sent_again(desk: Simulator) -> None:
    with watch("--profile", TWILIO) as terminal:
        terminal.send("n")
        terminal.wait_for("New masked-number session")
        desk.play("fault", "twilio-proxy:reset")
        terminal.send(ENTER)
        terminal.wait_for("Whether the session was created is not known")
        terminal.send(ENTER * 3)
        terminal.quiet_for(1.0)
        desk.play("fault", "none")
    assert posts(desk) == 1


def test_a_refusal_comes_in_the_vendors_words_and_keeps_the_form(desk: Simulator) -> None:
    with watch("--profile", TWILIO, rows=30) as terminal:
        # The same name with another life: the very same once more would not be sent at all.
        for life in ("1h", "2h"):
            terminal.send("n")
            terminal.wait_for("New masked-number session")
            terminal.send(f"\t\t\ttwice-1\t\t{life}")
            terminal.wait_for(f"Time to live   {life}")
            terminal.send(ENTER)
            terminal.wait_for("▸ [ Create at")
            terminal.quiet_for(0.5)
            terminal.send(ENTER)
            terminal.wait_until(
                lambda: "It is in the list" in terminal.text() or "Refused" in terminal.text(),
                "an answer",
            )
            if "Refused" not in terminal.text():
                terminal.send(ESCAPE)
                terminal.wait_for("view: live")
        assert "80603" in terminal.text()
        assert re.search(r"▸ Unique name +twice-1", terminal.text())
    assert posts(desk) == 2


def test_nobody_there_is_not_sent_and_said_to_be_safe(desk: Simulator) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        changed(desk, SEEIT, base_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        with PtyTerminal([*TUI, "watch", "--profile", SEEIT]) as terminal:
            terminal.wait_for("connection refused")
            terminal.send("n")
            terminal.wait_for("nothing to fill in")
            terminal.send(ENTER)
            terminal.wait_for("Not sent: the vendor was not reached")
            terminal.wait_for("It is safe to try again")
    assert posts(desk) == 0


def test_the_last_profile_is_offered_first_the_next_time(desk: Simulator) -> None:
    with watch("--profile", SEEIT) as terminal:
        terminal.send(f"n{ENTER}{ENTER}")
        terminal.wait_for("support key")
    kept = state_dir() / "remembered.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with watch() as terminal:
        terminal.send("n")
        terminal.wait_for(f"▸ {SEEIT}")


def configured(text: str) -> Path:
    path = config_dir() / "config.toml"
    path.write_text(text)
    return path


def test_the_users_own_file(desk: Simulator) -> None:
    path = configured(
        'view = "all"\ntheme = "ansi-light"\n[keys]\n"queue.create" = "c"\n'
        f'[create.{TWILIO}]\nunique_name = "from-config"\nmode = "voice-only"\n'
    )
    before = path.read_bytes()
    with watch("--profile", TWILIO) as terminal:
        terminal.wait_for("view: all")
        terminal.wait_for("c new")
        terminal.send("c")
        terminal.wait_for("from-config")
        terminal.wait_for("● voice-only")
        terminal.send(ENTER)
        terminal.wait_for("from-config")
        terminal.wait_for("It is in the list")
    assert status_of("from-config") == "waiting"
    assert path.read_bytes() == before


def test_the_command_line_goes_before_the_file(desk: Simulator) -> None:
    configured('view = "all"\n')
    with watch("--view", "waiting") as terminal:
        terminal.wait_for("view: waiting")


def test_a_file_with_mistakes_keeps_nothing_from_starting(desk: Simulator) -> None:
    configured('veiw = "all"\n[keys]\n"queue.refesh" = "f5"\n')
    with watch(columns=240) as terminal:
        terminal.wait_for("view: live")
        terminal.wait_for("2 mistakes in config.toml: L says which")
        terminal.send("L")
        terminal.wait_for('config.toml:1: veiw: unknown key; did you mean "view"?')
        terminal.wait_for('did you mean "queue.refresh"?')


def test_a_profile_that_may_not_write_is_greyed(desk: Simulator) -> None:
    changed(desk, SEEIT, read_only=True)
    with watch() as terminal:
        terminal.send("n")
        terminal.wait_for("read-only")
    assert posts(desk) == 0
