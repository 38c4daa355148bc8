"""When and how much a reader takes from the mailbox: news of a burst come together, and keys come between them."""

from __future__ import annotations

from typing import Final

from tui.live.messages import Batch
from tui.live.portion import Portion

# The fewest seconds between two emptyings of the mailbox: a burst of batches is one repaint.
CALM_SECONDS: Final = 0.1
# The first ones are not so many that they need it, and somebody waits for them.
_FIRST: Final = 12
HASTE_SECONDS: Final = 0.02


class Rhythm:
    """Told what was taken in and how long that took, it says how long to wait for the next."""

    def __init__(self) -> None:
        self._portion = Portion()
        self._taken = 0

    @property
    def rows(self) -> int:
        """So many rows may be taken at once."""
        return self._portion.rows

    def pause(self, batch: Batch, took: float) -> float:
        """Seconds until the mailbox may be emptied again. `took` are seconds of the processor's time."""
        self._portion.took(len(batch.sessions), took * 1000)
        self._taken += 1
        if batch.more:
            # Of a backlog the next portion comes sooner, but not before keys had the loop for as long.
            return min(CALM_SECONDS, max(took, HASTE_SECONDS))
        return HASTE_SECONDS if self._taken <= _FIRST else CALM_SECONDS
