"""Reading single values that a vendor sent: as documented or nearly so.

Every reader takes whatever JSON held and gives the value, or None when it is not that kind of thing. None of
them raises. Times come out as aware UTC.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, TypeVar

import msgspec

from tui.model.lazy_dataclass import dataclass
from tui.model.text import LINE_LIMIT, Clean, Opaque, line

# The kinds of field a row can be declared with. msgspec reads them strictly on the fast path; `KINDS` below
# holds the tolerant reader of each.
Text = str | None
Time = Annotated[datetime, msgspec.Meta(tz=True)] | None
Ident = str | int | None
Seconds = Annotated[int, msgspec.Meta(ge=0, le=2**31)] | None
# An address is followed or copied by a person, so only web addresses pass for one.
Link = Annotated[str, msgspec.Meta(pattern=r"^(?:[hH][tT][tT][pP][sS]?://|$)")] | None

# What a bare number may mean as a time: this century, in seconds or milliseconds. Smaller and larger ones are
# far more likely to be something else than a time.
_EPOCH_FIRST: Final = 946_684_800
_EPOCH_LAST: Final = 4_102_444_800
_EPOCH_TEXT: Final = re.compile(r"\d{9,13}(?:\.\d{1,6})?", re.ASCII)
_WHOLE_TEXT: Final = re.compile(r"\d{1,12}", re.ASCII)
_E164: Final = re.compile(r"(?:[a-z][a-z0-9_-]*:)?(\+[1-9]\d{6,14})", re.ASCII | re.IGNORECASE)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_QUOTED: Final = 40


def utc(when: datetime | None) -> datetime | None:
    """A time that msgspec read, as UTC. Raises OverflowError at the ends of the calendar."""
    if when is None:
        return when
    if when.tzinfo is not UTC:
        when = when.astimezone(UTC)
    if len(_times) >= _TIMES_KEPT:
        _times.clear()
    return _times.setdefault(when, when)


# A session's times are often one: created, started and updated at once. They then are one object.
_TIMES_KEPT: Final = 4_096
_times: dict[datetime, datetime] = {}


def safe_utc(when: datetime | None) -> datetime | None:
    """`utc`, and None at the ends of the calendar."""
    try:
        return utc(when)
    except OverflowError:
        return None


def instant(value: object) -> datetime | None:
    """ISO 8601 with `Z`, an offset, milliseconds or neither, a bare date, or epoch seconds or milliseconds.

    Without a zone it is UTC: both vendors document UTC (sheet twilio 1.4; sheet goto 2).
    """
    if isinstance(value, str):
        text = value.strip()
        if _EPOCH_TEXT.fullmatch(text):
            return _epoch(float(text))
        return _iso(text)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _epoch(value)
    return None


def _iso(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _epoch(number: float) -> datetime | None:
    if _EPOCH_FIRST <= number < _EPOCH_LAST:
        return datetime.fromtimestamp(number, UTC)
    if _EPOCH_FIRST * 1000 <= number < _EPOCH_LAST * 1000:
        return datetime.fromtimestamp(number // 1000, UTC) + timedelta(milliseconds=number % 1000)
    return None


def later(start: datetime | None, seconds: int | None) -> datetime | None:
    """`start` plus `seconds`, None without either or past the calendar's end."""
    if start is None or not seconds:
        return None
    try:
        return start + timedelta(seconds=seconds)
    except OverflowError:
        return None


Item = TypeVar("Item")


def oldest_first(items: Sequence[Item], when: Callable[[Item], datetime | None]) -> list[Item]:
    """A vendor's list by time, where many times may be equal: vendors give whole seconds.

    Equals keep the order of the list when it runs forward, and are turned around when it runs from the newest
    on, or gives no sign. Items without a time come last.
    """
    times = [at for at in map(when, items) if at is not None]
    forward = len(times) > 1 and times[0] < times[-1]
    return sorted(items if forward else reversed(items), key=lambda item: when(item) or _NEVER)


def text(value: object) -> str | None:
    """Text; a number is taken as its digits, because vendors send numbers where they document text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return number_text(value)


def ident(value: object) -> str | int | None:
    """An id: text that is not empty, or a whole number."""
    if isinstance(value, str):
        return value if value and sendable(value) else None
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def seconds(value: object) -> int | None:
    """A number of seconds that a clock can hold, also as digits in a text."""
    if isinstance(value, str) and _WHOLE_TEXT.fullmatch(value.strip()):
        value = int(value)
    whole = ident(value)
    return whole if isinstance(whole, int) and 0 <= whole <= 2**31 else None


def link(value: object) -> str | None:
    """A web address, exactly as it came."""
    if isinstance(value, str) and value[:8].lower().startswith(("http://", "https://")):
        return value if sendable(value) else None
    return None


def sendable(value: str) -> bool:
    """Whether a text can go back on the wire: half of a surrogate pair cannot."""
    return value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value)


def number_text(number: float) -> str:
    """A number as text. Python refuses to print integers of more than 4,300 digits: those become a word."""
    try:
        return str(number)
    except ValueError:
        return "a very large number"


def opaque(value: str | int | None) -> Opaque | None:
    """What goes back to the vendor exactly as it came; None when there is nothing."""
    if isinstance(value, int):
        return Opaque(number_text(value))
    return Opaque(value) if value else None


def words(value: str | None) -> Clean | None:
    """One clean line, None when nothing visible is left of it."""
    if not value:
        return None
    clean = line(value)
    return clean if clean and not clean.isspace() else None


def phone(identifier: str | None) -> Clean | None:
    """The E.164 number in an identifier such as `+14155551212` or `whatsapp:+14155551212`, else None."""
    found = _E164.fullmatch(identifier.strip()) if identifier else None
    return line(found.group(1)) if found else None


def same_name(left: str | None, right: str | None) -> bool:
    """Whether two names or e-mails are the same to a reader; nothing equals nothing-at-all."""
    if not left or not right:
        return False
    return left.strip().casefold() == right.strip().casefold()


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of field is read when the fast path failed, and what a drift sentence calls it.

    `quote` says whether that sentence may quote the value: never for names, messages and links, which may
    hold a customer's data or a token.
    """

    read: Callable[[object], object]
    called: str
    quote: bool


KINDS: Final[dict[object, Kind]] = {
    Text: Kind(text, "text", quote=False),
    Time: Kind(instant, "a time", quote=True),
    Ident: Kind(ident, "an id", quote=False),
    Seconds: Kind(seconds, "a number of seconds", quote=True),
    Link: Kind(link, "a web address", quote=False),
    object: Kind(lambda value: value, "anything", quote=False),
}


def odd(name: str, value: object, kind: Kind) -> Clean:
    """The drift sentence of a field: `date_created is not a time: 42`."""
    told = _quoted(value) if kind.quote else _called(value)
    return line(f"{name} is not {kind.called}: {told}", LINE_LIMIT)


def _quoted(value: object) -> str:
    if isinstance(value, (str, int, float)) or value is None:
        shown = number_text(value) if isinstance(value, int) else json.dumps(value)
        return shown if len(shown) <= _QUOTED else shown[:_QUOTED] + "…"
    return _called(value)


def _called(value: object) -> str:
    names = {bool: "yes/no", str: "text", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "an object")
