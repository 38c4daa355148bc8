"""The shortest safe way from one cell to another. Standard library only.

Only what every terminal since the VT100 understands the same way. VT stands for LF, which the line discipline would
turn into CR LF: it moves down and stays in its column.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

CERTAIN: Final = 0
"""The cursor's column is known."""
DOUBTFUL: Final = 1
"""Terminals disagree about the column that the cursor is in."""
AT_EDGE: Final = 2
"""The last column was written: some count on from beyond it."""

NOWHERE: Final = -1
"""The row of a cursor of which nothing is known."""
_MOST_STEPS: Final = 4


@lru_cache(maxsize=65_536)
def way(row: int, column: int, y: int, x: int, certainty: int = CERTAIN) -> str:
    """The sequence that takes the cursor from `row` and `column` to line `y`, cell `x`."""
    if row == y and column == x and certainty != DOUBTFUL:
        return ""
    if row == NOWHERE:
        return _absolute(y, x)
    return min(
        (_absolute(y, x), *(_down(y - row) + step for step in _along(column, x, certainty))),
        key=len,
    )


def _absolute(y: int, x: int) -> str:
    if not x:
        return f"\x1b[{y + 1}H" if y else "\x1b[H"
    return f"\x1b[{y + 1};{x + 1}H" if y else f"\x1b[;{x + 1}H"


def _down(lines: int) -> str:
    if lines >= 0:
        return "\v" * lines if lines <= _MOST_STEPS else f"\x1b[{lines}B"
    return "\x1bM" * -lines if lines >= -2 else f"\x1b[{-lines}A"


def _along(column: int, x: int, certainty: int) -> list[str]:
    """Ways within a line. From the left edge on is certain, whatever the column was."""
    ways = [f"\x1b[{x + 1}G", f"\r{_right(x)}"]
    if certainty == DOUBTFUL:
        return ways
    if column == x:
        ways.append("")
    elif column < x:
        ways.append(_right(x - column))
    elif certainty == CERTAIN:
        far = column - x
        ways.append("\b" * far if far <= _MOST_STEPS else f"\x1b[{far}D")
    return ways


def _right(cells: int) -> str:
    if not cells:
        return ""
    return "\x1b[C" if cells == 1 else f"\x1b[{cells}C"
