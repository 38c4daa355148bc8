"""Leaving while a token is being renewed: the terminal comes back at once, and the answer is still kept.

A refresh token may be good once: an answer that nobody keeps costs a person another sign-in.
"""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.end_to_end.command_line import stored
from tests.end_to_end.pty_terminal import PtyTerminal
from tui.live import engine
from tui.live.commands import Query
from tui.live.engine import Engine
from tui.model.clock import SystemClock
from tui.model.secret import Secret
from tui.net.oauth import TIMEOUTS
from tui.net.tokens import Tokens
from tui.profiles.paths import profiles_path, tokens_path
from tui.profiles.store import load
from tui.profiles.tokens import TokenFile
from tui.providers import registry

pytestmark = pytest.mark.usefixtures("home")

TOLD = "keeping a renewed sign-in"
WATCH = [sys.executable, "-m", "tui"]


class SignInServer(ThreadingHTTPServer):
    """Answers a renewal when the test lets it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked, self.answers = threading.Event(), threading.Event()
        self.renewals = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: SignInServer

    def do_GET(self) -> None:
        self._answer({"sessions": [], "totalNumSessions": 0})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.renewals += 1
        self.server.asked.set()
        self.server.answers.wait(30)
        self._answer({"access_token": "access-1", "refresh_token": "refresh-1", "expires_in": 3600})

    def _answer(self, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test looks at what the program writes."""


@pytest.fixture
def server() -> Iterator[SignInServer]:
    """A sign-in server, and an account there whose access token has run out."""
    with SignInServer() as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        table = {
            "provider": "goto-remote-support",
            "base_url": f"{running.url}/api",
            "auth_url": f"{running.url}/auth",
            "client_id": "me",
            "client_secret": "s3cret-of-the-client",
            "redirect_uri": "https://desk.example/in",
        }
        stored({"version": 1, "profiles": {"goto-desk": table}})
        now = datetime.now(UTC)
        tokens = Tokens(
            f"sign-in {running.url}/auth me",
            Secret("access-0"),
            now - timedelta(hours=2),
            Secret("refresh-0"),
            now - timedelta(hours=1),
        )
        asyncio.run(TokenFile(tokens_path()).save("goto-desk", tokens))
        yield running
        running.answers.set()
        running.shutdown()


def kept() -> str:
    return str(tomllib.loads(tokens_path().read_text())["profiles"]["goto-desk"]["refresh_token"])


@contextmanager
def renewing(server: SignInServer) -> Iterator[PtyTerminal]:
    """The full screen, waiting for a renewal."""
    with PtyTerminal(WATCH) as terminal:
        terminal.wait_for("goto-desk")
        assert server.asked.wait(20)
        yield terminal


LEAVING: dict[str, tuple[Callable[[PtyTerminal], None], int]] = {
    "q": (lambda terminal: terminal.send("q"), 0),
    "SIGTERM": (lambda terminal: terminal.signal(signal.SIGTERM), 143),
    "SIGINT": (lambda terminal: terminal.signal(signal.SIGINT), 130),
}


@pytest.mark.parametrize("how", LEAVING)
def test_the_terminal_comes_back_at_once_and_the_tokens_are_kept(
    server: SignInServer, how: str
) -> None:
    leave, status = LEAVING[how]
    with renewing(server) as terminal:
        leave(terminal)
        terminal.wait_for(TOLD)
        assert terminal.exit_status is None
        assert terminal.attributes() == terminal.attributes_at_start
        assert terminal.modes.left_on() == set()
        server.answers.set()
        assert terminal.wait_exit() == status
    assert kept() == "refresh-1"
    assert server.renewals == 1


