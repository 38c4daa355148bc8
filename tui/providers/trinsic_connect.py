"""Trinsic Connect v1 of June 2024 (sheet trinsic, part 2): identity verification by a person's phone.

The listing gives at most 10 rows a page, newest change first. Every call carries the key twice, and reads by
POST as well as by GET. There is no conversation, nobody is named, and nothing can be deleted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from tui.model.clock import Clock
from tui.model.form import Values
from tui.model.lazy_dataclass import dataclass
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
from tui.model.session import Session
from tui.model.text import Opaque, line
from tui.model.transcript import Transcript
from tui.net.auth import RepeatedTokenAuth
from tui.net.client import Client, Reply
from tui.net.exchange import Report
from tui.providers import trinsic_forms, trinsic_rows
from tui.providers.base import (
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
from tui.providers.forms import meant
from tui.providers.rows import Envelope, Layout, members
from tui.providers.trinsic_errors import names_other, problem
from tui.providers.values import same_name, sendable
from tui.providers.wiring import client_of

CREATE: Final = Operation(trinsic_forms.CREATE, "POST", "/v1/sessions", writes=True, body=Body.JSON)
GET: Final = Operation("get session", "GET", "/v1/sessions/get", writes=False)
CANCEL: Final = Operation(trinsic_forms.CANCEL, "POST", "/v1/sessions/cancel", writes=True)
LIST: Final = Operation("list sessions", "POST", "/v1/sessions/list", writes=False, body=Body.JSON)

_LAYOUT: Final = Layout("sessions", "more", "total")
_VERSION: Final = "/v1"
# The bounds of `sessionId` in the vendor's OpenAPI, in characters.
_SHORTEST_ID: Final = 5
_LONGEST_ID: Final = 100
# Refused before anything was looked at: asking for the session would not say more.
_UNSEEN: Final = frozenset({401, 429})

SPEC: Final = Spec(
    id=trinsic_rows.PROVIDER,
    title="Trinsic Connect",
    short="trinsic",
    default_base_url="https://connect-api.trinsic.id",
    keys=(ProfileKey("api_key", KeyKind.SECRET, "the Trinsic Connect API key"),),
    needs=Needs((("api_key",),)),
    operations=(CREATE, GET, CANCEL, LIST),
    asks=Asks.NEWEST_FIRST,
    # None is documented; the vendor's own sample asks for each session once a second (sheet trinsic 2.3).
    requests_per_second=10.0,
    capabilities=frozenset({Capability.TRANSCRIPT}),
    query=trinsic_forms.QUERY,
    create=trinsic_forms.CREATE_FORM,
    actions=trinsic_forms.ACTIONS,
)


def connect(profile: Profile, clock: Clock, report: Report) -> TrinsicConnect:
    """The provider of a profile. Raises `ConfigProblem` without a key."""
    key = profile.secrets.get("api_key")
    if not key:
        raise ConfigProblem(f"profile {profile.name}: api_key is needed")
    # What the second header was for is not documented, but it is required (sheet trinsic 2.1).
    auth = RepeatedTokenAuth(key, "Authorization", "TrinsicAuthorization")
    base_url = profile.base_url.removesuffix(_VERSION)
    client = client_of(profile, SPEC, auth, clock, report, base_url=base_url)
    return TrinsicConnect(profile, client, clock)


class TrinsicConnect(Unreferenced):
    """The sessions that an API key's owner created. Every method raises only `model.problem.Problem`."""

    spec: Spec = SPEC

    def __init__(self, profile: Profile, client: Client, clock: Clock) -> None:
        self._profile = profile
        self._client = client
        self._clock = clock

    async def page(self, ask: Ask) -> Page:
        """One page; times are not known to this vendor. Raises `UsageProblem` for a query that it does not take.

        A page that was asked for by its number comes alone.
        """
        asked = _asked(ask)
        envelope = await self._list("listing the sessions", asked)
        rows = envelope.rows("sessions")
        if asked.alone or not asked.goes_on(envelope, len(rows)):
            return Page(rows)
        return Page(rows, Opaque(str(asked.page + 1)))

    def decode(self, row: bytes, *, full: bool = False) -> Decoded:
        """One row. Never raises."""
        return trinsic_rows.session(row, self._profile.name, full=full)

    async def row(self, ref: Opaque) -> bytes:
        """One session by its id.

        How the vendor says that it knows no such session is not documented. The id is all that is asked with, so
        a 400 and an answer without a session (the member is not required) are `NotFound` too. Raises `BadAnswer`
        for a row without an id, and for that of another session.
        """
        what = "fetching the session"
        reply = await self._client.send(GET, query=_by_id(ref, what))
        if reply.status == 400 and not names_other(reply, "sessionId"):
            refused = problem(reply, what, self._clock)
            raise NotFound(refused.message, reply.status)
        row = trinsic_rows.held(self._good(reply, what), what)
        if row is None:
            raise NotFound(f"{what}: the answer holds no session", reply.status)
        found = self.decode(row).session
        if found is None:
            raise BadAnswer(f"{what}: the session of the answer has no id")
        if not same_name(found.id, ref):
            raise BadAnswer(f"{what}: the vendor answered another session")
        return row

    def wants_people(self, session: Session) -> bool:
        """Never: this vendor names nobody but in what was verified."""
        return False

    async def people(self, session: Session) -> Session:
        """The same session."""
        return session

    async def transcript(self, session: Session) -> Transcript:
        """The session's steps, from a fresh reading of it: a row of the board does not hold them all."""
        from tui.providers import trinsic_talk  # not before somebody reads one

        row = await self.row(session.id)
        return trinsic_talk.transcript(self.decode(row).session or session, row)

    async def check(self) -> tuple[Finding, ...]:
        """Lists one session.

        Raises `Busy`, `Unreachable` or `NoAnswer` when nothing can be said about the key.
        """
        try:
            envelope = await self._list("listing the sessions", _Asked(size=1))
            envelope.rows("sessions")
        except Busy:
            raise  # says nothing about the key
        except (Refused, BadAnswer) as refused:
            return _not_accepted(refused)
        total = envelope.value("total")
        counted = isinstance(total, int) and not isinstance(total, bool)
        found = f"; {total} sessions were created with it" if counted else ""
        return (Finding(Verdict.OK, line(f"the key is accepted{found}")),)

    async def system_links(self, domain: str) -> tuple[SystemLink, ...]:
        """Raises `UsageProblem`: this vendor has no such thing."""
        raise UsageProblem(
            f"Trinsic Connect has no partner-system links (profile {self._profile.name})"
        )

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    # --- writing ----------------------------------------------------------------------------------------

    async def create(self, values: Values) -> Created:
        """Creates a session (200). What is told first is the address for the customer.

        The vendor knows no reference of ours: after a lost answer the new session can only be looked for.
        """
        what = "creating the session"
        reply = await self._client.send(CREATE, json=trinsic_forms.create_body(values))
        row = trinsic_rows.held(self._good(reply, what), what)
        if row is None:
            raise BadAnswer(f"{what}: the answer holds no session")
        session = self.decode(row).session
        return Created(_told(row, session), row, None if session is None else session.id)

    async def act(self, ref: Opaque, action: str, values: Values) -> bytes | None:
        """Cancels. Success where the session had ended before; raises `UsageProblem` for another action."""
        known = [one.id for one in SPEC.actions]
        if action not in known:
            raise UsageProblem(f"{line(action, 40)} is no action here: {meant(action, known)}")
        what = "cancelling the session"
        reply = await self._client.send(CANCEL, query=_by_id(ref, what))
        if reply.ok:
            row = trinsic_rows.held(self._good(reply, what), what)
            trouble: Problem = BadAnswer(f"{what}: the answer holds no session")
        else:
            row = None
            trouble = problem(reply, what, self._clock)
        if row is None and reply.status not in _UNSEEN:
            row = await self._ended(ref)
        if row is None:
            raise trouble
        return row

    async def _ended(self, ref: Opaque) -> bytes | None:
        """The session's row if it is in its last state: such a one the vendor refuses to cancel, and it does
        not say how (sheet trinsic 2.2)."""
        try:
            row = await self.row(ref)
        except Problem:
            return None  # the refusal says more
        session = self.decode(row).session
        if session is None or session.id != ref or session.status.live:
            return None
        return row

    async def _list(self, what: str, asked: _Asked) -> Envelope:
        reply = await self._client.send(LIST, json=asked.body())
        return Envelope(self._good(reply, what), what, _LAYOUT)

    def _good(self, reply: Reply, what: str) -> bytes:
        if not reply.ok:
            raise problem(reply, what, self._clock)
        return reply.json_bytes()


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one page is asked with (sheet trinsic 2.3, ListSessionsRequest); `alone` when nothing follows it."""

    order_by: str = "Updated"
    direction: str = "Descending"
    page: int = 1
    size: int = trinsic_forms.PAGE_SIZE
    alone: bool = False

    def body(self) -> Mapping[str, object]:
        """As it travels."""
        return {
            "orderBy": self.order_by,
            "orderDirection": self.direction,
            "pageSize": self.size,
            "page": self.page,
        }

    def goes_on(self, envelope: Envelope, rows: int) -> bool:
        """Whether a page follows. `more` and `total` came late and may be missing: a short page is the last then.

        An empty page is the last whatever it says: a list in order has no holes.
        """
        if not rows or self.page >= trinsic_forms.LAST_PAGE:
            return False
        more, total = envelope.value("more"), envelope.value("total")
        if isinstance(more, bool):
            return more
        if isinstance(total, int) and not isinstance(total, bool):
            return self.page * self.size < total
        return rows >= self.size


def _asked(ask: Ask) -> _Asked:
    """Raises `UsageProblem` for a name or value that the vendor does not document."""
    given = _checked(ask.query)
    page = int(given.get("page", "1"))
    if page > trinsic_forms.LAST_PAGE:
        raise UsageProblem(f"page is too large: at most {trinsic_forms.LAST_PAGE}")
    if ask.cursor is not None:
        if not re.fullmatch("[1-9][0-9]{0,9}", ask.cursor):
            raise UsageProblem("that is no page of this listing")
        page = int(ask.cursor)
    return _Asked(
        order_by=given.get("orderBy", "Updated"),
        direction=given.get("orderDirection", "Descending"),
        page=page,
        size=int(given.get("pageSize", trinsic_forms.PAGE_SIZE)),
        alone="page" in given,
    )


def _checked(query: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    fields = {field.name: field for field in SPEC.query}
    for name, value in query:
        field = fields.get(name)
        if field is None:
            raise UsageProblem(
                f"{line(name, 40)} is not taken by this listing: {meant(name, [*fields])}"
            )
        if not re.fullmatch(field.pattern or ".*", value):
            raise UsageProblem(f"{name} is not as it must be: {field.help}")
    return dict(query)


def _by_id(ref: Opaque, what: str) -> list[tuple[str, str]]:
    """The query that names a session. Raises `NotFound` for an id that no session can have: a row with such a
    one must not be taken for a wrong question."""
    if not _SHORTEST_ID <= len(ref) <= _LONGEST_ID or not sendable(ref):
        limits = f"{_SHORTEST_ID} to {_LONGEST_ID} characters"
        raise NotFound(f"{what}: no session has this id; an id has {limits}", 400)
    return [("sessionId", ref)]


def _told(row: bytes, session: Session | None) -> tuple[Told, ...]:
    """The new session for whoever has the customer on the phone: the address first, which holds its token."""
    token = (members(row) or {}).get("clientToken")
    link = trinsic_rows.verify_link(token)
    told = []
    if link is not None:
        told.append(Told(line("verify link"), link, copies=True))
    if session is not None:
        told.append(Told(line("session"), session.id, copies=True))
    told.append(Told(line("expires"), line("the vendor does not say when")))
    return tuple(told)


def _not_accepted(refused: Problem) -> tuple[Finding, ...]:
    failed = Finding(Verdict.FAIL, refused.message)
    if isinstance(refused, KeysRejected):
        return (failed,)
    # The API moved in June 2024 and changed its paths (sheet trinsic 2.4).
    hint = "Trinsic has moved this API since June 2024: base_url must be where it still answers"
    return (failed, Finding(Verdict.WARN, line(hint)))
