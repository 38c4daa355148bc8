"""GoToAssist Seeit's sessions as the model has them (sheet goto 1.2, 1.3).

Optional fields come and go with the status and with the time since the end; whether they are then absent, null
or 0 is not stated, so all three mean "nothing". Every time is a whole number of milliseconds.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import msgspec

from tui.model.session import NO_LINKS, FieldValue, Links, Session
from tui.model.status import Status
from tui.model.text import Clean, line, word
from tui.providers.base import Decoded
from tui.providers.rows import Shape, decode, with_fields
from tui.providers.values import (
    KINDS,
    Ident,
    Kind,
    Link,
    Text,
    instant,
    number_text,
    opaque,
    same_name,
    words,
)

PROVIDER: Final = "goto-seeit"

# design.md, the table of states. FINISHED is not here: it depends on whether anybody joined.
STATES: Final = {
    "CREATED": Status.NOT_STARTED,
    "STARTED": Status.WAITING,
    "JOINED": Status.ACTIVE,
}
FINISHED: Final = "FINISHED"
# The vendor cuts notes here (sheet goto 1.3); what it counts as a character is not stated.
NOTES_LIMIT: Final = 1000

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
# Smaller numbers are no times of this century: seconds, or something else.
_FIRST: Final = 946_684_800_000
_LAST: Final = 4_102_444_800_000
_KEY: Final = re.compile(r"([0-9]{3})[ .-]?([0-9]{3})[ .-]?([0-9]{3})", re.ASCII)

Millis = Annotated[int, msgspec.Meta(ge=0, lt=_LAST)] | None


def millis(when: datetime) -> int:
    """A time as this vendor writes it, cut to whole milliseconds."""
    return (when - _EPOCH) // _MILLISECOND


def _read_millis(value: object) -> int | None:
    """Milliseconds, also as digits in a text; 0 or less is "nothing", as from a server that knows no null."""
    if value == "0" or (
        isinstance(value, (int, float)) and not isinstance(value, bool) and value <= 0
    ):
        return 0
    when = instant(value)
    return None if when is None else millis(when)


# A kind of field that only this vendor has, beside those that all rows are declared with.
KINDS[Millis] = Kind(_read_millis, "a time in milliseconds", quote=True)


class SessionRow(msgspec.Struct, gc=False, rename="camel"):
    """The fields of a session that the board shows (sheet goto 1.3)."""

    uuid: Ident = None
    support_key: Ident = None
    session_status: Text = None
    session_create_time: Millis = None
    session_start_time: Millis = None
    session_join_time: Millis = None
    session_end_time: Millis = None
    technician_email: Text = None
    start_url: Link = None
    session_data_download_url: Link = None
    session_data_download_url_expiration: Millis = None


SESSION: Final = Shape(SessionRow)

_SHOWN: Final = frozenset(
    {
        "uuid",
        "sessionStatus",
        "sessionCreateTime",
        "sessionStartTime",
        "sessionJoinTime",
        "sessionEndTime",
        "technicianEmail",
        "sessionDataDownloadUrl",
        "sessionDataDownloadUrlExpiration",
    }
)


def session(
    row: bytes, profile: str, me: str | None, now: datetime, *, full: bool = False
) -> Decoded:
    """A row of the listing, or a fetched session. `now` tells what has expired. Never raises."""
    decoded = decode(row, SESSION, lambda read: _session(read, profile, me))
    if decoded.session is None:
        return decoded
    decoded = _believed(decoded, decoded.session)
    return _whole(decoded, row, now) if full else decoded


def _session(row: SessionRow, profile: str, me: str | None) -> Session | None:
    known_by = opaque(row.uuid)
    if known_by is None:
        return None
    status = _status(row)
    key = spoken_key(row.support_key)
    return Session(
        profile=profile,
        provider=PROVIDER,
        id=known_by,
        status=status,
        provider_status=word(row.session_status),
        subject=None if key is None else line(f"key {key}"),
        agent=_agent(row, me),
        created_at=_at(row.session_create_time),
        started_at=_at(row.session_start_time),
        joined_at=_at(row.session_join_time),
        ended_at=_at(row.session_end_time),
        expires_at=_at(row.session_data_download_url_expiration),
        links=_links(row, status),
    )


def _status(row: SessionRow) -> Status:
    state = (row.session_status or "").upper()
    if state == FINISHED:
        return Status.ENDED if row.session_join_time else Status.ABANDONED
    return STATES.get(state, Status.UNKNOWN)


def _believed(decoded: Decoded, session: Session) -> Decoded:
    """A join time that cannot be read is still a join: such a session was not abandoned."""
    joined = any(told.startswith("sessionJoinTime is not ") for told in decoded.drift)
    if not joined or session.status is not Status.ABANDONED:
        return decoded
    return Decoded(msgspec.structs.replace(session, status=Status.ENDED), decoded.drift)


def _at(told: int | None) -> datetime | None:
    """A time of a row. Raises ValueError for a small number, which sends the row to the patient reader."""
    if not told:
        return None
    if told < _FIRST:
        raise ValueError("not a time in milliseconds")
    return _EPOCH + told * _MILLISECOND


def _agent(row: SessionRow, me: str | None) -> Clean | None:
    # By the word that the profile's `me` uses, so that the view "mine" finds it.
    if me and same_name(me, row.technician_email):
        return words(me)
    return words(row.technician_email)


def _links(row: SessionRow, status: Status) -> Links:
    # The start URL is "valid only until the session has been finished" (sheet goto 1.2).
    start = opaque(row.start_url) if status.live else None
    data = opaque(row.session_data_download_url)
    return NO_LINKS if start is None and data is None else Links(start=start, data=data)


def spoken_key(told: str | int | None) -> Clean | None:
    """A support key in three groups, for reading aloud; anything that is no such key as it came."""
    if told is None:
        return None
    text = told.strip() if isinstance(told, str) else number_text(told)
    found = _KEY.fullmatch(text)
    return words("-".join(found.groups()) if found else text)


def is_support_key(text: str) -> bool:
    """Whether that can only be a support key, in any dress: no uuid has nine digits."""
    return _KEY.fullmatch(text.strip()) is not None


def is_cut(notes: str) -> bool:
    """Whether notes are as long as the vendor gives them, in either way of counting characters."""
    return len(notes) + sum(char > "\uffff" for char in notes) >= NOTES_LIMIT


def moment(at: datetime) -> str:
    """A time in a sentence."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


