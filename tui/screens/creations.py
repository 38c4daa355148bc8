"""New sessions on their way: drafts, what was sent, and what came of it. It outlives the screens that show it.

A form that was left keeps its draft; one that was sent goes on whoever looks: its answer waits here until it was
seen. One write at a time is on its way for each profile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from tui.live.messages import Answer, Grown, Made
from tui.model.form import Form, Given
from tui.model.intent import Intent, IntentState
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import Problem, UnknownOutcome
from tui.model.profile import Profile
from tui.model.session import Key, Session
from tui.model.text import Clean, line
from tui.providers.base import Spec
from tui.widgets.form_state import FormState

# Answered ones are kept for the row that may come later; so many are more than anybody has open.
_KEPT = 64
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(slots=True)
class Flight:
    """One create that was sent. `watched` while a screen of its own shows it, `seen` once its end was shown."""

    ticket: int
    profile: str
    sent_at: datetime
    made: Made | None = None
    session: Session | None = None
    """The new session, from `Made` or later from `Grown`."""
    late: bool = False
    """Whether the session came after `Made` had been told."""
    watched: bool = True
    seen: bool = False
    given: Given | None = field(default=None, repr=False)
    """What was typed, as long as the program runs: only so can the form be filled in again."""
    intent: Intent | None = None
    """What is kept of it while its outcome is unknown, and what came of that; as it was told last."""

    @property
    def problem(self) -> Problem | None:
        """Why there is no session, as far as is known. An answer that tells nothing is an unknown outcome."""
        if self.made is None:
            return None
        if self.made.problem is None and self.made.created is None:
            return UnknownOutcome(
                "the session may have been created, but the answer tells nothing of it:"
                " look at the list before trying again"
            )
        return self.made.problem

    @property
    def unknown(self) -> bool:
        """Whether it may exist all the same, and nobody has found it yet."""
        return (
            isinstance(self.problem, UnknownOutcome)
            and self.session is None
            and (self.intent is None or self.intent.state.open)
        )

    @property
    def created(self) -> bool:
        """Whether it is known to be there, be it by the answer or by what was found later."""
        if self.made is None:
            return False
        found = self.intent is not None and self.intent.state is IntentState.DONE
        return self.problem is None or self.session is not None or found

    @property
    def standing_in(self) -> Key | None:
        """The row that stands for the session until its own is there."""
        created = self.made.created if self.made is not None else None
        if created is None or created.ref is None or self.session is not None:
            return None
        return Key(self.profile, created.ref)

    def told(self) -> Clean:
        """How it ended, in one line for the queue."""
        problem = self.problem
        if problem is not None and self.created:
            word = "the session was found: it was created"
        elif problem is None:
            word = "the new session has its row now" if self.late else "a session was created"
        elif self.unknown:
            word = "whether the session was created is not known"
        else:
            word = f"no session was created: {problem.message}"
        return line(f"{self.profile}: {word}", 400)


@dataclass(slots=True)
class Creations:
    """By profile: the draft of its form, and the last create that was sent and is not done with."""

    drafts: dict[str, FormState] = field(default_factory=dict)
    flights: dict[str, Flight] = field(default_factory=dict)
    select: Key | None = None
    """The new session that the queue has yet to select."""
    replaced: dict[Key, Key] = field(default_factory=dict)
    """Rows that stood for a new session, and the rows that took their places."""
    _pending: dict[Key, Flight] = field(default_factory=dict)
    _by_ticket: dict[int, Flight] = field(default_factory=dict)

    def take_off(self, ticket: int, profile: str, now: datetime) -> Flight:
        """A create is sent."""
        flight = self.flights[profile] = self._by_ticket[ticket] = Flight(ticket, profile, now)
        _cut(self._by_ticket)
        return flight

    def hear(self, answers: Iterable[Answer]) -> list[Flight]:
        """Takes what is an answer to a create; gives those of which there is something new."""
        news = []
        for answer in answers:
            if isinstance(answer, Made | Grown) and answer.ticket in self._by_ticket:
                flight = self._by_ticket[answer.ticket]
                self._take(flight, answer)
                news.append(flight)
        return news

    def _take(self, flight: Flight, answer: Made | Grown) -> None:
        doubted = flight.unknown
        if isinstance(answer, Made):
            flight.made = answer
            if isinstance(answer.problem, UnknownOutcome):
                flight.intent = answer.problem.intent
            if answer.session is None and flight.standing_in is not None:
                self._pending[flight.standing_in] = flight
                _cut(self._pending)
        else:
            flight.late = True
            self._replace(flight, answer)
        flight.session = answer.session or flight.session
        flight.seen = False
        self._end(flight, doubted)

    def _replace(self, flight: Flight, grown: Grown) -> None:
        """The real row is there: what was selected, marked or opened under the other one is this session."""
        if flight.standing_in is not None:
            self._pending.pop(flight.standing_in, None)
        if grown.instead_of is not None:
            self.replaced[grown.instead_of] = grown.session.key
            _cut(self.replaced)

    def settled(self, intent: Intent, session: Session | None) -> Flight | None:
        """What came of a create without an answer is known; the create, if it was sent by this program."""
        flight = self.of_intent(intent.id)
        if flight is None:
            return None
        doubted, flight.intent = flight.unknown, intent
        flight.session = flight.session or session
        flight.late, flight.seen = True, False
        self._end(flight, doubted)
        return flight

    def of_intent(self, id: str) -> Flight | None:
        """The create that this intent is about."""
        flights = self._by_ticket.values()
        return next((one for one in flights if one.intent and one.intent.id == id), None)

    def look_up(self, known: Iterable[Intent]) -> None:
        """The intents of the creates, as they are now."""
        newest = {intent.id: intent for intent in known}
        for flight in self._by_ticket.values():
            if flight.intent is not None:
                flight.intent = newest.get(flight.intent.id, flight.intent)

    def pending(self, key: Key) -> Flight | None:
        """The create whose session a row stands for; None for a row of the vendor's own."""
        return self._pending.get(key)

    @property
    def standing_in(self) -> frozenset[Key]:
        """All rows that stand for a session which the vendor does not show yet."""
        return frozenset(self._pending)

    def why_pending(self, key: Key) -> Clean | None:
        """What a pending row waits for, in a sentence; None for any other row."""
        flight = self._pending.get(key)
        if flight is None or flight.made is None or flight.made.created is None:
            return None
        if flight.made.created.for_now:
            return line("pending: the vendor gives it an id of its own once it is started")
        return line("pending: it was created just now, and the vendor does not show it yet")

    def _end(self, flight: Flight, doubted: bool) -> None:
        ended = flight.created
        # By the time a late row comes, the draft may be that of the next caller.
        if ended and (not flight.late or doubted) and self.flights.get(flight.profile) is flight:
            self.drafts.pop(flight.profile, None)
        if flight.late:
            # The profile's place may be another one's by now.
            self.flights.setdefault(flight.profile, flight)

    def sending(self, profile: str) -> Flight | None:
        """The create that is on its way for that profile."""
        flight = self.flights.get(profile)
        return flight if flight is not None and flight.made is None else None

    def unseen(self) -> Flight | None:
        """One that has ended while nobody looked: what `n` opens first."""
        ended = (one for one in self.flights.values() if one.made is not None and not one.seen)
        return next((flight for flight in ended if not flight.watched), None)

    def waiting(self) -> list[Flight]:
        """Those on their way without a screen."""
        return [one for one in self.flights.values() if one.made is None and not one.watched]

    def see(self, flight: Flight) -> None:
        """Its end is on the screen: a row that is known is what the queue selects."""
        flight.seen = True
        if flight.session is not None:
            self.select = flight.session.key
        elif flight.standing_in is not None:
            self.select = flight.standing_in

    def done(self, flight: Flight) -> None:
        """Its screen was left for good."""
        flight.watched = False
        if flight.seen and not flight.unknown and self.flights.get(flight.profile) is flight:
            del self.flights[flight.profile]


