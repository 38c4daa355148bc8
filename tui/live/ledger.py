"""The writes whose outcome is not known: what is on its way, what got lost, what came of it later.

One ledger for the whole engine. With a folder it outlives the program; without one (the demo, tests) it is memory.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from tui.live.intent_file import Kept, new_id, unknown
from tui.live.intents import Contents, Held, IntentFolder
from tui.live.log import Outcome, Wrote
from tui.live.mailbox import Mailbox
from tui.model.clock import Clock
from tui.model.form import Values
from tui.model.intent import CREATE, Intent, IntentState
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import ConfigProblem, Problem, Repeated
from tui.model.profile import Profile
from tui.model.session import Key
from tui.model.text import NO_TEXT, Clean, Opaque, line, shown

# The last moment at which a write that was sent can still be carried out: more than the client waits for it.
LAST_MOMENT: Final = timedelta(seconds=30)
# For so many seconds after its answer the very same write is taken for a key that bounced.
BOUNCE: Final = 1.0
# Settled intents stay in the list until a person has dropped them, the newest of them.
_SETTLED: Final = 50
_MADE: Final = 10_000
UNCLEAR: Final = "no clear answer came: look at the list before trying again"
KILLED: Final = "sessiontop ended before the answer came: look at the list before trying again"


@dataclass(frozen=True, slots=True)
class Sending:
    """What is about to be sent, as far as it is written down."""

    reference: Opaque | None = None
    sure: bool = True
    expires: datetime | None = None
    known: frozenset[Opaque] | None = None


class Flight:
    """One write from the question whether it may be sent to what came of it."""

    def __init__(
        self, ledger: Ledger, profile: Profile, what: str, ref: Opaque | None, values: Values
    ) -> None:
        self._ledger = ledger
        self._profile = profile
        self._what = what
        self._ref = ref
        self._values = values
        self._kept: Kept | None = None
        self.done = False

    @property
    def sent(self) -> bool:
        """Whether it may be on its way: its intent is written down."""
        return self._kept is not None

    def departs(self, sending: Sending) -> None:
        """Writes the intent down. Raises `ConfigProblem`: nothing must be sent then."""
        ledger, profile = self._ledger, self._profile
        intent = Intent(
            id=new_id(),
            profile=profile.name,
            provider=profile.provider,
            what=self._what,
            at=ledger.clock.now(),
            ref=self._ref,
            reference=sending.reference,
        )
        try:
            digest = ledger.digest(profile, self._what, self._ref, self._values)
            kept = Kept(intent, digest, sending.sure, sending.expires, sending.known)
            ledger.add(kept)
        except ConfigProblem as problem:
            raise ConfigProblem(f"nothing was sent: {problem.message}") from None
        self._kept = kept

    def arrived(self, *, done: bool = False) -> None:
        """The outcome is known: done, refused, or never sent."""
        kept, self._kept = self._kept, None
        self.done = done
        if kept is not None:
            self._ledger.forget(kept.intent.id)

    def lost(self, problem: Problem) -> Intent | None:
        """Nobody knows; the intent, where it had departed at all."""
        kept, self._kept = self._kept, None
        return None if kept is None else self._ledger.lose(kept.intent.id, problem.message)


class Ledger:
    """Everything about writes that must outlive their answers. All methods belong to the engine's loop."""

    def __init__(self, clock: Clock, mailbox: Mailbox, folder: IntentFolder | None = None) -> None:
        self.clock = clock
        self.troubles: tuple[Clean, ...] = ()
        self._mailbox = mailbox
        self._folder = folder
        self._key = secrets.token_bytes(32)
        self._kept: dict[str, Kept] = {}
        self._held: dict[str, Held] = {}
        self._deadlines: dict[str, float] = {}
        self._flying: set[Hashable] = set()
        self._landed: dict[Hashable, float] = {}
        self._made: dict[Key, None] = {}
        self._elsewhere: tuple[Intent, ...] = ()
        self._told: tuple[Intent, ...] = ()

    # --- a write ----------------------------------------------------------------------------------------

    @contextmanager
    def flight(
        self, profile: Profile, what: str, ref: Opaque | None, values: Values
    ) -> Iterator[Flight]:
        """Raises `Repeated` while the same is on its way already, or was done just now: one is enough."""
        same = _same(profile.name, what, ref, values)
        which = "a session with these very values" if ref is None else f"{what} of this session"
        if same in self._flying:
            raise Repeated(
                f"{profile.name}: {which} is on its way already: wait for its answer;"
                " nothing was sent a second time"
            )
        if self._is_just_done(same):
            raise Repeated(
                f"{profile.name}: {which} was done just now; nothing was sent a second time"
            )
        self._flying.add(same)
        flight = Flight(self, profile, what, ref, values)
        try:
            yield flight
        finally:
            self._flying.discard(same)
            if flight.done:
                self._landed[same] = self.clock.monotonic()

    def _is_just_done(self, same: Hashable) -> bool:
        """A key that was held down too long, or that bounced, is not a second wish."""
        now = self.clock.monotonic()
        self._landed = {one: at for one, at in self._landed.items() if now - at < BOUNCE}
        return same in self._landed

    @property
    def busy(self) -> bool:
        """Whether a write is on its way."""
        return bool(self._flying)

    def digest(self, profile: Profile, what: str, ref: Opaque | None, values: Values) -> str:
        """The same for two writes that ask the same; it gives nothing away without the key."""
        key = self._key if self._folder is None else self._folder.key()
        said = json.dumps([profile.name, profile.provider, what, ref, _plain(values)])
        return blake2b(said.encode("utf-8", "replace"), key=key, digest_size=16).hexdigest()

    def add(self, kept: Kept) -> None:
        """A write departs. Raises `ConfigProblem` when that cannot be written down."""
        id = kept.intent.id
        if self._folder is not None:
            self._held[id] = self._folder.add(kept)
        self._deadlines[id] = self.clock.monotonic() + LAST_MOMENT.total_seconds()
        self._kept[id] = kept
        self._tell()

    def forget(self, id: str) -> None:
        """Its outcome is known to whoever asked, or a person drops it."""
        self._remove_file(id)
        self._kept.pop(id, None)
        self._deadlines.pop(id, None)
        self._tell()

    def lose(self, id: str, reason: str) -> Intent:
        """No answer came. Where even that cannot be written down, the file says `sending` still: as good as that."""
        kept = self._kept[id] = unknown(self._kept[id], reason)
        held = self._held.pop(id, None)
        if self._folder is not None and held is not None:
            try:
                self._folder.put(kept, held)
            except ConfigProblem:
                held.release()
        self._tell()
        return kept.intent

    def note_made(self, key: Key) -> None:
        """A session that we know to be ours: it is no candidate for another write."""
        self._made[key] = None
        while len(self._made) > _MADE:
            del self._made[next(iter(self._made))]

    def is_made(self, key: Key) -> bool:
        """Whether that session is known to have come from a write of ours."""
        return key in self._made

    # --- looking ----------------------------------------------------------------------------------------

    def load(self) -> None:
        """Takes in what other programs, or earlier ones, left behind; what they have settled leaves."""
        if self._folder is None:
            return
        there = self._folder.names()
        gone = [
            id
            for id, kept in self._kept.items()
            if kept.intent.state is IntentState.UNKNOWN and id not in there and id not in self._held
        ]
        for id in gone:
            del self._kept[id]
        fresh = there - self._kept.keys()
        found = self._folder.read(fresh) if fresh else Contents()
        self._elsewhere = found.elsewhere
        self._adopt(self._folder, found.kept)
        self._tell()

    def first_load(self) -> None:
        """As `load`, and says what in the folder is no intent."""
        if self._folder is not None:
            self.troubles = self._folder.read().troubles
            if self.troubles:
                self._mailbox.tell_troubles(self.troubles)
            self.load()

    def _adopt(self, folder: IntentFolder, found: Iterable[Kept]) -> None:
        for kept in found:
            id, now = kept.intent.id, self.clock.now()
            if kept.intent.state is IntentState.SENDING:
                kept = unknown(kept, KILLED)
                with suppress(ConfigProblem):
                    if not folder.put(kept):
                        continue
            else:
                kept = unknown(kept, UNCLEAR)
            # Never longer than a whole deadline: the clock may have been set back meanwhile.
            left = min(max(kept.intent.at + LAST_MOMENT - now, timedelta()), LAST_MOMENT)
            self._deadlines[id] = self.clock.monotonic() + left.total_seconds()
            self._kept[id] = kept

    def unknown(self, profile: Profile) -> list[Kept]:
        """What to look for at a profile, the longest unknown first."""
        found = [
            kept
            for kept in self._kept.values()
            if kept.intent.state is IntentState.UNKNOWN
            and (kept.intent.profile, kept.intent.provider) == (profile.name, profile.provider)
        ]
        return sorted(found, key=lambda kept: kept.intent.at)

    def get(self, id: str) -> Kept | None:
        """An intent whose outcome is unknown still."""
        kept = self._kept.get(id)
        return kept if kept is not None and kept.intent.state is IntentState.UNKNOWN else None

    def deadline(self, id: str) -> float:
        """The monotonic second after which a write cannot be carried out any more."""
        return self._deadlines.get(id, 0.0)

    def looked(
        self,
        id: str,
        *,
        complete: bool,
        candidates: tuple[Key, ...] | None = None,
        reason: str | None = None,
    ) -> None:
        """A look that did not settle it. `complete`: it would have shown the session, were it there."""
        kept = self.get(id)
        if kept is None:
            return
        old = kept.intent
        intent = replace(
            old,
            looked=old.looked + complete,
            candidates=old.candidates if candidates is None else candidates,
            reason=old.reason if reason is None else line(reason, 400),
        )
        if intent == old:
            return
        kept = self._kept[id] = replace(kept, intent=intent)
        if self._folder is not None and intent.looked != old.looked:
            with suppress(ConfigProblem):
                if not self._folder.put(kept):
                    del self._kept[id]  # another program has settled it
        self._tell()

    def settle(self, id: str, state: IntentState, found: Key | None, reason: str) -> None:
        """What came of it is known now. It stays in the list until a person drops it."""
        kept = self.get(id)
        if kept is None:
            return
        self._remove_file(id)
        intent = replace(kept.intent, state=state, found=found, reason=line(reason), candidates=())
        self._kept[id] = replace(kept, intent=intent, known=None)
        if found is not None and intent.what == CREATE:
            self.note_made(found)
        settled = [one for one, kept in self._kept.items() if not kept.intent.state.open]
        for old in settled[:-_SETTLED]:
            del self._kept[old]
        self._note(intent)
        self._tell()

    def _note(self, intent: Intent) -> None:
        """A further record of the same write for the event log."""
        outcome = Outcome.FOUND if intent.state is IntentState.DONE else Outcome.NOT_DONE
        ref = intent.found.id if intent.found is not None else intent.ref
        self._mailbox.tell_wrote(
            Wrote(
                self.clock.now(),
                intent.profile,
                intent.what,
                NO_TEXT if ref is None else shown(ref),
                outcome,
                intent.reason,
            )
        )

    def decide(self, id: str, found: Key | None) -> None:
        """A person says: it is this one, or (None) drop it. A write that is on its way is not theirs to settle."""
        kept = self._kept.get(id)
        if kept is None or kept.intent.state is IntentState.SENDING:
            return
        if found is None:
            self.forget(id)
        else:
            self.settle(id, IntentState.DONE, found, "a person chose the session")

    # --- the rest ---------------------------------------------------------------------------------------

    def _remove_file(self, id: str) -> None:
        held = self._held.pop(id, None)
        if self._folder is not None:
            with suppress(
                ConfigProblem
            ):  # it comes back as unknown, which is a question and no harm
                self._folder.remove(id, held)

    def _tell(self) -> None:
        told = (*(kept.intent for kept in self._kept.values()), *self._elsewhere)
        if told != self._told:
            self._told = told
            self._mailbox.tell_intents(told)


def _same(profile: str, what: str, ref: Opaque | None, values: Values) -> Hashable:
    """An action on a session is the same whatever its values: two of them must not cross."""
    return (profile, what, ref) if ref is not None else (profile, what, _plain(values))


def _plain(values: Values) -> str:
    return json.dumps({name: values[name] for name in sorted(values)}, sort_keys=True)
