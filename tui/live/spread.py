"""Many sessions in parts: what each part holds is known, and that none of it stands behind the next part.

This is what an order needs at once, for counting and for finding the rows that a screen shows; it takes a few steps a
session. A large part is spread again, and a small one put in order, when somebody looks into it (`rows.Piece`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from tui.live.orders import ENDED, URGENT, WAITING, Order, Turned, by_group, times, turn
from tui.live.rows import Part, Place
from tui.model.filter import fold
from tui.model.session import Session

# About so many sessions make the smallest part, and into so many at most are sessions cut that differ by a time.
_USUAL: Final = 1_024
_CUTS: Final = 24
# So many sessions at a time: what was fetched of them from memory is still at hand when they are looked at again.
_CLOSE: Final = 2_048
# So many times are looked at for each part, to cut them where they lie.
_SAMPLE: Final = 32
# So many letters of a name are looked at; if these are the same in most, so many.
_LETTERS: Final = 2
_MORE_LETTERS: Final = (4, 8, 16, 32)

# Behind all groups of the order of urgency; behind all names of profiles.
_BEHIND: Final = float("inf")
_LAST: Final = "\U0010ffff"


Ended = tuple[Place, list[Session]]


def spread(
    sessions: list[Session], order: Order, *, reverse: bool = False, letters: int | None = _LETTERS
) -> list[Part]:
    """Sessions in parts, none of which is empty; those of a part in smaller ones, if that can be. Names are told apart
    by their first `letters`, None for as many as it takes."""
    again = partial(spread, order=order, reverse=reverse, letters=None)
    return [Part(end, rows, again) for end, rows in _parts(sessions, order, reverse, letters)]


def _parts(
    sessions: list[Session], order: Order, reverse: bool, letters: int | None
) -> list[Ended]:
    if not sessions:
        return []
    if order is URGENT:
        return _urgent(sessions, reverse=reverse)
    turned = reverse != order.turned
    if order.few is not None:
        parts, blank = _by_few(sessions, order.few, order, turned=turned)
    elif order.name is not None:
        letters = letters or _enough_letters(sessions, order.name)
        parts, blank = _by_letters(sessions, letters, order.name, turned=turned)
    else:
        parts, blank = _by_time(sessions, order, turned=turned)
    if not parts:
        return _urgent(sessions, before=(True,))
    if blank:
        parts.append(((True, _BEHIND), blank))
    elif len(parts) == 1 and order.few is not None:
        key = order.keys_of(sessions[:1])[0]
        return _urgent(sessions, before=(False, turn(key) if turned else key))
    return parts


def _urgent(sessions: list[Session], *, reverse: bool = False, before: Place = ()) -> list[Ended]:
    """In the order of urgency, by groups, or if all are in one by its times. In other orders it follows on how the
    place begins."""
    groups = by_group(sessions)
    if len(groups) > 1:
        return [((*before, number + 1), group) for number, group in groups]
    number, group = groups[0]
    turned = reverse and number == WAITING
    parts = _shortest_first(group) if turned else _timed(group, number)
    return [((*before, number, *end), rows) for end, rows in parts]


def _timed(group: list[Session], number: int) -> list[Ended]:
    """A group by its times; without the beginning of the place."""
    ended = number == ENDED
    cut, blank = _cut(group, partial(times, number=number), turned=ended)
    parts: list[Ended] = [((True,) if by is None else (False, by), rows) for by, rows in cut]
    return [*parts, ((True, _LAST), blank)] if blank else parts


def _shortest_first(group: list[Session]) -> list[Ended]:
    """Who waits, the other way round; without the beginning of the place. A part ends where the next one would begin
    if nothing were turned."""
    cut, blank = _cut(group, partial(times, number=WAITING), turned=False)
    bounds: list[Place] = [(), *((False, by) for by, _ in cut[:-1])]
    parts = [((Turned(bound),), rows) for bound, (_, rows) in zip(bounds, cut, strict=True)]
    return [*([((Turned((True,)),), blank)] if blank else ()), *reversed(parts)]


def _by_few(
    sessions: list[Session], made_of: Callable[[Session], Any], order: Order, *, turned: bool
) -> tuple[list[Ended], list[Session]]:
    """By a key that few have, and those that have none."""
    assert order.key is not None
    found: dict[Any, list[Session]] = {}
    known: dict[Any, list[Session]] = {}
    for one in sessions:
        try:
            known[made_of(one)].append(one)
        except KeyError:
            some = known[made_of(one)] = found.setdefault(order.key(one), [])
            some.append(one)
    blank = found.pop(None, [])
    return _in_turn(found, turned=turned), blank


def _in_turn(found: dict[Any, list[Session]], *, turned: bool) -> list[Ended]:
    """The parts of these keys, in their order. A key need only be how those of its sessions begin."""
    keys = sorted(found, reverse=turned)
    ends: list[Place] = [(False, turn(key), _BEHIND) if turned else (False, key) for key in keys]
    ends = [*(ends[:-1] if turned else ends[1:]), (True,)]
    return [(end, found[key]) for key, end in zip(keys, ends, strict=False)]


def _joined(parts: list[Ended]) -> list[Ended]:
    """Very small ones become one with the next."""
    joined: list[Ended] = []
    for end, rows in parts:
        if joined and len(joined[-1][1]) + len(rows) < _USUAL // 2:
            rows = joined.pop()[1] + rows
        joined.append((end, rows))
    return joined


def _by_letters(
    sessions: list[Session],
    letters: int,
    name_of: Callable[[Session], str | None],
    *,
    turned: bool,
) -> tuple[list[Ended], list[Session]]:
    """By the first letters of their names, and those that have none."""
    found: dict[str, list[Session]] = {}
    heads: dict[str, list[Session]] = {}
    blank: list[Session] = []
    for one in sessions:
        name = one.customer or name_of(one)
        if name is None:
            blank.append(one)
            continue
        head = name[:letters]
        try:
            heads[head].append(one)
        except KeyError:
            key = fold(head)
            if len(key) >= letters:  # whatever follows these letters, the name begins with them
                some = heads[head] = found.setdefault(key[:letters], [])
            else:
                some = found.setdefault(fold(name)[:letters], [])
            some.append(one)
    return _joined(_in_turn(found, turned=turned)), blank


def _enough_letters(sessions: list[Session], name_of: Callable[[Session], str | None]) -> int:
    """How many letters it takes to tell some of them apart."""
    some = [name_of(one) or "" for one in sessions[:: max(1, len(sessions) // 64)]]
    enough = (more for more in _MORE_LETTERS if 8 * len({name[:more] for name in some}) > len(some))
    return next(enough, _MORE_LETTERS[-1])


def _by_time(
    sessions: list[Session], order: Order, *, turned: bool
) -> tuple[list[Ended], list[Session]]:
    """By a time, and those that have none."""
    cut, blank = _cut(sessions, order.keys_of, turned=turned)
    return [((True,) if by is None else (False, by), rows) for by, rows in cut], blank


def _cut(
    sessions: list[Session], keys_of: Callable[[list[Session]], list[Any]], *, turned: bool
) -> tuple[list[tuple[Any | None, list[Session]]], list[Session]]:
    """Cut by their keys into parts of about the usual size, and those that have none. With each part comes what all of
    its keys are before in a place and none of the next part's is, None for the last one. `turned`: the greatest
    first."""
    count = max(1, min(_CUTS, len(sessions) // _USUAL))
    some = keys_of(sessions[:: max(1, len(sessions) // (count * _SAMPLE))])
    some = sorted(key for key in some if key is not None)
    cuts = sorted({some[len(some) * at // count] for at in range(1, count)}) if some else []
    buckets: list[list[Session]] = [[] for _ in range(len(cuts) + 1)]
    put = [bucket.append for bucket in buckets]
    side = bisect_left if turned else bisect_right
    blank: list[Session] = []
    for at in range(0, len(sessions), _CLOSE):
        near = sessions[at : at + _CLOSE]
        for one, key in zip(near, keys_of(near), strict=True):
            if key is None:
                blank.append(one)
            else:
                put[side(cuts, key)](one)
    bounds = [*map(turn, reversed(cuts)), None] if turned else [*cuts, None]
    found = zip(bounds, reversed(buckets) if turned else buckets, strict=True)
    return [(bound, bucket) for bound, bucket in found if bucket], blank
