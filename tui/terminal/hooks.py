"""The only file, with those named `hooks_...`, that uses names Textual keeps to itself, written against the one
version named below.

A test fails when Textual's version changes or a name used here is gone; then read the new sources, see that
what is said here still holds, and raise the version. What is mended here, and why:

- the driver: input that is no UTF-8, or a forged key or size report, does not end or hang the app; a terminal
  that is gone ends it; stopping and going on (ctrl+z, SIGSTOP, SIGCONT) never starts a second reader;
- the app: a crash prints no locals, and ends with a report that can be shown;
- the output: only cells that changed are written (output.py), and no control function of a text (belt.py).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import selectors
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, ClassVar, Final, TypeVar

from rich.color import ColorSystem
from rich.console import RenderableType
from rich.style import Style
from textual import constants, events, on
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.binding import Binding, BindingType
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import LineFilter
from textual.geometry import Size
from textual.message import Message
from textual.messages import InBandWindowResize
from textual.screen import Screen
from textual.strip import Strip
from textual.worker import WorkerFailed

from tui.model.text import block
from tui.terminal import clipboard, hooks_styles  # noqa: F401 - the latter mends what it imports
from tui.terminal.belt import ControlFilter
from tui.terminal.crash import CrashReport, crash_report
from tui.terminal.frames import FramedApp
from tui.terminal.guard import Guard
from tui.terminal.keyboard import Keyboard
from tui.terminal.output import Piece, leaves_cells_alone

TEXTUAL_VERSION: Final = "8.2.8"

MAX_COLUMNS: Final = 1000
MAX_ROWS: Final = 500
"""No terminal is larger; laying out a screen of 99999 x 99999 cells never ends."""
_PASTE_LIMIT: Final = 16_384
_TYPED_INVISIBLE: Final = frozenset("\u00a0\u200c\u200d")
"""Not printable to Python, and yet on keyboards: the hard space and the joiners of Persian and Indic scripts."""

_KITTY_FLAGS: Final = (
    linux_driver.KITTY_DISAMBIGUATE_ESCAPE_CODES
    | linux_driver.KITTY_REPORT_ALL_KEYS
    | linux_driver.KITTY_REPORT_ASSOCIATED_TEXT
)

Result = TypeVar("Result")


class SafeDriver(LinuxDriver):
    """Textual's driver for Unix terminals, with a guard. Only a `SafeApp` with a guard can use it."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        if not isinstance(app, SafeApp) or app.guard is None:
            raise RuntimeError("a full screen needs a guard: SafeApp(guard=...)")
        self._guard = app.guard
        self._safe_app: SafeApp[Any] = app
        self._in_use = False
        self._stopping = False
        self._raw: list[Any] | None = None
        self._woken = os.pipe()
        os.set_blocking(self._woken[0], False)
        super().__init__(app, debug=debug, mouse=mouse, size=size or terminal_size())
        self._file: Any = self._guard.stream

    # -- size: asked of the terminal itself, never of COLUMNS, stdout or what arrives as input ----------

    def _get_terminal_size(self) -> tuple[int, int]:
        return terminal_size()

    def _query_in_band_window_resize(self) -> None:
        """Not asked for: SIGWINCH tells the same, cannot be forged, and brings no mouse in pixels along."""

    def process_message(self, message: Message) -> None:
        """Passes input on, apart from what nobody can have typed."""
        if isinstance(message, (events.Resize, InBandWindowResize)):
            return
        if isinstance(message, events.Key) and not _typable(message.character):
            return
        if isinstance(message, events.Paste):
            message.text = block(message.text, _PASTE_LIMIT)
        super().process_message(message)

    # -- output ----------------------------------------------------------------------------------------

    def write(self, data: str) -> None:
        """Writes what is no frame of ours: after that nobody knows what the terminal shows."""
        if data == "\x1b[?1049h" and self._guard.painted:
            return  # the alternate screen is shown, and to enter it again would blank it
        if self._safe_app.output is not None and not leaves_cells_alone(data):
            self._safe_app.output.forget()
        super().write(data)

    def write_frame(self, data: str) -> None:
        """Writes a frame in one piece."""
        super().write(data)

    # -- starting, leaving, stopping, going on ---------------------------------------------------------

    def start_application_mode(self) -> None:
        """Takes the terminal over, once this process is in its foreground."""
        if not self._guard.await_foreground():
            return
        self._guard.engage()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self.attrs_before = self._guard.begun(self.attrs_before)
        self._in_use = True
        with contextlib.suppress(termios.error):
            self._raw = termios.tcgetattr(self.fileno)

    def disable_input(self) -> None:
        """Ends the input thread, which sleeps until something comes; so it is woken, to wait for the event."""
        os.write(self._woken[1], b"x")
        super().disable_input()
        with contextlib.suppress(BlockingIOError):
            os.read(self._woken[0], 4096)

    def stop_application_mode(self) -> None:
        """Gives the terminal back."""
        self._in_use = False
        super().stop_application_mode()

    def close(self) -> None:
        """Waits until all output is with the terminal."""
        super().close()
        if not self._guard.stream.dropping:
            self._guard.release()

    def _sigtstp_application(self, *_: object) -> None:
        # Not here: the handler may have interrupted a write that holds the lock a second write would need.
        self._soon(self.stop)

    def _sigcont_application(self, *_: object) -> None:
        if not self._stopping:
            self._soon(self._go_on)

    def _soon(self, callback: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nothing to stop or repaint
            self._loop.call_soon_threadsafe(callback)

    def stop(self, *, whole_job: bool = False) -> None:
        """As the shell expects of ctrl+z: a clean terminal, a stopped job, and everything back on `fg`."""
        if not self._in_use:
            return
        self._stopping = True
        try:
            self.suspend_application_mode()
            if not self._guard.pause(whole_job=whole_job):
                self._guard.end_now()
            self._must_signal_resume = True
            self.resume_application_mode()
        finally:
            self._stopping = False
        self._safe_app.repaint()

    def _go_on(self) -> None:
        """After SIGCONT: if it was SIGSTOP before, a shell used the terminal meanwhile, so claim it again."""
        if not self._in_use:
            return
        if self._raw is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self._raw)
        self.write("\x1b[?1049h\x1b[?25l\x1b[?1004h")
        if not constants.DISABLE_KITTY_KEY:
            # Popped first: whether the stop took our entry off the stack is not known.
            self.write(f"\x1b[<u\x1b[>{_KITTY_FLAGS}u")
        self._enable_mouse_support()
        self._enable_bracketed_paste()
        self._disable_line_wrap()
        size = Size(*terminal_size())
        self.send_message(events.Resize(size, size))
        self._safe_app.repaint()

    # -- input -----------------------------------------------------------------------------------------

    def run_input_thread(self) -> None:
        """Reads until told to end or the terminal is gone. Sleeps when nothing comes."""
        keyboard = Keyboard()
        parser = XTermParser(self._debug)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._woken[0], selectors.EVENT_READ)
            while not self.exit_event.is_set():
                patience = keyboard.patience(time.monotonic(), constants.ESCAPE_DELAY)
                ready = [key.fd for key, _ in selector.select(patience)]
                if self._woken[0] in ready:
                    self.exit_event.wait(1.0)
                text = keyboard.overdue(time.monotonic())
                if self.fileno in ready:
                    data = self._read()
                    if not data:
                        self._guard.hang_up()
                        return
                    text += keyboard.feed(data, time.monotonic())
                parser = self._parse(parser, text)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""

    def _parse(self, parser: XTermParser, text: str) -> XTermParser:
        """Feeds the parser; what it cannot bear (a key code beyond Unicode) costs the input read with it."""
        messages: list[Message] = []
        try:
            messages.extend(parser.feed(text) if text else ())
            messages.extend(parser.tick())
        except Exception:
            parser = XTermParser(self._debug)
        for message in messages:
            self.process_message(message)
        return parser


