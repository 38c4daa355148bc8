"""When a session at Twilio Proxy ends, after an action that changes it (sheet twilio 1.3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.model.form import Values
from tui.model.problem import UsageProblem
from tui.model.session import Session
from tui.model.text import line
from tui.providers.base import Preview
from tui.providers.forms import duration_text


def new_expiry(session: Session, by: int, now: datetime) -> datetime:
    """When a session will end that is extended by `by` seconds: counted from its expiry, or from now if that is
    over or unknown. Whole seconds, as it is sent. Raises `UsageProblem` past the end of the calendar."""
    start = max(now, session.expires_at or now)
    try:
        ends = start + timedelta(seconds=by)
        return ends if not ends.microsecond else ends.replace(microsecond=0) + timedelta(seconds=1)
    except OverflowError:
        raise UsageProblem("by is too large: the calendar ends before") from None


def foresee_extend(session: Session, values: Values, now: datetime) -> Preview:
    """The new end beside the present one. Raises as `new_expiry`."""
    return Preview(new_expiry(session, whole(values, "by"), now), session.expires_at)


def foresee_ttl(session: Session, values: Values, now: datetime) -> Preview:
    """A fixed end goes before the time to live: then nothing moves. Which interaction is the last one is not known
    here, so that no time is told otherwise."""
    after = duration_text(whole(values, "ttl"))
    if session.expires_at is not None and session.expires_at > now:
        words = f"its fixed end goes before the {after}"
        return Preview(session.expires_at, session.expires_at, line(words))
    words = f"it would end {after} after its creation or last interaction, whichever is later"
    return Preview(words=line(words))


def whole(values: Values, name: str) -> int:
    """A form's whole number. Raises `UsageProblem` without it."""
    value = values.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise UsageProblem(f"{name} is needed")
    return value
