"""A terminal of our own for checking what is drawn: cells with their looks, and widths as some terminals count them.

pyte knows no erasing in colour for lines that scroll in, and counts emoji in its own way; here both are said. It
knows what the program writes, and fails on anything else: an unknown control function is a fault of the writer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from rich.cells import split_graphemes

_TOKEN: Final = re.compile(
    "\x1b\\[(?P<private>[?<>=]?)(?P<numbers>[0-9;]*)(?P<final>[@-~])"
    "|\x1b(?P<short>[M78]|\\(B)"
    "|(?P<control>[\x00-\x1f])"
    "|(?P<text>[^\x00-\x1f\x7f\x1b]+)"
)
_ON: Final = {
    1: "bold",
    2: "dim",
    3: "italic",
    4: "underline",
    5: "blink",
    7: "reverse",
    8: "hidden",
    9: "strike",
    21: "underline2",
    51: "frame",
    52: "encircle",
    53: "overline",
}
_OFF: Final = {
    22: {"bold", "dim"},
    23: {"italic"},
    24: {"underline", "underline2"},
    25: {"blink"},
    27: {"reverse"},
    28: {"hidden"},
    29: {"strike"},
}
_SEEN_ON_BLANKS: Final = {
    "underline",
    "underline2",
    "reverse",
    "strike",
    "frame",
    "encircle",
    "overline",
}

Widths = Callable[[str], list[tuple[str, int]]]
"""A text in pieces, each with the cells it takes (0: it joins what stands before it)."""


@dataclass(frozen=True)
class Style:
    """What SGR has set."""

    on: frozenset[str] = frozenset()
    fg: str = ""
    bg: str = ""


@dataclass(frozen=True)
class Cell:
    """What one cell shows; "" is the second half of a wide character."""

    char: str = " "
    style: Style = field(default_factory=Style)

    def seen(self) -> Cell:
        """The same as far as anybody can see: of most blanks only the background."""
        if self.char == " " and not self.style.on & _SEEN_ON_BLANKS:
            return Cell(" ", Style(bg=self.style.bg))
        return self


def textual_widths(text: str) -> list[tuple[str, int]]:
    """As Textual counts."""
    return [(text[start:end], size) for start, end, size in split_graphemes(text)[0]]


class Emulator:
    """A screen without line wrap. `bce`: erasing and scrolling fill with the current background."""

    def __init__(
        self, columns: int, rows: int, *, bce: bool = True, widths: Widths = textual_widths
    ) -> None:
        self.columns, self.rows, self.bce, self.widths = columns, rows, bce, widths
        self.x = self.y = 0
        self.style = Style()
        self.top, self.bottom = 0, rows - 1
        self.cells = [[Cell()] * columns for _ in range(rows)]
        self.answers: list[tuple[int, int]] = []
        """Where the cursor was, column and row, each time that it was asked for."""

    def resize(self, columns: int, rows: int) -> None:
        """As a window does: what is shown afterwards is nothing to rely on."""
        self.columns, self.rows = columns, rows
        self.top, self.bottom = 0, rows - 1
        junk = Cell("#", Style(frozenset({"reverse"}), "31"))
        self.cells = [[junk] * columns for _ in range(rows)]
        self.x, self.y = min(self.x, columns - 1), min(self.y, rows - 1)

    def feed(self, text: str) -> None:
        """Shows what was written. Raises `ValueError` for what it does not know."""
        at = 0
        while at < len(text):
            token = _TOKEN.match(text, at)
            if token is None:
                raise ValueError(f"not understood: {text[at : at + 20]!r}")
            at = token.end()
            if token["text"]:
                for piece, width in self.widths(token["text"]):
                    self._put(piece, width)
            elif token["final"]:
                self._csi(token["private"], token["numbers"], token["final"])
            else:
                self._single(token["short"] or token["control"])

    def seen(self) -> list[list[Cell]]:
        """All cells as they look."""
        return [[cell.seen() for cell in line] for line in self.cells]

    # -- text ------------------------------------------------------------------------------------------

    def _put(self, piece: str, width: int) -> None:
        line = self.cells[self.y]
        if width == 0:
            at = self.x - 1 if self.x and not self._pending else self.x
            at -= line[at].char == ""
            line[at] = replace(line[at], char=line[at].char + piece)
            return
        x = min(self.x, self.columns - width)
        for cell in range(x, x + width):
            self._part(cell)
            line[cell] = Cell(piece if cell == x else "", self.style)
        self._pending = x + width >= self.columns
        self.x = min(x + width, self.columns - 1)

    _pending = False

    def _part(self, x: int) -> None:
        """The other half of a wide character becomes blank when one half is overwritten."""
        line = self.cells[self.y]
        if line[x].char == "" and x:
            line[x - 1] = Cell(" ", line[x - 1].style)
        if x + 1 < self.columns and line[x + 1].char == "":
            line[x + 1] = Cell(" ", line[x + 1].style)

    # -- control functions -----------------------------------------------------------------------------

    def _single(self, name: str) -> None:
        if name == "\r":
            self.x, self._pending = 0, False
        elif name == "\b":
            self.x, self._pending = max(0, self.x - 1), False
        elif name in ("\n", "\v"):
            self._pending = False
            if self.y == self.bottom:
                self._scroll(1)
            else:
                self.y = min(self.y + 1, self.rows - 1)
        elif name == "M":
            self._pending = False
            if self.y == self.top:
                self._scroll(-1)
            else:
                self.y = max(self.y - 1, 0)
        elif name not in ("\x0f", "(B"):
            raise ValueError(f"not understood: {name!r}")

    def _csi(self, private: str, numbers: str, final: str) -> None:
        values = [int(number or 0) for number in numbers.split(";")] if numbers else []
        first = (values[0] if values else 0) or 1
        if final == "m" and not private:
            self._sgr(values or [0])
        elif private or final == "l":
            if final not in "hl":
                raise ValueError(f"not understood: CSI {private}{numbers}{final}")
        elif final == "H":
            second = values[1] if len(values) > 1 else 1
            self._move(first - 1, second - 1)
        elif final in "AB":
            self._move(self.y + (first if final == "B" else -first), self.x)
        elif final == "D":
            self._move(self.y, self.x - first)
        elif final == "n" and values == [6]:
            self.answers.append((self.x, self.y))
        elif final == "G":
            self._move(self.y, first - 1)
        elif final == "C":
            self._move(self.y, self.x + first)
        elif final == "r":
            self.top, self.bottom = (values[0] - 1, values[1] - 1) if values else (0, self.rows - 1)
            self._move(0, 0)
        elif final == "K" and not values:
            self._erase(self.y, self.x)
        elif final == "J" and values == [2]:
            for y in range(self.rows):
                self._erase(y, 0)
        else:
            raise ValueError(f"not understood: CSI {numbers}{final}")

    def _move(self, y: int, x: int) -> None:
        self.y = max(0, min(y, self.rows - 1))
        self.x = max(0, min(x, self.columns - 1))
        self._pending = False

    def _erased(self) -> Cell:
        return Cell(" ", Style(bg=self.style.bg if self.bce else ""))

    def _erase(self, y: int, x: int) -> None:
        line = self.cells[y]
        if x < self.columns and line[x].char == "" and x:
            line[x - 1] = Cell(" ", line[x - 1].style)
        line[x:] = [self._erased()] * (self.columns - x)

    def _scroll(self, by: int) -> None:
        fresh = [self._erased()] * self.columns
        region = self.cells[self.top : self.bottom + 1]
        region = [*region[1:], fresh] if by > 0 else [fresh, *region[:-1]]
        self.cells[self.top : self.bottom + 1] = region

    def _sgr(self, values: list[int]) -> None:
        codes = iter(values)
        for code in codes:
            style = self.style
            if code == 0:
                style = Style()
            elif code in _ON:
                style = replace(style, on=style.on | {_ON[code]})
            elif code in _OFF:
                style = replace(style, on=style.on - _OFF[code])
            elif code in (38, 48):
                kind = next(codes)
                colour = _colour([next(codes) for _ in range(3 if kind == 2 else 1)])
                style = replace(style, fg=colour) if code == 38 else replace(style, bg=colour)
            elif 30 <= code <= 37 or 90 <= code <= 97 or code == 39:
                style = replace(style, fg="" if code == 39 else str(code))
            elif 40 <= code <= 47 or 100 <= code <= 107 or code == 49:
                style = replace(style, bg="" if code == 49 else str(code - 10))
            else:
                raise ValueError(f"not understood: SGR {code}")
            self.style = style


def _colour(values: list[int]) -> str:
    """A colour by its red, green and blue, also when it was said as a number from 16 on, as xterm has them."""
    if len(values) == 1 and values[0] >= 232:
        values = [8 + 10 * (values[0] - 232)] * 3
    elif len(values) == 1 and values[0] >= 16:
        levels = (0, 95, 135, 175, 215, 255)
        red, rest = divmod(values[0] - 16, 36)
        values = [levels[red], levels[rest // 6], levels[rest % 6]]
    return ":".join(map(str, values))
