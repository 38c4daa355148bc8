"""The board: all sessions known now. It belongs to the reader of the mailbox."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field
from datetime import datetime

from tui.live.messages import Batch, Health
from tui.model.lazy_dataclass import dataclass
from tui.model.session import Key, Session


@dataclass(frozen=True, slots=True)
class Change:
    """What a batch changed. `health` names the profiles whose health changed or went away; `before` is how each
    session that was updated or is gone stood until then."""

    added: frozenset[Key] = frozenset()
    updated: frozenset[Key] = frozenset()
    gone: frozenset[Key] = frozenset()
    health: tuple[str, ...] = ()
    before: Mapping[Key, Session] = field(default_factory=dict, compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.added or self.updated or self.gone or self.health)


class Board:
    """Sessions by key and health by profile name.

    A session may also be remembered from an earlier run: it stays until its profile tells it anew, or tells all that
    it has and this one is not among them.
    """

    def __init__(self) -> None:
        self._sessions: dict[Key, Session] = {}
        self._remembered: set[Key] = set()
        self._seen: dict[str, datetime] = {}
        self._health: dict[str, Health] = {}
        self._followers: list[Callable[[Change], None]] = []

    def follow(self, told: Callable[[Change], None]) -> None:
        """`told` is called with every change, as soon as the board has taken it in."""
        self._followers.append(told)

    @property
    def sessions(self) -> Mapping[Key, Session]:
        """Every session, live or not."""
        return self._sessions

    @property
    def health(self) -> Mapping[str, Health]:
        """The health of every profile that has told one."""
        return self._health

    @property
    def remembered(self) -> Collection[Key]:
        """The sessions that nobody has told yet in this run: nothing may be done to them."""
        return self._remembered

    @property
    def as_of(self) -> datetime | None:
        """When the oldest of the remembered ones was last heard of; None when there are none."""
        names = {key.profile for key in self._remembered}
        return min((self._seen[name] for name in names), default=None)

    def seen(self, profile: str) -> datetime | None:
        """When the remembered sessions of that profile were last heard of; None when there are none."""
        known = any(key.profile == profile for key in self._remembered)
        return self._seen[profile] if known else None

    def remember(self, sessions: Iterable[Session], seen: Mapping[str, datetime]) -> Change:
        """Puts sessions of an earlier run on the board, where they are not known anew. `seen` says of each profile
        when they were last heard of."""
        found = {one.key: one for one in sessions if one.key not in self._sessions}
        self._sessions.update(found)
        self._remembered.update(found)
        self._seen.update(seen)
        return self._tell(Change(added=frozenset(found)))

    def apply(self, batch: Batch) -> Change:
        """Takes in a batch. A session told again unchanged is not in the `Change`, unless it was only remembered."""
        health = self._remove_profiles(batch.removed)
        removed = self._of_profiles(batch.removed)
        before = {key: self._sessions.pop(key) for key in removed}
        for key in batch.gone:
            old = self._sessions.pop(key, None)
            if old is not None:
                before[key] = old
        told_anew = self._told_anew(batch, before) if self._remembered else ()
        added, updated = self._take(batch.sessions, before)
        updated.update(told_anew)
        health += [name for name, news in batch.health.items() if self._take_health(name, news)]
        change = Change(
            added=frozenset(added),
            updated=frozenset(updated),
            # One by one: the difference of two views of keys passes all of the second.
            gone=frozenset(key for key in before if key not in self._sessions),
            health=tuple(dict.fromkeys(health)),
            before=before,
        )
        return self._tell(change)

    def _tell(self, change: Change) -> Change:
        for told in self._followers:
            told(change)
        return change

    def _told_anew(self, batch: Batch, before: dict[Key, Session]) -> set[Key]:
        """The remembered ones that this batch tells; with the first whole listing of a profile its others go."""
        anew = {key for one in batch.sessions if (key := one.key) in self._remembered}
        before.update((key, self._sessions[key]) for key in anew if key in self._sessions)
        self._remembered -= anew
        self._remembered.difference_update(before)
        whole = {name for name, health in batch.health.items() if health.complete}
        for key in [key for key in self._remembered if key.profile in whole]:
            self._remembered.discard(key)
            before[key] = self._sessions.pop(key)
        return anew

    def _take(
        self, sessions: tuple[Session, ...], before: dict[Key, Session]
    ) -> tuple[set[Key], set[Key]]:
        """Puts sessions on the board: those that are new, and those that changed. One that is told unchanged stays
        the object that it was."""
        added, updated = set(), set()
        known = self._sessions
        for session in sessions:
            key = session.key
            old = known.get(key)
            if old is None and before:
                old = before.get(key)
            if old == session:
                known[key] = old
                continue
            known[key] = session
            if old is None:
                added.add(key)
            elif key not in added:
                updated.add(key)
                before.setdefault(key, old)
        return added, updated

    def _of_profiles(self, names: tuple[str, ...]) -> set[Key]:
        return {key for key in self._sessions if key.profile in names} if names else set()

    def _remove_profiles(self, names: tuple[str, ...]) -> list[str]:
        return [name for name in names if self._health.pop(name, None) is not None]

    def _take_health(self, name: str, health: Health) -> bool:
        changed = self._health.get(name) != health
        self._health[name] = health
        return changed
