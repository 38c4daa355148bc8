"""HTTP/1.1 as it is on the wire, as little of it as a proxy needs: heads and lengths."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

HEAD_LIMIT = 65_536
BODY_LIMIT = 1_048_576


class BadRequestError(Exception):
    """What came is no request this proxy can forward; `status` is the answer it deserves."""

    def __init__(self, status: int) -> None:
        super().__init__(f"answered with {status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Head:
    """The first line and the headers of a message; `raw` is all of it with the blank line."""

    first: tuple[str, str, str]
    headers: tuple[tuple[str, str], ...]
    raw: bytes

    def get(self, name: str) -> str | None:
        """The first value of a header, by its lower-case name."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def length(self) -> int:
        """Content-Length, 0 when there is none. Raises BadRequestError when it is no number."""
        text = self.get("content-length") or "0"
        if not (text.isascii() and text.isdecimal()):
            raise BadRequestError(400)
        return int(text)

    @property
    def status(self) -> int:
        """The status of an answer's head."""
        return int(self.first[1])


async def read_head(reader: asyncio.StreamReader) -> Head | None:
    """The next head, None when the other side is done. Raises BadRequestError for nonsense."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial.strip():
            raise BadRequestError(400) from error
        return None
    except asyncio.LimitOverrunError as error:
        raise BadRequestError(431) from error
    return parse_head(raw)


def parse_head(raw: bytes) -> Head:
    """Raises BadRequestError when it is not `A B C` and `name: value` lines."""
    first, *lines = raw.decode("latin-1").lstrip("\r\n").split("\r\n")
    words = first.split(" ", 2)
    if len(words) != 3 or not (words[2].startswith("HTTP/1.") or words[0].startswith("HTTP/1.")):
        raise BadRequestError(400)
    headers = []
    for line in lines:
        if line:
            name, colon, value = line.partition(":")
            if not colon:
                raise BadRequestError(400)
            headers.append((name.strip().lower(), value.strip()))
    return Head((words[0], words[1], words[2]), tuple(headers), raw)


async def read_body(reader: asyncio.StreamReader, head: Head) -> bytes:
    """A request's body as it came (chunks stay chunks). Raises BadRequestError above 1 MiB."""
    if "chunked" in (head.get("transfer-encoding") or "").lower():
        return await _read_chunks(reader)
    if head.length > BODY_LIMIT:
        raise BadRequestError(413)
    return await reader.readexactly(head.length)


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    raw = bytearray()
    while True:
        line = await reader.readuntil(b"\r\n")
        try:
            size = int(line.split(b";")[0], 16)
        except ValueError as error:
            raise BadRequestError(400) from error
        if len(raw) + size > BODY_LIMIT:
            raise BadRequestError(413)
        raw += line + await reader.readexactly(size + 2)
        if size == 0:
            return bytes(raw)


def reply(status: int, reason: str, body: bytes = b"", *headers: str) -> bytes:
    """A whole answer, after which the connection ends."""
    lines = (
        f"HTTP/1.1 {status} {reason}",
        *headers,
        *(() if status == 204 else (f"Content-Length: {len(body)}",)),
        "Connection: close",
    )
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
