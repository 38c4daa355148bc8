"""The faults by name: what each does to one request. Standard library only.

A fault is a coroutine over an `Exchange`; the connection ends after it. It is cancelled as soon as
the client goes, so the endless ones need no end of their own. Those that change a real answer let
the vendor do its work first; the others never reach the vendor.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urlsplit

from tui.simulator.wire import reply

JSON = "Content-Type: application/json"
HTML = "Content-Type: text/html; charset=utf-8"
_BLOCK = 65_536
_MEGABYTE = 1 << 20


class Exchange(Protocol):
    """One request whose answer a fault gives."""

    @property
    def target(self) -> str:
        """Path and query as requested."""

    @property
    def elsewhere(self) -> str:
        """Origin of another host, for links and redirects that leave."""

    def now(self) -> datetime: ...

    async def send(self, data: bytes) -> None:
        """Write, and wait until the client took most of it."""

    def abort(self) -> None:
        """End the connection with a reset instead of a proper close."""

    async def answer(self) -> tuple[bytes, bytes]:
        """Ask the vendor: head (with the blank line) and body of its answer."""


Behaviour = Callable[[Exchange], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Fault:
    help: str
    play: Behaviour


async def _refuse(exchange: Exchange) -> None:
    exchange.abort()


async def _reset(exchange: Exchange) -> None:
    head, body = await exchange.answer()
    await exchange.send(head + body[: len(body) // 2])
    # Let what was sent arrive: a reset throws away what the client has not read yet.
    await asyncio.sleep(0.05)
    exchange.abort()


async def _short_body(exchange: Exchange) -> None:
    head, body = await exchange.answer()
    await exchange.send(head + body[: len(body) // 2])


async def _lost(exchange: Exchange) -> None:
    await exchange.answer()


async def _lost_reset(exchange: Exchange) -> None:
    await exchange.answer()
    exchange.abort()


async def _lost_500(exchange: Exchange) -> None:
    await exchange.answer()
    await exchange.send(reply(500, "Internal Server Error"))


async def _lost_stall(exchange: Exchange) -> None:
    await exchange.answer()
    await asyncio.Event().wait()


async def _garbage(exchange: Exchange) -> None:
    await exchange.send(bytes((number * 167 + 13) % 256 for number in range(512)))


async def _stall(exchange: Exchange) -> None:
    await asyncio.Event().wait()


async def _drip(exchange: Exchange) -> None:
    head, body = await exchange.answer()
    await exchange.send(head)
    await _slowly(exchange, body)


async def _drip_head(exchange: Exchange) -> None:
    head, body = await exchange.answer()
    await _slowly(exchange, head + body)


async def _slowly(exchange: Exchange, data: bytes) -> None:
    for number in range(len(data)):
        await exchange.send(data[number : number + 1])
        await asyncio.sleep(0.4)


async def _endless_1xx(exchange: Exchange) -> None:
    while True:
        await exchange.send(b"HTTP/1.1 102 Processing\r\n\r\n")
        await asyncio.sleep(0.02)


async def _endless_chunked(exchange: Exchange) -> None:
    await exchange.send(f"HTTP/1.1 200 OK\r\n{JSON}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
    await exchange.send(b"1\r\n[\r\n")
    block = b'{"more": true}, ' * (_BLOCK // 16)
    chunk = f"{len(block):x}\r\n".encode() + block + b"\r\n"
    while True:
        await exchange.send(chunk)


async def _huge_body(exchange: Exchange) -> None:
    await exchange.send(f"HTTP/1.1 200 OK\r\n{JSON}\r\nContent-Length: {1 << 30}\r\n\r\n".encode())
    block = b" " * _BLOCK
    for _ in range((1 << 30) // _BLOCK):
        await exchange.send(block)


async def _big_header(exchange: Exchange) -> None:
    await exchange.send(f"HTTP/1.1 200 OK\r\n{JSON}\r\nX-Padding: ".encode())
    block = b"a" * _BLOCK
    for _ in range(50 * _MEGABYTE // _BLOCK):
        await exchange.send(block)
    await exchange.send(b"\r\nContent-Length: 2\r\n\r\n{}")


@lru_cache(maxsize=1)
def bomb(megabytes: int = 512) -> bytes:
    """A gzip stream of that many megabytes of blanks, about a thousandth of its content."""
    blanks = b" " * _MEGABYTE
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    # A block that ends with a full flush stands for itself and may be repeated.
    block = squeeze.compress(blanks) + squeeze.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(megabytes):
        checksum = zlib.crc32(blanks, checksum)
    size = (megabytes * _MEGABYTE) & 0xFFFFFFFF
    tail = squeeze.flush() + checksum.to_bytes(4, "little") + size.to_bytes(4, "little")
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + block * megabytes + tail


async def _gzip_bomb(exchange: Exchange) -> None:
    # The checksum of half a gigabyte takes a moment that other connections need not wait for.
    body = await asyncio.to_thread(bomb)
    await exchange.send(reply(200, "OK", body, JSON, "Content-Encoding: gzip"))


async def _double_gzip(exchange: Exchange) -> None:
    body = gzip.compress(await asyncio.to_thread(bomb), 9, mtime=0)
    await exchange.send(reply(200, "OK", body, JSON, "Content-Encoding: gzip, gzip"))


def _static(make: Callable[[Exchange], bytes]) -> Behaviour:
    async def play(exchange: Exchange) -> None:
        await exchange.send(make(exchange))

    return play


def _page(title: str) -> bytes:
    return (
        f"<!DOCTYPE html>\r\n<html><head><title>{title}</title></head>"
        f"<body><h1>{title}</h1><form action='/login'></form></body></html>\r\n"
    ).encode()


def _redirect(exchange: Exchange, status: int) -> bytes:
    place = f"Location: {exchange.elsewhere}{exchange.target}"
    return reply(status, "Moved", b"", place)


def _try_later(exchange: Exchange, dated: bool) -> bytes:
    later = exchange.now() + timedelta(seconds=30)
    value = format_datetime(later, usegmt=True) if dated else "30"
    return reply(503, "Service Unavailable", b"", f"Retry-After: {value}")


def _nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


async def _next_link(exchange: Exchange) -> None:
    """Every link to another page leads to another host; answers without one stay as they are."""
    _, body = await exchange.answer()
    document = json.loads(body)
    meta = document.get("meta") if isinstance(document, dict) else None
    if isinstance(meta, dict):
        here = urlsplit(str(meta.get("next_page_url") or meta.get("url")))
        meta["next_page_url"] = here._replace(
            scheme=urlsplit(exchange.elsewhere).scheme, netloc=urlsplit(exchange.elsewhere).netloc
        ).geturl()
    links = document.get("links") if isinstance(document, dict) else None
    if isinstance(links, list):
        others = [link for link in links if link["rel"] != "next"]
        there = {"rel": "next", "href": exchange.elsewhere + exchange.target}
        document["links"] = [*others, there]
    await exchange.send(reply(200, "OK", json.dumps(document).encode(), JSON))


async def _latin_1(exchange: Exchange) -> None:
    _, body = await exchange.answer()
    text = body.decode("utf-8").replace("o", "ö")
    await exchange.send(reply(200, "OK", text.encode("latin-1", "replace"), JSON))


async def _cut_json(exchange: Exchange) -> None:
    _, body = await exchange.answer()
    await exchange.send(reply(200, "OK", body[: len(body) // 2], JSON))


def _faults() -> Iterator[tuple[str, str, Behaviour]]:
    yield "refuse", "hang up at once", _refuse
    yield "reset", "half the body, then a reset", _reset
    yield "short-body", "half the body, then a proper close: Content-Length lies", _short_body
    yield "lost", "the vendor does it, then hangs up without a word", _lost
    yield "lost-reset", "the vendor does it, then a reset and not one byte", _lost_reset
    yield "lost-500", "the vendor does it, then 500 and nothing", _lost_500
    yield "lost-stall", "the vendor does it, then says nothing for ever", _lost_stall
    yield "garbage", "bytes that are no HTTP", _garbage
    yield "stall", "accept, never answer", _stall
    yield "drip", "one byte of the body every 0.4 s", _drip
    yield "drip-head", "one byte of the head every 0.4 s", _drip_head
    yield "endless-1xx", "102 Processing for ever", _endless_1xx
    yield "endless-chunked", "a list that never ends", _endless_chunked
    yield "huge-body", "1 GB declared and sent", _huge_body
    yield "gzip-bomb", "0.5 MB that unpack to 512 MB", _gzip_bomb
    yield "double-gzip", "a gzip bomb in gzip", _double_gzip
    yield "big-header", "a header of 50 MB", _big_header
    yield "redirect", "302 to another host", _static(lambda e: _redirect(e, 302))
    yield "redirect-308", "308 to another host", _static(lambda e: _redirect(e, 308))
    yield "next-link", "the next page is on another host", _next_link
    yield "latin-1", "JSON that is not UTF-8", _latin_1
    yield "cut-json", "half the JSON with the right length", _cut_json
    yield from _replies()


def _replies() -> Iterator[tuple[str, str, Behaviour]]:
    """The faults that are one fixed answer."""
    plain = (
        ("captive", "HTML with 200", reply(200, "OK", _page("Hotel Wi-Fi: sign in"), HTML)),
        ("html-502", "a gateway's page", reply(502, "Bad Gateway", _page("502"), HTML)),
        ("status-500", "500 and nothing", reply(500, "Internal Server Error")),
        ("empty-200", "200 and no body", reply(200, "OK", b"", JSON)),
        ("status-204", "204", reply(204, "No Content")),
        ("deep-json", "100,000 nested lists", reply(200, "OK", _nested(100_000), JSON)),
        ("huge-int", "a number of 200,000 digits", reply(200, "OK", b"9" * 200_000, JSON)),
        ("nan", "NaN in JSON", reply(200, "OK", b'{"sessions": [NaN], "meta": NaN}', JSON)),
        ("bad-gzip", "no gzip inside", reply(200, "OK", b"{}", JSON, "Content-Encoding: gzip")),
    )
    for name, text, answer in plain:
        yield name, text, _static(lambda _, answer=answer: answer)  # type: ignore[misc]
    yield "status-503", "503, Retry-After in seconds", _static(lambda e: _try_later(e, False))
    yield "status-503-date", "503, Retry-After as a date", _static(lambda e: _try_later(e, True))


FAULTS: dict[str, Fault] = {name: Fault(text, play) for name, text, play in _faults()}
