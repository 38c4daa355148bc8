"""Finds out that lines have moved up or down, so that the terminal can move them instead of drawing them again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from operator import ne
from typing import Final, NamedTuple

from tui.terminal.cells import Line

_FEWEST_LINES: Final = 3
_CANDIDATES: Final = 3
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
        """What tells the terminal to do it. LF and RI at the margins: SU and SD are not understood everywhere."""
        margins = f"\x1b[m\x1b[{self.top + 1};{self.bottom + 1}r"
        if self.by > 0:
            return f"{margins}\x1b[{self.bottom + 1}H" + "\n" * self.by + "\x1b[r"
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
    worth: list[tuple[int, Shift]] = []
    for by in _most_voted(shown, wanted):
        met = [y for y in wanted if wanted[y] and wanted[y] == shown.get(y + by) != shown[y]]
        for block in _blocks(met):
            shift = Shift(min(block[0], block[0] + by), max(block[-1], block[-1] + by), by)
            worth.append((_saved(old, new, shift), shift))
    saved, best = max(worth, default=(0, None))
    return best if saved > _WORTH_CELLS else None


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


def _saved(old: Sequence[Line], new: Mapping[int, Line], shift: Shift) -> int:
    """How many characters less are to be drawn with the shift than without."""
    width = len(old[0].chars)
    moved = list(old)
    shift.apply(moved, width)
    saved = 0
    for y in range(shift.top, shift.bottom + 1):
        chars = (new.get(y) or old[y]).chars
        saved += sum(map(ne, old[y].chars, chars)) - sum(map(ne, moved[y].chars, chars))
    return saved
