"""What a worker remembers of its sessions, so that only news is decoded and only news is told.

Per session: a digest of the row's bytes, whether it is live, how often listings missed it, and for which
update its people are known. The session itself is only referred to: it is the object that is on the board.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import field
from datetime import datetime
from typing import Final

import msgspec

from tui.model.lazy_dataclass import dataclass
from tui.model.session import Session
from tui.model.text import Clean, Opaque
from tui.providers.base import Decoded

# A session is gone after this many complete listings without it, or this many answers "not found".
ENOUGH: Final = 2

Decode = Callable[[bytes], Decoded]
Wants = Callable[[Session], bool]
People = tuple[Clean | None, Clean | None, Clean | None, Clean | None]


class Entry(msgspec.Struct, gc=False, eq=False):
    """One known session. Times are monotonic seconds of when the question was sent.

    Nothing of it leads back to it, so it is no business of the garbage collector.
    """

    session: Session
    digest: int | None
    as_of: float
    seen: int
    newest: float | None
    missed: int = 0
    not_found: int = 0
    not_before: float = 0.0
    read_digest: int | None = None
    drifted: bool = False
    wants_people: bool = False
    people: People | None = None
    people_for: datetime | None = None

    @property
    def id(self) -> Opaque:
        return self.session.id

    @property
    def live(self) -> bool:
        return self.session.status.live

    def bare(self) -> Session:
        """The session without what was learned of its people."""
        if self.people is None:
            return self.session
        session = self.session
        customer, email, phone, agent = self.people
        return msgspec.structs.replace(
            session,
            customer=None if session.customer == customer else session.customer,
            customer_email=None if session.customer_email == email else session.customer_email,
            customer_phone=None if session.customer_phone == phone else session.customer_phone,
            agent=None if session.agent == agent else session.agent,
        )

    @property
    def people_known(self) -> bool:
        """Whether nobody has to be asked who this session is with."""
        if not self.wants_people:
            return True
        return self.people is not None and self.people_for == self.session.updated_at


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


def newest(session: Session) -> float | None:
    """When the last thing that is known to have happened to a session was, in seconds of Unix time."""
    times = [
        at
        for at in (
            session.ended_at,
            session.updated_at,
            session.joined_at,
            session.started_at,
            session.created_at,
        )
        if at is not None
    ]
    return max(times).timestamp() if times else None


def with_people(session: Session, people: People | None) -> Session:
    """The session with what is known of its people put where the row says nothing."""
    if people is None:
        return session
    customer, email, phone, agent = people
    return msgspec.structs.replace(
        session,
        customer=session.customer or customer,
        customer_email=session.customer_email or email,
        customer_phone=session.customer_phone or phone,
        agent=session.agent or agent,
    )


def for_board(session: Session) -> Session:
    """A row of the board carries no vendor fields, even when all of it was read."""
    return msgspec.structs.replace(session, fields=()) if session.fields else session


def _is_old(last: float | None, cutoff: float) -> bool:
    return last is not None and last < cutoff


class Index:
    """The sessions of one profile by id, and the rows that need no second look.

    A row's digest is Python's keyed 64-bit hash of its bytes: it lives as long as the process, and nobody
    outside can aim at a collision.
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
        cutoff: float,
        wants: Wants,
    ) -> Taken:
        """Takes in rows of a listing that was asked for at `as_of`, as part of listing number `seen`."""
        taken = Taken()
        for row in rows:
            taken.rows += 1
            digest = hash(row)
            entry = self._by_digest.get(digest)
            if entry is not None:
                entry.seen = seen
                entry.as_of = max(entry.as_of, as_of)
                taken.old += _is_old(entry.newest, cutoff)
            elif digest in self._old:
                self._old[digest] = seen
                taken.old += 1
            elif digest in self._aside:
                self._aside[digest] = seen
                taken.aside += 1
            else:
                taken.news += 1
                self._take_news(decode(row), digest, as_of, seen, cutoff, wants, taken)
        return taken

    def _take_news(
        self,
        decoded: Decoded,
        digest: int,
        as_of: float,
        seen: int,
        cutoff: float,
        wants: Wants,
        taken: Taken,
    ) -> None:
        session = decoded.session
        if session is None:
            self._aside[digest] = seen
            taken.aside += 1
            return
        if as_of < self._removed.get(session.id, as_of):
            return  # an answer that left before the session was removed
        entry = self.entries.get(session.id)
        old = _is_old(newest(session), cutoff)
        taken.old += old
        if entry is None and old and not session.status.live:
            self._old[digest] = seen
            return
        if entry is not None and as_of < entry.as_of:
            entry.seen = seen  # an answer that left earlier than what is known by now
            return
        entry, changed = self._put(session, as_of, seen, bool(decoded.drift), wants(session))
        self._set_digest(entry, digest)
        if changed:
            taken.changed.append(entry.session)

    def _put(
        self, session: Session, as_of: float, seen: int, drifted: bool, wants: bool
    ) -> tuple[Entry, bool]:
        """The entry of a session with its newest state, and whether that is news."""
        entry = self.entries.get(session.id)
        if entry is None:
            entry = self.entries[session.id] = Entry(session, None, as_of, seen, newest(session))
            changed = True
        else:
            session = with_people(session, entry.people)
            changed = session != entry.session
            entry.as_of, entry.seen = as_of, max(seen, entry.seen)
            if changed:
                entry.session, entry.newest = session, newest(session)
        entry.missed = entry.not_found = 0
        entry.wants_people = wants
        self.drifted += drifted - entry.drifted
        entry.drifted = drifted
        self._sort_in(entry)
        return entry, changed

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
        self._put(session, as_of, 0, False, False)

    def same_reading(self, ref: Opaque, row: bytes, as_of: float) -> bool:
        """Whether these bytes were the last reading of that session too; nothing has to be decoded then."""
        entry = self.entries.get(ref)
        if entry is None or entry.read_digest != hash(row):
            return False
        entry.as_of = max(entry.as_of, as_of)
        entry.not_found = 0
        return True

    def take_reading(
        self, row: bytes, session: Session, *, drifted: bool, as_of: float, wants: Wants
    ) -> Session | None:
        """Takes in a session that was read by id; the session to tell, if that is news."""
        known = self.entries.get(session.id)
        if as_of < (known.as_of if known is not None else self._removed.get(session.id, as_of)):
            return None
        session = for_board(session)
        entry, changed = self._put(session, as_of, 0, drifted, wants(session))
        entry.read_digest = hash(row)
        if changed:
            # The listing may go back to the very bytes it had before: they must be looked at again.
            self._set_digest(entry, None)
        return entry.session if changed else None

    def take_people(self, entry: Entry, asked: Session, answer: Session) -> Session | None:
        """What was learned of a session's people when it was `asked`; the session to tell, if that is news."""
        if self.entries.get(entry.id) is not entry:
            return None
        bare = entry.bare()  # who has left the session leaves the row too
        entry.people = (
            answer.customer,
            answer.customer_email,
            answer.customer_phone,
            answer.agent,
        )
        entry.people_for = asked.updated_at
        session = with_people(bare, entry.people)
        if session == entry.session:
            return None
        entry.session = session
        return session

    def forget(self, ref: Opaque) -> None:
        """Takes a session out."""
        entry = self.entries.pop(ref, None)
        if entry is None:
            return
        self.live.pop(ref, None)
        self.drifted -= entry.drifted
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
        cutoff: float,
        held: Collection[Opaque],
    ) -> Sequence[Opaque]:
        """A listing reached its last page: the ids that are gone or that ended too long ago, taken out.

        `expected` says whether the listing should have shown a session; those in `held` are kept whatever
        it showed.
        """
        leaving: list[Opaque] = []
        for ref, entry in self.entries.items():
            if entry.seen >= number:
                entry.missed = 0
            elif expected(entry.session):
                entry.missed += 1
            if ref in held:
                continue
            if not entry.live and _is_old(entry.newest, cutoff):
                if entry.digest is not None:
                    self._old[entry.digest] = entry.seen
                leaving.append(ref)
            elif entry.missed >= ENOUGH:
                leaving.append(ref)
        for ref in leaving:
            self.forget(ref)
        self._aside = {digest: seen for digest, seen in self._aside.items() if seen >= number}
        self._old = {digest: seen for digest, seen in self._old.items() if seen >= number}
        return leaving
