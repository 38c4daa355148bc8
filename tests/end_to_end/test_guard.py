"""The guard in a real pty: whatever ends or stops the program, the terminal is given back as it was found."""

from __future__ import annotations

import os
import select
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.end_to_end.guarded_app import CANARY
from tests.end_to_end.pty_terminal import CTRL_L, CTRL_Z, PtyTerminal

APP = [sys.executable, "-m", "tests.end_to_end.guarded_app"]
ENDING = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT]
LIMIT_SECONDS = 2.5


@contextmanager
def started(**options: Any) -> Iterator[PtyTerminal]:
    with PtyTerminal(APP, **options) as terminal:
        terminal.wait_for("count=0")
        yield terminal


@contextmanager
def stalled() -> Iterator[PtyTerminal]:
    """The app, with its loop stuck in writes to a terminal that does not read."""
    beats, beat = os.pipe()
    try:
        with PtyTerminal([*APP, "--beat", str(beat)], pass_fds=[beat]) as terminal:
            terminal.wait_for("count=0")
            terminal.send("f")
            while select.select([beats], [], [], 1.0)[0]:
                os.read(beats, 4096)  # until a second passes without a turn of the loop
            yield terminal
    finally:
        os.close(beats)
        os.close(beat)


def assert_given_back(terminal: PtyTerminal) -> None:
    assert terminal.attributes() == terminal.attributes_at_start
    assert terminal.modes.left_on() == set()


def seconds_since(start: float) -> float:
    return time.monotonic() - start


# -- signals -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_ends_the_program_and_gives_the_terminal_back(number: int) -> None:
    with started() as terminal:
        start = time.monotonic()
        terminal.signal(number)
        assert terminal.wait_exit() == 128 + number
        assert seconds_since(start) <= LIMIT_SECONDS
        assert_given_back(terminal)


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_ends_the_program_on_a_stalled_terminal(number: int) -> None:
    with stalled() as terminal:
        start = time.monotonic()
        terminal.signal(number)
        assert terminal.wait_exit(read=False) == 128 + number
        assert seconds_since(start) <= LIMIT_SECONDS
        assert terminal.attributes() == terminal.attributes_at_start
        # When the terminal reads again, it finds the reset instead of the frames it missed.
        terminal.drain()
        assert terminal.modes.left_on() == set()


def test_a_second_signal_does_not_wait_for_a_loop_that_hangs() -> None:
    with started() as terminal:
        terminal.send("b")
        terminal.wait_for("BLOCKED")
        start = time.monotonic()
        terminal.signal(signal.SIGTERM)
        terminal.signal(signal.SIGINT)
        assert terminal.wait_exit() in (128 + signal.SIGTERM, 128 + signal.SIGINT)
        assert seconds_since(start) < 1.5
        assert_given_back(terminal)


def test_a_second_signal_ends_a_stalled_program_at_once() -> None:
    with stalled() as terminal:
        terminal.signal(signal.SIGTERM)
        start = time.monotonic()
        terminal.signal(signal.SIGINT)
        terminal.wait_exit(read=False)
        assert seconds_since(start) < 1.5
        assert terminal.attributes() == terminal.attributes_at_start


def test_one_signal_ends_a_loop_that_hangs_when_the_time_is_up() -> None:
    with started() as terminal:
        terminal.send("b")
        terminal.wait_for("BLOCKED")
        start = time.monotonic()
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit() == 128 + signal.SIGTERM
        assert 1.5 < seconds_since(start) <= LIMIT_SECONDS
        assert_given_back(terminal)


def test_hangup_beside_another_signal_is_not_impatience() -> None:
    with started() as terminal:
        terminal.signal(signal.SIGHUP)
        terminal.signal(signal.SIGHUP)
        assert terminal.wait_exit() == 128 + signal.SIGHUP
        assert_given_back(terminal)


# -- the terminal goes away ----------------------------------------------------------------------------


