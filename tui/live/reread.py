"""Beside the listing: live sessions that the pulse did not show are read by id, and people are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from tui.live.context import AT_LEAST, Context, unique
from tui.live.entry import Entry
from tui.live.index import ENOUGH
from tui.model.problem import NotFound, Problem
from tui.model.text import Opaque
from tui.providers.base import Asks

ROW: Final = "row"
PEOPLE: Final = "people"

# What nobody looks at is read by id only at every so-many-th poll.
_CALM_POLLS: Final = 6
# But so many of them at every poll, the longest unread first: a small desk is followed as it goes.
_FEW: Final = 3
# A pinned session that has ended is looked for only so often, in seconds.
_ENDED_SECONDS: Final = 60.0
# One session that cannot be read, though the others can, is left alone for so long, in seconds.
_REST: Final = 60.0
_MOST_READS: Final = 30
_MOST_PEOPLE: Final = 30
# Shares of a poll's budget; the rest belongs to the pulse and to people's own questions.
_READ_SHARE: Final = 0.5
_PEOPLE_SHARE: Final = 0.5


class Rereader:
    """Keeps fresh what the listing does not."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._on_the_way: set[tuple[str, Opaque]] = set()

    # --- rows by id -------------------------------------------------------------------------------------

    async def rows(self, started: float, until: float) -> None:
        """Reads by id the live sessions that this poll, which started then, has not shown."""
        context = self._context
        interval = context.schedule.interval
        most = min(_MOST_READS, context.budget.within(interval, _READ_SHARE))
        refs = self._uncovered(started)[:most]
        if refs:
            await context.in_lanes(refs, self._read, until=max(until, context.now() + AT_LEAST))

    def _uncovered(self, started: float) -> list[Opaque]:
        """What to read, most urgent first: what people look at, then the rest; the longest unread first."""
        context = self._context
        entries = context.index.entries
        calm = started - _CALM_POLLS * context.schedule.interval
        first = [
            entry
            for ref in context.attention.visible
            if (entry := entries.get(ref)) is not None and entry.live and entry.as_of < started
        ]
        rest = [entry for entry in context.index.live.values() if entry.as_of < started]
        for entries_alike in (first, rest):
            entries_alike.sort(key=lambda entry: entry.as_of)
        # The sweep of a whole list, which is always on its way, shows them without a request of their own.
        few = 0 if context.provider.spec.asks is Asks.WHOLE else _FEW
        rest = rest[: max(few, sum(entry.as_of < calm for entry in rest))]
        lost = self._lost(started)
        wanted = unique([*(one.id for one in first), *lost, *(one.id for one in rest)])
        return [
            ref
            for ref in wanted
            if ref not in context.attention.watched and self._is_readable(entries[ref], started)
        ]

    def _lost(self, started: float) -> Iterable[Opaque]:
        """Pinned sessions that the listing does not show any more."""
        for ref in self._context.attention.pinned:
            entry = self._context.index.entries.get(ref)
            if entry is not None and entry.as_of < started - _ENDED_SECONDS:
                yield ref

    def _is_readable(self, entry: Entry, now: float) -> bool:
        held = entry.id in self._context.attention.pinned
        if (ROW, entry.id) in self._on_the_way or entry.id in self._context.attention.pending:
            return False
        return entry.not_before <= now and (held or entry.not_found < ENOUGH)

    async def _read(self, ref: Opaque) -> bool:
        """Reads one session; says whether to stop reading."""
        context = self._context
        if not context.may_ask_beside(ROW):
            return True
        as_of = context.now()
        try:
            with self._marked(ROW, ref):
                row = await context.ask(lambda provider: provider.row(ref))
        except NotFound:
            context.not_found(ref)
            return False
        except Problem as problem:
            self._rest(ref)
            return context.refused_beside(ROW, problem)
        self._take(ref, row, as_of)
        return False

    def _take(self, ref: Opaque, row: bytes, as_of: float) -> None:
        context = self._context
        if ref not in context.index.entries or context.index.same_reading(ref, row, as_of):
            return
        decoded = context.provider.decode(row)
        session = decoded.session
        if session is None or session.id != ref:
            self._rest(ref)
            return
        news = context.index.take_reading(
            row,
            session,
            drifted=bool(decoded.drift),
            as_of=as_of,
            wants=context.provider.wants_people,
        )
        if news is not None:
            context.outbox.rows((news,))

    def _rest(self, ref: Opaque) -> None:
        entry = self._context.index.entries.get(ref)
        if entry is not None:
            entry.rest_until(self._context.now() + _REST)

    # --- people -----------------------------------------------------------------------------------------

    async def people(self, now: float, until: float) -> None:
        """Asks who the live sessions are with, where a row names nobody: once, and after each change."""
        context = self._context
        interval = context.schedule.interval
        most = min(_MOST_PEOPLE, context.budget.within(interval, _PEOPLE_SHARE))
        entries = context.index.entries
        visible = (entries[ref] for ref in context.attention.first() if ref in entries)
        wanted = [
            entry.id
            for entry in (*visible, *context.index.live.values())
            if not entry.people_known
            and entry.not_before <= now
            and (PEOPLE, entry.id) not in self._on_the_way
        ]
        if wanted:
            await context.in_lanes(
                unique(wanted)[:most], self._ask_people, until=max(until, context.now() + AT_LEAST)
            )

    async def _ask_people(self, ref: Opaque) -> bool:
        """Asks for one session's people; says whether to stop asking."""
        entry = self._context.index.entries.get(ref)
        if entry is None:
            return False
        if not self._context.may_ask_beside(PEOPLE):
            return True
        try:
            with self._marked(PEOPLE, ref):
                await ask_people(self._context, entry)
        except NotFound:
            self._rest(ref)
        except Problem as problem:
            self._rest(ref)
            return self._context.refused_beside(PEOPLE, problem)
        return False

    @contextmanager
    def _marked(self, operation: str, ref: Opaque) -> Iterator[None]:
        """A slow answer may outlast its poll: the next one does not ask the same again."""
        mark = (operation, ref)
        self._on_the_way.add(mark)
        try:
            yield
        finally:
            self._on_the_way.discard(mark)


async def ask_people(context: Context, entry: Entry) -> None:
    """Asks for the people of one known session and tells them. Raises a `Problem`."""
    asked = entry.bare()
    answer = await context.ask(lambda provider: provider.people(asked))
    news = context.index.take_people(entry, asked, answer)
    if news is not None:
        context.outbox.rows((news,))
