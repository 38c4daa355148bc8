"""The simulator in the foreground, what commands import, how they end, and what the demo leaves behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.end_to_end.command_line import (
    GOTO,
    PROXIES,
    TWILIO,
    bad,
    chat,
    good,
    messaging,
    rows,
    run,
    start,
    stored,
)
from tests.end_to_end.pty_terminal import PtyTerminal
from tui.profiles.paths import profiles_path
from tui.profiles.writer import write
from tui.providers.registry import SPECS
from tui.simulator.server import Simulator

pytestmark = pytest.mark.usefixtures("home")

# --- the simulator -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_simulate_serves_until_a_signal(ending: signal.Signals) -> None:
    out = profiles_path()
    with start(
        "--seed", "3", "--sessions", "5", "--rate", "0", "--profiles-out", str(out)
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        told = json.loads(process.stdout.readline())
        assert set(told) == {"base_urls"}
        assert set(told["base_urls"]) == set(SPECS)
        assert out.stat().st_mode & 0o777 == 0o600
        written = tomllib.loads(out.read_text())["profiles"]
        for table in written.values():
            assert table["base_url"].startswith(told["base_urls"][table["provider"]])
        assert rows(good("sessions", "--json"))
        process.send_signal(ending)
        assert process.wait(timeout=20) == 128 + ending
        assert (process.stdout.read(), process.stderr.read()) == ("", "")


def test_simulate_replaces_its_own_store_and_no_other(tmp_path: Path) -> None:
    out = profiles_path()
    for _ in range(2):
        with start("--profiles-out", str(out)) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
    before = out.read_text()
    real = {"provider": "twilio-proxy", "auth_token": "hush"}
    write(out, lambda tables: {**tables, "profiles": {**tables["profiles"], "mine": real}})
    said = bad(2, "simulate", "--profiles-out", str(out))
    assert 'holds a profile that is no simulator\'s ("mine"): it is left as it is' in said
    assert tomllib.loads(out.read_text())["profiles"]["mine"] == real
    assert (
        tomllib.loads(before)["profiles"].keys() < tomllib.loads(out.read_text())["profiles"].keys()
    )


def test_simulate_on_a_taken_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = bad(2, "simulate", "--port", str(port), "--profiles-out", str(tmp_path / "p.toml"))
    assert f"port {port} cannot be used" in said


def test_simulate_plays_what_it_is_told(tmp_path: Path) -> None:
    out = profiles_path()
    with start("--play", "fault=twilio-proxy:html-502", "--profiles-out", str(out)) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        assert run("sessions").returncode == 3
        assert good("sessions", "--profile", GOTO, "--json")


# --- how commands behave as processes ------------------------------------------------------------------------


def test_no_command_without_a_screen_imports_textual_or_rich(
    store: Path, simulator: Simulator
) -> None:
    code = """
import sys
sys.modules["click"] = None  # httpx imports its own command line, and Rich with it, wherever click is installed
from tui.__main__ import main
code = main()
heavy = sorted({name.split(".")[0] for name in sys.modules} & {"textual", "rich", "starlette", "uvicorn"})
print(code, heavy, file=sys.stderr)
"""
    commands = [
        ["sessions", "--all"],
        ["show", GOTO, chat(simulator)],
        ["transcript", TWILIO, messaging(), "--markdown"],
        ["links", GOTO, "crm.example.com"],
        ["profile", "list"],
        ["profile", "check"],
        ["profile", "path"],
        ["reset-terminal"],
    ]
    for args in commands:
        result = subprocess.run(
            [sys.executable, "-c", code, *args],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            start_new_session=True,
        )
        code_told = "2" if args == ["reset-terminal"] else "0"
        assert result.stderr.splitlines()[-1] == f"{code_told} []", (args, result.stderr)


def test_interrupting_a_command_is_130_without_a_traceback(unsteady: Simulator) -> None:
    unsteady.play("fault", "*:stall")
    stored(unsteady.profiles())
    with subprocess.Popen(
        [sys.executable, "-m", "tui", "sessions"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            unsteady.wait_for_request(lambda seen: seen.provider == "twilio-proxy", timeout=30)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 130
            assert process.stdout is not None
            assert process.stderr is not None
            assert (process.stdout.read(), process.stderr.read()) == (b"", b"")
        finally:
            process.kill()


def test_reset_terminal_without_a_terminal() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "tui", "reset-terminal"],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,
    )
    assert result.returncode == 2
    assert result.stderr.startswith("sessiontop: the terminal could not be reset: ")


# --- the demo's footprints -------------------------------------------------------------------------------------


def test_the_demo_leaves_nothing_behind_even_when_killed(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir(mode=0o700)
    config = profiles_path().parent
    demo = (sys.executable, "-m", "tui", "demo", "--rate", "0", "--sessions", "5")
    environ = {"TMPDIR": str(temporary), **PROXIES}
    with PtyTerminal(demo, environ=environ) as terminal:
        terminal.wait_for(f"● {TWILIO}")
        assert list(temporary.iterdir()) == []
        assert list(config.iterdir()) == []
        os.kill(terminal.pid, signal.SIGKILL)
        terminal.wait_until(lambda: terminal.exit_status is not None, "the end")
    assert list(temporary.iterdir()) == []
    assert list(config.iterdir()) == []
