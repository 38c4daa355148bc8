"""Where a text occurs in a transcript, and which occurrence is the current one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from tui.widgets.cells import steady


class Match(NamedTuple):
    """One occurrence: the entry's number and the place in its body."""

    entry: int
    start: int
    end: int


class Search:
    """Looks for a text, whatever its case. `current` is the number of the current match, -1 without any."""

    def __init__(self) -> None:
        self._pattern: re.Pattern[str] | None = None
        self.matches: list[Match] = []
        self.current = -1

    def look_for(self, text: str) -> None:
        """Another text; the empty one finds nothing. `run` does the looking."""
        self._pattern = re.compile(re.escape(steady(text)), re.IGNORECASE) if text else None
        self.matches, self.current = [], -1

    def run(self, bodies: Sequence[str], held: Match | None = None) -> None:
        """Looks through all bodies; the match at `held`, or the next one after it, is then the current one."""
        pattern = self._pattern
        self.matches = [
            Match(number, found.start(), found.end())
            for number, body in enumerate(bodies if pattern is not None else ())
            for found in (pattern.finditer(body) if pattern is not None else ())
        ]
        self.current = self._from(held) if held is not None else -1

    @property
    def match(self) -> Match | None:
        """The current match."""
        return self.matches[self.current] if 0 <= self.current < len(self.matches) else None

    def start_at(self, entry: int, at: int) -> None:
        """Makes current the first match from that place on, or else the last one before it."""
        self.current = self._from(Match(entry, at, 0))

    def step(self, by: int) -> None:
        """Goes to another match, from the last on to the first."""
        if self.matches:
            self.current = (self.current + by) % len(self.matches)

    def in_entry(self, entry: int) -> list[tuple[Match, bool]]:
        """The matches in one entry, each with whether it is the current one."""
        first = bisect_left(self.matches, Match(entry, 0, 0))
        after = bisect_left(self.matches, Match(entry + 1, 0, 0))
        return [(self.matches[i], i == self.current) for i in range(first, after)]

    def _from(self, place: Match) -> int:
        return min(bisect_left(self.matches, place), len(self.matches) - 1)
