"""One simulated vendor in this very loop: real provider, real worker, real simulator, no socket, virtual time.

The provider's client gets a wire that hands its requests to the simulator's web application, and remembers each
one. So a day of polling takes seconds, and every figure is a count.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from unittest.mock import patch

import httpx
from starlette.routing import Router

from tests.virtual_clock import VirtualClock
from tui.live.board import Board
from tui.live.commands import Visible
from tui.live.engine import Engine
from tui.model.profile import KeyKind, Profile, Setting
from tui.model.secret import Secret
from tui.model.session import Key, Session
from tui.model.text import Opaque
from tui.providers import registry
from tui.simulator.kinds import Kind
from tui.simulator.server import Simulator

KINDS: Final = {
    "twilio-proxy": Kind.MESSAGING,
    "trinsic-connect": Kind.IDENTITY,
    "goto-seeit": Kind.CAMERA,
    "goto-remote-support": Kind.SCREEN_SHARING,
    "take-control": Kind.REMOTE_CONTROL,
}
NAME: Final = "desk"
_HOST: Final = "http://127.0.0.1:1"
# A vendor on another continent; of no interest but that it is not 0.
_LATENCY: Final = 0.08
# Times are sums of many small ones: what is a second apart may be a hair less.
_SAME_MOMENT: Final = 1e-6
_TALK: Final = timedelta(minutes=10)
_QUEUE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the vendor saw it; `at` in monotonic seconds. `query` and `body` as sent."""

    at: float
    method: str
    path: str
    query: str
    body: bytes
    status: int


class Wire(httpx.AsyncBaseTransport):
    """Hands requests to an ASGI application in this loop."""

    def __init__(self, app: Router, clock: VirtualClock) -> None:
        self._app, self._clock = app, clock
        self.asked: list[Asked] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        target = request.extensions["raw_target"].decode("ascii")
        path, _, query = target.partition("?")
        body, at = await request.aread(), self._clock.monotonic()
        await asyncio.sleep(_LATENCY / 2)
        answer = await self._served(request, path, query, body)
        self.asked.append(Asked(at, request.method, path, query, body, answer.status_code))
        await asyncio.sleep(_LATENCY / 2)
        return answer

    async def _served(
        self, request: httpx.Request, path: str, query: str, body: bytes
    ) -> httpx.Response:
        target = f"{path}?{query}"
        return answer(*await served(self._app, request.method, target, request.headers.raw, body))


Pairs = Sequence[tuple[bytes, bytes]]


async def served(
    app: Router, method: str, target: str, headers: Pairs, body: bytes
) -> tuple[int, Pairs, bytes]:
    """What an ASGI application answers to one request: status, headers, body."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": httpx.URL(_HOST + path).path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in headers],
        "client": ("127.0.0.1", 2),
        "server": ("127.0.0.1", 1),
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    content = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], sent[0]["headers"], content


def answer(status: int, headers: Pairs, content: bytes) -> httpx.Response:
    """The same as the client's transport hands it on."""
    return httpx.Response(
        status, headers=list(headers), stream=_Whole(content), extensions={"location": ""}
    )


class _Whole(httpx.AsyncByteStream):
    """A body that is all there; an answer must not be read before it is asked for."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content


@dataclass(slots=True)
class World:
    """A vendor with its sessions, and the way to it. `live` are the ids of those under way, oldest
    first; `waiting` those of them that nobody has taken."""

    provider: str
    clock: VirtualClock
    play: dict[str, str] = field(default_factory=dict)
    live: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    _building: datetime | None = None

    def __post_init__(self) -> None:
        self._building = self.clock.now() - timedelta(hours=24)
        self.simulator = Simulator(
            seed=3,
            sessions=0,
            play=self.play,
            clock=self._now,
            timer=self.clock.monotonic,
            vendors=[self.provider],
        )
        self.desk = self.simulator.desk
        vendor = self.simulator.vendors[self.provider]
        self.wire = Wire(Router([vendor.mount()], redirect_slashes=False), self.clock)
        (self.told,) = vendor.profiles(f"{_HOST}/{self.provider}").values()

    simulator: Simulator = field(init=False)
    desk: Any = field(init=False)
    wire: Wire = field(init=False)
    told: dict[str, object] = field(init=False)

    def _now(self) -> datetime:
        return self._building or self.clock.now()

    def profile(self, refresh: float = 5.0, **changes: Setting) -> Profile:
        """The simulator's own profile, some of its keys changed."""
        return profile_of(self.provider, {**self.told, **changes}, refresh_seconds=refresh)

    # --- what happens at the vendor ---------------------------------------------------------------------

    def fill(self, total: int, live: int) -> None:
        """So many sessions of the last day, the last of them under way; one live one in ten is hours old."""
        live = min(total, live)
        now = self.clock.now()
        begun = now - timedelta(hours=23)
        todo: list[tuple[datetime, str, int]] = []
        for number in range(total - live):
            at = begun + timedelta(hours=22) * number / max(1, total - live)
            todo += [
                (at, "add", number),
                (at + _QUEUE, "join", number),
                (at + _TALK, "end", number),
            ]
        for number in range(live):
            place = total - live + number
            hours = 3 if number % 10 == 0 else 0
            age = timedelta(hours=hours, minutes=50 * (number + 1) / live)
            todo.append((now - age - timedelta(seconds=5), "add", place))
            if number % 2:
                todo.append((now - age + _QUEUE / 6, "join", place))
        self._play_out(sorted(todo))
        self._building = None

    def _play_out(self, todo: list[tuple[datetime, str, int]]) -> None:
        names: dict[int, str] = {}
        for at, what, number in todo:
            self._building = min(at, self.clock.now())
            if what == "add":
                names[number] = self.arrive()
            else:
                (self.join if what == "join" else self.end)(names[number])

    def arrive(self) -> str:
        """A new session that waits; its id."""
        name: str = self.desk.add_session(KINDS[self.provider])
        self.live.append(name)
        self.waiting.append(name)
        return name

    def join(self, name: str) -> None:
        """Customer and agent come together in a session that waits."""
        self.desk.join(name)
        self.waiting.remove(name)

    def end(self, name: str) -> None:
        """A session is over, taken or not."""
        self.desk.end(name)
        self.live.remove(name)
        if name in self.waiting:
            self.waiting.remove(name)


