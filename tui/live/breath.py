"""Long work in the engine's loop, in slices: neither the other profiles nor the keys wait for the end of it.

The screen has a thread of its own but not an interpreter of its own: whatever the engine computes, the screen does
not. Two threads that want the interpreter share it by halves, so a key that comes while a long list is taken in would
take twice its time. So the work rests as long as it works; what it works on came over a network much slower.
"""

from __future__ import annotations

import asyncio
import time
from typing import Final

# Seconds of the processor's time: so long a slice is, or one step of the work where that is longer.
_SLICE: Final = 0.002
# A page that took very long to be taken apart does not hold up its own poll.
_LONGEST: Final = 0.02


class Breath:
    """Taken between the steps of long work; short work never rests."""

    def __init__(self) -> None:
        self._since = time.thread_time()
        self._seen = 0.0

    async def take(self) -> None:
        """Lets others have their turn, and rests when this thread has worked for long since the last rest."""
        worked = time.thread_time() - self._since
        if worked < _SLICE:
            await asyncio.sleep(0)
            return
        await asyncio.sleep(min(worked, _LONGEST))
        self._since = time.thread_time()
