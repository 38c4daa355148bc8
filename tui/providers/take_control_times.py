"""Take Control's times: wall-clock text without a zone, in a zone that the vendor does not document.

The profile says which zone it is (sheet take control 4.5: "make it configurable"). The bounds of a listing are
documented as exclusive ("higher than", "lower than"), so they are asked one second wider.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

from tui.model.problem import ConfigProblem
from tui.providers.values import instant

DEFAULT_ZONE: Final = "UTC"
_SECOND: Final = timedelta(seconds=1)
# No change of summer time takes back more than this.
_LOST: Final = timedelta(hours=3)
_FIRST: Final = datetime(1971, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9990, 1, 1, tzinfo=UTC)
_NEVER: Final = "0000-00-00"
_DATED: Final = re.compile(r"\d{4}-\d{2}-\d{2}.*", re.ASCII)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?", re.ASCII)


def zone(name: str) -> tzinfo:
    """The zone of an IANA name. Raises `ConfigProblem` when there is none of that name on this machine."""
    if name.upper() == DEFAULT_ZONE:
        return UTC  # also where no zone files are installed
    try:
        from zoneinfo import ZoneInfo

        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ConfigProblem(
            f"time_zone is {name}: this machine knows no such zone (one is Europe/Lisbon, another UTC)"
        ) from None


def moment(text: str | None, where: tzinfo, *, after: datetime | None = None) -> datetime | None:
    """`YYYY-MM-DD HH:MM:SS` and its like as aware UTC; None for an empty or an unreadable one.

    An hour that occurs twice is taken as the first of both, unless that is before `after`. One that is skipped
    is read as if the clocks had not been changed. A zone in the text goes before the profile's.
    """
    given = (text or "").strip()
    if not given or given.startswith(_NEVER):
        return None
    if not _DATED.fullmatch(given):
        return instant(given) if given.isascii() and given.isdigit() else None
    try:
        when = datetime.fromisoformat(given)
        if when.tzinfo is not None:
            return when.astimezone(UTC)
        first = when.replace(tzinfo=where).astimezone(UTC)
        if after is not None and first < after:
            second = when.replace(tzinfo=where, fold=1).astimezone(UTC)
            return second if second >= after else first
        return first
    except (ValueError, OverflowError):
        return None


def is_nothing(text: str | None) -> bool:
    """Whether a time is how this vendor may write "none yet"."""
    given = (text or "").strip()
    return not given or given.startswith(_NEVER)


def clock_time(text: str, where: tzinfo, start: datetime | None) -> datetime | None:
    """A time of day alone, such as a chat may hold: on the day the session started, or past its midnight."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None or start is None:
        return None
    try:
        at = time(int(found[1]), int(found[2]), int(found[3] or 0))
        when = datetime.combine(start.astimezone(where).date(), at, where).astimezone(UTC)
        return when if when >= start - timedelta(minutes=5) else when + timedelta(days=1)
    except (ValueError, OverflowError):
        return None


def window(since: datetime | None, until: datetime | None, where: tzinfo) -> dict[str, str]:
    """The filters that show every session that started between the two, both included (sheet 4.5).

    Wider by what the clocks are put back meanwhile, so that no session is missed: the hour that occurs twice
    has the same text both times.
    """
    filters = {}
    if since is not None:
        filters["FILTER_DATE_START_INI"] = _text(_earliest(max(since, _FIRST), where) - _SECOND)
    if until is not None:
        filters["FILTER_DATE_START_END"] = _text(_latest(min(until, _LAST), where) + _SECOND)
    return filters


def _earliest(since: datetime, where: tzinfo) -> datetime:
    now, soon = since.astimezone(where), (since + _LOST).astimezone(where)
    return now.replace(tzinfo=None) - max(timedelta(), _ahead(now) - _ahead(soon))


def _latest(until: datetime, where: tzinfo) -> datetime:
    now, before = until.astimezone(where), (until - _LOST).astimezone(where)
    return now.replace(tzinfo=None) + max(timedelta(), _ahead(before) - _ahead(now))


def _ahead(when: datetime) -> timedelta:
    return when.utcoffset() or timedelta()


def _text(when: datetime) -> str:
    return when.replace(microsecond=0).isoformat(" ")
