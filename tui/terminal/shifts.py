"""Finds out that lines have moved up or down, so that the terminal can move them instead of drawing them again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import compress
from operator import ne, or_
from typing import Final, NamedTuple

from tui.terminal.cells import Line

_FEWEST_LINES: Final = 3
_CANDIDATES: Final = 3
_NOTHING: Final = -1
_WORTH_CELLS: Final = 40
"""Moving costs about as many bytes as this many changed characters."""


class Shift(NamedTuple):
    """Lines `top` to `bottom` move up by `by` lines, or down when it is negative."""

    top: int
    bottom: int
    by: int

    def apply(self, lines: list[Line], width: int) -> None:
        """Moves them as a terminal does: blank lines come in, in the terminal's own colours."""
        block = lines[self.top : self.bottom + 1]
        fresh = [Line.blank(width) for _ in range(abs(self.by))]
        moved = block[self.by :] + fresh if self.by > 0 else fresh + block[: self.by]
        lines[self.top : self.bottom + 1] = moved

    def sequence(self) -> str:
        """What tells the terminal to do it, in the plain look. LF and RI at the margins: SU and SD are not understood
        everywhere."""
        margins = f"\x1b[{self.top + 1};{self.bottom + 1}r"
        if self.by > 0:
            return f"{margins}\x1b[{self.bottom + 1}H" + "\v" * self.by + "\x1b[r"
        return f"{margins}\x1b[{self.top + 1}H" + "\x1bM" * -self.by + "\x1b[r"


def find(old: Sequence[Line], new: Mapping[int, Line]) -> Shift | None:
    """The shift that saves most of what would have to be drawn, or None when drawing is cheaper.

    `old` is the whole screen; `new` holds the lines that are to be drawn, by their number. A list in which several
    rows moved takes several shifts: ask again when the first has been applied.
    """
    if len(new) < _FEWEST_LINES:
        return None
    shown = {y: _key(old[y]) for y in new}
    wanted = {y: _key(line) for y, line in new.items()}
    gains = _Gains(old, new)
    worth: list[tuple[int, Shift]] = []
    for by in _most_voted(shown, wanted):
        met = [y for y in wanted if wanted[y] and wanted[y] == shown.get(y + by) != shown[y]]
        for block in _blocks(met):
            shift = Shift(min(block[0], block[0] + by), max(block[-1], block[-1] + by), by)
            worth += [(gains.of(tried), tried) for tried in _around(shift)]
    saved, best = max(worth, default=(0, None))
    return best if saved > _WORTH_CELLS else None


def _around(shift: Shift) -> list[Shift]:
    """The shift, and the one without the line that goes: a list's cursor stays there in its look."""
    top, bottom, by = shift
    if abs(by) != 1 or bottom - top < _FEWEST_LINES:
        return [shift]
    return [shift, Shift(top, bottom - 1, by) if by > 0 else Shift(top + 1, bottom, by)]


def _blocks(numbers: Sequence[int]) -> list[list[int]]:
    """Line numbers in blocks, one missing line allowed in between; those that are long enough."""
    blocks: list[list[int]] = []
    for y in sorted(numbers):
        if blocks and y - blocks[-1][-1] <= 2:
            blocks[-1].append(y)
        else:
            blocks.append([y])
    return [block for block in blocks if len(block) >= _FEWEST_LINES]


def _key(line: Line) -> str:
    """What a line is known by: the left part of its text, without the cell or two where a list's cursor stands."""
    return "".join(line.chars[2 : max(8, len(line.chars) // 2)]).strip()


def _most_voted(shown: Mapping[int, str], wanted: Mapping[int, str]) -> list[int]:
    """By how many lines most of them may have moved, the likeliest first."""
    places: dict[str, list[int]] = {}
    for y, key in shown.items():
        places.setdefault(key, []).append(y)
    votes: Counter[int] = Counter()
    for y, key in wanted.items():
        if key and shown[y] != key:
            votes.update(before - y for before in places.get(key, ())[:2])
    return [by for by, count in votes.most_common(_CANDIDATES) if count >= _FEWEST_LINES]


class _Gains:
    """How many cells less are to be drawn with a shift than without. Most of what is compared is asked for again."""

    def __init__(self, old: Sequence[Line], new: Mapping[int, Line]) -> None:
        self._old = old
        self._new = new
        self._fresh = Line.blank(len(old[0].chars))
        self._known: dict[tuple[int, int, bool], int] = {}

    def of(self, shift: Shift) -> int:
        """The gain of this one."""
        top, bottom, by = shift
        gain = 0
        for y in range(top, bottom + 1):
            source = y + by if top <= y + by <= bottom else _NOTHING
            gain += self._drawn(y, y, y in (top, bottom)) - self._drawn(y, source, True)
        return gain

    def _drawn(self, y: int, source: int, looks: bool) -> int:
        """The cells to draw in line `y` over what line `source` was, or over nothing. Looks are left out where only
        the text can tell."""
        known = self._known.get((y, source, looks))
        if known is None:
            old = self._fresh if source == _NOTHING else self._old[source]
            new = self._new.get(y) or self._old[y]
            known = _differing(old, new) if looks else sum(map(ne, old.chars, new.chars))
            self._known[y, source, looks] = known
        return known


def _differing(old: Line, new: Line) -> int:
    """In how many cells two lines differ. Blanks of another look count for nothing: erasing draws them."""
    if old.looks == new.looks:
        return 0 if old.chars == new.chars else sum(map(ne, old.chars, new.chars))
    looks = list(map(ne, old.looks, new.looks))
    blank = map((" ", " ").__eq__, zip(old.chars, new.chars, strict=True))
    either = sum(map(or_, looks, map(ne, old.chars, new.chars)))
    return int(either - sum(compress(looks, blank)))
