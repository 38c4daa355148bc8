"""Who a session is with, what it is about and what was said: made from its serial when asked for.

`Stories` adds what a scenario fixed by hand (a customer's name, a subject) to what is hashed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from tui.simulator import people
from tui.simulator.chance import mix, pick
from tui.simulator.kinds import Kind, Line, Role, Session, State
from tui.simulator.people import Person
from tui.simulator.scripts import (
    Script,
    Spoken,
    fillings,
    impatience,
    office_scripts,
    script_of,
)

# Where only written words pass, and where the talk is about computers.
_CHATS = (Kind.WEB_CHAT, Kind.REMOTE_CONTROL)
_OFFICE = (Kind.SCREEN_SHARING, Kind.REMOTE_CONTROL)


class Stories:
    """The words of a desk: pure functions of its seed, and of what scenarios fixed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._names: dict[int, str] = {}
        self._subjects: dict[int, str] = {}

    def fix(self, serial: int, customer: str | None, subject: str | None) -> None:
        """Let session `serial` have this customer's name and subject instead of hashed ones."""
        if customer is not None:
            self._names[serial] = customer
        if subject is not None:
            self._subjects[serial] = subject

    def customer(self, session: Session) -> Person:
        person = people.customer(self._seed, session.serial)
        name = self._names.get(session.serial)
        if name is None:
            return person
        given = name.split(" ")[0] or name
        email = people.email_of(given, name.partition(" ")[2], session.serial, "example.com")
        return replace(person, name=name, given=given, email=email)

    def clerk_index(self, session: Session) -> int:
        language = people.customer(self._seed, session.serial).language
        return people.clerk_index(self._seed, session.serial, language)

    def clerk(self, session: Session) -> Person:
        return people.clerk(self.clerk_index(session))

    def reference(self, session: Session) -> str:
        """The desk's own number of the case, as in SUP-20417."""
        return fillings(self._seed, session.serial)["ref"]

    def subject(self, session: Session) -> str:
        fixed = self._subjects.get(session.serial)
        if fixed is not None:
            return fixed
        return self._fill(session, pick(self._script(session).topics, self._seed, session.serial))

    def notes(self, session: Session) -> tuple[str, ...]:
        """All notes the agent will have written by the end of the session."""
        return tuple(self._fill(session, note) for note in self._script(session).notes)

    def script(self, session: Session) -> tuple[Spoken, ...]:
        """All lines of the session's dialogue, whether spoken yet or not."""
        script = self._script(session)
        if session.kind is Kind.SCREEN_SHARING:
            # Nothing said on a shared screen is written down; the agent's notes are.
            return tuple(Spoken(Role.AGENT, note) for note in script.notes)
        return script.messages if session.kind in _CHATS else script.spoken

    def lines(self, session: Session) -> list[Line]:
        """What was said so far, in order of time."""
        spoken = self._opening(session)
        times = self._times(session, spoken)
        made = [self.line(session, one, at) for one, at in zip(spoken, times, strict=True)]
        return made + (session.said or [])

    def line(self, session: Session, spoken: Spoken, at: int) -> Line:
        """A line of the script as it was said at `at`."""
        text = self._fill(session, spoken.text)
        if spoken.call:
            return Line(at, spoken.role, "", int(text))
        return Line(at, spoken.role, text)

    def _script(self, session: Session) -> Script:
        if session.kind in _OFFICE:
            return pick(office_scripts(), self._seed, session.serial, 10)
        language = people.customer(self._seed, session.serial).language
        return script_of(self._seed, session.serial, language)

    def _opening(self, session: Session) -> tuple[Spoken, ...]:
        spoken = self.script(session)[: session.opening]
        if session.state is State.ABANDONED and session.opening > 1 and session.said is None:
            language = people.customer(self._seed, session.serial).language
            gone = impatience(self._seed, session.serial, language)
            return (spoken[0], Spoken(Role.CUSTOMER, gone))
        return spoken

    def _times(self, session: Session, spoken: Sequence[Spoken]) -> list[int]:
        """When the opening lines were said: by their lengths, the last exactly at `until`."""
        if not spoken:
            return []
        first, last = self._span(session)
        weights = [0]
        for index, one in enumerate(spoken[1:]):
            haste = mix(self._seed, session.serial, index, 14) % 16
            weights.append(4 + len(one.text) // 6 + haste + (20 if one.call else 0))
        total = sum(weights) or 1
        seconds = [(last - first) * done // total for done in accumulate(weights)]
        # Whole seconds, as the vendors print them; the last line keeps its exact time.
        times = [first + gap - gap % 1000 for gap in seconds]
        times[-1] = last
        if session.kind is Kind.WEB_CHAT:
            # The question opens the chat; all else is said once somebody is there.
            times[0] = session.created
        return times

    def _span(self, session: Session) -> tuple[int, int]:
        first = session.created if session.joined is None else session.joined
        return first, first if session.until is None else session.until

    def _fill(self, session: Session, text: str) -> str:
        if "{" not in text:
            return text
        person = self.customer(session)
        return text.format_map(
            fillings(self._seed, session.serial)
            | {"you": person.given, "me": self._me(session, person)}
        )

    def _me(self, session: Session, person: Person) -> str:
        clerk = self.clerk(session)
        return clerk.name if person.language == "ja" else clerk.given
