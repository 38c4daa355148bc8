"""Twilio Proxy v1 (sheet twilio, part 1): masked numbers between a customer and an agent.

The listing takes no filter and gives at most 100 rows a page in no documented order, so it can only be read
whole. A row names nobody: people come from a request of their own.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Final

from tui.model.clock import Clock
from tui.model.form import Values
from tui.model.operation import Operation
from tui.model.problem import (
    BadAnswer,
    Busy,
    ConfigProblem,
    KeysRejected,
    NotFound,
    Refused,
    UsageProblem,
)
from tui.model.profile import KeyKind, Needs, Profile, ProfileKey
from tui.model.retention import Retention
from tui.model.session import Session
from tui.model.text import Opaque, line
from tui.model.transcript import Transcript
from tui.net.auth import BasicAuth
from tui.net.client import Client, Reply
from tui.net.exchange import Report
from tui.providers import twilio_forms, twilio_query, twilio_rows
from tui.providers.base import (
    Ask,
    Asks,
    Capability,
    Created,
    Decoded,
    Finding,
    Look,
    Lost,
    Offer,
    Page,
    Prepared,
    Spec,
    SystemLink,
    Verdict,
)
from tui.providers.rows import one_row
from tui.providers.twilio_errors import problem
from tui.providers.twilio_writes import CREATE, DELETE, UPDATE, TwilioWrites
from tui.providers.values import opaque
from tui.providers.wiring import client_of

# Names and paths as in Twilio's own OpenAPI of Proxy v1; `/v1` is part of the base URL.
LIST_SERVICES: Final = Operation("list services", "GET", "/Services", writes=False)
LIST_SESSIONS: Final = Operation(
    "list sessions", "GET", "/Services/{ServiceSid}/Sessions", writes=False
)
FETCH_SESSION: Final = Operation(
    "fetch session", "GET", "/Services/{ServiceSid}/Sessions/{Sid}", writes=False
)
LIST_PARTICIPANTS: Final = Operation(
    "list participants",
    "GET",
    "/Services/{ServiceSid}/Sessions/{SessionSid}/Participants",
    writes=False,
)
LIST_INTERACTIONS: Final = Operation(
    "list interactions",
    "GET",
    "/Services/{ServiceSid}/Sessions/{SessionSid}/Interactions",
    writes=False,
)
LIST_MESSAGES: Final = Operation(
    "list message interactions",
    "GET",
    "/Services/{ServiceSid}/Sessions/{SessionSid}/Participants/{ParticipantSid}/MessageInteractions",
    writes=False,
)

_VERSION: Final = "/v1"
# 5,000 messages of one session, or as many services: more than anybody reads.
_MOST_PAGES: Final = 50

SPEC: Final = Spec(
    id=twilio_rows.PROVIDER,
    title="Twilio Proxy",
    short="twilio",
    default_base_url="https://proxy.twilio.com/v1",
    keys=(
        ProfileKey(
            "account_sid",
            KeyKind.TEXT,
            "the account's SID (AC…), with the account's auth token",
            pattern="AC[0-9a-fA-F]{32}",
        ),
        ProfileKey(
            "api_key_sid",
            KeyKind.TEXT,
            "an API key's SID (SK…), with the key's secret as auth_token; better for daily use",
            pattern="SK[0-9a-fA-F]{32}",
        ),
        ProfileKey("auth_token", KeyKind.SECRET, "the auth token, or the API key's secret"),
        ProfileKey(
            "service_sid",
            KeyKind.TEXT,
            "the Proxy service (KS…) whose sessions are shown; a check lists them",
            pattern="KS[0-9a-fA-F]{32}",
            offered=True,
        ),
    ),
    # Without service_sid a profile can still be checked, which is how one learns it.
    needs=Needs((("api_key_sid", "auth_token"), ("account_sid", "auth_token")), exclusive=True),
    operations=(
        LIST_SERVICES,
        LIST_SESSIONS,
        FETCH_SESSION,
        LIST_PARTICIPANTS,
        LIST_INTERACTIONS,
        LIST_MESSAGES,
        CREATE,
        UPDATE,
        DELETE,
    ),
    asks=Asks.WHOLE,
    requests_per_second=30.0,
    capabilities=frozenset({Capability.TRANSCRIPT}),
    query=twilio_query.QUERY,
    create=twilio_forms.CREATE_FORM,
    create_needs=("service_sid",),
    actions=twilio_forms.ACTIONS,
    example=(
        "[profiles.proxy-eu]",
        f'provider = "{twilio_rows.PROVIDER}"',
        'account_sid = "AC..."',
        'auth_token = { env = "TWILIO_AUTH_TOKEN" }',
        'service_sid = "KS..."',
    ),
    # With its participants and interactions.
    retention=(Retention("session, messages", 90 * 24, "sheet twilio 1.4"),),
)


def connect(
    profile: Profile, clock: Clock, report: Report, *, rng: random.Random | None = None
) -> TwilioProxy:
    """The provider of a profile; `rng` makes unique names. Raises `ConfigProblem` without keys."""
    user = profile.text("api_key_sid") or profile.text("account_sid")
    password = profile.secrets.get("auth_token")
    if user is None or not password:
        raise ConfigProblem(
            f"profile {profile.name}: account_sid or api_key_sid is needed, and auth_token"
        )
    client = client_of(
        profile,
        SPEC,
        BasicAuth(user, password),
        clock,
        report,
        base_url=_with_version(profile.base_url),
    )
    return TwilioProxy(profile, client, clock, rng or random.SystemRandom())


def _with_version(base_url: str) -> str:
    """The vendor's documents name the server without the `/v1` that every path begins with: both are taken."""
    return base_url if base_url.endswith(_VERSION) else base_url + _VERSION


