"""`profile sign-in` as a person uses it: in a terminal that shows nothing of what is pasted, or through a pipe."""

from __future__ import annotations

import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.end_to_end.command_line import bad, good, run, stored
from tests.end_to_end.pty_terminal import CTRL_C, ENTER, PtyTerminal
from tui.commands import qr
from tui.profiles.paths import tokens_path
from tui.simulator.server import Simulator

NAME = "goto-desk"
SIGN_IN = (sys.executable, "-m", "tui", "profile", "sign-in", NAME)
PROMPT = "then Enter:"


@pytest.fixture
def simulator(home: None) -> Iterator[Simulator]:
    with Simulator(seed=7, sessions=10, rate=0.0, play={"goto-profiles": "sign-in"}) as running:
        stored(running.profiles())
        yield running


def landed(url: str) -> str:
    """What the browser's address bar shows after the consent."""
    return httpx.get(url, trust_env=False).headers["location"]


def shown_url(terminal: PtyTerminal) -> str:
    """The address as it was written, however the screen breaks it."""
    terminal.wait_for(PROMPT)
    lines = terminal.output.decode().splitlines()
    return next(line for line in lines if line.startswith("http://"))


def code_in(address: str) -> str:
    return address.partition("code=")[2].partition("&")[0]


def piped(pasted: str = "", change: Any = None) -> subprocess.CompletedProcess[str]:
    """The command with a pipe for a keyboard. `change` makes what is pasted of the address to open."""
    with subprocess.Popen(
        SIGN_IN,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        said = ""
        while "it begins with" not in said:
            said += process.stderr.readline()
        url = next(line for line in said.splitlines() if line.startswith("http://"))
        out, err = process.communicate(f"{change(url) if change else pasted}\n", timeout=30)
    return subprocess.CompletedProcess(SIGN_IN, process.returncode, out, said + err)


# --- in a terminal -------------------------------------------------------------------------------------------


def test_nothing_of_what_is_pasted_is_shown(simulator: Simulator) -> None:
    with PtyTerminal(SIGN_IN, rows=60) as terminal:
        address = landed(shown_url(terminal))
        # Longer than a line that a terminal would keep by itself.
        terminal.send(f"{address}&more={'x' * 6000}{ENTER}")
        assert terminal.wait_exit() == 0
        assert terminal.attributes() == terminal.attributes_at_start
        output = terminal.output.decode()
    assert code_in(address) not in output
    assert "xxxx" not in output
    assert f"{NAME}  signed in as priya.raman@helpdesk.example.com; the access token" in output
    assert "and is then renewed by itself" in output
    assert "the token is accepted" in good("profile", "check", NAME)
    kept = tomllib.loads(tokens_path().read_text())["profiles"]
    assert list(kept) == [NAME]
    assert kept[NAME]["access_token"] not in output


def test_what_was_pasted_wrongly_is_asked_for_again(simulator: Simulator) -> None:
    with PtyTerminal(SIGN_IN, rows=60) as terminal:
        url = shown_url(terminal)
        terminal.send(f"{url}{ENTER}")
        terminal.wait_for("that is the address to open")
        terminal.send(f"oops\x7f\x7f\x7f\x7f{landed(url)}{ENTER}")
        assert terminal.wait_exit() == 0


def test_after_three_tries_it_ends(simulator: Simulator) -> None:
    with PtyTerminal(SIGN_IN, rows=60) as terminal:
        shown_url(terminal)
        for _ in range(3):
            terminal.send(f"no such thing{ENTER}")
        assert terminal.wait_exit() == 2
        assert terminal.attributes() == terminal.attributes_at_start
        assert terminal.output.decode().count("neither an address nor a code") == 3


@pytest.mark.parametrize(("keys", "status"), [(CTRL_C, 130), ("\x04", 2)])
def test_leaving_gives_the_terminal_back(simulator: Simulator, keys: str, status: int) -> None:
    with PtyTerminal(SIGN_IN, rows=60) as terminal:
        shown_url(terminal)
        terminal.send(keys)
        assert terminal.wait_exit() == status
        assert terminal.attributes() == terminal.attributes_at_start
    assert not tokens_path().exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_ending_signal_gives_the_terminal_back(
    simulator: Simulator, number: signal.Signals
) -> None:
    with PtyTerminal(SIGN_IN, rows=60) as terminal:
        shown_url(terminal)
        terminal.signal(number)
        assert terminal.wait_exit() == 128 + number
        assert terminal.attributes() == terminal.attributes_at_start


def test_a_program_that_was_stopped_hides_again(simulator: Simulator) -> None:
    with PtyTerminal(SIGN_IN, rows=60) as terminal:
        address = landed(shown_url(terminal))
        terminal.signal(signal.SIGSTOP)
        terminal.wait_until(lambda: terminal.stopped, "the stop")
        terminal.set_attributes(terminal.attributes_at_start)  # as a shell does for its prompt
        terminal.signal(signal.SIGCONT)
        terminal.wait_until(lambda: terminal.text().count(PROMPT) == 2, "the prompt again")
        terminal.send(f"{address}{ENTER}")
        assert terminal.wait_exit() == 0
        assert code_in(address) not in terminal.output.decode()


def test_a_wide_terminal_shows_the_address_as_a_qr_code(simulator: Simulator) -> None:
    with PtyTerminal(SIGN_IN, columns=100, rows=80) as terminal:
        url = shown_url(terminal)
        assert [line for line in qr.drawn(url) if line not in terminal.output.decode()] == []
        assert len(qr.drawn(url)) > 20


@pytest.mark.parametrize("environ", [{"LC_ALL": "C", "PYTHONUTF8": "0"}, None])
def test_without_room_or_utf8_there_is_none(
    simulator: Simulator, environ: dict[str, str | None] | None
) -> None:
    if environ is not None:
        environ |= {"PYTHONIOENCODING": "ascii", "PYTHONCOERCECLOCALE": "0"}
    columns = 50 if environ is None else 100
    with PtyTerminal(SIGN_IN, columns=columns, rows=80, environ=environ) as terminal:
        shown_url(terminal)
        assert "█" not in terminal.output.decode()
        assert "2588" not in terminal.output.decode()


def test_a_qr_code_too_small_for_a_text_is_none_at_all() -> None:
    assert qr.drawn("x" * 5000) == []
    rows = qr.drawn("https://auth.example/")
    assert len({len(row) for row in rows}) == 1
    assert set(rows[0]) == {"█"}  # the quiet zone


def test_without_the_extra_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qr, "find_spec", lambda name: None)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert qr.for_stderr("https://auth.example/") is None


