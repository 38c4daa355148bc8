"""How one profile fares, told only when a person would see a difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tui.live.messages import Health, HealthState
from tui.live.outbox import Outbox
from tui.model.problem import ConfigProblem, Problem, Unreachable
from tui.model.profile import Profile
from tui.model.text import NO_TEXT, Clean


class HealthDesk:
    """Collects what is known of a profile's health and tells it.

    The state is derived, first that holds: paused, keys rejected, the last poll's failure, stale, connecting.
    """

    def __init__(self, profile: Profile, outbox: Outbox) -> None:
        self._outbox = outbox
        self._health = Health(profile.name, profile.provider, HealthState.CONNECTING)
        self._told: Health | None = None
        self._paused = False
        self._stale = False
        self._rejected: Clean | None = None
        self._incomplete = False
        self._trouble: tuple[HealthState, Clean, datetime] | None = None
        self._greyed: dict[str, Clean] = {}

    @property
    def last_success(self) -> datetime | None:
        """When the vendor last answered the listing."""
        return self._health.last_success

    @property
    def rejected(self) -> bool:
        """Whether polling waits for the user, because the vendor does not accept the keys."""
        return self._rejected is not None

    @property
    def troubled(self) -> bool:
        """Whether the last poll failed."""
        return self._trouble is not None

    def greyed(self, operation: str) -> bool:
        """Whether the vendor refused that operation for these keys."""
        return operation in self._greyed

    # --- what happens -----------------------------------------------------------------------------------

    def pause(self, on: bool) -> None:
        self._paused = on

    def answered(self, at: datetime) -> None:
        """The vendor answered the listing; an earlier failure stands until a whole poll went well."""
        self._stale = False
        self._rejected = None
        self._health = replace(self._health, last_success=at)

    def recovered(self) -> None:
        """A whole poll went well."""
        self._trouble = None

    def failed(self, problem: Problem, retry_at: datetime) -> None:
        """A poll failed and will be tried again."""
        unreachable = isinstance(problem, Unreachable)
        state = HealthState.OFFLINE if unreachable else HealthState.BACKING_OFF
        self._trouble = (state, problem.message, retry_at)

    def retry(self, at: datetime) -> None:
        """The next try after a failure has moved."""
        if self._trouble is not None:
            self._trouble = (*self._trouble[:2], at)

    def reject(self, problem: Problem) -> None:
        """The vendor does not accept the keys for the listing, or the profile has none for it."""
        self._rejected = problem.message
        self._incomplete = isinstance(problem, ConfigProblem)
        self._trouble = None

    def stale(self) -> None:
        """The vendor has not answered for too long."""
        self._stale = True

    def grey(self, operation: str, reason: Clean) -> None:
        """The vendor does not allow these keys that operation."""
        self._greyed[operation] = reason

    def ungrey(self) -> None:
        """A person acted: everything may be tried again."""
        self._greyed.clear()

    def counts(self, *, set_aside: int, drifted: int, complete: bool) -> None:
        """What the last listing was like."""
        self._health = replace(
            self._health, set_aside=set_aside, drifted=drifted, complete=complete
        )

    # --- telling ----------------------------------------------------------------------------------------

    def tell(self) -> None:
        """Tells the health if something that is shown has changed."""
        health = self._now()
        if self._told is None or _differs(self._told, health):
            self._told = health
            self._outbox.health(health)

    def _now(self) -> Health:
        state, reason, retry_at = self._state()
        return replace(
            self._health,
            state=state,
            reason=reason,
            retry_at=retry_at,
            greyed=tuple(sorted(self._greyed.items())),
        )

    def _state(self) -> tuple[HealthState, Clean, datetime | None]:
        if self._paused:
            return HealthState.PAUSED, NO_TEXT, None
        if self._rejected is not None:
            state = HealthState.INCOMPLETE if self._incomplete else HealthState.KEYS_REJECTED
            return state, self._rejected, None
        if self._trouble is not None:
            return self._trouble
        if self._stale:
            return HealthState.STALE, NO_TEXT, None
        if self._health.last_success is None:
            return HealthState.CONNECTING, NO_TEXT, None
        return HealthState.OK, NO_TEXT, None


def _differs(told: Health, health: Health) -> bool:
    """A healthy profile shows no age: its last success moving on is no news."""
    if told.state is health.state is HealthState.OK:
        return replace(told, last_success=health.last_success) != health
    return told != health
