"""Take Control's history records as the model has them (sheet take control 4.4 and 4.6).

No session id is documented. `ID` is used when it comes; else an id is derived from what does not change while
the session lasts, and from a number for those that are alike in all of it. That number is put into the row's
bytes when a listing is taken apart, so that a row alone says what its session is called.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Final

import msgspec

from tui.model.lazy_dataclass import dataclass
from tui.model.session import NO_LINKS, FieldValue, Links, Session
from tui.model.status import Status
from tui.model.text import Clean, Opaque, block, line
from tui.providers import take_control_times as times
from tui.providers.base import Decoded
from tui.providers.rows import FAILURES, Shape, packed, with_fields
from tui.providers.take_control_answers import RECORD
from tui.providers.take_control_tree import addresses
from tui.providers.values import (
    Ident,
    Kind,
    Text,
    ident,
    odd,
    opaque,
    same_name,
    text,
    words,
)

PROVIDER: Final = "take-control"
# Ours, inside the bytes of a row: no name of the vendor's begins with it.
EQUAL: Final = "~equal"
LACKS: Final = "~lacks"
DERIVED: Final = "~"
IDENTITY: Final = (
    "date_start",
    "tech_username",
    "computer_name",
    "computer_domain",
    "customer_email",
)
_NO_ID: Final = (None, "", 0, "0")
_LONGEST_WAIT: Final = 100_000.0
_WORDS: Final = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class SessionRow(msgspec.Struct, gc=False):
    """The vars that the board shows, and those that the id is made of."""

    id: Ident = None
    computer_name: Text = None
    computer_domain: Text = None
    tech_username: Text = None
    tech_name: Text = None
    customer_name: Text = None
    customer_email: Text = None
    problem_description: Text = None
    date_start: Text = None
    date_end: Text = None
    has_videos: object = None
    video_links: object = None
    waiting_time: object = None
    equal: object = msgspec.field(name=EQUAL, default=None)
    lacks: object = msgspec.field(name=LACKS, default=None)


SESSION: Final = Shape(SessionRow)
# A problem's text may be 4000 characters long and is shown whole among the fields.
_SHOWN: Final = frozenset(
    {"id", "tech_name", "customer_name", "customer_email", "date_start", "date_end"}
    | {"has_videos", "video_links", "waiting_time", "chat_info", EQUAL, LACKS}
)
_DERIVED_NOTE: Final = line(
    "derived from start, technician, computer and customer: the vendor gives none"
)


@dataclass(frozen=True, slots=True)
class Reader:
    """What a profile says about its rows: its name, the zone of its times, and who `me` is."""

    profile: str
    zone: tzinfo
    me: str | None

    def decode(self, row: bytes, *, full: bool = False) -> Decoded:
        """One row. Never raises."""
        drift: tuple[Clean, ...] = ()
        try:
            read: SessionRow | None = SESSION.fast(row)
        except FAILURES:
            read, drift = SESSION.slow(row)
        if read is None:
            return Decoded(None, drift)
        known_by = _id(read)
        if known_by is None:
            return Decoded(None, (*drift, line("the row has no id")))
        drift = (*drift, *_odd(read, self.zone), *_lacking(read))
        decoded = Decoded(self._session(read, known_by), drift)
        return _with_fields(decoded, row, read) if full else decoded

    def _session(self, row: SessionRow, known_by: Opaque) -> Session:
        started, ended = _span(row, self.zone)
        wait = _minutes(row.waiting_time)
        status = _status(started, ended, wait)
        return Session(
            profile=self.profile,
            provider=PROVIDER,
            id=known_by,
            status=status,
            # Who is asked for help with nothing said is best told apart by the computer.
            subject=words(row.problem_description) or words(row.computer_name),
            customer=words(row.customer_name),
            customer_email=words(row.customer_email),
            agent=self._agent(row),
            estimated_wait_minutes=wait if status is Status.WAITING else None,
            started_at=started,
            ended_at=ended,
            links=_links(row),
        )

    def _agent(self, row: SessionRow) -> Clean | None:
        # By the word that the profile's `me` uses, so that the view "mine" finds it.
        if self.me and same_name(self.me, row.tech_username):
            return words(self.me)
        return words(row.tech_name) or words(row.tech_username)


# --- ids ---------------------------------------------------------------------------------------------------


def numbered(records: Iterable[object], refused: Sequence[str] = ()) -> list[object]:
    """The records of one answer with what their ids need; `refused` are the vars that the vendor does not take.

    Those that are alike in everything an id is made of are numbered in the order of the answer. All of them
    have the same start, so that a window shows either all or none of them.
    """
    seen: dict[tuple[str, ...], int] = {}
    marked: list[object] = []
    for record in records:
        if isinstance(record, dict):
            record = {name: value for name, value in record.items() if name not in (EQUAL, LACKS)}
            if record.get("id") in _NO_ID and _says_something(record):
                alike = _identity(record)
                record[EQUAL] = seen[alike] = seen.get(alike, -1) + 1
            if refused:
                record[LACKS] = ", ".join(refused)
        marked.append(record)
    return marked


def to_bytes(record: object) -> bytes:
    """A record as the bytes of a row."""
    try:
        return msgspec.json.encode(record)
    except (*FAILURES, TypeError):
        return packed(record)


def known_by(record: object) -> Opaque | None:
    """The id of a numbered record, as `decode` gives it."""
    return None if not isinstance(record, dict) else _named(record.get("id"), record)


def _id(row: SessionRow) -> Opaque | None:
    values = {name: getattr(row, name) for name in IDENTITY}
    return _named(row.id, {**values, EQUAL: row.equal})


def _named(given: object, record: dict[str, object]) -> Opaque | None:
    own = ident(given)
    if own not in _NO_ID:
        return opaque(own)
    alike, equal = _identity(record), record.get(EQUAL)
    if not isinstance(equal, int):
        if not any(alike):
            return None
        equal = 0
    told = json.dumps([*alike, equal], ensure_ascii=True)
    return Opaque(DERIVED + hashlib.sha256(told.encode()).hexdigest()[:16])


def _identity(record: dict[str, object]) -> tuple[str, ...]:
    return tuple((text(record.get(name)) or "").strip() for name in IDENTITY)


def _says_something(record: dict[str, object]) -> bool:
    return any(record.get(name) not in (None, "", [], {}) for name in RECORD)


# --- values ------------------------------------------------------------------------------------------------


def _span(row: SessionRow, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    started = times.moment(row.date_start, zone)
    return started, times.moment(row.date_end, zone, after=started)


def _status(started: datetime | None, ended: datetime | None, wait: float | None) -> Status:
    """design.md, the table of states: the first that holds."""
    if ended is not None:
        return Status.ENDED
    if started is not None:
        return Status.ACTIVE
    return Status.UNKNOWN if wait is None else Status.WAITING


def _minutes(value: object) -> float | None:
    """The vendor's estimate of a wait, in minutes, also as digits in a text."""
    told = (text(value) or "").strip()
    try:
        number = float(told) if told.isascii() else -1.0
    except ValueError:
        return None
    return number if 0 <= number <= _LONGEST_WAIT else None


