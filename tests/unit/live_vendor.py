"""A scripted vendor behind the provider protocol: the seam at which the engine's tests fake the world."""

from __future__ import annotations

import asyncio
import json
import random
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import msgspec

from tests.virtual_clock import VirtualClock
from tui.live.board import Board, Change
from tui.live.commands import Command
from tui.live.engine import Engine
from tui.live.messages import Answer, Batch
from tui.model.clock import Clock
from tui.model.intent import Intent
from tui.model.problem import NotFound, Problem
from tui.model.profile import Needs, Profile
from tui.model.session import Key, Session
from tui.model.status import Status
from tui.model.text import Clean, Opaque, line
from tui.model.transcript import Entry, EntryKind, Role, Transcript
from tui.net.exchange import Exchange, Report
from tui.providers.base import Ask, Asks, Decoded, Finding, Page, Spec, SystemLink, Verdict

SPEC = Spec(
    id="fake",
    title="Fake",
    short="fake",
    default_base_url="http://127.0.0.1",
    keys=(),
    needs=Needs(((),)),
    operations=(),
    asks=Asks.WHOLE,
    requests_per_second=20.0,
)


def profile(name: str = "one", *, refresh: float = 5.0, **more: object) -> Profile:
    return replace(Profile(name, "fake", "http://127.0.0.1", refresh_seconds=refresh), **more)  # type: ignore[arg-type]


class Vendor:
    """One account. `put` and `remove` change it, `refuse` scripts failures, `calls` says what was asked."""

    def __init__(
        self,
        clock: VirtualClock,
        *,
        asks: Asks = Asks.WHOLE,
        page_size: int = 100,
        latency: float = 0.05,
        rate: float = 20.0,
    ) -> None:
        self.clock = clock
        self.spec = replace(SPEC, asks=asks, requests_per_second=rate)
        self.page_size = page_size
        self.latency = latency
        self.rows: dict[str, dict[str, object]] = {}
        self.hidden: set[str] = set()
        self.tokens: dict[str, str] = {}
        self.said: dict[str, list[str]] = {}
        self.names: dict[str, str] = {}
        self.calls: list[tuple[float, str, object]] = []
        self.decoded: list[bytes] = []
        self.closed = 0
        self.connected = 0
        self.in_flight = 0
        self.exchanges = True
        self.ahead: timedelta | None = None
        self.tells_time = False
        self.hang: asyncio.Event | None = None
        self._standing: dict[str, Exception] = {}
        self._once: dict[str, deque[Exception]] = defaultdict(deque)

    # --- the script -------------------------------------------------------------------------------------

    def put(self, ref: str, status: Status = Status.WAITING, **fields: object) -> None:
        """A new or changed session. Times are given in `created`, `updated`, `ended` as aware datetimes."""
        now = self.time()
        row = self.rows.get(ref, {"id": ref, "created": now.isoformat()})
        row |= {"status": status.value, "updated": now.isoformat()}
        row |= {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in fields.items()
        }
        self.rows[ref] = row

    def time(self) -> datetime:
        """The vendor's own clock: `ahead` of ours, and told with each answer where `tells_time`."""
        return self.clock.now() + (self.ahead or timedelta())

    def remove(self, ref: str) -> None:
        """The vendor forgets a session altogether."""
        del self.rows[ref]

    def refuse(self, operation: str, problem: Exception | None, times: int | None = None) -> None:
        """Lets an operation fail: so many times, or until told otherwise."""
        if times is not None and problem is not None:
            self._once[operation] += [problem] * times
        elif problem is None:
            self._standing.pop(operation, None)
        else:
            self._standing[operation] = problem

    def asked(self, operation: str, since: float = 0.0) -> list[tuple[float, object]]:
        return [(at, what) for at, name, what in self.calls if name == operation and at >= since]

    @asynccontextmanager
    async def answering(self, operation: str, what: object) -> AsyncIterator[None]:
        self.calls.append((self.clock.monotonic(), operation, what))
        self.in_flight += 1
        try:
            await asyncio.sleep(self.latency)
            if self.hang is not None:
                await self.hang.wait()
        finally:
            self.in_flight -= 1
        if self._once[operation]:
            raise self._once[operation].popleft()
        if operation in self._standing:
            raise self._standing[operation]
        yield

    def connect(self, profile: Profile, clock: Clock, report: Report) -> FakeProvider:
        self.connected += 1
        return FakeProvider(self, profile, clock, report)


