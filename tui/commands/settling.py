"""What has come to stay is not searched for garbage again and again.

A search looks at everything that a program holds and has no way of knowing that 200,000 sessions are no garbage; while
they come, it is done again with every quarter more of them, and whatever thread it happens in, keys wait for its end.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sized
from contextlib import contextmanager
from functools import partial
from typing import Final

# Of so many sessions more than ever a search takes a millisecond or two: that is worth looking no further at them.
_MANY: Final = 10_000


class Settling:
    """Told of each search for garbage (`gc.callbacks`), it has what a whole one left over left out of all later ones,
    if the sessions have become many more since it last did.

    Just then, because nothing that is known to be garbage is kept that way. Not each time, because what is left out and
    held in a circle (a screen, say) never goes: how often it happens depends on the most sessions there ever were, and
    not on how long the program runs.
    """

    def __init__(self, sessions: Callable[[], int], freeze: Callable[[], None] = gc.freeze) -> None:
        """`sessions` says how many there are now. It is asked in the midst of anything, in any thread."""
        self._sessions = sessions
        self._freeze = freeze
        self._most = 0

    def __call__(self, phase: str, info: Mapping[str, int]) -> None:
        """`phase` and `info` as `gc.callbacks` give them."""
        if phase != "stop" or info["generation"] != 2:
            return
        now = self._sessions()
        if now >= self._most + _MANY:
            self._freeze()
            self._most = now


@contextmanager
def settling(sessions: Sized) -> Iterator[None]:
    """As long as this lasts, searches for garbage are told of, with so many sessions."""
    told = Settling(partial(len, sessions))
    gc.callbacks.append(told)
    try:
        yield
    finally:
        gc.callbacks.remove(told)
