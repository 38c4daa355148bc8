"""How wide this terminal draws what terminals disagree about, as far as it has told.

Where a line is drawn that holds such a character, the cursor's place is asked for right behind it (CPR, which every
terminal since the VT100 answers). One that stands where it should is as sure as a letter from then on: its column
need not be said again after it. Without an answer nothing is assumed.
"""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple

from tui.terminal.cells import AMBIGUOUS, SURE, doubt

ASK: Final = "\x1b[6n"
_MOST_ASKED: Final = 64


class Question(NamedTuple):
    """Where the cursor stands behind `cell` in a terminal that draws it in one cell: `column` and `row` from 0."""

    cell: str
    column: int
    row: int


class Widths:
    """What one terminal is known to do. `forget` when it may be another one."""

    def __init__(self) -> None:
        self._settled: set[str] = set()
        self._asked: set[str] = set()
        self._open: deque[Question] = deque()

    def doubt(self, cell: str) -> int:
        """`SURE`, `AMBIGUOUS` or `UNSURE`, for this terminal."""
        return SURE if cell in self._settled else doubt(cell)

    def ask(self, cell: str, column: int, row: int) -> str:
        """What to write behind `cell` to learn how wide it is; empty where that was asked, or need not be. The first
        line asks nothing: the answers of some keys look like those from there."""
        if not row or cell in self._asked or len(self._asked) >= _MOST_ASKED:
            return ""
        if doubt(cell) != AMBIGUOUS:
            return ""
        self._asked.add(cell)
        self._open.append(Question(cell, column, row))
        return ASK

    def answer(self, column: int, row: int) -> None:
        """The terminal says where the cursor was. Answers come in the order of the questions; what comes from the first
        line is a key (shift+F3)."""
        if self._open and row:
            question = self._open.popleft()
            if question.cell and (question.column, question.row) == (column, row):
                self._settled.add(question.cell)

    def forget(self) -> None:
        """Nothing is known any more; answers that are still on their way count for nothing."""
        self._settled.clear()
        self._asked.clear()
        self._open = deque(question._replace(cell="") for question in self._open)
