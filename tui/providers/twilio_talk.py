"""Twilio Proxy's interactions as a transcript (sheet twilio 1.6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import msgspec

from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import NO_TEXT, Clean, block, line
from tui.model.transcript import Entry, EntryKind, Role, Transcript, in_order, steps
from tui.providers.rows import Shape, json_text, loose
from tui.providers.twilio_rows import ParticipantRow, People
from tui.providers.values import Ident, Text, Time, number_text, oldest_first, safe_utc, seconds

_NO_WORDS: Final = line("(the vendor gives no text)")
_APPLICATION: Final = line("application")
_SOMEONE: Final = line("someone")
_UNHEARD: Final = line("the vendor refuses to tell what the application itself has sent")


class InteractionRow(msgspec.Struct, gc=False):
    """One message or call. `data` is documented as JSON inside a text; older samples show a bare object.

    `participant_sid` is there when the application sent it to that one; there is no inbound side then.
    """

    sid: Ident = None
    data: object = None
    type: Text = None
    date_created: Time = None
    inbound_participant_sid: Ident = None
    inbound_resource_status: Text = None
    inbound_resource_type: Text = None
    outbound_participant_sid: Ident = None
    outbound_resource_status: Text = None
    outbound_resource_type: Text = None
    participant_sid: Ident = None


INTERACTION: Final = Shape(InteractionRow)


def transcript(
    session: Session,
    people: People,
    rows: Iterable[bytes],
    *,
    complete: bool,
    unheard: bool = False,
) -> Transcript:
    """Everything said, who came and went, and the session's own steps, by time.

    A row that comes twice (by its sid) is told once. `complete` is False when not every page was read, `unheard`
    True when the vendor refused what the application itself sent.
    """
    read: list[InteractionRow] = []
    known: set[Ident] = set()
    unread = 0
    for row in map(INTERACTION.read, rows):
        if row is None:
            unread += 1
        elif row.sid is None or row.sid not in known:
            known.add(row.sid)
            read.append(row)
    said = [
        _entry(row, people) for row in oldest_first(read, lambda one: safe_utc(one.date_created))
    ]
    before, after = _around(session)
    return Transcript(
        # Stable: within a second a session begins, people come, things are said, and it ends.
        in_order([*before, *_comings(people), *said, *after]),
        complete=complete and not unread and not unheard,
        note=_UNHEARD if unheard else _note(bool(said), unread, complete),
    )


def _around(session: Session) -> tuple[list[Entry], list[Entry]]:
    """The session's own steps: those before everything of the same second, and its end."""
    told = steps(session)
    ended = session.ended_at
    # The last one is the end, also where all of them are of one second.
    before = told if ended is None else told[:-1]
    if ended is not None:
        reason = dict(session.fields).get(line("closed_reason"))
        because = f" (reason: {reason})" if isinstance(reason, str) and reason else ""
        return before, [_step(ended, f"session {session.status.value}{because}")]
    if session.status is Status.FAILED and session.updated_at is not None:
        # Such a one has no end; its last change is that it failed, or comes after it.
        return before, [_step(session.updated_at, "session failed (its last change)")]
    return before, []


def _step(at: datetime, text: str) -> Entry:
    return Entry(at, NO_TEXT, Role.SYSTEM, EntryKind.STATE, line(text))


def _note(said: bool, unread: int, complete: bool) -> Clean | None:
    if unread:
        return line(f"{unread} entries could not be read")
    if not complete:
        return line("not everything could be read: more was said than is shown here")
    return None if said else line("nothing has been said so far")


def _entry(row: InteractionRow, people: People) -> Entry:
    author, role = _speaker(row, people)
    data = _data(row.data)
    kind = _kind(row, data)
    return Entry(
        at=safe_utc(row.date_created),
        author=author,
        role=role,
        kind=kind,
        text=_call(data) if kind is EntryKind.CALL else _message(data),
        status=_status(row),
    )


def _speaker(row: InteractionRow, people: People) -> tuple[Clean, Role]:
    """Who said it: the inbound participant. Without one the application sent it (a message interaction)."""
    if row.inbound_participant_sid is None:
        to = row.outbound_participant_sid or row.participant_sid
        to_customer = people.customer and to == people.customer.sid
        return _APPLICATION, Role.AGENT if to_customer else Role.SYSTEM
    for one in people.everyone:
        if one.sid == row.inbound_participant_sid:
            return one.name or _SOMEONE, _role(one, people)
    # Removed long ago, perhaps: if it was said to the customer, the agent's side said it.
    said_to = row.outbound_participant_sid
    if people.customer is not None and said_to is not None and said_to == people.customer.sid:
        return _SOMEONE, Role.AGENT
    return _SOMEONE, Role.CUSTOMER


def _role(one: ParticipantRow, people: People) -> Role:
    if one is people.customer:
        return Role.CUSTOMER
    return Role.AGENT if one is people.agent else Role.SYSTEM


def _kind(row: InteractionRow, data: object) -> EntryKind:
    """By the type, in any case; when it is unknown by the resource's type, then by what the data holds."""
    told = (row.type, row.inbound_resource_type, row.outbound_resource_type)
    for word in (text.strip().casefold() for text in told if text):
        if word == "message":
            return EntryKind.MESSAGE
        if word in ("voice", "call"):
            return EntryKind.CALL
    spoken = isinstance(data, dict) and "duration" in data and "body" not in data
    return EntryKind.CALL if spoken else EntryKind.MESSAGE


def _data(data: object) -> object:
    """What an interaction's `data` says: an object when it is one, however it was wrapped; else the raw text."""
    if not isinstance(data, str):
        return data
    inner = loose(data.encode("utf-8", "replace")) if data.lstrip()[:1] == "{" else None
    return data if inner is None else inner


def _message(data: object) -> Clean:
    if isinstance(data, dict) and "body" in data:
        data = data["body"]
    return _told(data)


def _call(data: object) -> Clean:
    length = seconds(data.get("duration")) if isinstance(data, dict) else None
    if length is not None:
        return line(f"call, {_clock(length)}")
    told = _told(data)
    return line("call") if told == _NO_WORDS else told


def _clock(length: int) -> str:
    minutes, rest = divmod(length, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _told(data: Any) -> Clean:
    if isinstance(data, (dict, list)):
        data = json_text(data) if data else None
    if isinstance(data, int) and not isinstance(data, bool):
        data = number_text(data)
    return block(data) or _NO_WORDS


def _status(row: InteractionRow) -> Clean | None:
    """The delivery of the outbound leg; the inbound one is always `delivered` (sheet twilio 1.6)."""
    word = row.outbound_resource_status or row.inbound_resource_status
    return line(word) if word else None


def _comings(people: People) -> list[Entry]:
    entries: list[Entry] = []
    for one in people.everyone:
        who, role = one.name or NO_TEXT, _role(one, people)
        for at, kind, text in (
            (one.date_created, EntryKind.JOIN, "was added to the session"),
            (one.date_deleted, EntryKind.LEAVE, "was removed from the session"),
        ):
            if at is not None:
                entries.append(Entry(safe_utc(at), who, role, kind, line(text)))
    return entries
