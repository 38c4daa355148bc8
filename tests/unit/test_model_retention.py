"""How long a vendor keeps what is left of a session: said where it is known, never invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tui.commands.show import describe
from tui.model.retention import Retention, kept
from tui.model.session import Links, Session
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.providers import registry
from tui.screens.facts import facts
from tui.widgets.line_list import Line

NOW = datetime(2026, 3, 14, 9, 26, tzinfo=UTC)
DATA = Retention("session data", 72, "sheet")
ROW = Retention("session", 30 * 24, "sheet", at_least=True)
DETAILS = Retention("details", 90 * 24, "sheet", from_end=False)


def ended(hours: float | None, provider: str = "goto-seeit", **more: object) -> Session:
    at = None if hours is None else NOW - timedelta(hours=hours)
    values = {"status": Status.ENDED, "ended_at": at, **more}
    return Session(profile="one", provider=provider, id=Opaque("a"), **values)  # type: ignore[arg-type]


def moment(at: datetime) -> str:
    return f"{at:%d %H:%M}"


@pytest.mark.parametrize(
    ("retention", "hours", "words"),
    [
        (DATA, 1, "kept until 17 08:26"),
        (DATA, 72, "expired: kept until 14 09:26"),
        (DATA, None, "kept 72 hours after the end"),
        (ROW, 24, "kept at least until 12 09:26"),
        (ROW, 31 * 24, "may be gone: kept at least until 13 09:26"),
        (ROW, None, "kept at least 30 days after the end"),
        (DETAILS, 1, "kept 90 days; from when, the vendor does not say"),
    ],
)
def test_what_is_said(retention: Retention, hours: float | None, words: str) -> None:
    assert retention.told(ended(hours), NOW, moment) == words


def test_nothing_runs_out_while_a_session_lives() -> None:
    assert list(kept([DATA], ended(None, status=Status.ACTIVE), NOW, moment)) == []


def test_what_was_never_stored_is_not_kept() -> None:
    data = Retention("photos", 72, "sheet", link="data")
    assert list(kept([data], ended(1), NOW, moment)) == []
    stored = Links(data=Opaque("https://example.com/d.zip"))
    assert len(list(kept([data], ended(1, links=stored), NOW, moment))) == 1


def test_the_vendors_that_document_it_declare_it_and_the_others_do_not() -> None:
    told = {
        name: [(one.what, one.span()) for one in spec.retention]
        for name, spec in registry.SPECS.items()
    }
    assert told == {
        "twilio-proxy": [("session, messages", "90 days")],
        "trinsic-connect": [],
        "goto-seeit": [("session details", "90 days"), ("photos, notes", "72 hours")],
        "goto-remote-support": [("session", "at least 30 days")],
        "take-control": [],
    }


def shown(lines: list[Line]) -> str:
    return "\n".join("".join(part.text for part in one).rstrip() for one in lines)


def detail(session: Session) -> str:
    spec = registry.SPECS[session.provider]
    lines = facts(
        session,
        NOW,
        70,
        zone=UTC,
        provider=line(spec.title),
        ascii_only=False,
        reveal=False,
        retention=spec.retention,
        expires=spec.expires,
    )
    return shown(lines)


def seeit(left: timedelta) -> Session:
    data = Links(data=Opaque("https://example.com/d.zip"))
    return ended(5, expires_at=NOW + left, links=data)


def test_the_detail_says_until_when_data_can_be_had() -> None:
    told = detail(seeit(timedelta(hours=3)))
    assert "data link expires  2026-03-14 12:26:00   in 3h00m" in told
    assert "photos, notes      kept until 2026-03-17 04:26" in told
    assert "session details    kept 90 days; from when, the vendor does not say" in told
    told = detail(seeit(-timedelta(hours=3)))
    assert "data link expired  2026-03-14 06:26:00   3h00m ago" in told


def test_a_session_without_a_documented_retention_shows_none() -> None:
    for provider in ("trinsic-connect", "take-control"):
        assert "Kept by the vendor" not in detail(ended(5, provider))


def test_an_expired_session_is_labelled() -> None:
    told = detail(ended(5, "twilio-proxy", expires_at=NOW - timedelta(hours=1)))
    assert "expired            2026-03-14 08:26:00   1h00m ago\n" in told


def test_show_says_the_same() -> None:
    def told(session: Session) -> str:
        spec = registry.SPECS[session.provider]
        return "\n".join(describe(session, NOW, reveal=False, spec=spec))

    soon = told(seeit(timedelta(hours=3)))
    assert "data link        expires in 3h00m" in soon
    assert "photos, notes    kept until 2026-03-17T04:26:00Z" in soon
    late = told(seeit(-timedelta(hours=3)))
    assert "data link        expired 3h00m ago" in late
    gone = told(ended(91 * 24, "twilio-proxy", expires_at=NOW - timedelta(days=91)))
    assert "session            expired 91d ago" in gone
    assert "session, messages  expired: kept until 2026-03-13T09:26:00Z" in gone
