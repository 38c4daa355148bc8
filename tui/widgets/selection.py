"""Which row is selected. The selection follows its session, not the row number.

A selected session that vanishes from the rows stays as a tombstone at its place until the selection moves on.
Nothing here depends on how many rows there are, except looking for a session that is no longer near its place.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from operator import attrgetter, indexOf

from tui.model.session import Key, Session

_NEAR = 64
_id_of = attrgetter("id")


def find(rows: Sequence[Session], key: Key, near: int) -> int | None:
    """The number of the session's row, looked for first around `near`; None when it is not there."""
    profile, id_ = key
    low = max(0, near - _NEAR)
    for index in range(low, min(len(rows), near + _NEAR)):
        row = rows[index]
        if row.id == id_ and row.profile == profile:
            return index
    return _find_anywhere(rows, profile, id_)


def _find_anywhere(rows: Sequence[Session], profile: str, id_: str) -> int | None:
    # Looks at the ids in C: four times faster over 200,000 rows than a loop.
    ids = map(_id_of, rows)
    index = -1
    while True:
        try:
            index += 1 + indexOf(ids, id_)
        except ValueError:
            return None
        if rows[index].profile == profile:
            return index


class Selection:
    """The rows as the user sees them, the tombstone among them, and the selected one.

    `chosen` says whether the user picked the row; until then it is only where the cursor was put at the start.
    """

    def __init__(self) -> None:
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
        found = None if key is None or still_gone else find(rows, key, self.index)
        if found is not None:
            self.gone = False
            self.index, self.session = found, rows[found]
        elif key is not None and tombstone:
            self.gone = True
            self.index = min(self.index, len(rows))
        else:
            self._settle(self.index)

    def move(self, index: int) -> None:
        """Selects a row by its number, as the user sees it now; the tombstone goes when it is left."""
        index = max(0, min(index, len(self) - 1))
        if self.gone:
            if index == self.index:
                return
            index -= index > self.index
        self._settle(index)

    def _settle(self, index: int) -> None:
        self.gone = False
        self.index = max(0, min(index, len(self.rows) - 1))
        self.session = self.rows[self.index] if self.rows else None
