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

# How many sessions a list has at first; with twice as many it is parted.
_USUAL: Final = 128


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
        self._put(session, self._place(session))

    def take(self, session: Session) -> None:
        """Takes out a session, given as it was when it was put. Raises `LookupError` when it is not there."""
        self._take(session, self._place(session))

    def swap(self, old: Session, new: Session) -> None:
        """`take` and `put` in one; a session that keeps its place costs one look."""
        place, new_place = self._place(old), self._place(new)
        if place != new_place:
            self._take(old, place)
            self._put(new, new_place)
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

    def _put(self, session: Session, place: Place) -> None:
        self._rows = None
        number = bisect_left(self._lasts, place)
        if number == len(self._chunks):  # behind all of them
            if not number:
                self._chunks, self._lasts = [[session]], [place]
                return
            number -= 1
            self._lasts[number] = place
        chunk = self._chunks[number]
        at = bisect_left(chunk, place, key=self._place)
        grown = [*chunk[:at], session, *chunk[at:]]
        if len(grown) < 2 * _USUAL:
            self._chunks[number] = grown
        else:
            self._chunks[number : number + 1] = [grown[:_USUAL], grown[_USUAL:]]
            self._lasts.insert(number, self._place(grown[_USUAL - 1]))

    def _take(self, session: Session, place: Place) -> None:
        number, at = self._find(session, place)
        self._rows = None
        chunk = self._chunks[number]
        left = chunk[:at] + chunk[at + 1 :]
        if not left:
            del self._chunks[number], self._lasts[number]
            return
        self._chunks[number] = left
        if at == len(left):
            self._lasts[number] = self._place(left[-1])

    def _find(self, session: Session, place: Place) -> tuple[int, int]:
        number = bisect_left(self._lasts, place)
        if number < len(self._chunks):
            chunk = self._chunks[number]
            at = bisect_left(chunk, place, key=self._place)
            if at < len(chunk) and chunk[at].key == session.key:
                return number, at
        raise LookupError("a session is not where it was put")