class TwilioProxy:
    """The sessions of one Proxy service. Every method raises only `model.problem.Problem`."""

    spec: Spec = SPEC

    def __init__(self, profile: Profile, client: Client, clock: Clock, rng: random.Random) -> None:
        self._profile = profile
        self._client = client
        self._clock = clock
        self._writes = TwilioWrites(self, profile, client, clock, rng)

    async def page(self, ask: Ask) -> Page:
        """One page of the whole list; times are not known to this vendor.

        A page that was asked for by itself comes alone. Raises `ConfigProblem` without `service_sid`,
        `UsageProblem` for a query that the vendor does not document.
        """
        asked = twilio_query.asked(ask.query)
        what, path = "listing the sessions", self.path()
        page = await self._page(what, LIST_SESSIONS, path, ask.cursor, asked.query)
        return Page(page.rows) if asked.alone else page

    def decode(self, row: bytes, *, full: bool = False) -> Decoded:
        """One row. Never raises."""
        return twilio_rows.session(row, self._profile.name, full=full)

    async def row(self, ref: Opaque) -> bytes:
        """One session by its sid; its unique name works too (inferred, sheet twilio 1.2).

        Raises `BadAnswer` also for the row of another session.
        """
        what = "fetching the session"
        reply = await self._client.send(FETCH_SESSION, path=self.path(Sid=ref))
        row = one_row(self._good(reply, what), what)
        if twilio_rows.is_another(row, ref):
            raise BadAnswer(f"{what}: the vendor answered another session")
        return row

    def wants_people(self, session: Session) -> bool:
        """Always, until somebody is known: a row of this vendor names nobody."""
        return session.customer is None and session.agent is None

    async def people(self, session: Session) -> Session:
        """The session with its participants (one request)."""
        found = await self._people(session)
        return twilio_rows.with_people(session, found, self._profile.me)

    async def transcript(self, session: Session) -> Transcript:
        """Messages and calls, who came and went, and the session's steps, from every page.

        What the application itself sent to one participant has a list of its own (sheet twilio 1.6), at most
        two of them; whether the first list holds it too is not documented: it is told once.
        """
        from tui.providers import twilio_talk  # not before somebody reads one

        people = await self._people(session)
        path = self.path(SessionSid=session.id)
        rows, complete = await self._all("reading the interactions", LIST_INTERACTIONS, path)
        sent, whole = await self._sent(session, people)
        return twilio_talk.transcript(
            session,
            people,
            [*rows, *(sent or ())],
            complete=complete and whole,
            unheard=sent is None,
        )

    async def _sent(
        self, session: Session, people: twilio_rows.People
    ) -> tuple[list[bytes] | None, bool]:
        """What the application sent, and whether that is all of it; None where the vendor refuses to tell."""
        what, sent, whole = "reading the application's messages", list[bytes](), True
        for sid in twilio_rows.reachable(people):
            path = self.path(SessionSid=session.id, ParticipantSid=sid)
            try:
                rows, complete = await self._all(what, LIST_MESSAGES, path)
            except Busy:
                raise
            except NotFound:
                continue  # nobody of that name, or no such list: nothing was sent
            except Refused:
                return None, False
            sent += rows
            whole = whole and complete
        return sent, whole

    async def check(self) -> tuple[Finding, ...]:
        """Lists the account's services, looks for `service_sid` among them and lists its sessions.

        Raises `Busy`, `Unreachable` or `NoAnswer` when nothing can be said about the keys.
        """
        try:
            rows, _ = await self._all("listing the services", LIST_SERVICES, {})
        except KeysRejected as refused:
            return (Finding(Verdict.FAIL, refused.message),)
        services = _services(rows)
        findings = [Finding(Verdict.OK, line("the keys are accepted"))]
        findings += [
            Finding(
                Verdict.OK,
                line(f"the account has the service {sid} ({name})"),
                Offer("service_sid", sid, line(name)),
            )
            for sid, name in services.items()
        ]
        return (*findings, *await self._check_service(services))

    async def system_links(self, domain: str) -> tuple[SystemLink, ...]:
        """Raises `UsageProblem`: this vendor has no such thing."""
        raise UsageProblem(
            f"Twilio Proxy has no partner-system links (profile {self._profile.name})"
        )

    def prepare(self, values: Values) -> Prepared:
        """A create with the unique name by which it can be found again. See `Writer`."""
        return self._writes.prepare(values)

    def looks_like(self, session: Session, reference: Opaque) -> bool:
        """Whether its unique name, as far as it is shown, is that one. See `Writer`."""
        return session.subject == line(reference)

    async def find(self, lost: Lost) -> Look:
        """The session of that unique name. See `Writer`."""
        return await self._writes.find(lost)

    async def create(self, values: Values) -> Created:
        """Creates a session; the numbers to call are told first. See `Writer`."""
        return await self._writes.create(values)

    async def act(self, ref: Opaque, action: str, values: Values) -> bytes | None:
        """Closes, reopens, extends, limits or deletes a session. See `Writer`."""
        return await self._writes.act(ref, action, values)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    def path(self, **more: str) -> dict[str, str]:
        """A request's path values, with the profile's service. Raises `ConfigProblem` without one."""
        service = self._profile.text("service_sid")
        if service is None:
            raise ConfigProblem(
                f"profile {self._profile.name}: service_sid is missing; "
                f"`sessiontop profile check {self._profile.name}` lists the account's services"
            )
        return {"ServiceSid": service, **more}

    async def _page(
        self,
        what: str,
        operation: Operation,
        path: Mapping[str, str],
        cursor: Opaque | None,
        query: Sequence[tuple[str, str]] = twilio_query.USUAL,
    ) -> Page:
        """One page of any list; the next link is followed verbatim and never built (sheet twilio 1.5)."""
        if cursor is None:
            reply = await self._client.send(operation, path=path, query=query)
        else:
            reply = await self._client.follow(operation, cursor)
        page = twilio_query.page_of(self._good(reply, what), what, operation)
        if cursor is not None and page.next == cursor:
            raise BadAnswer(f"{what}: the page after this one is the same page again")
        return page

    async def _all(
        self, what: str, operation: Operation, path: Mapping[str, str]
    ) -> tuple[list[bytes], bool]:
        """The rows of every page, and whether the last page was reached."""
        rows: list[bytes] = []
        cursor: Opaque | None = None
        for _ in range(_MOST_PAGES):
            page = await self._page(what, operation, path, cursor)
            rows += page.rows
            cursor = page.next
            if cursor is None:
                return rows, True
        return rows, False

    async def participants(self, session_id: Opaque) -> list[bytes]:
        """The rows of a session's participants, removed ones too."""
        path = self.path(SessionSid=session_id)
        rows, _ = await self._all("reading the participants", LIST_PARTICIPANTS, path)
        return rows

    async def _people(self, session: Session) -> twilio_rows.People:
        return twilio_rows.people(await self.participants(session.id), self._profile.me)

    def _good(self, reply: Reply, what: str) -> bytes:
        if not reply.ok:
            raise problem(reply, what, self._clock)
        return reply.json_bytes()

    async def _check_service(self, services: Mapping[Opaque, str]) -> tuple[Finding, ...]:
        chosen = self._profile.text("service_sid")
        if not services:
            return (Finding(Verdict.FAIL, line("the account has no Proxy service")),)
        if chosen is None:
            words = "service_sid is not set: set it to one of the services above"
            return (Finding(Verdict.FAIL, line(words)),)
        if Opaque(chosen) not in services:
            words = f"service_sid {chosen} is not one of the account's services"
            return (Finding(Verdict.FAIL, line(words)),)
        try:
            await self.page(Ask())
        except Busy:
            raise  # says nothing about the keys
        except Refused as refused:
            return (Finding(Verdict.FAIL, refused.message),)
        return (Finding(Verdict.OK, line(f"the sessions of {chosen} can be listed")),)


def _services(rows: list[bytes]) -> dict[Opaque, str]:
    found: dict[Opaque, str] = {}
    for row in map(twilio_rows.SERVICE.read, rows):
        sid = opaque(row.sid) if row is not None else None
        if row is not None and sid is not None:
            found[sid] = row.unique_name or "no name"
    return found
