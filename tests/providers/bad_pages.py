"""A small server that gives any listing in each vendor's own form, and an engine over it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.providers.bad_input import CONTROL, GOTO, SEEIT, TRINSIC, TWILIO, profile
from tests.providers.samples import ACCOUNT, SERVICE
from tests.providers.vendor import NOON, Answer, Seen, Vendor
from tui.live.board import Board
from tui.live.commands import Query
from tui.live.engine import Engine
from tui.live.messages import Health, Listed
from tui.model.session import Key, Session
from tui.model.status import Status
from tui.providers.registry import connect

# How many times faster than the real one the engine's clock goes.
SPEED = 25.0
LIMIT = 20.0


class FastClock:
    """From noon on, faster than time; the engine's waits are as much shorter."""

    def __init__(self) -> None:
        self._began = asyncio.get_running_loop().time()

    def monotonic(self) -> float:
        return (asyncio.get_running_loop().time() - self._began) * SPEED

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.monotonic())

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)


# --- a vendor in five forms --------------------------------------------------------------------------------


def ident(provider: str, number: int) -> str:
    forms = {
        TWILIO: f"KC{number:032x}",
        TRINSIC: f"urn:trinsic:idvsession:{number:04d}",
        SEEIT: f"00000000-0000-4000-8000-{number:012d}",
        GOTO: f"SS-{number}",
        CONTROL: str(number),
    }
    return forms[provider]


def row(provider: str, number: int) -> dict[str, Any]:
    """A session in progress that began `number` minutes before noon."""
    began = NOON - timedelta(minutes=number)
    text, seconds = began.strftime("%Y-%m-%dT%H:%M:%SZ"), int(began.timestamp())
    ref = ident(provider, number)
    forms: dict[str, dict[str, Any]] = {
        TWILIO: {
            "sid": ref,
            "status": "in-progress",
            "date_created": text,
            "date_updated": text,
            "unique_name": f"order {number}",
        },
        TRINSIC: {
            "id": ref,
            "state": "IdvInProgress",
            "failCode": "SessionFailNone",
            "verifications": {},
            "created": seconds,
            "updated": seconds,
        },
        SEEIT: {
            "uuid": ref,
            "supportKey": "123-456-789",
            "sessionStatus": "JOINED",
            "sessionCreateTime": seconds * 1000,
            "sessionStartTime": seconds * 1000,
        },
        GOTO: {
            "sessionId": ref,
            "sessionType": "screen_sharing",
            "status": "active",
            "startedAt": text,
            "customerName": f"Ana {number}",
        },
        CONTROL: {
            "id": number,
            "customer_name": f"Ana {number}",
            "tech_name": "Tess",
            "date_start": began.strftime("%Y-%m-%d %H:%M:%S"),
            "date_end": "",
        },
    }
    return forms[provider]