# --- through a pipe --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["address", "query", "code"])
def test_a_pipe_may_hold_the_address_its_query_or_the_code(simulator: Simulator, part: str) -> None:
    def change(url: str) -> str:
        address = landed(url)
        parts = {"query": address.partition("?")[2], "code": code_in(address)}
        return parts.get(part, address)

    result = piped(change=change)
    assert result.returncode == 0
    assert result.stdout.startswith(f"{NAME}  signed in as priya.raman@helpdesk.example.com; ")
    assert "█" not in result.stderr


@pytest.mark.parametrize(
    ("change", "status", "told"),
    [
        (lambda url: "", 2, "nothing was pasted"),
        (lambda url: landed(url).replace("state=", "state=x"), 2, "belongs to another sign-in"),
        (lambda url: "code-that-is-none", 1, "open the address again, for another code (sign in: "),
    ],
)
def test_what_cannot_be_used_ends_in_one_sentence(
    simulator: Simulator, change: Any, status: int, told: str
) -> None:
    result = piped(change=change)
    assert (result.returncode, result.stdout) == (status, "")
    assert told in result.stderr.splitlines()[-1]
    assert not tokens_path().exists()


def test_a_denied_access_is_told(simulator: Simulator) -> None:
    simulator.play("goto-consent", "denied")
    result = piped(change=landed)
    assert result.returncode == 1
    assert "open the address again and allow it" in result.stderr.splitlines()[-1]


def test_a_sign_in_server_that_is_not_there(simulator: Simulator) -> None:
    simulator.play("fault", "goto-sign-in:refuse")
    result = piped("some-code-1234")
    assert result.returncode == 3
    assert "open the address again" in result.stderr.splitlines()[-1]


# --- what it is asked for ----------------------------------------------------------------------------------------


def test_one_name_of_a_profile_that_signs_in(simulator: Simulator) -> None:
    assert "arguments are required: NAME" in bad(2, "profile", "sign-in")
    assert "unrecognized arguments: proxy-eu" in bad(2, "profile", "sign-in", NAME, "proxy-eu")
    assert 'there is no profile "goto-dsk"; did you mean' in bad(
        2, "profile", "sign-in", "goto-dsk"
    )
    assert "knows no sign-in, only keys" in bad(2, "profile", "sign-in", "proxy-eu")
    simulator.play("goto-profiles", "token")
    stored(simulator.profiles())
    assert "has an access_token, which is used as it is" in bad(2, "profile", "sign-in", NAME)


def test_before_a_sign_in_every_command_says_what_to_do(simulator: Simulator) -> None:
    first = f"sign in first: sessiontop profile sign-in {NAME}"
    for command in (
        ("profile", "check", NAME),
        ("sessions", "--profile", NAME),
        ("show", NAME, "SS-1"),
        ("create", NAME, "--set", "customer_name=Ana"),
    ):
        result = run(*command)
        assert (result.returncode, first in result.stderr) == (2, True), result.stderr


def test_a_personal_token_needs_no_sign_in_and_is_kept(simulator: Simulator) -> None:
    simulator.play("goto-profiles", "pat")
    stored(simulator.profiles())
    assert "the token is accepted" in good("profile", "check", NAME)
    assert "needs no sign-in" in bad(2, "profile", "sign-in", NAME)
    good("sessions", "--profile", NAME)
    exchanges = [one for one in simulator.requests.all() if one.path.endswith("/oauth/token")]
    assert len(exchanges) == 1


def test_the_demo_touches_no_tokens_and_leaves_none(home: None) -> None:
    tokens_path().write_text("mine")
    argv = [sys.executable, "-m", "tui", "demo", "--rate", "0", "--play", "goto-profiles=pat"]
    with PtyTerminal(argv, columns=120, rows=40) as terminal:
        terminal.wait_for("● goto-desk")
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert tokens_path().read_text() == "mine"
    assert [one.name for one in tokens_path().parent.iterdir()] == ["tokens.toml"]
