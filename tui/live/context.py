"""What the parts of one profile's worker share: the provider, the clock, the budget and what is known."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import field
from datetime import datetime, timedelta
from typing import TypeVar

from tui.live.health import HealthDesk
from tui.live.index import ENOUGH, Index
from tui.live.ledger import Ledger
from tui.live.mailbox import Mailbox
from tui.live.outbox import Outbox
from tui.live.schedule import Budget, Schedule
from tui.model.clock import Clock
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import Busy, KeysRejected, Problem, UsageProblem
from tui.model.profile import Profile
from tui.model.session import Session
from tui.model.text import Clean, Opaque
from tui.model.transcript import Transcript
from tui.net.exchange import Exchange
from tui.net.retry import BUSY_BASE
from tui.providers.base import Asks, Connect, Provider

T = TypeVar("T")
S = TypeVar("S")

# How many requests of one profile are on their way at once; the client allows one more for a person's question.
LANES = 3

# Seconds of a poll that are left for each thing beside the listing, also where the listing took all of its time.
AT_LEAST = 1.0

# The writing requests that one errand has made, for the errand itself: a refusal that a provider takes for success.
WRITING: ContextVar[list[Exchange] | None] = ContextVar("writing", default=None)

NO_IDS = "listing the sessions: not one row has an id; the answer is not what the vendor documents"


class Retired(Problem):
    """The worker was replaced while something was asked of it."""

    exit_code = 3


@dataclass(slots=True)
class Watched:
    """A session that a screen looks at, and what that screen was told last."""

    detail: bool = False
    transcript: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    session: Session | None = None
    row: int | None = None
    on_board: Session | None = None
    spoken: Transcript | None = None
    trouble: Clean | None = None
    spoken_trouble: Clean | None = None


@dataclass(slots=True)
class Pending:
    """A created session that the vendor does not show yet: what stands for it, and when to ask again.

    `for_now`: see `Created`. Times are monotonic seconds.
    """

    ticket: int
    session: Session
    for_now: bool
    since: float
    due: float
    tries: int = 0


@dataclass(slots=True)
class Attention:
    """What people look at, of one profile. It outlives a change of the profile's keys."""

    visible: tuple[Opaque, ...] = ()
    pinned: set[Opaque] = field(default_factory=set)
    watched: dict[Opaque, Watched] = field(default_factory=dict)
    pending: dict[Opaque, Pending] = field(default_factory=dict)

    def held(self) -> set[Opaque]:
        """Sessions that stay on the board whatever the listing shows."""
        return self.pinned | self.watched.keys() | self.pending.keys()

    def first(self) -> tuple[Opaque, ...]:
        """The ids that come before all others, most urgent first."""
        return (*self.watched, *self.visible)