@pytest.mark.parametrize("ignore", [[], ["HUP"]], ids=["", "nohup"])
def test_a_terminal_that_is_gone_ends_the_program(ignore: list[str]) -> None:
    with started(ignore=ignore) as terminal:
        used = terminal.cpu_seconds()
        start = time.monotonic()
        terminal.hang_up()
        assert terminal.wait_exit() == 128 + signal.SIGHUP
        assert seconds_since(start) <= LIMIT_SECONDS
        assert terminal.cpu_seconds_at_exit - used < 0.5


def test_a_terminal_that_goes_away_while_stalled_ends_the_program() -> None:
    with stalled() as terminal:
        start = time.monotonic()
        terminal.hang_up()
        assert terminal.wait_exit() == 128 + signal.SIGHUP
        assert seconds_since(start) <= LIMIT_SECONDS


def test_the_watch_neither_takes_keys_nor_time() -> None:
    with started() as terminal:
        for count in range(1, 51):
            terminal.send("i")
            terminal.wait_for(f"count={count} ")
        terminal.quiet_for(0.5)
        written, used = len(terminal.output), terminal.cpu_seconds()
        assert not terminal.pump(1.5), "an idle program wrote to its terminal"
        assert len(terminal.output) == written
        assert terminal.cpu_seconds() - used <= 0.05


# -- stopping and going on -----------------------------------------------------------------------------


def test_stopped_from_outside_and_continued() -> None:
    with started() as terminal:
        threads, cooked = terminal.threads(), terminal.attributes_at_start
        terminal.signal(signal.SIGSTOP)
        terminal.wait_until(lambda: terminal.stopped, "stopped")
        terminal.set_attributes(cooked)  # as the shell does
        terminal.screen.reset()
        terminal.signal(signal.SIGCONT)
        terminal.wait_for("count=0")
        assert terminal.is_raw()
        assert terminal.threads() == threads
        terminal.send("ii")
        terminal.wait_for("count=2 ")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert_given_back(terminal)


def test_continued_without_having_been_stopped() -> None:
    with started() as terminal:
        threads = terminal.threads()
        for count in (1, 2, 3):
            terminal.signal(signal.SIGCONT)
            terminal.send("i")
            terminal.wait_for(f"count={count} ")
        assert terminal.threads() == threads
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert_given_back(terminal)


def test_ctrl_z_where_nobody_could_continue_it_only_repaints() -> None:
    with started() as terminal:
        terminal.screen.reset()
        terminal.send(CTRL_Z)
        terminal.wait_for("count=0")
        terminal.send("i")
        terminal.wait_for("count=1 ")
        assert not terminal.stopped
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert_given_back(terminal)


BASH = shutil.which("bash")
SHELL = [
    BASH or "bash",
    "--norc",
    "--noprofile",
    "-i",
    "-b",
]  # -b: tells at once of a job that stops
PROMPT = {"PS1": "shell> ", "HISTFILE": None}


@pytest.mark.skipif(BASH is None, reason="needs a shell with job control")
def test_ctrl_z_bg_and_fg_under_a_shell() -> None:
    with PtyTerminal(SHELL, environ=PROMPT) as terminal:
        terminal.wait_for("shell>")
        terminal.send(" ".join(APP) + "\r")
        terminal.wait_for("count=0")
        terminal.send("i")
        terminal.wait_for("count=1 ")
        terminal.send(CTRL_Z)
        terminal.wait_until(lambda: "Stopped" in terminal.text(), "back at the shell")
        terminal.wait_until(lambda: terminal.modes.left_on() <= {"?2004 on"}, "a clean terminal")
        terminal.send("bg\r")
        terminal.wait_until(lambda: terminal.text().count("Stopped") == 2, "stopped again")
        terminal.resize(90, 20)
        terminal.send("fg\r")
        terminal.wait_for("count=1 size=90x20")
        terminal.send("i")
        terminal.wait_for("count=2 ")
        terminal.send("q")
        # The shell's line editor, not just its screen: keys sent before are thrown away by the leaving app.
        terminal.wait_until(lambda: terminal.modes.left_on() == {"?2004 on"}, "the prompt")
        terminal.send("echo code=$?\r")
        terminal.wait_for("code=0")
        terminal.send("exit\r")
        terminal.wait_exit()
        assert_given_back(terminal)


