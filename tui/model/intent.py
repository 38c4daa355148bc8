"""An intent: a write on its way, or one of which nobody knows yet what came of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from tui.model.lazy_dataclass import dataclass
from tui.model.session import Key
from tui.model.text import NO_TEXT, Clean, Opaque

CREATE: Final = "create"
"""What an intent to create a session is called; every other one has the name of its action."""


class IntentState(StrEnum):
    """What is known of a write."""

    SENDING = "sending"
    UNKNOWN = "unknown"
    """It may have been done. Only a look at the vendor, or a person, can say more."""
    DONE = "done"
    NOT_DONE = "not done"
    """As far as the vendor shows."""

    @property
    def open(self) -> bool:
        """Whether nobody knows yet what came of it."""
        return self in (IntentState.SENDING, IntentState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Intent:
    """One write. `ref` is the session acted on, None for a create; `reference` is that by which a created session
    can be found again, None where the vendor takes none.

    `at` is when it was sent (aware UTC). `reason` is one sentence. `looked` counts the complete looks that did not
    find it. `candidates` are sessions that it may have made: a person decides. `found` is the session that it made
    or changed, once that is known.
    """

    id: str
    profile: str
    provider: str
    what: str
    at: datetime
    state: IntentState = IntentState.SENDING
    ref: Opaque | None = None
    reference: Opaque | None = None
    reason: Clean = NO_TEXT
    looked: int = 0
    candidates: tuple[Key, ...] = ()
    found: Key | None = None
