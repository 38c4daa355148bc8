"""Writes without an answer and pending sessions, with the keys that a person would press, over simulated vendors."""

from __future__ import annotations

import signal

import pytest

from tests.end_to_end.command_line import GOTO, TWILIO
from tests.end_to_end.pty_terminal import ENTER, ESCAPE, PtyTerminal
from tests.end_to_end.test_new_session import found, posts, watch
from tests.end_to_end.writing import CONTROL, IDENTITY, PROVIDERS, SEEIT, status_of
from tui.simulator.server import Simulator

pytestmark = pytest.mark.usefixtures("home", "desk")
FAULTS = ("lost", "lost-500", "lost-reset", "lost-stall")
UNKNOWN = "1 write of unknown outcome: w"
# What the engine waits before it believes that a lost write cannot be carried out any more.
LATE = 60.0


def lose(terminal: PtyTerminal, desk: Simulator, profile: str, fault: str) -> None:
    """`n` and Enter, done by the vendor, and the answer is lost."""
    terminal.send("n")
    terminal.wait_for("creates a session")
    desk.play("fault", f"{PROVIDERS[profile]}:{fault}")
    desk.requests.clear()
    terminal.send(ENTER)
    desk.wait_for_request(_creates, 20.0)
    _wait_for_any(terminal, "Whether the session was created is not known", "Found: it was")
    desk.play("fault", "none")


def _creates(seen: object) -> bool:
    path, method = getattr(seen, "path", ""), getattr(seen, "method", "")
    return method == "POST" and "list" not in path.lower()


def _wait_for_any(terminal: PtyTerminal, *texts: str, timeout: float = LATE) -> None:
    terminal.wait_until(
        lambda: any(text in terminal.text() for text in texts), " or ".join(texts), timeout=timeout
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_twilio_is_found_by_itself_and_becomes_the_result(desk: Simulator, fault: str) -> None:
    with watch("--profile", TWILIO) as terminal:
        lose(terminal, desk, TWILIO, fault)
        terminal.wait_for("Found: it was created at proxy-eu", timeout=LATE)
        session = found(terminal, r"\b(KC[0-9a-f]{32})\b")
        terminal.send(ESCAPE)
        terminal.wait_for("view: live")
        terminal.wait_until(lambda: "outcome" not in terminal.lines()[0], "no notice any more")
        terminal.send("L")
        terminal.wait_for("found")
    assert posts(desk) == 1
    assert status_of(session) == "waiting"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("profile", [SEEIT, IDENTITY, CONTROL])
def test_where_nothing_names_it_the_operator_chooses(
    desk: Simulator, profile: str, fault: str
) -> None:
    if profile == SEEIT:
        desk.play("seeit-settle", "none")
    with watch("--profile", profile, columns=100, rows=30) as terminal:
        lose(terminal, desk, profile, fault)
        terminal.wait_for("1 session may be it", timeout=LATE)
        terminal.send("w")
        terminal.wait_for("writes of unknown outcome")
        terminal.quiet_for(0.5)
        terminal.send("j")
        terminal.quiet_for(0.5)
        terminal.send("m")
        terminal.wait_for("Is this the session that it made?")
        terminal.quiet_for(0.5)
        terminal.send("y")
        terminal.wait_for("found: it was created")
        terminal.send(ESCAPE)
        terminal.wait_for("Found: it was created at")
        terminal.send(ESCAPE)
        terminal.wait_for("view: live")
        terminal.wait_until(lambda: "write" not in terminal.lines()[0], "no notice any more")
    assert posts(desk) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_remote_support_is_found_once_it_is_started(desk: Simulator, fault: str) -> None:
    with watch("--profile", GOTO) as terminal:
        lose(terminal, desk, GOTO, fault)
        launched(desk)
        terminal.wait_for("Found: it was created at goto-desk", timeout=LATE)
        found(terminal, r"(https?://\S+)")
    assert posts(desk) == 1


def launched(desk: Simulator) -> None:
    """The technician opens the launch link of the newest session."""
    with desk.desk.lock:
        session = desk.desk.launched.oldest()
        desk.desk.start(session, desk.desk.time)


def test_after_kill_9_it_is_told_and_can_be_dropped(desk: Simulator) -> None:
    with watch("--profile", SEEIT) as terminal:
        terminal.send("n")
        terminal.wait_for("creates a session")
        desk.play("fault", "goto-seeit:lost-stall")
        desk.requests.clear()
        terminal.send(ENTER)
        desk.wait_for_request(_creates, 20.0)
        terminal.signal(signal.SIGKILL)
        terminal.wait_exit()
    desk.play("fault", "none")
    sent = posts(desk)
    with watch("--profile", SEEIT) as terminal:
        terminal.wait_for(UNKNOWN)
        terminal.send("w")
        terminal.wait_for("create at seeit")
        terminal.quiet_for(0.5)
        terminal.send("s")
        terminal.wait_for("Send it again?")
        terminal.quiet_for(0.5)
        terminal.send("y")
        terminal.wait_for("What was typed then is kept nowhere")
        terminal.send(ESCAPE)
        terminal.wait_for("create at seeit")
        terminal.send("d")
        terminal.wait_for("Take it out of the list?")
        terminal.quiet_for(0.5)
        terminal.send("y")
        terminal.wait_for("Every write has a known outcome.")
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert posts(desk) == sent == 1, "nothing was sent again"
    with watch("--profile", SEEIT) as terminal:
        terminal.quiet_for(1.0)
        assert "unknown" not in terminal.lines()[0]


def test_a_pending_row_becomes_the_real_one_and_the_selection_follows(desk: Simulator) -> None:
    with watch("--profile", GOTO) as terminal:
        terminal.send("n")
        terminal.wait_for("New screen-sharing session")
        terminal.send("Zora Pending")
        terminal.wait_for("Zora Pending")
        terminal.send(ENTER)
        terminal.wait_for("▸ [ Create at")
        terminal.quiet_for(0.5)
        terminal.send(ENTER)
        terminal.wait_for("technician's launch link")
        found(terminal, r"(https://launch\S+)")
        terminal.send(ESCAPE)
        terminal.wait_for("view: live")
        found(terminal, r"(◌ pending +goto-rs +Zora Pending)")
        terminal.send(ENTER)
        terminal.wait_for("Pending: the vendor gives it an id of its own")
        terminal.send(ESCAPE)
        terminal.wait_for("view: live")
        launched(desk)
        terminal.wait_until(lambda: "◌ pending" not in terminal.text(), "the real row", LATE)
        terminal.send(ENTER)
        terminal.wait_for("Zora Pending")
        found(terminal, r"join +(https?://\S+)")
    assert posts(desk) == 1


def test_seeit_answers_409_right_after_the_create(desk: Simulator) -> None:
    desk.play("seeit-settle", "2s")
    with watch("--profile", SEEIT) as terminal:
        terminal.send("n")
        terminal.wait_for("creates a session")
        terminal.send(ENTER)
        terminal.wait_for("support key, for the customer's app")
        terminal.wait_for("It is in the list now", timeout=LATE)
    assert posts(desk) == 1
