"""One view of a board that keeps in step with it: a change costs what it changes, not what there is.

Where the view itself changes (another order, another kind), or so much of the board that one pass is cheaper, all
of it is put in order anew, and only when somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Final

from tui.live.board import Board, Change
from tui.live.rows import Ordered, Rows
from tui.live.tally import Tally
from tui.live.view import (
    ORDERS,
    URGENT,
    Counts,
    ViewKind,
    ViewSpec,
    belongs,
    from_urgent,
    in_order,
    of_kind,
    place_of,
)
from tui.model.filter import EMPTY, Filter, learn
from tui.model.session import Key, Session

# Putting one session in its place costs as much as passing so many when all are put in order; a few are always
# put in their places.
_PASSES: Final = 16
_FEW: Final = 64
# So many sessions are learned in a few milliseconds.
_SLICE: Final = 2_000


class LiveView:
    """What a screen shows of a board: the rows of one view in the order that `select` gives, and the totals.

    Under the filter lies the same view without one, so that a typed letter orders nothing; and under any other
    order that of urgency, which decides between equals.
    """

    def __init__(self, board: Board) -> None:
        self._board = board
        self._spec: ViewSpec | None = None
        self._mine: dict[str, str] = {}
        self._belongs: Callable[[Session], bool] = lambda _: False
        self._urgent = self._whole = Ordered(place_of(URGENT))
        self._filter: Filter = EMPTY
        self._filtered: Ordered | None = None
        self._tally = Tally(board.sessions)
        board.follow(self._follow)

    def rows(self, spec: ViewSpec, mine: Mapping[str, str]) -> Rows:
        """The rows of that view now; `mine` as in `select`. Sessions are the very objects of the board."""
        known = self._spec
        if (
            known is None
            or (spec.kind, spec.order, spec.reverse) != (known.kind, known.order, known.reverse)
            or (spec.kind is ViewKind.MINE and mine != self._mine)
        ):
            self._order(spec, mine)
        if spec.filter != self._filter:
            self._pick(spec.filter)
        self._spec = spec
        return self._whole.rows if self._filtered is None else self._filtered.rows

    def counts(self, now: datetime) -> Counts:
        """The totals of the whole board, as `count_sessions` gives them."""
        return self._tally.counts(now)

    def shows(self, key: Key) -> bool:
        """Whether that session is among the rows that were last asked for."""
        session = self._board.sessions.get(key)
        return session is not None and self._belongs(session) and self._filter.matches(session)

    def learning(self) -> Iterator[None]:
        """What a filter looks for is learned of the rows, a slice each step, while its first letter is awaited."""
        left = iter(self._whole.rows)
        while part := tuple(islice(left, _SLICE)):
            learn(part)
            yield

    def _order(self, spec: ViewSpec, mine: Mapping[str, str]) -> None:
        known, order, turned = self._spec, ORDERS[spec.order], spec.reverse
        other_people = spec.kind is ViewKind.MINE and mine != self._mine
        if known is None or known.kind is not spec.kind or other_people:
            self._mine = dict(mine)
            self._belongs = belongs(spec.kind, mine)
            chosen = of_kind(self._board.sessions.values(), spec.kind, mine)
            self._urgent = Ordered(place_of(URGENT), in_order(chosen, URGENT))
        self._whole = self._urgent
        if order is not URGENT or turned:
            rows = from_urgent(list(self._urgent.rows), order, reverse=turned)
            self._whole = Ordered(place_of(order, reverse=turned), rows)
        self._filter, self._filtered = EMPTY, None

    def _pick(self, chosen: Filter) -> None:
        """What passes a filter is in order already; among less of it where the filter was only typed on."""
        found = self._whole
        if self._filtered is not None and chosen.within(self._filter):
            found = self._filtered
        self._filter = chosen
        self._filtered = found.subset(chosen.pick(found.rows)) if chosen else None

    def _follow(self, change: Change) -> None:
        keys = change.added | change.updated | change.gone
        if not keys:
            return
        known = self._board.sessions
        self._tally.follow(change, keys)
        if self._spec is None or len(keys) > max(_FEW, len(known) // _PASSES):
            self._spec = None
            return
        for key in keys:
            self._change(change.before.get(key), known.get(key))

    def _change(self, old: Session | None, new: Session | None) -> None:
        before = old if old is not None and self._belongs(old) else None
        after = new if new is not None and self._belongs(new) else None
        self._urgent.change(before, after)
        if self._whole is not self._urgent:
            self._whole.change(before, after)
        if self._filtered is not None:
            matches = self._filter.matches
            self._filtered.change(
                before if before is not None and matches(before) else None,
                after if after is not None and matches(after) else None,
            )
            if old is not None:
                self._filter.forget(old)
