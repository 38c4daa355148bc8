"""Which row is selected. The selection follows its session, not the row number.

A selected session that vanishes from the rows stays as a tombstone at its place until the selection moves on.
Nothing here depends on how many rows there are, except looking for a session that is no longer near its place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import repeat
from operator import attrgetter, indexOf, is_

from tui.live.rows import Rows
from tui.model.session import Key, Session

_NEAR = 64
_id_of = attrgetter("id")


def find(rows: Sequence[Session], key: Key, near: int) -> int | None:
    """The number of the session's row, looked for first around `near`; None when it is not there."""
    index = _find_near(rows, key, near)
    return _find_anywhere(rows, key) if index is None else index


def _find_near(rows: Sequence[Session], key: Key, near: int) -> int | None:
    profile, id_ = key
    for index in range(max(0, near - _NEAR), min(len(rows), near + _NEAR)):
        row = rows[index]
        if row.id == id_ and row.profile == profile:
            return index
    return None


def _find_anywhere(rows: Sequence[Session], key: Key) -> int | None:
    if isinstance(rows, Rows):
        return rows.find(key)
    ids = map(_id_of, rows)  # in C: a loop takes half as long again
    index = -1
    while True:
        try:
            index += 1 + indexOf(ids, key.id)
        except ValueError:
            return None
        if rows[index].profile == key.profile:
            return index


def _find_object(rows: Sequence[Session], session: Session) -> int | None:
    if isinstance(rows, Rows):
        return rows.find_object(session)
    return next((i for i, same in enumerate(map(is_, rows, repeat(session))) if same), None)


class Selection:
    """The rows as the user sees them, the tombstone among them, and the selected one.

    `chosen` says whether the user picked the row; until then it is only where the cursor was put at the start.
    `latest`, where given, looks up the newest state of any session, and rows hold the very objects it returns.
    """

    def __init__(self, latest: Callable[[Key], Session | None] | None = None) -> None:
        self.latest = latest
        self.rows: Sequence[Session] = ()
        self.index = 0
        self.session: Session | None = None
        self.gone = False
        self.chosen = False

    def __len__(self) -> int:
        return len(self.rows) + self.gone

    @property
    def key(self) -> Key | None:
        """The selected session's key; None when there is no row at all."""
        return None if self.session is None else self.session.key

    def row(self, index: int) -> Session:
        """The session on a row; the tombstone's is the one that vanished."""
        if not self.gone or index < self.index:
            return self.rows[index]
        if index > self.index:
            return self.rows[index - 1]
        assert self.session is not None  # a tombstone is of a session
        return self.session

    def is_tombstone(self, index: int) -> bool:
        """Whether that row's session has vanished."""
        return self.gone and index == self.index

    def replace(
        self, rows: Sequence[Session], *, tombstone: bool, changed: Collection[Key] | None = None
    ) -> None:
        """New rows. A vanished selected session leaves a tombstone, or hands on to its neighbour without.

        A vanished session is looked for again only when it is among the `changed`; None says nothing about it.
        """
        self.rows = rows
        key = self.key
        still_gone = self.gone and changed is not None and key not in changed
        found = None if key is None or still_gone else self._find(key)
        if found is not None:
            self.gone = False
            self.index, self.session = found, rows[found]
        elif key is not None and tombstone:
            self.gone = True
            self.index = min(self.index, len(rows))
        else:
            self._settle(self.index)

    def follow(self, session: Session) -> None:
        """The selected session goes on under another id: from the next rows on it is that one."""
        self.session = session

    def move(self, index: int) -> None:
        """Selects a row by its number, as the user sees it now; the tombstone goes when it is left."""
        index = max(0, min(index, len(self) - 1))
        if self.gone:
            if index == self.index:
                return
            index -= index > self.index
        self._settle(index)

    def _find(self, key: Key) -> int | None:
        index = _find_near(self.rows, key, self.index)
        if index is not None:
            return index
        if self.latest is None:
            return _find_anywhere(self.rows, key)
        newest = self.latest(key)
        return None if newest is None else _find_object(self.rows, newest)

    def _settle(self, index: int) -> None:
        self.gone = False
        self.index = max(0, min(index, len(self.rows) - 1))
        self.session = self.rows[self.index] if self.rows else None
