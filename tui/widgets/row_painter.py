"""How one session becomes one line of the queue: its cells in order, and the look of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tui.model.session import Session
from tui.widgets.cells import fit
from tui.widgets.columns import GUTTER, NOTHING, Context, Slot, cell_text, late, title_text
from tui.widgets.frame_view import Line, Run
from tui.widgets.glyphs import Glyphs


class RowState(NamedTuple):
    """What a row's look depends on beside its session. `mark_only` shows the cursor in the gutter alone."""

    selected: bool = False
    marked: bool = False
    stale: bool = False
    gone: bool = False
    known: bool = True
    mark_only: bool = False


@dataclass(frozen=True, slots=True)
class RowPainter:
    """Lines of `width` cells with these columns."""

    slots: tuple[Slot, ...]
    width: int

    def header(self, order: str | None, reverse: bool, glyphs: Glyphs) -> Line:
        """The titles, the one that the rows are ordered by marked."""
        runs = [Run(" " * GUTTER, "header")]
        for slot in self.slots:
            text = title_text(slot, order=order, reverse=reverse, glyphs=glyphs)
            look = "order" if slot.column.id == order else "header"
            runs.append(Run(text + " " * slot.after, look))
        return self._filled(runs, "")

    def row(self, session: Session, context: Context, state: RowState) -> Line:
        """One session's line."""
        over = _over(state)
        overdue = " late" if late(session, context.now) else ""
        runs = [Run(_gutter(state, context.glyphs), f"{over} marker" if state.marked else over)]
        for slot in self.slots:
            look = slot.column.look
            if look == "status":
                look = session.status.value + overdue
            elif slot.column.id == "customer":
                look = overdue
            text = cell_text(slot, session, context)
            if text.strip() == NOTHING:
                look = "muted"
            if state.gone and not state.known and slot.column.id == "status":
                text = fit(
                    f"{context.glyphs.gone} gone", slot.cells, ellipsis=context.glyphs.ellipsis
                )
            runs.append(Run(text + " " * slot.after, f"{look} {over}" if over else look))
        return self._filled(runs, over)

    def blank(self) -> Line:
        """A line below the last row."""
        return (Run(" " * self.width),)

    def _filled(self, runs: list[Run], look: str) -> Line:
        used = GUTTER + sum(slot.cells + slot.after for slot in self.slots)
        if used < self.width:
            runs.append(Run(" " * (self.width - used), look))
        return tuple(runs)


def _over(state: RowState) -> str:
    """The looks that lie over a whole row, the strongest last."""
    looks: Sequence[tuple[bool, str]] = (
        (state.stale, "stale"),
        (state.marked, "marked"),
        (state.gone, "gone"),
        (state.selected and not state.gone and not state.mark_only, "cursor"),
    )
    return " ".join(look for held, look in looks if held)


def _gutter(state: RowState, glyphs: Glyphs) -> str:
    cursor = glyphs.cursor if state.selected and state.mark_only else " "
    return cursor + (glyphs.mark if state.marked else " ")
