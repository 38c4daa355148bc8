"""Writes cells: moves, looks and text in as few bytes as are safe. It knows where the terminal's cursor is."""

from __future__ import annotations

from tui.terminal import moves, sgr
from tui.terminal.cells import AMBIGUOUS, SURE, UNSURE, Line, is_wide
from tui.terminal.widths import Widths


class Pen:
    """Collects the output of one frame. It begins and ends in the plain look, its first move is absolute.

    After a cell whose width terminals disagree about the column is said again before anything else is written, so
    that one such cell cannot shift the rest of its line. `asks` allows it to ask the terminal about such cells.
    """

    def __init__(self, width: int, widths: Widths, *, asks: bool = False) -> None:
        self._width = width
        self._widths = widths
        self._asks = asks
        self._out: list[str] = []
        self._look = sgr.PLAIN
        self._row = moves.NOWHERE
        self._column = 0
        self._doubt = SURE
        self.may_ask = False
        """Whether something was written about which the terminal can be asked."""

    def twin(self, *, asks: bool = False) -> Pen:
        """Another one that has written the same so far."""
        other = Pen(self._width, self._widths, asks=asks)
        other._out = self._out.copy()
        return other

    def raw(self, sequence: str) -> None:
        """A sequence that leaves the look plain and the cursor anywhere."""
        self._out.append(sequence)
        self._look = sgr.PLAIN
        self._row = moves.NOWHERE

    @property
    def look(self) -> str:
        """The look that is set."""
        return self._look

    def draw(self, y: int, x: int, end: int, line: Line, look: str) -> None:
        """Draws the cells from `x` up to `end` of line `y`, all in `look`."""
        self._move(y, x)
        self._in(look)
        text = "".join(line.chars[x:end])
        if text.isascii() and self._doubt == SURE:
            self._out.append(text)
        else:
            self._carefully(y, x, end, line)
        self._column = end

    def erase_rest(self, y: int, x: int, look: str) -> None:
        """Makes blanks of the cells from `x` to the end of the line, with the background of `look`."""
        self._move(y, x)
        self._resync(x)
        self._in(look)
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
        column, certainty = self._column, moves.DOUBTFUL if self._doubt else moves.CERTAIN
        if column >= self._width:  # without line wrap the cursor stays on the last cell
            column, certainty = self._width - 1, moves.AT_EDGE
        self._out.append(moves.way(self._row, column, y, x, certainty))
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

    def _carefully(self, y: int, x: int, end: int, line: Line) -> None:
        for at in range(x, end):
            char = line.chars[at]
            if char == "":
                continue
            level = self._widths.doubt(char)
            if self._doubt == UNSURE or (self._doubt and level != AMBIGUOUS):
                self._resync(at)
            if level == UNSURE:
                # A terminal that draws it narrower leaves what stood in its second cell.
                self._out.append(f"{'  '[: 2 if is_wide(char) else 1]}\x1b[{at + 1}G")
            self._out.append(char)
            if level == AMBIGUOUS and not self._doubt and at + 2 < self._width:
                self.may_ask = True
                if self._asks:
                    self._out.append(self._widths.ask(char, at + 1, y))
            self._doubt = max(self._doubt, level)
