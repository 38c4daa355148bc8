"""The commands that give secrets: run once when the store is read, several at a time, each bounded.

No shell, nothing on stdin, no terminal, and a process group of its own that is killed as a whole when time or
room is up. What a command writes is a secret or may quote one: of its output only an accepted secret is kept, and
what it says on stderr is not read at all.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from types import TracebackType
from typing import Final

from tui.model.lazy_dataclass import dataclass
from tui.model.secret import Secret
from tui.profiles.references import Argv, BadReference, accepted, program

SECONDS: Final = 10.0
LIMIT: Final = 64 * 1024

# So many at a time: most of them ask one and the same agent.
_LANES: Final = 8
# After so many seconds somebody at a terminal would like to know what is being waited for.
_PATIENCE: Final = 1.0
_CHUNK: Final = 16 * 1024
# A process that has closed its output is about to end: it is looked after so often, in seconds.
_PAUSE: Final = 0.02
# These lead a passphrase prompt to a terminal that belongs to the screen.
_NOT_PASSED_ON: Final = ("GPG_TTY", "SSH_TTY")
_NO_TERMINAL: Final = (
    "it gets no terminal here; if it asks for a passphrase, unlock its store first, "
    "for example by running it once in your shell"
)

Outcome = Secret | BadReference
Told = Callable[[str], object]


def _nobody(sentence: str) -> None:
    """Nobody waits for it."""


def run_all(
    commands: Iterable[Argv],
    environ: Mapping[str, str],
    folder: Path,
    *,
    seconds: float = SECONDS,
    told: Told = _nobody,
) -> dict[Argv, Outcome]:
    """What each command gave: a secret, or why there is none. The same command is run once.

    They start in `folder` (in the root, where there is no such folder). Whoever interrupts the wait ends them all.
    `told` is given one sentence when it takes long enough for somebody to wonder.
    """
    with _Crowd(environ, folder, seconds, told) as crowd:
        for argv in dict.fromkeys(commands):
            crowd.start(argv)
        crowd.finish()
        return crowd.found


@dataclass(slots=True, eq=False)
class _Running:
    """One command on its way; `ends` is in monotonic seconds."""

    argv: Argv
    process: subprocess.Popen[bytes]
    fd: int
    ends: float
    output: bytearray = field(default_factory=bytearray, repr=False)
    closed: bool = False

    def kill(self) -> None:
        """Ends the whole group: what a script has started goes with it."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class _Crowd:
    """The commands that run at once, and what became of those that ended. A context manager: it leaves none behind."""

    def __init__(
        self, environ: Mapping[str, str], folder: Path, seconds: float, told: Told
    ) -> None:
        self.found: dict[Argv, Outcome] = {}
        self._environ = {
            name: value for name, value in environ.items() if name not in _NOT_PASSED_ON
        }
        self._folder = folder if folder.is_dir() else Path("/")
        self._seconds = seconds
        self._told = told
        self._tells_at = time.monotonic() + _PATIENCE
        self._running: list[_Running] = []
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> _Crowd:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for one in list(self._running):
            one.kill()
            self._forget(one)
        self._selector.close()

    def start(self, argv: Argv) -> None:
        """Starts a command as soon as there is room."""
        while len(self._running) >= _LANES:
            self._wait()
        try:
            process = subprocess.Popen(
                argv,
                cwd=self._folder,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # a group of its own, and no terminal to ask on
            )
        except (OSError, ValueError) as error:
            self.found[argv] = BadReference(_not_started(argv, error))
            return
        assert process.stdout is not None
        fd = process.stdout.fileno()
        one = _Running(argv, process, fd, time.monotonic() + self._seconds)
        self._running.append(one)
        self._selector.register(fd, selectors.EVENT_READ, one)

    def finish(self) -> None:
        """Waits until all have ended; each is bounded."""
        while self._running:
            self._wait()

    def _wait(self) -> None:
        """One round: reads what came, and settles who has ended or is out of time."""
        now = time.monotonic()
        left = min(self._tells_at, *(one.ends for one in self._running)) - now
        if now >= self._tells_at:
            self._tells_at = float("inf")
            names = ", ".join(dict.fromkeys(program(one.argv) for one in self._running))
            self._told(f"waiting for {names} to give a secret ({self._seconds:g} s at most)")
        if any(one.closed for one in self._running):
            left = min(left, _PAUSE)
        for key, _ in self._selector.select(max(0.0, left)):
            self._read(key.data)
        for one in list(self._running):
            outcome = self._outcome(one)
            if outcome is not None:
                self.found[one.argv] = outcome
                self._forget(one)

    def _read(self, one: _Running) -> None:
        data = os.read(one.fd, _CHUNK)
        one.output += data
        if not data:
            one.closed = True
            self._selector.unregister(one.fd)

    def _outcome(self, one: _Running) -> Outcome | None:
        """What became of a command; None while it runs."""
        name = program(one.argv)
        if len(one.output) > LIMIT:
            one.kill()
            return BadReference(f"the command {name} wrote more than 64 kB: that is not a secret")
        if one.closed and (code := one.process.poll()) is not None:
            return _ended(name, code, one.output)
        if time.monotonic() >= one.ends:
            one.kill()
            return BadReference(
                f"the command {name} gave no secret within {self._seconds:g} s and was ended "
                f"({_NO_TERMINAL})"
            )
        return None

    def _forget(self, one: _Running) -> None:
        self._running.remove(one)
        if not one.closed:
            self._selector.unregister(one.fd)
        if one.process.stdout is not None:
            one.process.stdout.close()


def _ended(name: str, code: int, output: bytearray) -> Outcome:
    if code < 0:
        return BadReference(f"the command {name} was ended by signal {-code}")
    if code > 0:
        return BadReference(f"the command {name} ended with exit code {code} ({_NO_TERMINAL})")
    try:
        return accepted(output.decode("latin-1"), f"what the command {name} printed")
    except BadReference as problem:
        return problem.with_traceback(None)  # its frames hold what was printed


def _not_started(argv: Argv, error: OSError | ValueError) -> str:
    name = program(argv)
    if isinstance(error, FileNotFoundError):
        return f"there is no program {name} (no shell runs it: ~ and $ are taken as they stand)"
    if isinstance(error, PermissionError):
        return f"the program {name} may not be run by you"
    reason = error.strerror if isinstance(error, OSError) else "its arguments cannot be passed on"
    return f"the command {name} could not be started: {reason}"
