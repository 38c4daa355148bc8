"""A server that does what no web server would, on a real loopback socket; and what the net tests share."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tui.model.operation import Body, Operation
from tui.model.secret import Secret
from tui.net.auth import Auth, TokenAuth
from tui.net.client import Client, Timeouts
from tui.net.exchange import Exchange

CANARY = "canary-7f3a91c0"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

LIST = Operation("list things", "GET", "/things", writes=False, cap=64 * 1024)
SHOW = Operation("show thing", "GET", "/things/{id}", writes=False)
ASK = Operation("ask", "GET", "/ask", writes=False, body=Body.JSON)
FORM = Operation("make thing", "POST", "/things", writes=True, body=Body.FORM)
JSON = Operation("post thing", "POST", "/json", writes=True, body=Body.JSON)
END = Operation("end thing", "POST", "/things/{id}/end", writes=True)
SEARCH = Operation("search", "POST", "/search", writes=False, body=Body.JSON)
OPERATIONS = (LIST, SHOW, ASK, FORM, JSON, END, SEARCH)

# Short where a test waits for them, long where it must not; the pool's is never waited for by chance.
QUICK = Timeouts(connect=2.0, read=0.15, write=0.15, pool=2.0, overall=0.3)

CALM = Timeouts()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)


Script = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Chaos:
    """Runs `script` for each request; when it returns the connection goes on unless `close` was called on it."""

    script: Script
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    url: str = ""
    port: int = 0
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            while not writer.is_closing():
                asked = await read_request(reader)
                self.asked.append(asked)
                await self.script(asked, writer)
        self.hung_up.set()
        writer.close()


async def read_request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *rest = head.rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ", 2)
    pairs = [one.split(":", 1) for one in rest]
    headers = tuple((name, value.strip()) for name, value in pairs)
    length = next((int(v) for k, v in headers if k.lower() == "content-length"), 0)
    return Asked(method, target, headers, await reader.readexactly(length))


@asynccontextmanager
async def chaos(script: Script, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Chaos]:
    served = Chaos(script)
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await served.serve(reader, writer)
        except asyncio.CancelledError:  # the test is over; asyncio would log it as an accident
            writer.transport.abort()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls, limit=1 << 20)
    served.port = server.sockets[0].getsockname()[1]
    served.url = f"{'https' if tls else 'http'}://127.0.0.1:{served.port}/api/v1"
    try:
        yield served
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def answer(
    body: bytes = b"{}", status: str = "200 OK", headers: Mapping[str, str] | None = None
) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def says(raw: bytes, *, hang_up: bool = False) -> Script:
    """The same raw bytes for every request."""

    async def script(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()
        if hang_up:
            writer.close()

    return script


def says_in_turn(raws: Sequence[bytes]) -> Script:
    """One answer a request, the last one for ever."""
    left = list(raws)

    async def script(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(left.pop(0) if len(left) > 1 else left[0])
        await writer.drain()

    return script


class FixedClock:
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 1000.0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("the client never waits by the clock")


@dataclass
class Rig:
    """A client and what it reported."""

    client: Client
    log: list[Exchange]


@asynccontextmanager
async def rig(
    url: str,
    *,
    auth: Auth | None = None,
    timeouts: Timeouts = CALM,
    read_only: bool = False,
    ca_file: str | None = None,
) -> AsyncIterator[Rig]:
    log: list[Exchange] = []
    client = Client(
        profile="acme",
        base_url=url,
        operations=OPERATIONS,
        auth=auth or TokenAuth(Secret(CANARY)),
        clock=FixedClock(),
        report=log.append,
        read_only=read_only,
        ca_file=ca_file,
        timeouts=timeouts,
    )
    try:
        yield Rig(client, log)
    finally:
        await client.aclose()
