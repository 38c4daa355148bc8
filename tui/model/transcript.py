"""What was said and done in one session, in order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from tui.model.session import Session
from tui.model.text import NO_TEXT, Clean, line


class Role(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"


class EntryKind(StrEnum):
    MESSAGE = "message"
    CALL = "call"
    JOIN = "join"
    LEAVE = "leave"
    STATE = "state"


class Entry(msgspec.Struct, frozen=True):
    """One thing that happened. `at` is aware UTC or None; `status` is the vendor's word for its delivery."""

    at: datetime | None
    author: Clean
    role: Role
    kind: EntryKind
    text: Clean
    status: Clean | None = None


class Transcript(msgspec.Struct, frozen=True):
    """`spoken` is False for a timeline: the vendor keeps no conversation for this session, only its steps.

    `complete` is False when the reading stopped before the vendor's last page.
    """

    entries: tuple[Entry, ...]
    spoken: bool = True
    complete: bool = True
    note: Clean | None = None


_NEVER = datetime.min.replace(tzinfo=UTC)


def in_order(entries: list[Entry]) -> tuple[Entry, ...]:
    """Entries by time; those without one keep their place at the front. Stable: no vendor documents an order."""
    return tuple(sorted(entries, key=lambda entry: entry.at or _NEVER))


def steps(session: Session) -> list[Entry]:
    """The session's own life as entries: created, started, joined, ended."""
    told = (
        (session.created_at, EntryKind.STATE, "session created"),
        (session.started_at, EntryKind.STATE, "session started"),
        (session.joined_at, EntryKind.JOIN, "customer joined"),
        (session.ended_at, EntryKind.STATE, f"session {session.status.value}"),
    )
    return [
        Entry(at, NO_TEXT, Role.SYSTEM, kind, line(text))
        for at, kind, text in told
        if at is not None
    ]


def followed(transcript: Transcript, left: Iterable[Entry]) -> Transcript:
    """A transcript with what is left of its session behind it: notes and recordings have no time of their own."""
    return msgspec.structs.replace(transcript, entries=(*transcript.entries, *left))


def timeline(session: Session, note: Clean | None = None) -> Transcript:
    """The honest answer for a session that has no conversation: what is known of its steps."""
    return Transcript(in_order(steps(session)), spoken=False, note=note)
