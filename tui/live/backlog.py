"""Rows of listings that wait for a reader: each once, in its newest state, the first that came first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from itertools import chain

from tui.model.session import Key, Session
from tui.model.text import Opaque


class Backlog:
    """Held by profile and id: keys of their own, by the hundred thousand, would be searched for garbage again and
    again. A profile with very many rows does not hold up the others'."""

    __slots__ = ("_by_profile",)

    def __init__(self) -> None:
        self._by_profile: dict[str, OrderedDict[Opaque, Session]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._by_profile.values()))

    def __iter__(self) -> Iterator[Session]:
        return chain.from_iterable(rows.values() for rows in self._by_profile.values())

    def put(self, session: Session) -> None:
        """A row keeps its place in the line when it is told again."""
        rows = self._by_profile.get(session.profile)
        if rows is None:
            rows = self._by_profile[session.profile] = OrderedDict()
        rows[session.id] = session

    def take_out(self, key: Key) -> None:
        """That row is told otherwise, or is no more."""
        rows = self._by_profile.get(key.profile)
        if rows is not None:
            rows.pop(key.id, None)

    def forget(self, profile: str) -> None:
        """All rows of a profile."""
        self._by_profile.pop(profile, None)

    def first(self, most: int) -> Backlog:
        """Takes out the first rows of each profile, so many in all."""
        found = Backlog()
        left = most
        shortest_first = sorted(self._by_profile.items(), key=lambda item: len(item[1]))
        for done, (_, rows) in enumerate(shortest_first):
            share = left // (len(shortest_first) - done)
            for _ in range(min(share, len(rows))):
                found.put(rows.popitem(last=False)[1])
                left -= 1
        return found
