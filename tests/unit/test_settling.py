"""What has come to stay is left out of the searches for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterable

from tui.commands.settling import Settling, settling


class Freezer:
    """Counts how often what there is was left out."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


def searched(settling: Settling, generation: int = 2) -> None:
    for phase in ("start", "stop"):
        settling(phase, {"generation": generation, "collected": 0, "uncollectable": 0})


def times_left_out(counts: Iterable[int]) -> int:
    """How often, with so many sessions at each search in turn."""
    turns, freezer = list(counts), Freezer()
    known = iter(turns)
    settling = Settling(lambda: next(known), freezer)
    for _ in turns:
        searched(settling)
    return freezer.times


def test_a_long_listing_is_searched_through_a_bounded_number_of_times() -> None:
    assert times_left_out(range(0, 200_001, 1_000)) == 20


def test_few_sessions_or_those_that_come_and_go_leave_nothing_out() -> None:
    assert times_left_out([9_999]) == 0
    assert times_left_out([200_000, 0, 200_000, 150_000, 209_999]) == 1


def test_only_what_a_whole_search_left_over_is_left_out() -> None:
    freezer = Freezer()
    settling = Settling(lambda: 200_000, freezer)
    searched(settling, generation=0)
    searched(settling, generation=1)
    settling("start", {"generation": 2})
    assert not freezer.times


def test_what_was_left_out_is_still_freed_and_not_looked_at_again() -> None:
    try:
        with settling(range(10_000)):
            held = [[number] for number in range(1_000)]
            gc.collect()
        left_out = gc.get_freeze_count()
        assert left_out >= 1_000
        assert not any(one is held for one in gc.get_objects())
        held.clear()
        assert gc.get_freeze_count() <= left_out - 1_000
        gc.collect()  # nobody is told any more
        assert gc.get_freeze_count() <= left_out - 1_000
    finally:
        gc.unfreeze()
