"""The states that a session can be in, for all vendors. Always shown with a glyph and a word."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """What a session is doing, in our words; the vendor's own word is kept beside it."""

    WAITING = "waiting"
    NOT_STARTED = "not-started"
    ACTIVE = "active"
    UNKNOWN = "unknown"
    ENDED = "ended"
    ABANDONED = "abandoned"
    FAILED = "failed"

    @property
    def live(self) -> bool:
        """Whether the session may still change. An unknown state is never counted as ended."""
        return self in _LIVE

    @property
    def rank(self) -> int:
        """The order of urgency: who waits comes first."""
        return _RANK[self]

    def glyph(self, *, ascii_only: bool = False) -> str:
        """One cell that stands for the state."""
        return _GLYPHS[self][ascii_only]


_LIVE = frozenset({Status.WAITING, Status.NOT_STARTED, Status.ACTIVE, Status.UNKNOWN})
_RANK = {status: index for index, status in enumerate(Status)}
_GLYPHS = {
    Status.WAITING: ("○", "o"),
    Status.NOT_STARTED: ("·", "."),
    Status.ACTIVE: ("●", "*"),
    Status.UNKNOWN: ("?", "?"),
    Status.ENDED: ("✓", "v"),
    Status.ABANDONED: ("×", "!"),
    Status.FAILED: ("✗", "x"),
}
