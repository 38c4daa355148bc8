"""Writes cells: moves, looks and text in as few bytes as are safe. It knows where the terminal's cursor is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from tui.terminal import sgr
from tui.terminal.cells import AMBIGUOUS, SURE, UNSURE, Line, doubt, is_wide


class Pen:
    """Collects the output of one frame. It begins and ends in the plain look, its first move is absolute.

    After a cell whose width terminals disagree about the column is said again before anything else is written, so
    that one such cell cannot shift the rest of its line.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._out: list[str] = []
        self._look = sgr.PLAIN
        self._row = -1
        self._column = -1
        self._doubt = SURE

    def twin(self) -> Pen:
        """Another one that has written the same so far."""
        other = Pen(self._width)
        other._out = self._out.copy()
        return other

    def raw(self, sequence: str) -> None:
        """A sequence that leaves the look plain and the cursor anywhere."""
        self._out.append(sequence)
        self._look = sgr.PLAIN
        self._row = -1

    def run(self, y: int, x: int, end: int, line: Line) -> None:
        """Draws the cells from `x` up to `end` of line `y`."""
        self._move(y, x)
        text = "".join(line.chars[x:end])
        if text.isascii() and self._doubt == SURE:
            self._plain_run(text, line.looks[x:end])
            self._column = end
        else:
            self._careful_run(x, end, line)
        if end >= self._width:  # without line wrap the cursor stays on the last cell
            self._row = -1

    def erase_rest(self, y: int, x: int, look: str) -> None:
        """Makes blanks of the cells from `x` to the end of the line. `look` is a background and nothing else."""
        self._move(y, x)
        self._resync(x)
        self._blanks_in(look)
        self._out.append("\x1b[K")

    def finish(self, cursor: tuple[int, int] | None) -> str:
        """Everything collected, with the cursor left at `cursor` (column, row) where that matters."""
        if self._look:
            self._out.append("\x1b[m")
            self._look = sgr.PLAIN
        if cursor is not None:
            column, row = cursor
            self._out.append(f"\x1b[{row + 1};{column + 1}H" if column or row else "\x1b[H")
        return "".join(self._out)

    # -- moving ----------------------------------------------------------------------------------------

    def _move(self, y: int, x: int) -> None:
        if self._row == y and self._column == x:
            return  # a doubt about the column stays
        if self._row == y and self._column < x:
            far = x - self._column
            near = "\x1b[C" if far == 1 else f"\x1b[{far}C"
            self._out.append(f"\x1b[{x + 1}G" if self._doubt else near)
        elif self._row == y - 1 and self._row >= 0 and x == 0:
            self._out.append("\r\n")
        else:
            self._out.append(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H")
        self._row, self._column, self._doubt = y, x, SURE

    def _resync(self, x: int) -> None:
        if self._doubt:
            self._out.append(f"\x1b[{x + 1}G")
            self._doubt = SURE

    # -- looks and text --------------------------------------------------------------------------------

    def _in(self, look: str) -> None:
        if look != self._look:
            self._out.append(sgr.change(self._look, look))
            self._look = look

    def _blanks_in(self, look: str) -> None:
        steps = sgr.change_for_blanks(self._look, look)
        if steps is not None:
            self._out.append(steps)
            self._look = look

    def _plain_run(self, text: str, looks: Sequence[str]) -> None:
        at = 0
        for look, group in groupby(looks):
            size = sum(1 for _ in group)
            self._piece(text[at : at + size], look)
            at += size

    def _piece(self, text: str, look: str) -> None:
        if text.isspace():
            self._blanks_in(look)
        else:
            self._in(look)
        self._out.append(text)

    def _careful_run(self, x: int, end: int, line: Line) -> None:
        for at in range(x, end):
            char, look = line.chars[at], line.looks[at]
            if char == "":
                continue
            level = doubt(char)
            if self._doubt == UNSURE or level != AMBIGUOUS:
                self._resync(at)
            if (
                level == UNSURE
            ):  # a terminal that draws it narrower leaves what stood in its second cell
                self._piece("  "[: 2 if is_wide(char) else 1], look)
                self._out.append(f"\x1b[{at + 1}G")
            self._piece(char, look)
            self._doubt = max(self._doubt, level)
        self._column = end
