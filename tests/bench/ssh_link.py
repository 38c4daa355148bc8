"""A private sshd on loopback and the bytes that come from it: throw-away keys, one counted connection a program.

Nothing is installed and nothing of the user's is read: no configuration, no known hosts, no agent, no keys. All of it
lies in one temporary folder, and goes with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.end_to_end.pty_terminal import PROJECT, PtyTerminal

_PATIENCE: Final = 10.0
_CHUNK: Final = 65_536
_ENVIRONMENT: Final = ("TERM=xterm-256color", "COLORTERM=truecolor", "LC_ALL=C.UTF-8")


class NoServer(Exception):
    """There is no sshd here, or it does not start; in words."""


class Tap:
    """Passes on what goes between a client and the server, and counts what the server sends."""

    def __init__(self, server: int) -> None:
        self.received = 0
        self._server = server
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(_PATIENCE)

    async def _open(self) -> int:
        self._listening = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        port: int = self._listening.sockets[0].getsockname()[1]
        return port

    async def _pass_on(
        self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter
    ) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._server)
        up = asyncio.ensure_future(self._copy(from_client, to_server, counted=False))
        down = asyncio.ensure_future(self._copy(from_server, to_client, counted=True))
        self._tasks |= {up, down}
        await asyncio.wait({up, down})

    async def _copy(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, counted: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(_CHUNK):
                if counted:
                    self.received += len(data)
                sink.write(data)
                await sink.drain()
        sink.close()

    def close(self) -> None:
        """Ends the connections and the thread."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(_PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()

    async def _end(self) -> None:
        self._listening.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)


class Remote:
    """A program at the other end of a connection. `received`: the bytes that came over it so far."""

    def __init__(self, terminal: PtyTerminal, tap: Tap, pid_file: Path) -> None:
        self.terminal, self._tap, self._pid_file = terminal, tap, pid_file

    @property
    def received(self) -> int:
        return self._tap.received

    def signal(self, number: int) -> None:
        """To the program at the other end, which is on this machine."""
        os.kill(int(self._pid_file.read_text()), number)


class Server:
    """The sshd at work."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self._port = folder, port
        self._count = 0
        self._pid_files: list[Path] = []

    @contextmanager
    def running(
        self, command: Sequence[str], columns: int, rows: int, *, compression: bool
    ) -> Iterator[Remote]:
        """The command in a terminal of that size, through ssh."""
        self._count += 1
        pid_file = self._folder / f"pid-{self._count}"
        self._pid_files.append(pid_file)
        tap = Tap(self._port)
        try:
            argv = self._ssh(tap.port, _remote(command, pid_file), compression=compression)
            with PtyTerminal(argv, columns=columns, rows=rows) as terminal:
                yield Remote(terminal, tap, pid_file)
        finally:
            tap.close()

    def _ssh(self, port: int, remote: str, *, compression: bool) -> list[str]:
        options = {
            "UserKnownHostsFile": str(self._folder / "known_hosts"),
            "GlobalKnownHostsFile": "/dev/null",
            "HostKeyAlias": "bench",
            "StrictHostKeyChecking": "yes",
            "IdentityFile": str(self._folder / "user"),
            "IdentitiesOnly": "yes",
            "IdentityAgent": "none",
            "BatchMode": "yes",
            "LogLevel": "ERROR",
            "EscapeChar": "none",
            "ConnectTimeout": "10",
            "Compression": "yes" if compression else "no",
            # Newer clients hide when keys are pressed behind made-up ones: that is no byte of ours.
            "IgnoreUnknown": "ObscureKeystrokeTiming",
            "ObscureKeystrokeTiming": "no",
        }
        words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        return ["ssh", "-tt", "-F", "none", "-p", str(port), *words, "127.0.0.1", remote]

    def await_programs(self) -> None:
        """Until every program has ended: its connection is closed. One that does not is killed."""
        deadline = time.monotonic() + _PATIENCE
        for path in self._pid_files:
            pid = int(path.read_text()) if path.exists() else 0
            while pid and _alive(pid, path.name):
                if time.monotonic() > deadline:
                    os.kill(pid, signal.SIGKILL)
                time.sleep(0.05)


def _remote(command: Sequence[str], pid_file: Path) -> str:
    words = shlex.join(("env", f"BENCH={pid_file.name}", *_ENVIRONMENT, *command))
    script = f"echo $$ > {shlex.quote(str(pid_file))}; cd {shlex.quote(str(PROJECT))}; exec {words}"
    return f"exec /bin/sh -c {shlex.quote(script)}"


def _alive(pid: int, mark: str) -> bool:
    """Whether that process is still the one that we started; numbers are given again."""
    try:
        return f"BENCH={mark}".encode() in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False


@contextmanager
def server() -> Iterator[Server]:
    """A private sshd as this user. Raises `NoServer`."""
    sshd, keygen = _programs()
    with tempfile.TemporaryDirectory(prefix="bench-ssh-") as name:
        folder = Path(name)
        port = _free_port()
        config = _configured(folder, keygen, port)
        log = folder / "log"
        with log.open("w") as errors:
            process = subprocess.Popen(
                (sshd, "-D", "-e", "-f", str(config)), stdin=subprocess.DEVNULL, stderr=errors
            )
        try:
            _await_port(process, port, log)
            one = Server(folder, port)
            yield one
            one.await_programs()
        finally:
            process.terminate()
            process.wait(_PATIENCE)


def _programs() -> tuple[str, str]:
    sshd = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    found = {"sshd": sshd, "ssh": shutil.which("ssh"), "ssh-keygen": shutil.which("ssh-keygen")}
    missing = [name for name, path in found.items() if path is None]
    if missing:
        raise NoServer(f"not on this machine: {', '.join(missing)}")
    return str(sshd), str(found["ssh-keygen"])


def _configured(folder: Path, keygen: str, port: int) -> Path:
    """Keys, who may come in, and the configuration."""
    for name in ("host", "user"):
        subprocess.run(
            (keygen, "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)),
            check=True,
        )
    host = (folder / "host.pub").read_text()
    (folder / "known_hosts").write_text(f"bench {host}")
    (folder / "authorized_keys").write_text((folder / "user.pub").read_text())
    config = folder / "config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\n"
        f"AuthorizedKeysFile {folder / 'authorized_keys'}\nAllowUsers {getpass.getuser()}\n"
        "PermitRootLogin prohibit-password\nPasswordAuthentication no\n"
        "KbdInteractiveAuthentication no\nUsePAM no\nStrictModes no\nPidFile none\n"
        "PrintMotd no\nPrintLastLog no\nCompression yes\nMaxStartups 100\n"
    )
    return config


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def _await_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1.0):
            return
        time.sleep(0.05)
    told = " ".join(log.read_text().split())[:200]
    raise NoServer(f"sshd does not start here: {told or 'it says nothing'}")


def narrate(text: str) -> None:
    """A line of progress on standard error."""
    print(text, file=sys.stderr, flush=True)
