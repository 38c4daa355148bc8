"""The cells of strips that are drawn again and again: a list that scrolls hands over those of its rows once more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.segment import Segment
from textual.strip import Strip

from tui.terminal.cells import Line, SgrOf, line_of

_MOST: Final = 256
"""A large screen has fifty lines of two or three strips; each takes some 4 kB as cells."""


class KeptCells:
    """As `line_of`. A strip never changes; so what it came to the last time, it comes to again."""

    def __init__(self, sgr_of: SgrOf) -> None:
        self._sgr_of = sgr_of
        self._kept: dict[int, tuple[Strip, Line]] = {}

    def of(self, segments: Iterable[Segment]) -> Line:
        """The cells of these segments, to be read only."""
        if not isinstance(segments, Strip):
            return line_of(segments, self._sgr_of)
        kept = self._kept.get(id(segments))
        if kept is None:
            if len(self._kept) >= _MOST:
                del self._kept[next(iter(self._kept))]
            # The strip is kept too: until then nothing else has its number.
            kept = self._kept[id(segments)] = (segments, line_of(segments, self._sgr_of))
        return kept[1]
