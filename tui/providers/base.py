"""What a provider is: the adapter of one vendor API, its facts declared as data.

Screens, commands, the profile store and the worker are made from `Spec`; they never name a vendor. A provider
turns wire bytes into the model one row at a time: a bad field is absent and counted, and only a row without an
id is set aside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tui.model.clock import Clock
from tui.model.form import Form, Values
from tui.model.operation import Operation
from tui.model.profile import Needs, Profile, ProfileKey
from tui.model.secret import Secret
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Clean, Opaque
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


@dataclass(frozen=True, slots=True)
class QueryField:
    """One thing that this provider's listing can be asked for (`sessions --query NAME=VALUE`)."""

    name: str
    help: str
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done to a session: `close`, `reopen`, `extend`, `cancel`, `delete`, ...

    `statuses` are those in which the vendor allows it; `ends` marks the one that `x` means. `effect` says what
    will happen, in a sentence that ends a question. `form` holds what it needs to know, if anything.
    """

    id: str
    title: str
    operation: str
    statuses: frozenset[Status]
    effect: str
    ends: bool = False
    form: Form | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to tell about a new session: big and first the one that the customer needs."""

    label: Clean
    text: Clean | Opaque | Secret
    copies: bool = False


@dataclass(frozen=True, slots=True)
class Created:
    """What came of a create. `row` is the new session's bytes where the vendor gives them at once; else `ref` may
    name it (an id or a token to poll), or nothing does."""

    told: tuple[Told, ...]
    row: bytes | None = None
    ref: Opaque | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """A provider as data. `short` (at most 8 cells) is its name in the queue's column.

    `requests_per_second` is the vendor's documented limit; the worker uses at most half of it. `create_needs`
    names the profile keys without which no session can be created, beyond what every profile needs.
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
    sample: Mapping[str, str] = field(default_factory=dict)
    create: Form | None = None
    create_needs: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()


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

    rows: tuple[bytes, ...]
    next: Opaque | None = None


@dataclass(frozen=True, slots=True)
class Decoded:
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
class Finding:
    """One line of `profile check`: what was tried, in words, and how it came out."""

    verdict: Verdict
    text: Clean


@dataclass(frozen=True, slots=True)
class SystemLink:
    """A partner system's link at GoToAssist Remote Support (`links PROFILE DOMAIN`)."""

    name: Clean
    domain: Clean
    user_email: Clean
    user_token: Secret | None
    callback_url: Opaque | None


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
    told as `NoAnswer`, `Busy` or `BadAnswer` and is the caller's to find out about."""

    async def create(self, values: Values) -> Created:
        """Creates a session. `values` are checked against `Spec.create`."""
        ...

    async def act(self, ref: Opaque, action: str, values: Values) -> bytes | None:
        """Does it. The session's new row where the vendor answers one; None where it is gone or says nothing.

        "Already so" (closed, cancelled, deleted) is success.
        """
        ...


Connect = Callable[[Profile, Clock, Report], Provider]
