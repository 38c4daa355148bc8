"""What extending, and setting the time to live, would come to, before anything is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tui.model.problem import UsageProblem
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Opaque
from tui.providers import registry
from tui.providers.base import Preview
from tui.providers.twilio_expiry import foresee_extend, foresee_ttl, new_expiry

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def session(expires: datetime | None) -> Session:
    return Session(
        profile="p",
        provider="twilio-proxy",
        id=Opaque("KC1"),
        status=Status.ACTIVE,
        expires_at=expires,
    )


@pytest.mark.parametrize("minutes", [-30, 0, 30, None])
def test_the_preview_of_an_extension_is_what_will_be_sent(minutes: int | None) -> None:
    expires = None if minutes is None else NOON + timedelta(minutes=minutes)
    known = session(expires)
    preview = foresee_extend(known, {"by": 1800}, NOON)
    assert preview == Preview(new_expiry(known, 1800, NOON), expires)
    assert preview.ends == max(NOON, expires or NOON) + timedelta(minutes=30)


def test_a_fixed_end_goes_before_a_time_to_live() -> None:
    ends = NOON + timedelta(hours=2)
    preview = foresee_ttl(session(ends), {"ttl": 5400}, NOON)
    assert (preview.ends, preview.instead_of) == (ends, ends)
    assert preview.words == "its fixed end goes before the 1h30m"


@pytest.mark.parametrize("expires", [None, NOON - timedelta(hours=1)])
def test_no_end_is_made_up_for_a_time_to_live(expires: datetime | None) -> None:
    preview = foresee_ttl(session(expires), {"ttl": 5400}, NOON)
    assert preview.ends is None
    assert "1h30m after its creation or last interaction" in preview.words


def test_what_cannot_be_is_refused_in_words() -> None:
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    with pytest.raises(UsageProblem, match="too large"):
        foresee_extend(session(last), {"by": 60}, NOON)
    with pytest.raises(UsageProblem, match="by is needed"):
        foresee_extend(session(None), {}, NOON)


def test_what_cannot_be_undone_is_declared_so() -> None:
    """The words of the effect and the flag that asks for more than one key must not part ways."""
    for spec in registry.SPECS.values():
        for action in spec.actions:
            assert action.final == ("cannot be undone" in action.effect), action.id
            assert not action.removes or action.final
        assert sum(action.ends for action in spec.actions) <= 1
