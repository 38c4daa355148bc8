"""The proxy in front of the vendors' web server: does to an answer what a web server cannot.

Every connection of a client is one task here. A request goes on to the web server unless a fault
is in force for its provider, which is the first part of its path. All requests are seen here, so
this is also where they are recorded.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tui.simulator.fault_kinds import FAULTS
from tui.simulator.record import Seen
from tui.simulator.wire import (
    HEAD_LIMIT,
    BadRequestError,
    Head,
    parse_head,
    read_body,
    read_head,
    reply,
)

_PIECE = 65_536
_GONE = (ConnectionError, asyncio.IncompleteReadError, TimeoutError)


@dataclass(slots=True)
class Settings:
    """What the proxy asks for: which fault a provider has, where to record, what time it is."""

    fault: Callable[[str], str | None]
    record: Callable[[Seen], None]
    now: Callable[[], datetime]
    elsewhere: str = "http://elsewhere.invalid"


@dataclass(slots=True)
class FaultProxy:
    """Listens on a socket of its own; `upstream` is the port of the web server behind it."""

    upstream: int
    settings: Settings
    _server: asyncio.Server | None = None
    _tasks: dict[asyncio.Task[Any], _Connection] = field(default_factory=dict)

    async def start(self, listening: socket.socket) -> None:
        """Begin to accept on a bound socket, which then belongs to the proxy."""
        self._server = await asyncio.start_server(self._accept, sock=listening, limit=HEAD_LIMIT)

    async def stop(self) -> None:
        """Stop accepting and end every connection, whatever it is doing."""
        if self._server is not None:
            self._server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # Aborted transports close their sockets in the next round of the loop.
        await asyncio.sleep(0)

    @property
    def connections(self) -> int:
        """How many clients are connected."""
        return len(self._tasks)

    @property
    def unsent(self) -> int:
        """Bytes that are written and not yet taken by the kernel, of all connections."""
        return sum(connection.unsent for connection in tuple(self._tasks.values()))

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection(reader, writer, self.upstream, self.settings)
        task = asyncio.get_running_loop().create_task(connection.run())
        self._tasks[task] = connection
        task.add_done_callback(self._tasks.pop)


class _Connection:
    """One client. It is the `Exchange` of the faults for the request at hand."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        upstream: int,
        settings: Settings,
    ) -> None:
        self._reader, self._writer = reader, writer
        self._port, self._settings = upstream, settings
        self._server: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._request = b""
        self._method = self.target = ""

    # What a fault may use

    @property
    def elsewhere(self) -> str:
        return self._settings.elsewhere

    def now(self) -> datetime:
        return self._settings.now()

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    def abort(self) -> None:
        raw = self._writer.get_extra_info("socket")
        if raw is not None:
            with contextlib.suppress(OSError):
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()

    async def answer(self) -> tuple[bytes, bytes]:
        head, reader = await self._ask()
        return head.raw, await reader.readexactly(self._length(head))

    @property
    def unsent(self) -> int:
        return self._writer.transport.get_write_buffer_size()

    # The life of a connection

    async def run(self) -> None:
        """Serve requests until the client goes, a fault ends the connection, or `stop`."""
        try:
            while await self._serve():
                pass
        except BadRequestError as error:
            with contextlib.suppress(*_GONE):
                await self.send(reply(error.status, "Bad Request"))
        except _GONE:
            pass
        except asyncio.CancelledError:
            # Only `stop` cancels, and nobody waits for this connection's outcome.
            self._writer.transport.abort()
        finally:
            await self._close()

    async def _serve(self) -> bool:
        head = await read_head(self._reader)
        if head is None:
            return False
        self._method, self.target, _ = head.first
        self._request = head.raw + await read_body(self._reader, head)
        kind = self._settings.fault(provider_of(self.target))
        if kind is None:
            return await self._relay(head)
        self._settings.record(Seen.of(head, None, kind))
        await self._until_client_goes(FAULTS[kind].play(self))
        return False

    async def _relay(self, request: Head) -> bool:
        head, reader = await self._ask()
        self._settings.record(Seen.of(request, head.status, None))
        self._writer.write(head.raw)
        left = self._length(head)
        while left:
            piece = await reader.read(min(left, _PIECE))
            if not piece:
                return False
            left -= len(piece)
            await self.send(piece)
        await self._writer.drain()
        wishes = f"{request.get('connection')} {head.get('connection')}".lower()
        return "close" not in wishes and request.first[2] != "HTTP/1.0"

    async def _until_client_goes(self, play: Coroutine[Any, Any, None]) -> None:
        """Run a fault; when the client closes its side, or anything fails, it is over."""
        fault = asyncio.ensure_future(play)
        gone = asyncio.ensure_future(self._client_gone())
        try:
            await asyncio.wait((fault, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            fault.cancel()
            gone.cancel()
            await asyncio.gather(fault, gone, return_exceptions=True)

    async def _client_gone(self) -> None:
        with contextlib.suppress(OSError):
            while await self._reader.read(_PIECE):
                pass

    # The web server's side

    async def _ask(self) -> tuple[Head, asyncio.StreamReader]:
        """Send the request on; the head of the answer and the stream its body comes from."""
        if self._server is None:
            self._server = await asyncio.open_connection("127.0.0.1", self._port, limit=HEAD_LIMIT)
        reader, writer = self._server
        writer.write(self._request)
        await writer.drain()
        return parse_head(await reader.readuntil(b"\r\n\r\n")), reader

    def _length(self, head: Head) -> int:
        bodiless = self._method == "HEAD" or head.status in (204, 304)
        return 0 if bodiless else head.length

    async def _close(self) -> None:
        if self._server is not None:
            self._server[1].transport.abort()
        self._writer.close()
        try:
            with contextlib.suppress(OSError):
                await self._writer.wait_closed()
        except asyncio.CancelledError:
            # A client that does not read must not hold up `stop`.
            self._writer.transport.abort()


def provider_of(target: str) -> str:
    """The provider a request is for: the first part of its path."""
    return target.lstrip("/").partition("/")[0].partition("?")[0]
