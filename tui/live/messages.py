"""What crosses between the screens and the engine: frozen values, one mailbox each way, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tui.model.form import Values
from tui.model.problem import Problem
from tui.model.profile import Profile
from tui.model.session import Key, Session
from tui.model.text import NO_TEXT, Clean, Opaque
from tui.model.transcript import Transcript
from tui.net.exchange import Exchange
from tui.providers.base import Created, Finding, SystemLink

# --- commands: from a screen (or a command-line command) to the engine -------------------------------------


@dataclass(frozen=True, slots=True)
class Refresh:
    """Poll now: one profile, or all of them with None. Also the way on after rejected keys."""

    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop (or go on) polling everything."""

    on: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """Keep one session fresh and tell its detail: `Detail` now and after every change, until `Unwatch`.

    With `transcript`, its transcript is read too, again at every refresh while the session is live:
    `Spoken` answers follow.
    """

    key: Key
    transcript: bool = False


@dataclass(frozen=True, slots=True)
class Unwatch:
    """The screen that watched it has gone. `transcript` says which of the two watches ends."""

    key: Key
    transcript: bool = False


@dataclass(frozen=True, slots=True)
class Visible:
    """The sessions on screen now, top first: re-read and filled in before the others."""

    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """Read a session by id or token and keep it on the board from then on; answered by `Opened`."""

    ticket: int
    profile: str
    ref: Opaque


@dataclass(frozen=True, slots=True)
class Read:
    """Read one session once: the whole of it, and its transcript if asked; answered by `Opened`."""

    ticket: int
    profile: str
    ref: Opaque
    transcript: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """One listing with this provider's own query, whole; answered by `Listed`.

    `full` fills `Session.fields`; `people` also asks who the live sessions are with, where a row names nobody.
    """

    ticket: int
    profile: str
    since: datetime | None = None
    until: datetime | None = None
    query: tuple[tuple[str, str], ...] = ()
    full: bool = False
    people: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """Ask the vendor whether the profile's keys work; answered by `Checked`."""

    ticket: int
    profile: str


@dataclass(frozen=True, slots=True)
class FindLinks:
    """A partner system's links; answered by `LinksFound`."""

    ticket: int
    profile: str
    domain: str


@dataclass(frozen=True, slots=True)
class Create:
    """Create a session, once; `values` are checked against the provider's form. Answered by `Made`."""

    ticket: int
    profile: str
    values: Values


@dataclass(frozen=True, slots=True)
class Act:
    """Do one of the provider's actions to a session, once. Answered by `Acted`."""

    ticket: int
    profile: str
    ref: Opaque
    action: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PutProfile:
    """Start (or re-key) the worker of a profile."""

    profile: Profile


@dataclass(frozen=True, slots=True)
class RemoveProfile:
    """Stop the worker of a profile; its sessions leave the board."""

    name: str


@dataclass(frozen=True, slots=True)
class FollowLog:
    """While on, every request wakes the reader of the mailbox; else requests ride along with other news.

    The event log sends it when it opens and when it closes: a healthy poll is no reason to wake a screen.
    """

    on: bool


Command = (
    Refresh
    | Pause
    | Watch
    | Unwatch
    | Visible
    | Open
    | Read
    | Query
    | Check
    | FindLinks
    | Create
    | Act
    | PutProfile
    | RemoveProfile
    | FollowLog
)

# --- health ------------------------------------------------------------------------------------------------


class HealthState(StrEnum):
    """How a profile's worker fares."""

    CONNECTING = "connecting"
    OK = "ok"
    STALE = "stale"
    BACKING_OFF = "backing off"
    KEYS_REJECTED = "keys rejected"
    INCOMPLETE = "incomplete"
    """The profile lacks what its list needs: nothing was asked."""
    OFFLINE = "offline"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Health:
    """The state of one profile's worker. `reason` is empty while all is well.

    `last_success` is the end of the last complete listing (or pulse); `retry_at` the next try after a failure.
    While the state is OK, `last_success` may lag: a healthy profile shows no age, so its moving on alone is
    not told. `complete` is True from the first listing on that reached its last page.
    `set_aside` counts rows without an id, `drifted` rows with fields that were not as documented, both in the
    last listing. `greyed` names what the vendor refused for these keys, with the reason: `row`, `people`,
    `transcript`, `check` or `system_links` (the methods of `providers.base.Provider`).
    """

    profile: str
    provider: str
    state: HealthState
    reason: Clean = NO_TEXT
    last_success: datetime | None = None
    retry_at: datetime | None = None
    set_aside: int = 0
    drifted: int = 0
    complete: bool = False
    greyed: tuple[tuple[str, Clean], ...] = ()


# --- answers: from the engine to a screen ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Detail:
    """All that is known of a watched session, or why it could not be read."""

    key: Key
    session: Session | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """A watched session's transcript, or why it could not be read."""

    key: Key
    transcript: Transcript | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """The answer to `Open` and `Read`."""

    ticket: int
    session: Session | None
    transcript: Transcript | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The answer to `Query`; `complete` is False when paging stopped before the last page.

    `set_aside` counts rows without an id, `drifted` rows with fields that were not as documented.
    """

    ticket: int
    sessions: tuple[Session, ...]
    complete: bool = True
    problem: Problem | None = None
    set_aside: int = 0
    drifted: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer to `Check`."""

    ticket: int
    findings: tuple[Finding, ...]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class LinksFound:
    """The answer to `FindLinks`."""

    ticket: int
    links: tuple[SystemLink, ...]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """The answer to `Create`. `session` is None where the vendor names none yet: `created.ref` may, later.

    An `UnknownOutcome` as the problem: it may exist all the same.
    """

    ticket: int
    created: Created | None
    session: Session | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Grown:
    """A created session that had no row when `Made` was told has one now. Follows `Made` of the same ticket."""

    ticket: int
    session: Session


@dataclass(frozen=True, slots=True)
class Acted:
    """The answer to `Act`. `session` is None where it is gone now, or the vendor did not show it."""

    ticket: int
    session: Session | None
    problem: Problem | None = None


Answer = Detail | Spoken | Opened | Listed | Checked | LinksFound | Made | Grown | Acted


@dataclass(frozen=True, slots=True)
class Batch:
    """All that the engine has to say since the mailbox was last emptied, coalesced.

    A session is in `sessions` at most once (its newest state) and never also in `gone`. `exchanges` is bounded:
    the oldest are dropped while nobody reads. `removed` names profiles whose worker was taken away, with all
    of their sessions; it happened before everything else in the batch.
    """

    sessions: tuple[Session, ...] = ()
    gone: tuple[Key, ...] = ()
    health: Mapping[str, Health] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(
            self.sessions
            or self.gone
            or self.health
            or self.answers
            or self.exchanges
            or self.removed
        )
