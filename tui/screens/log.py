"""The event log: every request of the last hour, without a header, a query or a body, and what came of writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from tui.live.commands import FollowLog
from tui.live.log import Entry, Wrote
from tui.model.text import Clean, line
from tui.screens import keys
from tui.screens.base import DeskScreen
from tui.screens.desk import Desk, News
from tui.screens.log_lines import Shape, entry_lines, matches, shape
from tui.widgets.bar import Bar
from tui.widgets.line_list import Line, LineList, Part, wrapped
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar


class LogScreen(DeskScreen):
    """`L`, from anywhere."""

    NAME = "event log"

    DEFAULT_CSS = """
    LogScreen LineList { padding: 0 1; }
    LogScreen #troubles { height: auto; max-height: 40%; display: none; margin-bottom: 1; }
    LogScreen #troubles.-some { display: block; }
    LogScreen #heading { padding: 0 1; }
    """
    AUTO_FOCUS = "#log"
    BINDINGS: ClassVar[list[BindingType]] = keys.LOG

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wanted = line("")
        self._written: dict[int, tuple[Entry, list[Line]]] = {}
        self._as: tuple[Shape, int] | None = None

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        yield LineList(id="troubles")
        yield Bar(id="heading")
        yield LineList(follow=True, id="log")

    def on_mount(self) -> None:
        self.desk.engine.send(FollowLog(True))

    def on_unmount(self) -> None:
        self.desk.engine.send(FollowLog(False))

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self._show)

    def receive(self, news: News) -> None:
        if news.batch.exchanges or news.batch.wrote or news.change.health:
            self._show()

    def catch_up(self) -> None:
        self._show()
        self.call_after_refresh(self.entries.action_scroll_end_to, True)

    @property
    def entries(self) -> LineList:
        """The requests, below what stands still."""
        return self.query_one("#log", LineList)

    def _show(self) -> None:
        desk = self.desk
        self.query_one(TitleBar).show_trail(
            line("event log"), paused=desk.paused, read_only=desk.read_only
        )
        self._show_troubles()
        found = [entry for entry in desk.log.lines() if matches(entry, self._wanted)]
        columns = shape(found, self.entries.room)
        heading = columns.heading() if found else self._nothing()
        self.query_one("#heading", Bar).say([Part(heading, "muted")])
        self.entries.show(self._lines(found, columns))
        left = [Part(_counted(found), "muted")]
        if self._wanted:
            left.append(Part(line(f'  matching "{self._wanted}"'), "accent"))
        self.query_one(StatusLine).rest(left)

    def _lines(self, found: Sequence[Entry], columns: Shape) -> list[Line]:
        """What they say. An hour of requests is not written out anew because one more has ended."""
        room = self.entries.room
        if self._as != (columns, room):
            self._as, self._written = (columns, room), {}
        before, self._written = self._written, {}
        lines: list[Line] = []
        for entry in found:
            # By identity: what is written out holds its entry, so no other can take its place.
            known = before.get(id(entry))
            if known is None:
                known = entry, entry_lines(entry, columns, room, self.desk.local)
            self._written[id(entry)] = known
            lines += known[1]
        return lines

    def _nothing(self) -> Clean:
        return line(
            "nothing matches: Esc clears the filter" if self._wanted else "no request has ended yet"
        )

    def _show_troubles(self) -> None:
        """What keeps a profile from working stands above the list and does not scroll away with it."""
        told = self._troubles()
        troubles = self.query_one("#troubles", LineList)
        troubles.can_focus = False
        troubles.set_class(bool(told), "-some")
        troubles.styles.height = len(told)
        troubles.show(told)

    def _troubles(self) -> list[Line]:
        """What keeps a profile from working comes first."""
        desk = self.desk
        width = self.entries.room
        lines: list[Line] = []
        for problem in desk.problems:
            lines += wrapped([], Part(problem, "bad"), width)
        for mistake in desk.mistakes:
            lines += wrapped([], Part(mistake, "warning"), width)
        for health in desk.board.health.values():
            if health.reason:
                lines.append(
                    (Part(line(f"{health.profile}: "), "strong"), Part(health.reason, "bad"))
                )
            for operation, reason in health.greyed:
                lines.append(
                    (
                        Part(line(f"{health.profile}, {operation}: "), "strong"),
                        Part(reason, "warning"),
                    )
                )
            if health.set_aside or health.drifted:
                text = f"{health.set_aside} rows without an id, {health.drifted} with fields not as documented"
                lines.append(
                    (Part(line(f"{health.profile}: "), "strong"), Part(line(text), "warning"))
                )
        return lines

    # --- keys -------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        self.query_one(StatusLine).ask("/", self._wanted, self._filter, self._filter)

    def _filter(self, text: Clean | None) -> None:
        self._wanted = text or line("")
        self._show()

    def action_leave(self) -> None:
        """Escape ends a filter first, then leaves."""
        if self._wanted:
            self._wanted = line("")
            self._show()
        else:
            super().action_leave()


def _counted(found: Sequence[Entry]) -> Clean:
    writes = sum(isinstance(entry, Wrote) for entry in found)
    requests = len(found) - writes
    told = f"{requests} request{'' if requests == 1 else 's'} in the last hour"
    return line(f"{told}, {writes} write{'' if writes == 1 else 's'}" if writes else told)
