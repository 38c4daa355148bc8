"""Totals of a board that keep in step with it. Who waits too long depends on the time: the beginnings are sorted."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from tui.live.board import Change
from tui.live.view import LIVE, LONG_WAIT_MINUTES, Counts
from tui.model.session import Key, Session
from tui.model.status import Status

# So many are counted one by one whatever share of the board they are.
_FEW: Final = 64


class Tally:
    """What `count_sessions` counts, without counting again."""

    def __init__(self, sessions: Mapping[Key, Session]) -> None:
        self._sessions = sessions
        self._per_profile: Counter[str] = Counter()
        self._begun: list[datetime] | None = None
        self._sorted = False

    def counts(self, now: datetime, minutes: float = LONG_WAIT_MINUTES) -> Counts:
        """The totals now; a wait is long when it is over `minutes`."""
        begun, latest = self._begun, now - timedelta(minutes=minutes)
        if begun is None:
            begun = self._recount()
        long_waits = bisect_left(begun, latest) if self._sorted else sum(map(latest.__gt__, begun))
        per_profile = {name: count for name, count in self._per_profile.items() if count}
        return Counts(sum(per_profile.values()), long_waits, per_profile)

    def follow(self, change: Change) -> None:
        """Takes in a change that the board has taken in."""
        begun, known = self._begun, self._sessions
        if begun is None or len(change) > max(_FEW, len(known) // 4):
            self._begun = None
            return
        if (
            not self._sorted
        ):  # not before there is news: a board that is being filled is counted anew
            begun.sort()
            self._sorted = True
        for key in (*change.added, *change.updated, *change.gone):
            old, new = change.before.get(key), known.get(key)
            if old is not None and old.status in LIVE:
                self._per_profile[old.profile] -= 1
                since = _waits_since(old)
                if since is not None:
                    del begun[bisect_left(begun, since)]
            if new is not None and new.status in LIVE:
                self._per_profile[new.profile] += 1
                since = _waits_since(new)
                if since is not None:
                    insort(begun, since)

    def _recount(self) -> list[datetime]:
        live: list[str] = []
        begun: list[datetime | None] = []
        for one in self._sessions.values():
            status = one.status
            if status in LIVE:
                live.append(one.profile)
                if status is Status.WAITING:
                    begun.append(one.created_at or one.started_at)
        self._per_profile, self._sorted = Counter(live), False
        self._begun = [since for since in begun if since is not None]
        return self._begun


def _waits_since(session: Session) -> datetime | None:
    return session.began if session.status is Status.WAITING else None
