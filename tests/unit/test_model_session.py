"""Sessions: their key, their beginning, their waits and ages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tui.model.session import Key, Session, age_seconds, wait_seconds
from tui.model.status import Status
from tui.model.text import Opaque

NOW = datetime(2025, 3, 3, 12, 0, tzinfo=UTC)


def session(status: Status = Status.WAITING, **times: datetime | None) -> Session:
    return Session(profile="one", provider="fake", id=Opaque("a"), status=status, **times)  # type: ignore[arg-type]


def test_a_session_is_known_by_profile_and_id() -> None:
    assert session().key == Key("one", Opaque("a"))
    assert len({session().key, session(Status.ACTIVE).key}) == 1


def test_a_session_began_at_the_first_time_that_the_vendor_gives() -> None:
    created, started = NOW - timedelta(minutes=9), NOW - timedelta(minutes=4)
    assert session(created_at=created, started_at=started).began == created
    assert session(started_at=started).began == started
    assert session(joined_at=NOW).began is None


@pytest.mark.parametrize("status", list(Status))
def test_only_who_is_not_helped_yet_waits(status: Status) -> None:
    waited = wait_seconds(session(status, created_at=NOW - timedelta(minutes=6)), NOW)
    waits = status in (Status.WAITING, Status.NOT_STARTED)
    assert waited == (360.0 if waits else None)


def test_no_time_no_age_and_never_a_negative_one() -> None:
    assert age_seconds(session(), NOW) is None
    assert wait_seconds(session(), NOW) is None
    ahead = session(created_at=NOW + timedelta(minutes=1))
    assert age_seconds(ahead, NOW) == 0.0
    assert wait_seconds(ahead, NOW) == 0.0
    assert age_seconds(session(Status.ENDED, created_at=NOW - timedelta(hours=1)), NOW) == 3600.0


def test_an_unknown_state_is_never_counted_as_ended() -> None:
    assert Status.UNKNOWN.live
    assert [status for status in Status if not status.live] == [
        Status.ENDED,
        Status.ABANDONED,
        Status.FAILED,
    ]
    assert sorted(Status, key=lambda status: status.rank)[0] is Status.WAITING
    assert len({status.glyph() for status in Status}) == len(Status)
    assert all(status.glyph(ascii_only=True).isascii() for status in Status)


def test_a_session_cannot_be_changed_in_place() -> None:
    with pytest.raises(AttributeError):
        session().status = Status.ENDED  # type: ignore[misc]
    assert msgspec.structs.replace(session(), status=Status.ENDED).status is Status.ENDED
