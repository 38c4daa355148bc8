"""A terminal for end-to-end tests: a real pty with a program in it, read like a modern emulator would.

    with PtyTerminal([sys.executable, "-m", "tui"], columns=80, rows=24) as terminal:
        terminal.wait_for("READY")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert terminal.modes.left_on() == set()
        assert terminal.attributes() == terminal.attributes_at_start

The program is the leader of its own session with the pty as its controlling terminal, as under sshd. The
harness answers what terminals are asked (modes, cursor position, colours, device attributes), keeps every byte,
keeps the normal and the alternate screen apart, and knows which modes are still set.

Nothing sleeps: all waiting is reading until something holds. Nothing is read behind the test's back either, so
a test that just does not call `pump` or a `wait_...` *is* a stalled terminal.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import pyte
from wcwidth import wcwidth

from tests.end_to_end.pty_modes import Modes

TIMEOUT_SECONDS: Final = 20.0
"""How long a wait lasts before it fails, unless the test says otherwise. Test machines are shared."""
PROJECT: Final = Path(__file__).resolve().parents[2]

CTRL_C, CTRL_L, CTRL_Z, ENTER, ESCAPE = "\x03", "\x0c", "\x1a", "\r", "\x1b"

MODERN: Final[Mapping[int, int]] = {2026: 2, 2048: 2, 1004: 2, 2004: 2}
"""DEC private modes the emulator admits to when asked (DECRQM): 2 is "known and reset". Others: 0, unknown."""

_QUERY: Final = re.compile(
    rb"\x1b\[\?(?P<mode>\d+)\$p"
    rb"|\x1b\[(?P<report>[56])n"
    rb"|\x1b\[(?P<attributes>[>=]?)0?c"
    rb"|\x1b\[>0?(?P<version>q)"
    rb"|\x1b\[\?(?P<kitty>u)"
    rb"|\x1b\[(?P<window>1[48])t"
    rb"|\x1b\](?P<colour>1[012]);\?(?:\x07|\x1b\\)"
)
_LONGEST_QUERY: Final = 24
# Sequences that pyte would print as text.
_NOT_FOR_PYTE: Final = re.compile(rb"\x1b\[[<>=?][0-9;]*(?:\$p|[uqct])|\x1bP[^\x1b]*\x1b\\")
_ALTERNATE: Final = re.compile(rb"(\x1b\[\?1049[hl])")
_UNFINISHED: Final = re.compile(rb"\x1b(?:[\[][0-9;<>=?$ ]*|[\]P][^\x07\x1b]*\x1b?)?\Z")


class PtyTerminal:
    """One program in one terminal. Use as a context manager: it kills what is left over.

    `environ` is laid over the tester's own, with `None` taking a variable away; `stdin` and `stderr` may name a
    file to be used instead of the terminal, `stdin` also "closed"; `ignore` are signals the program starts with
    ignored (nohup: `["HUP"]`); `pass_fds` stay open in it.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        environ: Mapping[str, str | None] | None = None,
        cwd: Path = PROJECT,
        stdin: str | None = None,
        stderr: str | None = None,
        ignore: Sequence[str] = (),
        pass_fds: Sequence[int] = (),
        modes: Mapping[int, int] = MODERN,
    ) -> None:
        self.columns, self.rows = columns, rows
        self.output = bytearray()
        """Every byte the program wrote, in order."""
        self.read_at = 0.0
        """When bytes were last read, before anything was made of them (`time.monotonic`)."""
        self.modes = Modes()
        self.exit_status: int | None = None
        """As `subprocess.Popen.returncode`; None while it runs."""
        self.cpu_seconds_at_exit = 0.0
        self.stopped = False
        """Whether the program is stopped, as its parent sees it."""
        self._known_modes = modes
        self._answered = 0
        self._undrawn = b""
        self._screens = {wide: pyte.Screen(columns, rows) for wide in (False, True)}
        self._streams = {wide: pyte.ByteStream(self._screens[wide]) for wide in (False, True)}
        self._on_alternate = False
        self._master, self._slave = os.openpty()
        self._set_size()
        self.attributes_at_start = self.attributes()
        self._told, self._tell = os.pipe()
        self._process = self._launch(argv, environ or {}, cwd, (stdin, stderr), ignore, pass_fds)
        self.pid = self._process.pid
        self._waiter = threading.Thread(target=self._follow, daemon=True)
        self._waiter.start()

    # -- starting and ending ---------------------------------------------------------------------------

    def _launch(
        self,
        argv: Sequence[str],
        environ: Mapping[str, str | None],
        cwd: Path,
        files: tuple[str | None, str | None],
        ignore: Sequence[str],
        pass_fds: Sequence[int],
    ) -> subprocess.Popen[bytes]:
        # A shell opens the pty: the first terminal a session leader opens becomes its controlling terminal.
        # So no code of ours runs between fork and exec, which a process with threads must not do.
        stdin, stderr = files
        traps = "".join(f'trap "" {name}; ' for name in ignore)
        source = {None: '0<>"$0"', "closed": "0<&-"}.get(stdin, f"0<{stdin}")
        errors = '2<>"$0"' if stderr is None else f"2>{stderr}"
        return subprocess.Popen(
            [
                "/bin/sh",
                "-c",
                f'{traps}exec "$@" 1<>"$0" {source} {errors}',
                os.ttyname(self._slave),
                *argv,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(environ),
            cwd=cwd,
            start_new_session=True,
            pass_fds=pass_fds,
        )

    def _follow(self) -> None:
        """In a thread: what becomes of the program, as the kernel tells its parent."""
        while self.exit_status is None:
            _, status, usage = os.wait4(self.pid, os.WUNTRACED | os.WCONTINUED)
            if os.WIFSTOPPED(status):
                self.stopped = True
            elif os.WIFCONTINUED(status):
                self.stopped = False
            else:
                self.cpu_seconds_at_exit = usage.ru_utime + usage.ru_stime
                self.exit_status = os.waitstatus_to_exitcode(status)
            os.write(self._tell, b".")

    def __enter__(self) -> PtyTerminal:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        if self.exit_status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self._waiter.join(TIMEOUT_SECONDS)
        self._process.returncode = self.exit_status
        for fd in (self._master, self._slave, self._told, self._tell):
            if fd >= 0:
                os.close(fd)

    # -- what a person at the terminal does ------------------------------------------------------------

    def send(self, keys: str | bytes) -> None:
        """Types, or sends what a terminal would send."""
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)

    def resize(self, columns: int, rows: int) -> None:
        """Changes the window; the kernel tells the foreground job (SIGWINCH)."""
        self.columns, self.rows = columns, rows
        for screen in self._screens.values():
            screen.resize(rows, columns)
        self._set_size()

    def _set_size(self) -> None:
        size = struct.pack("HHHH", self.rows, self.columns, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def hang_up(self) -> None:
        """Closes the terminal, as a lost SSH connection does."""
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1

    def stall(self) -> None:
        """Takes nothing any more, as after ctrl+s: whoever writes waits."""
        termios.tcflow(self._slave, termios.TCOOFF)

    def signal(self, number: int) -> None:
        """Sends a signal to the program alone."""
        os.kill(self.pid, number)

    # -- reading ---------------------------------------------------------------------------------------

    def pump(self, timeout: float, most: int = 65_536) -> bool:
        """Reads once what the program wrote, at most so many bytes, answering queries; False when `timeout` seconds
        brought nothing."""
        sources = [self._told] if self._master < 0 else [self._told, self._master]
        ready, _, _ = select.select(sources, [], [], max(timeout, 0.0))
        if self._told in ready:
            os.read(self._told, 4096)
        if self._master in ready:
            data = os.read(self._master, most)
            self.read_at = time.monotonic()
            self._take(data)
        return bool(ready)

    def _take(self, data: bytes) -> None:
        drawn = len(self.output)
        self.output += data
        self.modes.feed(data)
        for match in _QUERY.finditer(self.output, self._answered):
            self._answered = match.end()
            if match["report"]:  # where the cursor is at this place of the output
                self._draw(bytes(self.output[drawn : match.end()]))
                drawn = max(drawn, match.end())
            self.send(self._answer(match))
        self._draw(bytes(self.output[drawn:]))
        self._answered = max(self._answered, len(self.output) - _LONGEST_QUERY)

    def _draw(self, data: bytes) -> None:
        data = self._undrawn + data
        unfinished = _UNFINISHED.search(data)
        cut = unfinished.start() if unfinished else len(data)
        data, self._undrawn = data[:cut], data[cut:]
        for part in _ALTERNATE.split(_NOT_FOR_PYTE.sub(b"", data)):
            if _ALTERNATE.fullmatch(part):
                self._on_alternate = part.endswith(b"h")
                if self._on_alternate:
                    self._screens[True].reset()
            else:
                self._streams[self._on_alternate].feed(part)

    def _answer(self, query: re.Match[bytes]) -> bytes:
        if query["mode"]:
            return b"\x1b[?%d;%d$y" % (
                int(query["mode"]),
                self._known_modes.get(int(query["mode"]), 0),
            )
        if query["report"]:
            cursor = self.screen.cursor
            at = b"\x1b[%d;%dR" % (cursor.y + 1, cursor.x + 1)
            return at if query["report"] == b"6" else b"\x1b[0n"
        if query["attributes"] is not None:
            return {b"": b"\x1b[?62;22c", b">": b"\x1b[>1;10;0c"}.get(query["attributes"], b"")
        if query["version"]:
            return b"\x1bP>|pty_terminal(1)\x1b\\"
        if query["kitty"]:
            return b"\x1b[?0u"
        if query["window"]:
            form = (8, 1, 1) if query["window"] == b"18" else (4, 20, 10)
            return b"\x1b[%d;%d;%dt" % (form[0], self.rows * form[1], self.columns * form[2])
        shade = b"0000" if query["colour"] == b"11" else b"dddd"
        return b"\x1b]%b;rgb:%b/%b/%b\x1b\\" % (query["colour"], shade, shade, shade)

    # -- waiting ---------------------------------------------------------------------------------------

    def wait_until(
        self, holds: Callable[[], bool], what: str, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        """Reads until `holds()`; fails with the screen when it does not within `timeout` seconds or cannot."""
        deadline = time.monotonic() + timeout
        while not holds():
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"waited {timeout} s for {what}\n{self._state()}")
            if not self.pump(0 if self.exit_status is not None else left) and (
                self.exit_status is not None and not holds()
            ):
                raise AssertionError(f"ended before {what}\n{self._state()}")

    def wait_for(self, text: str, timeout: float = TIMEOUT_SECONDS) -> None:
        """Reads until the screen shows `text`, which stands on one line."""
        self.wait_until(lambda: text in self.text(), f"{text!r} on the screen", timeout)

    def wait_exit(self, timeout: float = TIMEOUT_SECONDS, *, read: bool = True) -> int:
        """Waits for the end and returns the exit status, reading meanwhile and what is left over, unless the
        terminal is to stay stalled (`read=False`)."""
        if read:
            self.wait_until(lambda: self.exit_status is not None, "the end", timeout)
            self.drain()
        else:
            self._wait_unread(timeout)
        assert self.exit_status is not None
        return self.exit_status

    def _wait_unread(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while self.exit_status is None:
            ready, _, _ = select.select([self._told], [], [], max(deadline - time.monotonic(), 0))
            if not ready:
                raise AssertionError(f"still runs after {timeout} s\n{self._state()}")
            os.read(self._told, 4096)

    def drain(self) -> None:
        """Reads all that is there now."""
        while self._master >= 0 and self.pump(0):
            pass

    def quiet_for(self, seconds: float, timeout: float = TIMEOUT_SECONDS) -> None:
        """Reads until the program has written nothing for `seconds`."""
        deadline = time.monotonic() + timeout
        while self.pump(seconds):
            assert time.monotonic() < deadline, f"never quiet for {seconds} s"

    # -- looking ---------------------------------------------------------------------------------------

    @property
    def screen(self) -> pyte.Screen:
        """The screen that is shown: the alternate one while a full-screen program has it."""
        return self._screens[self._on_alternate]

    def lines(self) -> list[str]:
        """The shown lines without trailing blanks."""
        return [shown(self.screen, y).rstrip() for y in range(self.screen.lines)]

    def text(self) -> str:
        """All shown lines as one text."""
        return "\n".join(self.lines())

    def attributes(self) -> list[Any]:
        """The line settings now (termios), to compare with `attributes_at_start`."""
        return termios.tcgetattr(self._slave)

    def set_attributes(self, attributes: list[Any]) -> None:
        """Changes the line settings from outside, as a shell does that takes the terminal back."""
        termios.tcsetattr(self._slave, termios.TCSANOW, attributes)

    def is_raw(self) -> bool:
        """Whether keys go to the program one by one, without echo."""
        return not self.attributes()[3] & (termios.ICANON | termios.ECHO)

    def threads(self) -> int:
        """How many threads the program has (Linux)."""
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))

    def cpu_seconds(self) -> float:
        """User and system time the program has used so far (Linux)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _state(self) -> str:
        ended = "runs" if self.exit_status is None else f"ended with {self.exit_status}"
        tail = bytes(self.output[-300:])
        return f"program {ended}; last bytes {tail!r}; screen:\n{self.text().rstrip()}"


def shown(screen: pyte.Screen, y: int) -> str:
    """One line of a screen as a person sees it. pyte's own `display` fails on half a wide character, which is
    what is left where something was written over the other half; terminals show a blank there."""
    cells = [screen.buffer[y][x].data for x in range(screen.columns)]
    line = ""
    for cell, before, after in zip(cells, ["", *cells], [*cells[1:], ""], strict=False):
        if _is_wide(cell):
            line += cell if not after else " "
        elif cell or not _is_wide(before):
            line += cell or " "
    return line


def _is_wide(cell: str) -> bool:
    return cell != "" and wcwidth(cell[0]) == 2


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    """The tester's variables as a plain modern terminal would set them, with `changes` on top."""
    environ: dict[str, str | None] = dict(os.environ)
    for name in ("LINES", "COLUMNS", "TMUX", "STY", "TERM_PROGRAM", "NO_COLOR", "LC_CTYPE"):
        environ[name] = None
    environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
    environ |= changes
    return {name: value for name, value in environ.items() if value is not None}
