"""The guard: whatever happens, the terminal is given back as it was found.

Standard library only, so that it stands before Textual is imported. `with Guard() as guard:` saves the
terminal's settings and starts the watch, a thread that sleeps until a signal (TERM, HUP, INT, QUIT) comes or the
terminal goes away. The first asks the app to end and sets a deadline; a second signal, or the deadline, ends the
process at once. Either way the terminal is restored first and the exit code is 128 + the signal's number.

At once, but for one thing (`finish_first`): a sign-in that is being renewed, whose answer cannot be had twice. It
gets some seconds after the terminal was given back, and one more signal ends those too.

Why a thread: the event loop does not run while it is stuck in a write to a terminal that does not read (Ctrl-S,
a stalled SSH link). Python's own handlers run in the main thread only, and the kernel may give a signal to any
thread: then a main thread asleep in a lock is not woken, and the handler never runs. The wake-up descriptor
(`signal.set_wakeup_fd`) is written by whatever thread got the signal.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Final, NoReturn

from tui.terminal.environment import refusal, scrub_environment, utf8
from tui.terminal.reset import (
    RESET,
    Attributes,
    get_attributes,
    in_foreground,
    put_attributes,
    write_bounded,
)
from tui.terminal.stream import TerminalStream

__all__ = ["Guard", "refusal", "scrub_environment", "utf8"]

GRACE_SECONDS: Final = 2.0
"""How long the app may take to end by itself after the first signal."""
_RESET_SECONDS: Final = 0.3
_WATCH_SECONDS: Final = 5.0
_IMMEDIATE_SECONDS: Final = 0.1
_LOOK_SECONDS: Final = 0.05
_STOPS_WITHOUT_EFFECT: Final = 20
_SETTLE_SECONDS: Final = 0.05
_STOP_WATCH: Final = 0  # no signal has this number

_ENDING: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
# Textual's driver installs handlers for these and leaves them behind.
_LEFT_BEHIND: Final = (
    signal.SIGTSTP,
    signal.SIGCONT,
    signal.SIGWINCH,
    signal.SIGTTIN,
    signal.SIGTTOU,
)


class Guard:
    """Use as a context manager, in the main thread, around everything that touches the terminal."""

    def __init__(
        self,
        stdin: int = 0,
        stderr: int = 2,
        *,
        grace: float = GRACE_SECONDS,
        found: Attributes | None = None,
        painted: tuple[int, int] | None = None,
    ) -> None:
        """`found` are the terminal's settings, where they were changed before; `painted` is the size of the frame that
        the alternate screen shows already (0, 0 where that is not sure), None where it is not entered yet."""
        self._stdin = stdin
        self._stderr = stderr
        self._grace = grace
        self._ending = 0
        self._engaged = painted is not None
        self._painted = painted
        self.unwinds = False
        """Whether the first ending signal interrupts the main thread, which then has as long as an app to end: for
        what comes before the app, and has to be ended well."""
        self._interrupted = 0
        self._ask_exit: Callable[[], object] | None = None
        self._attributes = found
        self._blocking: dict[int, bool] = {}
        self._previous: dict[int, Any] = {}
        self._previous_wake = -1
        self._stream: TerminalStream | None = None
        self._nudge: Callable[[], object] | None = None
        self._deadline = float("inf")
        self._unfinished: Callable[[], bool] = lambda: False
        self._on_wait = ""
        self._longest = 0.0
        self._finishing = False
        self._wake = (-1, -1)
        self._watcher = threading.Thread(target=self._watch, name="terminal-watch", daemon=True)

    # -- the context ---------------------------------------------------------------------------------

    def __enter__(self) -> Guard:
        if self._stream is not None:  # it stands since the first paint
            return self
        self._attributes = self._attributes or get_attributes(self._stdin)
        self._blocking = {fd: os.get_blocking(fd) for fd in (self._stdin, self._stderr)}
        self._stream = TerminalStream(self._stderr, _encoding(), self.hang_up)
        for number in (*_ENDING, *_LEFT_BEHIND):
            self._previous[number] = signal.getsignal(number)
        self._wake = os.pipe()
        for fd in self._wake:
            os.set_blocking(fd, False)
        self._previous_wake = signal.set_wakeup_fd(-1)
        self.rearm()
        self._watcher.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._deadline = float(
            "inf"
        )  # what comes now has limits of its own, or nothing to do with the terminal
        self._tell_watch(_STOP_WATCH)
        self._watcher.join(self._grace)
        self.stream.abandon()
        self._restore()
        self.stream.close()
        signal.set_wakeup_fd(self._previous_wake)
        for number, handler in self._previous.items():
            # None: a handler that was not installed from Python cannot be put back from Python.
            back = signal.SIG_DFL if handler is None else handler
            # Shells and sshd send HUP again beside the signal that ends us: it must not cut the end short.
            late = self._ending and number == signal.SIGHUP
            signal.signal(number, signal.SIG_IGN if late else back)
        for fd in self._wake:
            os.close(fd)
        self._wake = (-1, -1)  # a late `hang_up` must not write to someone else's file

    @property
    def stream(self) -> TerminalStream:
        """Where the screen is written. Raises `RuntimeError` outside the `with` block."""
        if self._stream is None:
            raise RuntimeError("the guard has not been entered")
        return self._stream

    # -- what the app tells the guard ----------------------------------------------------------------

    def attach(self, ask_exit: Callable[[], object], nudge: Callable[[], object]) -> None:
        """From now on an ending signal calls `ask_exit` first, and any other one `nudge`, which need only wake the
        main thread. Both are called from a thread of the guard's.

        Before this, a signal ends the process at once, unless it `unwinds`.
        """
        self._nudge = nudge
        self._ask_exit = ask_exit
        if self._finishing:
            ask_exit()

    def finish_first(self, unfinished: Callable[[], bool], words: str, seconds: float) -> None:
        """What an end at once waits for: as long as `unfinished` says so, at most so many seconds. The user is told
        `words` (a line) before. `unfinished` is called from a thread of the guard's, and only when it is the end."""
        self._unfinished, self._on_wait, self._longest = unfinished, words, seconds

    def rearm(self) -> None:
        """Installs the handlers (again). A signal that was ignored at the start (nohup) stays ignored."""
        signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False)
        for number in _ENDING:
            if self._previous[number] != signal.SIG_IGN:
                signal.signal(number, self._on_signal)

    def engage(self) -> None:
        """The terminal's modes are about to be changed: from now on leaving writes the reset."""
        self._engaged = True

    @property
    def painted(self) -> tuple[int, int] | None:
        """The size of the frame that the first paint left there, until the screen has begun; see `__init__`."""
        return self._painted

    def begun(self, attributes: Any) -> Any:
        """The screen has the terminal now, and found these settings: gives those that it has to put back."""
        painted, self._painted = self._painted, None
        return attributes if painted is None else self._attributes

    def give_back(self) -> None:
        """Puts the terminal back and stands on: something is to be read on the normal screen. From any thread."""
        self._painted = None
        self._restore()

    def release(self) -> None:
        """The modes were put back by whoever changed them, and the terminal has taken those bytes."""
        self._engaged = False

    @property
    def ending(self) -> bool:
        """Whether a signal or a hang-up asked for the end."""
        return self._ending != 0

    def exit_code(self, return_code: int | None) -> int:
        """What the process should exit with: 128 + n after signal n, else the app's own code."""
        ending = self._ending or self._interrupted
        return 128 + ending if ending else return_code or 0

    def tell(self, text: str) -> None:
        """Writes plain text for the user to the terminal after the screen was left; never waits, never raises."""
        data = text.encode(_encoding(), "replace")
        if in_foreground(self._stderr):
            write_bounded(self._stderr, data, _RESET_SECONDS)

    # -- ending --------------------------------------------------------------------------------------

    def hang_up(self) -> None:
        """The terminal is gone: end as after SIGHUP. Any thread may call this, more than once."""
        self._tell_watch(signal.SIGHUP)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        # The watch was told by now, unless a library took the wake-up descriptor for itself.
        if signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False) != self._wake[1]:
            self._tell_watch(number)
        if self.unwinds and not self._interrupted:
            self._interrupted = number
            # Not KeyboardInterrupt: Python itself takes note of one, and then dies of SIGINT at its end.
            raise SystemExit(128 + number)

    def _tell_watch(self, number: int) -> None:
        with contextlib.suppress(
            OSError
        ):  # full: it has enough to do; closed: it has done its work
            os.write(self._wake[1], bytes([number]))

    def _begin(self, number: int) -> None:
        self._ending = number
        if self._ask_exit is None and not self.unwinds:
            self._cut()
            return
        self._deadline = time.monotonic() + self._grace
        # Half the time for a stuck write to end, the other half for the app to do so properly.
        self.stream.give_up_after(self._grace / 2)
        # RuntimeError: the app's loop is closed already, so the end is near anyway.
        with contextlib.suppress(RuntimeError):
            if self._ask_exit is not None:
                self._ask_exit()

    def end_now(self) -> NoReturn:
        """Restores the terminal and ends the process, whatever other threads are doing. Not the watch's."""
        try:
            self._abandon()
            deadline = time.monotonic() + self._longest
            while self._unfinished() and time.monotonic() < deadline:
                time.sleep(_LOOK_SECONDS)
        finally:
            self._exit()

    def _cut(self) -> None:
        """The app had its time: what has to be finished gets its own; without that, or the second time, this is
        the end. Called by the watch."""
        waits = False
        try:
            self._abandon()
            waits = not self._finishing and self._unfinished()
        finally:
            if not waits:
                self._exit()
        self._finishing = True
        self._deadline = time.monotonic() + self._longest
        self.tell(self._on_wait)

    def _exit(self) -> NoReturn:
        os._exit(128 + (self._ending or signal.SIGTERM))

    def _abandon(self) -> None:
        if self._stream is not None:
            self._stream.abandon()
        self._restore()

    def _restore(self) -> None:
        """Puts back line settings, and the modes if nobody did. A background job leaves the terminal alone."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        try:
            if not in_foreground(self._stdin):
                return
            if self._attributes is not None:
                put_attributes(self._stdin, self._attributes)
            for fd, blocking in self._blocking.items():
                os.set_blocking(fd, blocking)  # shared with the shell
            if self._engaged:
                self._engaged = not write_bounded(
                    self.stream.fileno(), RESET, _RESET_SECONDS, discard=True
                )
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTTOU})

    # -- stopping and going on -----------------------------------------------------------------------

    def pause(self, *, whole_job: bool = False) -> bool:
        """Stops this process as ctrl+z does; returns once it is in the foreground again.

        With `whole_job` a launcher that waits for us (`uv run`, a shell's -c) is stopped too, as the shell is
        told of its own children only. That comes last: it takes the terminal back as soon as the first stops.
        The kernel decides whether it may stop: without a shell that could continue it, the call returns at once
        instead of hanging the terminal for ever. `bg` stops it again. False: it was asked to end meanwhile, and
        the terminal may belong to someone else now. Main thread only, with the terminal's modes put back.
        """
        without_effect = 0
        while not self._ending:
            began = time.monotonic()
            handler = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
            if whole_job:
                os.kill(0, signal.SIGTSTP)  # to all but us
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            signal.raise_signal(signal.SIGTSTP)  # to this thread: it stops before this returns
            signal.signal(signal.SIGTSTP, handler)
            if in_foreground(self._stdin):
                break
            time.sleep(_SETTLE_SECONDS)  # the watch may be about to learn that this is the end
            without_effect += time.monotonic() - began < _IMMEDIATE_SECONDS
            if without_effect == _STOPS_WITHOUT_EFFECT:
                self.hang_up()  # in the background, and nobody left to bring us back
        return not self._ending

    def await_foreground(self) -> bool:
        """Stops this process while it is a background job; as `pause` otherwise."""
        return in_foreground(self._stdin) or self.pause()

    # -- the watch -----------------------------------------------------------------------------------

    def _watch(self) -> None:
        poller = select.poll()
        poller.register(self._wake[0], select.POLLIN)
        for fd in {self._stdin, self._stderr}:
            poller.register(fd, 0)  # no events of ours: it reports hang-ups, and takes no input
        while True:
            reported = dict(poller.poll(self._patience() * 1000))
            told = os.read(self._wake[0], 4096) if reported.pop(self._wake[0], 0) else b""
            if _STOP_WATCH in told:
                return
            for fd, flags in reported.items():
                poller.unregister(fd)  # it would report again at once
                if not flags & select.POLLNVAL:  # a system that cannot poll terminals
                    told += bytes([signal.SIGHUP])
            if not self._ending and not os.isatty(self._stdin):
                told += bytes([signal.SIGHUP])
            for number in told:
                self._answer(number)
            if not self._patience():
                self._cut()

    def _patience(self) -> float:
        if self._finishing:
            going_on = self._unfinished() and time.monotonic() < self._deadline
            return _LOOK_SECONDS if going_on else 0.0
        if not self._ending:
            return _WATCH_SECONDS
        return min(max(self._deadline - time.monotonic(), 0.0), _WATCH_SECONDS)

    def _answer(self, number: int) -> None:
        """One signal, whatever thread it came to."""
        if number not in _ENDING:
            # Textual's: its handler runs as soon as the main thread does.
            if self._nudge is not None:
                with contextlib.suppress(RuntimeError):
                    self._nudge()
        elif not self._ending:
            self._begin(number)
        elif number != signal.SIGHUP:
            # Shells, sshd and service managers send HUP beside another signal: that is not impatience.
            self._cut()


def _encoding() -> str:
    return sys.__stderr__.encoding if sys.__stderr__ is not None else "utf-8"
