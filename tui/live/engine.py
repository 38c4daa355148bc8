"""The engine: the thread and the loop in which every profile's worker runs. Screens reach it by mailbox only."""

from __future__ import annotations

import asyncio
import random
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, assert_never

from tui.live import errands, files, writes
from tui.live.accounts import Accounts, Store
from tui.live.commands import (
    Act,
    Check,
    Command,
    Create,
    DropProfile,
    FindLinks,
    FollowLog,
    ListProfiles,
    Open,
    Pause,
    PutProfile,
    Query,
    Read,
    Refresh,
    RemoveProfile,
    Save,
    SaveProfile,
    Settle,
    SignIn,
    StartSignIn,
    TryProfile,
    Unwatch,
    Visible,
    Watch,
)
from tui.live.context import Attention, Context
from tui.live.errands import Errand
from tui.live.index import Index
from tui.live.intents import IntentFolder
from tui.live.ledger import Ledger
from tui.live.mailbox import Mailbox
from tui.live.messages import Acted, Detail, Health, HealthState, Made, ProfileSaved, Saved, Spoken
from tui.live.worker import ANY_ERROR, Worker, in_words
from tui.model.clock import Clock
from tui.model.problem import Problem, UsageProblem
from tui.model.profile import Profile
from tui.model.session import Key
from tui.providers.base import Connect

# Python's own 5 ms would let a decode in the engine hold up a key on the screen.
_SWITCH_INTERVAL: Final = 0.0005
# An error in the very loop that waits must not become a loop that does not.
_AFTER_CRASH: Final = 1.0
# How the time to stop is shared out: letting answers come in, closing connections, giving up.
_GRACE, _CLOSING, _GIVING_UP = 0.3, 0.3, 0.2
# A write on its way gets more: what comes in is known, and what does not is a question for a person.
_FOR_WRITES: Final = 0.5
# A renewal on its way may have made the old token worthless: it gets what its request may take, and the saving.
KEEPING: Final = 12.0
_LOOK: Final = 0.05


