"""How one session becomes one line of the queue: its cells in order, and the look of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tui.model.lazy_dataclass import dataclass
from tui.model.session import Session
from tui.terminal.places import GUTTER
from tui.widgets.cells import fit
from tui.widgets.columns import NOTHING, Column, Context, Slot, cell_text, late, title_text
from tui.widgets.frame_view import Line, Run
from tui.widgets.glyphs import Glyphs

_LOUD = frozenset({"wait", "status", "customer"})  # the columns that stand out after a long wait
_LOUD_CALM = frozenset({"wait"})
_STALE_CALM = frozenset({"wait", "status", "age"})  # the columns that are dimmed where bytes count


class RowState(NamedTuple):
    """What a row's look depends on beside its session. `mark_only` shows the cursor in the gutter alone; `calm`
    gives fewer columns a look of their own, and changes it in fewer."""

    selected: bool = False
    marked: bool = False
    stale: bool = False
    gone: bool = False
    known: bool = True
    mark_only: bool = False
    calm: bool = False


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
        overdue = late(session, context.now)
        runs = [Run(_gutter(state, context.glyphs), f"{over} marker" if state.marked else over)]
        for slot in self.slots:
            if state.gone and not state.known and slot.column.id == "status":
                signs = context.glyphs
                text = fit(f"{signs.gone} gone", slot.cells, ellipsis=signs.ellipsis)
            else:
                text = cell_text(slot, session, context)
            look = _look(slot.column, session, text, state, over, overdue=overdue)
            runs.append(Run(text + " " * slot.after, look))
        return self._filled(runs, over)

    def blank(self) -> Line:
        """A line below the last row."""
        return (Run(" " * self.width),)

    def _filled(self, runs: list[Run], look: str) -> Line:
        used = GUTTER + sum(slot.cells + slot.after for slot in self.slots)
        if used < self.width:
            runs.append(Run(" " * (self.width - used), look))
        return tuple(runs)


def _look(
    column: Column, session: Session, text: str, state: RowState, over: str, *, overdue: bool
) -> str:
    """All looks of one cell, the strongest last; `over` are those of the row."""
    if over == "cursor":
        return over  # all cells of the cursor line have one look: it is drawn at each key
    own = "" if state.calm and column.look != "status" else _own_look(column, session, text)
    loud = "late" if overdue and column.id in (_LOUD_CALM if state.calm else _LOUD) else ""
    if state.calm and state.stale and column.id in _STALE_CALM:
        loud = "stale"
    return " ".join([name for name in (own, loud, over) if name])


def _own_look(column: Column, session: Session, text: str) -> str:
    if text.strip() == NOTHING:
        return "muted"
    return session.status.value if column.look == "status" else column.look


def _over(state: RowState) -> str:
    """The looks that lie over a whole row, the strongest last. The cursor line has its look to itself: dimmed
    text on it could not be read in sixteen colours."""
    if state.selected and not state.gone and not state.mark_only:
        return "cursor"
    if not (state.stale or state.marked or state.gone):
        return ""  # as nearly all rows are
    looks: Sequence[tuple[bool, str]] = (
        (state.stale and not state.calm, "stale"),
        (state.marked, "marked"),
        (state.gone, "gone"),
    )
    return " ".join(look for held, look in looks if held)


def _gutter(state: RowState, glyphs: Glyphs) -> str:
    cursor = glyphs.cursor if state.selected and state.mark_only else " "
    return cursor + (glyphs.mark if state.marked else " ")