@dataclass
class Pages:
    """A listing. `of` gives the numbers of the sessions on a page; `last` is the last page's number, None: there is
    none; `circle`: the second page's link leads back to itself. `nonsense` stands before and after the good rows;
    `broken` is what everything is answered with instead."""

    provider: str
    of: Callable[[int], list[int]]
    last: int | None = 0
    circle: bool = False
    asked: list[int] = field(default_factory=list)
    nonsense: list[Any] = field(default_factory=list)
    broken: Answer | None = None
    heard: Callable[[], None] = lambda: None
    vendor: Vendor = field(default_factory=lambda: Vendor(""))

    def react(self, seen: Seen) -> Answer:
        """One answer: a page of the listing; nobody is known, and no session can be read by its id."""
        self.heard()
        if self.broken is not None:
            return self.broken
        if not seen.path.endswith(("/Sessions", "/list", "/sessions", "/history")):
            return self._beside(seen)
        query = dict(seen.query)
        sent = json.loads(seen.body or b"{}")
        first = 1 if self.provider == TRINSIC else 0
        asked = (
            sent.get("page") if self.provider == TRINSIC else query.get("page") or query.get("Page")
        )
        number = int(asked or first) - first
        self.asked.append(number)
        rows = [row(self.provider, one) for one in self.of(number)]
        return Answer(200, self._page(number, [*self.nonsense, *rows, *self.nonsense]))

    def _beside(self, seen: Seen) -> Answer:
        if seen.path.endswith("/Participants"):
            return Answer(200, {"participants": [], "meta": {"next_page_url": None}})
        return Answer(404, {"code": 20404, "message": "nothing"})

    def _page(self, number: int, rows: list[dict[str, Any]]) -> Any:
        more = self.last is None or number < self.last
        following = number if self.circle and number else number + 1
        link = f"{self.vendor.base_url}/v1/Services/{SERVICE}/Sessions?Page={following}"
        pages = 10**6 if self.last is None else self.last + 1
        forms: dict[str, Any] = {
            TWILIO: {
                "sessions": rows,
                "meta": {"key": "sessions", "next_page_url": link if more else None},
            },
            TRINSIC: {"sessions": rows, "more": more, "total": pages * 10},
            SEEIT: {
                "content": rows,
                "links": [{"rel": "self", "href": "x"}, *([{"rel": "next", "href": "x"}] * more)],
                "page": {"size": 50, "number": number, "totalPages": pages},
            },
            GOTO: {"sessions": rows, "totalNumSessions": 500},
            CONTROL: {"result": "SUCCESS", "details": [{"nrequests": 22, "requests": rows}]},
        }
        return forms[self.provider]

    def keys(self) -> dict[str, Any]:
        """A profile at this listing."""
        forms: dict[str, dict[str, Any]] = {
            TWILIO: {"account_sid": ACCOUNT, "service_sid": SERVICE, "auth_token": "sesame-1"},
            TRINSIC: {"api_key": "sesame-1"},
            SEEIT: {"access_token": "sesame-1"},
            GOTO: {"access_token": "sesame-1"},
            CONTROL: {"private_key": "sesame-1", "time_zone": "UTC"},
        }
        tail = "/v1" if self.provider == TWILIO else "/rest" if self.provider == CONTROL else ""
        return {**forms[self.provider], "base_url": self.vendor.base_url + tail}


class _Anything(dict[str, Any]):
    def __init__(self, pages: Pages) -> None:
        super().__init__()
        self._pages = pages

    def get(self, key: str, default: Any = None) -> Any:
        return self._pages.react


@dataclass
class Reader:
    """What a screen does with the mailbox."""

    engine: Engine
    board: Board = field(default_factory=Board)
    answers: list[Any] = field(default_factory=list)
    gone: list[Key] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def read(self) -> None:
        batch = self.engine.mailbox.drain()
        self.answers += batch.answers
        self.gone += batch.gone
        self.board.apply(batch)

    @property
    def health(self) -> Health:
        return self.board.health["desk"]

    def ids(self) -> set[str]:
        return {key.id for key in self.board.sessions}

    async def until(self, true: Callable[[], bool]) -> None:
        """Reads whenever there is news, or a request came, until something is true."""
        async with asyncio.timeout(LIMIT):
            while True:
                self.news.clear()
                self.read()
                if true():
                    return
                await self.news.wait()

    async def query(self) -> Listed:
        self.engine.send(Query(1, "desk"))
        await self.until(lambda: bool(self.answers))
        (answer,) = self.answers
        assert isinstance(answer, Listed)
        return answer


@asynccontextmanager
async def running(pages: Pages, *, poll: bool) -> AsyncIterator[Reader]:
    """An engine in this very loop over that listing, on a real socket."""
    async with pages.vendor as vendor:
        vendor.paths = _Anything(pages)
        made = profile(pages.provider, pages.keys())
        engine = Engine([made], connect=connect, clock=FastClock(), poll=poll)
        reader = Reader(engine)
        engine.mailbox.on_ready(reader.news.set)
        pages.heard = reader.news.set
        task = asyncio.ensure_future(engine.run())
        try:
            yield reader
        finally:
            engine.stop()
            await task


def refs(provider: str, *numbers: int) -> set[str]:
    return {ident(provider, number) for number in numbers}


def assert_true_rows(provider: str, sessions: list[Session]) -> None:
    """Each session once, and each as the vendor gave it."""
    assert len({session.id for session in sessions}) == len(sessions)
    for session in sessions:
        number = next(n for n in range(1, 2000) if ident(provider, n) == session.id)
        assert session.began == NOON - timedelta(minutes=number)
        assert session.status is Status.ACTIVE
