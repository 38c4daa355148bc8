"""The window of time that GoToAssist Remote Support's lists are asked for (sheet goto 2.4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from tui.model.lazy_dataclass import dataclass
from tui.model.problem import UsageProblem
from tui.model.text import line
from tui.providers.base import QueryField
from tui.providers.forms import meant

_START, _END = "fromTime", "toTime"
_WHEN: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9Zz:.+-]{4,30})?"

# `sessionType` is documented too, with one value: it is always sent.
QUERY: Final = (
    QueryField(
        _START, "sessions from then on: RFC 3339 such as 2026-01-05T12:00:00Z; see --since", _WHEN
    ),
    QueryField(_END, "sessions until then: RFC 3339; see --until", _WHEN),
)
_FIELDS: Final = {field.name: field for field in QUERY}


@dataclass(frozen=True, slots=True)
class Window:
    """The bounds that a query names, aware UTC."""

    since: datetime | None = None
    until: datetime | None = None


def asked(query: Sequence[tuple[str, str]]) -> Window:
    """The window of a query. Raises `UsageProblem` for a name or value that the vendor does not document."""
    given = {name: _moment(name, value) for name, value in query}
    return Window(given.get(_START), given.get(_END))


def _moment(name: str, value: str) -> datetime:
    if name not in _FIELDS:
        raise UsageProblem(
            f"{line(name, 40)} is not taken by this listing: {meant(name, [*_FIELDS])}"
        )
    try:
        if re.fullmatch(_WHEN, value):
            when = datetime.fromisoformat(value.upper())
            return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise UsageProblem(f"{name}: there is no such time as {line(value, 40)}")


def query(since: datetime, until: datetime) -> list[tuple[str, str]]:
    """The window as it travels: whole seconds, never narrower than it was asked for."""
    return [(_START, _floor(since)), (_END, _ceiling(until))]


def _floor(when: datetime) -> str:
    """Whole seconds and `Z`: fractions seem to be rejected (sheet goto 2)."""
    return when.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _ceiling(when: datetime) -> str:
    return _floor(when + timedelta(seconds=1) if when.microsecond else when)
