"""What is written to the terminal: of each frame only the cells that differ from what it shows already.

The framework draws a changed region whole, with every colour said again for every piece of text. `Output` keeps the
cells of the last frame, lays each update over them, and gives the shortest safe sequence that makes the terminal
show the new ones: moves, SGR deltas, erasing to the end of a line, scroll regions for lists that have moved.

What it must not assume it is told: `forget` says that the terminal may show anything (another program wrote, the
size changed), and the next frame then draws the whole screen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from rich.segment import Segment

from tui.terminal import orders, shifts
from tui.terminal.cells import Line, SgrOf
from tui.terminal.kept_cells import KeptCells
from tui.terminal.pen import Pen
from tui.terminal.strokes import Plan, plan, strokes, whole
from tui.terminal.widths import Widths

_PLAIN_START: Final = "\x1b(B\x0f\x1b[r\x1b[?6l\x1b[4l\x1b[?7l\x1b[m\x1b[H"
RESTART: Final = f"{_PLAIN_START}\x1b[2J"
"""Before a whole screen: our character set, margins, replace mode and look, whatever was set; then nothing on it."""

SYNC_BEGIN: Final = "\x1b[?2026h"
SYNC_END: Final = "\x1b[?2026l"
_SMALL: Final = 512
"""A frame of so few characters arrives in one packet: nothing needs to hold it together."""
_MOST_SHIFTS: Final = 4

# Modes, questions, the bell, clipboard and titles: nothing that the cells or the cursor could feel.
_ELSEWHERE: Final = re.compile(
    "(?:\x07"
    "|\x1b\\[(?!\\?(?:47|1047|1049)[hl])[?<>=][0-9;]*\\$?[a-zA-Z]"
    "|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)"
    "|\x1bP(?:[^\x1b]|\x1b\x1b)*\x1b\\\\)*"
)

Piece = tuple[int, int, Iterable[Segment]]
"""Row, column, and what is drawn from there on."""


class Size(NamedTuple):
    """Of the screen, in cells."""

    width: int
    height: int


def leaves_cells_alone(data: str) -> bool:
    """Whether writing this beside the frames changes neither a cell nor the cursor's place."""
    return _ELSEWHERE.fullmatch(data) is not None


def erases_in_colour(environ: Mapping[str, str]) -> bool:
    """Whether erasing fills with the current background (BCE): GNU screen does not, and what is unknown may not."""
    if environ.get("STY"):
        return False
    term = environ.get("TERM", "")
    if term.startswith("screen"):
        return bool(environ.get("TMUX"))
    known = ("xterm", "tmux", "linux", "rxvt", "alacritty", "foot", "wezterm", "kitty", "st-")
    more = ("konsole", "gnome", "vte", "putty", "iterm", "mintty", "contour", "ghostty", "cygwin")
    return term.startswith((*known, *more))


