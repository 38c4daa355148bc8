"""Kestrel Desk v2, a vendor that nobody has: the worked example of CONTRIBUTING.md, and the proof that it works."""

from __future__ import annotations

from typing import Final

import msgspec

from tui.model.clock import Clock
from tui.model.form import FieldKind, Form, FormField, Values
from tui.model.operation import Body, Operation
from tui.model.problem import (
    BadAnswer,
    Busy,
    ConfigProblem,
    KeysRejected,
    NotFound,
    Problem,
    Refused,
    UsageProblem,
)
from tui.model.profile import KeyKind, Needs, Profile, ProfileKey
from tui.model.retention import Retention
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.model.transcript import Transcript, timeline
from tui.net.auth import TokenAuth
from tui.net.client import Client, Reply
from tui.net.exchange import Report
from tui.providers.base import (
    Action,
    Ask,
    Asks,
    Capability,
    Created,
    Decoded,
    Finding,
    Page,
    Spec,
    SystemLink,
    Told,
    Unreferenced,
    Verdict,
)
from tui.providers.rows import Envelope, Shape, decode, one_row, with_fields
from tui.providers.values import Ident, Text, Time, opaque, utc, words
from tui.providers.wiring import client_of

LIST: Final = Operation("list tickets", "GET", "/tickets", writes=False)
READ: Final = Operation("read ticket", "GET", "/tickets/{number}", writes=False)
OPEN: Final = Operation("open ticket", "POST", "/tickets", writes=True, body=Body.JSON)
CLOSE: Final = Operation("close ticket", "POST", "/tickets/{number}/close", writes=True)

SPEC: Final = Spec(
    id="kestrel-desk",
    title="Kestrel Desk",
    short="kestrel",
    default_base_url="https://api.kestrel.example/v2",
    keys=(ProfileKey("api_key", KeyKind.SECRET, "the key from Settings > API"),),
    needs=Needs((("api_key",),)),
    operations=(LIST, READ, OPEN, CLOSE),
    asks=Asks.NEWEST_FIRST,
    requests_per_second=4.0,  # "240 requests a minute"
    capabilities=frozenset({Capability.TRANSCRIPT}),
    create=Form(
        "New ticket",
        OPEN.name,
        (FormField("topic", "Topic", FieldKind.TEXT, "what it is about", "v2/tickets", True),),
    ),
    actions=(
        Action("close", "Close", CLOSE.name, frozenset({Status.WAITING}), "it ends", ends=True),
    ),
    retention=(Retention("ticket", 24 * 365, "v2/limits"),),
    example=("[profiles.kestrel]", 'provider = "kestrel-desk"', 'api_key = "..."'),
)

STATES: Final = {"new": Status.WAITING, "taken": Status.ACTIVE, "done": Status.ENDED}


class TicketRow(msgspec.Struct, gc=False):
    """The fields of a ticket that the board shows (v2/tickets)."""

    number: Ident = None
    state: Text = None
    caller: Text = None
    topic: Text = None
    opened: Time = None
    closed: Time = None


TICKET: Final = Shape(TicketRow)
_SHOWN: Final = frozenset(TicketRow.__struct_fields__)


def connect(profile: Profile, clock: Clock, report: Report) -> KestrelDesk:
    """The provider of a profile. Raises `ConfigProblem` without a key."""
    key = profile.secrets.get("api_key")
    if not key:
        raise ConfigProblem(f"profile {profile.name}: api_key is needed")
    client = client_of(profile, SPEC, TokenAuth(key, prefix="Key "), clock, report)
    return KestrelDesk(profile, client)


class KestrelDesk(Unreferenced):
    """The tickets of one account. Every method raises only `model.problem.Problem`."""

    spec: Spec = SPEC

    def __init__(self, profile: Profile, client: Client) -> None:
        self._profile, self._client = profile, client

    async def page(self, ask: Ask) -> Page:
        """One page, the newest tickets first."""
        query = [("after", str(ask.cursor))] if ask.cursor is not None else []
        what = "listing the tickets"
        envelope = Envelope(_good(await self._client.send(LIST, query=query), what), what)
        following = envelope.value("next")
        return Page(envelope.rows("tickets"), None if following is None else Opaque(str(following)))

    def decode(self, row: bytes, *, full: bool = False) -> Decoded:
        """One row. Never raises."""
        decoded = decode(row, TICKET, self._session)
        return with_fields(decoded, row, _SHOWN) if full else decoded

    def _session(self, row: TicketRow) -> Session | None:
        number = opaque(row.number)
        if number is None:
            return None
        return Session(
            profile=self._profile.name,
            provider=SPEC.id,
            id=number,
            status=STATES.get(row.state or "", Status.UNKNOWN),
            provider_status=line(row.state),
            subject=words(row.topic),
            customer=words(row.caller),
            created_at=utc(row.opened),
            ended_at=utc(row.closed),
        )

    async def row(self, ref: Opaque) -> bytes:
        """One ticket by its number."""
        what = "reading the ticket"
        reply = await self._client.send(READ, path={"number": ref})
        return one_row(_good(reply, what), what)

    def wants_people(self, session: Session) -> bool:
        """Never: a row names its people."""
        return False

    async def people(self, session: Session) -> Session:
        """The same session."""
        return session

    async def transcript(self, session: Session) -> Transcript:
        """The steps: this vendor keeps no conversation."""
        return timeline(session, line("this vendor keeps no conversation"))

    async def check(self) -> tuple[Finding, ...]:
        """Lists a page."""
        try:
            await self.page(Ask())
        except KeysRejected as refused:
            return (Finding(Verdict.FAIL, refused.message),)
        return (Finding(Verdict.OK, line("the key is accepted")),)

    async def system_links(self, domain: str) -> tuple[SystemLink, ...]:
        """Raises `UsageProblem`: this vendor has no such thing."""
        raise UsageProblem("Kestrel Desk has no partner-system links")

    async def create(self, values: Values) -> Created:
        """Opens a ticket; the caller is told its number."""
        reply = await self._client.send(OPEN, json={"topic": values["topic"]})
        row = one_row(_good(reply, "opening the ticket"), "opening the ticket")
        session = self.decode(row).session
        if session is None:
            raise BadAnswer("opening the ticket: the answer has no number")
        return Created((Told(line("ticket"), session.id, copies=True),), row, session.id)

    async def act(self, ref: Opaque, action: str, values: Values) -> bytes | None:
        """Closes a ticket."""
        reply = await self._client.send(CLOSE, path={"number": ref})
        return one_row(_good(reply, "closing the ticket"), "closing the ticket")

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.aclose()


def _good(reply: Reply, what: str) -> bytes:
    if reply.ok:
        return reply.json_bytes()
    raise _problem(reply, what)


def _problem(reply: Reply, what: str) -> Problem:
    """What a refusal means (v2/errors)."""
    told = f"{what}: Kestrel Desk answered {reply.status}"
    if reply.status in (401, 403):
        return KeysRejected(told, reply.status)
    if reply.status == 404:
        return NotFound(told, 404)
    busy = reply.status == 429 or reply.status >= 500
    return Busy(told, reply.status) if busy else Refused(told, reply.status)
