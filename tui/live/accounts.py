"""The store of profiles as the engine works on it: what a screen asks is done in a thread, and takes effect at once.

A secret's command may take 10 s and a lock on the store as long: neither holds up a vendor or a key.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import field, replace
from pathlib import Path
from typing import TypeVar

from tui.live.commands import DropProfile, ListProfiles, SaveProfile, TryProfile
from tui.live.context import Context
from tui.live.messages import Account, ProfileSaved, ProfilesListed, Tried
from tui.live.worker import ANY_ERROR, in_words
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import ConfigProblem, Problem, UsageProblem
from tui.model.profile import Profile
from tui.profiles import editing
from tui.profiles.editing import Change
from tui.profiles.shelf import Where, folder_of, tokens_of
from tui.profiles.store import StoredProfile, load, overview
from tui.providers.base import Finding, Spec

Asked = ListProfiles | TryProfile | SaveProfile | DropProfile
Reply = ProfilesListed | Tried | ProfileSaved

T = TypeVar("T")

_NO_STORE = "this run has no store of profiles"


@dataclass(frozen=True, slots=True)
class Store:
    """A store of profiles and what it is read with. `read_only` holds for all that is started from it."""

    where: Where
    specs: Mapping[str, Spec]
    environ: Mapping[str, str] = field(repr=False)  # secrets live in it, too
    read_only: bool = False

    def list(self, ticket: int) -> ProfilesListed:
        """Everything in it. Raises `ConfigProblem`; runs no command."""
        listed = overview(self.where, self.specs, self.environ)
        return ProfilesListed(
            ticket,
            tuple(map(self._account, editing.names(self.where), listed)),
            folder_of(self.where),
            lasting=isinstance(self.where, Path),
            loses_comments=editing.loses_comments(self.where),
        )

    def _account(self, name: str, listed: StoredProfile) -> Account:
        try:
            stored = editing.stored(self.where, name, self.specs, self.environ)
        except ConfigProblem:
            stored = None
        needs, has = False, False
        if listed.profile is not None:
            needs, has = self._signs_in(listed.profile)
        return Account(listed, stored, needs, has)

    def _signs_in(self, profile: Profile) -> tuple[bool, bool]:
        """Whether it is of use only after a sign-in, and whether there was one."""
        needs = self.specs[profile.provider].needs_sign_in(profile)
        return needs, needs and tokens_of(self.where).holds(profile.name)

    def candidate(self, asked: TryProfile) -> tuple[Profile, bool]:
        """The profile to try, and whether somebody has to sign in first. Raises `ConfigProblem`."""
        profile = editing.candidate(self.where, asked.name, asked.draft, self.specs, self.environ)
        needs, has = self._signs_in(profile)
        return profile, needs and not has

    def save(self, asked: SaveProfile) -> ProfileSaved:
        """Writes a draft, and reads what came of it. The keys first: should the name be taken, what was typed is not
        lost. Raises `ConfigProblem`."""
        before = asked.before
        change = editing.put(
            self.where, before or asked.name, asked.draft, self.specs, new=before is None
        )
        if before is not None and before != asked.name:
            editing.rename(self.where, before, asked.name)
        return self._read(asked.ticket, Change(before, asked.name, change.keys))

    def _read(self, ticket: int, change: Change) -> ProfileSaved:
        name = change.now
        assert name is not None  # what is dropped is not read again
        loaded = load(self.where, self.specs, self.environ, only=[name])
        profile = next((found for found in loaded.profiles if found.name == name), None)
        if profile is None:
            broken = loaded.broken.get(name)
            return ProfileSaved(ticket, change, fault=broken.message if broken else None)
        needs, has = self._signs_in(profile)
        if self.read_only:
            profile = replace(profile, read_only=True)
        return ProfileSaved(ticket, change, profile, sign_in=needs and not has)

    def drop(self, asked: DropProfile) -> ProfileSaved:
        """Takes a profile out. Raises `ConfigProblem`."""
        return ProfileSaved(asked.ticket, editing.remove(self.where, asked.name))


class Accounts:
    """What is asked of the store. `effect` is called in the engine's loop before an answer goes out; `connecting`
    makes what a draft is tried with."""

    def __init__(
        self,
        store: Store | None,
        *,
        tell: Callable[[Reply], None],
        effect: Callable[[ProfileSaved], None],
        connecting: Callable[[Profile], Context],
    ) -> None:
        self._store = store
        self._tell, self._effect, self._connecting = tell, effect, connecting
        self.tasks: set[asyncio.Task[None]] = set()

    def ask(self, asked: Asked) -> None:
        """In the engine's loop: answers whatever happens."""
        task = asyncio.ensure_future(self._answer(asked))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _answer(self, asked: Asked) -> None:
        try:
            reply = await self._done(asked)
        except Problem as problem:
            reply = _failed(asked, problem)
        except ANY_ERROR as error:
            reply = _failed(asked, in_words(error, "nothing is known of the profile"))
        if isinstance(reply, ProfileSaved):
            self._effect(reply)
        self._tell(reply)

    async def _done(self, asked: Asked) -> Reply:
        store = self._store
        if store is None:
            raise UsageProblem(_NO_STORE)
        match asked:
            case ListProfiles(ticket):
                return await _in_thread(lambda: store.list(ticket))
            case TryProfile():
                profile, sign_in = await _in_thread(lambda: store.candidate(asked))
                given = frozenset({*profile.settings, *profile.secrets})
                found = () if sign_in else await self._try(profile)
                return Tried(asked.ticket, found, sign_in, given)
            case SaveProfile():
                return await _in_thread(lambda: store.save(asked))
            case DropProfile():
                return await _in_thread(lambda: store.drop(asked))

    async def _try(self, profile: Profile) -> tuple[Finding, ...]:
        """Asks the vendor by a connection of its own: nothing of it reaches the board."""
        context = self._connecting(profile)
        try:
            return await context.ask(lambda provider: provider.check())
        finally:
            await context.close()


async def _in_thread(work: Callable[[], T]) -> T:
    """The result of work on files, which a thread of its own does: one that hangs holds up no exit."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(give: Callable[[], None]) -> None:
        if not done.done():
            give()

    def run() -> None:
        try:
            result = work()
        except Exception as error:
            give = _giving(done.set_exception, error)
        else:
            give = _giving(done.set_result, result)
        with suppress(RuntimeError):  # the engine has ended: nobody waits
            loop.call_soon_threadsafe(settle, give)

    threading.Thread(target=run, daemon=True, name="profiles").start()
    return await done


def _giving(to: Callable[[T], None], what: T) -> Callable[[], None]:
    return lambda: to(what)


def _failed(asked: Asked, problem: Problem) -> Reply:
    match asked:
        case ListProfiles(ticket):
            return ProfilesListed(ticket, problem=problem)
        case TryProfile():
            return Tried(asked.ticket, problem=problem)
        case SaveProfile() | DropProfile():
            return ProfileSaved(asked.ticket, problem=problem)
