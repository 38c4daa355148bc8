"""From one cell to another, as a terminal understands it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terminal_emulator import Emulator
from tui.terminal.moves import AT_EDGE, CERTAIN, DOUBTFUL, NOWHERE, way

WIDTH, HEIGHT = 40, 12
rows, columns = st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1)


def ends(start: tuple[int, int], sequence: str) -> tuple[int, int]:
    """Row and column after it."""
    terminal = Emulator(WIDTH, HEIGHT)
    terminal.y, terminal.x = start
    terminal.feed(sequence)
    return terminal.y, terminal.x


@given(rows, columns, rows, columns)
def test_a_way_leads_where_it_should(row: int, column: int, y: int, x: int) -> None:
    sequence = way(row, column, y, x)
    assert ends((row, column), sequence) == (y, x)
    assert len(sequence) <= len(f"\x1b[{y + 1};{x + 1}H")


@given(rows, columns, columns, rows, columns)
def test_where_the_column_is_in_doubt_it_does_not_matter(
    row: int, column: int, other: int, y: int, x: int
) -> None:
    assert ends((row, other), way(row, column, y, x, DOUBTFUL)) == (y, x)


@given(rows, rows, columns)
def test_from_behind_the_last_cell_no_way_counts_back(row: int, y: int, x: int) -> None:
    sequence = way(row, WIDTH - 1, y, x, AT_EDGE)
    assert "\b" not in sequence
    assert "D" not in sequence
    assert ends((row, WIDTH - 1), sequence) == (y, x)


@pytest.mark.parametrize(
    ("before", "after", "certainty", "sequence"),
    [
        ((3, 5), (3, 5), CERTAIN, ""),
        ((3, 5), (3, 5), DOUBTFUL, "\x1b[6G"),
        ((3, 5), (3, 6), CERTAIN, "\x1b[C"),
        ((3, 5), (3, 3), CERTAIN, "\b\b"),
        ((3, 5), (3, 0), CERTAIN, "\r"),
        ((3, 39), (4, 39), AT_EDGE, "\v"),
        ((3, 20), (4, 0), DOUBTFUL, "\v\r"),
        ((NOWHERE, 0), (0, 0), CERTAIN, "\x1b[H"),
        ((NOWHERE, 0), (0, 7), CERTAIN, "\x1b[;8H"),
        ((NOWHERE, 0), (7, 0), CERTAIN, "\x1b[8H"),
    ],
)
def test_the_shortest_is_taken(
    before: tuple[int, int], after: tuple[int, int], certainty: int, sequence: str
) -> None:
    assert way(*before, *after, certainty) == sequence
