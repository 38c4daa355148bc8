"""`o`: open a session by its id or token, at one of the profiles."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.model.text import Opaque, line
from tui.screens.desk import Desk
from tui.widgets.dialog_input import DialogInput


class Reference(NamedTuple):
    """A session to open: where, and the id or token as it was typed."""

    profile: str
    ref: Opaque


_HINT = "up, down: profile   Enter: open   Esc: cancel"


class OpenScreen(ModalScreen[Reference | None]):
    """Pick the profile (up and down), type or paste the id, Enter."""

    DEFAULT_CSS = """
    OpenScreen { align: center middle; background: $background 60%; }
    OpenScreen > Vertical {
        width: 64; max-width: 90%; height: auto; padding: 1 2; background: $surface; border: round $accent;
    }
    OpenScreen.-ascii > Vertical { border: ascii $accent; }
    OpenScreen OptionList { height: auto; max-height: 6; margin: 1 0; border: none; padding: 0; background: $surface; }
    OpenScreen Input { border: tall $accent; }
    OpenScreen.-ascii Input { border: ascii $accent; }
    OpenScreen .hint { color: $text-muted; margin-top: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "cancel", id="open.cancel"),
        Binding("up", "pick(-1)", "profile before", show=False, priority=True, id="open.up"),
        Binding("down", "pick(1)", "next profile", show=False, priority=True, id="open.down"),
    ]

    def __init__(self, desk: Desk, profile: str | None) -> None:
        super().__init__()
        self.set_class(desk.ascii_only, "-ascii")
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
            yield DialogInput(self._open, placeholder="id or token", limit=512)
            yield Static(Content(_HINT), id="hint", classes="hint", markup=False)

    def _prompt(self, index: int) -> Content:
        """The chosen profile has a mark: colour alone would not do."""
        mark = self._mark if index == self._chosen else "  "
        return Content(f"{mark}{self._titles[self._names[index]]}")

    def on_mount(self) -> None:
        self.query_one(OptionList).highlighted = self._chosen if self._names else None
        self.query_one(DialogInput).focus()

    def on_key(self, event: events.Key) -> None:
        """Typed before the field had the focus (a paste after the key, over a slow link): not lost."""
        if event.character and event.is_printable:
            event.stop()
            self.query_one(DialogInput).insert_text_at_cursor(event.character)

    def action_pick(self, by: int) -> None:
        options = self.query_one(OptionList)
        if self._names:
            self._chosen = (self._chosen + by) % len(self._names)
            for index in range(len(self._names)):
                options.replace_option_prompt_at_index(index, self._prompt(index))
            options.highlighted = self._chosen

    def action_cancel(self) -> None:
        self.dismiss(None)

    def _open(self) -> None:
        ref = self.query_one(DialogInput).value.strip()
        if ref and self._names:
            self.dismiss(Reference(self._names[self._chosen], Opaque(ref)))
        else:
            self.query_one("#hint", Static).update(
                Content("type or paste an id first   Esc: cancel")
            )