def terminal_size() -> tuple[int, int]:
    """Columns and rows of the terminal on stderr or stdin, within bounds; 80 x 24 where it does not say."""
    for fd in (2, 0):
        with contextlib.suppress(OSError):
            columns, rows = os.get_terminal_size(fd)
            if columns and rows:
                return min(columns, MAX_COLUMNS), min(rows, MAX_ROWS)
    return 80, 24


def _typable(character: str | None) -> bool:
    """Whether a keyboard sends this: C0 controls are keys; C1, surrogates and bidi controls are not."""
    return (
        character is None
        or character < "\x80"
        or character.isprintable()
        or character in _TYPED_INVISIBLE
    )


class SafeApp(FramedApp[Result], inherit_bindings=False):
    """An app whose crashes tell where and nothing else, and whose terminal is guarded.

    `guard` is needed for a real terminal and absent in headless tests. Afterwards `crash` says how it ended,
    and `background_errors` also holds the reports of tasks that failed without anybody waiting for them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "help_quit", show=False, system=True, id="app.help-quit"),
    ]

    def __init__(self, *, guard: Guard | None = None, **options: Any) -> None:
        self.guard = guard
        self.control_filter = ControlFilter()
        self.crash: CrashReport | None = None
        options.setdefault("driver_class", SafeDriver)
        painted = None if guard is None else guard.painted
        super().__init__(painted=painted, **options)

    @on(events.Mount)
    def stand_guard(self) -> None:
        """Runs beside a subclass's own `on_mount`."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._note_background_error)
        if self.guard is not None:
            wake = loop.call_soon_threadsafe
            self.guard.attach(partial(wake, self.exit), partial(wake, _nothing))
            self.guard.rearm()

    def _note_background_error(
        self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]
    ) -> None:
        # The default would print the message, which may quote a vendor, onto the terminal after the end.
        error = context.get("exception")
        if isinstance(error, BaseException):
            self.background_errors.append(crash_report(error))

    # -- output (frames.py) ----------------------------------------------------------------------------

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        shows = self.shows_frames and not self._batch_count
        if (
            shows
            and isinstance(renderable, (LayoutUpdate, ChopsUpdate))
            and self.draw(pieces_of(renderable))
        ):
            self.post_display_hook()
        else:
            super()._display(screen, renderable)

    @property
    def frame_sync(self) -> bool:
        return self._sync_available

    @property
    def shows_frames(self) -> bool:
        return self._running and not self._closed and isinstance(self._driver, SafeDriver)

    def write_frame(self, text: str) -> None:
        if isinstance(self._driver, SafeDriver):
            self._driver.write_frame(text)

    def sgr_of(self, style: Style) -> str:
        return Strip.render_ansi(style, self.console._color_system or ColorSystem.TRUECOLOR)

    # -- stopping, ending ------------------------------------------------------------------------------

    def action_suspend_process(self) -> None:
        """Stops the whole job, as the terminal's own ctrl+z would."""
        if isinstance(self._driver, SafeDriver):
            self._suspend_signal()
            self._driver.stop(whole_job=True)

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Opens nothing: on a jump host a browser would start inside this terminal."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's filters, and the belt behind them."""
        return [*super().get_line_filters(), self.control_filter]

    def _handle_exception(self, error: Exception) -> None:
        cause = error.error if isinstance(error, WorkerFailed) else error
        if self.crash is None:
            self.crash = crash_report(cause)
        self._return_code = 1
        if self._exception is None:  # what a test's pilot raises again
            self._exception = error
            self._exception_event.set()
        self._fatal_error()

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """Ends the app without showing `renderables`: they may be a traceback with locals."""
        if self.crash is None:
            self.crash = CrashReport(("panic",), (), None)
        self._return_code = 1
        self._fatal_error()

    def _print_error_renderables(self) -> None:
        self._exit_renderables.clear()


def send_to_terminal(app: App[Any], text: str) -> bool:
    """Hands `text` to the terminal's clipboard. True: sent, which is all that anybody knows (see clipboard.py)."""
    driver = app._driver
    if driver is None or driver.is_headless:
        return clipboard.osc52(text) is not None
    sent = clipboard.send(text, driver.write, os.environ)
    driver.flush()
    return sent


def _nothing() -> None:
    """What a loop is woken for whose main thread has signal handlers to run."""


def pieces_of(update: LayoutUpdate | ChopsUpdate) -> Iterator[Piece]:
    """What an update draws and where, in its own order: as its `render_segments` would write it."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield y, update.region.x, [segment for strip in strips for segment in strip]
        return
    for y, start, stop in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= stop and end > start:
                yield y, x, strip if end <= stop else strip.crop(0, stop - x)


def rendered_text(app: App[Any]) -> list[str]:
    """The lines of the screen on top as plain text, for tests: what a terminal would show of it."""
    return [strip.text for strip in app.screen._compositor.render_strips()]
