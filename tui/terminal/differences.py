"""Which cells of a line are to be drawn so that it becomes another one."""

from __future__ import annotations

from itertools import compress, count
from operator import ne, not_, or_
from typing import Final, NamedTuple

from tui.terminal import sgr
from tui.terminal.cells import AMBIGUOUS, SURE, Line, reach
from tui.terminal.widths import Widths

_GAP: Final = 4


class Run(NamedTuple):
    """Cells of one line that are to be drawn: from `start` up to `end`."""

    start: int
    end: int


def runs(old: Line, new: Line, widths: Widths) -> list[Run]:
    """The cells to draw so that `old` becomes `new`, from left to right. Small gaps are drawn over where that is
    cheaper than to step over them; a cell that another may have covered is drawn again."""
    found: list[Run] = []
    start, end = 0, -1
    for x in _changed(old, new, widths):
        if x == end or (0 <= end < x <= end + _GAP and _fills(new, end, x, widths)):
            end = x + 1
        else:
            if end >= 0:
                found.append(Run(start, end))
            start, end = x, x + 1
    if end >= 0:
        found.append(Run(start, end))
    return found


def _fills(line: Line, end: int, x: int, widths: Widths) -> bool:
    """Whether the unchanged cells between two runs can be drawn along in the look that is set anyway."""
    look = line.looks[end - 1]
    return all(
        char.isascii() and char and (own == look or (char == " " and own == sgr.blank(look)))
        for char, own in zip(line.chars[end:x], line.looks[end:x], strict=True)
    ) and (line.chars[end - 1].isascii() or widths.doubt(line.chars[end - 1]) == SURE)


def _changed(old: Line, new: Line, widths: Widths) -> list[int]:
    """The numbers of the cells to draw, wide characters always whole."""
    chars = new.chars
    differ = map(or_, map(ne, old.chars, chars), map(ne, old.looks, new.looks))
    changed = set(compress(count(), differ))
    signs = _signs(old) | _signs(new)
    if not signs:
        return sorted(changed)
    for x in signs:
        if chars[x + 1 : x + 2] == [""] and (x in changed or x + 1 in changed):
            changed |= {x, x + 1}
    before, after = _Reach(old, widths), _Reach(new, widths)
    for x in sorted(signs):
        end = max(before.end(x), after.end(x))
        if end > x and x in changed and not _is_kept(old, new, x, widths):
            for covered in range(x + 1, min(end + 1, len(chars))):
                changed.add(covered)
                _whole(chars, covered, changed)
    return sorted(changed)


def _signs(line: Line) -> set[int]:
    """Where something stands that is not ASCII."""
    if "".join(line.chars).isascii():
        return set()
    return set(compress(count(), map(not_, map(str.isascii, line.chars))))


def _whole(chars: list[str], x: int, changed: set[int]) -> None:
    if chars[x] == "" and x:
        changed.add(x - 1)
    if x + 1 < len(chars) and chars[x + 1] == "":
        changed.add(x + 1)


def _is_kept(old: Line, new: Line, x: int, widths: Widths) -> bool:
    """Whether the blank behind a lone sign of ambiguous width can stay as it is: it looks better over it than cut by
    it. What stood there before must not have reached further."""
    if not _is_lone(new, x, widths):
        return False
    if not (_is_lone(old, x, widths) or widths.doubt(old.chars[x] or " ") == SURE):
        return False
    return old.chars[x + 1] == " " and old.looks[x + 1] == new.looks[x + 1]


def _is_lone(line: Line, x: int, widths: Widths) -> bool:
    """Whether a sign of ambiguous width stands at `x`, with a blank behind it and none of its kind before it."""
    chars = line.chars
    lone = x == 0 or widths.doubt(chars[x - 1] or " ") == SURE
    return lone and widths.doubt(chars[x] or " ") == AMBIGUOUS and chars[x + 1 : x + 2] == [" "]


class _Reach:
    """How far the cells of a line may reach in some terminal, asked for from left to right. Signs of ambiguous width
    side by side are written in one piece: what they are wider adds up."""

    def __init__(self, line: Line, widths: Widths) -> None:
        self._chars = line.chars
        self._widths = widths
        self._more = 0
        self._next = 0  # the cell behind the last one asked for

    def end(self, x: int) -> int:
        """The last cell that the one at `x`, which is not ASCII, may cover."""
        cell = self._chars[x]
        level = self._widths.doubt(cell) if cell else SURE
        if level == SURE:
            return x
        before = self._more if level == AMBIGUOUS and x == self._next else 0
        own = 1 if self._chars[x + 1 : x + 2] == [""] else 0
        self._more = before + reach(cell)
        self._next = x + 1 + own
        return x + own + self._more
