"""What all screens share: the board, the engine's mailbox, the profiles, the clock. No widget in here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import count
from typing import Protocol

from tui.live.board import Board, Change
from tui.live.log import EventLog
from tui.live.mailbox import Mailbox
from tui.live.messages import Batch, Command, Unwatch, Watch
from tui.model.clock import Clock
from tui.model.profile import Profile
from tui.model.session import Key, Session
from tui.model.text import Clean, line
from tui.model.zone import LocalZone
from tui.providers.base import Spec
from tui.widgets.health_strip import not_fresh


class Engine(Protocol):
    """The part of the engine that a screen may use: it sends commands; answers come with the batches."""

    @property
    def mailbox(self) -> Mailbox: ...

    def send(self, command: Command) -> None: ...


@dataclass(frozen=True, slots=True)
class News:
    """One emptying of the mailbox: what it held, and what that changed on the board."""

    batch: Batch
    change: Change


@dataclass(slots=True)
class Desk:
    """The screens' side of the mailbox. `zone` is only for showing times;
    all arithmetic is in UTC."""

    engine: Engine
    profiles: tuple[Profile, ...]
    specs: Mapping[str, Spec]
    clock: Clock
    problems: tuple[Clean, ...] = ()
    profiles_file: Clean = field(default_factory=lambda: line(""))
    read_only: bool = False
    low_bandwidth: bool = False
    ascii_only: bool = False
    zone: tzinfo = field(default_factory=LocalZone)
    board: Board = field(default_factory=Board)
    log: EventLog = field(default_factory=EventLog)
    paused: bool = False
    _watches: Counter[tuple[Key, bool]] = field(default_factory=Counter)
    _tickets: count[int] = field(default_factory=lambda: count(1))

    @property
    def mailbox(self) -> Mailbox:
        """Where the engine's news come from."""
        return self.engine.mailbox

    def receive(self, batch: Batch) -> News:
        """Puts a batch where it belongs and says what it changed."""
        for exchange in batch.exchanges:
            self.log.add(exchange)
        return News(batch, self.board.apply(batch))

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

    def local(self, at: datetime) -> datetime:
        """A time as the operator's wall clock shows it."""
        return at.astimezone(self.zone)
