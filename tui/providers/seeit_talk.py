"""What a Seeit session left behind, as a timeline: this vendor keeps no conversation (sheet goto 1.5)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from tui.model.session import FieldValue, Session
from tui.model.text import NO_TEXT, block, line
from tui.model.transcript import Entry, EntryKind, Role, Transcript, in_order, steps
from tui.providers.seeit_rows import NOTES_LIMIT, is_cut, moment
from tui.providers.values import ident, seconds

NO_TALK: Final = line(
    "this vendor keeps no conversation: these are the session's steps and what is stored of it "
    "(details for 90 days; photos, notes and recording for 72 hours after the end)"
)
_DATA: Final = {
    "NO_DATA": "no session data is stored",
    "PROCESSING": "the session data is still being prepared",
    "AVAILABLE": "the session data is stored",
}
_DIGITS: Final = re.compile(r"[0-9]{1,18}")
_UNITS: Final = ("bytes", "kB", "MB", "GB")


def transcript(session: Session, now: datetime) -> Transcript:
    """The timeline of a session that was read in full (with its fields).

    Its steps come first, by time; what is stored has no time of its own and follows.
    """
    fields: dict[str, FieldValue] = dict(session.fields)
    left = (
        _notes(fields.get("sessionNotes")),
        _recording(fields.get("sessionRecorded"), live=session.status.live),
        _photos(fields),
        _data(fields),
        _until(session, now),
    )
    entries = [_joined_by_app(entry) for entry in steps(session)]
    stored = (_stored(text) for text in left if text)
    return Transcript((*in_order(entries), *stored), spoken=False, note=NO_TALK)


def _joined_by_app(entry: Entry) -> Entry:
    """The join is the mobile app's: the vendor names nobody."""
    if entry.kind is not EntryKind.JOIN:
        return entry
    text = line("the customer joined with the mobile app")
    return Entry(entry.at, entry.author, entry.role, entry.kind, text)


def _stored(text: str) -> Entry:
    return Entry(None, NO_TEXT, Role.SYSTEM, EntryKind.STATE, block(text))


def _notes(notes: FieldValue) -> str | None:
    if not isinstance(notes, str) or not notes.strip():
        return None
    cut = f" (cut at {NOTES_LIMIT} characters by the vendor: there may be more)"
    return f"session notes{cut if is_cut(notes) else ''}:\n{notes}"


def _recording(recorded: FieldValue, *, live: bool) -> str | None:
    if not isinstance(recorded, bool):
        return None
    tense = ("is being", "is not being") if live else ("was", "was not")
    return f"the session {tense[not recorded]} recorded"


def _photos(fields: dict[str, FieldValue]) -> str | None:
    counts = (
        (seconds(fields.get("sessionDataPhotoCount")), "photo"),
        (seconds(fields.get("sessionDataPhotoNotesCount")), "photo note"),
    )
    told = [
        f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts if count is not None
    ]
    return ", ".join(told) + " stored" if told else None


def _data(fields: dict[str, FieldValue]) -> str | None:
    told = fields.get("sessionDataStatus")
    if not isinstance(told, str) or not told:
        return None
    words = _DATA.get(told.upper()) or f'session data: "{told}" at the vendor'
    size = _bytes(fields.get("sessionDataSize"))
    return f"{words} ({_size(size)} zip)" if size else words


def _bytes(told: FieldValue) -> int:
    """An int64, also as digits; 0 is "not present" (sheet goto 1.3)."""
    size = ident(told)
    if isinstance(size, str):
        return int(size) if _DIGITS.fullmatch(size) else 0
    return size if size is not None and 0 < size < 2**63 else 0


def _size(count: int) -> str:
    size = float(count)
    units = iter(_UNITS)
    unit = next(units)
    while size >= 999.5 and (larger := next(units, None)) is not None:
        size, unit = size / 1000, larger
    return f"{size:.0f} {unit}"


def _until(session: Session, now: datetime) -> str | None:
    if session.expires_at is None:
        return None
    told = moment(session.expires_at)
    if session.expires_at <= now:
        return f"the data could be downloaded until {told}: that has passed"
    return f"the data can be downloaded until {told}"
