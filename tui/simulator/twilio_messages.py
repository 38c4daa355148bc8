"""What the application itself sends to one participant: message interactions (sheet twilio 1.6).

The desk knows nothing of them. The application welcomes some customers when their session begins, and tells
some agents whom they get.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui.simulator.chance import one_in
from tui.simulator.kinds import Line, Role, Session
from tui.simulator.odd import Row
from tui.simulator.twilio_rows import Rows
from tui.simulator.web import Stage

# The numbers of a session's message interactions begin here; no talk has so many lines.
_FIRST = 1_000_000
_WELCOME = (
    "{name}, thank you for contacting us about {subject}. Your case is {ref}; just reply here."
)
_HANDOVER = "Case {ref}: {name} is waiting. {subject}"
# How long after the session begins (milliseconds).
_AFTER = (1_000, 2_000)


@dataclass(frozen=True, slots=True)
class Sent:
    """One message to a participant: 0 is the customer, 1 the agent."""

    number: int
    which: int
    at: int
    text: str


class Messages:
    """Message interactions, as pure functions of the session."""

    def __init__(self, stage: Stage, rows: Rows) -> None:
        self._stage, self._rows = stage, rows

    def to(self, session: Session, which: int) -> list[Sent]:
        """What was sent to one participant so far."""
        if self._stage.play["twilio-app-messages"] == "none" or not self._sends(session, which):
            return []
        at = session.created + _AFTER[which]
        ended = self._rows.ended(session)
        if at > self._stage.desk.time or (ended is not None and at > ended):
            return []
        return [Sent(_FIRST + which, which, at, self._words(session, which))]

    def listed(self, session: Session) -> list[Sent]:
        """Those that the list of all interactions holds too."""
        if self._stage.play["twilio-app-messages"] != "listed":
            return []
        return [
            one for which in self._rows.participants(session) for one in self.to(session, which)
        ]

    def row(self, session: Session, sent: Sent, base: str, *, apart: bool = True) -> Row:
        """A message interaction; as an interaction (not `apart`) it does not name its participant twice.

        Nobody spoke: the inbound side is null.
        """
        line = Line(sent.at, Role.CUSTOMER if sent.which else Role.AGENT, sent.text)
        row = self._rows.interaction(session, sent.number, line, base)
        row |= {name: None for name in row if name.startswith("inbound_")}
        if not apart:
            return row
        person = self._rows.participant_sid(session, sent.which)
        head, _, sid = str(row["url"]).rpartition("/Interactions/")
        row["url"] = f"{head}/Participants/{person}/MessageInteractions/{sid}"
        return row | {"participant_sid": person}

    def _sends(self, session: Session, which: int) -> bool:
        return one_in(3, self._stage.desk.seed, session.serial, 26 + which)

    def _words(self, session: Session, which: int) -> str:
        stories = self._stage.desk.stories
        return (_HANDOVER if which else _WELCOME).format(
            name=stories.customer(session).name,
            subject=stories.subject(session),
            ref=stories.reference(session),
        )
