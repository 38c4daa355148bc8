"""The rows of a view: what a screen holds of them never changes under its hands.

They lie in pieces. Which sessions a piece holds is known at once; it is put in order when somebody looks into it, for
of 200,000 sessions a screen shows fifty. Nothing is kept of a session but its place in such a list, and its words
while a filter is typed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import accumulate, chain, compress, repeat
from operator import attrgetter, is_
from typing import Any, Final, NamedTuple, overload

from tui.model.filter import searchable_all
from tui.model.session import Key, Session

Place = tuple[Any, ...]
"""What sessions are compared by; no two have the same."""

Sort = Callable[[list[Session]], list[Session]]
"""Puts sessions in the order of their places; the list that it is given stays as it is."""

# So many sessions are not put in order at once, where smaller parts can be made of them.
_MANY: Final = 1_024
# Changes of a piece in no order are only noted: so many of them, or so large a share of it.
_NOTED: Final = 64
_SHARE: Final = 8

_id_of = attrgetter("id")


class Part(NamedTuple):
    """Sessions in no order, and where they end: their places are all before it, and none of the next part's is.

    `finer` makes smaller parts of such sessions, in order; fewer than two when it cannot. The end of the last one may
    be any that is behind it.
    """

    end: Place
    rows: list[Session]
    finer: Callable[[list[Session]], list[Part]] | None = None


class Piece:
    """Sessions that stand side by side. What they are and where they end never changes.

    `sort` is there as long as they are in no order; `finer` makes smaller parts of them. `words` are what a filter
    looks for in each of `rows`, as far as it is learned: the first ones' may be there alone.
    """

    __slots__ = ("_gone", "_more", "_parts", "_rows", "born", "finer", "sort", "words")

    def __init__(
        self,
        rows: list[Session],
        sort: Sort | None = None,
        finer: Callable[[list[Session]], list[Part]] | None = None,
        words: list[str] | None = None,
    ) -> None:
        self._rows = rows
        self.sort = sort
        self.finer = finer
        self.words = words
        self.born = len(rows)
        # What changed since these rows, which others have too: without these identities, and these besides.
        self._gone: frozenset[int] = frozenset()
        self._more: tuple[Session, ...] = ()
        self._parts: tuple[list[Place], Rows] | None = None

    def __len__(self) -> int:
        return len(self._rows) - len(self._gone) + len(self._more)

    @property
    def rows(self) -> list[Session]:
        """The sessions, in their order if they have one. Raises `LookupError` when one was taken that is not there."""
        if self._gone or self._more:
            self._write_down()
        return self._rows

    def _write_down(self) -> None:
        gone, count = self._gone, len(self)
        stay = [id(one) not in gone for one in self._rows] if gone else repeat(True)
        rows = [*compress(self._rows, stay), *self._more]
        if len(rows) != count:
            raise LookupError("a session is not where it was put")
        if self.words is not None:
            kept = list(compress(self.words, stay))
            if len(self.words) == len(self._rows):
                kept += searchable_all(self._more)
            self.words = kept
        self._rows, self._gone, self._more = rows, frozenset(), ()

    def mixed(self, gone: Set[int], added: Iterable[Session], sort: Sort) -> Piece:
        """Another one without the sessions of these identities and with those added, in no order."""
        made = Piece(self._rows, sort, self.finer, self.words)
        made.born = self.born
        made._more = (*(one for one in self._more if id(one) not in gone), *added)
        made._gone = self._gone | (gone - {id(one) for one in self._more})
        if len(made._gone) + len(made._more) > max(_NOTED, len(self._rows) // _SHARE):
            made._write_down()
        return made

    def with_at(self, at: int, drop: int, sessions: Sequence[Session]) -> Piece:
        """Another one, in order like this one, in which these sessions stand at that place instead of so many."""
        rows, words = self.rows.copy(), self.words
        rows[at : at + drop] = sessions
        if words is not None and at <= len(words):
            words = [*words[:at], *searchable_all(sessions), *words[at + drop :]]
        return Piece(rows, words=words)

    @property
    def looked_into(self) -> bool:
        """Whether it has become several."""
        return self._parts is not None

    def in_order(self) -> Sequence[Session]:
        """The sessions in their order. Of many a part is put in order when it is looked at."""
        if self._parts is not None:
            return self._parts[1]
        rows = self.rows
        if self.sort is None:
            return rows
        if self.finer is not None and len(rows) >= _MANY:
            parts = self.finer(rows)
            if len(parts) > 1:
                self._parts = [part.end for part in parts], Rows(self._finer(parts))
                return self._parts[1]
        ordered = self.sort(rows)
        self.words = self._words_of(ordered)
        self._rows, self.sort = ordered, None
        return ordered

    def _finer(self, parts: list[Part]) -> Iterator[Piece]:
        for part in parts:
            yield Piece(part.rows, self.sort, part.finer, self._words_of(part.rows))

    def _words_of(self, rows: list[Session]) -> list[str] | None:
        if self.words is None or len(self.words) < len(self.rows):
            return None
        known = dict(zip(map(id, self.rows), self.words, strict=True))
        return [known[id(one)] for one in rows]

    def opened(self, end: Place) -> Iterator[tuple[Place, Piece]]:
        """The pieces that this one has become where somebody looked, and their ends; `end` is its own."""
        if self._parts is None:
            yield end, self
            return
        ends, rows = self._parts
        for its_end, piece in zip([*ends[:-1], end], rows.pieces, strict=True):
            yield from piece.opened(its_end)

    def parted(self, size: int) -> Iterator[Piece]:
        """The same in smaller pieces; for one in order."""
        rows, words = self.rows, self.words
        words = words if words is not None and len(words) == len(rows) else None
        for at in range(0, len(rows), size):
            some = None if words is None else words[at : at + size]
            yield Piece(rows[at : at + size], words=some)

    def learn(self, limit: int | None = None) -> int:
        """The words of the next so many (None: of all) are learned. How many that were."""
        rows = self.rows
        known = 0 if self.words is None else len(self.words)
        new = searchable_all(rows[known : None if limit is None else known + limit])
        if self.words:
            self.words += new
        else:
            self.words = new
        return len(new)

    def all_words(self) -> list[str]:
        """The words of every session, in the order of `rows`."""
        if self.words is None or len(self.words) < len(self.rows):
            self.learn()
        assert self.words is not None
        return self.words


class Rows(Sequence[Session]):
    """The sessions as they stood when this was made."""

    __slots__ = ("_starts", "pieces")

    def __init__(self, pieces: Iterable[Piece] = ()) -> None:
        self.pieces = tuple(pieces)
        self._starts = [0, *accumulate(map(len, self.pieces))]

    def __len__(self) -> int:
        return self._starts[-1]

    def __iter__(self) -> Iterator[Session]:
        return chain.from_iterable(map(Piece.in_order, self.pieces))

    @overload
    def __getitem__(self, index: int) -> Session: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Session]: ...
    def __getitem__(self, index: int | slice) -> Session | Sequence[Session]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        at = index + len(self) if index < 0 else index
        if not 0 <= at < len(self):
            raise IndexError(index)
        number = bisect_right(self._starts, at) - 1
        return self.pieces[number].in_order()[at - self._starts[number]]

    def find(self, key: Key) -> int | None:
        """Where the session of that key is; None when it is not among them."""
        profile, ref = key
        for start, piece in zip(self._starts, self.pieces, strict=False):
            if ref in map(_id_of, piece.rows):
                rows = piece.in_order()
                if isinstance(rows, Rows):
                    at = rows.find(key)
                else:
                    both = ((one.profile, one.id) == (profile, ref) for one in rows)
                    at = next((at for at, same in enumerate(both) if same), None)
                if at is not None:
                    return start + at
        return None

    def find_object(self, session: Session) -> int | None:
        """Where that very object is; None when it is not among them. Three times faster than by its key."""
        for start, piece in zip(self._starts, self.pieces, strict=False):
            if any(map(is_, piece.rows, repeat(session))):
                rows = piece.in_order()
                if isinstance(rows, Rows):
                    at = rows.find_object(session)
                else:
                    at = next(at for at, one in enumerate(rows) if one is session)
                return None if at is None else start + at
        return None
