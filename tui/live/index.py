"""What a worker knows of its sessions, so that only news is decoded and only news is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import field
from datetime import datetime
from typing import Final

import msgspec

from tui.live.entry import NOTHING, Entry, Sight, newest, with_people
from tui.model.lazy_dataclass import dataclass
from tui.model.session import Session
from tui.model.text import Opaque
from tui.providers.base import Decoded

# A session is gone after this many complete listings without it, or this many answers "not found".
ENOUGH: Final = 2

Decode = Callable[[bytes], Decoded]
Wants = Callable[[Session], bool]


@dataclass(slots=True)
class Taken:
    """What one page held: sessions to tell, and how many rows there were, were news, old, or without an id."""

    changed: list[Session] = field(default_factory=list)
    rows: int = 0
    news: int = 0
    old: int = 0
    aside: int = 0

    def add(self, more: Taken) -> None:
        """Counts further rows of the same page."""
        self.changed += more.changed
        self.rows += more.rows
        self.news += more.news
        self.aside += more.aside
        self.old += more.old


def for_board(session: Session) -> Session:
    """A row of the board carries no vendor fields, even when all of it was read."""
    return msgspec.structs.replace(session, fields=()) if session.fields else session


def _is_old(last: datetime | None, cutoff: datetime) -> bool:
    return last is not None and last < cutoff


class Index:
    """The sessions of one profile by id, and the rows that need no second look.

    A row's digest is Python's own hash of its bytes: 64 bits by SipHash with a key of this process, which nobody
    outside knows, so that nobody can aim at a collision. By chance, one changed row in 10**14 would be taken for one
    of 200,000 that are known, until it changes again. A digest of twice the length costs four times as much, and
    more than all else that is done with an unchanged row.
    """

    def __init__(self) -> None:
        self.entries: dict[Opaque, Entry] = {}
        self.live: dict[Opaque, Entry] = {}
        self.drifted = 0
        self.listing = 0  # the number of the last listing that was begun
        self.whole_since: float | None = (
            None  # when the last listing that reached its end was begun
        )
        self._by_digest: dict[int, Entry] = {}
        self._aside: dict[int, int] = {}
        self._old: dict[int, int] = {}
        self._removed: dict[Opaque, float] = {}

    @property
    def set_aside(self) -> int:
        """Rows without an id in the last listing."""
        return len(self._aside)

    # --- rows of a listing ------------------------------------------------------------------------------

    def take_rows(
        self,
        rows: Iterable[bytes],
        decode: Decode,
        *,
        as_of: float,
        seen: int,
        cutoff: datetime,
        wants: Wants,
    ) -> Taken:
        """Takes in rows of a listing that was asked for at `as_of`, as part of listing number `seen`."""
        taken, sight = Taken(), Sight(as_of, seen)
        known, aside, old = self._by_digest.get, self._aside, self._old
        for row in rows:
            taken.rows += 1
            digest = hash(row)
            entry = known(digest)
            # Nearly every row of every poll goes this way: no call of ours, nothing made anew.
            if entry is not None:
                entry.sight = sight if entry.sight.as_of <= as_of else Sight(entry.as_of, seen)
                last = entry.newest
                if last is not None and last < cutoff:
                    taken.old += 1
            elif digest in old:
                old[digest] = seen
                taken.old += 1
            elif digest in aside:
                aside[digest] = seen
                taken.aside += 1
            else:
                taken.news += 1
                self._take_news(decode(row), digest, sight, cutoff, wants, taken)
        return taken

    def _take_news(
        self,
        decoded: Decoded,
        digest: int,
        sight: Sight,
        cutoff: datetime,
        wants: Wants,
        taken: Taken,
    ) -> None:
        session = decoded.session
        if session is None:
            self._aside[digest] = sight.seen
            taken.aside += 1
            return
        as_of = sight.as_of
        if as_of < self._removed.get(session.id, as_of):
            return  # an answer that left before the session was removed
        entry = self.entries.get(session.id)
        old = _is_old(newest(session), cutoff)
        taken.old += old
        if entry is None and old and not session.status.live:
            self._old[digest] = sight.seen
            return
        if entry is not None and as_of < entry.as_of:
            # an answer that left earlier than what is known by now
            entry.sight = Sight(entry.as_of, sight.seen)
            return
        entry, changed = self._put(session, sight, bool(decoded.drift), wants(session))
        self._set_digest(entry, digest)
        if changed:
            taken.changed.append(entry.session)

    def _put(
        self, session: Session, sight: Sight, drifted: bool, wants: bool
    ) -> tuple[Entry, bool]:
        """The entry of a session with its newest state, and whether that is news."""
        entry = self.entries.get(session.id)
        if entry is None:
            entry = self.entries[session.id] = Entry(
                session, None, sight, newest(session), wants, NOTHING
            )
            changed = True
        else:
            session = with_people(session, entry.people)
            changed = session != entry.session
            before = entry.sight.seen
            entry.sight = sight if sight.seen >= before else Sight(sight.as_of, before)
            if changed:
                self._replace(entry, session)
        entry.found()
        entry.wants_people = wants
        if drifted is not entry.known_apart.drifted:
            self.drifted += drifted - entry.known_apart.drifted
            entry.apart().drifted = drifted
        self._sort_in(entry)
        return entry, changed

    @staticmethod
    def _replace(entry: Entry, session: Session) -> None:
        entry.session, entry.newest = session, newest(session)

    def _sort_in(self, entry: Entry) -> None:
        if entry.live:
            self.live[entry.id] = entry
        else:
            self.live.pop(entry.id, None)

    def _set_digest(self, entry: Entry, digest: int | None) -> None:
        if entry.digest is not None:
            self._by_digest.pop(entry.digest, None)
        entry.digest = digest
        if digest is not None:
            self._by_digest[digest] = entry

    # --- one session, read by its id --------------------------------------------------------------------

    def take_pending(self, session: Session, as_of: float) -> None:
        """A row that stands for a session which the vendor does not show yet."""
        self._put(session, Sight(as_of, 0), False, False)

    def same_reading(self, ref: Opaque, row: bytes, as_of: float) -> bool:
        """Whether these bytes were the last reading of that session too; nothing has to be decoded then."""
        entry = self.entries.get(ref)
        if entry is None or entry.known_apart.read_digest != hash(row):
            return False
        if as_of > entry.as_of:
            entry.sight = Sight(as_of, entry.sight.seen)
        entry.apart().not_found = 0
        return True

    def take_reading(
        self, row: bytes, session: Session, *, drifted: bool, as_of: float, wants: Wants
    ) -> Session | None:
        """Takes in a session that was read by id; the session to tell, if that is news."""
        known = self.entries.get(session.id)
        if as_of < (known.as_of if known is not None else self._removed.get(session.id, as_of)):
            return None
        session = for_board(session)
        entry, changed = self._put(session, Sight(as_of, 0), drifted, wants(session))
        entry.apart().read_digest = hash(row)
        if changed:
            # The listing may go back to the very bytes it had before: they must be looked at again.
            self._set_digest(entry, None)
        return entry.session if changed else None

    def take_people(self, entry: Entry, asked: Session, answer: Session) -> Session | None:
        """What was learned of a session's people when it was `asked`; the session to tell, if that is news."""
        if self.entries.get(entry.id) is not entry:
            return None
        bare = entry.bare()  # who has left the session leaves the row too
        people = (
            answer.customer,
            answer.customer_email,
            answer.customer_phone,
            answer.agent,
        )
        apart = entry.apart()
        apart.people, apart.people_for = people, asked.updated_at
        session = with_people(bare, people)
        if session == entry.session:
            return None
        self._replace(entry, session)
        return session

    def forget(self, ref: Opaque) -> None:
        """Takes a session out."""
        entry = self.entries.pop(ref, None)
        if entry is None:
            return
        self.live.pop(ref, None)
        self.drifted -= entry.known_apart.drifted
        self._set_digest(entry, None)

    def remove(self, ref: Opaque, as_of: float) -> None:
        """Takes out a session that the vendor removed at our word; answers from before that do not bring it back."""
        self.forget(ref)
        self._removed[ref] = as_of

    # --- the end of a listing ---------------------------------------------------------------------------

    def finish(
        self,
        number: int,
        *,
        expected: Callable[[Session], bool],
        cutoff: datetime,
        held: Collection[Opaque],
    ) -> Sequence[Opaque]:
        """A listing reached its last page: the ids that are gone or that ended too long ago, taken out.

        `expected` says whether the listing should have shown a session; those in `held` are kept whatever
        it showed.
        """
        leaving: list[Opaque] = []
        for ref, entry in self.entries.items():
            if entry.sight.seen >= number:
                if entry.known_apart is not NOTHING:
                    entry.known_apart.missed = 0
            elif expected(entry.session):
                entry.apart().missed += 1
            if ref in held:
                continue
            if not entry.live and _is_old(entry.newest, cutoff):
                if entry.digest is not None:
                    self._old[entry.digest] = entry.sight.seen
                leaving.append(ref)
            elif entry.known_apart.missed >= ENOUGH:
                leaving.append(ref)
        for ref in leaving:
            self.forget(ref)
        self._aside = {digest: seen for digest, seen in self._aside.items() if seen >= number}
        self._old = {digest: seen for digest, seen in self._old.items() if seen >= number}
        return leaving
