"""How many rows of a backlog a reader takes at once: as many as its loop can spare the time for.

What a row costs depends on how many there are and on the screen that shows them, so it is measured, not known.
"""

from __future__ import annotations

from typing import Final

# Milliseconds: a key that comes meanwhile waits for no more. Less is not worth the repaint that follows each portion.
_AIM: Final = 20.0
_LEAST, _MOST = 256, 5_000
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
