"""The operator's zone follows summer time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from tui.model.zone import LocalZone


def test_summer_and_winter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        zone = LocalZone()
        winter = datetime(2026, 1, 5, 12, tzinfo=UTC).astimezone(zone)
        summer = datetime(2026, 7, 5, 12, tzinfo=UTC).astimezone(zone)
        assert (winter.hour, winter.tzname()) == (13, "CET")
        assert (summer.hour, summer.utcoffset()) == (14, timedelta(hours=2))
        assert winter.astimezone(UTC) == datetime(2026, 1, 5, 12, tzinfo=UTC)
        assert summer.astimezone(UTC) == datetime(2026, 7, 5, 12, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()
