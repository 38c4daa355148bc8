"""The board: all sessions known now. It belongs to the reader of the mailbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

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
    """Sessions by key and health by profile name."""

    def __init__(self) -> None:
        self._sessions: dict[Key, Session] = {}
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

    def apply(self, batch: Batch) -> Change:
        """Takes in a batch. A session told again unchanged is not in the `Change`."""
        health = self._remove_profiles(batch.removed)
        removed = self._of_profiles(batch.removed)
        before = {key: self._sessions.pop(key) for key in removed}
        for key in batch.gone:
            old = self._sessions.pop(key, None)
            if old is not None:
                before[key] = old
        added, updated = self._take(batch.sessions, before)
        health += [name for name, news in batch.health.items() if self._take_health(name, news)]
        change = Change(
            added=frozenset(added),
            updated=frozenset(updated),
            # One by one: the difference of two views of keys passes all of the second.
            gone=frozenset(key for key in before if key not in self._sessions),
            health=tuple(dict.fromkeys(health)),
            before=before,
        )
        for told in self._followers:
            told(change)
        return change

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