def profile_of(
    provider: str, keys: Mapping[str, object], *, name: str = NAME, refresh_seconds: float = 5.0
) -> Profile:
    """A profile with the keys that the simulator tells for it."""
    spec = registry.SPECS[provider]
    secret = {key.name for key in spec.keys if key.kind is KeyKind.SECRET}
    known = {key.name for key in spec.keys}
    return Profile(
        name=name,
        provider=provider,
        base_url=str(keys["base_url"]),
        settings={k: v for k, v in keys.items() if k in known - secret},  # type: ignore[misc]
        secrets={k: Secret(str(v)) for k, v in keys.items() if k in secret},
        refresh_seconds=refresh_seconds,
    )


class Desk:
    """Who reads the mailbox: the board, and for everything that happened when it was seen there."""

    def __init__(self, world: World, engine: Engine) -> None:
        self.world = world
        self.engine = engine
        self.board = Board()
        self._news = asyncio.Event()
        engine.mailbox.on_ready(self._news.set)

    def session(self, name: str) -> Session | None:
        """What the board says of the session with that id."""
        return self.board.sessions.get(Key(NAME, Opaque(name)))

    @property
    def complete(self) -> bool:
        """Whether a whole listing was read."""
        health = self.board.health.get(NAME)
        return health is not None and health.complete

    def read(self) -> None:
        self.board.apply(self.engine.mailbox.drain())

    async def seen(self, true: Callable[[Desk], bool], limit: float = 900.0) -> float:
        """Seconds until the board shows it; `limit` when it never does."""
        clock = self.world.clock
        began = clock.monotonic()
        while True:
            self._news.clear()
            self.read()
            if true(self):
                return clock.monotonic() - began
            left = limit - (clock.monotonic() - began)
            if left <= 0:
                return limit
            waiter = asyncio.ensure_future(self._news.wait())
            await asyncio.wait({waiter}, timeout=min(left, 5.0))
            waiter.cancel()

    def show(self, *names: str) -> None:
        """These are on the screen now."""
        self.engine.send(Visible(tuple(Key(NAME, Opaque(name)) for name in names)))

    async def passes(self, seconds: float) -> None:
        """Virtual time passes."""
        await asyncio.sleep(seconds)
        self.read()


def wired(world: World) -> AbstractContextManager[None]:
    """Every client that is made meanwhile speaks to that world."""
    return wired_by(world.wire)


@contextmanager
def wired_by(wire: httpx.AsyncBaseTransport) -> Iterator[None]:
    """Every client that is made meanwhile speaks over that wire."""

    def new_client(origin: object, proxy: object, tls: object) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=wire, trust_env=False)

    with patch("tui.net.transport.new_client", new_client):
        yield


@asynccontextmanager
async def watching(world: World, profile: Profile | None = None) -> AsyncIterator[Desk]:
    """The engine at work on one profile at that vendor."""
    with wired(world):
        engine = Engine(
            [profile or world.profile()],
            connect=registry.connect,
            clock=world.clock,
            rng=random.Random(5),
        )
        desk = Desk(world, engine)
        task = asyncio.ensure_future(engine.run())
        try:
            yield desk
        finally:
            engine.stop()
            await task


def busiest(asked: list[Asked], seconds: float, *, by_endpoint: bool = False) -> int:
    """The most requests that came within any such span; with `by_endpoint`, to one endpoint."""
    groups: dict[str, list[float]] = {}
    for one in asked:
        groups.setdefault(endpoint(one) if by_endpoint else "", []).append(one.at)
    most = 0
    for times in groups.values():
        times.sort()
        start = 0
        for end, at in enumerate(times):
            while times[start] <= at - seconds + _SAME_MOMENT:
                start += 1
            most = max(most, end - start + 1)
    return most


def endpoint(asked: Asked) -> str:
    """Method and path without the ids in it."""
    parts = asked.path.split("/")
    return f"{asked.method} " + "/".join(
        "*" if any(letter.isdigit() for letter in part) and part not in ("v1",) else part
        for part in parts
    )
