"""Wall-clock times in a profile's zone: read, and asked for so that no session is missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.providers.take_control_samples import RECORD, session
from tui.model.problem import ConfigProblem
from tui.providers.take_control_times import clock_time, moment, window, zone

LONDON = zone("Europe/London")
# Naive, as hypothesis wants its bounds.
FIRST, LAST = datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2027-12-31")
ZONES = ["UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-01-05 10:00:00", "2026-01-05 10:00:00"),
        ("2026-07-05 10:00:00", "2026-07-05 09:00:00"),
        ("2026-07-05", "2026-07-04 23:00:00"),
        ("2026-07-05T10:00:00Z", "2026-07-05 10:00:00"),
        ("2026-07-05 10:00:00+05:30", "2026-07-05 04:30:00"),
        (" 2026-01-05 10:00:00 ", "2026-01-05 10:00:00"),
        ("1767607200", "2026-01-05 10:00:00"),
        ("2026-03-29 01:30:00", "2026-03-29 01:30:00"),  # skipped: the clocks go from 1 to 2
        ("2026-10-25 01:30:00", "2026-10-25 00:30:00"),  # twice: the first of both
    ],
)
def test_times_in_the_profiles_zone(text: str, read: str) -> None:
    assert moment(text, LONDON) == at(read)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " ",
        "0000-00-00 00:00:00",
        "now",
        "2026-13-01 00:00:00",
        "0001-01-01 00:00:00",
        "9999-12-31 23:59:59-23:00",
    ],
)
def test_no_time(text: str | None) -> None:
    assert moment(text, zone("Asia/Kolkata")) is None


def test_an_end_in_the_hour_that_comes_twice_is_not_before_its_start() -> None:
    twice = {**RECORD, "date_start": "2026-10-25 01:50:00", "date_end": "2026-10-25 01:10:00"}
    found = session(twice, "Europe/London")
    assert found.started_at == at("2026-10-25 00:50:00")
    assert found.ended_at == at("2026-10-25 01:10:00")
    backwards = {**RECORD, "date_start": "2026-01-05 10:00:00", "date_end": "2026-01-05 09:00:00"}
    assert session(backwards).ended_at == at("2026-01-05 09:00:00")


@pytest.mark.parametrize("name", ["Europe/Nowhere", "", "Europe", "../etc/passwd", "/etc/passwd"])
def test_an_unknown_zone_is_a_config_problem(name: str) -> None:
    with pytest.raises(ConfigProblem, match="time_zone"):
        zone(name)


def test_the_bounds_are_a_second_wider() -> None:
    asked = window(at("2026-01-05 10:00:00.900"), at("2026-01-05 11:00:00.100"), UTC)
    assert asked == {
        "FILTER_DATE_START_INI": "2026-01-05 09:59:59",
        "FILTER_DATE_START_END": "2026-01-05 11:00:01",
    }
    assert window(None, None, UTC) == {}


def test_the_hour_that_comes_twice_is_asked_for_whole() -> None:
    asked = window(at("2026-10-25 00:50:00"), at("2026-10-25 01:10:00"), LONDON)
    assert asked == {
        "FILTER_DATE_START_INI": "2026-10-25 00:49:59",
        "FILTER_DATE_START_END": "2026-10-25 02:10:01",
    }


@settings(deadline=None)
@given(
    name=st.sampled_from(ZONES),
    since=st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    wide=st.timedeltas(timedelta(), timedelta(days=2)),
    share=st.floats(0, 1),
)
def test_no_session_of_a_window_is_missed(
    name: str, since: datetime, wide: timedelta, share: float
) -> None:
    where = zone(name)
    started = (since + wide * share).replace(microsecond=0)
    if started < since:
        started += timedelta(seconds=1)
    asked = window(since, max(since + wide, started), where)
    text = started.astimezone(where).strftime("%Y-%m-%d %H:%M:%S")
    assert asked["FILTER_DATE_START_INI"] < text < asked["FILTER_DATE_START_END"]


@settings(deadline=None)
@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_any_window_can_be_asked(since: datetime, until: datetime) -> None:
    for name in ZONES:
        assert len(window(since, until, zone(name))) == 2


def test_a_time_of_day_alone_is_on_the_sessions_day() -> None:
    start = at("2026-07-05 22:30:00")  # 23:30 in London
    assert clock_time("23:40", LONDON, start) == at("2026-07-05 22:40:00")
    assert clock_time("00:10:05", LONDON, start) == at("2026-07-05 23:10:05")
    assert clock_time("25:00", LONDON, start) is None
    assert clock_time("soon", LONDON, start) is None
    assert clock_time("23:40", LONDON, None) is None
