"""The line above the keys: what the list shows now, or a message for a few seconds, or the filter being typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from tui.model.text import Clean, line
from tui.widgets.bar import Bar
from tui.widgets.line_list import Part

MESSAGE_SECONDS = 6.0


class PromptInput(Input):
    """The input of the filter and the search: Enter keeps the text, Escape drops it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "keep", key_display="Enter", id="prompt.keep"),
        Binding("escape", "drop", "clear", key_display="Esc", id="prompt.clear"),
    ]

    class Dropped(Message):
        """Escape was pressed."""

    def insert_text_at_cursor(self, text: str) -> None:
        """Typed and pasted text comes through here: a paste may hold anything."""
        super().insert_text_at_cursor(line(text))

    def action_drop(self) -> None:
        self.post_message(self.Dropped())


class StatusLine(Horizontal):
    """Three faces in one row: `rest` (what is shown), `tell` (a message), `ask` (a prompt, typed live)."""

    DEFAULT_CSS = """
    StatusLine { dock: bottom; height: 1; background: $surface; padding: 0 1; margin-bottom: 1; }
    StatusLine > Bar { width: 1fr; background: $surface; }
    StatusLine > #prompt { width: auto; color: $accent; text-style: bold; display: none; background: $surface; }
    StatusLine > PromptInput { width: 1fr; display: none; border: none; height: 1; padding: 0; background: $surface; }
    StatusLine > PromptInput:focus { border: none; background: $surface; background-tint: $foreground 0%; }
    StatusLine.-asking > #prompt, StatusLine.-asking > PromptInput { display: block; }
    StatusLine.-asking > Bar { width: auto; min-width: 18; }
    """

    class Typed(Message):
        """The prompt's text changed."""

        def __init__(self, text: Clean) -> None:
            super().__init__()
            self.text = text

    class Answered(Message):
        """The prompt closed: with its text on Enter, with None on Escape."""

        def __init__(self, text: Clean | None) -> None:
            super().__init__()
            self.text = text

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._left: tuple[Part, ...] = ()
        self._right: tuple[Part, ...] = ()
        self._message: Part | None = None
        self._clearing: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static("/", id="prompt", markup=False)
        yield PromptInput(select_on_focus=False)
        yield Bar()

    @property
    def asking(self) -> bool:
        """Whether the prompt is open."""
        return self.has_class("-asking")

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

    def ask(self, prompt: str, text: Clean) -> None:
        """Opens the prompt with `text` in it."""
        self._message = None
        self.query_one("#prompt", Static).update(line(prompt))
        field = self.query_one(PromptInput)
        with self.prevent(Input.Changed):
            field.value = text
        field.cursor_position = len(text)
        self.add_class("-asking")
        self._say()
        field.focus()

    def _close(self, text: Clean | None) -> None:
        self.remove_class("-asking")
        self._say()
        self.post_message(self.Answered(text))

    def _say(self) -> None:
        bar = self.query_one(Bar)
        if self._message is not None:
            bar.say([self._message], self._right)
        elif self.asking:
            bar.say([], self._right)
        else:
            bar.say(self._left, self._right)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(line(event.value)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._close(line(event.value))

    def on_prompt_input_dropped(self, event: PromptInput.Dropped) -> None:
        event.stop()
        self._close(None)
