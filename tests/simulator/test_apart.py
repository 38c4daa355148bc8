"""The simulator in a process of its own: it says what its owner must know, and never outlives it."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from tui.simulator.apart import Apart, ApartError

OPTIONS = {"seed": 3, "sessions": 5, "rate": 0.0, "play": {}}

OWNER = f"""
import sys
from tui.simulator.apart import Apart
apart = Apart({OPTIONS!r})
heavy = {{"starlette", "uvicorn", "asyncio"}} & sys.modules.keys()
print(apart.pid, apart.profiles()["profiles"]["control"]["base_url"], sorted(heavy), flush=True)
if "stop" in sys.argv:
    apart.stop()
    print("stopped", flush=True)
sys.stdin.read()
"""


@contextmanager
def owner(*words: str) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """A process that has a simulator; also the simulator's number and where it listens."""
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            pid, url, heavy = process.stdout.readline().split(" ", 2)
            assert heavy == "[]\n", "the owner pays for nothing of the web server"
            yield process, int(pid), url
        finally:
            process.kill()


def ended(pid: int, timeout: float = 20.0) -> bool:
    """Waits for the end of a process that need not be a child."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], timeout)[0])
    finally:
        os.close(watched)


def listens(url: str) -> bool:
    place = urlsplit(url)
    assert place.hostname is not None
    try:
        socket.create_connection((place.hostname, place.port or 0), 5).close()
    except ConnectionRefusedError:
        return False
    return True


def test_it_ends_with_its_owner_however_that_ends() -> None:
    with owner() as (process, pid, url):
        assert listens(url)
        process.kill()
        process.wait(20)
        assert ended(pid)
        assert not listens(url)


def test_it_is_stopped_and_leaves_neither_zombie_nor_socket() -> None:
    with owner("stop") as (process, pid, url):
        assert process.stdout is not None
        assert process.stdout.readline() == "stopped\n"
        assert not os.path.exists(f"/proc/{pid}")
        assert not listens(url)


def test_keys_and_the_hanging_up_of_the_terminal_are_not_its_business() -> None:
    """It is in no group that a terminal could signal, and holds nothing that the owner had open for people."""
    with owner() as (process, pid, url):
        assert os.getsid(pid) == pid
        assert {os.readlink(f"/proc/{pid}/fd/{fd}") for fd in (0, 1, 2)} == {os.devnull}
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
            os.kill(pid, number)
        assert listens(url)
        assert process.poll() is None


class Failing(Apart):
    """What an owner hears, without a process."""

    def __init__(self, said: bytes) -> None:
        self._ours, theirs = socket.socketpair()
        self._profiles = None
        self._pid = -1
        theirs.sendall(said)
        theirs.close()


def test_an_owner_hears_why_it_did_not_start() -> None:
    with pytest.raises(OSError, match="Too many open files") as caught:
        Failing(b'{"errno": 24, "error": "Too many open files"}\n').profiles()
    assert caught.value.errno == 24
    with pytest.raises(ApartError) as missing:
        Failing(b'{"error": "No module named starlette", "missing": "starlette"}\n').profiles()
    assert missing.value.missing == "starlette"
    with pytest.raises(ApartError, match="ended before"):
        Failing(b"").profiles()
