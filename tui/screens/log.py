"""The event log: every request of the last hour, without a header, a query or a body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from tui.live.messages import FollowLog
from tui.model.text import Clean, line
from tui.net.exchange import Exchange
from tui.screens import keys
from tui.screens.base import DeskScreen
from tui.screens.desk import Desk, News
from tui.widgets.bar import Bar
from tui.widgets.cells import fit
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
        if news.batch.exchanges or news.change.health:
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
        exchanges = [found for found in desk.log.entries() if _matches(found, self._wanted)]
        shape = _shape(exchanges, self.entries.room)
        self.query_one("#heading", Bar).say([Part(self._heading(exchanges, shape), "muted")])
        lines: list[Line] = []
        for exchange in exchanges:
            lines += self._entry(exchange, shape)
        self.entries.show(lines)
        count = f"{len(exchanges)} request{'' if len(exchanges) == 1 else 's'}"
        left = [Part(line(f"{count} in the last hour"), "muted")]
        if self._wanted:
            left.append(Part(line(f'  matching "{self._wanted}"'), "accent"))
        self.query_one(StatusLine).rest(left)

    def _heading(self, exchanges: Sequence[Exchange], shape: _Shape) -> Clean:
        if exchanges:
            return shape.heading()
        return line(
            "no request matches: Esc clears the filter"
            if self._wanted
            else "no request has ended yet"
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

    def _entry(self, exchange: Exchange, shape: _Shape) -> list[Line]:
        look = _look(exchange)
        status = "-" if exchange.status is None else str(exchange.status)
        took = f"{exchange.milliseconds:>7.0f} ms"
        size = f" {_size(exchange.received):>8}" if shape.sizes else ""
        operation = fit(exchange.operation, shape.operation) + (" W" if exchange.writes else "  ")
        before = [
            Part(line(f"{self.desk.local(exchange.at):%H:%M:%S}  "), "muted"),
            Part(line(fit(exchange.profile, shape.profile) + "  ")),
            Part(line(operation), "strong"),
            Part(line(f"{status:>4} "), look),
            Part(line(f"{took}{size}  "), "muted"),
        ]
        return wrapped(before, Part(exchange.outcome, look), self.entries.room)

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


@dataclass(frozen=True, slots=True)
class _Shape:
    """The widths of the columns, in cells; a narrow terminal does without the sizes."""

    profile: int
    operation: int
    sizes: bool

    def heading(self) -> Clean:
        size = f" {'SIZE':>8}" if self.sizes else ""
        text = f"{'TIME':<8}  {'PROFILE':<{self.profile}}  {'OPERATION':<{self.operation}}  "
        return line(f"{text}{'HTTP':>4} {'TOOK':>10}{size}  OUTCOME")


def _shape(exchanges: Sequence[Exchange], width: int) -> _Shape:
    profile = max((len(exchange.profile) for exchange in exchanges), default=7)
    operation = max((len(exchange.operation) for exchange in exchanges), default=9)
    wide = width >= 100
    return _Shape(
        min(max(profile, 7), 20 if wide else 10), min(max(operation, 9), 26 if wide else 16), wide
    )


def _look(exchange: Exchange) -> str:
    if exchange.status is None or exchange.status >= 500:
        return "bad"
    return "good" if exchange.status < 400 else "warning"


def _size(count: int) -> str:
    return f"{count} B" if count < 10_000 else f"{count / 1000:.0f} kB"


def _matches(exchange: Exchange, wanted: Clean) -> bool:
    text = (
        f"{exchange.profile} {exchange.operation} {exchange.status} {exchange.outcome}".casefold()
    )
    return all(word in text for word in wanted.casefold().split())
