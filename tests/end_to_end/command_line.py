"""Running commands as a user does: a process of its own, a real store, real sockets, simulated vendors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tui.profiles.paths import profiles_path
from tui.profiles.writer import write
from tui.simulator.kinds import Kind, State
from tui.simulator.server import Simulator

TWILIO, GOTO = "proxy-eu", "goto-desk"
PROXIES = {"HTTP_PROXY": "http://127.0.0.1:9", "ALL_PROXY": "socks5h://127.0.0.1:9"}


def stored(profiles: Mapping[str, Any]) -> Path:
    write(profiles_path(), lambda _: dict(profiles))
    return profiles_path()


def changed(simulator: Simulator, name: str, **keys: object) -> Path:
    """The store with other keys in one profile; a key given as None is left out."""
    tables: dict[str, Any] = json.loads(json.dumps(simulator.profiles()))
    table = tables["profiles"][name] | keys
    tables["profiles"][name] = {key: value for key, value in table.items() if value is not None}
    return stored(tables)


def run(*args: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", *args],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding=environ.get("PYTHONIOENCODING", "utf-8"),
        timeout=60,
        env={**os.environ, **environ},
    )


def good(*args: str, **environ: str) -> str:
    """The stdout of a command that does its work and says nothing beside it."""
    result = run(*args, **environ)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def bad(code: int, *args: str, **environ: str) -> str:
    """The one sentence of a command that fails, with nothing on stdout."""
    result = run(*args, **environ)
    assert result.stdout == ""
    assert result.returncode == code, result.stderr
    assert result.stderr.startswith("sessiontop: ")
    assert result.stderr.count("\n") == 1
    assert result.stderr.rstrip("\n").isprintable()
    return result.stderr


def rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def chat(simulator: Simulator) -> str:
    """The id of a web chat in which both have spoken."""
    desk = simulator.desk
    found = next(one for one in desk.sessions(Kind.WEB_CHAT) if one.state is State.TALKING)
    return desk.public_id(found)


def messaging() -> str:
    """The id of a messaging session in which both have spoken, in the one service that the profile names."""
    found = rows(good("sessions", "--profile", TWILIO, "--json"))
    return str(next(row["id"] for row in found if row["status"] == "active"))


@contextmanager
def start(*args: str) -> Iterator[subprocess.Popen[str]]:
    """`sessiontop simulate ARGS`; a test that fails in the middle leaves nothing running."""
    with subprocess.Popen(
        [sys.executable, "-m", "tui", "simulate", *args],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()
