"""The board: all sessions known now. It belongs to the reader of the mailbox."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set, ValuesView
from dataclasses import field
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Final

from tui.live.messages import Batch, Health
from tui.model.lazy_dataclass import dataclass
from tui.model.session import Key, Session
from tui.model.text import Opaque

# The keys of so many are made at once; of more only when somebody asks for them.
_FEW: Final = 1_000

_id_of = attrgetter("id")


class Keys(Set[Key]):
    """The keys of sessions, no two of which are the same. They are made when they are looked at: a board that is
    filled needs none of them."""

    __slots__ = ("_made", "_sessions")

    def __init__(self, sessions: Iterable[Session]) -> None:
        self._sessions = tuple(sessions)
        self._made: frozenset[Key] | None = None

    @classmethod
    def _from_iterable(cls, it: Iterable[Key]) -> frozenset[Key]:  # type: ignore[override]
        return frozenset(it)

    def _keys(self) -> frozenset[Key]:
        if self._made is None:
            self._made = frozenset([session.key for session in self._sessions])
        return self._made

    def __contains__(self, key: object) -> bool:
        return key in self._keys()

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys())

    def __len__(self) -> int:
        return len(self._sessions)


@dataclass(frozen=True, slots=True)
class Change:
    """What a batch changed. `health` names the profiles whose health changed or went away; `before` is how each
    session that was updated or is gone stood until then."""

    added: Set[Key] = frozenset()
    updated: frozenset[Key] = frozenset()
    gone: frozenset[Key] = frozenset()
    health: tuple[str, ...] = ()
    before: Mapping[Key, Session] = field(default_factory=dict, compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(len(self) or self.health)

    def __len__(self) -> int:
        """How many sessions it is about."""
        return len(self.added) + len(self.updated) + len(self.gone)

    @property
    def told(self) -> Set[Key] | None:
        """The sessions of which there are news; None where they are too many to name."""
        return None if len(self.added) > _FEW else self.added | self.updated


class Sessions(Mapping[Key, Session]):
    """Sessions by key. They are held by profile and id: a key of its own for each would be a tenth of its memory."""

    __slots__ = ("by_profile",)

    def __init__(self) -> None:
        self.by_profile: dict[str, dict[Opaque, Session]] = {}

    def __getitem__(self, key: Key) -> Session:
        return self.by_profile[key[0]][key[1]]

    def __iter__(self) -> Iterator[Key]:
        return (session.key for session in self.values())

    def __len__(self) -> int:
        return sum(map(len, self.by_profile.values()))

    def values(self) -> ValuesView[Session]:
        """All of them, profile by profile."""
        return _Values(self, self.by_profile)

    def put(self, session: Session) -> None:
        """Puts one there, in the place of the one with the same key."""
        self.by_profile.setdefault(session.profile, {})[session.id] = session

    def pop(self, key: Key) -> Session | None:
        """Takes one out; None when it is not there."""
        return self.by_profile.get(key[0], {}).pop(key[1], None)


class _Values(ValuesView[Session]):
    def __init__(self, sessions: Sessions, by_profile: dict[str, dict[Opaque, Session]]) -> None:
        super().__init__(sessions)
        self._by_profile = by_profile

    def __iter__(self) -> Iterator[Session]:
        return chain.from_iterable(map(dict.values, self._by_profile.values()))


class Board:
    """Sessions by key and health by profile name.

    A session may also be remembered from an earlier run: it stays until its profile tells it anew, or tells all that
    it has and this one is not among them.
    """

    def __init__(self) -> None:
        self._sessions = Sessions()
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
        for session in found.values():
            self._sessions.put(session)
        self._remembered.update(found)
        self._seen.update(seen)
        return self._tell(Change(added=frozenset(found)))

    def apply(self, batch: Batch) -> Change:
        """Takes in a batch. A session told again unchanged is not in the `Change`, unless it was only remembered."""
        health = self._remove_profiles(batch.removed)
        before = self._take_out(batch.removed)
        for key in batch.gone:
            old = self._sessions.pop(key)
            if old is not None:
                before[key] = old
        told_anew = self._told_anew(batch, before) if self._remembered else ()
        added, updated = self._take(batch.sessions, before)
        updated.update(told_anew)
        health += [name for name, news in batch.health.items() if self._take_health(name, news)]
        change = Change(
            added=added,
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
            old = self._sessions.pop(key)
            if old is not None:
                before[key] = old
        return anew

    def _take(
        self, sessions: tuple[Session, ...], before: dict[Key, Session]
    ) -> tuple[Set[Key], set[Key]]:
        """Puts sessions on the board: those that are new, and those that changed. One that is told unchanged stays
        the object that it was."""
        if len(sessions) > _FEW and not before and self._take_new(sessions):
            return Keys(sessions), set()
        added, updated = set(), set()
        for session in sessions:
            known = self._sessions.by_profile.setdefault(session.profile, {})
            old = known.get(session.id)
            if old is None and before:
                old = before.get(session.key)
            if old == session:
                known[session.id] = old
                continue
            key = session.key
            known[session.id] = session
            if old is None:
                added.add(key)
            elif key not in added:
                updated.add(key)
                before.setdefault(key, old)
        return frozenset(added), updated

    def _take_new(self, sessions: tuple[Session, ...]) -> bool:
        """Puts many on the board in few steps each; does nothing when one of them is there, or is told twice."""
        told: dict[str, list[Session]] = {}
        for session in sessions:
            try:
                told[session.profile].append(session)
            except KeyError:
                told[session.profile] = [session]
        all_known = self._sessions.by_profile
        new = {name: dict(zip(map(_id_of, some), some, strict=True)) for name, some in told.items()}
        for name, some in new.items():
            if len(some) < len(told[name]) or not all_known.get(name, {}).keys().isdisjoint(some):
                return False
        for name, some in new.items():
            all_known.setdefault(name, some).update(some)
        return True

    def _take_out(self, names: tuple[str, ...]) -> dict[Key, Session]:
        """All sessions of these profiles leave the board."""
        gone = [self._sessions.by_profile.pop(name, {}) for name in names]
        return {session.key: session for some in gone for session in some.values()}

    def _remove_profiles(self, names: tuple[str, ...]) -> list[str]:
        return [name for name in names if self._health.pop(name, None) is not None]

    def _take_health(self, name: str, health: Health) -> bool:
        changed = self._health.get(name) != health
        self._health[name] = health
        return changed
