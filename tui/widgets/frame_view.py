"""What the big lists share: a scrolling view on the line API that knows what is on screen and repaints the rest.

A subclass says in `frame` what each screen line holds, as runs of text that fill the width; `sync` compares
that with what is on screen and repaints only from the first to the last changed run of each line. Everything
that may change something ends in `sync`; when nothing changed, nothing is painted and nothing sent.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.app import ScreenStackError
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.cells import width as cells_of


class Run(NamedTuple):
    """Text of one look. The look is the names of component classes without their prefix, later ones on top."""

    text: str
    look: str = ""


Line = tuple[Run, ...]

_KEPT_STRIPS = 256


def changed_span(old: Line, new: Line) -> tuple[int, int] | None:
    """Where two lines of the same width differ, as (first cell, cells); None when they do not."""
    if old == new:
        return None
    shared = min(len(old), len(new))
    left = start = 0
    while left < shared and old[left] == new[left]:
        start += cells_of(new[left].text)
        left += 1
    right = end = 0
    while right < shared - left and old[-1 - right] == new[-1 - right]:
        end += cells_of(new[-1 - right].text)
        right += 1
    total = start + end + sum(cells_of(run.text) for run in new[left : len(new) - right])
    return start, total - start - end


class FrameView(ScrollView, can_focus=True, inherit_bindings=False):
    """Paints lines by difference and scrolls without animation. `LOOK_PREFIX` starts its component classes. Opacity
    and tint are not for it; without padding, its lines go to the screen without the framework's passes for all that.
    """

    ALLOW_SELECT = False
    LOOK_PREFIX: ClassVar[str] = ""
    DEFAULT_CSS = """
    FrameView {
        height: 1fr;
        background: $background;
        overflow-x: hidden;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
        scrollbar-color: $scrollbar;
        scrollbar-color-hover: $scrollbar-hover;
        scrollbar-color-active: $scrollbar-active;
        &:ansi {
            scrollbar-color: $scrollbar;
            scrollbar-color-hover: $scrollbar;
            scrollbar-color-active: $scrollbar;
        }
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._frame: list[Line] = []
        self._frame_width = 0
        self._looks: dict[str, Style] = {}
        self._strips: dict[Line, Strip] = {}
        self._made_for: tuple[int, Color, tuple[LineFilter, ...]] = (0, Color(0, 0, 0), ())

    # --- for the subclass -------------------------------------------------------------------------------

    def frame(self, width: int, height: int) -> list[Line]:
        """The lines that should be on screen now, each filling `width` cells; at most `height` of them."""
        return []

    @property
    def view_size(self) -> Size:
        """The cells to draw on: without borders and scrollbar."""
        return self.scrollable_content_region.size

    @property
    def in_front(self) -> bool:
        """Whether the widget is shown on the screen that has the keys."""
        return self.display and self._top_screen() is self.screen

    @property
    def covered(self) -> bool:
        """Whether an opaque screen lies over this one. Textual still counts the screen just below as current and
        would repaint the upper one at every change of this."""
        top = self._top_screen()
        return top is None or (top is not self.screen and top.styles.background.a == 1)

    def _top_screen(self) -> Screen[object] | None:
        try:
            return self.app.screen if self.is_attached else None
        except ScreenStackError:  # the app is closing
            return None

    def sync(self) -> None:
        """Repaints what differs between what is on screen and what should be; waits while nobody can see it."""
        width, height = self.view_size
        if not (width and height) or self.covered:
            return
        old, new = self._frame, self.frame(width, height)
        self._frame = new
        if width != self._frame_width or len(old) != len(new):
            self._frame_width = width
            self._strips.clear()
            self.refresh()
            return
        regions = []
        for y, (before, after) in enumerate(zip(old, new, strict=True)):
            span = changed_span(before, after)
            if span is not None:
                regions.append(Region(span[0], y, span[1], 1))
        if regions:
            self.refresh(*regions)

    def set_lines(self, count: int) -> None:
        """How many lines there are to scroll through. Lays the screen out only when the scrollbar comes or goes."""
        size = Size(self.view_size.width, count)
        if size == self.virtual_size:
            return
        if (count > self.container_size.height) != self.show_vertical_scrollbar:
            self.virtual_size = size
            return
        self.set_reactive(Widget.virtual_size, size)
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.window_virtual_size = count

    def jump(self, top: int) -> None:
        """Scrolls so that `top` is the first line, at once."""
        self.scroll_target_y = self.scroll_y = top

    # --- Textual ----------------------------------------------------------------------------------------

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        if self.show_vertical_scrollbar:
            self._move_thumb(new_value)
        if round(old_value) != round(new_value):
            self.sync()

    def _move_thumb(self, top: float) -> None:
        """The scrollbar is drawn in eighths of a cell: where it would look the same, it is not drawn again."""
        bar = self.vertical_scrollbar
        size, window, whole = bar.size.height, bar.window_size, bar.window_virtual_size
        if not size or whole <= window:
            bar.position = top
            return
        way = size - max(1, window / (whole / size))

        def eighth(position: float) -> int:  # reckoned in the same order as there
            return int(way * (position / (whole - window)) * len(ScrollBarRender.VERTICAL_BARS))

        if eighth(bar.position) != eighth(top):
            bar.position = top
        else:
            bar.set_reactive(ScrollBar.position, top)

    def on_mount(self) -> None:
        self.watch(self.screen, "stack_updates", self.sync, init=False)

    def on_resize(self) -> None:
        self.sync()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._looks.clear()
        self._strips.clear()
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        if any(self.styles.gutter):
            return super().render_lines(crop)
        made_for = (self.size.width, self.background_colors[1], tuple(self.get_line_filters()))
        if made_for != self._made_for:
            self._made_for = made_for
            self._strips.clear()
        return [self._finished(y).crop(crop.x, crop.right) for y in crop.line_range]

    def _finished(self, y: int) -> Strip:
        """The line as it goes to the screen. What has been drawn before is the same strip again, which keeps what was
        made of it: its parts, its cells."""
        line = self._frame[y] if 0 <= y < len(self._frame) else ()
        strip = self._strips.get(line)
        if strip is None:
            width, background, filters = self._made_for
            bare = self.render_line(y)
            segments = [*bare]
            if bare.cell_length < width:  # where the scrollbar stands when there is one
                blank = " " * (width - bare.cell_length)
                segments.append(Segment(blank, Style(bgcolor=background.rich_color)))
            for one in filters:
                segments = one.apply(segments, background)
            if len(self._strips) >= _KEPT_STRIPS:
                self._strips.clear()
            strip = self._strips[line] = Strip(segments, max(width, bare.cell_length))
        return strip

    def render_line(self, y: int) -> Strip:
        width = self.view_size.width
        if not 0 <= y < len(self._frame):
            return Strip.blank(width, self._style(""))
        segments = [Segment(run.text, self._style(run.look)) for run in self._frame[y] if run.text]
        return Strip(segments).adjust_cell_length(width, self._style(""))

    def look(self, look: str) -> Style:
        """How a run of that look is drawn."""
        return self._style(look)

    def _style(self, look: str) -> Style:
        style = self._looks.get(look)
        if style is None:
            style = self._looks[look] = self._mixed(look.split())
        return style

    def _mixed(self, names: list[str]) -> Style:
        """The widget's own style with each component's rules laid over it in turn."""
        style = self.rich_style
        for name in names:
            component = f"{self.LOOK_PREFIX}--{name}"
            rules = self.get_component_styles(component)
            whole = self.get_component_rich_style(component)
            style += Style(
                color=whole.color if rules.has_rule("color") else None,
                bgcolor=whole.bgcolor if rules.has_rule("background") else None,
            )
            style += rules.text_style
        return style
