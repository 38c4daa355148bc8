"""What a screen (or a command-line command) may ask of the engine: frozen values that cross by `Engine.send`."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from tui.model.form import Values
from tui.model.lazy_dataclass import dataclass
from tui.model.profile import Profile
from tui.model.session import Key
from tui.model.text import Opaque
from tui.profiles.drafts import Draft


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
class StartSignIn:
    """Begin to sign a profile in: an address for a person to open. Answered by `SignInStarted`."""

    ticket: int
    profile: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """Sign in with what the browser ended at (an address, or the code in it); answered by `SignedIn`.

    The profile is polled at once when that went well. It may be sent again after a problem.
    """

    ticket: int
    profile: str
    pasted: str = field(repr=False)


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
class Settle:
    """A person says of an intent: that session is what it made, or (None) it is not wanted in the list any more."""

    intent: str
    session: Key | None


@dataclass(frozen=True, slots=True)
class Save:
    """Write a text into a new file at `path`, readable by its owner alone; never over one that is there. Answered by
    `Saved`."""

    ticket: int
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class PutProfile:
    """Start (or re-key) the worker of a profile."""

    profile: Profile


@dataclass(frozen=True, slots=True)
class RemoveProfile:
    """Stop the worker of a profile; its sessions leave the board."""

    name: str


@dataclass(frozen=True, slots=True)
class ListProfiles:
    """What lies in the store, started or not; runs no command. Answered by `ProfilesListed`."""

    ticket: int


@dataclass(frozen=True, slots=True)
class TryProfile:
    """Ask the vendor whether the profile that a draft would make works. Nothing is saved. Answered by `Tried`.

    Commands that give its secrets are run, which may take 10 s.
    """

    ticket: int
    name: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class SaveProfile:
    """Put a draft into the store and start what it makes, or re-key its worker. Answered by `ProfileSaved`.

    `before` is the name that it has in the store now, None for a new one.
    """

    ticket: int
    before: str | None
    name: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class DropProfile:
    """Take a profile out of the store, with its sign-in, and stop its worker. Answered by `ProfileSaved`."""

    ticket: int
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
    | StartSignIn
    | SignIn
    | FindLinks
    | Create
    | Act
    | Settle
    | Save
    | PutProfile
    | RemoveProfile
    | ListProfiles
    | TryProfile
    | SaveProfile
    | DropProfile
    | FollowLog
)
