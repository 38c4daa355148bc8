"""How often the screen may be written on a thin line: news wait for each other, what answers a key does not."""

from __future__ import annotations

from typing import Final

AT_ONCE_SECONDS: Final = 0.5
"""What changes within this time after a key is taken for its answer."""


class Pace:
    """Times are seconds of any clock that does not go back. Without a limit nothing ever waits."""

    def __init__(self, frames_per_second: float | None = None) -> None:
        self._between = 1 / frames_per_second if frames_per_second else 0.0
        self._touched = float("-inf")
        self._sent = float("-inf")

    def touch(self, now: float) -> None:
        """Something that the user pressed is dealt with now."""
        self._touched = now

    def wait(self, now: float) -> float:
        """How long a frame that is ready now should wait; 0 when it may go."""
        if now - self._touched < AT_ONCE_SECONDS:
            return 0.0
        return max(0.0, self._sent + self._between - now)

    def rested(self, now: float, seconds: float) -> bool:
        """Whether no frame went out for so long."""
        return now - self._sent >= seconds

    def sent(self, now: float) -> None:
        """A frame went out."""
        self._sent = now
