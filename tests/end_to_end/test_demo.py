"""The whole program in a real terminal: the demo, driven with the keys that a person would press."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.pty_terminal import PtyTerminal

DEMO = (sys.executable, "-m", "tui", "demo", "--seed", "7", "--sessions", "60")
STILL = (*DEMO, "--rate", "0")


NAMES = {"proxy-eu", "goto-desk", "identity", "seeit", "control"}


def start(*more: str, columns: int = 80, rows: int = 24, rate: str = "0") -> PtyTerminal:
    return PtyTerminal((*DEMO, "--rate", rate, *more), columns=columns, rows=rows)


@pytest.fixture
def demo() -> Iterator[PtyTerminal]:
    with start() as terminal:
        settled(terminal)
        yield terminal


def settled(terminal: PtyTerminal) -> None:
    """All vendors answered and the first rows are there."""
    terminal.wait_until(lambda: well(terminal) >= NAMES, "every vendor's answer")
    terminal.wait_until(lambda: live(terminal) > 0, "live sessions")


def well(terminal: PtyTerminal) -> set[str]:
    """The profiles that the second line calls well."""
    return set(re.findall(r"[●*] ([\w-]+)", terminal.lines()[1]))


def live(terminal: PtyTerminal) -> int:
    """The number of live sessions that the first line tells."""
    told = re.search(r"(\d+) live", terminal.lines()[0])
    return int(told[1]) if told else 0


def restored(terminal: PtyTerminal) -> bool:
    return (
        terminal.modes.left_on() == set() and terminal.attributes() == terminal.attributes_at_start
    )


def test_watch_move_filter_open_read_and_quit(demo: PtyTerminal) -> None:
    demo.quiet_for(1.0)
    first = demo.lines()[3][:50]
    demo.send("j")
    demo.send("k")
    demo.send("/chat")
    demo.wait_for("/chat")
    demo.send("\r")
    demo.wait_for('matching "chat"')
    demo.send("\r")
    demo.wait_for("› goto-desk ›")
    demo.wait_for("customer")
    demo.send("t")
    demo.wait_for("› transcript")
    demo.wait_until(lambda: re.search(r"\d+ entr", demo.text()) is not None, "the entries")
    demo.send("\x1b")
    demo.wait_until(lambda: "› transcript" not in demo.text(), "the detail again")
    demo.send("\x1b")
    demo.wait_for('matching "chat"')
    demo.send("\x1b")
    demo.wait_until(lambda: "matching" not in demo.text(), "the whole list again")
    demo.wait_until(lambda: demo.lines()[3][11:50] == first[11:], "the first row again")
    demo.send("q")
    assert demo.wait_exit() == 0
    assert restored(demo)


def test_log_and_help_from_anywhere(demo: PtyTerminal) -> None:
    demo.send("L")
    demo.wait_for("event log")
    demo.wait_for(" 200 ")
    demo.send("?")
    demo.wait_for("› help")
    demo.send("\x1b")
    demo.wait_for("event log")
    demo.send("\x1b")
    demo.wait_for("view: live")
    demo.send("q")
    assert demo.wait_exit() == 0


def test_a_session_is_opened_by_its_id_with_the_keys(demo: PtyTerminal) -> None:
    demo.send("o")
    demo.wait_for("Open a session by its id or token")
    demo.send("no-such-session\r")
    demo.wait_for('has no session "no-such-session"')
    demo.send("gy")
    demo.wait_for("id sent to the terminal: ")
    told = re.search(r"sent to the terminal: (\S+)", demo.text())
    assert told is not None
    assert b"\x1b]52;c;" in demo.output
    demo.send("o")
    demo.wait_for("Open a session by its id or token")
    demo.send(f"{told[1]}\r")
    demo.wait_for("› goto-desk ›")
    demo.wait_until(lambda: any(told[1] in row for row in demo.lines()), "the session's id")
    demo.send("q")
    assert demo.wait_exit() == 0


def test_nothing_changes_nothing_is_sent(demo: PtyTerminal) -> None:
    """With one old session in sight, two polls of each vendor come and go without a byte. Its age steps once a
    minute, so that one of two windows is still."""

    def old_rows() -> list[str]:
        return [
            found[1]
            for line in demo.lines()
            if (found := re.search(r"active +\S+ +(\w+) .* \d\dm$", line))
        ]

    demo.wait_until(lambda: bool(old_rows()), "an old session")
    name = old_rows()[0]
    demo.send(f"/{name}\r")
    demo.wait_for(f'matching "{name}"')
    demo.quiet_for(2.0, timeout=60)

    def bytes_in_a_window() -> int:
        before = len(demo.output)
        with contextlib.suppress(AssertionError):
            demo.quiet_for(11.0, timeout=11.0)
        return len(demo.output) - before

    assert 0 in (bytes_in_a_window(), bytes_in_a_window())


def test_sessions_arrive_by_themselves() -> None:
    with start(rate="600") as terminal:
        settled(terminal)
        first = terminal.text()
        terminal.wait_until(lambda: terminal.text() != first, "a change")
        terminal.send("q")
        assert terminal.wait_exit() == 0


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50), (60, 15), (59, 14)])
def test_sizes(size: tuple[int, int]) -> None:
    columns, rows = size
    with start(columns=columns, rows=rows) as terminal:
        terminal.wait_for("needs 60 x 15" if columns < 60 else "view: live")
        terminal.resize(100, 30)
        settled(terminal)
        terminal.resize(40, 10)
        terminal.wait_for("needs 60 x 15")
        terminal.resize(80, 24)
        settled(terminal)
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert restored(terminal)


@pytest.mark.parametrize("name", ["TERM", "HUP", "INT", "QUIT"])
def test_signals_restore_the_terminal(demo: PtyTerminal, name: str) -> None:
    number = signal.Signals[f"SIG{name}"]
    demo.signal(number)
    assert demo.wait_exit(timeout=10) == 128 + number
    assert restored(demo)


@pytest.mark.parametrize("name", ["TERM", "INT"])
def test_signals_end_it_also_while_the_terminal_is_stalled(name: str) -> None:
    with start("--sessions", "400", columns=200, rows=50) as terminal:
        settled(terminal)
        for _ in range(400):
            terminal.send("jjjjGg")
        number = signal.Signals[f"SIG{name}"]
        terminal.signal(number)
        assert terminal.wait_exit(timeout=10, read=False) == 128 + number


def test_a_lost_connection_ends_it(demo: PtyTerminal) -> None:
    demo.hang_up()
    assert demo.wait_exit(timeout=10, read=False) == 128 + signal.SIGHUP


def test_stop_and_go_on(demo: PtyTerminal) -> None:
    demo.signal(signal.SIGSTOP)
    demo.wait_until(lambda: demo.stopped, "the stop")
    demo.signal(signal.SIGCONT)
    demo.wait_until(lambda: not demo.stopped, "going on")
    demo.send("L")
    demo.wait_for("event log")
    demo.send("\x1bq")
    demo.send("q")
    assert demo.wait_exit() == 0
    assert restored(demo)


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """No process, no file, and the user's own store untouched."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    config = tmp_path / "own"
    config.mkdir(mode=0o700)
    store = config / "profiles.toml"
    store.write_text("this is not even TOML [")
    environ = {"TMPDIR": str(folder), "SESSIONTOP_CONFIG_DIR": str(config)}
    with PtyTerminal(STILL, environ=environ) as terminal:
        settled(terminal)
        pid = terminal.pid
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert list(folder.iterdir()) == []
    assert store.read_text() == "this is not even TOML ["
    assert list(config.iterdir()) == [store]
    assert not os.path.exists(f"/proc/{pid}")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"stdin": "/dev/null"}, "terminal"),
        ({"environ": {"TERM": "dumb"}}, "TERM"),
    ],
)
def test_refusals_are_one_line_and_name_the_headless_commands(
    options: dict[str, object], sentence: str
) -> None:
    with PtyTerminal(STILL, columns=200, **options) as terminal:  # type: ignore[arg-type]
        assert terminal.wait_exit() == 2
        text = terminal.text().strip()
        assert sentence in text
        assert "sessiontop sessions" in text
        assert "Traceback" not in text


