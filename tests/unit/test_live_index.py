"""The worker's memory: digests, people, what is missed and what comes too late."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import msgspec

from tui.live.entry import newest
from tui.live.index import Index
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Clean, Opaque, line
from tui.providers.base import Decoded

NOW = datetime(2025, 3, 3, 12, 0, tzinfo=UTC)
CUTOFF = NOW - timedelta(hours=24)


def decode(row: bytes) -> Decoded:
    data = json.loads(row)
    if "id" not in data:
        return Decoded(None)
    at = datetime.fromisoformat(data["at"]) if "at" in data else NOW
    session = Session(
        profile="one",
        provider="fake",
        id=Opaque(data["id"]),
        status=Status(data.get("status", "waiting")),
        subject=line(data.get("subject", "")),
        updated_at=at,
    )
    return Decoded(session, (line("odd"),) if "odd" in data else ())


def row(ref: str = "a", **fields: object) -> bytes:
    return json.dumps({"id": ref, **fields}).encode()


def take(index: Index, *rows: bytes, as_of: float = 1.0, seen: int = 1) -> list[Session]:
    taken = index.take_rows(
        rows, decode, as_of=as_of, seen=seen, cutoff=CUTOFF, wants=lambda session: True
    )
    return taken.changed


def read(index: Index, raw: bytes, as_of: float) -> Session | None:
    session = decode(raw).session
    assert session is not None
    return index.take_reading(raw, session, drifted=False, as_of=as_of, wants=lambda _: True)


def finish(index: Index, number: int, held: frozenset[Opaque] = frozenset()) -> list[Opaque]:
    return list(index.finish(number, expected=lambda _: True, cutoff=CUTOFF, held=held))


def test_a_listing_that_left_before_a_reading_came_does_not_undo_it() -> None:
    index = Index()
    take(index, row(), as_of=1.0)
    assert read(index, row(status="active"), as_of=5.0) is not None
    assert take(index, row(subject="late"), as_of=4.0) == []
    assert index.entries[Opaque("a")].session.status is Status.ACTIVE
    assert read(index, row(subject="late"), as_of=3.0) is None
    assert len(take(index, row(status="ended"), as_of=6.0)) == 1


def test_bytes_that_were_known_before_a_reading_are_looked_at_again_after_it() -> None:
    index = Index()
    take(index, row(), as_of=1.0)
    read(index, row(status="active"), as_of=2.0)
    (back,) = take(index, row(), as_of=3.0)
    assert back.status is Status.WAITING


def test_a_row_that_is_known_is_seen_and_what_is_known_grows_no_older() -> None:
    index = Index()
    take(index, row(), as_of=5.0, seen=1)
    entry = index.entries[Opaque("a")]
    assert take(index, row(), as_of=3.0, seen=2) == [], (
        "an answer that left earlier, of a later listing"
    )
    assert (entry.as_of, entry.sight.seen) == (5.0, 2)
    assert take(index, row(), as_of=7.0, seen=2) == []
    assert (entry.as_of, entry.sight.seen) == (7.0, 2)


def test_an_equal_reading_is_no_news() -> None:
    index = Index()
    take(index, row(), as_of=1.0)
    assert read(index, row(), as_of=2.0) is None
    assert index.same_reading(Opaque("a"), row(), 3.0)
    assert not index.same_reading(Opaque("a"), row(subject="new"), 3.0)
    assert not index.same_reading(Opaque("b"), row("b"), 3.0)


def test_people_stay_through_new_rows_and_leave_with_new_people() -> None:
    index = Index()
    take(index, row())
    entry = index.entries[Opaque("a")]
    asked = entry.bare()
    known = [entry.people_known]
    named = msgspec.structs.replace(asked, customer=Clean("Ana"), agent=Clean("Bo"))
    told = index.take_people(entry, asked, named)
    assert told is not None
    assert told.customer == "Ana"
    known.append(entry.people_known)
    (updated,) = take(index, row(at=(NOW + timedelta(minutes=1)).isoformat()), as_of=2.0)
    assert (updated.customer, updated.agent) == ("Ana", "Bo")
    known.append(entry.people_known)
    assert known == [False, True, False], "it changed: ask again"
    asked = entry.bare()
    assert asked.customer is None
    told = index.take_people(entry, asked, msgspec.structs.replace(asked, customer=Clean("Ana")))
    assert told is not None
    assert (told.customer, told.agent) == ("Ana", None), "who left the session left the row"
    index.forget(Opaque("a"))
    assert index.take_people(entry, asked, named) is None


def test_two_listings_without_it_and_not_one() -> None:
    index = Index()
    take(index, row("a"), row("b"), seen=1)
    assert finish(index, 1) == []
    take(index, row("b"), seen=2)
    assert finish(index, 2) == []
    take(index, row("b"), seen=3)
    assert finish(index, 3) == ["a"]
    assert set(index.live) == {"b"}


def test_held_sessions_are_kept_whatever_a_listing_shows() -> None:
    index = Index()
    long_ago = (NOW - timedelta(hours=99)).isoformat()
    take(index, row("a"), seen=1)
    read(index, row("old", status="ended", at=long_ago), as_of=1.0)
    held = frozenset({Opaque("a"), Opaque("old")})
    for number in range(2, 9):
        assert finish(index, number, held) == []
    assert set(finish(index, 9)) == {"a", "old"}


def test_what_ended_long_ago_is_dropped_and_its_row_not_read_again() -> None:
    index = Index()
    ended = row("a", status="ended", at=NOW.isoformat())
    take(index, ended, seen=1)
    later = CUTOFF + timedelta(days=3)
    assert list(index.finish(1, expected=lambda _: True, cutoff=later, held=())) == ["a"]
    taken = index.take_rows(
        [ended], decode=refuse, as_of=2.0, seen=2, cutoff=later, wants=lambda _: False
    )
    assert (taken.changed, taken.old, taken.news) == ([], 1, 0)


def refuse(_: bytes) -> Decoded:
    raise AssertionError("these bytes are known")


def test_rows_set_aside_are_counted_once_and_forgotten_with_the_listing() -> None:
    index = Index()
    nameless = b'{"status": "waiting"}'
    take(index, nameless, row("a", odd=1), seen=1)
    take(index, nameless, seen=1)
    assert (index.set_aside, index.drifted) == (1, 1)
    finish(index, 1)
    assert index.set_aside == 1
    take(index, row("a"), seen=2, as_of=2.0)
    finish(index, 2)
    assert (index.set_aside, index.drifted) == (0, 0)


def test_a_forgotten_session_leaves_nothing_behind() -> None:
    index = Index()
    for number in range(100):
        take(index, row("a", subject=str(number), odd=1), as_of=float(number))
    index.forget(Opaque("a"))
    index.forget(Opaque("a"))
    assert (index.entries, index.live, index.drifted, index._by_digest) == ({}, {}, 0, {})


def test_the_newest_time_of_a_session() -> None:
    session = decode(row()).session
    assert session is not None
    later = NOW + timedelta(hours=1)
    assert newest(session) == NOW
    assert newest(msgspec.structs.replace(session, ended_at=later)) == later
    assert newest(msgspec.structs.replace(session, updated_at=None)) is None
