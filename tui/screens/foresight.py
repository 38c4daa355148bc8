"""What an action would come to, in words, before anything is sent."""

from __future__ import annotations

from datetime import datetime

from tui.model.form import Values
from tui.model.problem import UsageProblem
from tui.model.session import Session
from tui.model.text import Clean, line
from tui.providers.base import Action, Preview
from tui.screens.desk import Desk


def foreseen(desk: Desk, session: Session, action: Action, values: Values) -> Clean | None:
    """A sentence's end such as "would end at 14:32 instead of 14:02"; None where the provider foresees nothing.

    Raises `UsageProblem` for values that cannot be.
    """
    if action.foresee is None:
        return None
    preview = action.foresee(session, values, desk.clock.now())
    ends = _ends(desk, preview)
    return line(": ".join(part for part in (ends, preview.words) if part), 400) or None


def try_foreseen(desk: Desk, session: Session, action: Action, values: Values) -> Clean | None:
    """As `foreseen`, with what cannot be in words."""
    try:
        return foreseen(desk, session, action, values)
    except UsageProblem as problem:
        return problem.message


def _ends(desk: Desk, preview: Preview) -> str:
    ends, before = preview.ends, preview.instead_of
    if ends is None:
        return ""
    now = desk.clock.now()
    if before is None:
        return f"would end at {_moment(desk, ends, now)}; no end is known now"
    if before == ends:
        return f"would still end at {_moment(desk, ends, now)}"
    seconds = _to_minute(ends) == _to_minute(before)
    told = f"would end at {_moment(desk, ends, now, seconds)}"
    over = ", which is over" if before <= now else ""
    return f"{told} instead of {_moment(desk, before, now, seconds)}{over}"


def _to_minute(when: datetime) -> datetime:
    return when.replace(second=0, microsecond=0)


def _moment(desk: Desk, when: datetime, now: datetime, seconds: bool = False) -> str:
    """The operator's wall clock; with the date on another day."""
    local, today = desk.local(when), desk.local(now).date()
    clock = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    return clock if local.date() == today else f"{local:%Y-%m-%d} {clock}"