class FakeProvider:
    """The provider protocol over a `Vendor`."""

    def __init__(self, vendor: Vendor, profile: Profile, clock: Clock, report: Report) -> None:
        self.spec = vendor.spec
        self._vendor = vendor
        self._profile = profile
        self._clock = clock
        self._report = report

    @asynccontextmanager
    async def _asked(self, operation: str, what: object) -> AsyncIterator[None]:
        try:
            async with self._vendor.answering(operation, what):
                yield
        finally:
            if self._vendor.exchanges:
                now = self._clock.now()
                ahead = (self._vendor.ahead or timedelta()).total_seconds()
                self._report(
                    Exchange(
                        at=now,
                        profile=self._profile.name,
                        operation=operation,
                        method="GET",
                        status=200,
                        milliseconds=50.0,
                        received=10,
                        outcome=line("ok"),
                        skew=ahead if self._vendor.tells_time else None,
                    )
                )

    async def page(self, ask: Ask) -> Page:
        async with self._asked("page", ask):
            rows = self._listed(ask)
            start = int(ask.cursor or 0)
            size = self._vendor.page_size
            more = Opaque(str(start + size)) if start + size < len(rows) else None
            return Page(tuple(_packed(row) for row in rows[start : start + size]), more)

    def _listed(self, ask: Ask) -> list[dict[str, object]]:
        rows = [row for ref, row in self._vendor.rows.items() if ref not in self._vendor.hidden]
        asks = self.spec.asks
        if asks is Asks.NEWEST_FIRST:
            return sorted(rows, key=lambda row: str(row["updated"]), reverse=True)
        if asks is Asks.WHOLE or ask.since is None:
            return rows
        since = ask.since
        return [row for row in rows if datetime.fromisoformat(str(row["created"])) >= since]

    def decode(self, row: bytes, *, full: bool = False) -> Decoded:
        self._vendor.decoded.append(row)
        data = json.loads(row)
        ref = data.get("id")
        if ref is None:
            return Decoded(None)
        session = Session(
            profile=self._profile.name,
            provider="fake",
            id=Opaque(ref),
            status=Status(data["status"]),
            subject=_text(data.get("subject")),
            customer=_text(data.get("customer")),
            agent=_text(data.get("agent")),
            created_at=_time(data.get("created")),
            updated_at=_time(data.get("updated")),
            ended_at=_time(data.get("ended")),
            expires_at=_time(data.get("expires")),
            fields=((Clean("extra"), line(data.get("extra"))),) if full else (),
        )
        return Decoded(session, (line("odd: not as documented"),) if data.get("odd") else ())

    async def row(self, ref: Opaque) -> bytes:
        async with self._asked("row", ref):
            found = self._vendor.rows.get(self._vendor.tokens.get(ref, ref))
            if found is None:
                raise NotFound("reading the session: not found", 404)
            return _packed(found)

    def wants_people(self, session: Session) -> bool:
        return bool(self._vendor.names) and session.customer is None

    async def people(self, session: Session) -> Session:
        async with self._asked("people", session.id):
            name = self._vendor.names.get(session.id)
            return msgspec.structs.replace(session, customer=_text(name))

    async def transcript(self, session: Session) -> Transcript:
        async with self._asked("transcript", session.id):
            return Transcript(
                tuple(
                    Entry(None, line("Ana"), Role.CUSTOMER, EntryKind.MESSAGE, line(text))
                    for text in self._vendor.said.get(session.id, [])
                )
            )

    async def check(self) -> tuple[Finding, ...]:
        async with self._asked("check", None):
            return (Finding(Verdict.OK, line("the keys are accepted")),)

    async def system_links(self, domain: str) -> tuple[SystemLink, ...]:
        async with self._asked("system_links", domain):
            return (SystemLink(line("crm"), line(domain), line("a@b"), None, None),)

    async def aclose(self) -> None:
        self._vendor.closed += 1


def _packed(row: dict[str, object]) -> bytes:
    return json.dumps(row).encode()


def _text(value: object) -> Clean | None:
    return None if value is None else line(value)


def _time(value: object) -> datetime | None:
    return None if value is None else datetime.fromisoformat(str(value))


class Reader:
    """What a screen does with the mailbox, and a count of how often it was woken."""

    def __init__(self, engine: Engine, clock: VirtualClock) -> None:
        self.engine = engine
        self.clock = clock
        self.board = Board()
        self.answers: list[Answer] = []
        self.batches: list[Batch] = []
        self.intents: tuple[Intent, ...] = ()
        self.wakes = 0
        self._tickets = count(1)
        engine.mailbox.on_ready(self._woken)

    def _woken(self) -> None:
        self.wakes += 1

    def read(self) -> Change:
        batch = self.engine.mailbox.drain()
        if batch:
            self.batches.append(batch)
        self.answers += batch.answers
        if batch.intents is not None:
            self.intents = batch.intents
        return self.board.apply(batch)

    def ids(self, profile: str = "one") -> list[str]:
        self.read()
        return sorted(key.id for key in self.board.sessions if key.profile == profile)

    def session(self, ref: str, profile: str = "one") -> Session:
        self.read()
        return self.board.sessions[Key(profile, Opaque(ref))]

    def state(self, profile: str = "one") -> str:
        self.read()
        return self.board.health[profile].state.value

    async def passes(self, seconds: float) -> None:
        """Virtual time passes."""
        await asyncio.sleep(seconds)

    async def until(self, true: Callable[[], bool], limit: float = 600.0) -> None:
        await self.clock.until(true, limit)

    async def ask(self, make: Callable[[int], Command]) -> Answer:
        """Sends a command with a ticket and waits for its answer."""
        ticket = next(self._tickets)
        self.engine.send(make(ticket))
        found: list[Answer] = []

        def answered() -> bool:
            self.read()
            found.extend(one for one in self.answers if getattr(one, "ticket", None) == ticket)
            return bool(found)

        await self.until(answered, 60.0)
        return found[0]


@asynccontextmanager
async def running(
    vendors: dict[str, Vendor],
    profiles: list[Profile] | None = None,
    *,
    poll: bool = True,
    seed: int = 1,
    state: Path | None = None,
) -> AsyncIterator[Reader]:
    """An engine in this very loop, over vendors by profile name."""
    clock = next(iter(vendors.values())).clock

    def connect(wanted: Profile, its_clock: Clock, report: Report) -> FakeProvider:
        return vendors[wanted.name].connect(wanted, its_clock, report)

    engine = Engine(
        profiles if profiles is not None else [profile(name) for name in vendors],
        connect=connect,
        clock=clock,
        rng=random.Random(seed),
        poll=poll,
        state=state,
    )
    reader = Reader(engine, clock)
    task = asyncio.ensure_future(engine.run())
    try:
        yield reader
    finally:
        for vendor in vendors.values():
            if vendor.hang is not None:
                vendor.hang.set()
        engine.stop()
        await task


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def problem_of(answer: Answer) -> Problem:
    found = getattr(answer, "problem", None)
    assert isinstance(found, Problem)
    return found
