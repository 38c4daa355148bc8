"""The create form of one profile: filled in with the keyboard, sent once, and what came of it.

Sending locks the form at once, so that Enter pressed three times is one request. Leaving while it is on its way
ends nothing: the queue tells what came of it, and `n` opens it. A refusal keeps the form, with the field marked
that it names; what was not sent at all may be sent again; an unknown outcome has a page of its own. Nothing is
ever sent again by itself.
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from tui.live.commands import Create
from tui.model.form import Form, Given
from tui.model.problem import Busy, KeysRejected, Problem, Refused, Repeated, Unreachable
from tui.model.profile import Profile
from tui.model.text import NO_TEXT, Clean, line
from tui.providers.forms import examine
from tui.screens import keys
from tui.screens.base import DeskScreen
from tui.screens.creations import Flight, form_of, named_field
from tui.screens.desk import Desk, News
from tui.screens.result import ResultScreen
from tui.screens.unknown import UnknownScreen
from tui.widgets.form_fields import rule
from tui.widgets.form_lines import hint
from tui.widgets.form_state import FormState
from tui.widgets.form_view import FormView
from tui.widgets.line_list import Line, LineList, Part, wrapped
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar

_HELP_LINES = 3
# Left and right of the words above and below the form, with a scrollbar's place: they have no size of their own
# before they are laid out or while they are not shown.
_MARGIN = 5


class CreateScreen(DeskScreen):
    """The form above, what the field takes below it, and between them nothing that moves while one types."""

    NAME = "new session"
    DEFAULT_CSS = """
    CreateScreen #outcome { display: none; height: auto; max-height: 9; padding: 1 2 0 2; }
    CreateScreen.-outcome #outcome { display: block; }
    CreateScreen FormView { padding: 1 1 0 0; }
    CreateScreen #rule { height: 4; padding: 1 2 0 1; margin-bottom: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = keys.CREATE

    def __init__(self, desk: Desk, profile: Profile, note: Clean = NO_TEXT) -> None:
        """`note` stands above the form until it is sent: why it was opened again."""
        super().__init__(desk)
        self._note = note
        self.profile = profile
        self.form: Form = form_of(profile, desk.specs)
        self._title = line(desk.specs[profile.provider].title)
        draft = desk.creations.drafts.get(profile.name)
        self._resumed = draft is not None
        self.state = draft or FormState(
            self.form.fields, self._examine, desk.defaults.get(profile.name)
        )
        if note:
            self.state.leave()  # one Enter too many must not send it once more
        self._flight: Flight | None = desk.creations.flights.get(profile.name)
        if self._flight is not None:
            self._flight.watched = True

    def _examine(self, given: Given) -> dict[str, Clean]:
        return dict(examine(self.form, given, now=self.desk.clock.now()).faults)

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        outcome = LineList(id="outcome")
        outcome.can_focus = False
        yield outcome
        yield FormView(
            self.desk.clock,
            sent=self._send,
            moved=self._moved,
            held=lambda words: self.tell(words, bad=True),
            ascii_only=self.desk.ascii_only,
            id="form",
        )
        below = LineList(id="rule")
        below.can_focus = False
        yield below

    @property
    def form_view(self) -> FormView:
        """The form itself."""
        return self.query_one(FormView)

    # --- showing ----------------------------------------------------------------------------------------------

    def catch_up(self) -> None:
        self.query_one(TitleBar).show_trail(
            line(self.form.title),
            line(self.profile.name),
            paused=self.desk.paused,
            read_only=self.desk.read_only,
        )
        self._look_at_flight()

    def receive(self, news: News) -> None:
        self._look_at_flight()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        if not self.is_mounted or not self.size:
            return
        outcome = self.query_one("#outcome", LineList)
        lines = self._outcome(self.size.width - _MARGIN)
        outcome.show(lines)
        outcome.styles.height = len(lines) + 1
        self.set_class(bool(lines), "-outcome")
        self.form_view.fill(self.state, line(f"Create at {self.profile.name}"))
        self._moved()

    def _moved(self) -> None:
        """What the field takes, and what state the form is in."""
        below = self.query_one("#rule", LineList)
        below.show(self._rule(self.size.width - _MARGIN)[:_HELP_LINES])
        look = "warning" if self.state.locked else "muted"
        self.query_one(StatusLine).rest([Part(self._status(), look)])

    def _rule(self, width: int) -> list[Line]:
        field = self.state.current
        if field is not None:
            told = [
                Part(line(word), look)
                for word, look in ((rule(field.field), ""), (hint(field), "muted"))
                if word
            ]
            return [row for part in told for row in wrapped([], part, width)]
        if self.state.locked:
            return []
        nothing = "There is nothing to fill in here. " if not self.state.fields else ""
        return wrapped([], Part(line(f"{nothing}Enter creates a session: {self._title}.")), width)

    def _status(self) -> Clean:
        if self.state.locked:
            return line(
                f"sending to {self.profile.name}: Esc leaves, and the queue tells what came of it"
            )
        if self._resumed and self.state.touched:
            return line("a draft from before; ^r starts over")
        if self.state.current is not None:
            return line("Enter goes on; on the button it sends")
        return line("nothing is sent before Enter" if self.state.fields else "")

    # --- sending ----------------------------------------------------------------------------------------------

    def _send(self) -> None:
        """Once: the form is locked before anything else can happen."""
        desk = self.desk
        examined = examine(self.form, self.state.given(), now=desk.clock.now())
        if self.state.locked or examined.faults:
            return
        self.state.locked, self.state.marked = True, None
        ticket = desk.ticket()
        desk.creations.drafts[self.profile.name] = self.state
        self._flight = desk.creations.take_off(ticket, self.profile.name, desk.clock.now())
        self._flight.given = self.state.given()
        self._note = NO_TEXT
        desk.engine.send(Create(ticket, self.profile.name, examined.values))
        desk.created_with(self.profile.name)
        self.query_one(StatusLine).clear_message()
        self._show()

    def _look_at_flight(self) -> None:
        """The answer may have come: on to what it says."""
        flight = self._flight
        if flight is None or flight.made is None or not self.on_top:
            self._show()
            return
        self.state.locked = False
        if flight.created:
            self.app.switch_screen(ResultScreen(self.desk, flight))
        elif flight.unknown and not flight.seen:
            self.app.switch_screen(UnknownScreen(self.desk, flight))
        else:
            if not flight.seen and flight.problem is not None:
                self._mark(flight.problem)
            self.desk.creations.see(flight)
            self._show()

    def _mark(self, problem: Problem) -> None:
        """The field that the refusal names, if it names one. Where trying again is all there is to do, the cursor
        stays on the button."""
        self.form_view.settle()
        if isinstance(problem, Unreachable | Busy | Repeated):
            return
        self.state.leave()
        if isinstance(problem, Refused) and not isinstance(problem, KeysRejected):
            self.state.marked = named_field(self.form, problem.message)
        if self.state.marked is not None:
            self.state.go_to(self.state.marked)

    def _outcome(self, width: int) -> list[Line]:
        """What came of the last try, above the form."""
        flight = self._flight
        problem = flight.problem if flight is not None else None
        if self._note and not self.state.locked:
            return wrapped([], Part(self._note, "warning"), width)
        if flight is None or problem is None or self.state.locked:
            return []
        if flight.unknown:
            at = f"{self.desk.local(flight.sent_at):%H:%M:%S}"
            doubt = f"The try of {at} may have created a session: look at the list first."
            return wrapped([], Part(line(doubt), "warning"), width)
        head, tail = _words(problem)
        look = "warning" if isinstance(problem, Repeated) else "bad"
        lines = wrapped([], Part(line(head), look), width)
        lines += wrapped([], Part(problem.message), width)
        return [*lines, *wrapped([], Part(line(tail), "muted"), width)]

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action in ("enter", "start_over") and self.state.locked:
            return "it is on its way: Esc leaves, and the queue tells what came of it"
        return None

    # --- leaving ----------------------------------------------------------------------------------------------

    def action_leave(self) -> None:
        """Out. What was typed stays as a draft; what was sent goes on."""
        creations = self.desk.creations
        if self.state.locked or self.state.touched:
            creations.drafts[self.profile.name] = self.state
        if not self.state.locked:
            self.state.leave()
        if self._flight is not None:
            creations.done(self._flight)
        super().action_leave()


def _words(problem: Problem) -> tuple[str, str]:
    """What a failed create means, in our words: the head and what to do."""
    if isinstance(problem, Unreachable):
        return (
            "Not sent: the vendor was not reached",
            "It is safe to try again: Enter on the button.",
        )
    if isinstance(problem, Repeated):
        return (
            "Sent once, and not a second time",
            "For one more session like it, wait a moment, then press Enter on the button.",
        )
    if isinstance(problem, KeysRejected):
        return "Refused: nothing was created", "The keys of this profile may not do this."
    if isinstance(problem, Busy):
        return "Refused for now: nothing was created", "Try again later: Enter on the button."
    if isinstance(problem, Refused):
        return "Refused: nothing was created", "Change what it names, then Enter on the button."
    return "Nothing was sent", "Change what it names, then Enter on the button."
