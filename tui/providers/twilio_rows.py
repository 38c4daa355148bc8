"""Twilio Proxy's rows as the model has them (sheet twilio 1.4, 1.6; Twilio's own OpenAPI of Proxy v1).

The vendor makes nearly every field nullable and requires none, so every field here has a default.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

import msgspec

from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import NO_TEXT, Clean, Opaque, word
from tui.providers.base import Decoded
from tui.providers.rows import Shape, decode, with_fields
from tui.providers.values import (
    Ident,
    Seconds,
    Text,
    Time,
    later,
    oldest_first,
    opaque,
    phone,
    safe_utc,
    same_name,
    utc,
    words,
)

PROVIDER: Final = "twilio-proxy"
# Writes take the sid alone, reads a unique name too (sheet twilio 1.2).
SID: Final = re.compile(r"KC[0-9a-fA-F]{32}")

# design.md, the table of states; anything else is shown as the vendor's own word.
STATES: Final = {
    "open": Status.WAITING,
    "in-progress": Status.ACTIVE,
    "closed": Status.ENDED,
    "failed": Status.FAILED,
}


class SessionRow(msgspec.Struct, gc=False):
    """The fields of a session that the board shows (sheet twilio 1.4)."""

    sid: Ident = None
    status: Text = None
    unique_name: Text = None
    mode: Text = None
    ttl: Seconds = None
    date_created: Time = None
    date_started: Time = None
    date_ended: Time = None
    date_updated: Time = None
    date_last_interaction: Time = None
    date_expiry: Time = None


class ParticipantRow(msgspec.Struct, gc=False):
    """A participant (sheet twilio 1.6). `date_deleted` set: removed, but still listed."""

    sid: Ident = None
    friendly_name: Text = None
    identifier: Text = None
    date_created: Time = None
    date_deleted: Time = None

    @property
    def name(self) -> Clean | None:
        """What to call this one: the friendly name, else the number or channel id."""
        return words(self.friendly_name) or words(self.identifier)

    def is_called(self, name: str | None) -> bool:
        """Whether `name` is this one's friendly name or identifier."""
        return same_name(name, self.friendly_name) or same_name(name, self.identifier)


class ServiceRow(msgspec.Struct, gc=False):
    """A service, as far as one must know it to choose (sheet twilio 1.6)."""

    sid: Ident = None
    unique_name: Text = None


SESSION: Final = Shape(SessionRow)
PARTICIPANT: Final = Shape(ParticipantRow)
SERVICE: Final = Shape(ServiceRow)

# Shown by the session itself; the rest goes to `fields`. The time of the last interaction and the time to live
# also stay there: the expiry is made of them, and they say more than it does.
_SHOWN: Final = frozenset(
    {
        "sid",
        "status",
        "unique_name",
        "mode",
        "date_created",
        "date_started",
        "date_ended",
        "date_updated",
        "date_expiry",
    }
)


def is_another(row: bytes, ref: Opaque) -> bool:
    """Whether a fetched row is of another session than `ref`, a sid or a unique name, asked for.

    Case does not count: whether it does for the vendor is not documented.
    """
    read = SESSION.read(row)
    sid = opaque(read.sid) if read is not None else None
    if read is None or sid is None or same_name(ref, sid):
        return False
    return bool(SID.fullmatch(ref) or read.unique_name) and not same_name(ref, read.unique_name)


def session(row: bytes, profile: str, *, full: bool = False) -> Decoded:
    """A row of the listing, or a fetched session. Never raises."""
    decoded = decode(row, SESSION, lambda read: _session(read, profile))
    return with_fields(decoded, row, _SHOWN) if full else decoded


def _session(row: SessionRow, profile: str) -> Session | None:
    sid = opaque(row.sid)
    if sid is None:
        return None
    state = row.status or ""
    created = utc(row.date_created)
    return Session(
        profile=profile,
        provider=PROVIDER,
        id=sid,
        status=STATES.get(state, Status.UNKNOWN),
        provider_status=word(state),
        kind=NO_TEXT if row.mode is None else word(row.mode),
        subject=words(row.unique_name),
        created_at=created,
        started_at=utc(row.date_started),
        ended_at=utc(row.date_ended),
        updated_at=utc(row.date_updated),
        # The expiry date overrides the time to live, which runs from the last interaction (sheet twilio 1.3).
        expires_at=utc(row.date_expiry)
        or later(utc(row.date_last_interaction) or created, row.ttl),
    )


class People(msgspec.Struct, frozen=True):
    """Who is in a session. `everyone` also holds removed participants, by their time of joining."""

    customer: ParticipantRow | None
    agent: ParticipantRow | None
    everyone: tuple[ParticipantRow, ...] = ()


def people(rows: list[bytes], me: str | None) -> People:
    """Who is who among a session's participants; the vendor says only in which order they came.

    The first is the customer and the second the agent, unless `me` is the first one's name or identifier.
    Both may have been added in the same second: see `oldest_first`.
    At most two are in a session at a time; removed ones count only where fewer than two are left.
    """
    read = [row for row in map(PARTICIPANT.read, rows) if row is not None]
    everyone = oldest_first(read, _joined)
    present = [row for row in everyone if row.date_deleted is None][:2]
    gone = [row for row in everyone if row.date_deleted is not None]
    spare = 2 - len(present)
    chosen = [*present, *gone[-spare:]] if spare else present
    both = [row for row in everyone if any(row is one for one in chosen)]
    first, second = (*both, None, None)[:2]
    if me and first is not None and first.is_called(me) and not (second and second.is_called(me)):
        first, second = second, first
    return People(first, second, tuple(everyone))


def _joined(row: ParticipantRow) -> datetime | None:
    return safe_utc(row.date_created)


def reachable(found: People) -> list[Opaque]:
    """The sids of those in the session, two at most: whom the application may have written to."""
    both = (opaque(one.sid) for one in (found.customer, found.agent) if one is not None)
    return [sid for sid in both if sid is not None]


def with_people(session: Session, found: People, me: str | None) -> Session:
    """The session with its customer, phone and agent, where they are known."""
    customer, agent = found.customer, found.agent
    return msgspec.structs.replace(
        session,
        customer=customer.name if customer else None,
        customer_phone=phone(customer.identifier) if customer else None,
        agent=_agent_name(agent, me) if agent else None,
    )


def _agent_name(agent: ParticipantRow, me: str | None) -> Clean | None:
    # By the word that the profile's `me` uses, so that the view "mine" finds it.
    return words(me) if me and agent.is_called(me) else agent.name
