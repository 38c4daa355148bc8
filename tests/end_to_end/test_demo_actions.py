"""Acting on sessions in a real terminal, over the simulator: with the keys that a person would press."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.pty_terminal import PtyTerminal
from tests.end_to_end.test_demo import restored, settled

DEMO = (sys.executable, "-m", "tui", "demo", "--seed", "7", "--sessions", "80", "--rate", "0")
# The pause after which a key may answer: nothing is written meanwhile, so that reading is waiting.
PAUSE = 0.45


def start(folder: Path, *more: str) -> PtyTerminal:
    return PtyTerminal((*DEMO, *more), columns=120, rows=40, cwd=folder)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[PtyTerminal]:
    with start(tmp_path) as terminal:
        settled(terminal)
        yield terminal


def find(terminal: PtyTerminal, words: str) -> None:
    terminal.send(f"/{words}\r")
    terminal.wait_for(f'matching "{words}"')
    terminal.send("g")
    terminal.quiet_for(0.3)


def press(terminal: PtyTerminal, keys: str, until: str) -> int:
    """Presses keys, waits for what they show, and returns how many they were."""
    terminal.send(keys)
    terminal.wait_for(until)
    return len(keys)


def after_a_pause(terminal: PtyTerminal, keys: str, until: str) -> int:
    terminal.quiet_for(PAUSE)
    return press(terminal, keys, until)


def leave(terminal: PtyTerminal) -> None:
    terminal.send("q")
    assert terminal.wait_exit() == 0
    assert restored(terminal)


def test_close_one_in_two_keys(demo: PtyTerminal) -> None:
    find(demo, "twilio-proxy active")
    before = re.search(r"(\d+) sessions? ", demo.text())
    assert before is not None
    count = press(demo, "x", "Close this session?")
    demo.wait_for("Twilio Proxy")
    demo.wait_for("stop at once")
    count += after_a_pause(demo, "y", ": done: it is ended now")
    assert count == 2
    demo.wait_until(lambda: f"{int(before[1]) - 1} session" in demo.text(), "one row less")
    demo.send("L")
    demo.wait_for("write: close")
    demo.send("/write:\r")
    demo.wait_for('matching "write:"')
    demo.wait_until(lambda: "list sessions" not in demo.text(), "writes alone")
    leave(demo)


def test_extend_one_by_thirty_minutes_in_seven_keys(demo: PtyTerminal) -> None:
    find(demo, "twilio-proxy active")
    count = press(demo, "a", "Actions on ")
    count += press(demo, "3", "how much longer")
    count += press(demo, "30m", "would end at ")
    count += press(demo, "\r", "Extend this session?")
    demo.wait_for("would end at ")
    count += after_a_pause(demo, "y", "Extend, ")
    assert count == 7
    demo.wait_for(": done: it is active now")
    leave(demo)


def test_cancel_three_marked_in_eight_keys(demo: PtyTerminal) -> None:
    find(demo, "trinsic-connect")
    count = press(demo, "   ", "3 marked")
    count += press(demo, "x", "Cancel 3 sessions?")
    demo.wait_for("This cannot be undone. Type yes")
    count += after_a_pause(demo, "yes", "Enter: yes")
    count += after_a_pause(demo, "\r", "outcomes")
    assert count == 8
    demo.wait_for("3 done")
    assert demo.text().count("it is abandoned now") == 3
    demo.send("\x1b")
    demo.wait_until(lambda: "outcomes" not in demo.text(), "the queue again")
    assert "marked" not in demo.text()
    leave(demo)


def test_delete_one_in_six_keys(demo: PtyTerminal) -> None:
    find(demo, "twilio-proxy active")
    demo.send("y")
    demo.wait_for("id sent to the terminal: ")
    told = re.search(r"sent to the terminal: (\S+)", demo.text())
    assert told is not None
    count = press(demo, "a", "Actions on ")
    count += press(demo, "5", "Delete this session?")
    demo.wait_for("Twilio Proxy")
    count += after_a_pause(demo, "yes", "Enter: yes")
    count += after_a_pause(demo, "\r", "Delete, ")
    assert count == 6
    demo.wait_for(": done")
    demo.wait_for("– gone")
    demo.send("o")
    demo.wait_for("Open a session by its id or token")
    demo.send(f"{told[1]}\r")
    demo.wait_for(f'has no session "{told[1]}"')
    leave(demo)


def test_a_paste_writes_nothing(demo: PtyTerminal) -> None:
    find(demo, "twilio-proxy active")
    demo.send("x\ry\rx\ry\r")
    demo.wait_for("too soon after another key")
    demo.quiet_for(PAUSE)
    demo.send("\x1b[200~y\ry\r\x1b[201~")
    demo.quiet_for(PAUSE)
    demo.wait_for("Close this session?")
    demo.send("\x1b")
    demo.wait_for("nothing was done")
    demo.send("L")
    demo.wait_for("event log")
    demo.send("/kind:write\r")
    demo.wait_for("nothing matches")
    leave(demo)


def test_read_only_sends_nothing(tmp_path: Path) -> None:
    with start(tmp_path, "--read-only") as terminal:
        settled(terminal)
        find(terminal, "twilio-proxy active")
        press(terminal, "x", "sessiontop runs with --read-only")
        press(terminal, "a", "Actions on ")
        for number in "12345":
            terminal.send(number)
        terminal.wait_for("Delete: sessiontop runs with --read-only")
        terminal.send("\x1b")
        terminal.wait_until(lambda: "Actions on" not in terminal.text(), "the queue again")
        leave(terminal)


def test_export_the_view_and_a_transcript(demo: PtyTerminal, tmp_path: Path) -> None:
    demo.send("e")
    demo.wait_for("to a new file")
    demo.send("\r")
    demo.wait_for("written to ")
    (rows,) = tmp_path.glob("sessiontop-live-*.jsonl")
    assert rows.stat().st_mode & 0o777 == 0o600
    assert all(json.loads(row)["status"] for row in rows.read_text().splitlines())
    find(demo, "chat active")
    demo.send("t")
    demo.wait_until(lambda: re.search(r"\d+ entr", demo.text()) is not None, "the entries")
    for said in ("written to ", "that file is there already"):
        demo.send("e")
        demo.wait_for("Write the transcript")
        demo.send("\r")
        demo.wait_for(said)
    (talk,) = tmp_path.glob("transcript-*.md")
    assert talk.read_text().startswith("# Session ")
    assert talk.stat().st_mode & 0o777 == 0o600
    leave(demo)