def test_hostile_text_never_reaches_the_terminal() -> None:
    """What customers write is shown and obeyed by nobody: no clipboard, no title, no unknown control function."""
    with start("--play", "text=hostile", columns=120, rows=40) as terminal:
        settled(terminal)
        for keys in (
            "5",
            "G",
            "\r",
            "t",
            "\x1b",
            "\x1b",
            "g",
            "\r",
            "t",
            "\x1b",
            "\x1b",
            "L",
            "\x1b",
        ):
            terminal.send(keys)
            terminal.quiet_for(0.3)
        assert b"\x1b]52" not in terminal.output
        assert b"\x1b]0;" not in terminal.output
        assert b"\x1b]8;" not in terminal.output
        assert b"[@click=" in terminal.output or b"click" in terminal.output
        terminal.send("q")
        assert terminal.wait_exit() == 0


def test_no_color_sends_no_colour() -> None:
    with PtyTerminal(STILL, environ={"NO_COLOR": "1"}) as terminal:
        settled(terminal)
        assert (
            re.search(
                rb"\x1b\[[0-9;]*\b(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])\b[0-9;]*m", terminal.output
            )
            is None
        )
        terminal.wait_for("○ waiting")
        terminal.send("q")
        assert terminal.wait_exit() == 0


def test_a_vendor_that_is_down_slows_nobody() -> None:
    with start("--play", "fault=twilio-proxy:captive", columns=120, rows=40) as terminal:
        terminal.wait_for("● goto-desk")
        terminal.wait_until(lambda: live(terminal) > 0, "the other vendor's sessions")
        terminal.wait_until(
            lambda: "retry" in terminal.lines()[1], "the failing profile's countdown"
        )
        terminal.send("L")
        terminal.wait_for("event log")
        terminal.wait_for("proxy-eu: 127.0.0.1 answered HTML")
        terminal.send("\x1b")
        terminal.wait_until(lambda: "event log" not in terminal.text(), "the queue again")
        terminal.send("q")
        assert terminal.wait_exit() == 0
