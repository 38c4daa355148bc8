"""Seeit's rows: the sheet's sample, its states, and every reading that the vendor's document leaves open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.providers.samples import row
from tests.providers.seeit_samples import BARE, SESSION, START, UUID, ZIP
from tui.model.session import NO_LINKS, Links, Session
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.providers.base import Decoded
from tui.providers.seeit_rows import is_cut, millis, session, spoken_key

CREATED = datetime(2015, 12, 13, 9, 46, 40, tzinfo=UTC)
EXPIRES = datetime(2015, 12, 16, 9, 58, 10, tzinfo=UTC)
TIMES = (
    "sessionCreateTime",
    "sessionStartTime",
    "sessionJoinTime",
    "sessionEndTime",
    "sessionDataDownloadUrlExpiration",
)


def decoded(
    sample: dict[str, Any] = SESSION, me: str | None = None, now: datetime = CREATED, **changes: Any
) -> Decoded:
    return session(row({**sample, **changes}), "desk", me, now)


def read(sample: dict[str, Any] = SESSION, me: str | None = None, **changes: Any) -> Session:
    found = decoded(sample, me, **changes).session
    assert found is not None
    return found


def fields(now: datetime = CREATED, **changes: Any) -> dict[str, Any]:
    found = session(row({**SESSION, **changes}), "desk", None, now, full=True).session
    assert found is not None
    assert len(dict(found.fields)) == len(found.fields)
    return dict(found.fields)


def test_the_sheets_own_sample() -> None:
    assert decoded().drift == ()
    assert read() == Session(
        profile="desk",
        provider="goto-seeit",
        id=UUID,
        status=Status.ENDED,
        provider_status=line("FINISHED"),
        subject=line("key 123-456-789"),
        agent=line("tech@example.com"),
        created_at=CREATED,
        started_at=CREATED + timedelta(seconds=30),
        joined_at=CREATED + timedelta(seconds=90),
        ended_at=CREATED + timedelta(seconds=690),
        expires_at=EXPIRES,
        links=Links(data=Opaque(ZIP)),
    )


def test_only_what_is_required() -> None:
    assert decoded(BARE).drift == ()
    assert read(BARE) == Session(
        profile="desk",
        provider="goto-seeit",
        id=UUID,
        status=Status.NOT_STARTED,
        provider_status=line("CREATED"),
        subject=line("key 123-456-789"),
        created_at=CREATED,
    )
    assert read(BARE).links is NO_LINKS


@pytest.mark.parametrize(
    ("word", "joined", "status"),
    [
        ("CREATED", None, Status.NOT_STARTED),
        ("STARTED", None, Status.WAITING),
        ("JOINED", 1450000090000, Status.ACTIVE),
        ("FINISHED", 1450000090000, Status.ENDED),
        ("FINISHED", None, Status.ABANDONED),
        ("FINISHED", 0, Status.ABANDONED),
        ("FINISHED", "", Status.ABANDONED),
        ("finished", 1450000090000, Status.ENDED),
        ("PAUSED", 1450000090000, Status.UNKNOWN),
        (None, None, Status.UNKNOWN),
        (7, None, Status.UNKNOWN),
    ],
)
def test_states(word: object, joined: object, status: Status) -> None:
    found = read(sessionStatus=word, sessionJoinTime=joined)
    assert found.status is status
    assert found.provider_status == line(word)


def test_a_finished_session_without_the_field_was_never_joined() -> None:
    rest = {name: value for name, value in SESSION.items() if name != "sessionJoinTime"}
    assert read(rest).status is Status.ABANDONED


def test_a_join_time_that_cannot_be_read_is_still_a_join() -> None:
    found = decoded(sessionJoinTime="a while ago")
    assert found.drift == ('sessionJoinTime is not a time in milliseconds: "a while ago"',)
    assert found.session is not None
    assert (found.session.status, found.session.joined_at) == (Status.ENDED, None)
    assert read(sessionStatus="STARTED", sessionJoinTime="x").status is Status.WAITING


@pytest.mark.parametrize("name", [*TIMES, "technicianEmail", "startUrl", "sessionDataDownloadUrl"])
def test_absent_and_null_are_the_same(name: str) -> None:
    gone = {key: value for key, value in SESSION.items() if key != name}
    null = {**SESSION, name: None}
    assert decoded(gone).session == decoded(null).session
    assert decoded(gone).drift == decoded(null).drift == ()


@pytest.mark.parametrize("nothing", [0, 0.0, -1, "0", ""])
def test_a_time_of_zero_is_no_time(nothing: object) -> None:
    found = decoded({**SESSION, **dict.fromkeys(TIMES[1:], nothing)})
    assert found.drift == ()
    assert found.session is not None
    times = (found.session.started_at, found.session.ended_at, found.session.expires_at)
    assert times == (None, None, None)


@pytest.mark.parametrize(
    "told", [1450000000000, "1450000000000", 1450000000000.0, 1450000000, "2015-12-13T09:46:40Z"]
)
def test_times_that_mean_the_same(told: object) -> None:
    found = decoded(sessionCreateTime=told)
    assert found.drift == ()
    assert found.session is not None
    assert found.session.created_at == CREATED


def test_milliseconds_are_kept() -> None:
    created = read(sessionCreateTime=1450000000001).created_at
    assert created == CREATED + timedelta(milliseconds=1)
    assert millis(CREATED + timedelta(microseconds=1999)) == 1450000000001


@pytest.mark.parametrize("told", [42, 10**14, True, [], {"at": 1}, "soon", 10**30, 1e300])
def test_what_is_no_time_costs_one_field(told: object) -> None:
    found = decoded(sessionEndTime=told)
    assert len(found.drift) == 1
    assert found.drift[0].startswith("sessionEndTime is not a time in milliseconds: ")
    assert found.session is not None
    assert found.session.ended_at is None
    assert found.session.created_at == CREATED


def test_without_a_uuid_the_row_is_set_aside() -> None:
    ids: tuple[object, ...] = (None, "", [], True)
    for nothing in ids:
        assert decoded(uuid=nothing).session is None
        assert decoded(uuid=nothing).drift[-1] == "the row has no id"


def test_the_support_key_is_never_the_id() -> None:
    first, second = read(), read(uuid="another")
    assert first.subject == second.subject
    assert first.key != second.key


@pytest.mark.parametrize(
    ("told", "spoken"),
    [
        ("123-456-789", "123-456-789"),
        ("123456789", "123-456-789"),
        (123456789, "123-456-789"),
        ("123 456 789", "123-456-789"),
        ("12345678", "12345678"),  # a lost zero is not made up
        ("ABC-1", "ABC-1"),
        ("", None),
        (None, None),
    ],
)
def test_the_key_is_grouped_for_reading_aloud(told: str | int | None, spoken: str | None) -> None:
    assert spoken_key(told) == spoken
    assert read(supportKey=told).subject == (None if spoken is None else f"key {spoken}")
    if spoken is not None:
        assert fields(supportKey=told)["supportKey"] == spoken


def test_the_agent_goes_by_the_name_that_me_uses() -> None:
    assert read(me="TECH@example.com").agent == "TECH@example.com"
    assert read(me="somebody").agent == "tech@example.com"
    assert read(technicianEmail=None).agent is None


def test_the_start_url_is_a_link_only_while_it_works() -> None:
    for word in ("CREATED", "STARTED", "JOINED"):
        assert read(sessionStatus=word, startUrl=START).links.start == START
        assert "startUrl" not in fields(sessionStatus=word, startUrl=START)
    assert read(startUrl=START).links.start is None
    ended = fields(startUrl=START)
    assert ended["startUrl"] == START
    assert "no longer valid" in ended["about startUrl"]


@pytest.mark.parametrize("name", ["startUrl", "sessionDataDownloadUrl"])
def test_a_link_that_is_no_web_address_is_drift(name: str) -> None:
    live = {**SESSION, "sessionStatus": "JOINED"}
    assert decoded({**live, name: "javascript:1"}).drift == (f"{name} is not a web address: text",)
    assert decoded({**live, name: ""}).drift == ()


def test_the_fields_carry_the_rest() -> None:
    assert fields() == {
        "supportKey": "123-456-789",
        "about supportKey": "it may be used again for another session; the id never is",
        "sessionRecorded": True,
        "sessionNotes": "replaced filter",
        "sessionDataStatus": "AVAILABLE",
        "sessionDataSize": 482133,
        "sessionDataPhotoCount": 3,
        "sessionDataPhotoNotesCount": 1,
        "about sessionData": "a zip of photos, notes and recording; "
        "it can be downloaded until 2015-12-16 09:58 UTC",
    }
    assert read().fields == ()


def test_an_expired_download_is_said_to_be() -> None:
    assert fields(now=EXPIRES - timedelta(milliseconds=1))["about sessionData"].startswith("a zip")
    about = fields(now=EXPIRES)["about sessionData"]
    assert about == "expired: it could be downloaded until 2015-12-16 09:58 UTC"
    assert "does not say" in fields(sessionDataDownloadUrlExpiration=None)["about sessionData"]
    gone = fields(sessionDataDownloadUrl=None, sessionDataDownloadUrlExpiration=None)
    assert "about sessionData" not in gone


@pytest.mark.parametrize(
    ("notes", "cut"),
    [("x" * 999, False), ("x" * 1000, True), ("\U0001f527" * 500, True), ("\u00e9" * 999, False)],
)
def test_notes_that_the_vendor_may_have_cut_are_labelled(notes: str, cut: bool) -> None:
    assert is_cut(notes) is cut
    found = fields(sessionNotes=notes)
    assert found["sessionNotes"] == notes
    assert ("about sessionNotes" in found) is cut


def test_half_a_character_at_the_cut_costs_nothing_else() -> None:
    raw = row({**SESSION, "sessionNotes": "x" * 999 + "\ud83d"})
    found = session(raw, "desk", None, CREATED, full=True)
    assert found.drift == ()
    assert found.session is not None
    told: dict[str, Any] = dict(found.session.fields)
    assert told["sessionNotes"] == "x" * 999 + "\N{REPLACEMENT CHARACTER}"
    assert "1000" in told["about sessionNotes"]


def test_hostile_text_is_cleaned_everywhere() -> None:
    nasty = "\x1b]0;owned\x07\u202e"
    found = read(supportKey=nasty, technicianEmail=nasty, sessionStatus=nasty)
    for text in (found.subject, found.agent, found.provider_status):
        assert text is not None
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "\x1b" not in fields(supportKey=nasty)["supportKey"]