def flag(value: object) -> bool | None:
    """`true`, `"TRUE"`, 1 and their opposites; None for anything else."""
    if isinstance(value, bool):
        return value
    return _WORDS.get((text(value) or "").strip().lower())


_TIME: Final = Kind(lambda value: None, "a time", quote=True)
_WAIT: Final = Kind(_minutes, "a number of minutes", quote=True)
_FLAG: Final = Kind(flag, "true or false", quote=True)


def _odd(row: SessionRow, zone: tzinfo) -> list[Clean]:
    """What is not as documented beyond its kind: such a field is absent."""
    told = [
        odd(name, value, _TIME)
        for name, value in (("date_start", row.date_start), ("date_end", row.date_end))
        if not times.is_nothing(value) and times.moment(value, zone) is None
    ]
    for name, value, kind in (
        ("waiting_time", row.waiting_time, _WAIT),
        ("has_videos", row.has_videos, _FLAG),
    ):
        if value not in (None, "") and kind.read(value) is None:
            told.append(odd(name, value, kind))
    return told


def _lacking(row: SessionRow) -> tuple[Clean, ...]:
    lacks = row.lacks
    if not isinstance(lacks, str) or not lacks:
        return ()
    return (line(f"the vendor refuses to tell {lacks}"),)


def _links(row: SessionRow) -> Links:
    found = addresses(row.video_links) if row.video_links else ()
    return Links(recording=found[0]) if found else NO_LINKS


def _with_fields(decoded: Decoded, row: bytes, read: SessionRow) -> Decoded:
    found = with_fields(decoded, row, _SHOWN)
    session = found.session
    if session is None:
        return found
    more: list[tuple[str, FieldValue]] = []
    if session.id.startswith(DERIVED):
        more.append(("id", _DERIVED_NOTE))
    if session.agent is not None and words(read.tech_name) not in (None, session.agent):
        more.append(("tech_name", words(read.tech_name)))
    if (videos := flag(read.has_videos)) is not None:
        more.append(("has_videos", videos))
    if links := addresses(read.video_links):
        more.append(("video_links", block("\n".join(links))))
    if session.status is not Status.WAITING and (wait := _minutes(read.waiting_time)) is not None:
        more.append(("waiting_time", wait))
    fields = (*session.fields, *((line(name), value) for name, value in more))
    return Decoded(msgspec.structs.replace(session, fields=fields), found.drift)
