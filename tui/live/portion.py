"""How many rows of a backlog a reader takes at once: as many as its loop can spare the time for.

What a row costs depends on how many there are and on the screen that shows them, so it is measured, not known.
"""

from __future__ import annotations

from typing import Final

# Milliseconds: a key that comes meanwhile should wait for no more.
_AIM: Final = 20.0
# The repaint that follows each portion costs the same however few its rows are. Of so many, the rows cost about a third
# of it: fewer would hardly shorten the step, but multiply the repaints until the backlog has been shown.
_LEAST: Final = 1_024
_MOST: Final = 5_000
_FIRST: Final = 512


class Portion:
    """The size of the next portion, found by how long the ones before took."""

    def __init__(self) -> None:
        self.rows = _FIRST

    def took(self, rows: int, milliseconds: float) -> None:
        """So many rows were taken in, in so much of the processor's time.

        Portions grow by doubling at most. They shrink at once to what would have been right.
        """
        wanted = int(rows * _AIM / max(milliseconds, 0.01))
        if milliseconds > _AIM:
            self.rows = max(_LEAST, min(self.rows, wanted))
        elif rows >= self.rows:
            self.rows = min(_MOST, wanted, 2 * self.rows)
