"""What the desk is made of: kinds of session, their states, lines of talk, and the session."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Kind(StrEnum):
    """How a customer and the desk meet. One kind is served by exactly one vendor."""

    MESSAGING = "messaging"
    SCREEN_SHARING = "screen-sharing"
    WEB_CHAT = "web-chat"
    IDENTITY = "identity"
    CAMERA = "camera"
    REMOTE_CONTROL = "remote-control"


class State(StrEnum):
    """Where a session is in its life, in the desk's own words (no vendor uses these)."""

    PLANNED = "planned"
    WAITING = "waiting"
    TALKING = "talking"
    ENDED = "ended"
    ABANDONED = "abandoned"
    FAILED = "failed"


LIVE = frozenset({State.WAITING, State.TALKING})


class Role(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said, or one call made, at `at` (milliseconds since 1970, UTC).

    `seconds` is the length of a call and 0 for a message.
    """

    at: int
    role: Role
    text: str
    seconds: int = 0


@dataclass(slots=True, eq=False)
class Session:
    """One session of the desk. Times are milliseconds since 1970 (UTC), None while not reached.

    `opening` lines of the script were already spoken when the session was made, the last of them
    at `until`; `said` holds what came after. `version` grows with every change. `started` is when
    a session that was planned first was started, None for all others.
    """

    serial: int
    kind: Kind
    state: State
    created: int
    joined: int | None = None
    ended: int | None = None
    opening: int = 0
    until: int | None = None
    unattended: bool = False
    version: int = 0
    said: list[Line] | None = None
    started: int | None = None

    @property
    def changed(self) -> int:
        """When the session last went into another state."""
        return max(self.created, self.joined or 0, self.ended or 0)

    @property
    def last_line(self) -> int | None:
        """When something was last said, or None."""
        return self.said[-1].at if self.said else self.until
