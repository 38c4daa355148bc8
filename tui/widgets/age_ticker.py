"""One timer for the next moment at which a shown age or wait reads differently. Nothing ticks in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from textual.timer import Timer
from textual.widget import Widget

LEAST_SECONDS: Final = 1.0
_SLACK = timedelta(milliseconds=50)  # a timer may fire a little before the step


class AgeTicker:
    """Calls `fire` at the moment it was last armed for, never sooner than a second after the arming."""

    def __init__(self, widget: Widget, fire: Callable[[], None]) -> None:
        self._widget = widget
        self._fire = fire
        self._timer: Timer | None = None
        self._due: datetime | None = None

    @property
    def due(self) -> datetime | None:
        """The moment it waits for; None while it rests."""
        return self._due

    def arm(self, now: datetime, due: datetime | None) -> None:
        """Waits for `due`, or rests with None. A timer that fires earlier than that is left as it is."""
        if due is None:
            self.stop()
        elif self._due is None or not now < self._due <= due + _SLACK:
            self.stop()
            delay = (due + _SLACK - now).total_seconds()
            self._due = due
            self._timer = self._widget.set_timer(max(LEAST_SECONDS, delay), self._ring)

    def stop(self) -> None:
        """Rests until it is armed again."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._due = None

    def _ring(self) -> None:
        self._timer = self._due = None
        self._fire()