class Output:
    """The cells of the terminal. `sgr_of` gives a style's SGR codes; `bce` says that erasing keeps the background.
    `over` is the size of a frame that is shown already: the first one of ours goes over it, line by line, and at no
    moment the screen is blank.

    `take` lays an update over the frame that is due, `frame` gives the text that makes the terminal show it.
    """

    def __init__(
        self, sgr_of: SgrOf, *, bce: bool = True, over: tuple[int, int] | None = None
    ) -> None:
        self._cells = KeptCells(sgr_of)
        self._bce = bce
        self._over = over
        self._size = Size(0, 0)
        self._lines: list[Line] = []
        self._due: dict[int, Line] = {}
        self._known = False
        self._cursor: tuple[int, int] | None = None
        self._widths = Widths()

    @property
    def due(self) -> bool:
        """Whether something was taken, or forgotten, since the last frame."""
        return bool(self._due) or not self._known

    def forget(self) -> None:
        """What the terminal shows is not known any more, and it may be another one."""
        self._known = False
        self._widths.forget()

    def answer(self, column: int, row: int) -> None:
        """The terminal says where its cursor was when a frame asked for it; both from 0."""
        self._widths.answer(column, row)

    def take(self, pieces: Iterable[Piece], size: tuple[int, int]) -> None:
        """Lays an update over the frame that is due. Another size than before forgets everything."""
        if self._size != size:
            self._size = Size(*size)
            self._lines = [Line.blank(self._size.width) for _ in range(self._size.height)]
            self._due = {}
            self.forget()
        for y, x, segments in pieces:
            if not (0 <= y < self._size.height and 0 <= x < self._size.width):
                continue
            over = self._cells.of(segments)
            line = self._due.get(y)
            if line is None:
                line = self._due[y] = self._lines[y].copy()
            line.lay(x, over)

    def frame(self, *, cursor: tuple[int, int] | None = None, sync: bool = False) -> str:
        """What to write now; empty when the terminal shows it all. With `cursor` (column, row) the terminal's cursor
        is left there, as text inputs need it; `sync` puts larger frames between the marks of mode 2026."""
        pen = Pen(self._size.width, self._widths)
        over, self._over = self._over, None
        if over is not None and over == self._size:
            return self._framed(self._written_over(pen, cursor), sync)
        due, self._due = self._due, {}
        if not self._known:
            due = {**dict(enumerate(self._lines)), **due}
            self._lines = [Line.blank(self._size.width) for _ in range(self._size.height)]
            self._known = True
            pen.raw(RESTART)
            self._cursor = None
        due = {y: line for y, line in sorted(due.items()) if line != self._lines[y]}
        if not due:
            return self._only_cursor(pen, cursor)
        self._shift(due, pen)
        plans = [
            plan(y, self._lines[y], line, self._widths, bce=self._bce)
            for y, line in due.items()
            if line != self._lines[y]
        ]
        for y, line in due.items():
            self._lines[y] = line
        self._cursor = cursor
        return self._framed(self._shortest(plans, pen, cursor), sync)

    def _framed(self, text: str, sync: bool) -> str:
        return f"{SYNC_BEGIN}{text}{SYNC_END}" if sync and len(text) > _SMALL else text

    def _written_over(self, pen: Pen, cursor: tuple[int, int] | None) -> str:
        """All cells, whatever is shown there."""
        self._lines = [self._due.get(y, line) for y, line in enumerate(self._lines)]
        self._due, self._known, self._cursor = {}, True, cursor
        pen.raw(_PLAIN_START)
        plans = [whole(y, line, bce=self._bce) for y, line in enumerate(self._lines)]
        order = [stroke for item in plans for stroke in strokes(item)]
        return orders.draw(order, pen).finish(cursor)

    def _shortest(self, plans: list[Plan], pen: Pen, cursor: tuple[int, int] | None) -> str:
        found = orders.ordered(plans, self._widths)
        pens = [orders.draw(order, pen.twin()) for order in found]
        text, order, asks = min(
            (
                (pen.finish(cursor), order, pen.may_ask)
                for pen, order in zip(pens, found, strict=True)
            ),
            key=lambda written: len(written[0]),
        )
        return orders.draw(order, pen.twin(asks=True)).finish(cursor) if asks else text

    def _only_cursor(self, pen: Pen, cursor: tuple[int, int] | None) -> str:
        moved = cursor is not None and cursor != self._cursor
        self._cursor = cursor
        return pen.finish(cursor if moved else None)

    def _shift(self, due: dict[int, Line], pen: Pen) -> None:
        """Lets the terminal move what moved, and adds the lines that came along to what is due."""
        for _ in range(_MOST_SHIFTS):
            shift = shifts.find(self._lines, due)
            if shift is None:
                break
            before = self._lines.copy()
            shift.apply(self._lines, self._size.width)
            pen.raw(shift.sequence())
            for y in range(shift.top, shift.bottom + 1):
                due.setdefault(y, before[y])
        for y, line in sorted(due.items()):
            del due[y]
            due[y] = line  # in the order of the screen again
