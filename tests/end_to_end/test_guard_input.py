"""A real pty again: input that no keyboard sends, terminals that cannot, and the way back after the worst."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.pty_terminal import PtyTerminal
from tests.end_to_end.test_guard import APP, assert_given_back, started

# -- input ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        b"\xe9",
        b"\xff\xfe",
        b"\x1b[M \xf0\xf0",
        b"\x1b[99999999u",
        b"\x1b[55296u",
        b"\x1b[48;99999;99999;9;9t",
        b"\x1b[48;0;0;0;0t\x1b[<0;5;5M",
        b"\x1b[?2048;2$y",
        b"\x1b[<0;99999;99999M",
        b"\x1b[200~ab\x1b]52;c;eA==\x07\x1b[201~",  # Textual alone makes the key c of it
        b"\x1b]11;rgb:cccc/cccc/cccc\x1b\\\x1b[?62;22c",
        b"\x1bP>|c(1)\x1b\\",
    ],
    ids=repr,
)
def test_input_no_keyboard_sends_is_survived(typed: bytes) -> None:
    with started() as terminal:
        terminal.send(typed)
        terminal.wait_until(lambda: answered(terminal), "an answer to the key")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert_given_back(terminal)


def answered(terminal: PtyTerminal) -> bool:
    """Whether the key `i` counts. Sent again until it does: the input before it may have swallowed one."""
    if "count=0" in terminal.text():
        terminal.send("i")
        terminal.pump(0.3)
    return "count=0" not in terminal.text()


def test_a_resize_reaches_the_app() -> None:
    with started() as terminal:
        terminal.resize(120, 40)
        terminal.wait_for("size=120x40")
        assert not terminal.modes.is_on(2048)


# -- refusals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"stdin": "/dev/null"}, "standard input is not a terminal"),
        ({"stdin": "closed"}, "standard input is closed"),
        ({"environ": {"TERM": "dumb"}}, "TERM=dumb cannot"),
        ({"environ": {"TERM": "unknown"}}, "TERM=unknown cannot"),
        ({"environ": {"TERM": None, "COLORTERM": None}}, "TERM is not set"),
    ],
)
def test_what_cannot_work_is_refused_in_one_line(options: dict[str, Any], reason: str) -> None:
    with PtyTerminal(APP, columns=200, **options) as terminal:
        assert terminal.wait_exit() == 2
        text = terminal.output.decode()
        assert text.count("\n") == 1
        assert reason in text
        assert "`sessiontop sessions`" in text
        assert "\x1b" not in text


def test_a_screen_that_would_go_into_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "errors"
    with PtyTerminal(APP, stderr=str(file)) as terminal:
        assert terminal.wait_exit() == 2
    assert "standard error is not a terminal" in file.read_text()


# -- after the worst -----------------------------------------------------------------------------------

MESS = "import os, tty; tty.setraw(0); os.write(1, b'\\x1b[?1049h\\x1b[?1003h\\x1b[?2004h\\x1b[>25u\\x1b[?25l')"
MEND = "from tui.terminal.reset import reset_terminal; reset_terminal()"


def test_reset_terminal_mends_what_a_killed_program_left() -> None:
    with PtyTerminal([sys.executable, "-c", f"{MESS}; input(); {MEND}; input()"]) as terminal:
        terminal.wait_until(lambda: terminal.modes.alternate, "the mess")
        assert terminal.is_raw()
        terminal.send("\n")
        terminal.wait_until(lambda: terminal.modes.left_on() == set(), "the modes put back")
        assert terminal.attributes() == terminal.attributes_at_start
        terminal.send("\n")
        assert terminal.wait_exit() == 0
