"""A session: one row on the board, whatever vendor it runs at."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from tui.model.secret import Secret
from tui.model.status import Status
from tui.model.text import NO_TEXT, Clean, Opaque

FieldValue = Clean | Secret | bool | int | float | None


class Key(NamedTuple):
    """What a session is known by: the profile's name and the vendor's id, exactly as it came."""

    profile: str
    id: Opaque


class Links(msgspec.Struct, frozen=True, gc=False):
    """The addresses a vendor gives for a session; None where it gives none."""

    join: Opaque | None = None
    start: Opaque | None = None
    recording: Opaque | None = None
    data: Opaque | None = None
    partner: Opaque | None = None


NO_LINKS = Links()


class Session(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One session as last read. Times are aware UTC; None means that the vendor did not say.

    `fields` holds the vendor's other fields under the vendor's names; it is empty for rows that come from a
    listing (they are kept by the thousand) and filled when one session is read for its detail.
    """

    profile: str
    provider: str
    id: Opaque
    status: Status
    provider_status: Clean = NO_TEXT
    kind: Clean = NO_TEXT
    subject: Clean | None = None
    customer: Clean | None = None
    customer_email: Clean | None = None
    customer_phone: Clean | None = None
    agent: Clean | None = None
    estimated_wait_minutes: float | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    joined_at: datetime | None = None
    ended_at: datetime | None = None
    updated_at: datetime | None = None
    expires_at: datetime | None = None
    links: Links = NO_LINKS
    fields: tuple[tuple[Clean, FieldValue], ...] = ()

    @property
    def key(self) -> Key:
        return tuple.__new__(Key, (self.profile, self.id))  # half of what the call costs

    @property
    def began(self) -> datetime | None:
        """The first time that the vendor gives: what waits and ages are counted from."""
        return self.created_at or self.started_at


def wait_seconds(session: Session, now: datetime) -> float | None:
    """How long the customer has been waiting, in seconds; None when nobody waits or no time is known."""
    if session.status not in (Status.WAITING, Status.NOT_STARTED) or session.began is None:
        return None
    return max(0.0, (now - session.began).total_seconds())


def age_seconds(session: Session, now: datetime) -> float | None:
    """Seconds since the session began; None without a time."""
    if session.began is None:
        return None
    return max(0.0, (now - session.began).total_seconds())
