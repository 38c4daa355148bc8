"""The board: what a batch changes, and only that. And the ring of requests beside it."""

from __future__ import annotations

from collections.abc import Set
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from tests.unit.test_live_mailbox import exchange, key, session
from tui.live.board import Board, Sessions
from tui.live.log import EventLog
from tui.live.messages import Batch, Health, HealthState
from tui.model.session import Key
from tui.model.status import Status
from tui.model.text import line
from tui.net.exchange import Exchange

OK = Health("one", "fake", HealthState.OK)
NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


def test_added_updated_gone_and_what_stayed_the_same() -> None:
    board = Board()
    change = board.apply(Batch(sessions=(session("a"), session("b")), health={"one": OK}))
    assert change.added == {key("a"), key("b")}
    assert not change.updated
    assert change.health == ("one",)
    change = board.apply(
        Batch(sessions=(session("a"), session("b", Status.ACTIVE)), health={"one": OK})
    )
    assert change.updated == {key("b")}
    assert not change.added
    assert not change.health
    change = board.apply(Batch(gone=(key("a"), key("unknown"))))
    assert change.gone == {key("a")}
    assert set(board.sessions) == {key("b")}
    assert not board.apply(Batch())
    assert change


def test_a_small_batch_does_not_pass_all_that_is_known() -> None:
    class Known(Sessions):
        def values(self) -> NoReturn:
            raise AssertionError("passes all of it")

        __iter__ = values

    board = Board()
    board._sessions = Known()
    board.apply(Batch(sessions=(session("a"), session("b"))))
    change = board.apply(Batch(sessions=(session("a", Status.ACTIVE),), gone=(key("b"),)))
    assert change.updated == {key("a")}
    assert change.gone == {key("b")}


def test_a_removed_profile_leaves_with_its_health_and_all_of_its_sessions() -> None:
    board = Board()
    two = Health("two", "fake", HealthState.OK)
    sessions = (session("a"), session("b"), session("a", profile="two"))
    board.apply(Batch(sessions=sessions, health={"one": OK, "two": two}))
    change = board.apply(Batch(removed=("one",)))
    assert change.gone == {key("a"), key("b")}
    assert change.health == ("one",)
    assert set(board.sessions) == {key("a", "two")}
    assert set(board.health) == {"two"}


def test_a_profile_removed_and_put_back_in_one_batch_shows_only_the_difference() -> None:
    board = Board()
    board.apply(Batch(sessions=(session("a"), session("b"), session("c")), health={"one": OK}))
    again = (session("b"), session("c", Status.ACTIVE), session("d"))
    change = board.apply(Batch(removed=("one",), sessions=again, health={"one": OK}))
    assert change.added == {key("d")}
    assert change.updated == {key("c")}
    assert change.gone == {key("a")}
    assert board.health["one"] == OK


def test_the_log_keeps_the_last_hour_and_no_more_than_its_limit() -> None:
    start = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)

    def at(minutes: float) -> Exchange:
        when = start + timedelta(minutes=minutes)
        return Exchange(when, "one", "list", "GET", 200, 1.0, 1, line("ok"))

    log = EventLog()
    log.extend(at(minute) for minute in range(90))
    assert log.entries()[0].at == start + timedelta(minutes=29)
    assert len(log) == 61
    small = EventLog(limit=3)
    small.extend(exchange(number) for number in range(9))
    assert [one.operation for one in small.entries()] == ["op6", "op7", "op8"]


def test_a_remembered_session_stays_until_it_is_told_or_all_others_are() -> None:
    board, seen = Board(), {"one": NOW - timedelta(minutes=3), "two": NOW - timedelta(minutes=9)}
    heard: list[Set[Key]] = []
    board.follow(lambda change: heard.append(change.added))
    board.apply(Batch(sessions=(session("a"),)))
    old = (session("a", Status.ACTIVE), session("b"), session("c"), session("d", profile="two"))
    change = board.remember(old, seen)
    assert heard[-1] == change.added == {key("b"), key("c"), old[3].key}
    assert board.sessions[key("a")].status is not Status.ACTIVE  # it is known anew already
    assert set(board.remembered) == change.added
    assert (board.as_of, board.seen("one"), board.seen("two")) == (
        seen["two"],
        seen["one"],
        seen["two"],
    )

    change = board.apply(Batch(sessions=(session("b"),), health={"one": OK}))
    assert change.updated == {key("b")}  # told unchanged, and fresh
    assert not change.gone
    whole = Health("one", "fake", HealthState.OK, complete=True)
    change = board.apply(Batch(health={"one": whole}))
    assert change.gone == {key("c")}
    assert set(board.remembered) == {old[3].key}
    assert (board.seen("one"), board.as_of) == (None, seen["two"])

    change = board.apply(Batch(removed=("two",)))
    assert change.gone == {old[3].key}
    assert not board.remembered
    assert board.as_of is None
