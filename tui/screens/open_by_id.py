"""`o`: open a session by its id or token, at one of the profiles."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.model.text import Opaque, line
from tui.screens.desk import Desk


class Reference(NamedTuple):
    """A session to open: where, and the id or token as it was typed."""

    profile: str
    ref: Opaque


_HINT = "up, down: profile   Enter: open   Esc: cancel"


class IdInput(Input):
    """Ids are pasted from anywhere: what is not printable does not come in."""

    def on_paste(self, event: events.Paste) -> None:
        """The first line that holds something: copied ids come with breaks and blanks around them."""
        event.prevent_default()
        event.stop()
        rows = [row.strip() for row in event.text.splitlines() if row.strip()]
        self.insert_text_at_cursor(rows[0] if rows else "")

    def insert_text_at_cursor(self, text: str) -> None:
        super().insert_text_at_cursor("".join(char for char in text.strip() if char.isprintable()))


class OpenScreen(ModalScreen[Reference | None]):
    """Pick the profile (up and down), type or paste the id, Enter."""

    DEFAULT_CSS = """
    OpenScreen { align: center middle; background: $background 60%; }
    OpenScreen > Vertical {
        width: 64; max-width: 90%; height: auto; padding: 1 2; background: $surface; border: round $accent;
    }
    OpenScreen OptionList { height: auto; max-height: 6; margin: 1 0; border: none; padding: 0; background: $surface; }
    OpenScreen Input { border: tall $accent; }
    OpenScreen .hint { color: $text-muted; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", id="open.cancel"),
        Binding("up", "pick(-1)", "profile before", show=False, priority=True, id="open.up"),
        Binding("down", "pick(1)", "next profile", show=False, priority=True, id="open.down"),
    ]

    def __init__(self, desk: Desk, profile: str | None) -> None:
        super().__init__()
        self._names = [known.name for known in desk.profiles]
        self._titles = {
            known.name: line(f"{known.name}  {desk.specs[known.provider].title}")
            for known in desk.profiles
        }
        self._chosen = self._names.index(profile) if profile in self._names else 0
        self._mark = "> " if desk.ascii_only else "▸ "

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(Content("Open a session by its id or token"), markup=False)
            options = OptionList(
                *(Option(self._prompt(index)) for index in range(len(self._names)))
            )
            options.can_focus = False
            yield options
            yield IdInput(placeholder="id or token", max_length=512)
            yield Static(
                Content("up, down: profile   Enter: open   Esc: cancel"),
                id="hint",
                classes="hint",
                markup=False,
            )

    def _prompt(self, index: int) -> Content:
        """The chosen profile has a mark: colour alone would not do."""
        mark = self._mark if index == self._chosen else "  "
        return Content(f"{mark}{self._titles[self._names[index]]}")

    def on_mount(self) -> None:
        self.query_one(OptionList).highlighted = self._chosen if self._names else None
        self.query_one(IdInput).focus()

    def on_key(self, event: events.Key) -> None:
        """Typed before the field had the focus (a paste after the key, over a slow link): not lost."""
        if event.character and event.is_printable:
            event.stop()
            self.query_one(IdInput).insert_text_at_cursor(event.character)

    def action_pick(self, by: int) -> None:
        options = self.query_one(OptionList)
        if self._names:
            self._chosen = (self._chosen + by) % len(self._names)
            for index in range(len(self._names)):
                options.replace_option_prompt_at_index(index, self._prompt(index))
            options.highlighted = self._chosen

    def action_cancel(self) -> None:
        self.dismiss(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value and self._names:
            self.dismiss(Reference(self._names[self._chosen], Opaque(event.value)))
        else:
            self.query_one("#hint", Static).update(
                Content("type or paste an id first   Esc: cancel")
            )
