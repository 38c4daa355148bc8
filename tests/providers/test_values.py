"""Single values: everything the sheets leave open is read, nothing raises."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.providers.values import (
    KINDS,
    instant,
    later,
    link,
    odd,
    oldest_first,
    opaque,
    phone,
    same_name,
)

AT = datetime(2015, 7, 30, 20, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "told",
    [
        "2015-07-30T20:00:00Z",
        "2015-07-30T20:00:00.000Z",
        "2015-07-30T22:00:00+02:00",
        "2015-07-30T14:30:00-0530",
        "2015-07-30T20:00:00",
        " 2015-07-30 20:00:00Z ",
        1438286400,
        1438286400.0,
        1438286400000,
        "1438286400",
        "1438286400000",
    ],
)
def test_one_time_told_in_every_known_way(told: object) -> None:
    assert instant(told) == AT
    assert instant(told).tzinfo is UTC  # type: ignore[union-attr]


def test_milliseconds_are_kept() -> None:
    assert instant("2021-09-18T06:06:12.818Z") == datetime(
        2021, 9, 18, 6, 6, 12, 818_000, tzinfo=UTC
    )
    assert instant(1631945172818) == instant("2021-09-18T06:06:12.818Z")


def test_a_bare_date_is_its_first_moment() -> None:
    assert instant("2016-07-31") == datetime(2016, 7, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    "told",
    [
        42,
        0,
        -1,
        True,
        None,
        "",
        "soon",
        "2015-13-45T99:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "99999-01-01T00:00:00Z",
        1e300,
        float("inf"),
        float("nan"),
        pytest.param(10**5000, id="huge"),
        [],
        {},
        "１４３８２８６４００",
        pytest.param("9" * 5000, id="digits"),
    ],
)
def test_what_is_no_time_is_none_and_never_raises(told: object) -> None:
    assert instant(told) is None


def test_an_expiry_past_the_end_of_the_calendar_is_none() -> None:
    assert later(datetime(9999, 12, 31, tzinfo=UTC), 2**31) is None
    assert later(AT, 3600) == datetime(2015, 7, 30, 21, 0, tzinfo=UTC)
    assert later(AT, 0) is None  # 0: none set (sheet twilio 1.4)


@pytest.mark.parametrize(
    ("identifier", "number"),
    [
        ("+14155551212", "+14155551212"),
        ("whatsapp:+14155551212", "+14155551212"),
        ("messenger:4711", None),
        ("14155551212", None),
        ("+0155551212", None),
        ("+1 415 555 1212", None),
        (None, None),
    ],
)
def test_phones_are_e164_only(identifier: str | None, number: str | None) -> None:
    assert phone(identifier) == number


def test_only_web_addresses_are_links() -> None:
    assert link("HTTPS://a.example/x?y=1") == "HTTPS://a.example/x?y=1"
    for bad in ("javascript:alert(1)", "file:///etc/passwd", "a.example", "", 7, None):
        assert link(bad) is None


def test_ids_are_kept_as_they_came() -> None:
    assert opaque("a/b c\u202e") == "a/b c\u202e"
    assert opaque(87555) == "87555"
    assert opaque("") is None
    assert opaque(0) == "0"


def test_equal_times_keep_the_lists_direction() -> None:
    def ordered(*items: tuple[str, int | None]) -> str:
        minute = {name: None if at is None else AT.replace(minute=at) for name, at in items}
        return "".join(oldest_first([name for name, _ in items], minute.get))

    assert ordered(("a", 1), ("b", 1), ("c", 2)) == "abc"
    assert ordered(("c", 2), ("b", 1), ("a", 1)) == "abc"
    assert ordered(("b", 1), ("a", 1)) == "ab"
    assert ordered(("x", None), ("a", 1)) == "ax"
    assert ordered() == ""


def test_nobody_is_called_like_nobody() -> None:
    assert same_name(" John DOE", "john doe")
    assert not same_name("", "")
    assert not same_name(None, None)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(anything)
def test_no_reader_raises_and_drift_is_one_line(value: object) -> None:
    for kind in KINDS.values():
        kind.read(value)
        assert "\n" not in odd("field", value, kind)


def test_drift_quotes_times_and_never_names_or_links() -> None:
    kinds = {kind.called: kind for kind in KINDS.values()}
    assert odd("date_created", 42, kinds["a time"]) == "date_created is not a time: 42"
    assert odd("customerName", ["Ana"], kinds["text"]) == "customerName is not text: a list"
    told = odd("customerJoinUrl", "ftp://x/secret", kinds["a web address"])
    assert told == "customerJoinUrl is not a web address: text"
