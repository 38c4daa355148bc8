"""One view of a board that keeps in step with it: a change costs what it changes, not what there is.

Where the view itself changes (another order, another kind), or so much of the board that one pass is cheaper, all
of it is put in order anew, and only when somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Final

from tui.live.board import Board, Change
from tui.live.ordered import Ordered
from tui.live.orders import ORDERS, URGENT, in_order, place_of
from tui.live.rows import Piece, Rows
from tui.live.spread import spread
from tui.live.tally import Tally
from tui.live.view import Counts, ViewKind, ViewSpec, belongs, of_kind
from tui.model.filter import EMPTY, Filter
from tui.model.session import Key, Session

# Putting one session in its place costs as much as passing so many when all are put in order; a few are always
# put in their places, one by one.
_PASSES: Final = 16
_FEW: Final = 64
# So many sessions are learned in a few milliseconds.
_SLICE: Final = 1_000


class LiveView:
    """What a screen shows of a board: the rows of one view in the order that `select` gives, and the totals.

    Under the filter lies the same view without one, so that a typed letter orders nothing.
    """

    def __init__(self, board: Board) -> None:
        self._board = board
        self._spec: ViewSpec | None = None
        self._mine: dict[str, str] = {}
        self._belongs: Callable[[Session], bool] = lambda _: False
        self._whole = Ordered(place_of(URGENT))
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
        if not spec.filter and spec is not known:  # asked anew, not told again: nothing is typed
            self._whole.forget()
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
        return self._whole.learning(_SLICE)

    def _order(self, spec: ViewSpec, mine: Mapping[str, str]) -> None:
        order, turned = ORDERS[spec.order], spec.reverse
        self._mine = dict(mine)
        self._belongs = belongs(spec.kind, mine)
        chosen = of_kind(self._board.sessions.values(), spec.kind, mine)
        sort = partial(in_order, order=order, reverse=turned)
        parts = spread(chosen, order, reverse=turned)
        before = self._whole
        self._whole = Ordered.of_parts(place_of(order, reverse=turned), parts, sort)
        if spec.filter:  # `before` still holds its sessions: no other has taken the identity of one
            self._whole.recall(before.words())
        self._filter, self._filtered = EMPTY, None

    def _pick(self, chosen: Filter) -> None:
        """What passes a filter is in order already; among less of it where the filter was only typed on."""
        found = self._whole
        if self._filtered is not None and chosen.within(self._filter):
            found = self._filtered

        def pick(piece: Piece) -> tuple[list[Session], list[str]]:
            return chosen.pick_among(piece.rows, piece.all_words())

        self._filter = chosen
        self._filtered = found.subset(pick) if chosen else None

    def _follow(self, change: Change) -> None:
        if not len(change):
            return
        known = self._board.sessions
        self._tally.follow(change)
        if self._spec is None or len(change) > max(_FEW, len(known) // _PASSES):
            self._spec = None
            return
        pairs = [
            (self._its(change.before.get(key)), self._its(known.get(key)))
            for key in (*change.added, *change.updated, *change.gone)
        ]
        _take(self._whole, pairs)
        if self._filtered is not None:
            _take(self._filtered, [(self._match(old), self._match(new)) for old, new in pairs])

    def _its(self, session: Session | None) -> Session | None:
        return session if session is not None and self._belongs(session) else None

    def _match(self, session: Session | None) -> Session | None:
        return session if session is not None and self._filter.matches(session) else None


def _take(ordered: Ordered, pairs: list[tuple[Session | None, Session | None]]) -> None:
    """Each session of a change, as it was among those and as it is now; None where it was not, or is not."""
    if len(pairs) <= _FEW:
        for old, new in pairs:
            ordered.change(old, new)
    else:
        ordered.change_all(
            [old for old, _ in pairs if old is not None],
            [new for _, new in pairs if new is not None],
        )
