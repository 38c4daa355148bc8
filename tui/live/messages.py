"""What the engine tells: frozen values that lie in its mailbox. What it is asked: `live/commands.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from tui.live.log import Wrote
from tui.model.intent import Intent
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import Problem
from tui.model.profile import Profile
from tui.model.session import Key, Session
from tui.model.text import NO_TEXT, Clean, Opaque
from tui.model.transcript import Transcript
from tui.net.exchange import Exchange
from tui.profiles.editing import Change, Stored
from tui.profiles.store import StoredProfile
from tui.providers.base import Access, Created, Finding, SystemLink

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
    `transcript`, `check` or `system_links` (the methods of `providers.base.Provider`), `find` (of its `Writer`), or
    an action's operation.
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
class SignInStarted:
    """The answer to `StartSignIn`: the address to open in any browser, anywhere."""

    ticket: int
    url: Opaque | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The answer to `SignIn`."""

    ticket: int
    access: Access | None
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

    An `UnknownOutcome` as the problem: it may exist all the same, and its `intent` is kept.
    """

    ticket: int
    created: Created | None
    session: Session | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Grown:
    """A created session that had no row when `Made` was told has one now. Follows `Made` of the same ticket.

    `instead_of` is the row that stood for it until then, where that had another id: what was selected or marked
    there is this session.
    """

    ticket: int
    session: Session
    instead_of: Key | None = None


@dataclass(frozen=True, slots=True)
class Acted:
    """The answer to `Act`. `session` is None where it is gone now, or the vendor did not show it.

    `already`: the vendor found it as it was wanted. `gone`: the action removed the session.
    """

    ticket: int
    session: Session | None
    problem: Problem | None = None
    already: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer to `Save`; `problem` says why there is no new file."""

    ticket: int
    path: str
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One profile of the store: as it is listed, and as a form takes it (None for what is no table)."""

    listed: StoredProfile
    stored: Stored | None
    needs_sign_in: bool = False
    """Whether it is of use only after a sign-in; `signed_in` says whether there was one."""
    signed_in: bool = False


@dataclass(frozen=True, slots=True)
class ProfilesListed:
    """The answer to `ListProfiles`. `folder` is the store's, for paths; `lasting` is False where it ends with the
    program; `loses_comments`: a rewrite would lose what somebody wrote beside the keys."""

    ticket: int
    accounts: tuple[Account, ...] = ()
    folder: Path = Path()
    lasting: bool = True
    loses_comments: bool = False
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """The answer to `TryProfile`. `sign_in`: nothing was asked, since somebody has to sign in first. `given` are the
    keys that the profile would have."""

    ticket: int
    findings: tuple[Finding, ...] = ()
    sign_in: bool = False
    given: frozenset[str] = frozenset()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class ProfileSaved:
    """The answer to `SaveProfile` and `DropProfile`. Without a `problem` the `change` is done, and `profile` is what
    was started from it; None where nothing is left of it, or where `fault` keeps it from being started."""

    ticket: int
    change: Change | None = None
    profile: Profile | None = None
    fault: Clean | None = None
    sign_in: bool = False
    problem: Problem | None = None


Answer = (
    Detail
    | Spoken
    | Opened
    | Listed
    | Checked
    | SignInStarted
    | SignedIn
    | LinksFound
    | Made
    | Acted
    | Grown
    | Saved
    | ProfilesListed
    | Tried
    | ProfileSaved
)


@dataclass(frozen=True, slots=True)
class Batch:
    """All that the engine has to say since the mailbox was last emptied, coalesced.

    A session is in `sessions` at most once (its newest state) and never also in `gone`. `exchanges` is bounded:
    the oldest are dropped while nobody reads. `removed` names profiles whose worker was taken away, with all
    of their sessions; it happened before everything else in the batch. `intents` are all writes that are on
    their way, without a known outcome, or settled and not dropped yet; None: as told before. `wrote` is what came
    of every write. `troubles` say what of the writes on the disk cannot be read; None: as told before. `more`: rows
    of listings wait in the box for the next batch.
    """

    sessions: tuple[Session, ...] = ()
    gone: tuple[Key, ...] = ()
    health: Mapping[str, Health] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    removed: tuple[str, ...] = ()
    intents: tuple[Intent, ...] | None = None
    wrote: tuple[Wrote, ...] = ()
    troubles: tuple[Clean, ...] | None = None
    more: bool = False

    def __bool__(self) -> bool:
        return bool(
            self.sessions
            or self.gone
            or self.health
            or self.answers
            or self.exchanges
            or self.removed
            or self.intents is not None
            or self.wrote
            or self.troubles is not None
        )
