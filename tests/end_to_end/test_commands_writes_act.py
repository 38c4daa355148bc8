"""`act`: what is done, what is asked before, and what is not sent."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from tests.end_to_end.command_line import GOTO, TWILIO, bad, good
from tests.end_to_end.pty_terminal import PtyTerminal
from tests.end_to_end.writing import (
    CONTROL,
    IDENTITY,
    SEEIT,
    TUI,
    acted,
    made,
    opened,
    status_of,
    typed,
    writes,
)
from tui.simulator.server import Simulator

pytestmark = pytest.mark.usefixtures("home")

# --- act -----------------------------------------------------------------------------------------------------


def test_close_reopen_extend_delete(desk: Simulator) -> None:
    ref = opened()
    assert good("act", TWILIO, ref, "close", "--yes") == "Close: done; the session is ended\n"
    assert status_of(ref) == "ended"
    again = acted(TWILIO, ref, "close")
    assert (again["action"], again["session"]["status"]) == ("close", "ended")
    assert acted(TWILIO, ref, "reopen")["session"]["status"] == "active"
    extended = acted(TWILIO, ref, "extend", "--set", "by=30m")["session"]
    ahead = datetime.fromisoformat(extended["expires_at"]) - datetime.fromisoformat(
        extended["updated_at"]
    )
    assert 1790 <= ahead.total_seconds() <= 1810
    assert good("act", TWILIO, ref, "delete", "--yes") == "Delete: done\n"
    assert acted(TWILIO, ref, "delete")["session"] is None, "already gone is done"
    assert "knows no such thing" in bad(1, "show", TWILIO, ref)


def test_cancel_at_trinsic_and_again(desk: Simulator) -> None:
    ref = str(made(IDENTITY)["ref"])
    assert acted(IDENTITY, ref, "cancel")["session"]["status"] == "abandoned"
    again = acted(IDENTITY, ref, "cancel")["session"]
    assert again["status"] == "abandoned"
    assert again["fields"]["clientToken"] == "***"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((TWILIO, "KC1", "clse"), 'knows no action "clse"; did you mean "close"? (known: close,'),
        ((GOTO, "1", "close"), "offers no action"),
        ((SEEIT, "1", "close"), "offers no action"),
        ((CONTROL, "1", "close"), "offers no action"),
        ((TWILIO, "KC1", "extend"), "by is needed"),
        ((TWILIO, "KC1", "extend", "--set", "bye=1h"), "did you mean by?"),
        ((TWILIO, "KC1", "close", "--set", "by=1h"), "there is nothing to fill in here"),
        ((TWILIO, "", "close"), "the id is empty"),
        (("nobody", "KC1", "close"), "there is no profile"),
    ],
)
def test_what_cannot_be_done_is_2_and_nothing_is_sent(
    desk: Simulator, words: tuple[str, ...], said: str
) -> None:
    assert said in bad(2, "act", *words, "--yes")
    assert desk.requests.all() == []


def test_without_a_terminal_yes_must_be_said(desk: Simulator) -> None:
    assert "say --yes" in bad(2, "act", TWILIO, "KC" + "0" * 32, "close")
    result = typed("yes\n", "act", TWILIO, "KC" + "0" * 32, "close")
    assert result.returncode == 2, "a pipe is nobody"
    assert b"say --yes" in result.stderr
    assert desk.requests.all() == []


@pytest.mark.parametrize(
    ("answer", "code", "after"),
    [
        ("yes\r", 0, "ended"),
        (" yes \r", 0, "ended"),
        ("no\r", 2, "waiting"),
        ("y\r", 2, "waiting"),
        ("\r", 2, "waiting"),
        ("\x04", 2, "waiting"),
        (b"\xff\xfe\r", 2, "waiting"),
        ("\x03", 130, "waiting"),
    ],
    ids=["yes", "blanks", "no", "y", "empty", "eof", "bytes", "interrupt"],
)
def test_the_question_on_a_terminal(
    desk: Simulator, answer: str | bytes, code: int, after: str
) -> None:
    ref = opened()
    desk.requests.clear()
    with PtyTerminal([*TUI, "act", TWILIO, ref, "close"], columns=200) as terminal:
        terminal.wait_for("type yes to do it:")
        text = terminal.text()
        assert f"Close session {ref} at {TWILIO} (twilio-proxy)" in text
        assert "stop at once" in text
        assert desk.requests.all() == []
        terminal.send(answer)
        assert terminal.wait_exit() == code
        text = terminal.text()
    assert ("nothing was done" in text) == (code == 2)
    assert ("Close: done; the session is ended" in text) == (code == 0)
    assert re.search(r"^sessiontop: nothing was done", text, re.MULTILINE) or code != 2
    assert len(writes(desk)) == (code == 0)
    assert status_of(ref) == after


def test_a_question_that_nobody_would_see_is_not_asked(desk: Simulator, tmp_path: Path) -> None:
    said = tmp_path / "said"
    with PtyTerminal([*TUI, "act", TWILIO, "KC1", "close"], stderr=str(said)) as terminal:
        assert terminal.wait_exit() == 2
    assert "say --yes" in said.read_text()
    assert desk.requests.all() == []


def test_a_hostile_id_in_the_question_stays_text(desk: Simulator) -> None:
    argv = [*TUI, "act", TWILIO, "KC\x1b[2J\x1b]0;gone\x07[red]", "close"]
    with PtyTerminal(argv, columns=200) as terminal:
        terminal.wait_for("type yes to do it:")
        assert b"\x1b[2J" not in terminal.output
        assert b"\x1b]0;" not in terminal.output
        assert "[red]" in terminal.text()
        terminal.send("\r")
        assert terminal.wait_exit() == 2
