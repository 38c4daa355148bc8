"""The event log's lines and its filter: requests, and what came of every write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tui.live.log import WRITES_KEPT, Entry, EventLog, Outcome, Wrote, outcome_of
from tui.model.problem import (
    BadAnswer,
    Busy,
    KeysRejected,
    NoAnswer,
    NotFound,
    Problem,
    ReadOnly,
    Refused,
    UnknownOutcome,
    Unreachable,
    UsageProblem,
)
from tui.model.text import line
from tui.net.exchange import Exchange
from tui.screens.log_lines import entry_lines, matches, shape

AT = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)


def request(
    name: str = "list sessions",
    status: int | None = 200,
    *,
    seconds: float = 0,
    profile: str = "proxy-eu",
    outcome: str = "ok",
    attempt: int = 1,
    writes: bool = False,
) -> Exchange:
    return Exchange(
        AT + timedelta(seconds=seconds),
        profile,
        name,
        "GET",
        status,
        88.0,
        1200,
        line(outcome),
        attempt=attempt,
        writes=writes,
    )


def write(what: str = "close", outcome: Outcome = Outcome.DONE, *, seconds: float = 0) -> Wrote:
    return Wrote(
        AT + timedelta(seconds=seconds), "identity", what, line("KC-7"), outcome, line("as told")
    )


def plain(entry: Entry, width: int = 120) -> str:
    rows = entry_lines(entry, shape([entry], width), width, lambda at: at)
    return "\n".join("".join(part.text for part in row) for row in rows)


# --- what is kept --------------------------------------------------------------------------------------------


def test_writes_stay_when_their_hour_is_over_and_however_many_requests_came() -> None:
    log = EventLog(limit=50)
    log.wrote([write()])
    for number in range(200):
        log.add(request(seconds=number * 60))
    assert [entry.what for entry in log.writes()] == ["close"]
    assert isinstance(log.lines()[0], Wrote)
    log.wrote([write(seconds=number) for number in range(WRITES_KEPT + 10)])
    assert len(log.writes()) == WRITES_KEPT


def test_lines_stand_by_time() -> None:
    log = EventLog()
    log.extend([request("b", seconds=2), request("a", seconds=1), request("d", seconds=9)])
    log.wrote([write("c", seconds=3), write("e", Outcome.FOUND, seconds=10)])
    told = [entry.what if isinstance(entry, Wrote) else entry.operation for entry in log.lines()]
    assert told == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("problem", "outcome"),
    [
        (None, Outcome.DONE),
        (UnknownOutcome("?"), Outcome.UNKNOWN),
        (NoAnswer("?"), Outcome.UNKNOWN),
        (BadAnswer("?"), Outcome.UNKNOWN),
        (Refused("no", 400), Outcome.REFUSED),
        (KeysRejected("no", 403), Outcome.REFUSED),
        (NotFound("no", 404), Outcome.REFUSED),
        (Busy("later", 429), Outcome.REFUSED),
        (Unreachable("down"), Outcome.NOT_SENT),
        (ReadOnly("read-only"), Outcome.NOT_SENT),
        (UsageProblem("by is needed"), Outcome.NOT_SENT),
    ],
)
def test_the_outcome_of_a_write(problem: Problem | None, outcome: Outcome) -> None:
    assert outcome_of(problem) is outcome


def test_found_so_is_a_success_of_its_own() -> None:
    assert outcome_of(None, already=True) is Outcome.ALREADY
    assert Outcome.ALREADY.good


# --- how it reads --------------------------------------------------------------------------------------------


def test_a_request() -> None:
    text = plain(request("update session", 404, outcome="not found", attempt=2, writes=True))
    for words in ("09:00:00", "proxy-eu", "update session W", "404", "88 ms", "1200 B"):
        assert words in text
    assert "not found (attempt 2)" in text
    assert "attempt" not in plain(request())


def test_a_write_is_a_line_of_its_own_kind() -> None:
    text = plain(write(outcome=Outcome.UNKNOWN))
    for words in ("09:00:00", "identity", "write: close W", "unknown", "KC-7; as told"):
        assert words in text


@pytest.mark.parametrize("width", [40, 78, 118])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    long = Wrote(AT, "p" * 40, "w" * 40, line("i" * 80), Outcome.REFUSED, line("word " * 60))
    columns = shape([long, request("r" * 60, profile="q" * 60)], width)
    for entry in (long, request("r" * 60, profile="q" * 60, outcome="word " * 60)):
        for row in entry_lines(entry, columns, max(width, 78), lambda at: at):
            assert sum(len(part.text) for part in row) <= max(width, 78)


# --- the filter ----------------------------------------------------------------------------------------------

KNOWN: dict[str, Entry] = {
    "listed": request(),
    "lost": request("list sessions", None, outcome="no answer in 15 s", profile="goto-desk"),
    "refused": request("update session", 400, outcome="refused", writes=True),
    "closed": write(),
    "cancelled": write("cancel", Outcome.REFUSED),
}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("", {"listed", "lost", "refused", "closed", "cancelled"}),
        ("write", {"refused", "closed", "cancelled"}),
        ("write:", {"closed", "cancelled"}),
        ("write: !refused", {"closed"}),
        ("READ", {"listed", "lost"}),
        ("proxy", {"listed", "refused"}),
        ("profile:identity", {"closed", "cancelled"}),
        ("status:400", {"refused"}),
        ("status:-", {"lost"}),
        ("operation:list answer", {"lost"}),
        ("outcome:refused", {"refused", "cancelled"}),
        ("kc-7 cancel", {"cancelled"}),
        ("!write !goto", {"listed"}),
        ("nothing like it", set()),
    ],
)
def test_the_filter(wanted: str, found: set[str]) -> None:
    assert {name for name, entry in KNOWN.items() if matches(entry, line(wanted))} == found
