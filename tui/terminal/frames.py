"""An app whose frames go through `Output`: when they are written, and what happens when that fails.

It uses only what the framework shows to everybody; `terminal/hooks.py` calls `draw` where the framework would
write by itself, and says how a frame gets to the terminal.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterable
from typing import Any, TypeVar

from rich.style import Style
from textual import events, on
from textual.app import App
from textual.geometry import Offset
from textual.message import Message
from textual.timer import Timer

from tui.terminal.crash import CrashReport, crash_report
from tui.terminal.output import RESTART, Output, Piece, erases_in_colour
from tui.terminal.pace import Pace

Result = TypeVar("Result")

VEIL_SECONDS = 0.5
"""How long, at most, a painted frame stays when the screen that should take its place does not settle."""


class FramedApp(App[Result]):
    """With `plain_output` the framework writes whole regions itself. `frames_per_second` bounds how often news are
    written; what answers a key never waits. `painted` is the size of a frame that the terminal shows already: it stays
    until there is a whole one to take its place. `background_errors` holds the last reports of what failed unseen."""

    class PlainOutput(Message):
        """Our output failed; from now on the framework writes for itself."""

    def __init__(
        self,
        *,
        plain_output: bool = False,
        frames_per_second: float | None = None,
        painted: tuple[int, int] | None = None,
        **options: Any,
    ) -> None:
        bce = erases_in_colour(os.environ)
        self.output = None if plain_output else Output(self.sgr_of, bce=bce, over=painted)
        self.pace = Pace(frames_per_second)
        self._veiled = painted is not None and not plain_output
        self.background_errors: deque[CrashReport] = deque(maxlen=20)
        self._held_frame: Timer | None = None
        super().__init__(**options)

    # -- what the hooks say ----------------------------------------------------------------------------

    @property
    def frame_sync(self) -> bool:
        """Whether the terminal knows synchronized output."""
        return False

    @property
    def shows_frames(self) -> bool:
        """Whether there is a terminal to write to now."""
        return False

    @property
    def settled(self) -> bool:
        """Whether the screen shows all that it has to show: what was painted before may go."""
        return True

    def write_frame(self, text: str) -> None:
        """Gives one frame to the terminal, in one piece."""

    def sgr_of(self, style: Style) -> str:
        """A style's SGR codes in the colours of this terminal."""
        return ""

    async def on_event(self, event: events.Event) -> None:
        """Notes when a key is taken, which may be later than it came, and what the terminal answers."""
        if isinstance(event, events.InputEvent | events.Paste):
            self.pace.touch(time.monotonic())
        elif isinstance(event, events.CursorPosition) and self.output is not None:
            self.output.answer(event.x, event.y)
        await super().on_event(event)

    # -- whole screens ---------------------------------------------------------------------------------

    @on(events.Resize)
    def paint_resized(self) -> None:
        """Also when the size came back to what it was: the terminal may have moved its lines meanwhile."""
        self.repaint()

    def repaint(self) -> None:
        """Sends the whole screen again: what the terminal shows is not known any more."""
        if self.output is not None:
            self.output.forget()
        self.refresh(layout=True)

    def action_repaint(self) -> None:
        """For a key of its own (ctrl+l)."""
        self.repaint()

    # -- frames ----------------------------------------------------------------------------------------

    def draw(self, pieces: Iterable[Piece]) -> bool:
        """Makes the terminal show this too. False: that failed, and the framework has to draw from here on."""
        output = self.output
        if output is None:
            return False
        try:
            output.take(pieces, self.size)
            self._write_due(output)
        except Exception as error:
            self._lose_output(error)
            return False
        return True

    def _write_due(self, output: Output) -> None:
        if self._veiled and not self.settled:
            if self._held_frame is None:
                self._held_frame = self.set_timer(VEIL_SECONDS, self._unveil)
            return
        self._veiled = False
        now = time.monotonic()
        wait = self.pace.wait(now)
        if wait:
            if self._held_frame is None:
                self._held_frame = self.set_timer(wait, self._write_held)
            return
        text = output.frame(cursor=self._cursor_place(), sync=self.frame_sync)
        if text:
            self.pace.sent(now)
            self.write_frame(text)

    def _cursor_place(self) -> tuple[int, int] | None:
        """Where the terminal's own cursor belongs: into a text input, for input methods; else it does not matter.
        The input itself is asked: what the app keeps is where it was before the input was laid out."""
        place = getattr(self.focused, "cursor_screen_offset", None)
        if not isinstance(place, Offset):
            return None
        column, row = self.screen.outer_size.clamp_offset(place)
        return column, row

    def _unveil(self) -> None:
        self._veiled = False
        self._write_held()

    def _write_held(self) -> None:
        self._held_frame = None
        output = self.output
        if output is None or not self.shows_frames or not output.due:
            return
        try:
            self._write_due(output)
        except Exception as error:
            self._lose_output(error)

    def _lose_output(self, error: Exception) -> None:
        """A fault in our output costs bytes, not the screen: the framework draws from here on, all of it first."""
        self.output = None
        self.background_errors.append(crash_report(error))
        self.write_frame(RESTART)
        self.repaint()
        self.post_message(self.PlainOutput())
