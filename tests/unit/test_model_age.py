"""Ages and waits in steps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model.age import coarse, step, step_size, until_next_step


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "-"),
        (0, "0s"),
        (4.9, "0s"),
        (47, "45s"),
        (59.99, "55s"),
        (60, "1m"),
        (95, "1m30s"),
        (150, "2m30s"),
        (299, "4m30s"),
        (300, "5m"),
        (389, "6m"),
        (3599, "59m"),
        (3600, "1h00m"),
        (3961, "1h06m"),
        (86_399, "23h59m"),
        (86_400, "1d"),
        (3 * 86_400 + 5, "3d"),
    ],
)
def test_what_is_shown(seconds: float | None, shown: str) -> None:
    assert coarse(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "-"),
        (0, "<1m"),
        (59.99, "<1m"),
        (95, "1m"),
        (599, "9m"),
        (899, "10m"),
        (3599, "55m"),
        (3961, "1h00m"),
        (4500, "1h15m"),
        (86_399, "23h45m"),
        (86_400, "1d"),
    ],
)
def test_what_is_shown_on_a_thin_line(seconds: float | None, shown: str) -> None:
    assert coarse(seconds, calm=True) == shown


@given(st.floats(0, 1e8))
def test_calm_ages_change_at_their_own_steps(seconds: float) -> None:
    assert len(coarse(seconds, calm=True)) <= 6
    rest = until_next_step(seconds, calm=True)
    assert until_next_step(seconds) - 1e-6 <= rest <= step_size(seconds, calm=True)
    if rest > 0.01:
        assert coarse(seconds + rest / 2, calm=True) == coarse(seconds, calm=True)
    assert coarse(seconds + rest + 0.01, calm=True) != coarse(seconds, calm=True)


@given(st.floats(0, 1e8))
def test_the_shown_age_changes_exactly_at_the_next_step(seconds: float) -> None:
    assert len(coarse(seconds)) <= 6
    assert 0 <= seconds - step(seconds) < step_size(seconds)
    rest = until_next_step(seconds)
    assert 0 < rest <= step_size(seconds)
    if rest > 0.01:
        assert coarse(seconds + rest / 2) == coarse(seconds)
    assert coarse(seconds + rest + 0.01) != coarse(seconds)
