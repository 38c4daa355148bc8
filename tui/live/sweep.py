"""The listing: a pulse at every poll, and a sweep of the whole window that goes on over many polls."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime, timedelta
from typing import Final

from tui.live.breath import Breath
from tui.live.context import NO_IDS, Context, listed
from tui.live.index import Taken
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import BadAnswer, Busy, KeysRejected, Problem, Refused
from tui.model.text import Opaque
from tui.providers.base import Ask, Asks, Page

# Pages per poll: until everything was seen once, and from then on.
FIRST_PAGES: Final = 50
SWEEP_PAGES: Final = 10
# A long list that is only given whole, in no known order, shows what is new when the sweep gets there: it is read
# through within so many polls, as far as this share of a poll's budget allows.
_WHOLE_POLLS: Final = 6
_WHOLE_SHARE: Final = 0.5
# A pulse reads on while every row is news, but not further than this.
_PULSE_PAGES: Final = 5
_MOST_PAGES: Final = 10_000
# A page that fails so often is given up with its cursor: cursors expire.
_PATIENCE: Final = 3

_SWEEP_SECONDS: Final = 60.0
_SWEEP_POLLS: Final = 12
# How far a question overlaps with the one before: clocks differ, and so do vendors' ideas of "since".
_OVERLAP: Final = timedelta(minutes=5)
_WINDOW: Final = timedelta(minutes=15)
# A window is widened to the oldest live session, but not further: older ones are read by id.
_WIDEST: Final = timedelta(hours=2)
_CHUNK: Final = 250


@dataclass(slots=True)
class Walk:
    """One listing on its way from its first page to its last. `since` stands still for all of it."""

    number: int
    since: datetime
    started: float
    cursor: Opaque | None = None
    pages: int = 0
    failures: int = 0
    visited: set[Opaque] = field(default_factory=set)


class Listing:
    """Asks one profile's listing, page by page, and keeps the index and the board up to date."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._walk: Walk | None = None
        self._swept_at: float | None = None
        self._newest: datetime | None = None
        self._pages = 0
        self._length = 0
        self.complete = False

    def drop(self) -> None:
        """Gives up the walk on its way; the next poll starts a new one."""
        self._walk = None
        self._swept_at = None

    # --- a poll -----------------------------------------------------------------------------------------

    async def pulse(self) -> None:
        """The first questions of a poll: what is new. Raises a `Problem`."""
        self._pages = 0
        asks = self._context.provider.spec.asks
        if self._walk is None and (self._is_due() or asks is Asks.NEWEST_FIRST):
            await self._start_walk(keep=self._is_due())
        elif asks in (Asks.WHOLE, Asks.NEWEST_FIRST):
            await self._front(asks)
        else:
            await self._narrow(asks)

    async def go_on(self, until: float) -> None:
        """Goes on with the sweep while the poll's pages and its time last, one page at least.

        Raises a `Problem`.
        """
        first = True
        while (
            self._walk is not None
            and self._pages < self._page_cap()
            and (first or self._context.now() < until)
        ):
            first = False
            await self._step(self._walk)

    def _page_cap(self) -> int:
        if not self.complete:
            return FIRST_PAGES
        context = self._context
        if context.provider.spec.asks is not Asks.WHOLE:
            return SWEEP_PAGES
        most = context.budget.within(context.schedule.interval, _WHOLE_SHARE)
        return max(SWEEP_PAGES, min(most, 1 + self._length // _WHOLE_POLLS))

    def _is_due(self) -> bool:
        if self._swept_at is None or self._context.provider.spec.asks is Asks.WHOLE:
            return True
        rest = max(_SWEEP_SECONDS, _SWEEP_POLLS * self._context.schedule.interval)
        return self._context.now() - self._swept_at >= rest

    # --- the sweep --------------------------------------------------------------------------------------

    async def _start_walk(self, *, keep: bool) -> None:
        """The first page of a walk is the poll's pulse. With `keep`, later polls go on from it."""
        self._context.index.listing += 1
        started = self._context.now()
        walk = self._walk = Walk(self._context.index.listing, self._since(), started)
        taken = await self._step(walk)
        if keep:
            self._swept_at = started
        elif self._walk is walk:
            self._walk = None
            await self._read_on(Ask(walk.cursor, since=walk.since), taken)

    def _since(self) -> datetime:
        """Where a sweep starts. What cannot be read by id has to be inside."""
        cutoff = self._context.cutoff()
        if not self._context.health.greyed("row"):
            return cutoff
        return min(cutoff, self._oldest_live() or cutoff)

    async def _step(self, walk: Walk) -> Taken:
        """The walk's next page."""
        ask = Ask(walk.cursor, since=walk.since)
        try:
            page, taken = await self._page(ask, walk.since)
        except Problem as problem:
            walk.failures += 1
            if self._walk is walk and _hopeless(walk, problem):
                self.drop()
            raise
        walk.failures = 0
        walk.pages += 1
        if self._is_last(page, taken):
            self._finish(walk)
        else:
            self._move_on(walk, page)
        return taken

    def _is_last(self, page: Page, taken: Taken) -> bool:
        if page.next is None:
            return True
        newest_first = self._context.provider.spec.asks is Asks.NEWEST_FIRST
        return newest_first and 0 < len(page.rows) == taken.old

    def _move_on(self, walk: Walk, page: Page) -> None:
        following = page.next
        if following is None or following in walk.visited or walk.pages >= _MOST_PAGES:
            self.drop()
            raise BadAnswer("listing the sessions: the vendor's pages go round in a circle")
        walk.visited.add(following)
        walk.cursor = following

    def _finish(self, walk: Walk) -> None:
        """The last page was reached: only now can a session be missed."""
        context = self._context
        if self._walk is walk:
            self._walk = None
        self._length = walk.pages
        asks = context.provider.spec.asks
        gone = context.index.finish(
            walk.number,
            expected=lambda session: listed(asks, session, walk.since),
            cutoff=context.cutoff(),
            held=context.attention.held(),
        )
        context.outbox.gone(gone)
        context.index.whole_since = walk.started
        self.complete = True

    # --- the pulse --------------------------------------------------------------------------------------

    async def _front(self, asks: Asks) -> None:
        """The first page, beside a walk that is further on."""
        ask = Ask(since=self._context.cutoff())
        page, taken = await self._page(ask, ask.since)
        if asks is Asks.NEWEST_FIRST and page.next is not None:
            await self._read_on(Ask(page.next, since=ask.since), taken)

    async def _read_on(self, ask: Ask, taken: Taken) -> None:
        """Further pages of a newest-first listing while all of a page was news."""
        for _ in range(_PULSE_PAGES - 1):
            if not taken.news or taken.news < taken.rows:
                return
            page, taken = await self._page(ask, ask.since)
            if page.next is None:
                return
            ask = Ask(page.next, since=ask.since)

    async def _narrow(self, asks: Asks) -> None:
        """What happened since the last questions."""
        since = self._watermark() if asks is Asks.SINCE else self._window()
        ask = Ask(since=since)
        visited: set[Opaque] = set()
        while True:
            page, _ = await self._page(ask, since)
            if page.next is None or page.next in visited or self._pages >= SWEEP_PAGES:
                return
            visited.add(page.next)
            ask = Ask(page.next, since=since)

    def _watermark(self) -> datetime:
        """The newest time the vendor itself has told, less an overlap: its clock is not ours."""
        cutoff = self._context.cutoff()
        if self._newest is None:
            return cutoff
        return max(cutoff, min(self._newest, self._context.clock.now()) - _OVERLAP)

    def _window(self) -> datetime:
        """The last minutes, widened to the oldest live session: one question then covers them all."""
        now = self._context.clock.now()
        oldest = self._oldest_live(None if self._context.health.greyed("row") else now - _WIDEST)
        recent = now - _WINDOW
        return min(recent, oldest - _OVERLAP) if oldest is not None else recent

    def _oldest_live(self, floor: datetime | None = None) -> datetime | None:
        """When the oldest live session that began after `floor` began."""
        times = [
            began
            for entry in self._context.index.live.values()
            if (began := entry.session.began) is not None and (floor is None or began >= floor)
        ]
        return min(times, default=None)

    # --- a page -----------------------------------------------------------------------------------------

    async def _page(self, ask: Ask, since: datetime | None) -> tuple[Page, Taken]:
        """One page, taken in and told."""
        context = self._context
        as_of, whole_page = context.now(), Breath()
        page = await context.ask(lambda provider: provider.page(ask))
        # For what took the reading there is a rest when the page has been told: who looks waits for that.
        long, breath = len(page.rows) > _CHUNK, Breath()
        self._pages += 1
        cutoff = min(since or context.cutoff(), context.cutoff())
        whole = Taken()
        for start in range(0, len(page.rows), _CHUNK):
            if long:
                await breath.take()  # a long page must not hold up the other profiles, nor a key
            taken = self._take(page.rows[start : start + _CHUNK], as_of, cutoff)
            whole.add(taken)
        if 0 < whole.rows == whole.aside:
            raise BadAnswer(NO_IDS)  # such a page must not look like one on which nothing is left
        if long:
            await whole_page.take()
        return page, whole

    def _take(self, rows: tuple[bytes, ...], as_of: float, cutoff: datetime) -> Taken:
        context = self._context
        if context.retired:  # it may have been while a long page was taken in
            return Taken()
        provider = context.provider
        taken = context.index.take_rows(
            rows,
            provider.decode,
            as_of=as_of,
            seen=context.index.listing,
            cutoff=cutoff,
            wants=provider.wants_people,
        )
        for session in taken.changed:
            began = session.created_at or session.started_at
            if began is not None and (self._newest is None or began > self._newest):
                self._newest = began
        context.outbox.rows(taken.changed)
        return taken


def _hopeless(walk: Walk, problem: Problem) -> bool:
    """Whether the walk's cursor is to be given up rather than asked again."""
    if walk.cursor is None or walk.failures >= _PATIENCE:
        return True
    return isinstance(problem, Refused) and not isinstance(problem, (Busy, KeysRejected))
