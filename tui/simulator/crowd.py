"""A set that can be chosen from at random in constant time and always in the same order."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tui.simulator.kinds import Session


class Crowd:
    """Sessions in one state. Removing swaps the last one in, so the order depends only on history."""

    def __init__(self) -> None:
        self._all: list[Session] = []
        self._at: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Session]:
        return iter(self._all)

    def add(self, session: Session) -> None:
        self._at[session.serial] = len(self._all)
        self._all.append(session)

    def remove(self, session: Session) -> None:
        """Take a session out; nothing happens when it is not in."""
        place = self._at.pop(session.serial, None)
        if place is None:
            return
        last = self._all.pop()
        if last is not session:
            self._all[place] = last
            self._at[last.serial] = place

    def choose(self, rng: Random) -> Session:
        """Any one. Raises IndexError when empty."""
        return self._all[int(rng.random() * len(self._all))]

    def oldest(self) -> Session:
        """The one created first. Raises ValueError when empty."""
        return min(self._all, key=lambda session: (session.created, session.serial))
