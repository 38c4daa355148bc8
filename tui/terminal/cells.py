"""Lines of a screen as cells: what stands in each, in which look, and whether terminals agree about its width."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final
from unicodedata import east_asian_width

from rich.cells import cell_len, split_graphemes
from rich.segment import Segment
from rich.style import Style

from tui.terminal import sgr

SURE: Final = 0
"""Every terminal draws it as wide as we count it."""
AMBIGUOUS: Final = 1
"""Some terminals draw it wider: accents, Greek, Cyrillic, lines and bullets where a Far Eastern width is set."""
UNSURE: Final = 2
"""An emoji, a sequence of several characters: terminals count them in their own ways, wider and narrower."""

_FIRST_UNSURE: Final = "\u00a1"  # below it nothing is ambiguous
_EMOJI: Final = 0x1F000
_SYMBOLS: Final = range(0x2300, 0x2C00)
_FLAG_LETTERS: Final = range(0x1F1E6, 0x1F200)

SgrOf = Callable[[Style], str]


class Line:
    """One line: `chars[x]` is what stands in that cell, "" for the second half of a wide one; `looks[x]` how."""

    __slots__ = ("chars", "looks")

    def __init__(self, chars: list[str], looks: list[str]) -> None:
        self.chars = chars
        self.looks = looks

    @classmethod
    def blank(cls, width: int, look: str = sgr.PLAIN) -> Line:
        """A line with nothing on it."""
        return cls([" "] * width, [look] * width)

    def copy(self) -> Line:
        return Line(self.chars.copy(), self.looks.copy())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Line):
            return NotImplemented
        return self.chars == other.chars and self.looks == other.looks

    __hash__ = None  # type: ignore[assignment]

    def lay(self, x: int, over: Line) -> None:
        """Puts `over` on this line from cell `x` on; a wide character that loses one half loses the other too."""
        width = len(self.chars)
        count = min(len(over.chars), width - x)
        if count <= 0:
            return
        self.chars[x : x + count] = over.chars[:count]
        self.looks[x : x + count] = over.looks[:count]
        self._mend(x)
        self._mend(x + count)

    def _mend(self, edge: int) -> None:
        """Makes blanks of the halves to the left and the right of an edge that belong to nobody any more."""
        chars = self.chars
        left = edge - 1
        split = edge < len(chars) and chars[edge] == ""
        if edge > 0 and is_wide(chars[left]) and not split:
            self._clear(left)
        if split and (edge == 0 or not is_wide(chars[left])):
            self._clear(edge)

    def _clear(self, x: int) -> None:
        self.chars[x] = " "
        self.looks[x] = sgr.blank(self.looks[x])


def line_of(segments: Iterable[Segment], sgr_of: SgrOf) -> Line:
    """The cells of these segments, one after another."""
    chars: list[str] = []
    looks: list[str] = []
    for text, style, control in segments:
        if control:
            continue
        look = sgr.canonical(sgr_of(style)) if style else sgr.PLAIN
        if text.isascii():
            chars.extend(text)
        else:
            _add_graphemes(chars, text)
        added = len(chars) - len(looks)
        if " " in text:
            ground = sgr.blank(look)
            looks += [ground if char == " " else look for char in chars[len(chars) - added :]]
        else:
            looks += [look] * added
    return Line(chars, looks)


def _add_graphemes(chars: list[str], text: str) -> None:
    for cell, width in graphemes(text):
        if width:
            chars.append(cell)
            if width > 1:
                chars.append("")
        elif chars:  # it belongs to what stands before it, in whatever segment that is
            chars[-1 if chars[-1] else -2] += cell


@lru_cache(maxsize=4096)
def graphemes(text: str) -> tuple[tuple[str, int], ...]:
    """What a text is made of, each with its width as Textual counts it."""
    return tuple((text[start:end], size) for start, end, size in split_graphemes(text)[0])


@lru_cache(maxsize=4096)
def is_wide(cell: str) -> bool:
    """Whether this takes two cells."""
    return not cell.isascii() and cell_len(cell) > 1


@lru_cache(maxsize=4096)
def doubt(cell: str) -> int:
    """`SURE`, `AMBIGUOUS` or `UNSURE`."""
    if cell < _FIRST_UNSURE and len(cell) < 2:
        return SURE
    if len(cell) > 1:
        return UNSURE
    point = ord(cell)
    if point in _FLAG_LETTERS:
        return AMBIGUOUS  # two of them side by side are one flag: nothing may be sent between them
    if point >= _EMOJI and (is_wide(cell) or point < 0x20000):
        return UNSURE if point < 0x20000 else SURE
    if point in _SYMBOLS and is_wide(cell):
        return UNSURE
    return AMBIGUOUS if east_asian_width(cell) == "A" else SURE


def reach(cell: str) -> int:
    """How many cells beyond its own this may cover in a terminal that counts otherwise."""
    return 2 * len(cell) - (2 if is_wide(cell) else 1) if doubt(cell) else 0
