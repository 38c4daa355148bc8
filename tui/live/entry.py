"""What a worker remembers of one session.

A digest of the row's bytes, when it was seen last, how often listings missed it, and for which update its people
are known. The session itself is only referred to: it is the object that is on the board.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from tui.model.session import Session
from tui.model.text import Clean, Opaque

People = tuple[Clean | None, Clean | None, Clean | None, Clean | None]


class Sight(msgspec.Struct, frozen=True, gc=False):
    """When sessions were last seen: all rows of a page share one.

    `as_of` is monotonic seconds of when the question was sent, `seen` the number of the listing.
    """

    as_of: float
    seen: int


class Apart(msgspec.Struct, gc=False, eq=False):
    """What is remembered of few sessions only. Times are monotonic seconds of when the question was sent."""

    missed: int = 0
    not_found: int = 0
    not_before: float = 0.0
    read_digest: int | None = None
    drifted: bool = False
    people: People | None = None
    people_for: datetime | None = None


# Of a session of which nothing of that is known. It is looked at and never changed.
NOTHING: Final = Apart()


class Entry(msgspec.Struct, gc=False, eq=False):
    """One known session. They are kept by the hundred thousand: six fields, and whatever is rare is kept apart.

    `newest` is a time of the session itself, see below. Nothing of it leads back to it, so it is no business of
    the garbage collector.
    """

    session: Session
    digest: int | None
    sight: Sight
    newest: datetime | None
    wants_people: bool
    known_apart: Apart

    @property
    def id(self) -> Opaque:
        return self.session.id

    @property
    def live(self) -> bool:
        return self.session.status.live

    @property
    def as_of(self) -> float:
        """When the question was sent whose answer is known."""
        return self.sight.as_of

    @property
    def not_found(self) -> int:
        """How many answers in turn knew no such session."""
        return self.known_apart.not_found

    @property
    def not_before(self) -> float:
        """When it may be read by its id again."""
        return self.known_apart.not_before

    @property
    def people(self) -> People | None:
        """What was learned of who is in it."""
        return self.known_apart.people

    def apart(self) -> Apart:
        """What is rare of it, to be changed."""
        if self.known_apart is NOTHING:
            self.known_apart = Apart()
        return self.known_apart

    def found(self) -> None:
        """The vendor knows it: nothing that was missed counts any more."""
        if self.known_apart is not NOTHING:
            self.known_apart.missed = self.known_apart.not_found = 0

    def rest_until(self, moment: float) -> None:
        """It is not read by its id before that; 0.0: it may be at once."""
        if moment or self.known_apart is not NOTHING:
            self.apart().not_before = moment

    def bare(self) -> Session:
        """The session without what was learned of its people."""
        if self.people is None:
            return self.session
        session = self.session
        customer, email, phone, agent = self.people
        return msgspec.structs.replace(
            session,
            customer=None if session.customer == customer else session.customer,
            customer_email=None if session.customer_email == email else session.customer_email,
            customer_phone=None if session.customer_phone == phone else session.customer_phone,
            agent=None if session.agent == agent else session.agent,
        )

    @property
    def people_known(self) -> bool:
        """Whether nobody has to be asked who this session is with."""
        if not self.wants_people:
            return True
        known = self.known_apart
        return known.people is not None and known.people_for == self.session.updated_at


def newest(session: Session) -> datetime | None:
    """When the last thing that is known to have happened to a session was: one of its own times."""
    times = [
        at
        for at in (
            session.ended_at,
            session.updated_at,
            session.joined_at,
            session.started_at,
            session.created_at,
        )
        if at is not None
    ]
    return max(times, default=None)


def with_people(session: Session, people: People | None) -> Session:
    """The session with what is known of its people put where the row says nothing."""
    if people is None:
        return session
    customer, email, phone, agent = people
    return msgspec.structs.replace(
        session,
        customer=session.customer or customer,
        customer_email=session.customer_email or email,
        customer_phone=session.customer_phone or phone,
        agent=session.agent or agent,
    )
