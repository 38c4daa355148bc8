"""The rows on screen as lines, each painted again only when something that it was painted from has changed.

A cursor key changes two rows, a scroll brings one: what a key costs follows that, not the height of the screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from tui.model.age import until_next_step
from tui.model.session import Key, Session, age_seconds
from tui.widgets.columns import Context, late
from tui.widgets.frame_view import Line
from tui.widgets.row_painter import RowPainter, RowState


class _Painted(NamedTuple):
    """A row's line and what it was painted from. Its ages read so from `since` on, and before `until`."""

    session: Session
    state: RowState
    late: bool
    since: datetime
    until: datetime | None
    line: Line

    def holds(self, session: Session, state: RowState, now: datetime) -> bool:
        """Whether the line is what would be painted now."""
        return (
            self.session is session
            and self.state == state
            and self.since <= now
            and (self.until is None or now < self.until)
            and self.late == late(session, now)
        )


class PaintedRows:
    """The rows that were last on screen. Nothing is kept of any other."""

    def __init__(self) -> None:
        self._kept: dict[int, _Painted] = {}
        self._alike: tuple[RowPainter, Mapping[str, str], frozenset[Key]] | None = None

    @property
    def due(self) -> datetime | None:
        """When the first of these lines reads differently by itself; None when none will."""
        return min(
            (one.until for one in self._kept.values() if one.until is not None), default=None
        )

    def lines(
        self, rows: Iterable[tuple[Session, RowState]], painter: RowPainter, context: Context
    ) -> list[Line]:
        """The lines of these rows, top first."""
        alike = (painter, context.provider_names, context.pending)
        if self._alike is None or any(
            one is not other for one, other in zip(alike, self._alike, strict=True)
        ):
            self._alike, self._kept = alike, {}
        before, self._kept = self._kept, {}
        lines = []
        for session, state in rows:
            painted = before.get(id(session))
            if painted is None or not painted.holds(session, state, context.now):
                painted = _paint(session, state, painter, context)
            self._kept[id(session)] = (
                painted  # which holds the session, so that the number stays its own
            )
            lines.append(painted.line)
        return lines


def _paint(session: Session, state: RowState, painter: RowPainter, context: Context) -> _Painted:
    now, age = context.now, age_seconds(session, context.now)
    until = None
    if age is not None:
        until = now + timedelta(seconds=until_next_step(age, calm=context.calm))
    line = painter.row(session, context, state)
    return _Painted(session, state, late(session, now), now, until, line)
