"""The line above the keys: what the list shows now, or a message for a few seconds, or the filter being typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.model.text import Clean, line
from tui.widgets.bar import Bar
from tui.widgets.line_list import Part

MESSAGE_SECONDS = 6.0


class PromptInput(Input):
    """The input of the filter and the search. It calls at once instead of posting messages: keys that were typed
    ahead must find the prompt's effect done."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "keep", key_display="Enter", id="prompt.keep"),
        Binding("escape", "drop", "clear", key_display="Esc", id="prompt.clear"),
    ]

    def __init__(
        self, typed: Callable[[Clean], None], ended: Callable[[Clean | None], None]
    ) -> None:
        super().__init__(select_on_focus=False, max_length=256)
        self.cursor_blink = False  # an open prompt, too, is quiet
        self._typed = typed
        self._ended = ended

    def insert_text_at_cursor(self, text: str) -> None:
        """Typed and pasted text comes through here: a paste may hold anything."""
        super().insert_text_at_cursor(line(text))

    def on_paste(self, event: events.Paste) -> None:
        """Several lines become one, with nothing lost."""
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(" ".join(event.text.split()))

    def watch_value(self, value: str) -> None:
        self._typed(line(value))

    async def action_submit(self) -> None:
        self._ended(line(self.value))

    def action_drop(self) -> None:
        self._ended(None)


class StatusLine(Horizontal):
    """Three faces in one row: `rest` (what is shown), `tell` (a message), `ask` (a prompt, typed live)."""

    DEFAULT_CSS = """
    StatusLine { dock: bottom; height: 1; background: $surface; padding: 0 1; margin-bottom: 1; }
    StatusLine > Bar { width: 1fr; min-width: 18; background: $surface; }
    StatusLine > #prompt { width: auto; color: $accent; text-style: bold; display: none; background: $surface; }
    StatusLine > PromptInput { width: 1fr; display: none; border: none; height: 1; padding: 0; background: $surface; }
    StatusLine > PromptInput:focus { border: none; background: $surface; background-tint: $foreground 0%; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._left: tuple[Part, ...] = ()
        self._right: tuple[Part, ...] = ()
        self._message: Part | None = None
        self._asking = False
        self._typed: Callable[[Clean], None] | None = None
        self._answered: Callable[[Clean | None], None] | None = None
        self._before: Widget | None = None
        self._clearing: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static("/", id="prompt", markup=False)
        yield PromptInput(self._on_typed, self._close)
        yield Bar()

    @property
    def asking(self) -> bool:
        """Whether the prompt is open."""
        return self._asking

    @property
    def plain(self) -> str:
        """What the bar says, for the tests."""
        return self.query_one(Bar).plain

    def rest(self, left: Sequence[Part], right: Sequence[Part] = ()) -> None:
        """What the line shows when it has nothing else to say."""
        self._left, self._right = tuple(left), tuple(right)
        self._say()

    def tell(self, message: Clean, *, bad: bool = False) -> None:
        """A message that gives way to the resting text after a few seconds."""
        self._message = Part(message, "bad" if bad else "strong")
        self._say()
        if self._clearing is not None:
            self._clearing.stop()
        self._clearing = self.set_timer(MESSAGE_SECONDS, self.clear_message)

    def clear_message(self) -> None:
        """Back to the resting text."""
        if self._message is not None:
            self._message = None
            self._say()

    def ask(
        self,
        prompt: str,
        text: Clean,
        typed: Callable[[Clean], None],
        answered: Callable[[Clean | None], None],
    ) -> None:
        """Opens the prompt with `text` in it. `typed` is called with every change of the text, `answered` when it
        closes: with the text on Enter, with None on Escape."""
        self._message = None
        self.query_one("#prompt", Static).update(line(prompt))
        field = self.query_one(PromptInput)
        field.value = text
        self._typed, self._answered = typed, answered
        field.cursor_position = len(text)
        self._before = self.screen.focused
        self._open(True)
        # At once, not with the next refresh: over a slow link the prompt's key and its text come in one piece.
        self.screen.set_focus(field)

    def _close(self, text: Clean | None) -> None:
        if self.asking:
            self._open(False)
            self.screen.set_focus(self._before)
            if self._answered is not None:
                self._answered(text)

    def _open(self, on: bool) -> None:
        self._asking = on
        self.query_one("#prompt", Static).display = on
        self.query_one(PromptInput).display = on
        self.query_one(Bar).styles.width = "auto" if on else "1fr"
        self._say()

    def _say(self) -> None:
        bar = self.query_one(Bar)
        if self._message is not None:
            bar.say([self._message])
        elif self.asking:
            bar.say([], self._right)
        else:
            bar.say(self._left, self._right)

    def _on_typed(self, text: Clean) -> None:
        if self.asking and self._typed is not None:
            self._typed(text)
