"""What the screens over a create that was sent have in common: they follow it, and open its session."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult

from tui.model.text import Clean, line
from tui.screens.base import DeskScreen
from tui.screens.creations import Flight
from tui.screens.desk import Desk, News
from tui.screens.detail import DetailScreen
from tui.widgets.line_list import Line, LineList, Part
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar

# Enter pressed once too often at the form must not take the answer away again.
SETTLE_SECONDS = 1.0


def intent_of(screen: object) -> str | None:
    """The id of the kept write that a screen is about, if it is about one."""
    intent = screen.flight.intent if isinstance(screen, FlightScreen) else None
    return None if intent is None else intent.id


class FlightScreen(DeskScreen):
    """Subclasses give `lines` and, where they need it, `trail` and `status`."""

    DEFAULT_CSS = "FlightScreen LineList { padding: 1 3; }"

    def __init__(self, desk: Desk, flight: Flight) -> None:
        super().__init__(desk)
        self.flight = flight
        flight.watched = True
        self._since = desk.clock.monotonic()

    def lines(self, width: int) -> list[Line]:
        """What there is to say, in `width` cells."""
        return []

    def trail(self) -> tuple[Clean, ...]:
        """The steps of the first line."""
        return (line("new session"), line(self.flight.profile))

    def status(self) -> Clean:
        """What the status line says at rest."""
        return line("")

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        yield LineList(id="told")

    def receive(self, news: News) -> None:
        self.show()

    def catch_up(self) -> None:
        self.show()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Everything as it is now."""
        if not self.is_mounted:
            return
        self.desk.creations.see(self.flight)
        self.query_one(TitleBar).show_trail(
            *self.trail(), paused=self.desk.paused, read_only=self.desk.read_only
        )
        told = self.query_one(LineList)
        if told.room > 0:  # laid out: else it would be shown once in a column of a few cells
            told.show(self.lines(told.room))
        self.query_one(StatusLine).rest([Part(self.status(), "muted")])
        self.refresh_bindings()

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action == "open" and self.flight.session is None:
            return "it has no row in the list yet"
        return None

    def action_open(self) -> None:
        session = self.flight.session
        if session is None:
            return
        if self.desk.clock.monotonic() - self._since < SETTLE_SECONDS:
            self.tell("Enter again opens it")
            return
        self.app.push_screen(DetailScreen(self.desk, session.key))

    def action_leave(self) -> None:
        self.desk.saw(self.flight.intent)
        self.desk.creations.done(self.flight)
        super().action_leave()
