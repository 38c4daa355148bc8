"""In which order strokes are drawn: line by line, all of one look together, or as a search finds it shorter.

Colours are what costs: to say one takes some ten or twenty bytes, to move five. So all pieces of one look one after
another may be shorter than the lines one after another, each with all its looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from tui.terminal import moves, sgr
from tui.terminal.pen import Pen
from tui.terminal.strokes import Plan, Stroke, may_cover, strokes
from tui.terminal.widths import Widths

Block = list[Stroke]
"""Strokes of one line that stay in their order, with nothing of that line between them."""

_MOST_BLOCKS: Final = 40
"""The search takes the square of these."""
_MOST_PASSES: Final = 2


def ordered(plans: Sequence[Plan], widths: Widths) -> list[list[Stroke]]:
    """All strokes of these plans, in each of the orders that may be the shortest."""
    lines = [_blocks(item, widths) for item in plans]
    by_line = [block for line in lines for block in line]
    found = [by_line]
    if len(lines) > 1:
        found.append(_by_look(lines))
    if 1 < len(by_line) <= _MOST_BLOCKS:
        found.append(_searched(by_line))
    return [[stroke for block in order for stroke in block] for order in found]


def draw(order: Sequence[Stroke], pen: Pen) -> Pen:
    """Draws the strokes one after another. What is only a background takes the look of what follows along."""
    for number, stroke in enumerate(order):
        y, x, end, look, line, blank, erases = stroke
        if blank:
            following = order[number + 1].look if number + 1 < len(order) else look
            if sgr.blank(pen.look) == look:
                look = pen.look
            elif sgr.blank(following) == look:
                look = following
        if erases:
            pen.erase_rest(y, x, look)
        else:
            pen.draw(y, x, end, line, look)
    return pen


def _blocks(plan: Plan, widths: Widths) -> list[Block]:
    """The strokes of a line, each for itself where nothing forbids it. What is erased first goes before all."""
    found = strokes(plan)
    if may_cover(plan, widths):
        return [found]
    if plan.erase is not None and not plan.erase_last:
        return [found[:2], *([stroke] for stroke in found[2:])]
    return [[stroke] for stroke in found]


def _by_look(lines: Sequence[list[Block]]) -> list[Block]:
    """All of one look, then those of the next; each line is erased just before the first of it is drawn. Lines in
    which a cell may cover another are drawn last."""
    groups: dict[str, list[Stroke]] = {}
    erasing: dict[int, Stroke] = {}
    whole: list[Block] = []
    for line in lines:
        if len(line) == 1 and len(line[0]) > 1:
            whole += line
            continue
        for stroke in (stroke for block in line for stroke in block):
            if stroke.erases:
                erasing[stroke.y] = stroke
            else:
                groups.setdefault(stroke.look, []).append(stroke)
    order: list[Block] = []
    for stroke in (stroke for group in groups.values() for stroke in group):
        first = erasing.pop(stroke.y, None)
        order.append([stroke] if first is None else [first, stroke])
    return [*order, *([stroke] for stroke in erasing.values()), *whole]


# -- the search ----------------------------------------------------------------------------------------


def _searched(order: Sequence[Block]) -> list[Block]:
    """The order with blocks moved beside others of their look, as long as that makes it shorter."""
    order = list(order)
    looks = Counter(stroke.look for block in order for stroke in block[:1] + block[1:][-1:])
    movable = [
        block
        for block in order
        if not block[0].erases and (looks[block[0].look] > 1 or block[0].blank)
    ]
    for _ in range(_MOST_PASSES):
        before = order
        for block in movable:
            order = _placed(order, block)
        if order is before:
            break
    return order


def _placed(order: list[Block], block: Block) -> list[Block]:
    """The order with this block where it costs least, behind what erases its line."""
    at = next(number for number, other in enumerate(order) if other is block)
    rest = order[:at] + order[at + 1 :]
    best, least = at, _detour(rest, at, block)
    for place in _beside_its_look(rest, block):
        if place != at:
            cost = _detour(rest, place, block)
            if cost < least:
                best, least = place, cost
    return order if best == at else [*rest[:best], block, *rest[best:]]


def _beside_its_look(rest: Sequence[Block], block: Block) -> set[int]:
    """Before and behind the others that begin or end in its look, unless what erases its line comes later."""
    y, first, last = block[0].y, block[0], block[-1]
    places: set[int] = set()
    for number, other in enumerate(rest):
        if other[0].erases and other[0].y == y:
            places.clear()
        elif _fits(other[0].look, last):
            places.add(number)
        if _fits(other[-1].look, first):
            places.add(number + 1)
    return places


def _fits(look: str, stroke: Stroke) -> bool:
    """Whether this can be drawn in that look."""
    return look == stroke.look or (stroke.blank and sgr.blank(look) == stroke.look)


def _detour(rest: Sequence[Block], place: int, block: Block) -> int:
    """How many bytes more it takes to come by this block on the way from one to the next."""
    before = rest[place - 1][-1] if place else None
    after = rest[place][0] if place < len(rest) else None
    cost = _step(before, block[0])
    if after is not None:
        cost += _step(block[-1], after) - _step(before, after)
    return cost


def _step(before: Stroke | None, after: Stroke) -> int:
    """The bytes between two strokes: the move and the change of looks."""
    if before is None:
        move = moves.way(moves.NOWHERE, 0, after.y, after.x)
        return len(move) + len(sgr.change(sgr.PLAIN, after.look))
    edge = before.end >= len(before.line.chars)
    column = before.x if before.erases else min(before.end, len(before.line.chars) - 1)
    certainty = moves.AT_EDGE if edge and not before.erases else moves.CERTAIN
    move = moves.way(before.y, column, after.y, after.x, certainty)
    if _fits(before.look, after):
        return len(move)
    return len(move) + len(sgr.change(before.look, after.look))
