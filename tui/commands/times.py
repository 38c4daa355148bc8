"""Times on the command line: RFC 3339 in UTC, dates and ages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from tui.model.problem import UsageProblem

_AGE = re.compile(r"(\d{1,6})([smhdw])", re.ASCII)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_when(text: str, now: datetime, option: str) -> datetime:
    """`90m` ago, `2026-11-23` (its midnight), or a whole RFC 3339 time; UTC where no zone is given.

    Raises `UsageProblem` that names the option.
    """
    try:
        age = _AGE.fullmatch(text)
        if age:
            return now - timedelta(**{_UNITS[age[2]]: int(age[1])})
        when = datetime.fromisoformat(text)
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageProblem(
            f"{option} takes an age such as 90m, 8h or 2d, a date such as 2026-11-23, "
            f"or a time such as 2026-11-23T08:00:00Z; not {text!r}"
        ) from None