class Engine:
    """Keeps the sessions of all profiles fresh and answers questions; everything it says is in `mailbox`.

    `start` runs it in a thread of its own; `run` runs it inside the caller's loop instead. `send` and `stop`
    may be called from any thread. With `poll` False nothing is asked that nobody asked for. `state` is the folder
    where writes are written down before they are sent; None: they are remembered as long as the engine runs.
    `store` is where the profiles come from, for screens that edit them. `renewing` says whether a token is being
    renewed: without the answer, somebody may have to sign in again.
    """

    def __init__(
        self,
        profiles: Sequence[Profile],
        *,
        connect: Connect,
        clock: Clock,
        rng: random.Random | None = None,
        poll: bool = True,
        state: Path | None = None,
        store: Store | None = None,
        renewing: Callable[[], bool] = lambda: False,
    ) -> None:
        self.mailbox = Mailbox()
        folder = None if state is None else IntentFolder(state)
        self._ledger = Ledger(clock, self.mailbox, folder)
        self._connect = connect
        self._clock = clock
        self._rng = rng or random.Random()
        self._poll = poll
        self._renewing = renewing
        self._paused = False
        self._profiles = tuple(profiles)
        self._commands: deque[Command] = deque()
        self._workers: dict[str, Worker] = {}
        self._tasks: dict[asyncio.Task[None], Worker] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        self._stopping = threading.Event()
        self._grace = 1.0
        self._thread: threading.Thread | None = None
        self._leftovers: set[asyncio.Future[Any]] = set()
        self._files = files.Files(self.mailbox)
        tell, effect = self.mailbox.tell_answer, self._take_over
        self._accounts = Accounts(store, tell=tell, effect=effect, connecting=self._context)

    # --- from any thread --------------------------------------------------------------------------------

    def start(self) -> None:
        """Starts the engine's thread. Once only."""
        if self._thread is not None or self._stopping.is_set():
            raise RuntimeError("the engine was started before")
        sys.setswitchinterval(_SWITCH_INTERVAL)
        self._thread = threading.Thread(target=self._run_in_thread, name="engine", daemon=True)
        self._thread.start()

    def send(self, command: Command) -> None:
        """Gives the engine a command; one sent before it runs waits. Never blocks, never raises."""
        self._commands.append(command)
        self._call(self._obey)

    def stop(self, timeout: float = 1.0, on_wait: Callable[[], None] | None = None) -> bool:
        """Ends the engine: waits at most `timeout` seconds, and says whether its thread has ended.

        Requests on their way get a part of that time to come in. Calling it again does no harm. Only a token that
        is being renewed is waited for longer, at most `KEEPING` seconds more; `on_wait` is called before.
        """
        self._grace = timeout
        self._stopping.set()
        self._call(self._end)
        thread = self._thread
        if thread is None or thread is threading.current_thread():
            return True
        thread.join(timeout)
        if thread.is_alive() and self._renewing():
            if on_wait is not None:
                on_wait()
            thread.join(KEEPING)
        self._files.wait(timeout * _GRACE)
        return not thread.is_alive()

    def _call(self, what: Callable[[], None]) -> None:
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop was closed: the engine has ended
                loop.call_soon_threadsafe(what)

    # --- the loop ---------------------------------------------------------------------------------------

    def _run_in_thread(self) -> None:
        loop = asyncio.new_event_loop()
        # What is given up at the end is not worth a word on a screen that somebody else draws.
        loop.set_exception_handler(lambda _loop, _context: None)
        running = loop.create_task(self.run())
        try:
            loop.run_until_complete(running)
        except BaseException as error:  # also a SystemExit, which any callback can end a loop with
            self._tell_the_end(error)
            self._end()
            with suppress(BaseException):
                loop.run_until_complete(running)  # what it had open is closed all the same
        finally:
            loop.close()

    def _tell_the_end(self, error: BaseException) -> None:
        """The engine itself failed: no worker is left to say so."""
        for worker in self._workers.values():
            self._tell_offline(worker.context.profile, error)

    def _tell_offline(self, profile: Profile, error: BaseException) -> None:
        reason = in_words(error, "start sessiontop again").message
        health = Health(profile.name, profile.provider, HealthState.OFFLINE, reason)
        self.mailbox.tell_health(health)

    async def run(self) -> None:
        """Runs until `stop` is called."""
        self._ended = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        if self._stopping.is_set():
            return
        self._ledger.first_load()
        for profile in self._profiles:
            self._put(profile)
        self._obey()
        try:
            await self._ended.wait()
        finally:
            await self._close()

    def _end(self) -> None:
        if self._ended is not None:
            self._ended.set()

    async def _close(self) -> None:
        """Lets what is on its way come in, then closes connections, then gives up; all of it bounded."""
        workers = set(self._workers.values()) | set(self._tasks.values())
        for worker in workers:
            worker.retire()
        self._workers.clear()
        working: set[asyncio.Future[Any]] = {*self._tasks, *self._accounts.tasks}
        await self._wait(working, _FOR_WRITES if self._ledger.busy else _GRACE)
        working |= {asyncio.ensure_future(worker.context.close()) for worker in workers}
        await self._wait(working, _CLOSING)
        # The connections are closed: no pool is left that a cancellation could harm.
        working.update(*(worker.tasks | worker.context.lanes for worker in workers))
        left = {task for task in working if not task.done()}
        for task in left:
            task.cancel()
        await self._wait(left, _GIVING_UP)
        await self._renewed()
        self._leftovers = {task for task in left if not task.done()}

    async def _renewed(self) -> None:
        """A renewal is nobody's task here: it outlives whoever wanted it."""
        deadline = self._clock.monotonic() + KEEPING
        while self._renewing() and self._clock.monotonic() < deadline:  # noqa: ASYNC110 - threads tell
            await asyncio.sleep(_LOOK)

    async def _wait(self, tasks: set[asyncio.Future[Any]], share: float) -> None:
        if tasks:
            await asyncio.wait(tasks, timeout=self._grace * share)

    # --- workers ----------------------------------------------------------------------------------------

    def _put(self, profile: Profile) -> None:
        """Starts the worker of a profile. One of the same account takes over what its predecessor knew."""
        old = self._workers.pop(profile.name, None)
        attention: Attention | None = None
        index: Index | None = None
        if old is not None:
            old.retire()
            attention = old.context.attention
            if profile.same_account(old.context.profile):
                index = old.context.index
            else:
                attention.pending.clear()
                self.mailbox.tell_gone(Key(profile.name, ref) for ref in old.context.index.entries)
        context = self._context(profile, attention, index)
        worker = self._workers[profile.name] = Worker(context, poll=self._poll, paused=self._paused)
        task = asyncio.ensure_future(self._supervise(worker))
        self._tasks[task] = worker
        task.add_done_callback(self._tasks.pop)

    def _context(
        self, profile: Profile, attention: Attention | None = None, index: Index | None = None
    ) -> Context:
        return Context(
            profile,
            connect=self._connect,
            clock=self._clock,
            rng=self._rng,
            mailbox=self.mailbox,
            attention=attention,
            index=index,
            ledger=self._ledger,
        )

    def _take_over(self, saved: ProfileSaved) -> None:
        """The store was changed: what it holds now is at work from now on."""
        change = saved.change
        if change is None:
            return
        if change.before is not None and (saved.profile is None or change.before != change.now):
            self._remove(change.before)
        if saved.profile is not None:
            self._put(saved.profile)

    async def _supervise(self, worker: Worker) -> None:
        """A worker that fails by an error of our own is started again; the others never notice."""
        while True:
            try:
                await worker.run()
                break
            except ANY_ERROR as error:
                worker.settle(error)
                worker.crashed(error)
                await self._clock.sleep(_AFTER_CRASH)  # the worker itself waits for the rest
        with suppress(Exception):  # a connection that does not close well is gone all the same
            await worker.close()

    def _remove(self, name: str) -> None:
        worker = self._workers.pop(name, None)
        if worker is not None:
            worker.retire()
            self.mailbox.tell_removed(name)

    # --- commands ---------------------------------------------------------------------------------------

    def _obey(self) -> None:
        """In the engine's loop: carries out what was sent."""
        while self._commands:
            command = self._commands.popleft()
            try:
                self._carry_out(command)
            except Exception as error:
                with suppress(Exception):  # a command that cannot even be answered
                    self._failed(command, error)

    def _failed(self, command: Command, error: Exception) -> None:
        """A command that met an error of our own: whoever waits for its answer hears of it."""
        problem = in_words(error, "nothing was sent")
        match command:
            case Open() | Read() | Query() | Check() | StartSignIn() | SignIn():
                self.mailbox.tell_answer(errands.failed(command, problem))
            case FindLinks() | Create() | Act():
                self._answer_without(command, problem)
            case Save():
                self.mailbox.tell_answer(Saved(command.ticket, command.path, problem))
            case Watch():
                kind = Spoken if command.transcript else Detail
                self.mailbox.tell_answer(kind(command.key, None, problem))
            case PutProfile():
                self._tell_offline(command.profile, error)
            case _:
                """Nobody waits: the next one of its kind makes up for it."""

    def _carry_out(self, command: Command) -> None:
        match command:
            case Refresh():
                for worker in self._named(command.profile):
                    worker.refresh()
            case Pause():
                self._paused = command.on
                for worker in self._workers.values():
                    worker.pause(command.on)
            case Watch():
                self._watch(command)
            case Unwatch():
                for worker in self._named(command.key.profile):
                    worker.unwatch(command)
            case Visible():
                self._show(command)
            case Open() | Read() | Query() | Check() | StartSignIn() | SignIn():
                self._ask(command)
            case FindLinks() | Create() | Act():
                self._ask(command)
            case Settle():
                self._ledger.decide(command.intent, command.session)
            case Save():
                self._files.save(command)
            case ListProfiles() | TryProfile() | SaveProfile() | DropProfile():
                self._accounts.ask(command)
            case PutProfile():
                self._put(command.profile)
            case RemoveProfile():
                self._remove(command.name)
            case FollowLog():
                self.mailbox.follow_log(command.on)
            case _ as never:
                assert_never(never)

    def _named(self, profile: str | None) -> list[Worker]:
        """The worker of one profile, or all of them with None."""
        if profile is None:
            return list(self._workers.values())
        worker = self._workers.get(profile)
        return [] if worker is None else [worker]

    def _watch(self, command: Watch) -> None:
        for worker in self._named(command.key.profile):
            worker.watch(command)
            return
        kind = Spoken if command.transcript else Detail
        self.mailbox.tell_answer(kind(command.key, None, _unknown(command.key.profile)))

    def _show(self, command: Visible) -> None:
        for name, worker in self._workers.items():
            worker.visible(tuple(key.id for key in command.keys if key.profile == name))

    def _ask(self, errand: Errand) -> None:
        worker = self._workers.get(errand.profile)
        if worker is not None:
            worker.ask(errand)
            return
        self._answer_without(errand, _unknown(errand.profile))

    def _answer_without(self, errand: Errand, problem: Problem) -> None:
        """The answer to what no worker was asked."""
        answer = errands.failed(errand, problem)
        if isinstance(errand, (Create, Act)) and isinstance(answer, (Made, Acted)):
            self.mailbox.tell_wrote(writes.wrote(errand, answer, self._clock.now()))
        self.mailbox.tell_answer(answer)


def _unknown(profile: str) -> UsageProblem:
    return UsageProblem(f"no profile is called {profile}")
