"""Views: which sessions, in which order, and what is counted."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.live.view import ORDERS, ViewKind, ViewSpec, count_sessions, select
from tui.model.filter import Filter
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Opaque, line

NOW = datetime(2025, 3, 3, 12, 0, tzinfo=UTC)


def session(ref: str, status: Status, minutes: float | None = 0, **more: object) -> Session:
    began = None if minutes is None else NOW - timedelta(minutes=minutes)
    fields: dict[str, object] = {"profile": "one", "provider": "fake", "created_at": began} | more
    return Session(id=Opaque(ref), status=status, **fields)  # type: ignore[arg-type]


def ids(sessions: list[Session]) -> list[str]:
    return [one.id for one in sessions]


DESK = [
    session("ended-late", Status.ENDED, 100, ended_at=NOW - timedelta(minutes=1)),
    session("unknown", Status.UNKNOWN, 50),
    session("planned", Status.NOT_STARTED, 500),
    session("active-new", Status.ACTIVE, 3, agent=line("Bo Berg")),
    session("waits-short", Status.WAITING, 2),
    session("failed-early", Status.FAILED, 90, ended_at=NOW - timedelta(minutes=60)),
    session("active-old", Status.ACTIVE, 30, agent=line("ANA")),
    session("waits-timeless", Status.WAITING, None),
    session("waits-long", Status.WAITING, 20),
    session("abandoned", Status.ABANDONED, 80, ended_at=NOW - timedelta(minutes=30)),
]
URGENT = [
    "waits-long",
    "waits-short",
    "waits-timeless",
    "active-old",
    "active-new",
    "planned",
    "unknown",
    "ended-late",
    "abandoned",
    "failed-early",
]


def test_who_waited_longest_comes_first_and_what_ended_last() -> None:
    assert ids(select(DESK, ViewSpec(ViewKind.ALL), NOW, {})) == URGENT
    waiting = [id for id in URGENT if id.startswith("waits")]
    turned = ids(select(DESK, ViewSpec(ViewKind.ALL, reverse=True), NOW, {}))
    assert turned == waiting[::-1] + URGENT[len(waiting) :]


def test_each_view_shows_its_own() -> None:
    assert ids(select(DESK, ViewSpec(), NOW, {})) == URGENT[:7]
    assert ids(select(DESK, ViewSpec(ViewKind.WAITING), NOW, {})) == URGENT[:3]
    assert ids(select(DESK, ViewSpec(ViewKind.ENDED), NOW, {})) == URGENT[7:]


@pytest.mark.parametrize(
    ("mine", "found"),
    [
        ({"one": "ana"}, ["active-old"]),
        ({"one": "berg"}, ["active-new"]),
        ({"one": "Bo Berg"}, ["active-new"]),
        ({"other": "ana"}, []),
        ({"one": " "}, []),
        ({}, []),
    ],
)
def test_mine_are_those_of_the_name_that_the_profile_gives(
    mine: dict[str, str], found: list[str]
) -> None:
    assert ids(select(DESK, ViewSpec(ViewKind.MINE), NOW, mine)) == found


def test_the_other_orders() -> None:
    def by(order: str, *, reverse: bool = False) -> list[str]:
        return ids(select(DESK, ViewSpec(ViewKind.ALL, order, reverse), NOW, {}))

    assert by("age")[0] == "planned"
    assert by("age")[-1] == "waits-timeless"
    assert by("age", reverse=True)[0] == "waits-short"
    assert by("age", reverse=True)[-1] == "waits-timeless", "what has no age is last either way"
    assert by("agent")[:2] == ["active-old", "active-new"]
    assert by("agent", reverse=True)[:2] == ["active-new", "active-old"]
    assert by("agent")[2:] == [ref for ref in URGENT if not ref.startswith("active")]
    assert by("status")[:3] == URGENT[:3]
    assert by("status")[3] == "planned"


def test_updated_shows_the_newest_first() -> None:
    desk = [
        session(ref, Status.ACTIVE, 9, updated_at=NOW - timedelta(minutes=ago))
        for ref, ago in (("b", 2), ("a", 1), ("c", 3))
    ]
    assert ids(select(desk, ViewSpec(order="updated"), NOW, {})) == ["a", "b", "c"]


def test_names_sort_without_regard_to_case_and_accents() -> None:
    names = ["Zoë", "émile", "anna", "Bo"]
    desk = [session(name, Status.ACTIVE, customer=line(name)) for name in names]
    found = ids(select(desk, ViewSpec(order="customer"), NOW, {}))
    assert found == ["anna", "Bo", "émile", "Zoë"]


statuses = st.sampled_from(list(Status))
ages = st.one_of(st.none(), st.integers(0, 3).map(float))
words = st.sampled_from([None, "ana", "Bo"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(statuses, ages, words, st.sampled_from(["p", "q"])), max_size=30),
    st.sampled_from(sorted(ORDERS)),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_every_order_is_total(
    rows: list[tuple[Status, float | None, str | None, str]],
    order: str,
    reverse: bool,
    rng: random.Random,
) -> None:
    desk = [
        session(str(number), status, age, customer=word, agent=word, profile=profile)
        for number, (status, age, word, profile) in enumerate(rows)
    ]
    spec = ViewSpec(ViewKind.ALL, order, reverse)
    expected = select(desk, spec, NOW, {})
    assert sorted(ids(expected)) == sorted(ids(desk)), "nobody is lost, nobody twice"
    rng.shuffle(desk)
    assert select(desk, spec, NOW, {}) == expected, "whatever order they come in"


def test_a_view_is_filtered() -> None:
    spec = ViewSpec(ViewKind.ALL, filter=Filter.parse("berg"))
    assert ids(select(DESK, spec, NOW, {})) == ["active-new"]


def test_counts() -> None:
    found = count_sessions(DESK, NOW)
    assert (found.live, found.long_waits) == (7, 1)
    assert found.per_profile == {"one": 7}
    assert count_sessions(DESK, NOW, minutes=1).long_waits == 2
    assert count_sessions([], NOW).live == 0