# --- the detail ------------------------------------------------------------------------------------------------


def _whole(decoded: Decoded, row: bytes, now: datetime) -> Decoded:
    """With the vendor's other fields, each followed by what has to be known about it, if anything."""
    live = decoded.session is not None and decoded.session.status.live
    known = _SHOWN | {"startUrl"} if live else _SHOWN
    full = with_fields(decoded, row, known)
    if full.session is None:
        return full
    fields: list[tuple[Clean, FieldValue]] = []
    for name, value in full.session.fields:
        fields.append((name, _grouped(name, value)))
        about = _about(name, value, live)
        if about is not None:
            fields.append((line(f"about {name}"), line(about)))
    data = _about_data(full.session, now)
    if data is not None:
        fields.append((line("about sessionData"), line(data)))
    session = msgspec.structs.replace(full.session, fields=tuple(fields))
    return Decoded(session, full.drift)


def _grouped(name: Clean, value: FieldValue) -> FieldValue:
    """The support key as it is read aloud, whatever it came as; every other value as it is."""
    if name == "supportKey" and isinstance(value, (str, int)) and not isinstance(value, bool):
        return spoken_key(value)
    return value


def _about(name: Clean, value: FieldValue, live: bool) -> str | None:
    if not isinstance(value, str):
        return None
    if name == "sessionNotes" and is_cut(value):
        return f"the vendor cuts notes at {NOTES_LIMIT} characters: there may be more"
    if name == "supportKey":
        return "it may be used again for another session; the id never is"
    if name == "startUrl" and value and not live:
        return "no longer valid: it works only until the session has finished"
    return None


def _about_data(session: Session, now: datetime) -> str | None:
    """Until when the stored data can be had (sheet goto 1.3); None where the vendor offers none."""
    if session.expires_at is not None:
        told = moment(session.expires_at)
        if session.expires_at <= now:
            return f"expired: it could be downloaded until {told}"
        return f"a zip of photos, notes and recording; it can be downloaded until {told}"
    if session.links.data is not None:
        return "the vendor does not say until when it can be downloaded"
    return None
