"""A question that is about no action of a vendor: yes after a pause, no by default."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.model.text import Clean
from tui.screens.desk import Desk
from tui.screens.dialog import Dialog, key_parts
from tui.widgets.line_list import Line, Part


class SureScreen(Dialog[bool]):
    """`told` gives the lines in a width; `yes` is what a yes does, in a few words."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "yes", "yes", id="sure.yes"),
        Binding("enter", "no", "no", id="sure.no"),
    ]

    def __init__(
        self, desk: Desk, title: Clean, told: Callable[[int], list[Line]], yes: str
    ) -> None:
        super().__init__(desk)
        self._title, self._told, self._yes = title, told, yes

    def title_text(self) -> Clean:
        return self._title

    def lines(self, width: int) -> list[Line]:
        return self._told(width)

    def keys(self) -> Sequence[Part]:
        return key_parts(("y", f"yes, {self._yes}"), ("Enter, Esc", "no, leave it"))

    def action_yes(self) -> None:
        if not self.too_soon():
            self.dismiss(True)

    def action_no(self) -> None:
        if not self.too_soon():
            self.dismiss(False)

    def action_leave(self) -> None:
        self.dismiss(False)
