"""What passes between a client and the simulator, taken off a real loopback socket.

A tap stands in between and hands on every byte as it came. It reads both directions with h11, which is strict: what
is checked later is what was on the wire, not what a library was asked to send.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit

import h11

_Event = h11.Request | h11.Response
_GONE = (ConnectionError, asyncio.IncompleteReadError)


@dataclass(frozen=True)
class Call:
    """One request and its answer. Header names are lower-case; `target` is the request line's, as it was sent."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    status: int
    answer_headers: tuple[tuple[str, str], ...]
    answer: bytes

    @property
    def path(self) -> str:
        """Still percent-encoded."""
        return urlsplit(self.target).path

    @property
    def query(self) -> list[tuple[str, str]]:
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True, strict_parsing=True)

    @property
    def form(self) -> list[tuple[str, str]]:
        """The body, where it is a form. ValueError where it is none."""
        return parse_qsl(self.body.decode("ascii"), keep_blank_values=True, strict_parsing=True)

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)

    def answer_header(self, name: str) -> str | None:
        return next((value for key, value in self.answer_headers if key == name), None)

    def __str__(self) -> str:
        return f"{self.method} {self.target} -> {self.status}"


class Tap:
    """Listens on a port of its own in front of `behind`. `calls` grow as answers end."""

    def __init__(self, behind: int) -> None:
        self._behind = behind
        self.port = 0
        self.calls: list[Call] = []
        self._broken: list[BaseException] = []
        self._serving: set[asyncio.Task[None] | None] = set()

    async def __aenter__(self) -> Tap:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        # The client has gone: what is still being served ends by itself.
        await asyncio.gather(*(one for one in self._serving if one is not None))
        await self._server.wait_closed()
        assert not self._broken, f"what passed was no HTTP: {self._broken}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._serving.add(task)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._behind)
        try:
            while call := await _passed((reader, far_writer), (far_reader, writer)):
                self.calls.append(call)
        except h11.ProtocolError as error:
            self._broken.append(error)
        except _GONE:
            pass
        finally:
            for one in (writer, far_writer):
                one.close()
                with suppress(*_GONE):
                    await one.wait_closed()
            self._serving.discard(task)


_Way = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _passed(there: _Way, back: _Way) -> Call | None:
    """The next request handed on and its answer handed back; None when the client is done."""
    near, far = h11.Connection(h11.SERVER), h11.Connection(h11.CLIENT)
    asked = await _message(near, *there)
    if asked is None:
        return None
    request, body = asked
    assert isinstance(request, h11.Request)
    far.send(request)  # what is sent was handed on already: this only tells what the answer is to
    if body:
        far.send(h11.Data(data=body))
    far.send(h11.EndOfMessage())
    answered = await _message(far, *back)
    if answered is None:
        return None
    response, answer = answered
    assert isinstance(response, h11.Response)
    return Call(
        request.method.decode(),
        request.target.decode(),
        _headers(request),
        body,
        response.status_code,
        _headers(response),
        answer,
    )


async def _message(
    parser: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[_Event, bytes] | None:
    """One whole message, every byte of it handed on."""
    head: _Event | None = None
    body = b""
    while True:
        event = parser.next_event()
        if event is h11.NEED_DATA:
            data = await reader.read(65_536)
            parser.receive_data(data)
            writer.write(data)
            await writer.drain()
        elif isinstance(event, h11.Request | h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage):
            assert head is not None
            assert not parser.trailing_data[0], "more came than was announced"
            return head, body
        else:
            return None


def _headers(message: _Event) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode(), value.decode("latin-1")) for name, value in message.headers)
