"""Sessions that are kept in a total order, changed one at a time or many at once.

A change copies one short piece and looks at a few sessions of it, a logarithm of all there are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from tui.live.rows import Part, Piece, Place, Rows, Sort
from tui.model.filter import searchable
from tui.model.session import Session

# How many sessions a piece in order has at first; with twice as many it is parted. When one in no order has grown to so
# many times as many, it is parted too.
_USUAL: Final = 512
_TOO_MANY: Final = 8


def _behind(place: Place) -> Place:
    """Between that place and the next one."""
    return *place, 0


class Ordered:
    """The sessions of a view in their order. `place` says where each stands."""

    def __init__(
        self,
        place: Callable[[Session], Place],
        rows: Sequence[Session] = (),
        sort: Sort | None = None,
    ) -> None:
        """`rows` are in order already. `sort` orders as `place` does, and faster."""
        self._place = place
        self._sort: Sort = sort or (lambda some: sorted(some, key=place))
        self._pieces = list(Piece(list(rows)).parted(_USUAL))
        # All places of a piece are before its end, and none of the next one's is.
        self._ends = [_behind(place(piece.rows[-1])) for piece in self._pieces]
        self._rows: Rows | None = None

    @classmethod
    def of_parts(
        cls, place: Callable[[Session], Place], parts: Iterable[Part], sort: Sort
    ) -> Ordered:
        """Of sessions in parts, none of which is empty."""
        made = cls(place, sort=sort)
        for end, rows, finer in parts:
            made._ends.append(end)
            made._pieces.append(Piece(rows, sort, finer))
        return made

    @property
    def rows(self) -> Rows:
        """All of them as they stand now; later changes are not seen in it."""
        if self._rows is None:
            self._rows = Rows(self._pieces)
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
        piece = self._pieces[number]
        self._pieces[number] = (
            piece.mixed({id(old)}, (new,), self._sort)
            if at is None
            else piece.with_at(at, 1, (new,))
        )
        self._rows = None

    def change(self, old: Session | None, new: Session | None) -> None:
        """A session as it was among them, None if it was not, and as it is now."""
        if old is not None and new is not None:
            self.swap(old, new)
        elif old is not None:
            self.take(old)
        elif new is not None:
            self.put(new)

    def change_all(self, gone: Iterable[Session], added: Collection[Session]) -> None:
        """Many at once: some go, as they were when they were put, and others come. The pieces that this touches are
        put in order again when somebody looks. Raises `LookupError` when one is not there."""
        self._open()
        self._rows = None
        leave: dict[int, set[int]] = {}
        come: dict[int, list[Session]] = {}
        for one in gone:
            leave.setdefault(bisect_left(self._ends, self._place(one)), set()).add(id(one))
        if added and not self._pieces:
            self._pieces, self._ends = [Piece([])], [()]
        last = len(self._pieces) - 1
        for one in added:
            place = self._place(one)
            number = bisect_left(self._ends, place)
            if number > last:  # behind all of them
                number, self._ends[last] = last, _behind(place)
            come.setdefault(number, []).append(one)
        for number in sorted(leave.keys() | come.keys(), reverse=True):
            self._mix(number, leave.get(number, set()), come.get(number, []))

    def _mix(self, number: int, gone: set[int], added: list[Session]) -> None:
        if number == len(self._pieces):
            raise LookupError("a session is not where it was put")
        mixed = self._pieces[number].mixed(gone, added, self._sort)
        if not len(mixed):
            del self._pieces[number], self._ends[number]
            return
        self._pieces[number] = mixed
        if len(mixed) >= max(_TOO_MANY * _USUAL, 2 * mixed.born):  # it has grown bit by bit
            mixed.in_order()

    def subset(self, pick: Callable[[Piece], tuple[list[Session], list[str]]]) -> Ordered:
        """Some of them, as sessions that change on their own. `pick` gives those of a piece in the order in which
        they lie there, with their words."""
        self._open()
        made = Ordered(self._place, sort=self._sort)
        for end, piece in zip(self._ends, self._pieces, strict=True):
            rows, words = pick(piece)
            if rows:
                made._ends.append(end)
                made._pieces.append(Piece(rows, piece.sort, piece.finer, words))
        return made

    def learning(self, size: int) -> Iterator[None]:
        """Learns the words of all, of so many each step, whatever changes between the steps."""
        self._open()
        left = size
        while True:
            unknown = (piece for piece in self._pieces if len(piece.words or ()) < len(piece))
            piece = next(unknown, None)
            if piece is None:
                break
            left -= piece.learn(left)
            if left <= 0:
                yield
                left = size
        if left < size:
            yield

    def words(self) -> dict[int, str]:
        """What is learned, by the sessions' identities; to be used while these sessions are held."""
        known: dict[int, str] = {}
        for piece in self._pieces:
            rows = piece.rows  # with the news, and so are the words then
            known.update(zip(map(id, rows), piece.words or (), strict=False))
        return known

    def recall(self, known: Mapping[int, str]) -> None:
        """Learns what another has learned; what that did not know, anew."""
        for piece in self._pieces if known else ():
            piece.words = [known.get(id(one)) or searchable(one) for one in piece.rows]

    def forget(self) -> None:
        """No words are kept any more."""
        self._open()
        for piece in self._pieces:
            piece.words = None

    def _put(self, session: Session, place: Place) -> None:
        self._rows = None
        number = bisect_left(self._ends, place)
        if number == len(self._pieces):  # behind all of them
            if not number:
                self._pieces, self._ends = [Piece([session])], [_behind(place)]
                return
            number -= 1
            self._ends[number] = _behind(place)
        if self._opened(number):
            self._put(session, place)
            return
        piece = self._pieces[number]
        if piece.sort is None:
            at = bisect_left(piece.rows, place, key=self._place)
            self._pieces[number] = piece.with_at(at, 0, (session,))
        else:
            self._mix(number, set(), [session])

    def _take(self, session: Session, place: Place) -> None:
        number, at = self._find(session, place)
        self._rows = None
        if at is None:
            self._mix(number, {id(session)}, [])
        elif len(self._pieces[number]) == 1:
            del self._pieces[number], self._ends[number]
        else:
            self._pieces[number] = self._pieces[number].with_at(at, 1, ())

    def _find(self, session: Session, place: Place) -> tuple[int, int | None]:
        """The piece and where in it; None where that is in no order."""
        number = bisect_left(self._ends, place)
        if number < len(self._pieces):
            if self._opened(number):
                return self._find(session, place)
            if self._pieces[number].sort is not None:
                return number, None
            rows = self._pieces[number].rows
            at = bisect_left(rows, place, key=self._place)
            if at < len(rows) and rows[at].key == session.key:
                return number, at
        raise LookupError("a session is not where it was put")

    def _open(self) -> None:
        """Where somebody has looked into a piece, its parts take its place."""
        if any(piece.looked_into for piece in self._pieces):
            both = zip(self._ends, self._pieces, strict=True)
            opened = [one for end, piece in both for one in piece.opened(end)]
            self._ends, self._pieces = [end for end, _ in opened], [piece for _, piece in opened]
            self._rows = None

    def _opened(self, number: int) -> bool:
        """Puts smaller pieces into the place of one: those that it has become where somebody looked, or of one in
        order that is too long to be copied for each change. False where it stays."""
        piece = self._pieces[number]
        if piece.looked_into:
            opened = list(piece.opened(self._ends[number]))
            self._ends[number : number + 1] = [end for end, _ in opened]
            self._pieces[number : number + 1] = [piece for _, piece in opened]
            return True
        if piece.sort is None and len(piece) >= 2 * _USUAL:
            self._part(number)
            return True
        return False

    def _part(self, number: int) -> None:
        pieces = list(self._pieces[number].parted(_USUAL))
        ends = [_behind(self._place(piece.rows[-1])) for piece in islice(pieces, len(pieces) - 1)]
        self._pieces[number : number + 1] = pieces
        self._ends[number:number] = ends