class Context:
    """One profile at work. The provider is connected at the first question, so that a bad setting is told in
    words by whatever asks first, and can be put right meanwhile."""

    def __init__(
        self,
        profile: Profile,
        *,
        connect: Connect,
        clock: Clock,
        rng: random.Random,
        mailbox: Mailbox,
        attention: Attention | None = None,
        index: Index | None = None,
        ledger: Ledger | None = None,
    ) -> None:
        self.profile = profile
        self.clock = clock
        self.rng = rng
        self.outbox = Outbox(mailbox, profile.name)
        self.health = HealthDesk(profile, self.outbox)
        self.schedule = Schedule(profile.refresh_seconds, rng)
        self.attention = attention or Attention()
        self.index = index or Index()
        self.ledger = ledger or Ledger(clock, mailbox)
        self.skew: timedelta | None = None
        self.retired = False
        self._connect = connect
        self._provider: Provider | None = None
        self._budget: Budget | None = None
        self._hold_until = 0.0
        self.lanes: set[asyncio.Task[None]] = set()
        self._stray: Exception | None = None

    @property
    def provider(self) -> Provider:
        """The adapter. Raises a `Problem` when it cannot be made from the profile."""
        if self._provider is None:
            self._provider = self._connect(self.profile, self.clock, self._report)
        return self._provider

    @property
    def budget(self) -> Budget:
        """How fast this profile may ask. Raises as `provider` does."""
        if self._budget is None:
            self._budget = Budget(self.provider.spec.requests_per_second)
        return self._budget

    def now(self) -> float:
        """Monotonic seconds."""
        return self.clock.monotonic()

    def cutoff(self) -> datetime:
        """The start of the history window."""
        return self.clock.now() - timedelta(hours=self.profile.history_hours)

    def at(self, seconds: float) -> datetime:
        """The wall time in so many seconds."""
        return self.clock.now() + timedelta(seconds=seconds)

    # --- asking -----------------------------------------------------------------------------------------

    async def ask(self, call: Callable[[Provider], Awaitable[T]]) -> T:
        """Asks the vendor when the budget allows it. Raises only a `Problem`.

        `Retired` also after the answer came: what a replaced worker learns must not reach the index that its
        successor took over.
        """
        self._check_retired()
        provider = self.provider
        wait = self.budget.reserve(self.now())
        if wait > 0:
            await self.clock.sleep(wait)
            self._check_retired()
        answer = await call(provider)
        self._check_retired()
        return answer

    def _check_retired(self) -> None:
        if self.retired:
            raise Retired(f"profile {self.profile.name} was changed or removed meanwhile")

    def _report(self, exchange: Exchange) -> None:
        if self._budget is not None:
            self._budget.spent(self.now())
        if exchange.skew is not None:
            self.skew = timedelta(seconds=exchange.skew)
        writing = WRITING.get()
        if writing is not None and exchange.writes:
            writing.append(exchange)
        self.outbox.exchange(exchange)

    async def close(self) -> None:
        """Closes the connections, if there are any."""
        provider, self._provider, self._budget = self._provider, None, None
        if provider is not None:
            await provider.aclose()

    # --- asking beside the listing ----------------------------------------------------------------------

    def may_ask_beside(self, operation: str) -> bool:
        """Whether requests that the listing does not need are welcome now."""
        return self.now() >= self._hold_until and not self.health.greyed(operation)

    def refused_beside(self, operation: str, problem: Problem) -> bool:
        """A request beside the listing failed; says whether to leave the others of this poll alone too.

        The listing itself decides about the profile's health: one session that cannot be read does not.
        """
        if isinstance(problem, (KeysRejected, UsageProblem)):
            self.health.grey(operation, problem.message)
            return True
        if isinstance(problem, Busy):
            self._hold_until = self.now() + max(problem.retry_after or 0.0, BUSY_BASE)
            return True
        return problem.exit_code == 3

    def release(self) -> None:
        """A person acted: what was refused or rested may be tried again, but a `Retry-After` stands."""
        self.health.ungrey()
        for entry in self.index.live.values():
            entry.rest_until(0.0)

    def not_found(self, ref: Opaque) -> None:
        """The vendor knows no session by that id. Two such answers end a session that no listing can judge."""
        entry = self.index.entries.get(ref)
        if entry is None or ref in self.attention.pending:
            return
        entry.apart().not_found += 1
        judged = ref not in self.attention.held() and listed(
            self.provider.spec.asks, entry.session, self.cutoff()
        )
        if entry.not_found >= ENOUGH and not judged:
            self.attention.pinned.discard(ref)
            self.index.forget(ref)
            self.outbox.gone((ref,))

    async def in_lanes(
        self,
        items: Sequence[Opaque],
        work: Callable[[Opaque], Awaitable[bool]],
        *,
        until: float,
    ) -> None:
        """Works on items, a few at a time, until one asks to stop or the time is up.

        None is ever cancelled: what is not done by then goes on, without holding up the next poll, and keeps
        its lane until it ends.
        """
        waiting = iter(items)
        free = min(LANES - len(self.lanes), len(items))
        lanes = {asyncio.ensure_future(self._lane(waiting, work, until)) for _ in range(free)}
        self.lanes |= lanes
        sleeper = asyncio.ensure_future(self.clock.sleep(max(0.0, until - self.now())))
        try:
            while (open_ := {lane for lane in lanes if not lane.done()}) and not sleeper.done():
                await asyncio.wait({*open_, sleeper}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeper.cancel()
            for lane in lanes:
                if lane.done():
                    self._left_lane(lane)
                else:
                    lane.add_done_callback(self._left_lane)

    async def _lane(
        self, waiting: Iterator[Opaque], work: Callable[[Opaque], Awaitable[bool]], until: float
    ) -> None:
        for item in waiting:
            if self.now() >= until or await work(item):
                for _ in waiting:  # the other lanes stop too
                    pass

    def raise_stray(self) -> None:
        """Raises the error of our own, if any, that ended a lane since the last poll."""
        if self._stray is not None:
            stray, self._stray = self._stray, None
            raise stray

    def _left_lane(self, lane: asyncio.Task[None]) -> None:
        self.lanes.discard(lane)
        if not lane.cancelled() and isinstance(error := lane.exception(), Exception):
            self._stray = error


def listed(asks: Asks, session: Session, cutoff: datetime) -> bool:
    """Whether a complete listing back to `cutoff` has to show that session.

    Which time a window is compared with is not documented everywhere: what began before it may be missing.
    """
    if asks is Asks.WHOLE:
        return True
    newest_first = asks is Asks.NEWEST_FIRST and session.updated_at is not None
    placed = session.updated_at if newest_first else session.began
    return placed is None or placed >= cutoff


def unique(refs: Iterable[S]) -> list[S]:
    """Without repeats, in order."""
    return list(dict.fromkeys(refs))
