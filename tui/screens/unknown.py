"""A create that may have reached the vendor and got no clear answer: what is known, and what to do. It follows the
search, and makes way for the result when the session was found. Nothing is sent again from here."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from tui.live.commands import Refresh
from tui.model.text import Clean, line, shown
from tui.screens import keys
from tui.screens.flight import FlightScreen
from tui.screens.intent_lines import candidate_lines, state_of
from tui.screens.intents import LOOKS
from tui.screens.result import ResultScreen
from tui.widgets.line_list import Line, Part, wrapped

_LOOKED_FOR = (
    "The list is being looked through: if the session is there, it appears here and in the queue."
)
_BEFORE = (
    "Before you try again, look for it in the queue (5 shows all, r asks now): a second try could make a second"
    " session. What you typed is kept: n opens the form again."
)
_PAUSED = "Polling is paused, so nothing looks for it: r looks once."
_DROPPED = "It was taken out of the list of unknown writes: nothing looks for it any more."


class UnknownScreen(FlightScreen):
    """Plain: what was sent when, what came back, and how the search for it stands."""

    NAME = "unknown outcome"
    BINDINGS: ClassVar[list[BindingType]] = keys.UNKNOWN

    def trail(self) -> tuple[Clean, ...]:
        return (*super().trail(), line("unknown"))

    def status(self) -> Clean:
        return line("nothing is sent again by itself")

    def show(self) -> None:
        """The result takes this page's place as soon as there is one."""
        if self.flight.created and self.on_top:
            self.app.switch_screen(ResultScreen(self.desk, self.flight))
        else:
            super().show()

    def lines(self, width: int) -> list[Line]:
        flight = self.flight
        at = f"{self.desk.local(flight.sent_at):%H:%M:%S}"
        problem = flight.problem
        told = [
            *_told("Whether the session was created is not known", "warning", width),
            (),
            *_told(
                f"The request went out at {at}. {flight.profile} may have carried it out.",
                "",
                width,
            ),
            *_told(problem.message if problem is not None else "", "muted", width),
            (),
        ]
        return [*told, *self._search(width), (), *_told(_BEFORE, "", width)]

    def _search(self, width: int) -> list[Line]:
        """How the search stands, and what it has found so far."""
        desk, kept = self.desk, self.flight.intent
        if kept is None:
            return _told(_LOOKED_FOR, "", width)
        intent = desk.intents.get(kept.id)
        if intent is None:
            return _told(_DROPPED, "warning", width)
        label = Part(line("the search  "), "muted")
        told = wrapped([label], Part(state_of(desk, intent), LOOKS[intent.state]), width)
        if intent.reference is not None:
            label = Part(line("reference   "), "muted")
            told += wrapped([label], Part(shown(intent.reference)), width)
        for key in intent.candidates:
            told += candidate_lines(desk, intent, key, width)
        if intent.candidates:
            told += _told("w says which of these it is, if any.", "", width)
        elif desk.paused:
            told += _told(_PAUSED, "warning", width)
        elif not intent.looked:
            told += _told(_LOOKED_FOR, "", width)
        return told

    def action_refresh_now(self) -> None:
        self.desk.engine.send(Refresh(self.flight.profile))
        self.tell(f"asking {self.flight.profile} now")


def _told(text: str, look: str, width: int) -> list[Line]:
    return wrapped([], Part(line(text, 600), look), width)
