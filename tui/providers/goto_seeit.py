"""GoToAssist Seeit v0.9.0 (sheet goto, part 1): a customer shows a technician something with a phone's camera.

Three operations, and no others. The vendor names no customer, keeps no conversation and ends no session for us.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tui.model.clock import Clock
from tui.model.form import Form, Values
from tui.model.operation import Operation
from tui.model.problem import BadAnswer, Busy, NotFound, Refused, UsageProblem
from tui.model.profile import Profile
from tui.model.retention import Retention
from tui.model.session import Session
from tui.model.text import Opaque, line
from tui.model.transcript import Transcript
from tui.net.client import Client, Reply
from tui.net.exchange import Report
from tui.net.tokens import TokenStore
from tui.providers import goto_account, seeit_errors, seeit_pages, seeit_rows
from tui.providers.base import (
    Access,
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
from tui.providers.goto_account import Account
from tui.providers.goto_errors import INVALID_TOKEN, invalid_token
from tui.providers.rows import members, one_row
from tui.providers.values import ident, link, opaque, same_name
from tui.providers.wiring import client_of

LIST_SESSIONS: Final = Operation("list sessions", "GET", "/sessions", writes=False)
CREATE_SESSION: Final = Operation("create session", "POST", "/sessions", writes=True)
FETCH_SESSION: Final = Operation("fetch session", "GET", "/sessions/{uuid}", writes=False)

_CHECKED: Final = timedelta(hours=24)

SPEC: Final = Spec(
    id=seeit_rows.PROVIDER,
    title="GoToAssist Seeit",
    short="seeit",
    # Documented in 2016; nobody says where the service is today (sheet goto 1), so base_url can be set.
    default_base_url="https://api.citrixonline.com/seeit/v1",
    keys=goto_account.KEYS,
    needs=goto_account.NEEDS,
    sign_in_keys=goto_account.SIGN_IN_KEYS,
    operations=(LIST_SESSIONS, CREATE_SESSION, FETCH_SESSION),
    asks=Asks.NEWEST_FIRST,
    # GoTo's default for every API (sheet goto 3.7); Seeit's own pages state none.
    requests_per_second=10.0,
    capabilities=frozenset({Capability.TRANSCRIPT, Capability.SIGN_IN}),
    query=seeit_pages.QUERY,
    create=Form("New Seeit session", CREATE_SESSION.name, ()),
    retention=(
        Retention("session details", 90 * 24, "sheet goto 1", from_end=False),
        Retention("photos, notes", 72, "sheet goto 1", link="data"),
    ),
    expires="data link",
)


def connect(
    profile: Profile, clock: Clock, report: Report, tokens: TokenStore | None = None
) -> GotoSeeit:
    """The provider of a profile; `tokens` keeps those of a sign-in. Raises `ConfigProblem` for lack of keys."""
    account = goto_account.account(
        profile,
        lambda reply: invalid_token(reply, seeit_errors.UNAUTHORIZED),
        clock,
        report,
        tokens,
    )
    client = client_of(profile, SPEC, account.auth, clock, report)
    return GotoSeeit(profile, client, clock, account)


class GotoSeeit(Unreferenced):
    """The sessions that the token's user may see. Every method raises only `model.problem.Problem`."""

    spec: Spec = SPEC

    def __init__(self, profile: Profile, client: Client, clock: Clock, account: Account) -> None:
        self._profile = profile
        self._client = client
        self._clock = clock
        self._account = account

    async def page(self, ask: Ask) -> Page:
        """One page, the newest sessions first; without a start, the profile's history.

        The times are compared with when a session was created. Raises `UsageProblem` for a query that the
        vendor does not document.
        """
        what = "listing the sessions"
        until = ask.until or self._clock.now()
        asked = seeit_pages.question(ask, until - timedelta(hours=self._profile.history_hours))
        reply = await self._client.send(LIST_SESSIONS, query=asked.query)
        return seeit_pages.page(self._good(reply, what), asked, what)

    def decode(self, row: bytes, *, full: bool = False) -> Decoded:
        """One row. Never raises."""
        now = self._clock.now()
        return seeit_rows.session(row, self._profile.name, self._profile.me, now, full=full)

    async def row(self, ref: Opaque) -> bytes:
        """One session by its uuid. Raises `Busy` for one that was created a moment ago.

        Raises `BadAnswer` also for a row without a uuid, and for that of another session, and `UsageProblem` for
        a support key, which nothing is sent for: it is no id, and may come to name another session (sheet goto 1).
        """
        what = "fetching the session"
        if seeit_rows.is_support_key(ref):
            raise UsageProblem(
                "filter the list by the support key, with its hyphens: only a uuid opens a session "
                "(Seeit may use a support key again, for another one)"
            )
        reply = await self._client.send(FETCH_SESSION, path={"uuid": ref})
        if not reply.ok:
            raise seeit_errors.of_one_session(reply, what, self._clock)
        row = one_row(reply.json_bytes(), what)
        found = self.decode(row).session
        if found is None:
            raise BadAnswer(f"{what}: the answer holds no session")
        if not same_name(found.id, ref):
            raise BadAnswer(f"{what}: the vendor answered another session")
        return row

    def wants_people(self, session: Session) -> bool:
        """Never: the vendor names no customer anywhere (sheet goto 1.5)."""
        return False

    async def people(self, session: Session) -> Session:
        """The same session."""
        return session

    async def transcript(self, session: Session) -> Transcript:
        """The session's steps and what is stored of it; one request where its fields were not read yet."""
        from tui.providers import seeit_talk  # not before somebody reads one

        whole = session
        if not session.fields:
            whole = self.decode(await self.row(session.id), full=True).session or session
        return seeit_talk.transcript(whole, self._clock.now())

    async def create(self, values: Values) -> Created:
        """A new session, which is not started until its start URL is opened. It takes no values.

        Its details may be "not available yet" for a while (see `row`).
        """
        what = "creating a session"
        reply = await self._client.send(CREATE_SESSION)
        return _created(self._good(reply, what), what)

    async def act(self, ref: Opaque, action: str, values: Values) -> bytes | None:
        """Raises `UsageProblem`: this vendor lets nobody act on a session."""
        raise UsageProblem(f"GoToAssist Seeit has no actions (profile {self._profile.name})")

    async def check(self) -> tuple[Finding, ...]:
        """Lists the last day. Raises `Busy`, `Unreachable` or `NoAnswer` when nothing can be said of the keys."""
        what = "listing the sessions"
        since = self._clock.now() - _CHECKED
        asked = seeit_pages.question(Ask(query=(("size", "1"),)), since)
        try:
            reply = await self._client.send(LIST_SESSIONS, query=asked.query)
            body = self._good(reply, what)
            rows = seeit_pages.page(body, asked, what).rows
        except Busy:
            raise  # says nothing about the keys
        except (Refused, BadAnswer) as problem:
            return self._not_accepted(problem)
        count = seeit_pages.total(body, what)
        count = len(rows) if count is None else count
        found = f"the token is accepted; {count} session{'' if count == 1 else 's'} in the last day"
        return (Finding(Verdict.OK, line(found)),)

    async def system_links(self, domain: str) -> tuple[SystemLink, ...]:
        """Raises `UsageProblem`: this vendor has no such thing."""
        raise UsageProblem(
            f"GoToAssist Seeit has no partner-system links (profile {self._profile.name})"
        )

    def begin_sign_in(self) -> Opaque:
        """See `Signer`."""
        return self._account.begin_sign_in()

    async def finish_sign_in(self, pasted: str) -> Access:
        """See `Signer`."""
        return await self._account.finish_sign_in(pasted)

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.aclose()

    def _good(self, reply: Reply, what: str) -> bytes:
        if not reply.ok:
            raise seeit_errors.problem(reply, what, self._clock)
        return reply.json_bytes()

    def _not_accepted(self, problem: Refused | BadAnswer) -> tuple[Finding, ...]:
        findings = [Finding(Verdict.FAIL, problem.message)]
        if isinstance(problem, (NotFound, BadAnswer)):
            hint = (
                "Seeit may be served elsewhere today: base_url says where "
                f"(it is {self._client.host} now)"
            )
            findings.append(Finding(Verdict.WARN, line(hint)))
        elif isinstance(problem, Refused) and (
            problem.status == 401 or problem.code == INVALID_TOKEN
        ):
            findings.append(Finding(Verdict.WARN, goto_account.other_scheme(self._profile)))
        return tuple(findings)


def _created(body: bytes, what: str) -> Created:
    """What the vendor gave for a new session (sheet goto 1.2). Raises `BadAnswer` when it names none."""
    values = members(body) or {}
    ref = opaque(ident(values.get("uuid")))
    key = seeit_rows.spoken_key(ident(values.get("supportKey")))
    start = opaque(link(values.get("startUrl")))
    if ref is None and key is None:
        raise BadAnswer(f"{what}: the answer names no session")
    told = []
    if key is not None:
        told.append(Told(line("support key, for the customer's app"), key, copies=True))
    if start is not None:
        told.append(Told(line("start URL, for the technician's browser"), start, copies=True))
    return Created(tuple(told), ref=ref)
