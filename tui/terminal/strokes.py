"""What is drawn of each line that changed, and in which order: line by line, or all of one look together.

Colours are what costs: to say one takes some twenty bytes, to move eight. So where many lines are drawn, all their
pieces of one look one after another are shorter than the lines one after another, each with all its looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from tui.model.lazy_dataclass import dataclass
from tui.terminal import sgr
from tui.terminal.cells import AMBIGUOUS, SURE, UNSURE, Line, doubt, reach
from tui.terminal.pen import Pen

_GAP: Final = 4
_MOVE_BYTES: Final = 5
_ERASE_BYTES: Final = 3


class Run(NamedTuple):
    """Cells of one line that are to be drawn: from `start` up to `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Plan:
    """How line `y` becomes what it should be: erased from `erase` on in the look `ground` (None: not at all), then
    the `runs` are drawn. `erase_last`: what is erased is the blank end, which can as well be done at the end."""

    y: int
    line: Line
    runs: Sequence[Run]
    erase: int | None = None
    ground: str = sgr.PLAIN
    erase_last: bool = False


def plan(y: int, old: Line, new: Line, *, bce: bool) -> Plan:
    """The plan that draws fewest cells. Without `bce` a terminal erases in its own colours only."""
    found = runs(old, new)
    best = _with_tail(y, new, found, bce=bce)
    ground = _ground(new, found[0].start)
    if ground is None or (ground and not bce):
        return best
    start = found[0].start
    blank = Line(old.chars[:start], old.looks[:start])
    blank.chars += [" "] * (len(new.chars) - start)
    blank.looks += [ground] * (len(new.chars) - start)
    erased = Plan(y, new, runs(blank, new), start, ground)
    return min(best, erased, key=_weight)


def whole(y: int, line: Line, *, bce: bool) -> Plan:
    """The plan that draws every cell, whatever is there: from left to right, and only the blank end is erased."""
    return _with_tail(y, line, [Run(0, len(line.chars))], bce=bce)


def _weight(plan: Plan) -> int:
    cells = sum(end - start for start, end in plan.runs)
    return cells + _MOVE_BYTES * len(plan.runs) + (_ERASE_BYTES if plan.erase is not None else 0)


def _ground(line: Line, start: int) -> str | None:
    """The look of most blanks from `start` on, where erasing can draw it."""
    looks = zip(line.chars[start:], line.looks[start:], strict=True)
    blanks = Counter(look for char, look in looks if char == " ")
    if not blanks:
        return None
    look = blanks.most_common(1)[0][0]
    return look if sgr.is_ground(look) else None


def _with_tail(y: int, line: Line, found: Sequence[Run], *, bce: bool) -> Plan:
    """The runs as they are, but the blank end of the line is erased where that is shorter."""
    width, ground = len(line.chars), line.looks[-1]
    tail = width
    if not ground or (bce and sgr.is_ground(ground)):
        while tail and line.chars[tail - 1] == " " and line.looks[tail - 1] == ground:
            tail -= 1
    for number, (start, end) in enumerate(found):
        if end > tail and width - max(start, tail) > _ERASE_BYTES:
            kept = [*found[:number], Run(start, tail)] if start < tail else found[:number]
            return Plan(y, line, kept, max(start, tail), ground, erase_last=True)
    return Plan(y, line, found)


# -- the order -----------------------------------------------------------------------------------------


def by_line(plans: Sequence[Plan], pen: Pen) -> Pen:
    """Draws one line after another."""
    for item in plans:
        _draw(item, pen)
    return pen


def _draw(item: Plan, pen: Pen) -> None:
    if item.erase is not None and not item.erase_last:
        pen.erase_rest(item.y, item.erase, item.ground)
    for start, end in item.runs:
        pen.run(item.y, start, end, item.line)
    if item.erase is not None and item.erase_last:
        pen.erase_rest(item.y, item.erase, item.ground)


def by_look(plans: Sequence[Plan], pen: Pen) -> Pen:
    """Draws first what is erased, then all pieces of one look, then those of the next. Lines in which a cell may
    cover another are drawn from left to right."""
    pieces: dict[str, list[tuple[Plan, Run]]] = {}
    careful: list[Plan] = []
    for item in plans:
        if any(_may_cover(item.line, run) for run in item.runs):
            careful.append(item)
            continue
        if item.erase is not None:
            pen.erase_rest(item.y, item.erase, item.ground)
        for run in item.runs:
            for look, piece in _pieces(item.line, run):
                pieces.setdefault(look, []).append((item, piece))
    for group in pieces.values():
        for item, (start, end) in group:
            pen.run(item.y, start, end, item.line)
    return by_line(careful, pen)


def _pieces(line: Line, run: Run) -> list[tuple[str, Run]]:
    """A run cut where its look changes; blanks go with what stands before them if they look alike there."""
    found: list[tuple[str, Run]] = []
    for x in range(*run):
        look, blank = line.looks[x], line.chars[x] == " "
        if found:
            before, (start, _end) = found[-1]
            if look == before or (blank and sgr.blank(before) == look):
                found[-1] = (before, Run(start, x + 1))
                continue
        found.append((look, Run(x, x + 1)))
    return found


def _may_cover(line: Line, run: Run) -> bool:
    """Whether something in the run could be drawn over what stands beside it. A lone sign before a blank is not."""
    if "".join(line.chars[run.start : run.end]).isascii():
        return False
    for x in range(*run):
        level = doubt(line.chars[x] or " ")
        if level == UNSURE:
            return True
        if level == AMBIGUOUS and line.chars[x + 1 : x + 2] not in ([], [" "]):
            return True
        if level == AMBIGUOUS and x and doubt(line.chars[x - 1] or " ") != SURE:
            return True
    return False


# -- what differs --------------------------------------------------------------------------------------


def runs(old: Line, new: Line) -> list[Run]:
    """The cells to draw so that `old` becomes `new`, from left to right. Small gaps are drawn over where that is
    cheaper than to step over them; a cell that another may have covered is drawn again."""
    found: list[Run] = []
    changed = _changed(old, new)
    for x in changed:
        if not found:
            found.append(Run(x, x + 1))
            continue
        start, end = found[-1]
        if x < end:
            continue
        if x == end or (x - end <= _GAP and _fills(new, end, x)):
            found[-1] = Run(start, x + 1)
        else:
            found.append(Run(x, x + 1))
    return found


def _fills(line: Line, end: int, x: int) -> bool:
    """Whether the unchanged cells between two runs can be drawn along in the look that is set anyway."""
    look = line.looks[end - 1]
    return all(
        char.isascii() and char and (own == look or (char == " " and own == sgr.blank(look)))
        for char, own in zip(line.chars[end:x], line.looks[end:x], strict=True)
    ) and (line.chars[end - 1].isascii() or doubt(line.chars[end - 1]) == SURE)


def _changed(old: Line, new: Line) -> list[int]:
    """The numbers of the cells to draw, wide characters always whole."""
    chars = new.chars
    pairs = zip(old.chars, chars, old.looks, new.looks, strict=True)
    changed = {x for x, (a, b, c, d) in enumerate(pairs) if a != b or c != d}
    signs = {x for line in (old, new) for x, char in enumerate(line.chars) if not char.isascii()}
    if not signs:
        return sorted(changed)
    for x in sorted(changed):
        _whole(chars, x, changed)
    before, after = _Reach(old), _Reach(new)
    for x in sorted(signs):
        end = max(before.end(x), after.end(x))
        if end > x and x in changed and not _is_kept(old, new, x):
            for covered in range(x + 1, min(end + 1, len(chars))):
                changed.add(covered)
                _whole(chars, covered, changed)
    return sorted(changed)


def _whole(chars: list[str], x: int, changed: set[int]) -> None:
    if chars[x] == "" and x:
        changed.add(x - 1)
    if x + 1 < len(chars) and chars[x + 1] == "":
        changed.add(x + 1)


def _is_kept(old: Line, new: Line, x: int) -> bool:
    """Whether the blank behind a lone sign of ambiguous width can stay as it is: it looks better over it than cut by
    it. What stood there before must not have reached further."""
    if not _is_lone(new, x) or not (_is_lone(old, x) or doubt(old.chars[x] or " ") == SURE):
        return False
    return old.chars[x + 1] == " " and old.looks[x + 1] == new.looks[x + 1]


def _is_lone(line: Line, x: int) -> bool:
    """Whether a sign of ambiguous width stands at `x`, with a blank behind it and none of its kind before it."""
    chars = line.chars
    lone = x == 0 or doubt(chars[x - 1] or " ") == SURE
    return lone and doubt(chars[x] or " ") == AMBIGUOUS and chars[x + 1 : x + 2] == [" "]


class _Reach:
    """How far the cells of a line may reach in some terminal, asked for from left to right. Signs of ambiguous width
    side by side are written in one piece: what they are wider adds up."""

    def __init__(self, line: Line) -> None:
        self._chars = line.chars
        self._more = 0
        self._next = 0  # the cell behind the last one asked for

    def end(self, x: int) -> int:
        """The last cell that the one at `x`, which is not ASCII, may cover."""
        cell = self._chars[x]
        level = doubt(cell) if cell else SURE
        if level == SURE:
            return x
        before = self._more if level == AMBIGUOUS and x == self._next else 0
        own = 1 if self._chars[x + 1 : x + 2] == [""] else 0
        self._more = before + reach(cell)
        self._next = x + 1 + own
        return x + own + self._more
