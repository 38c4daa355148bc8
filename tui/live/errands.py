"""Questions with a ticket: each is asked once, beside the polling, and answered whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import field
from datetime import datetime
from typing import Final, cast

from tui.live import writes
from tui.live.commands import Act, Check, Create, FindLinks, Open, Query, Read, SignIn, StartSignIn
from tui.live.context import LANES, NO_IDS, Context
from tui.live.entry import newest
from tui.live.messages import (
    Acted,
    Checked,
    LinksFound,
    Listed,
    Made,
    Opened,
    SignedIn,
    SignInStarted,
)
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import BadAnswer, Problem, UsageProblem
from tui.model.session import Session
from tui.model.text import Opaque
from tui.model.transcript import Transcript
from tui.providers.base import Ask, Asks, Capability, Decoded, Page, Signer

Errand = Open | Read | Query | Check | StartSignIn | SignIn | FindLinks | Create | Act
ErrandAnswer = Opened | Listed | Checked | SignInStarted | SignedIn | LinksFound | Made | Acted

QUERY_PAGES: Final = 500
# A query that also names people asks for so many of them at most: one request each.
QUERY_PEOPLE: Final = 100


async def run(context: Context, errand: Errand) -> ErrandAnswer:
    """Asks the vendor. Raises a `Problem`, except where half an answer is worth having."""
    match errand:
        case Open():
            return Opened(errand.ticket, await _open(context, errand.ref))
        case Read():
            return await _read(context, errand)
        case Query():
            return await _query(context, errand)
        case Check():
            return Checked(errand.ticket, await context.ask(lambda provider: provider.check()))
        case StartSignIn():
            return SignInStarted(errand.ticket, _signer(context).begin_sign_in())
        case SignIn():
            return SignedIn(errand.ticket, await _signer(context).finish_sign_in(errand.pasted))
        case FindLinks():
            domain = errand.domain
            links = await context.ask(lambda provider: provider.system_links(domain))
            return LinksFound(errand.ticket, links)
        case Create():
            return await writes.create(context, errand)
        case Act():
            return await writes.act(context, errand)


def failed(errand: Errand, problem: Problem) -> ErrandAnswer:
    """The answer that says why there is none."""
    match errand:
        case Open() | Read():
            return Opened(errand.ticket, None, problem=problem)
        case Query():
            return Listed(errand.ticket, (), complete=False, problem=problem)
        case Check():
            return Checked(errand.ticket, (), problem)
        case StartSignIn():
            return SignInStarted(errand.ticket, None, problem)
        case SignIn():
            return SignedIn(errand.ticket, None, problem)
        case FindLinks():
            return LinksFound(errand.ticket, (), problem)
        case Create():
            return Made(errand.ticket, None, problem=problem)
        case Act():
            return Acted(errand.ticket, None, problem)


def _signer(context: Context) -> Signer:
    """The side at which a person signs in. Raises a `Problem`."""
    spec = context.provider.spec
    if Capability.SIGN_IN not in spec.capabilities:
        raise UsageProblem(f"{context.profile.name}: {spec.title} knows no sign-in, only keys")
    return cast(Signer, context.provider)


# --- one session -------------------------------------------------------------------------------------------


async def _fetch(context: Context, ref: Opaque) -> tuple[bytes, Session, bool]:
    """One session by its id or token: its bytes, all of it, and whether it was not as documented."""
    row = await context.ask(lambda provider: provider.row(ref))
    decoded = context.provider.decode(row, full=True)
    if decoded.session is None:
        raise BadAnswer("reading the session: the answer holds no session")
    return row, decoded.session, bool(decoded.drift)


async def _with_people(context: Context, session: Session) -> Session:
    if not context.provider.wants_people(session):
        return session
    try:
        return await context.ask(lambda provider: provider.people(session))
    except Problem:
        return session  # the session itself is still worth showing


async def _open(context: Context, ref: Opaque) -> Session:
    """Reads a session and pins it: the one that was found, whatever it was asked by."""
    as_of = context.now()
    row, session, drifted = await _fetch(context, ref)
    wants = context.provider.wants_people
    news = context.index.take_reading(row, session, drifted=drifted, as_of=as_of, wants=wants)
    context.attention.pinned.add(session.id)
    if news is not None:
        context.outbox.sessions((news,))
    whole = await _with_people(context, session)
    entry = context.index.entries.get(session.id)
    if entry is not None and whole is not session:
        told = context.index.take_people(entry, session, whole)
        context.outbox.sessions((told,) if told is not None else ())
    return whole


async def _read(context: Context, errand: Read) -> Opened:
    _, session, _ = await _fetch(context, errand.ref)
    session = await _with_people(context, session)
    if not errand.transcript:
        return Opened(errand.ticket, session)
    spoken: Transcript | None = None
    trouble: Problem | None = None
    try:
        spoken = await context.ask(lambda provider: provider.transcript(session))
    except Problem as problem:
        trouble = problem
    return Opened(errand.ticket, session, spoken, trouble)


# --- a listing ---------------------------------------------------------------------------------------------


async def _query(context: Context, errand: Query) -> Listed:
    """Every page. What was read before a page failed is handed over with the problem."""
    found = _Found()
    trouble: Problem | None = None
    complete = False
    try:
        complete = await _pages(context, errand, found)
    except Problem as problem:
        trouble = problem
    sessions = [
        session for session in found.sessions.values() if errand.query or _inside(session, errand)
    ]
    if errand.people and trouble is None:
        sessions = await _named(context, sessions)
    return Listed(errand.ticket, tuple(sessions), complete, trouble, found.set_aside, found.drifted)


@dataclass(slots=True)
class _Found:
    """What a listing gave so far. A later row of the same id takes the place of the earlier one."""

    sessions: dict[Opaque, Session] = field(default_factory=dict)
    set_aside: int = 0
    drifted: int = 0

    def take(self, decoded: Iterable[Decoded]) -> list[Session]:
        """Counts the rows, keeps those that have an id, and returns them."""
        taken = []
        for row in decoded:
            self.drifted += bool(row.drift)
            if row.session is None:
                self.set_aside += 1
            else:
                taken.append(row.session)
                self.sessions[row.session.id] = row.session
        return taken


async def _pages(context: Context, errand: Query, found: _Found) -> bool:
    """Reads pages into `found`; says whether the last one was reached."""
    cursor: Opaque | None = None
    visited: set[Opaque] = set()
    for _ in range(QUERY_PAGES):
        page = await _page(context, Ask(cursor, errand.since, errand.until, errand.query))
        decode = context.provider.decode
        rows = found.take(decode(row, full=errand.full) for row in page.rows)
        if page.rows and not rows:
            raise BadAnswer(NO_IDS)
        cursor = page.next
        if cursor is None or (not errand.query and _is_past(context, rows, errand.since)):
            return True
        if cursor in visited:
            return False
        visited.add(cursor)
    return False


async def _page(context: Context, ask: Ask) -> Page:
    return await context.ask(lambda provider: provider.page(ask))


def _is_past(context: Context, rows: list[Session], since: datetime | None) -> bool:
    """Whether a newest-first listing has left the window: the rest is older still."""
    if since is None or not rows or context.provider.spec.asks is not Asks.NEWEST_FIRST:
        return False
    return all((last := newest(session)) is not None and last < since for session in rows)


def _inside(session: Session, errand: Query) -> bool:
    """Whether a session belongs to the window that was asked for: not every vendor can be asked for one."""
    if errand.until is not None and session.began is not None and session.began > errand.until:
        return False
    if errand.since is None or (errand.until is None and session.status.live):
        return True
    last = newest(session)
    return last is None or last >= errand.since


async def _named(context: Context, sessions: list[Session]) -> list[Session]:
    """The sessions with the people of the live ones."""
    wants = context.provider.wants_people
    named = {session.id: session for session in sessions}
    asked = [session for session in sessions if session.status.live and wants(session)]
    for start in range(0, min(len(asked), QUERY_PEOPLE), LANES):
        few = asked[start : start + LANES]
        for session in await asyncio.gather(*(_with_people(context, one) for one in few)):
            named[session.id] = session
    return list(named.values())
