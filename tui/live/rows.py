"""Sessions in a total order, changed one at a time: what a screen holds of them never changes under its hands.

They lie in short lists. A change copies one of these and looks at a few sessions of it (a logarithm of all there
are); nothing is kept of a session but its place in such a list.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, chain
from typing import Any, Final, overload

from tui.model.session import Session

Place = tuple[Any, ...]
"""What sessions are compared by; no two have the same."""

_USUAL: Final = 256
_MOST: Final = 2 * _USUAL


class Rows(Sequence[Session]):
    """The sessions as they stood when this was made."""

    __slots__ = ("_chunks", "_starts")

    def __init__(self, chunks: Sequence[Sequence[Session]] = ()) -> None:
        self._chunks = tuple(chunks)
        self._starts = [0, *accumulate(map(len, self._chunks))]

    def __len__(self) -> int:
        return self._starts[-1]

    def __iter__(self) -> Iterator[Session]:
        return chain.from_iterable(self._chunks)

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
        chunk = bisect_right(self._starts, at) - 1
        return self._chunks[chunk][at - self._starts[chunk]]


class Ordered:
    """The sessions of a view in their order. `place` says where each stands."""

    def __init__(self, place: Callable[[Session], Place], rows: Sequence[Session] = ()) -> None:
        """`rows` are in order already."""
        self._place = place
        self._chunks = [list(rows[at : at + _USUAL]) for at in range(0, len(rows), _USUAL)]
        self._lasts = [place(chunk[-1]) for chunk in self._chunks]
        self._rows: Rows | None = None

    @property
    def rows(self) -> Rows:
        """All of them as they stand now; later changes are not seen in it."""
        if self._rows is None:
            self._rows = Rows(self._chunks)
        return self._rows

    def put(self, session: Session) -> None:
        """A session that is not among them takes its place."""
        place = self._place(session)
        number = min(bisect_left(self._lasts, place), len(self._chunks) - 1)
        if number < 0:
            self._replace(0, 0, [[session]])
            return
        chunk = self._chunks[number]
        at = bisect_left(chunk, place, key=self._place)
        grown = [*chunk[:at], session, *chunk[at:]]
        parts = [grown] if len(grown) < _MOST else [grown[:_USUAL], grown[_USUAL:]]
        self._replace(number, number + 1, parts)

    def take(self, session: Session) -> None:
        """Takes out a session, given as it was when it was put. Raises `LookupError` when it is not there."""
        number, at = self._find(session, self._place(session))
        chunk = self._chunks[number]
        left = chunk[:at] + chunk[at + 1 :]
        self._replace(number, number + 1, [left] if left else [])

    def swap(self, old: Session, new: Session) -> None:
        """`take` and `put` in one; a session that keeps its place costs one look."""
        place = self._place(old)
        if place != self._place(new):
            self.take(old)
            self.put(new)
            return
        number, at = self._find(old, place)
        chunk = self._chunks[number].copy()
        chunk[at] = new
        # Its last session stands where it stood: no boundary moves.
        self._chunks[number] = chunk
        self._rows = None

    def change(self, old: Session | None, new: Session | None) -> None:
        """A session as it was among them, None if it was not, and as it is now."""
        if old is not None and new is not None:
            self.swap(old, new)
        elif old is not None:
            self.take(old)
        elif new is not None:
            self.put(new)

    def subset(self, rows: Sequence[Session]) -> Ordered:
        """Some of them, in their order, as sessions that change on their own."""
        return Ordered(self._place, rows)

    def _find(self, session: Session, place: Place) -> tuple[int, int]:
        number = bisect_left(self._lasts, place)
        if number < len(self._chunks):
            chunk = self._chunks[number]
            at = bisect_left(chunk, place, key=self._place)
            if at < len(chunk) and chunk[at].key == session.key:
                return number, at
        raise LookupError("a session is not where it was put")

    def _replace(self, start: int, end: int, chunks: list[list[Session]]) -> None:
        self._chunks[start:end] = chunks
        self._lasts[start:end] = [self._place(chunk[-1]) for chunk in chunks]
        self._rows = None
