"""One line that says what it is told: the base of the bars above and below the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from tui.model.text import line
from tui.widgets.line_list import LOOKS, Part


class Bar(Widget):
    """Parts from the left and parts from the right; the left gives way. The same parts again paint nothing."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"bar--{look}" for look in LOOKS}
    DEFAULT_CSS = """
    Bar { height: 1; }
    Bar > .bar--muted { color: $text-muted; }
    Bar > .bar--key { color: $accent; text-style: bold; }
    Bar > .bar--title { text-style: bold; }
    Bar > .bar--accent { color: $accent; text-style: bold; }
    Bar > .bar--good { color: $success; }
    Bar > .bar--warning { color: $warning; text-style: bold; }
    Bar > .bar--bad { color: $error; text-style: bold; }
    Bar > .bar--strong { text-style: bold; }
    Bar > .bar--off { color: $text-disabled; }
    Bar:ansi > .bar--off { text-style: dim; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._left: tuple[Part, ...] = ()
        self._right: tuple[Part, ...] = ()

    def say(self, left: Sequence[Part], right: Sequence[Part] = ()) -> None:
        """What the bar shows from now on."""
        told = (tuple(left), tuple(right))
        if told != (self._left, self._right):
            self._left, self._right = told
            self.refresh()

    @property
    def plain(self) -> str:
        """The text of both sides, for the tests."""
        return "".join(part.text for part in (*self._left, *self._right))

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        width = self.size.width
        if y:
            return Strip.blank(width, base)
        right = _strip(self, self._right)
        room = max(0, width - right.cell_length - 1)
        left = _strip(self, self._left)
        if left.cell_length > room:
            left = left.crop(0, max(0, room - 1))
            left = Strip([*left, Segment("…", base)])
        return Strip.join([left.adjust_cell_length(width - right.cell_length, base), right])


def _strip(bar: Bar, parts: Sequence[Part]) -> Strip:
    styles = {
        part.look: bar.get_component_rich_style(f"bar--{part.look}")
        if part.look
        else bar.rich_style
        for part in parts
    }
    return Strip([Segment(part.text, styles[part.look]) for part in parts])


def joined(groups: Sequence[Sequence[Part]], gap: int = 2) -> list[Part]:
    """The groups one after another with a gap between them."""
    parts: list[Part] = []
    for group in groups:
        if parts and group:
            parts.append(Part(line(" " * gap)))
        parts.extend(group)
    return parts


def cells(parts: Sequence[Part]) -> int:
    """How many cells the parts take."""
    return sum(cell_len(part.text) for part in parts)
