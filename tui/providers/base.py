"""What a provider is: the adapter of one vendor API, its facts declared as data.

Screens, commands, the profile store and the worker are made from `Spec`; they never name a vendor. A provider
turns wire bytes into the model one row at a time: a bad field is absent and counted, and only a row without an
id is set aside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from tui.model.clock import Clock
from tui.model.form import Form, Values
from tui.model.lazy_dataclass import dataclass
from tui.model.operation import Operation
from tui.model.profile import Needs, Profile, ProfileKey
from tui.model.retention import Retention
from tui.model.secret import Secret
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import NO_TEXT, Clean, Opaque
from tui.model.transcript import Transcript
from tui.net.exchange import Report


class Asks(StrEnum):
    """How a vendor's listing can be asked, which decides how the worker polls it."""

    NEWEST_FIRST = "newest first"
    SINCE = "since"
    WINDOW = "window"
    WHOLE = "whole list only"


class Capability(StrEnum):
    """What a provider can do beside listing; what is missing is greyed with its reason."""

    TRANSCRIPT = "transcript"
    OPEN_BY_TOKEN = "open by token"
    SYSTEM_LINKS = "system links"
    SIGN_IN = "sign in"


@dataclass(frozen=True, slots=True)
class QueryField:
    """One thing that this provider's listing can be asked for (`sessions --query NAME=VALUE`).

    `orders`: it decides in which order the vendor gives the rows, which are then printed so.
    """

    name: str
    help: str
    pattern: str | None = None
    orders: bool = False


class Shows(StrEnum):
    """How the effect of an action can be seen in the session afterwards, should its answer be lost."""

    ENDED = "ended"
    OPEN = "open"
    LATER_EXPIRY = "later expiry"
    GONE = "gone"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Preview:
    """What an action would do to when a session ends. `ends` is when it then would, `instead_of` when it does as it
    stands (aware UTC, None where that is not known); `words` say what times cannot."""

    ends: datetime | None = None
    instead_of: datetime | None = None
    words: Clean = NO_TEXT


