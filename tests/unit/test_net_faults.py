"""What a server can do wrong: each fault ends as one problem with one sentence, and costs no place in the pool."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from tests.unit.net_chaos import (
    END,
    LIST,
    QUICK,
    Asked,
    Chaos,
    Script,
    answer,
    chaos,
    rig,
    says,
)
from tui.model.problem import BadAnswer, NoAnswer, Problem
from tui.net.client import Reply, Timeouts

pytestmark = pytest.mark.anyio

GZIP = {"Content-Encoding": "gzip"}
MIB = 1024 * 1024


def endless(head: bytes, part: bytes) -> Script:
    """`head`, then `part` again and again, as fast as it is taken."""

    async def script(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(part)
            await writer.drain()

    return script


def dripping(head: bytes, part: bytes) -> Script:
    """The same, slowly: each part well inside the read timeout. Ends when the client hangs up."""

    async def script(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while not writer.is_closing():
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.01)  # the fault itself, not a wait for anything

    return script


def hangs_up(raw: bytes) -> Script:
    return says(raw, hang_up=True)


def resets(raw: bytes) -> Script:
    async def script(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()
        writer.transport.abort()

    return script


def gunk() -> bytes:
    return gzip.compress(b'{"a": "' + b"x" * 1000 + b'"}', mtime=0)


BODY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = BODY + b"Transfer-Encoding: chunked\r\n\r\n"

# name -> (what the server does, the problem, words of its sentence)
FAULTS: dict[str, tuple[Callable[[], Script], type[Problem], str]] = {
    "a length of 1 GB": (
        lambda: endless(BODY + b"Content-Length: 1073741824\r\n\r\n", b"x" * 65536),
        BadAnswer,
        "1073741824 bytes",
    ),
    "endless chunks": (
        lambda: endless(CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n"),
        BadAnswer,
        "more than 65536",
    ),
    "endless small chunks": (
        lambda: endless(CHUNKED, b"10\r\n0123456789abcdef\r\n" * 1000),
        BadAnswer,
        "more than 65536",
    ),
    "an endless body without a length": (
        lambda: endless(BODY + b"\r\n", b"x" * 65536),
        BadAnswer,
        "more than 65536",
    ),
    "endless gzip of nothing": (
        lambda: endless(
            BODY + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"", mtime=0)[:10],
            b"\x00\x00\x00\xff\xff" * 1000,
        ),
        BadAnswer,
        "more than 65536",
    ),
    "a gzip bomb": (
        lambda: says(answer(gzip.compress(bytes(64 * MIB), 9)[:60_000], headers=GZIP)),
        BadAnswer,
        "more than 65536",
    ),
    "gzip in gzip": (
        lambda: says(answer(gzip.compress(gunk()), headers={"Content-Encoding": "gzip, gzip"})),
        BadAnswer,
        "encoding that was not asked for",
    ),
    "gzip in two headers": (
        lambda: says(
            BODY + b"Content-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n"
        ),
        BadAnswer,
        "encoding that was not asked for",
    ),
    "brotli": (
        lambda: says(answer(b"x", headers={"Content-Encoding": "br"})),
        BadAnswer,
        "encoding that was not asked for",
    ),
    "bad gzip": (lambda: says(answer(b"not gzip", headers=GZIP)), BadAnswer, "broken"),
    "deflate called gzip": (
        lambda: says(answer(zlib.compress(b"{}"), headers=GZIP)),
        BadAnswer,
        "broken",
    ),
    "half a gzip": (lambda: says(answer(gunk()[:20], headers=GZIP)), BadAnswer, "cut short"),
    "two gzips in a row": (
        lambda: says(answer(gunk() + gunk(), headers=GZIP)),
        BadAnswer,
        "behind the end",
    ),
    "a dripping body": (lambda: dripping(CHUNKED, b"1\r\nx\r\n"), NoAnswer, "in time"),
    "dripping headers": (
        lambda: dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
        NoAnswer,
        "in time",
    ),
    "endless 102": (
        lambda: dripping(b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
        NoAnswer,
        "in time",
    ),
    "a flood of 102": (
        lambda: endless(b"", b"HTTP/1.1 102 Processing\r\n\r\n" * 1000),
        NoAnswer,
        "",
    ),
    "silence": (lambda: dripping(b"", b""), NoAnswer, "in time"),
    "a header of 50 MB": (
        lambda: endless(b"HTTP/1.1 200 OK\r\nX-A: ", b"x" * 65536),
        NoAnswer,
        "not HTTP",
    ),
    "a reset before the answer": (lambda: resets(b""), NoAnswer, ""),
    "a reset in the body": (lambda: resets(answer(b"x" * 100)[:-50]), NoAnswer, ""),
    "a short body": (lambda: hangs_up(answer(b"x" * 100)[:-50]), NoAnswer, "broke off"),
    "a short chunk": (lambda: hangs_up(CHUNKED + b"ff\r\nxx"), NoAnswer, "broke off"),
    "garbage": (lambda: hangs_up(b"\x16\x03\x01\x1b]52;c;eA==\x07\r\n\r\n"), NoAnswer, "not HTTP"),
    "a close without a word": (lambda: hangs_up(b""), NoAnswer, "broke off"),
    "two lengths": (
        lambda: hangs_up(BODY + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx"),
        NoAnswer,
        "not HTTP",
    ),
    "an upgrade": (
        lambda: says(b"HTTP/1.1 101 Switching\r\nUpgrade: ws\r\nConnection: upgrade\r\n\r\n"),
        NoAnswer,
        "not HTTP",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_is_one_problem_and_gives_its_place_back(name: str) -> None:
    make, kind, words = FAULTS[name]
    healthy = says(answer(b'{"fine": true}'))
    faulty = make()
    async with chaos(faulty) as server, rig(server.url, timeouts=QUICK) as it:
        for _ in range(5):  # one more than the pool has places
            with pytest.raises(kind) as caught:
                await it.client.send(LIST)
            assert type(caught.value) is kind
            assert words in caught.value.message
            assert "127.0.0.1" in caught.value.message
            assert caught.value.message.isprintable()
        server.script = healthy
        replies = await asyncio.gather(*(it.client.send(LIST) for _ in range(8)))
        assert [reply.json() for reply in replies] == [{"fine": True}] * 8
        assert it.client.rebuilds == 0
    assert len(it.log) == 13
    assert [one.outcome for one in it.log[5:]] == ["ok"] * 8


async def test_a_write_without_an_answer_says_that_its_outcome_is_unknown() -> None:
    async with chaos(hangs_up(b"")) as server, rig(server.url) as it:
        with pytest.raises(NoAnswer, match="whether it was carried out is not known"):
            await it.client.send(END, path={"id": "1"})
        with pytest.raises(NoAnswer, match="only a question"):
            await it.client.send(LIST)


async def test_a_flood_is_hung_up_on_not_drained() -> None:
    sent = 0

    async def flood(asked: Asked, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(CHUNKED)
        while True:
            writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            await writer.drain()
            sent += 65536

    async with chaos(flood) as server, rig(server.url) as it:
        with pytest.raises(BadAnswer):
            await it.client.send(LIST)
        await asyncio.wait_for(server.hung_up.wait(), 10)
    assert sent < 16 * MIB  # what the kernel's buffers swallow, not a gigabyte


async def test_a_flood_of_102_ends_before_the_deadline() -> None:
    flood = endless(b"", b"HTTP/1.1 102 Processing\r\nX-A: " + b"b" * 900 + b"\r\n\r\n")
    async with chaos(flood) as server, rig(server.url) as it:
        with pytest.raises(NoAnswer, match="not HTTP"):
            await it.client.send(LIST)


async def test_a_bomb_costs_no_memory() -> None:
    raw = answer(gzip.compress(bytes(128 * MIB), 9)[:65_000], headers=GZIP)
    async with chaos(says(answer())) as server, rig(server.url) as it:
        await it.client.send(LIST)  # everything is loaded now
        server.script = says(raw)
        tracemalloc.start()
        try:
            with pytest.raises(BadAnswer):
                await it.client.send(LIST)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 2 * MIB


async def test_the_cap_itself_still_fits_plain_and_zipped() -> None:
    full = b"[" + b" " * (LIST.cap - 2) + b"]"
    for raw in (answer(full), answer(gzip.compress(full), headers=GZIP)):
        async with chaos(says(raw)) as server, rig(server.url) as it:
            assert (await it.client.send(LIST)).body == full
    over = full + b" "
    for raw in (answer(over), answer(gzip.compress(over), headers=GZIP)):
        async with chaos(says(raw)) as server, rig(server.url) as it:
            with pytest.raises(BadAnswer, match="bytes"):
                await it.client.send(LIST)


async def status_of(script: Script, timeouts: Timeouts = QUICK) -> tuple[Reply, Chaos]:
    async with chaos(script) as server, rig(server.url, timeouts=timeouts) as it:
        reply = await it.client.send(LIST)
    return reply, server


async def test_an_errors_status_counts_whatever_becomes_of_its_body() -> None:
    head = b"HTTP/1.1 503 No\r\n"
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n"
    scripts = {
        "large": says(answer(b"x" * 200_000, "503 No")),
        "endless": endless(chunked, b"10000\r\n" + b"x" * 65536 + b"\r\n"),
        "dripping": dripping(chunked, b"1\r\nx\r\n"),
        "short": hangs_up(answer(b"x" * 100, "503 No")[:-50]),
        "bomb": says(answer(gzip.compress(bytes(8 * MIB)), "503 No", GZIP)),
        "zipped": says(answer(gzip.compress(b'{"code": 7}'), "503 No", GZIP)),
        "brotli": says(answer(b"x", "503 No", {"Content-Encoding": "br"})),
        "bad gzip": says(answer(b"nope", "503 No", GZIP)),
    }
    sizes = {}
    for name, script in scripts.items():
        reply, _ = await status_of(script)
        assert reply.status == 503
        sizes[name] = len(reply.body)
    assert sizes["large"] == sizes["endless"] == sizes["bomb"] == 65536
    assert 0 < sizes["dripping"] < 1000
    assert (sizes["short"], sizes["zipped"]) == (50, len(b'{"code": 7}'))
    assert (sizes["brotli"], sizes["bad gzip"]) == (0, 0)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (answer(b""), "answered nothing"),
        (answer(b"", "204 No Content"), "answered nothing"),
        (answer(b"[" * 100_000), "more than"),
        (answer(b"[" * 60_000), "nested too deeply|cannot be read"),
        (answer(b"[" + b"9" * 60_000 + b"]"), "cannot be read"),
        (answer(b'{"a": NaN}'), "cannot be read"),
        (answer(b"[-Infinity]"), "cannot be read"),
        (answer(b"[1e999]"), "cannot be read"),
        (answer(b'{"a": '), "cannot be read"),
        (answer(b'{"a": "\xff"}'), "cannot be read"),
        (answer(b"null"), "not JSON"),
        (answer(b'"text"'), "not JSON"),
        (answer(b"<Error/>"), "not JSON"),
    ],
)
async def test_json_that_is_none(raw: bytes, words: str) -> None:
    async with chaos(says(raw)) as server, rig(server.url) as it:
        with pytest.raises(BadAnswer, match=words):
            (await it.client.send(LIST)).json()


async def test_a_captive_portal_is_named_by_its_title() -> None:
    page = (
        b"<!DOCTYPE html>\n<html><head><title id=x>\n Sign\x1b[2J in &amp; go &#27;]0;x\x07</title>"
    )
    async with (
        chaos(says(answer(page, headers={"Content-Type": "text/html"}))) as server,
        rig(server.url) as it,
    ):
        with pytest.raises(BadAnswer) as caught:
            (await it.client.send(LIST)).json()
    message = caught.value.message
    assert "answered HTML instead of JSON (a captive portal or a proxy?)" in message
    assert "Sign␛[2J in & go" in message
    assert message.isprintable()
