"""A list to choose one thing from: a provider for a new profile, a value that a vendor offers for a key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from tui.model.text import Clean, line
from tui.screens import keys
from tui.screens.base import DeskScreen
from tui.screens.desk import Desk, News
from tui.widgets.glyphs import glyphs
from tui.widgets.line_list import Line, LineList, Part
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar


class PickScreen(DeskScreen):
    """`rows` are what can be chosen, in two columns; `taken` is called with the number of the chosen one, in place of
    this screen or with it gone. Escape chooses nothing."""

    NAME = "choice"
    AUTO_FOCUS = ""  # the list does not scroll by itself: the cursor does
    DEFAULT_CSS = "PickScreen LineList { padding: 1 1; }"
    BINDINGS: ClassVar[list[BindingType]] = keys.PICK

    def __init__(
        self,
        desk: Desk,
        trail: Sequence[Clean],
        question: Clean,
        rows: Sequence[tuple[Clean, Clean]],
        taken: Callable[[int], None],
    ) -> None:
        super().__init__(desk)
        self._trail, self._question, self._rows, self._taken = trail, question, rows, taken
        self._index = 0
        self._glyphs = glyphs(ascii_only=desk.ascii_only)

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        choices = LineList(id="choices")
        choices.can_focus = False
        yield choices

    def catch_up(self) -> None:
        self._show()

    def receive(self, news: News) -> None:
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        if not self.is_mounted:
            return
        self.query_one(TitleBar).show_trail(*self._trail, read_only=self.desk.read_only)
        choices = self.query_one(LineList)
        choices.show(self._lines())
        at = self._index + 2
        if not choices.scroll_offset.y <= at < choices.scroll_offset.y + choices.size.height:
            choices.scroll_to(y=max(0, at - choices.size.height + 2), animate=False)
        self.query_one(StatusLine).rest([Part(line("Enter takes it, Esc goes back"), "muted")])

    def _lines(self) -> list[Line]:
        longest = max((len(first) for first, _second in self._rows), default=0)
        lines: list[Line] = [(Part(line(f"   {self._question}", 400), "strong"),), ()]
        for index, (first, second) in enumerate(self._rows):
            on = index == self._index
            mark = f" {self._glyphs.cursor} " if on else "   "
            lines.append(
                (
                    Part(line(mark), "key"),
                    Part(line(f"{first:<{longest}}   ", 400), "key" if on else "strong"),
                    Part(second, "" if on else "muted"),
                )
            )
        return lines

    def action_pick(self, by: int) -> None:
        self._index = (self._index + by) % len(self._rows)
        self._show()

    def action_take(self) -> None:
        self._taken(self._index)
