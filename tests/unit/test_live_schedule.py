"""When to ask next and how fast: arithmetic only."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.live.schedule import Budget, JumpWatch, Outcome, Schedule, next_due
from tui.model.problem import Busy, Problem, Unreachable


@given(
    st.floats(0.1, 600),
    st.floats(0, 100),
    st.integers(0, 50),
    st.floats(0, 900),
    st.booleans(),
    st.integers(),
)
def test_the_next_poll_keeps_every_promise(
    interval: float, took: float, failures: int, retry_after: float, busy: bool, seed: int
) -> None:
    outcome = Outcome(100.0, 100.0 + took, failures, retry_after, busy)
    due = next_due(outcome, interval, random.Random(seed))
    assert due >= 100.0 + max(interval, 2.0)
    assert due >= outcome.ended + retry_after
    calm = max(interval, 2.0) * 1.1
    assert due <= max(100.0 + calm, outcome.ended + max(calm * 0.25, retry_after, 60.0))


def test_polls_of_many_profiles_drift_apart() -> None:
    rng = random.Random(1)
    assert len({next_due(Outcome(0.0, 0.1), 5.0, rng) for _ in range(20)}) == 20


def test_a_busy_vendor_is_left_alone_longer_than_a_broken_line() -> None:
    def mean(problem: Unreachable | Busy) -> float:
        waits = []
        for seed in range(200):
            schedule = Schedule(2.0, random.Random(seed))
            for _ in range(3):
                waits.append(schedule.failed(0.0, problem))
        return sum(waits) / len(waits)

    assert mean(Busy("busy", 503)) > 1.5 * mean(Unreachable("no"))


def test_failures_are_forgotten_only_after_a_quiet_while() -> None:
    schedule = Schedule(5.0, random.Random(1))
    for number in range(5):
        schedule.started(number * 60.0)
        schedule.failed(number * 60.0, Unreachable("no"))
    probing = [schedule.probing]
    schedule.started(400.0)
    schedule.succeeded(400.0)
    probing.append(schedule.probing)
    schedule.started(410.0)
    schedule.failed(410.0, Unreachable("no"))
    probing.append(schedule.probing)
    assert probing == [True, False, True], "a vendor that fails every other time stays on probation"


def test_after_a_jump_of_time_everything_starts_anew_within_seconds() -> None:
    schedule = Schedule(60.0, random.Random(1))
    for _ in range(9):
        schedule.started(10.0)
        schedule.failed(10.0, Busy("busy", 503, retry_after=900.0))
    schedule.forgive(5000.0)
    assert not schedule.probing
    assert schedule.earliest() < 5000.0
    assert 5000.0 <= schedule.due <= 5005.0
    schedule.started(5001.0)
    assert schedule.failed(5001.0, Unreachable("no")) <= 67.0


@pytest.mark.parametrize(
    "problem",
    [Busy("busy", 429, retry_after=300.0), Unreachable("no token to be had", retry_after=300.0)],
)
def test_nobody_jumps_the_vendors_own_wish(problem: Problem) -> None:
    schedule = Schedule(5.0, random.Random(1))
    schedule.started(10.0)
    schedule.failed(11.0, problem)
    assert schedule.earliest() == 311.0
    assert schedule.due >= 311.0
    schedule.started(320.0)
    schedule.succeeded(320.5)
    assert schedule.earliest() == 321.0


def test_a_budget_spaces_requests_and_counts_those_that_nobody_announced() -> None:
    budget = Budget(10.0)
    assert [round(budget.reserve(0.0), 3) for _ in range(3)] == [0.0, 0.2, 0.4]
    for _ in range(3):
        budget.spent(0.5)  # the three that were reserved
    budget.spent(0.5)
    budget.spent(0.5)
    assert budget.reserve(0.5) == pytest.approx(0.5), "two more were made than reserved"
    assert budget.within(2.0, 0.5) == 5
    assert budget.within(0.0, 0.5) == 1
    for _ in range(10_000):
        budget.spent(1.0)
    assert budget.reserve(1.0) <= 30.0, "debts are bounded"


def test_a_vendor_without_a_known_limit_is_asked_slowly_not_never() -> None:
    budget = Budget(0.0)
    budget.reserve(0.0)
    assert 0 < budget.reserve(0.0) <= 20.0


@pytest.mark.parametrize(
    ("loop", "monotonic", "wall", "jumped"),
    [
        (10.0, 10.0, 10.0, False),
        (10.0, 12.0, 12.5, False),
        (10.0, 70.0, 70.0, True),
        (10.0, 10.0, -50.0, True),
        (10.0, 10.0, 90.0, True),
    ],
)
def test_a_jump_of_time_is_noticed_once(
    loop: float, monotonic: float, wall: float, jumped: bool
) -> None:
    watch = JumpWatch()
    assert not watch.jumped(0.0, 0.0, 0.0)
    assert watch.jumped(loop, monotonic, wall) is jumped
    assert not watch.jumped(loop + 5, monotonic + 5, wall + 5)
