"""Twilio's rows: the vendor's own samples, its states, and everything it leaves open."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.providers.samples import SERVICE, SESSION, TWILIO_PARTICIPANT, TWILIO_SESSION, row
from tui.model.session import Session
from tui.model.status import Status
from tui.providers.base import Decoded
from tui.providers.twilio_rows import people, session, with_people

EIGHT = datetime(2015, 7, 30, 20, 0, tzinfo=UTC)


def decoded(**changes: Any) -> Decoded:
    return session(row({**TWILIO_SESSION, **changes}), "desk")


def read(**changes: Any) -> Session:
    found = decoded(**changes).session
    assert found is not None
    return found


def test_the_vendors_own_sample() -> None:
    assert decoded().drift == ()
    assert read() == Session(
        profile="desk",
        provider="twilio-proxy",
        id=SESSION,
        status=Status.WAITING,
        provider_status="open",  # type: ignore[arg-type]
        kind="voice-and-message",  # type: ignore[arg-type]
        subject="Order #1234",  # type: ignore[arg-type]
        created_at=EIGHT,
        started_at=EIGHT,
        ended_at=EIGHT,
        updated_at=EIGHT,
        expires_at=EIGHT,
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("open", Status.WAITING),
        ("in-progress", Status.ACTIVE),
        ("closed", Status.ENDED),
        ("failed", Status.FAILED),
        ("unknown", Status.UNKNOWN),
        ("in-progess", Status.UNKNOWN),
        ("paused \x1b[31m", Status.UNKNOWN),
        ("", Status.UNKNOWN),
    ],
)
def test_states_and_the_vendors_own_word(word: str, status: Status) -> None:
    found = read(status=word)
    assert found.status is status
    assert found.provider_status == word.replace("\x1b", "␛")
    assert decoded(status=word).drift == ()


def test_every_documented_null_is_nothing_and_no_drift() -> None:
    nulls = {name: None for name in TWILIO_SESSION if name != "sid"}
    found = read(**nulls)
    assert decoded(**nulls).drift == ()
    assert found == Session(
        profile="desk", provider="twilio-proxy", id=SESSION, status=Status.UNKNOWN
    )
    assert session(row({"sid": SESSION}), "desk").session == found


@pytest.mark.parametrize(
    ("fields", "minutes"),
    [
        ({"date_expiry": "2015-07-30T20:30:00Z"}, 30),
        ({"date_expiry": None}, 60),
        ({"date_expiry": None, "date_last_interaction": "2015-07-30T20:10:00Z"}, 70),
        ({"date_expiry": None, "date_last_interaction": None}, 60),
        ({"date_expiry": None, "ttl": 0}, None),
    ],
)
def test_expiry(fields: dict[str, Any], minutes: int | None) -> None:
    expected = None if minutes is None else EIGHT.replace(hour=20 + minutes // 60)
    if expected is not None and minutes is not None:
        expected = expected.replace(minute=minutes % 60)
    assert read(**fields).expires_at == expected


@pytest.mark.parametrize("ttl", [2**31 + 1, 10**30, -5, "soon", 1.5, True, [3600]])
def test_a_strange_time_to_live_is_drift(ttl: object) -> None:
    found = decoded(ttl=ttl, date_expiry=None)
    assert found.session is not None
    assert found.session.expires_at is None
    assert len(found.drift) == 1
    assert found.drift[0].startswith("ttl is not a number of seconds: ")


def test_a_time_to_live_that_ends_after_the_calendar() -> None:
    late = {"date_created": "9999-12-31T00:00:00Z", "date_last_interaction": None}
    assert read(**late, date_expiry=None, ttl=2**31).expires_at is None


def test_a_bad_field_is_absent_and_counted_and_the_rest_is_there() -> None:
    found = decoded(date_created=42, unique_name=["Ana"], date_started="2015-07-30T20:00:00.000Z")
    assert found.drift == ("unique_name is not text: a list", "date_created is not a time: 42")
    assert found.session is not None
    assert found.session.created_at is None
    assert found.session.started_at == EIGHT
    assert found.session.status is Status.WAITING


@pytest.mark.parametrize("when", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_the_ends_of_the_calendar_are_drift(when: str) -> None:
    found = decoded(date_created=when)
    assert found.session is not None
    assert found.session.created_at is None
    assert found.drift[0].startswith("date_created is not a time")


def test_offsets_become_utc() -> None:
    when = read(date_created="2015-07-30T22:00:00+02:00").created_at
    assert when == EIGHT
    assert when.tzinfo is UTC


@pytest.mark.parametrize("sid", [None, "", [], {}, True, "\ud800"])
def test_only_a_row_without_an_id_is_set_aside(sid: object) -> None:
    found = decoded(sid=sid)
    assert found.session is None
    assert found.drift[-1] == "the row has no id"


@pytest.mark.parametrize("raw", [b"", b"null", b"7", b"[]", b'"x"', b"{", b"\xff", b"[" * 9999])
def test_what_is_no_row_is_set_aside(raw: bytes) -> None:
    assert session(raw, "desk", full=True) == Decoded(None, ("the row is not a JSON object",))  # type: ignore[arg-type]


def test_a_numeric_id_is_taken() -> None:
    assert read(sid=87555).id == "87555"


def test_names_reach_the_board_clean() -> None:
    found = read(unique_name="Ana\x1b]0;x\x07\u202e\nLindqvist")
    assert found.subject == "Ana␛]0;x␇ Lindqvist"
    assert read(unique_name="\u200b \u202e").subject is None


def test_listed_rows_carry_no_other_fields() -> None:
    assert read().fields == ()


def test_full_rows_carry_the_vendors_other_fields() -> None:
    found = session(row({**TWILIO_SESSION, "new_thing": True}), "desk", full=True).session
    assert found is not None
    fields = dict(found.fields)
    assert list(fields) == [
        "service_sid",
        "date_last_interaction",
        "ttl",
        "closed_reason",
        "account_sid",
        "url",
        "links",
        "new_thing",
    ]
    assert fields["service_sid"] == SERVICE  # type: ignore[index]
    assert fields["ttl"] == 3600  # type: ignore[index]
    assert str(fields["links"]).startswith('{"interactions": "https://')  # type: ignore[index]


def test_a_field_that_could_not_be_read_is_told_as_it_came() -> None:
    found = session(row({**TWILIO_SESSION, "date_created": 42}), "desk", full=True).session
    assert found is not None
    assert dict(found.fields)["date_created"] == 42  # type: ignore[index]


def person(sid: str, name: str | None, identifier: str, minute: int, **more: Any) -> bytes:
    changes = {
        "sid": sid,
        "friendly_name": name,
        "identifier": identifier,
        "date_created": f"2015-07-30T20:{minute:02}:00Z",
        "date_deleted": None,
        **more,
    }
    return row({**TWILIO_PARTICIPANT, **changes})


GONE = "2015-07-30T21:00:00Z"
ANA = person("KP1", "Ana Lindqvist", "+14155551212", 1)
BO = person("KP2", "Bo Agent", "+14155553434", 2)


def named(rows: list[bytes], me: str | None = None) -> tuple[str | None, str | None]:
    found = with_people(read(), people(rows, me), me)
    return found.customer, found.agent


def test_the_first_is_the_customer_whatever_the_order_of_the_list() -> None:
    assert named([BO, ANA]) == ("Ana Lindqvist", "Bo Agent")
    assert with_people(read(), people([BO, ANA], None), None).customer_phone == "+14155551212"


def test_of_two_added_at_once_the_later_in_the_list_is_the_first() -> None:
    both = [person("KP2", "Bo Agent", "+14155553434", 1), ANA]
    assert named(both) == ("Ana Lindqvist", "Bo Agent")


def test_me_is_the_agent_even_when_first() -> None:
    assert named([ANA, BO], me="ana lindqvist") == ("Bo Agent", "ana lindqvist")
    assert named([ANA, BO], me="+14155551212") == ("Bo Agent", "+14155551212")
    assert named([ANA, BO], me="bo agent") == ("Ana Lindqvist", "bo agent")
    assert named([ANA, BO], me="somebody else") == ("Ana Lindqvist", "Bo Agent")
    assert named([ANA], me="Ana Lindqvist") == (None, "Ana Lindqvist")


def test_nobody_and_one() -> None:
    assert named([]) == (None, None)
    assert named([ANA]) == ("Ana Lindqvist", None)


def test_without_a_friendly_name_the_identifier_is_the_name() -> None:
    channel = person("KP1", "", "messenger:4711", 1)
    found = with_people(read(), people([channel], None), None)
    assert (found.customer, found.customer_phone) == ("messenger:4711", None)


def test_removed_participants_give_way_to_present_ones() -> None:
    gone = person("KP0", "Gone Gunnar", "+14155550000", 0, date_deleted=GONE)
    assert named([gone, ANA, BO]) == ("Ana Lindqvist", "Bo Agent")
    assert len(people([gone, ANA, BO], None).everyone) == 3


def test_removed_participants_still_say_who_was_who() -> None:
    gone_ana = person("KP1", "Ana Lindqvist", "+14155551212", 1, date_deleted=GONE)
    gone_bo = person("KP2", "Bo Agent", "+14155553434", 2, date_deleted=GONE)
    assert named([gone_ana, BO]) == ("Ana Lindqvist", "Bo Agent")
    assert named([gone_ana, gone_bo]) == ("Ana Lindqvist", "Bo Agent")


def test_hostile_participants_do_not_raise() -> None:
    odd = row({"sid": 7, "friendly_name": ["x"], "date_created": "never", "identifier": 4711})
    assert named([b"null", b"\xff", odd]) == ("4711", None)