Foresee = Callable[[Session, Values, datetime], Preview]
"""The preview of an action on a session, with checked values, at a time. Raises `UsageProblem` for what cannot be."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done to a session: `close`, `reopen`, `extend`, `cancel`, `delete`, ...

    `statuses` are those in which the vendor allows it; `ends` marks the one that `x` means. `effect` says what
    will happen, in a sentence that ends a question. `form` holds what it needs to know, if anything. `shows`:
    by what it is seen later that it was done. `final`: it cannot be undone, so that more than one key has to say
    yes; `removes`: the vendor forgets the session. `foresee` tells what the form's values would come to, before
    anything is sent.
    """

    id: str
    title: str
    operation: str
    statuses: frozenset[Status]
    effect: str
    ends: bool = False
    form: Form | None = None
    shows: Shows = Shows.NOTHING
    final: bool = False
    removes: bool = False
    foresee: Foresee | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to tell about a new session: big and first the one that the customer needs."""

    label: Clean
    text: Clean | Opaque | Secret
    copies: bool = False


@dataclass(frozen=True, slots=True)
class Created:
    """What came of a create. `row` is the new session's bytes where the vendor gives them at once; else `ref` may
    name it (an id or a token to poll), or nothing does. `for_now`: `ref` is a token, and the session gets an id of
    its own later."""

    told: tuple[Told, ...]
    row: bytes | None = field(default=None, repr=False)
    ref: Opaque | None = None
    for_now: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A create that is about to be sent. `reference` travels with it, and by it the session is found again.

    `sure`: the reference was made up for this create alone, so whatever session carries it is the one. One that
    was typed may belong to an older session too.
    """

    values: Values
    reference: Opaque | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Lost:
    """A create whose answer was lost. Times are aware UTC by the vendor's clock as far as that is known; `listed`
    are sessions of the listing that look like it (`Writer.looks_like`)."""

    reference: Opaque
    since: datetime
    until: datetime
    listed: tuple[Opaque, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What carries the reference of a lost create. `complete` False: that it was not found proves nothing before a
    complete listing does not show it either."""

    rows: tuple[bytes, ...] = field(default=(), repr=False)
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Spec:
    """A provider as data. `short` (at most 8 cells) is its name in the queue's column.

    `requests_per_second` is the vendor's documented limit; the worker uses at most half of it. `create_needs`
    names the profile keys without which no session can be created, beyond what every profile needs. `retention` is
    what it documents to keep of an ended session, the session itself first; `expires` names (in at most 10 cells)
    what ends at `Session.expires_at` where that is not the session. `example` is a profile as lines of a
    profiles.toml, for whoever has none yet: a few providers are enough. A profile that has all of `sign_in_keys`,
    and no other secret, works once somebody has signed in.
    """

    id: str
    title: str
    short: str
    default_base_url: str
    keys: tuple[ProfileKey, ...]
    needs: Needs
    operations: tuple[Operation, ...]
    asks: Asks
    requests_per_second: float
    capabilities: frozenset[Capability] = frozenset()
    query: tuple[QueryField, ...] = ()
    create: Form | None = None
    create_needs: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    retention: tuple[Retention, ...] = ()
    expires: str = ""
    example: tuple[str, ...] = ()
    sign_in_keys: tuple[str, ...] = ()

    def needs_sign_in(self, profile: Profile) -> bool:
        """Whether what the profile holds is of use only after a sign-in."""
        given = {*profile.settings, *profile.secrets}
        others = profile.secrets.keys() - set(self.sign_in_keys)
        return bool(self.sign_in_keys) and given.issuperset(self.sign_in_keys) and not others


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for a page of the listing. `cursor` comes from the page before; times are aware UTC."""

    cursor: Opaque | None = None
    since: datetime | None = None
    until: datetime | None = None
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as raw bytes, each one JSON value; `next` is None on the last page."""

    rows: tuple[bytes, ...] = field(repr=False)
    next: Opaque | None = None


class Decoded(msgspec.Struct, frozen=True, gc=False):
    """One row, read. `session` is None when the row has no id: it is set aside.

    `drift` says, a sentence a field, what was not as documented; those fields are absent.
    """

    session: Session | None
    drift: tuple[Clean, ...] = ()


class Verdict(StrEnum):
    """How one line of a check came out."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Offer:
    """A value that a profile key could have, as the vendor tells it; `words` say what it is."""

    key: str
    value: Opaque
    words: Clean


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `profile check`: what was tried, in words, and how it came out; perhaps a value to choose."""

    verdict: Verdict
    text: Clean
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class SystemLink:
    """A partner system's link at GoToAssist Remote Support (`links PROFILE DOMAIN`)."""

    name: Clean
    domain: Clean
    user_email: Clean
    user_token: Secret | None
    callback_url: Opaque | None


@dataclass(frozen=True, slots=True)
class Access:
    """What a sign-in gave: until when (aware UTC, None where the vendor does not say), and for whom.

    `renews` is True where it goes on by itself after that.
    """

    until: datetime | None
    user: Clean | None = None
    renews: bool = False


class Provider(Protocol):
    """The adapter of one profile at one vendor. Every method raises only `model.problem.Problem`."""

    spec: Spec

    async def page(self, ask: Ask) -> Page:
        """One page of the listing."""
        ...

    def decode(self, row: bytes, *, full: bool = False) -> Decoded:
        """One row of `page`, or the bytes of `row`. `full` also fills `Session.fields`. Never raises."""
        ...

    async def row(self, ref: Opaque) -> bytes:
        """The row of one session by its id (or by its token, where the vendor takes one)."""
        ...

    def wants_people(self, session: Session) -> bool:
        """Whether the vendor's row names nobody and `people` should be asked."""
        ...

    async def people(self, session: Session) -> Session:
        """The same session with customer, phone and agent filled in."""
        ...

    async def transcript(self, session: Session) -> Transcript:
        """What was said, or an honest timeline where the vendor keeps no conversation."""
        ...

    async def check(self) -> tuple[Finding, ...]:
        """Asks the vendor whether the profile's keys work and says so in words."""
        ...

    async def system_links(self, domain: str) -> tuple[SystemLink, ...]:
        """The links of a partner system's domain. Raises `UsageProblem` where the vendor has none."""
        ...

    async def aclose(self) -> None:
        """Closes the connections."""
        ...


class Writer(Protocol):
    """The writing side of a provider. A write is sent once; what may have reached the vendor without an answer is
    told as `NoAnswer`, `Busy` or `BadAnswer` and is the caller's to find out about: with `find`, which only reads."""

    def prepare(self, values: Values) -> Prepared:
        """What `create` will send, with the reference by which the session can be found should its answer be lost.

        Sends nothing.
        """
        ...

    def looks_like(self, session: Session, reference: Opaque) -> bool:
        """Whether a session of the listing seems to carry that reference; `find` makes sure."""
        ...

    async def find(self, lost: Lost) -> Look:
        """Looks for the session of a create whose answer was lost. Nothing where the vendor takes no reference."""
        ...

    async def create(self, values: Values) -> Created:
        """Creates a session. `values` are checked against `Spec.create`."""
        ...

    async def act(self, ref: Opaque, action: str, values: Values) -> bytes | None:
        """Does it. The session's new row where the vendor answers one; None where it is gone or says nothing.

        "Already so" (closed, cancelled, deleted) is success.
        """
        ...


class Signer(Protocol):
    """The side of a provider with `Capability.SIGN_IN` at which a person signs in, once for a long time."""

    def begin_sign_in(self) -> Opaque:
        """The address to open in any browser, anywhere. Raises `UsageProblem` where the profile needs no sign-in."""
        ...

    async def finish_sign_in(self, pasted: str) -> Access:
        """Takes the address (or the code in it) that the browser ended at, and keeps what it is good for.

        May be tried again after a `Problem`, with the same address or with another one.
        """
        ...


class Unreferenced:
    """The part of `Writer` for a vendor that takes no reference of ours."""

    def prepare(self, values: Values) -> Prepared:
        """The values as they are: nothing in them names the session for good."""
        return Prepared(values)

    def looks_like(self, session: Session, reference: Opaque) -> bool:
        """Never."""
        return False

    async def find(self, lost: Lost) -> Look:
        """Nothing: there is nothing to find it by."""
        return Look()


Connect = Callable[[Profile, Clock, Report], Provider]
