"""What the small dialogs over a screen have in common: lines that scroll, one line of keys, one of what is amiss."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen

from tui.model.text import Clean, line
from tui.screens.desk import Desk
from tui.widgets.bar import Bar
from tui.widgets.dialog_input import DialogInput
from tui.widgets.line_list import Line, LineList, Part

Result = TypeVar("Result")

QUIET_SECONDS = 0.3
WIDEST = 78
# Borders, padding and the scrollbar's place; above and below also the title, two lines of keys, the margins.
_FRAME_COLUMNS, _FRAME_ROWS = 7, 9
_TOO_SOON = "too soon after another key: wait a moment, then press it again"


class Dialog(ModalScreen[Result]):
    """Subclasses give `title_text`, `lines`, `keys` and, between the lines and the keys, `fields`.

    `in_time` says whether the key that is being handled came after a pause: a paste, a burst over a slow link and
    a key that is held down never do. The pause is told by the desk's clock and begins when the dialog opens.
    """

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; }
    Dialog > Vertical { height: auto; padding: 1 2; background: $surface; border: round $accent; }
    Dialog LineList { background: $surface; scrollbar-background: $surface; }
    Dialog Bar { background: $surface; }
    Dialog #title { margin-bottom: 1; }
    Dialog.-ascii > Vertical { border: ascii $accent; }
    Dialog #keys { margin-top: 1; }
    Dialog Input { border: none; height: 1; padding: 0; margin-top: 1; background: $panel; }
    Dialog Input:focus { border: none; background: $panel; background-tint: $foreground 0%; }
    """
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave it", id="dialog.leave"),
        Binding("down", "scroll_by(1)", "down", show=False, id="dialog.down"),
        Binding("up", "scroll_by(-1)", "up", show=False, id="dialog.up"),
        Binding("pagedown", "scroll_by(8)", "page down", show=False, id="dialog.page-down"),
        Binding("pageup", "scroll_by(-8)", "page up", show=False, id="dialog.page-up"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.set_class(desk.ascii_only, "-ascii")
        self._last_key = desk.clock.monotonic()
        self.in_time = False
        self.settled = False
        """Whether there was a pause since it opened: what was typed ahead is over."""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Bar(id="title")
            told = LineList(id="told")
            told.can_focus = False
            yield told
            yield from self.fields()
            yield Bar(id="keys")
            yield Bar(id="amiss")

    # --- what a dialog is made of -----------------------------------------------------------------------

    def title_text(self) -> Clean:
        """The first line."""
        return line("")

    def lines(self, width: int) -> list[Line]:
        """What is told, wrapped."""
        return []

    def fields(self) -> ComposeResult:
        """Inputs, if any."""
        yield from ()

    def keys(self) -> Sequence[Part]:
        """The keys and what they do."""
        return ()

    def more_rows(self) -> int:
        """The rows that `fields` take."""
        return 0

    # --- showing ----------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        self._last_key = self.desk.clock.monotonic()
        self.show()

    def on_resize(self, event: events.Resize) -> None:
        self.show()

    def show(self) -> None:
        """Everything as it is now."""
        width = max(30, min(WIDEST, self.app.size.width - 4))
        self.query_one(Vertical).styles.width = width
        lines = self.lines(width - _FRAME_COLUMNS)
        told = self.query_one("#told", LineList)
        room = self.app.size.height - _FRAME_ROWS - self.more_rows()
        told.styles.height = max(1, min(len(lines), room))
        told.show(lines)
        more = [Part(line("more: arrows"), "muted")] if len(lines) > max(1, room) else []
        self.query_one("#title", Bar).say([Part(self.title_text(), "accent")], more)
        self.query_one("#keys", Bar).say(self.keys())

    def amiss(self, text: str, look: str = "warning") -> None:
        """One line about what is not as it should be."""
        self.query_one("#amiss", Bar).say([Part(line(text), look)] if text else [])

    # --- keys -------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Every key comes by here before its binding acts. (A subclass has `typed`: its own `on_key` would be called
        beside this one.)"""
        self._note_key(event)
        self.typed(event)

    def typed(self, event: events.Key) -> None:
        """A key that no field has taken: what was typed before the field had the focus is not lost."""
        field = next(iter(self.query(DialogInput)), None)
        if field is None or self.focused is not None:
            return
        if event.is_printable and event.character:
            event.stop()
            field.insert_text_at_cursor(event.character)
        elif event.key == "enter":
            event.stop()
            self.submitted()

    def submitted(self) -> None:
        """Enter in a field."""

    def _note_key(self, event: events.Key) -> None:
        """Tells apart keys that a person presses one by one. What counts is when a key came in: on a machine that is
        slow to open a dialog, the keys of a burst are handled far apart."""
        came = self.desk.clock.monotonic() - _waited(event)
        self.in_time = came - self._last_key >= QUIET_SECONDS
        self.settled = self.settled or self.in_time
        self._last_key = max(self._last_key, came)

    def too_soon(self) -> bool:
        """Whether the key at hand must not decide anything; says so on the dialog."""
        if not self.in_time:
            self.amiss(_TOO_SOON)
        return not self.in_time

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_scroll_by(self, rows: int) -> None:
        self.query_one("#told", LineList).action_scroll_by(rows)


def _waited(event: events.Key) -> float:
    """How many seconds ago it came in, told by the framework's own clock."""
    return Message().time - event.time


def key_parts(*pairs: tuple[str, str]) -> list[Part]:
    """Keys and what they do, in one line."""
    parts: list[Part] = []
    for key, does in pairs:
        if parts:
            parts.append(Part(line("   ")))
        parts += [Part(line(key), "key"), Part(line(f" {does}"))]
    return parts
