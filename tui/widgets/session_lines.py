"""How the queue's rows are drawn: columns, looks, the cursor. The keys and the scrolling are in session_table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Literal

from tui.model.session import Key, Session
from tui.model.status import Status
from tui.widgets.columns import Context, plan
from tui.widgets.frame_view import FrameView, Line
from tui.widgets.glyphs import glyphs
from tui.widgets.painted_rows import PaintedRows
from tui.widgets.row_painter import RowPainter, RowState
from tui.widgets.selection import Selection

CursorStyle = Literal["line", "mark"]

_LOOKS = ("header", "order", "cursor", "marked", "marker", "gone", "muted", "stale", "late")


class SessionLines(FrameView):
    """The header and the visible rows as lines.

    `now` is the clock that ages and waits are told by. `provider_names` maps provider ids to the short names of
    the PROVIDER column. `latest` looks up the newest state of a session, whether it is in the rows or not (the
    rows hold the very objects it returns): a tombstone then shows what became of its session, "gone" if nothing
    is known any more. `calm` is for a thin line: ages in longer steps, fewer looks.
    """

    LOOK_PREFIX = "session-table"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"session-table--{name}" for name in (*_LOOKS, *(status.value for status in Status))
    }
    DEFAULT_CSS = """
    SessionLines {
        & > .session-table--header { color: $text-muted; text-style: bold; }
        & > .session-table--order { color: $text-accent; text-style: bold; }
        & > .session-table--muted { color: $text-muted; }
        & > .session-table--waiting { color: $text-warning; }
        & > .session-table--not-started { color: $text-muted; }
        & > .session-table--active { color: $text-success; }
        & > .session-table--unknown { color: $text-secondary; }
        & > .session-table--ended { color: $text-muted; }
        & > .session-table--abandoned { color: $text-muted; }
        & > .session-table--failed { color: $text-error; }
        & > .session-table--late { text-style: bold; }
        & > .session-table--stale { color: $text-disabled; text-style: none; }
        & > .session-table--marker { color: $text-accent; text-style: bold; }
        & > .session-table--marked { background: $accent 15%; }
        & > .session-table--cursor { background: $primary 25%; color: $text; }
        & > .session-table--gone { background: $foreground 12%; color: $text-muted; }
        &:focus > .session-table--cursor { background: $primary 60%; color: $text; }
        &:ansi > .session-table--header { color: $text; }
        &:ansi > .session-table--muted { text-style: dim; }
        &:ansi > .session-table--not-started { text-style: dim; }
        &:ansi > .session-table--ended { text-style: dim; }
        &:ansi > .session-table--abandoned { text-style: dim; }
        &:ansi > .session-table--stale { text-style: dim; }
        &:ansi > .session-table--marked { background: $background; text-style: bold; }
        &:ansi > .session-table--cursor { background: $background; text-style: underline; }
        &:ansi > .session-table--gone { background: $background; text-style: dim reverse; }
        &:ansi:focus > .session-table--cursor { background: $background; text-style: reverse; }
        &:nocolor > .session-table--cursor { background: $background; text-style: underline; }
        &:nocolor > .session-table--gone { background: $background; text-style: dim reverse; }
        &:nocolor:focus > .session-table--cursor { background: $background; text-style: reverse; }
    }
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        provider_names: Mapping[str, str],
        latest: Callable[[Key], Session | None] | None = None,
        ascii_only: bool = False,
        cursor_style: CursorStyle = "line",
        calm: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._calm = calm
        self._clock = now
        self._now = now()
        self._provider_names = provider_names
        self._glyphs = glyphs(ascii_only=ascii_only)
        self._selection = Selection(latest)
        self._marks: frozenset[Key] = frozenset()
        self._stale: frozenset[str] = frozenset()
        self._pending: frozenset[Key] = frozenset()
        self._remembered: Collection[Key] = ()
        self._order: tuple[str | None, bool] = (None, False)
        self._profiles_needed = False
        self._cursor_style: CursorStyle = cursor_style
        self._painter: RowPainter | None = None
        self._painted = PaintedRows()

    @property
    def rows(self) -> Sequence[Session]:
        """The rows as last shown, without a tombstone."""
        return self._selection.rows

    @property
    def page(self) -> int:
        """How many rows fit on the screen."""
        return max(0, self.view_size.height - 1)

    # --- how it looks -----------------------------------------------------------------------------------

    def order(self, column: str | None, *, reverse: bool = False) -> None:
        """Marks the column that the rows are ordered by; an id that is no column marks none."""
        if (column, reverse) != self._order:
            self._order = (column, reverse)
            self.sync()

    @property
    def stale_profiles(self) -> frozenset[str]:
        """The profiles whose rows are dimmed: what they show is old."""
        return self._stale

    @stale_profiles.setter
    def stale_profiles(self, profiles: Collection[str]) -> None:
        stale = frozenset(profiles)
        if stale != self._stale:
            self._stale = stale
            self.sync()

    @property
    def pending(self) -> frozenset[Key]:
        """Rows that stand for a session which the vendor does not show yet."""
        return self._pending

    @pending.setter
    def pending(self, keys: Collection[Key]) -> None:
        pending = frozenset(keys)
        if pending != self._pending:
            self._pending = pending
            self.sync()

    @property
    def remembered(self) -> Collection[Key]:
        """Rows from an earlier run, which nobody has told yet in this one: they are dimmed as those of a profile that
        does not answer. What is given is looked at whenever the lines are painted."""
        return self._remembered

    @remembered.setter
    def remembered(self, keys: Collection[Key]) -> None:
        self._remembered = keys

    @property
    def profiles_needed(self) -> bool:
        """Whether the PROFILE column is needed: some provider has more than one profile."""
        return self._profiles_needed

    @profiles_needed.setter
    def profiles_needed(self, needed: bool) -> None:
        if needed != self._profiles_needed:
            self._profiles_needed = needed
            self._painter = None
            self.sync()

    @property
    def provider_names(self) -> Mapping[str, str]:
        """Provider ids to the short names of the PROVIDER column."""
        return self._provider_names

    @provider_names.setter
    def provider_names(self, names: Mapping[str, str]) -> None:
        if names != self._provider_names:
            self._provider_names = names
            self.sync()

    @property
    def cursor_style(self) -> CursorStyle:
        """`line` colours the selected row; `mark` puts a mark before it, which costs fewer bytes a key."""
        return self._cursor_style

    @cursor_style.setter
    def cursor_style(self, style: CursorStyle) -> None:
        if style != self._cursor_style:
            self._cursor_style = style
            self.sync()

    # --- painting ---------------------------------------------------------------------------------------

    def frame(self, width: int, height: int) -> list[Line]:
        painter = self._painter
        if painter is None or painter.width != width:
            painter = RowPainter(plan(width, profiles=self._profiles_needed), width)
            self._painter = painter
        context = Context(self._now, self._provider_names, self._glyphs, self._calm, self._pending)
        column, reverse = self._order
        lines = [painter.header(column, reverse, self._glyphs)]
        lines += self._painted.lines(map(self._row, self._shown()), painter, context)
        lines += [painter.blank()] * (height - len(lines))
        return lines[:height]

    def _shown(self) -> range:
        top = self.scroll_offset.y
        return range(top, min(top + self.page, len(self._selection)))

    def _row(self, index: int) -> tuple[Session, RowState]:
        chosen = self._selection
        session = chosen.row(index)
        gone = chosen.is_tombstone(index)
        newest = chosen.latest(session.key) if gone and chosen.latest is not None else None
        state = RowState(
            selected=index == chosen.index,
            marked=bool(self._marks) and session.key in self._marks,
            stale=session.profile in self._stale or session.key in self._remembered,
            gone=gone,
            known=not gone or newest is not None,
            mark_only=self._cursor_style == "mark",
            calm=self._calm,
        )
        return newest or session, state
