"""A scrolling list of styled lines on the line API: details, logs and help all show through it.

It is told the whole list each time and repaints only the visible lines that differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.model.text import Clean, line
from tui.widgets.cells import steady, wrap


class Part(NamedTuple):
    """A run of one look: clean text and the name of a look (empty: plain)."""

    text: Clean
    look: str = ""


Line = tuple[Part, ...]


def wrapped(before: Sequence[Part], text: Part, width: int) -> list[Line]:
    """`text` behind `before`, going on below itself where the line of `width` cells ends."""
    indent = sum(cell_len(part.text) for part in before)
    steadied = steady(text.text)
    spans = wrap(steadied, max(10, width - indent)) or [(0, 0)]
    pieces = [Part(line(steadied[start:end], len(steadied)), text.look) for start, end in spans]
    gap = Part(line(" " * indent))
    return [(*before, pieces[0]), *((gap, piece) for piece in pieces[1:])]


LOOKS = ("muted", "key", "title", "accent", "good", "warning", "bad", "strong", "off")


class LineList(ScrollView, can_focus=True):
    """`show` replaces the lines; `follow` keeps the end in sight while it is in sight."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"line-list--{look}" for look in LOOKS}
    DEFAULT_CSS = """
    LineList {
        height: 1fr; background: $background; scrollbar-size-horizontal: 0; scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        scrollbar-color: $foreground 20%; scrollbar-color-hover: $foreground 20%;
        scrollbar-color-active: $foreground 30%; scrollbar-background: $background;
        scrollbar-background-hover: $background; scrollbar-background-active: $background;
    }
    LineList > .line-list--muted { color: $text-muted; }
    LineList > .line-list--key { color: $accent; text-style: bold; }
    LineList > .line-list--title { text-style: bold underline; }
    LineList > .line-list--accent { color: $accent; }
    LineList > .line-list--good { color: $success; }
    LineList > .line-list--warning { color: $warning; text-style: bold; }
    LineList > .line-list--bad { color: $error; text-style: bold; }
    LineList > .line-list--strong { text-style: bold; }
    LineList > .line-list--off { color: $text-disabled; }
    LineList:ansi > .line-list--off { text-style: dim; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_by(1)", "Down", show=False, id="lines.down"),
        Binding("up,k", "scroll_by(-1)", "Up", show=False, id="lines.up"),
        Binding("g,home", "scroll_end_to(False)", "Top", show=False, id="lines.top"),
        Binding("G,end", "scroll_end_to(True)", "Bottom", show=False, id="lines.bottom"),
        Binding(
            "ctrl+d", "scroll_pages(0.5)", "Half a page down", show=False, id="lines.half-down"
        ),
        Binding("ctrl+u", "scroll_pages(-0.5)", "Half a page up", show=False, id="lines.half-up"),
        Binding("pagedown", "scroll_pages(1.0)", "Page down", show=False, id="lines.page-down"),
        Binding("pageup", "scroll_pages(-1.0)", "Page up", show=False, id="lines.page-up"),
    ]

    def __init__(self, *, follow: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: tuple[Line, ...] = ()
        self._follow = follow

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown now."""
        return self._lines

    @property
    def room(self) -> int:
        """The cells of a line, without the scrollbar, whose place is kept free."""
        return self.scrollable_content_region.width

    def show(self, lines: Sequence[Line]) -> None:
        """The new list; the same list again paints nothing."""
        new = tuple(lines)
        old = self._lines
        if new == old:
            return
        at_end = self.scroll_offset.y >= self.max_scroll_y
        self._lines = new
        self.virtual_size = Size(self.room, len(new))
        if self._follow and at_end and len(new) > len(old):
            self.call_after_refresh(self.scroll_end, animate=False)
        self._repaint_changed(old, new)

    def _repaint_changed(self, old: Sequence[Line], new: Sequence[Line]) -> None:
        top = self.scroll_offset.y
        regions = []
        for row in range(self.size.height):
            index = top + row
            before = old[index] if index < len(old) else None
            after = new[index] if index < len(new) else None
            if before != after:
                regions.append(Region(0, row, self.size.width, 1))
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        width = self.room
        index = self.scroll_offset.y + y
        if index >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        segments = [Segment(part.text, self._style(part.look)) for part in self._lines[index]]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _style(self, look: str) -> Style:
        return self.get_component_rich_style(f"line-list--{look}") if look else self.rich_style

    def action_scroll_by(self, lines: int) -> None:
        self.scroll_relative(y=lines, animate=False)

    def action_scroll_end_to(self, bottom: bool) -> None:
        if bottom:
            self.scroll_end(animate=False)
        else:
            self.scroll_home(animate=False)

    def action_scroll_pages(self, pages: float) -> None:
        self.scroll_relative(y=int(self.size.height * pages), animate=False)
