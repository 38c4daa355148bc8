"""What the event log is told of each request: no header, no query, no body."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tui.model.lazy_dataclass import dataclass
from tui.model.text import Clean


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and how it ended. `status` is None when no answer came; `outcome` is one word or sentence.

    `milliseconds` counts from the first byte sent to the last one read; `received` is the answer's size in bytes.
    `attempt` is 2 for a call sent once more because the credential of the first was refused and then renewed.
    `skew` is how many seconds the vendor's clock is ahead of ours, by its `Date` header; `certificate_ends` is told
    by the request that made the connection. Both are None where they are not known.
    """

    at: datetime
    profile: str
    operation: str
    method: str
    status: int | None
    milliseconds: float
    received: int
    outcome: Clean
    attempt: int = 1
    writes: bool = False
    skew: float | None = None
    certificate_ends: datetime | None = None


Report = Callable[[Exchange], None]
