"""A screen of whose widgets only those lines are rendered that an update is about. It belongs to hooks.py.

The framework renders every visible widget whole, however small the update, and throws away what lies outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from textual._compositor import Compositor
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

Result = TypeVar("Result")


class LeanCompositor(Compositor):
    """Renders no line that is not asked for."""

    def _get_renders(
        self, crop: Region | None = None
    ) -> Iterable[tuple[Region, Region, list[Strip]]]:
        if crop is None:
            yield from super()._get_renders()
            return
        lines = Region(
            0, crop.y, self.size.width, crop.height
        )  # whole ones: widgets overlap in them
        for widget, (region, clip) in self.visible_widgets.items():
            clipped = clip.intersection(lines)
            seen = region.intersection(clipped)
            if seen:
                yield region, clipped, widget.render_lines(seen.translate(-region.offset))


class LeanScreen(Screen[Result]):
    """A screen that paints so."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._compositor = LeanCompositor()


def paint_at_once(screen: Screen[Any]) -> None:
    """Draws what the screen's widgets want drawn: not after each has told the screen so, and the screen its timer.
    What changes the layout goes the usual way."""
    widgets = screen._compositor.visible_widgets
    if screen._layout_required or any(widget._layout_required for widget in widgets):
        return
    dirty = {widget for widget in widgets if widget._repaint_required}
    for widget in dirty:
        widget._repaint_required = False
    screen._dirty_widgets |= dirty
    screen._on_timer_update()