def test_two_signals_at_once_are_one_wish(server: SignInServer) -> None:
    """The second one finds the app still leaving, or the program waiting with nothing said yet."""
    with renewing(server) as terminal:
        terminal.signal(signal.SIGTERM)
        terminal.signal(signal.SIGINT)
        terminal.wait_for(TOLD)
        server.answers.set()
        assert terminal.wait_exit() in (143, 130)
    assert kept() == "refresh-1"


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.long)]
)
def test_a_command_that_is_told_to_end_keeps_them_too(server: SignInServer, number: int) -> None:
    """As `timeout`, a service manager or a lost connection does; it then ends by that signal as before."""
    with subprocess.Popen([*WATCH, "sessions"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert server.asked.wait(20)
        process.send_signal(number)
        assert TOLD in process.stderr.readline()
        process.send_signal(signal.SIGHUP)
        server.answers.set()
        assert process.wait(10) == -number
    assert kept() == "refresh-1"


@pytest.mark.long
def test_a_second_signal_ends_a_command(server: SignInServer) -> None:
    with subprocess.Popen([*WATCH, "sessions"], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert server.asked.wait(20)
        process.send_signal(signal.SIGTERM)
        assert TOLD in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == -signal.SIGTERM
    assert kept() == "refresh-0"


def test_when_the_terminal_is_gone_the_tokens_are_kept_too(server: SignInServer) -> None:
    with renewing(server) as terminal:
        terminal.hang_up()
        # Longer than whoever has nothing to keep would still be there.
        time_to_end = time.monotonic() + 1.5
        while time.monotonic() < time_to_end:
            terminal.pump(0.1)
        assert terminal.exit_status is None
        server.answers.set()
        assert terminal.wait_exit() == 129
    assert kept() == "refresh-1"


@pytest.mark.long
def test_a_terminal_that_does_not_read_costs_no_sign_in(server: SignInServer) -> None:
    """As after ctrl+s: leaving is stuck in a write, for as long as a write may be."""
    with renewing(server) as terminal:
        terminal.stall()
        terminal.signal(signal.SIGTERM)
        given_back = terminal.attributes_at_start
        while terminal.exit_status is None and terminal.attributes() != given_back:
            time.sleep(0.01)
        server.answers.set()
        assert terminal.wait_exit(read=False) == 143
        assert kept() == "refresh-1"


def test_ctrl_c_does_not_wait(server: SignInServer) -> None:
    with renewing(server) as terminal:
        terminal.send("q")
        terminal.wait_for(TOLD)
        terminal.signal(signal.SIGINT)
        assert terminal.wait_exit(5) == 130
    assert kept() == "refresh-0"


def test_an_interrupted_command_keeps_them_too(server: SignInServer) -> None:
    with subprocess.Popen(
        [*WATCH, "sessions"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert server.asked.wait(20)
        process.send_signal(signal.SIGINT)
        assert TOLD in process.stderr.readline()
        server.answers.set()
        assert process.wait(10) == 130
    assert kept() == "refresh-1"


def test_without_a_renewal_nobody_waits(server: SignInServer) -> None:
    server.answers.set()
    with renewing(server) as terminal:
        terminal.wait_until(lambda: kept() == "refresh-1", "the tokens")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert TOLD not in terminal.output.decode()


def test_a_server_that_never_answers_is_waited_for_as_long_as_its_request_lives(
    server: SignInServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "KEEPING", 0.5)
    tokens = TokenFile(tokens_path())
    (profile,) = load(profiles_path(), registry.SPECS, {}).profiles
    running = Engine(
        [profile],
        connect=registry.connecting(tokens),
        clock=SystemClock(),
        poll=False,
        renewing=lambda: tokens.renewing,
    )
    told: list[str] = []
    running.start()
    running.send(Query(1, "goto-desk"))
    assert server.asked.wait(20)
    began = time.monotonic()
    assert running.stop(0.3, lambda: told.append("waits"))
    assert time.monotonic() - began < 5
    assert told == ["waits"]
    assert kept() == "refresh-0"


def test_the_wait_is_longer_than_a_request_may_take() -> None:
    assert TIMEOUTS.overall + 1 < engine.KEEPING
