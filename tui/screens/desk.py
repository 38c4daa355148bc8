"""What all screens share: the board, the engine's mailbox, the profiles, the clock. No widget in here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime, tzinfo
from itertools import count
from typing import Protocol

from tui.live.board import Board, Change
from tui.live.commands import Command, Settle, Unwatch, Watch
from tui.live.live_view import LiveView
from tui.live.log import EventLog
from tui.live.mailbox import Mailbox
from tui.live.messages import Answer, Batch, ProfileSaved
from tui.model.clock import Clock
from tui.model.intent import CREATE, Intent, IntentState
from tui.model.lazy_dataclass import dataclass
from tui.model.profile import Profile
from tui.model.session import Key, Session
from tui.model.text import Clean, line
from tui.model.zone import LocalZone
from tui.providers.base import Spec
from tui.screens.creations import Creations, Flight
from tui.screens.exports import Exports
from tui.screens.intents import Intents, told
from tui.screens.plans import Step, why_not
from tui.screens.writes import Said, Writes
from tui.widgets.form_state import Start
from tui.widgets.health_strip import not_fresh


class Engine(Protocol):
    """The part of the engine that a screen may use: it sends commands; answers come with the batches."""

    @property
    def mailbox(self) -> Mailbox: ...

    def send(self, command: Command) -> None: ...


@dataclass(frozen=True, slots=True)
class News:
    """One emptying of the mailbox: what it held, what that changed on the board, which creates it is about, and what
    is to be told of writes and files that have ended, whatever screen is on top."""

    batch: Batch
    change: Change
    flights: tuple[Flight, ...] = ()
    said: tuple[Said, ...] = ()


@dataclass(slots=True)
class Desk:
    """The screens' side of the mailbox. `zone` is only for showing times;
    all arithmetic is in UTC.

    `problems` keep profiles from being started, and `broken` gives them by the profile's name; `mistakes` are in
    config.toml, and left out. `defaults` are what that file fills create forms with, by profile and field.
    `painted`: the queue's columns were on the screen before the program was, and stay there.
    `last_profile` is the one that a session was last created with; `remember` keeps another one beyond this run.
    """

    engine: Engine
    profiles: tuple[Profile, ...]
    specs: Mapping[str, Spec]
    clock: Clock
    problems: tuple[Clean, ...] = ()
    broken: Mapping[str, Clean] = field(default_factory=dict)
    mistakes: tuple[Clean, ...] = ()
    profiles_file: Clean = field(default_factory=lambda: line(""))
    read_only: bool = False
    low_bandwidth: bool = False
    ascii_only: bool = False
    painted: bool = False
    zone: tzinfo = field(default_factory=LocalZone)
    board: Board = field(default_factory=Board)
    view: LiveView = field(init=False)
    log: EventLog = field(default_factory=EventLog)
    paused: bool = False
    creations: Creations = field(default_factory=Creations)
    defaults: Mapping[str, Start] = field(default_factory=dict)
    last_profile: str | None = None
    remember: Callable[[str], None] = lambda _name: None
    intents: Intents = field(default_factory=Intents)
    writes: Writes = field(init=False)
    exports: Exports = field(init=False)
    _watches: Counter[tuple[Key, bool]] = field(default_factory=Counter)
    _tickets: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.view = LiveView(self.board)
        self.writes = Writes(self.engine.send, self.ticket, self._name, self._why_not)
        self.exports = Exports(self.engine.send, self.ticket)

    @property
    def mailbox(self) -> Mailbox:
        """Where the engine's news come from."""
        return self.engine.mailbox

    def receive(self, batch: Batch) -> News:
        """Puts a batch where it belongs and says what it changed."""
        for exchange in batch.exchanges:
            self.log.add(exchange)
        self.log.wrote(batch.wrote)
        for answer in batch.answers:
            self._follow(answer)
        flights = tuple(self.creations.hear(batch.answers))
        change = self.board.apply(batch)
        said = (
            *self.writes.hear(batch.answers),
            *self.exports.hear(batch.answers),
            *self._settled(batch),
        )
        return News(batch, change, flights, said)

    def _settled(self, batch: Batch) -> list[Said]:
        """What is known now of writes without an answer, told once whatever screen is on top."""
        settled = self.intents.hear(batch)
        said = []
        for intent in settled:
            session = None if intent.found is None else self.board.sessions.get(intent.found)
            flight = None
            if intent.what == CREATE:
                flight = self.creations.settled(intent, session)
            where = "w shows it" if flight is None or flight.watched else "n shows it"
            words = told(intent, self.local, where)
            said.append(Said(words, intent.state is IntentState.NOT_DONE))
        self.creations.look_up(self.intents.known)
        return said

    def saw(self, *intents: Intent | None) -> None:
        """Somebody has seen what came of these: they leave the list."""
        for intent in intents:
            if intent is not None and not intent.state.open:
                self.engine.send(Settle(intent.id, None))

    def in_doubt(self, key: Key, action: str) -> bool:
        """Whether an earlier try of that action may have been done, be it of this run or of one before."""
        return self.writes.in_doubt(key, action) or self.intents.in_doubt(key, action)

    def _follow(self, answer: Answer) -> None:
        """The store was changed: from now on the screens know the profiles that it holds now."""
        change = answer.change if isinstance(answer, ProfileSaved) else None
        if change is None or not isinstance(answer, ProfileSaved):
            return
        names = [profile.name for profile in self.profiles]
        place = names.index(change.before) if change.before in names else len(names)
        gone = {change.before, change.now}
        rest = [profile for profile in self.profiles if profile.name not in gone]
        if answer.profile is not None:
            rest.insert(place, answer.profile)
        self.profiles = tuple(rest)
        old = {problem for name, problem in self.broken.items() if name in gone}
        self.broken = {name: told for name, told in self.broken.items() if name not in gone}
        self.problems = tuple(problem for problem in self.problems if problem not in old)
        if answer.fault is not None and change.now is not None:
            self.broken = {**self.broken, change.now: answer.fault}
            self.problems = (*self.problems, answer.fault)
        for name in gone:
            self.creations.drafts.pop(name or "", None)

    def watch(self, key: Key, *, transcript: bool = False) -> None:
        """A screen looks at a session: the engine tells it anew, and from then on what changes."""
        self._watches[key, transcript] += 1
        self.engine.send(Watch(key, transcript))

    def unwatch(self, key: Key, *, transcript: bool = False) -> None:
        """That screen has gone; the engine stops when no other one looks at the same."""
        self._watches[key, transcript] -= 1
        if not self._watches[key, transcript]:
            del self._watches[key, transcript]
            self.engine.send(Unwatch(key, transcript))

    def not_fresh(self, profile: str) -> Clean | None:
        """Why what is shown of this profile may be old; None while its worker fares well."""
        return not_fresh(self.board.health.get(profile), self.clock.now())

    def created_with(self, profile: str) -> None:
        """A session is created with this profile: the next one is offered it first."""
        if profile != self.last_profile:
            self.last_profile = profile
            self.remember(profile)

    @property
    def on_their_way(self) -> int:
        """How many writes were agreed to and have no outcome yet."""
        return self.writes.open + len(self.creations.waiting())

    def ticket(self) -> int:
        """A number that ties an answer to its question."""
        return next(self._tickets)

    def profile(self, name: str) -> Profile | None:
        """The profile of that name, if it is started."""
        return next((profile for profile in self.profiles if profile.name == name), None)

    @property
    def mine(self) -> dict[str, str]:
        """The operator's own name at each profile that says `me`."""
        return {profile.name: profile.me for profile in self.profiles if profile.me}

    @property
    def provider_names(self) -> dict[str, str]:
        """Provider ids to the short names of the queue's column."""
        return {spec.id: spec.short for spec in self.specs.values()}

    def session_title(self, session: Session) -> Clean:
        """What a person would call this session."""
        return session.customer or session.subject or line(session.id, 40)

    def _name(self, step: Step) -> Clean:
        return self.session_title(step.session)

    def _why_not(self, step: Step) -> str | None:
        return why_not(self, step.session, step.action)

    def local(self, at: datetime) -> datetime:
        """A time as the operator's wall clock shows it."""
        return at.astimezone(self.zone)
