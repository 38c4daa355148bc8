"""Many sessions in parts: what each part holds is known, and that none of it stands behind the next part.

This is what an order needs at once, for counting and for finding the rows that a screen shows; it takes a few steps a
session. A large part is spread again, and a small one put in order, when somebody looks into it (`rows.Piece`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from tui.live.orders import ENDED, URGENT, WAITING, Order, Turned, by_group, times, turn
from tui.live.rows import Part, Place
from tui.model.filter import fold
from tui.model.session import Session

# About so many sessions make the smallest part, and into so many at most are sessions cut that differ by a time.
_USUAL: Final = 1_024
_CUTS: Final = 24
# So many times are looked at for each part, to cut them where they lie.
_SAMPLE: Final = 32
# So many letters of a name are looked at; if these are the same in most, so many.
_LETTERS: Final = 2
_MORE_LETTERS: Final = (4, 8, 16, 32)

# Behind all groups of the order of urgency; behind all names of profiles.
_BEHIND: Final = float("inf")
_LAST: Final = "\U0010ffff"


Ended = tuple[Place, list[Session]]


def spread(sessions: list[Session], order: Order, *, reverse: bool = False) -> list[Part]:
    """Sessions in parts, none of which is empty; those of a part in smaller ones, if that can be."""
    again = partial(spread, order=order, reverse=reverse)
    return [Part(end, rows, again) for end, rows in _parts(sessions, order, reverse)]


def _parts(sessions: list[Session], order: Order, reverse: bool) -> list[Ended]:
    if not sessions:
        return []
    if order is URGENT:
        return _urgent(sessions, reverse=reverse)
    turned = reverse != order.turned
    if order.few is not None:
        parts, blank = _by_few(sessions, order.few, order, turned=turned)
    elif order.name is not None:
        parts, blank = _by_letters(sessions, _LETTERS, order.name, turned=turned)
        if len(parts) == 1 and not blank:
            more = _more_letters(sessions, order.name)
            parts, blank = _by_letters(sessions, more, order.name, turned=turned)
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
    group, keys, blank = _known(group, times(group, number))
    turned = reverse and number == WAITING
    parts = (_shortest_first if turned else partial(_timed, number=number))(group, keys, blank)
    return [((*before, number, *end), rows) for end, rows in parts]


def _timed(
    group: list[Session], keys: list[Any], blank: list[Session], *, number: int
) -> list[Ended]:
    """A group by its times; without the beginning of the place."""
    ended = number == ENDED
    parts: list[Ended] = []
    for cut, rows in _cut(group, keys, bisect_left if ended else bisect_right, last_first=ended):
        parts.append(((True,) if cut is None else (False, turn(cut) if ended else cut), rows))
    return [*parts, ((True, _LAST), blank)] if blank else parts


def _shortest_first(group: list[Session], keys: list[Any], blank: list[Session]) -> list[Ended]:
    """Who waits, the other way round; without the beginning of the place."""
    parts: list[Ended] = [((Turned((True,)),), blank)] if blank else []
    for cut, rows in _cut(group, keys, bisect_right, last_first=True):
        parts.append(((Turned(() if cut is None else (False, cut)),), rows))
    return parts


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
    return _joined(found, turned=turned), blank


def _joined(found: dict[Any, list[Session]], *, turned: bool) -> list[Ended]:
    """The parts of these keys, in their order. A key need only be how those of its sessions begin."""
    if not found:
        return []
    keys = sorted(found, reverse=turned)
    ends: list[Place] = [(False, turn(key), _BEHIND) if turned else (False, key) for key in keys]
    ends = [*ends[:-1], (True,)] if turned else [*ends[1:], (True,)]
    return [(end, found[key]) for key, end in zip(keys, ends, strict=True)]


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
    return _joined(found, turned=turned), blank


def _more_letters(sessions: list[Session], name_of: Callable[[Session], str | None]) -> int:
    """How many letters it takes to tell some of them apart."""
    some = [name_of(one) or "" for one in sessions[:: max(1, len(sessions) // 64)]]
    enough = (more for more in _MORE_LETTERS if 8 * len({name[:more] for name in some}) > len(some))
    return next(enough, _MORE_LETTERS[-1])


def _by_time(
    sessions: list[Session], order: Order, *, turned: bool
) -> tuple[list[Ended], list[Session]]:
    """By a time, and those that have none."""
    known, keys, blank = _known(sessions, order.keys_of(sessions))
    side = bisect_left if turned else bisect_right
    parts: list[Ended] = []
    for cut, rows in _cut(known, keys, side, last_first=turned):
        parts.append(((True,) if cut is None else (False, turn(cut) if turned else cut), rows))
    return parts, blank


def _known(
    sessions: list[Session], keys: list[Any]
) -> tuple[list[Session], list[Any], list[Session]]:
    """The sessions that have a key, their keys, and those that have none."""
    blank = [one for one, key in zip(sessions, keys, strict=True) if key is None]
    if not blank:
        return sessions, keys, blank
    known = [one for one, key in zip(sessions, keys, strict=True) if key is not None]
    return known, [key for key in keys if key is not None], blank


def _cut(
    sessions: list[Session],
    keys: list[Any],
    side: Callable[[list[Any], Any], int],
    *,
    last_first: bool,
) -> Iterator[tuple[Any | None, list[Session]]]:
    """Cut by their keys into parts of about the usual size, each with the key that it is cut at from the next one;
    None for the last. `side` says to which side of a cut belongs what equals it."""
    if not sessions:
        return
    count = min(_CUTS, len(keys) // _USUAL)
    cuts: list[Any] = []
    if count > 1:
        step = max(1, len(keys) // (count * _SAMPLE))
        some = sorted(keys[step // 2 :: step])
        cuts = sorted({some[len(some) * at // count] for at in range(1, count)})
    buckets: list[list[Session]] = [[] for _ in range(len(cuts) + 1)]
    put = [bucket.append for bucket in buckets]
    for one, key in zip(sessions, keys, strict=True):
        put[side(cuts, key)](one)
    # A bucket may be empty at one end only, where all equal the cut there.
    if last_first:
        buckets.reverse()
        cuts.reverse()
    for cut, bucket in zip([*cuts, None], buckets, strict=True):
        if bucket:
            yield cut, bucket