def _cut(kept: dict[Any, Any]) -> None:
    while len(kept) > _KEPT:
        del kept[next(iter(kept))]


def why_no_create(profile: Profile, spec: Spec | None, *, read_only: bool) -> str | None:
    """Why no session can be created with this profile, in a word or two; None when one can."""
    if spec is None or spec.create is None:
        return "the vendor offers no way"
    if profile.read_only or read_only:
        return "read-only"
    given = {*profile.settings, *profile.secrets}
    missing = next((name for name in spec.create_needs if name not in given), None)
    return None if missing is None else f"no {missing.replace('_', ' ')}"


def form_of(profile: Profile, specs: Mapping[str, Spec]) -> Form:
    """The create form of a profile for which `why_no_create` says None."""
    form = specs[profile.provider].create
    assert form is not None
    return form


def named_field(form: Form, message: str) -> str | None:
    """The field that a refusal names, by our name for it or by its label, however either is written.

    The longest name wins; a name of one short word must stand alone in the message.
    """
    words = _words(message)
    found = []
    for known in form.fields:
        for name in (known.name, known.label):
            parts = _words(name)
            if parts and any(
                words[at : at + len(parts)] == parts for at in range(len(words) - len(parts) + 1)
            ):
                found.append((len("".join(parts)), known.name))
    return max(found)[1] if found else None


def _words(text: str) -> list[str]:
    """Lower-case words, also those of `camelCase` and `snake_case`."""
    spaced = _HUMP.sub(" ", text)
    return re.findall(r"[^\W_]+", spaced.casefold())
