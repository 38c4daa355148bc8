"""What is drawn of each line that changed: erasing, and pieces of text of one look each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import compress
from typing import Final, NamedTuple

from tui.model.lazy_dataclass import dataclass
from tui.terminal import sgr
from tui.terminal.cells import AMBIGUOUS, SURE, UNSURE, Line
from tui.terminal.differences import Run, runs
from tui.terminal.widths import Widths

_MOVE_BYTES: Final = 5
_ERASE_BYTES: Final = 3


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


class Stroke(NamedTuple):
    """Cells `x` up to `end` of line `y`, all in one `look`: drawn, or, with `erases`, erased to the end of the line.
    `blank`: nothing but a background of that look is seen there."""

    y: int
    x: int
    end: int
    look: str
    line: Line
    blank: bool = False
    erases: bool = False


def plan(y: int, old: Line, new: Line, widths: Widths, *, bce: bool) -> Plan:
    """The plan that draws fewest cells. Without `bce` a terminal erases in its own colours only."""
    found = runs(old, new, widths)
    best = _with_tail(y, new, found, bce=bce)
    start = found[0].start
    ground, others = _ground(new, start)
    if ground is None or (ground and not bce):
        return best
    if others + _MOVE_BYTES + _ERASE_BYTES >= _weight(best):
        return best
    blank = Line(old.chars[:start], old.looks[:start])
    blank.chars += [" "] * (len(new.chars) - start)
    blank.looks += [ground] * (len(new.chars) - start)
    erased = Plan(y, new, runs(blank, new, widths), start, ground)
    return min(best, erased, key=_weight)


def whole(y: int, line: Line, *, bce: bool) -> Plan:
    """The plan that draws every cell, whatever is there: from left to right, and only the blank end is erased."""
    return _with_tail(y, line, [Run(0, len(line.chars))], bce=bce)


def _weight(plan: Plan) -> int:
    cells = sum(end - start for start, end in plan.runs)
    return cells + _MOVE_BYTES * len(plan.runs) + (_ERASE_BYTES if plan.erase is not None else 0)


def _ground(line: Line, start: int) -> tuple[str | None, int]:
    """The look of most blanks from `start` on, where erasing can draw it, and how many cells are not so."""
    blanks = Counter(compress(line.looks[start:], map(" ".__eq__, line.chars[start:])))
    if not blanks:
        return None, 0
    look, count = blanks.most_common(1)[0]
    return (look if sgr.is_ground(look) else None), len(line.chars) - start - count


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


# -- pieces --------------------------------------------------------------------------------------------


def strokes(plan: Plan) -> list[Stroke]:
    """A plan's strokes from left to right."""
    y, line = plan.y, plan.line
    found = [stroke for run in plan.runs for stroke in _pieces(y, line, run)]
    if plan.erase is not None:
        erasing = Stroke(y, plan.erase, len(line.chars), plan.ground, line, True, True)
        found.insert(len(found) if plan.erase_last else 0, erasing)
    return found


def _pieces(y: int, line: Line, run: Run) -> list[Stroke]:
    """A run cut where its look changes. Blanks go with what stands before them if they look alike there, and those at
    its beginning with what follows."""
    looks, chars = line.looks, line.chars
    found: list[Stroke] = []
    start, look, blank = run.start, looks[run.start], chars[run.start] == " "
    for x in range(run.start + 1, run.end):
        own, is_blank = looks[x], chars[x] == " "
        if own == look:
            blank = blank and is_blank
        elif is_blank and sgr.blank(look) == own:
            pass
        elif blank and not is_blank and sgr.blank(own) == look:
            look, blank = own, False
        else:
            found.append(Stroke(y, start, x, look, line, blank))
            start, look, blank = x, own, is_blank
    found.append(Stroke(y, start, run.end, look, line, blank))
    return found


def may_cover(plan: Plan, widths: Widths) -> bool:
    """Whether something that is drawn could be drawn over what stands beside it, so that the order matters."""
    return any(_run_covers(plan.line, run, widths) for run in plan.runs)


def _run_covers(line: Line, run: Run, widths: Widths) -> bool:
    """The same of one run. A lone sign before a blank does not."""
    if "".join(line.chars[run.start : run.end]).isascii():
        return False
    for x in range(*run):
        level = widths.doubt(line.chars[x] or " ")
        if level == UNSURE:
            return True
        if level == AMBIGUOUS and line.chars[x + 1 : x + 2] not in ([], [" "]):
            return True
        if level == AMBIGUOUS and x and widths.doubt(line.chars[x - 1] or " ") != SURE:
            return True
    return False
