"""GoToAssist Remote Support v4 (sheet goto, part 2): screen sharing with a customer, and web chats.

The listing takes a window of time, knows no pages and keeps complete sessions at least 30 days. It lists
screen-sharing sessions; web chats are opened by id or token, or come from the extended listing.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Final

from tui.model.clock import Clock
from tui.model.form import Values
from tui.model.operation import Operation
from tui.model.problem import BadAnswer, Busy, Refused, UsageProblem
from tui.model.profile import KeyKind, Profile, ProfileKey
from tui.model.retention import Retention
from tui.model.session import Session
from tui.model.text import Opaque, line
from tui.model.transcript import Transcript, followed, timeline
from tui.net.client import Client, Reply
from tui.net.exchange import Report
from tui.net.tokens import TokenStore
from tui.providers import goto_account, goto_rows, goto_window, goto_writes
from tui.providers.base import (
    Access,
    Ask,
    Asks,
    Capability,
    Created,
    Decoded,
    Finding,
    Look,
    Lost,
    Page,
    Prepared,
    Spec,
    SystemLink,
    Verdict,
)
from tui.providers.goto_account import Account
from tui.providers.goto_errors import INVALID_TOKEN, UNAUTHORIZED, invalid_token, problem
from tui.providers.rows import Envelope, Layout, loose, one_row
from tui.providers.wiring import client_of

LIST_SESSIONS: Final = Operation("list sessions", "GET", "/sessions", writes=False)
# Seen at one public client only (sheet goto 2.4): off unless a profile turns it on.
LIST_EXTENDED: Final = Operation("list extended sessions", "GET", "/extendedsessions", writes=False)
FETCH_SESSION: Final = Operation("fetch session", "GET", "/sessions/{sessionId}", writes=False)
LIST_EVENTS: Final = Operation(
    "list chat events", "GET", "/sessions/{sessionId}/events", writes=False
)
LIST_LINKS: Final = Operation("list system links", "GET", "/systemLinks", writes=False)

_LAYOUT: Final = Layout("sessions")
_CHECKED: Final = timedelta(hours=1)

SPEC: Final = Spec(
    id=goto_rows.PROVIDER,
    title="GoToAssist Remote Support",
    short="goto-rs",
    default_base_url="https://api.getgo.com/G2A/rest/v1",
    keys=(
        *goto_account.KEYS,
        ProfileKey("partner_domain", KeyKind.TEXT, "the partner system's domain, for its links"),
        ProfileKey(
            "extended_sessions",
            KeyKind.YES_NO,
            "list every kind of session, web chats too, where the account can",
            default=False,
        ),
    ),
    needs=goto_account.NEEDS,
    sign_in_keys=goto_account.SIGN_IN_KEYS,
    operations=(
        LIST_SESSIONS,
        LIST_EXTENDED,
        FETCH_SESSION,
        LIST_EVENTS,
        LIST_LINKS,
        goto_writes.START,
    ),
    asks=Asks.WINDOW,
    requests_per_second=10.0,
    capabilities=frozenset(
        {
            Capability.TRANSCRIPT,
            Capability.OPEN_BY_TOKEN,
            Capability.SYSTEM_LINKS,
            Capability.SIGN_IN,
        }
    ),
    query=goto_window.QUERY,
    create=goto_writes.FORM,
    example=(
        "[profiles.goto-desk]",
        f'provider = "{goto_rows.PROVIDER}"',
        'access_token = { env = "GOTO_ACCESS_TOKEN" }',
    ),
    retention=(Retention("session", 30 * 24, "sheet goto 2.2", at_least=True),),
)


def connect(
    profile: Profile,
    clock: Clock,
    report: Report,
    tokens: TokenStore | None = None,
    *,
    rng: random.Random | None = None,
) -> GotoRemoteSupport:
    """The provider of a profile; `tokens` keeps those of a sign-in, `rng` makes references.

    Raises `ConfigProblem` for lack of keys.
    """
    account = goto_account.account(
        profile, lambda reply: invalid_token(reply, UNAUTHORIZED), clock, report, tokens
    )
    client = client_of(profile, SPEC, account.auth, clock, report)
    return GotoRemoteSupport(profile, client, clock, account, rng or random.SystemRandom())


class GotoRemoteSupport:
    """The sessions that the token's user may see. Every method raises only `model.problem.Problem`."""

    spec: Spec = SPEC

    def __init__(
        self, profile: Profile, client: Client, clock: Clock, account: Account, rng: random.Random
    ) -> None:
        self._profile = profile
        self._client = client
        self._clock = clock
        self._account = account
        self._rng = rng

    async def page(self, ask: Ask) -> Page:
        """Every session of the window, in one page; without one, the profile's history until now.

        Raises `UsageProblem` for a query that the vendor does not document.
        """
        asked = goto_window.asked(ask.query)
        until = asked.until or ask.until or self._clock.now()
        since = asked.since or ask.since or until - timedelta(hours=self._profile.history_hours)
        if since > until:
            raise UsageProblem("the window ends before it begins: toTime must be after fromTime")
        extended = self._profile.flag("extended_sessions")
        rows = await self._window(since, until, extended=extended)
        return Page(rows)

    def decode(self, row: bytes, *, full: bool = False) -> Decoded:
        """One row. Never raises."""
        return goto_rows.session(row, self._profile.name, self._profile.me, full=full)

    async def row(self, ref: Opaque) -> bytes:
        """One session by its id or by its token (sheet goto 2.2).

        Raises `BadAnswer` also for a row that says nothing of a session, and for that of another session.
        """
        what = "fetching the session"
        reply = await self._client.send(FETCH_SESSION, path={"sessionId": ref})
        row = one_row(self._good(reply, what), what)
        if not goto_rows.is_session(row):
            raise BadAnswer(f"{what}: the answer holds no session")
        if goto_rows.is_another(row, ref):
            raise BadAnswer(f"{what}: the vendor answered another session")
        return goto_rows.named_by(row, ref)

    def wants_people(self, session: Session) -> bool:
        """Never: a row names its people where the vendor knows them."""
        return False

    async def people(self, session: Session) -> Session:
        """The same session."""
        return session

    async def transcript(self, session: Session) -> Transcript:
        """The web chat, or the session's steps where none was held: the vendor answers 404 then.

        Notes and the recording follow.
        """
        from tui.providers import goto_talk  # not before somebody reads one

        reply = await self._client.send(LIST_EVENTS, path={"sessionId": session.id})
        if reply.status == 404:
            found = timeline(session, goto_talk.NO_CHAT)
        else:
            answer = loose(self._good(reply, "reading the chat"))
            found = goto_talk.transcript(answer, session)
        return followed(found, goto_talk.left(session))

    async def check(self) -> tuple[Finding, ...]:
        """Lists the last hour, and asks whether the extended listing can be had.

        Raises `Busy`, `Unreachable` or `NoAnswer` when nothing can be said about the keys.
        """
        now = self._clock.now()
        try:
            rows = await self._window(now - _CHECKED, now, extended=False)
        except Busy:
            raise  # says nothing about the keys
        except Refused as refused:
            return self._not_accepted(refused)
        found = f"the token is accepted; {len(rows)} screen-sharing sessions in the last hour"
        return (Finding(Verdict.OK, line(found)), await self._check_extended(now))

    async def system_links(self, domain: str) -> tuple[SystemLink, ...]:
        """The links of a partner system; without a domain, of the profile's `partner_domain`.

        The vendor documents neither one object nor a list of them (sheet goto 2.7): both are taken.
        """
        asked = domain or self._profile.text("partner_domain")
        if not asked:
            raise UsageProblem("name the partner system's domain, or set partner_domain")
        reply = await self._client.send(LIST_LINKS, query=[("systemDomain", asked)])
        if reply.status == 404:  # how this vendor says "none" of other lists (sheet goto 2.8)
            return ()
        answer = loose(self._good(reply, "reading the system links"))
        links = (goto_rows.system_link(found) for found in _linked(answer))
        return tuple(link for link in links if link is not None)

    def prepare(self, values: Values) -> Prepared:
        """A create with a number as its `partnerObject`, where no ticket was typed. See `Writer`."""
        return goto_writes.numbered(values, self._rng)

    def looks_like(self, session: Session, reference: Opaque) -> bool:
        """Whether its partner object is that one. See `Writer`."""
        return session.subject == line(reference)

    async def find(self, lost: Lost) -> Look:
        """The sessions of the window that carry the reference (one request). See `Writer`."""
        rows = await self._window(lost.since, lost.until, extended=False)
        return Look(tuple(row for row in rows if goto_writes.carries(row, lost.reference)))

    async def create(self, values: Values) -> Created:
        """Starts a session: the technician's launch link, and a token to ask for its row by. See `Writer`."""
        return await goto_writes.start(self._client, self._clock, values)

    async def act(self, ref: Opaque, action: str, values: Values) -> bytes | None:
        """Raises `UsageProblem`: this vendor documents no action."""
        raise goto_writes.refuse_action(action)

    def begin_sign_in(self) -> Opaque:
        """See `Signer`."""
        return self._account.begin_sign_in()

    async def finish_sign_in(self, pasted: str) -> Access:
        """See `Signer`."""
        return await self._account.finish_sign_in(pasted)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    async def _window(
        self, since: datetime, until: datetime, *, extended: bool
    ) -> tuple[bytes, ...]:
        window = goto_window.query(since, until)
        if extended:
            what = "listing the extended sessions"
            reply = await self._client.send(LIST_EXTENDED, query=window)
        else:
            what = "listing the sessions"
            kind = ("sessionType", "SCREEN_SHARING")
            reply = await self._client.send(LIST_SESSIONS, query=[kind, *window])
        return Envelope(self._good(reply, what), what, _LAYOUT).rows("sessions")

    def _good(self, reply: Reply, what: str) -> bytes:
        if not reply.ok:
            raise problem(reply, what, self._clock)
        return reply.json_bytes()

    def _not_accepted(self, refused: Refused) -> tuple[Finding, ...]:
        findings = [Finding(Verdict.FAIL, refused.message)]
        if refused.status == 401 or refused.code == INVALID_TOKEN:
            findings.append(Finding(Verdict.WARN, goto_account.other_scheme(self._profile)))
        return tuple(findings)

    async def _check_extended(self, now: datetime) -> Finding:
        """Web chats are listed only there; whether it can be had differs (sheet goto 2.4)."""
        wanted = self._profile.flag("extended_sessions")
        try:
            await self._window(now - _CHECKED, now, extended=True)
        except (Refused, BadAnswer) as refused:
            words = f"the extended listing cannot be had: {refused.message}"
            return Finding(Verdict.FAIL if wanted else Verdict.WARN, line(words))
        off = "" if wanted else "; extended_sessions = true would show web chats too"
        return Finding(Verdict.OK, line(f"the extended listing can be had{off}"))


def _linked(answer: object) -> list[object]:
    """One link, a list of them, or an object that holds such a list."""
    if isinstance(answer, list):
        return answer
    if isinstance(answer, dict):
        lists = [value for value in answer.values() if isinstance(value, list)]
        return lists[0] if lists else [answer]
    raise BadAnswer(
        "reading the system links: the answer is not the JSON that the vendor documents"
    )
