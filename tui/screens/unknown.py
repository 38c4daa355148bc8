"""A create that may have reached the vendor and got no clear answer: what is known, and what to do. Nothing is
sent again from here."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from tui.model.text import Clean, line
from tui.screens import keys
from tui.screens.flight import FlightScreen
from tui.widgets.line_list import Line, Part, wrapped


class UnknownScreen(FlightScreen):
    """Plain: what was sent when, what came back, and that the list is being looked through."""

    NAME = "unknown outcome"
    BINDINGS: ClassVar[list[BindingType]] = keys.UNKNOWN

    def trail(self) -> tuple[Clean, ...]:
        return (*super().trail(), line("unknown" if self.flight.unknown else "found"))

    def status(self) -> Clean:
        return line("nothing is sent again by itself")

    def lines(self, width: int) -> list[Line]:
        session = self.flight.session
        if session is not None:
            found = f"It was created: the list has it, as {session.status.value}. Enter opens it."
            told = [("The session was found", "good"), ("", ""), (found, "")]
        else:
            told = self._unknown()
        return [
            row for text, look in told for row in wrapped([], Part(line(text, 600), look), width)
        ]

    def _unknown(self) -> list[tuple[str, str]]:
        flight = self.flight
        at = f"{self.desk.local(flight.sent_at):%H:%M:%S}"
        problem = flight.problem
        return [
            ("Whether the session was created is not known", "warning"),
            ("", ""),
            (f"The request went out at {at}. {flight.profile} may have carried it out.", ""),
            (problem.message if problem is not None else "", "muted"),
            ("", ""),
            (
                "The list is being looked through: if the session is there, it appears here and in the queue.",
                "",
            ),
            ("", ""),
            (
                "Before you try again, look for it in the queue (5 shows all, r asks now): a second try could make "
                "a second session. What you typed is kept: n opens the form again.",
                "",
            ),
        ]
