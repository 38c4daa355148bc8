"""A vendor on a real loopback socket: answers what a test put there, and keeps every request as it came."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

NOON = datetime(2026, 1, 5, 12, 0, 0, tzinfo=UTC)


class StillClock:
    """A clock that stands at noon."""

    def now(self) -> datetime:
        return NOON

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Seen:
    """One request as it arrived; `path` is unquoted, `raw` is the target as sent."""

    method: str
    raw: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.raw).path)

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.raw).query, keep_blank_values=True)


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: Any = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()

    def bytes(self) -> bytes:
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        kind = "application/json" if not body.startswith(b"<") else "text/html"
        lines = [f"HTTP/1.1 {self.status} X", f"Content-Type: {kind}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
        return "\r\n".join(lines).encode() + body


Reaction = Answer | Callable[[Seen], Answer]


class Vendor:
    """`paths` maps a path (below the base) to its answer; anything else is a 404 without a body."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.paths: dict[str, Reaction] = {}
        self.seen: list[Seen] = []
        self.base_url = ""

    async def __aenter__(self) -> Vendor:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.base_url = f"http://127.0.0.1:{port}{self.prefix}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, raw, _ = head[0].split(" ")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            seen = Seen(method, raw, headers, body)
            self.seen.append(seen)
            reaction = self.paths.get(seen.path.removeprefix(self.prefix), Answer(404, b""))
            answer = reaction if isinstance(reaction, Answer) else reaction(seen)
            writer.write(answer.bytes())
            await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