@pytest.mark.skipif(BASH is None, reason="needs a shell with job control")
def test_ctrl_z_under_a_launcher_stops_the_launcher_too() -> None:
    with PtyTerminal(SHELL, environ=PROMPT) as terminal:
        terminal.wait_for("shell>")
        terminal.send(f"sh -c '{' '.join(APP)}; echo inner=$?'\r")
        terminal.wait_for("count=0")
        terminal.send(CTRL_Z)
        terminal.wait_for("Stopped")
        assert terminal.modes.left_on() <= {"?2004 on"}
        terminal.send("fg\r")
        terminal.wait_for("count=0")
        terminal.send("q")
        terminal.wait_for("inner=0")


@pytest.mark.skipif(BASH is None, reason="needs a shell with job control")
def test_started_in_the_background_it_waits_for_the_foreground() -> None:
    with PtyTerminal(SHELL, environ=PROMPT) as terminal:
        terminal.wait_for("shell>")
        terminal.send(" ".join(APP) + " &\r")
        terminal.wait_for("Stopped")
        assert terminal.modes.left_on() <= {"?2004 on"}
        terminal.send("fg\r")
        terminal.wait_for("count=0")
        terminal.send("q")
        terminal.wait_until(lambda: terminal.modes.left_on() == {"?2004 on"}, "the prompt")


@pytest.mark.skipif(BASH is None, reason="needs a shell with job control")
def test_a_stopped_program_that_is_told_to_end_leaves_the_shell_its_terminal() -> None:
    with PtyTerminal(SHELL, environ=PROMPT) as terminal:
        terminal.wait_for("shell>")
        terminal.send(" ".join(APP) + "\r")
        terminal.wait_for("count=0")
        terminal.send(CTRL_Z)
        terminal.wait_for("Stopped")
        terminal.send("kill -TERM %1; kill -CONT %1; wait %1; echo code=$?\r")
        terminal.wait_for(f"code={128 + signal.SIGTERM}")
        assert terminal.modes.left_on() <= {"?2004 on"}  # which is the shell's own
        terminal.send("exit\r")
        terminal.wait_exit()
        assert_given_back(terminal)


def test_ctrl_l_sends_the_whole_screen_again() -> None:
    with started() as terminal:
        terminal.quiet_for(0.3)
        terminal.screen.reset()
        terminal.send(CTRL_L)
        terminal.wait_for("count=0")


# -- crashes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["c", "w"], ids=["handler", "worker"])
def test_a_crash_shows_where_and_no_values(key: str) -> None:
    with started() as terminal:
        terminal.send(key)
        assert terminal.wait_exit() == 1
        assert_given_back(terminal)
        left = bytes(terminal.output).rpartition(b"\x1b[?1049l")[2]
        assert b"KeyError" in left or b"ValueError" in left
        assert b"guarded_app.py" in left
        assert len(left) <= 1100  # 1000 and the last modes being put back
        assert CANARY.encode() not in terminal.output


def test_a_problem_of_our_own_is_quoted_clean() -> None:
    with started() as terminal:
        terminal.send("p")
        assert terminal.wait_exit() == 1
        assert "the ␛[31mvendor said no" in terminal.text()
        assert_given_back(terminal)


def test_leaving_before_the_screen_was_touched_writes_nothing() -> None:
    with PtyTerminal([*APP, "--fail-early"]) as terminal:
        assert terminal.wait_exit() == 3
        assert terminal.output == b""
        assert terminal.attributes() == terminal.attributes_at_start
