"""The one task that keeps one profile's sessions fresh, and what people ask of it meanwhile."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Coroutine
from pathlib import PurePath
from typing import Any, Final

from tui.live import errands, writes
from tui.live.commands import Act, Create, Unwatch, Watch
from tui.live.context import Context, Retired
from tui.live.errands import Errand
from tui.live.messages import Acted, Detail, Made, SignedIn, Spoken
from tui.live.pending import Pendings
from tui.live.reconcile import Reconciler
from tui.live.reread import Rereader
from tui.live.schedule import JumpWatch
from tui.live.sweep import Listing
from tui.live.watches import Watcher
from tui.model.problem import ConfigProblem, KeysRejected, Problem, UnknownOutcome
from tui.model.text import Opaque

# Of a poll's time, what goes beside the listing; the sweep gets the rest.
_BESIDE: Final = 0.6
# What may end a task of ours: a cancellation can escape a library's scopes, and a library may call `sys.exit`.
ANY_ERROR: Final = (Exception, asyncio.CancelledError, SystemExit)
# A long sleep is cut into naps of so many seconds, so that a machine that wakes up is noticed.
_NAP: Final = 10.0


class Worker:
    """Polls one profile on its schedule. Failures are told in words and never leave it; see `Engine`."""

    def __init__(self, context: Context, *, poll: bool, paused: bool = False) -> None:
        self.context = context
        self._polls = poll
        self._paused = paused
        self._asked = False
        self._listing = Listing(context)
        self._rereader = Rereader(context)
        self._watcher = Watcher(context)
        self._pendings = Pendings(context)
        self._reconciler = Reconciler(context)
        self._jumps = JumpWatch()
        self._answered_at: float | None = None
        self._sleeper: asyncio.Future[None] | None = None
        self.tasks: set[asyncio.Task[None]] = set()

    # --- the loop ---------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Polls until it is retired. What it raises is an error of our own: the engine starts it again."""
        if self._polls:
            self.context.health.pause(self._paused)
            self.context.health.tell()
        while await self._until_due():
            await self._poll()

    async def _until_due(self) -> bool:
        """Sleeps until the next poll; False when there will be none."""
        context = self.context
        while not context.retired:
            now = context.now()
            loop_time = asyncio.get_running_loop().time()
            if self._jumps.jumped(loop_time, now, context.clock.now().timestamp()):
                self._forgive(now)
            wait = self._wait(now)
            if wait is not None and wait <= 0:
                self._asked = False
                return True
            await self._sleep(wait)
        return False

    def _wait(self, now: float) -> float | None:
        """Seconds until the next poll; None when one has to be asked for."""
        schedule = self.context.schedule
        if self._asked:
            return schedule.earliest() - now
        if not self._polls or self._paused or self.context.health.rejected:
            return None
        return schedule.due - now

    async def _sleep(self, seconds: float | None) -> None:
        """Sleeps until woken, a nap at most."""
        if seconds is None:
            sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        else:
            sleeper = asyncio.ensure_future(self.context.clock.sleep(min(seconds, _NAP)))
        self._sleeper = sleeper
        try:
            await asyncio.wait({sleeper})
        finally:
            self._sleeper = None
            sleeper.cancel()

    def _wake(self) -> None:
        if self._sleeper is not None:
            self._sleeper.cancel()  # a sleep, never a request

    def _forgive(self, now: float) -> None:
        """The machine slept or its clock was set: old failures say nothing about now."""
        context = self.context
        context.schedule.forgive(now)
        context.health.retry(context.at(context.schedule.due - now))

    # --- one poll ---------------------------------------------------------------------------------------

    async def _poll(self) -> None:
        context = self.context
        started = context.now()
        context.schedule.started(started)
        stale = asyncio.ensure_future(self._turn_stale(started))
        try:
            await self._ask_everything(started)
        except Retired:
            return
        except (KeysRejected, ConfigProblem) as problem:
            context.health.reject(problem)
        except Problem as problem:
            self._failed(problem)
        else:
            context.schedule.succeeded(context.now())
            context.health.recovered()
        finally:
            stale.cancel()
        self._tell()

    async def _ask_everything(self, started: float) -> None:
        """A pulse, then what people look at, then the sweep.

        After many failures only a careful probe: the pulse, and the page at which the sweep may have failed.
        """
        context = self.context
        context.raise_stray()
        probing = context.schedule.probing
        await self._listing.pulse()
        now = self._answered_at = context.now()
        context.schedule.answered(now - started)
        context.health.answered(context.clock.now())
        if not context.health.troubled:
            self._tell()
        if probing:
            await self._listing.go_on(started)
            return
        interval = context.schedule.interval
        beside = started + _BESIDE * interval
        await self._watcher.refresh(beside)
        await self._reconciler.look(beside)
        await self._pendings.look(started, beside)
        await self._rereader.rows(started, beside)
        await self._rereader.people(started, beside)
        await self._listing.go_on(started + interval)
        self._reconciler.swept()

    def _failed(self, problem: Problem) -> None:
        context = self.context
        delay = context.schedule.failed(context.now(), problem)
        context.health.failed(problem, context.at(delay))

    def _tell(self) -> None:
        index = self.context.index
        self.context.health.counts(
            set_aside=index.set_aside, drifted=index.drifted, complete=self._listing.complete
        )
        self.context.health.tell()

    async def _turn_stale(self, started: float) -> None:
        """While the vendor takes too long to answer, the rows grow old."""
        if self._answered_at is None:
            return
        context = self.context
        stale_at = self._answered_at + context.schedule.stale_after
        # Rows that are old when a poll starts (a pause, a slow page before) get their chance first.
        await context.clock.sleep(max(context.schedule.patience, stale_at - started))
        if self._answered_at < started:
            context.health.stale()
            context.health.tell()

    def crashed(self, error: BaseException) -> None:
        """An error of our own ended `run`: says so. Run again, it waits for its time."""
        self._listing.drop()
        context = self.context
        delay = context.schedule.failed(context.now(), None)
        context.health.failed(in_words(error), context.at(delay))
        context.health.tell()

    # --- what people ask --------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Poll now, though never before the vendor's own `Retry-After` and never twice at once."""
        self.context.release()
        self._asked = True
        self._wake()

    def pause(self, on: bool) -> None:
        """Stops polling, or goes on at once."""
        if on == self._paused:
            return
        self._paused = on
        if not self._polls:
            return
        schedule = self.context.schedule
        if not on:
            schedule.due = min(schedule.due, schedule.earliest())
        self.context.health.pause(on)
        self.context.health.tell()
        self._wake()

    def visible(self, refs: tuple[Opaque, ...]) -> None:
        """These are on screen: they come first from now on."""
        self.context.attention.visible = refs

    def watch(self, command: Watch) -> None:
        """A screen looks at one session: it is read at once."""
        watched = self._watcher.start(command)
        self._spawn(self._look(command, self._watcher.look(command.key.id, watched, asked=True)))

    def unwatch(self, command: Unwatch) -> None:
        """That screen has gone."""
        self._watcher.stop(command)

    def ask(self, errand: Errand) -> None:
        """A question with a ticket; it is answered beside the polling."""
        self._spawn(self._run(errand))

    async def _look(self, command: Watch, look: Coroutine[Any, Any, None]) -> None:
        try:
            await look
        except ANY_ERROR as error:
            self.settle(error)
            kind = Spoken if command.transcript else Detail
            self.context.outbox.watched(kind(command.key, None, in_words(error, "open it again")))

    async def _run(self, errand: Errand) -> None:
        try:
            answer = await errands.run(self.context, errand)
        except ANY_ERROR as error:
            self.settle(error)
            answer = errands.failed(errand, _answered(errand, error))
        if isinstance(errand, (Create, Act)) and isinstance(answer, (Made, Acted)):
            self.context.outbox.wrote(writes.wrote(errand, answer, self.context.clock.now()))
        self.context.outbox.ticket(answer)
        if isinstance(answer, SignedIn) and answer.access is not None and self._polls:
            self.refresh()  # it may have waited for just that

    def settle(self, error: BaseException) -> None:
        """Before an error is told: raises it when it is the engine's own way to give up what never ends.

        Any other cancellation escaped from a library: the task goes on as if it had never been cancelled.
        """
        if not isinstance(error, asyncio.CancelledError):
            return
        if self.context.retired:
            raise error
        task = asyncio.current_task()
        while task is not None and task.cancelling():
            task.uncancel()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    # --- the end ----------------------------------------------------------------------------------------

    def retire(self) -> None:
        """From now on it asks nothing and says nothing; what is on its way is let come in and dropped."""
        self.context.retired = True
        self.context.outbox.open = False
        self._wake()

    async def close(self) -> None:
        """After `run` has ended: waits for what is on its way, then closes the connections."""
        while on_the_way := self.tasks | self.context.lanes:
            await asyncio.wait(on_the_way)
        await self.context.close()


def _answered(errand: Errand, error: BaseException) -> Problem:
    """Why a question has no answer. Of a write nobody knows then how far it came."""
    if isinstance(error, Problem) or not isinstance(errand, (Create, Act)):
        return in_words(error, "ask again")
    words = in_words(error, "look at the list before trying again").message
    return UnknownOutcome(f"it may have been done all the same: {words}")


def in_words(error: BaseException, then: str = "trying again") -> Problem:
    """An error of our own as a sentence: where it happened, and no value of anything. `then`: what comes now."""
    if isinstance(error, Problem):
        return error
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return Problem(f"an error in sessiontop itself ({type(error).__name__}{where}); {then}")
