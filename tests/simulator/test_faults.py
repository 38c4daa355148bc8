"""Every fault by name: what a client sees of it, and that all goes on when it ends."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest

from tests.simulator.conftest import World
from tui.simulator.fault_kinds import FAULTS, bomb
from tui.simulator.kinds import Kind

# What an ordinary, unbounded client makes of the faults that end by themselves.
RAISED: dict[str, type[Exception]] = {
    "refuse": httpx.TransportError,
    "reset": httpx.TransportError,
    "short-body": httpx.RemoteProtocolError,
    "garbage": httpx.RemoteProtocolError,
    "big-header": httpx.RemoteProtocolError,
    "bad-gzip": httpx.DecodingError,
    "lost": httpx.RemoteProtocolError,
    "lost-reset": httpx.TransportError,
}
STATUS = {
    "redirect": 302,
    "redirect-308": 308,
    "next-link": 200,
    "latin-1": 200,
    "cut-json": 200,
    "captive": 200,
    "html-502": 502,
    "status-500": 500,
    "lost-500": 500,
    "empty-200": 200,
    "status-204": 204,
    "deep-json": 200,
    "huge-int": 200,
    "nan": 200,
    "status-503": 503,
    "status-503-date": 503,
}
# Seen on the raw socket only: they never end, or would fill the test's memory.
RAW = {
    "stall", "drip", "drip-head", "endless-1xx", "endless-chunked", "huge-body", "gzip-bomb",
    "double-gzip", "lost-stall",
}  # fmt: skip


def test_every_fault_is_tested() -> None:
    assert set(FAULTS) == {*RAISED, *STATUS, *RAW}
    assert all(fault.help for fault in FAULTS.values())


def play(world: World, kind: str) -> None:
    world.sim.play("fault", f"twilio-proxy:{kind}")


@contextmanager
def raw(world: World, path: str | None = None) -> Iterator[socket.socket]:
    """A socket on which a signed-in request was just sent."""
    request = world.twilio.build_request("GET", path or f"{world.service}/Sessions")
    signed = next(world.twilio.auth.sync_auth_flow(request))  # type: ignore[union-attr]
    lines = [f"GET {signed.url.raw_path.decode()} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in signed.headers.items()]
    with socket.create_connection(("127.0.0.1", world.sim.port), timeout=5) as one:
        one.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        yield one


def read(one: socket.socket, count: int) -> bytes:
    """At least `count` bytes; an assertion fails when a proper end comes first."""
    data = b""
    while len(data) < count:
        piece = one.recv(65_536)
        assert piece, data[-200:]
        data += piece
    return data


def read_all(one: socket.socket) -> bytes:
    data = b""
    while piece := one.recv(65_536):
        data += piece
    return data


@pytest.mark.parametrize("kind", sorted(FAULTS))
def test_a_fault_is_one_providers_own_and_ends_when_told(world: World, kind: str) -> None:
    before = world.page()
    play(world, kind)
    with raw(world):
        seen = world.sim.wait_for_request(lambda seen: seen.fault is not None)
        assert (seen.provider, seen.fault, seen.status) == ("twilio-proxy", kind, None)
        assert world.remote_sessions()
    world.sim.play("fault", "none")
    assert world.page() == before


@pytest.mark.parametrize("kind", sorted(RAISED))
def test_what_breaks_the_exchange(world: World, kind: str) -> None:
    play(world, kind)
    with pytest.raises(RAISED[kind]):
        world.twilio.get(f"{world.service}/Sessions")


@pytest.mark.parametrize("kind", sorted(STATUS))
def test_what_is_an_answer(world: World, kind: str) -> None:
    play(world, kind)
    assert world.twilio.get(f"{world.service}/Sessions").status_code == STATUS[kind]


@pytest.mark.parametrize("kind", ["lost", "lost-reset", "lost-500", "lost-stall"])
def test_a_lost_answer_is_lost_after_the_work(world: World, kind: str) -> None:
    before = len(world.sim.desk.sessions(Kind.MESSAGING))
    play(world, kind)
    with suppress(httpx.TransportError):
        world.twilio.post(f"{world.service}/Sessions", data={"UniqueName": "x"}, timeout=0.3)
    assert len(world.sim.desk.sessions(Kind.MESSAGING)) == before + 1


def test_reset_comes_in_the_middle_of_the_body(world: World) -> None:
    play(world, "reset")
    with raw(world) as one:
        data = read(one, 300)
        with pytest.raises(ConnectionResetError):
            data += read(one, 1 << 30)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    assert 0 < len(body) < length


def test_short_body_says_more_than_it_sends(world: World) -> None:
    play(world, "short-body")
    with raw(world) as one:
        head, _, body = read_all(one).partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    assert 0 < len(body) < length


def test_stall_never_answers(world: World) -> None:
    play(world, "stall")
    with raw(world) as one:
        world.sim.wait_for_request(lambda seen: seen.fault == "stall")
        one.settimeout(0.3)
        with pytest.raises(TimeoutError):
            one.recv(1)


@pytest.mark.parametrize(("kind", "first"), [("drip", b"{"), ("drip-head", b"H")])
def test_drip_is_a_byte_at_a_time(world: World, kind: str, first: bytes) -> None:
    play(world, kind)
    with raw(world) as one:
        if kind == "drip":
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += one.recv(1)
        assert one.recv(100) == first
        before = time.monotonic()
        assert len(one.recv(100)) == 1
        assert 0.2 < time.monotonic() - before < 2


def test_endless_1xx(world: World) -> None:
    play(world, "endless-1xx")
    with raw(world) as one:
        assert read(one, 200).startswith(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 102")


def test_endless_chunked_goes_on_for_ever(world: World) -> None:
    play(world, "endless-chunked")
    with raw(world) as one:
        data = read(one, 4_000_000)
    assert b"Transfer-Encoding: chunked" in data[:200]
    assert b"0\r\n\r\n" not in data


def test_huge_body_declares_a_gigabyte_and_sends_it(world: World) -> None:
    play(world, "huge-body")
    with raw(world) as one:
        data = read(one, 4_000_000)
    assert b"Content-Length: 1073741824" in data[:200]


def test_big_header_is_fifty_megabytes(world: World) -> None:
    play(world, "big-header")
    with raw(world) as one:
        count = 0
        while piece := one.recv(1 << 20):
            count += len(piece)
            last = piece
    assert count > 50 * 1024 * 1024
    assert last.endswith(b"\r\n\r\n{}")


def test_the_bombs_unpack_to_half_a_gigabyte(world: World) -> None:
    with raw_fault(world, "gzip-bomb") as (head, body):
        assert b"Content-Encoding: gzip\r\n" in head
        assert len(body) < 1_000_000
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
    size, rest = 0, body
    while rest:
        size += len(unpack.decompress(rest, 1 << 20))
        rest = unpack.unconsumed_tail
    # `eof` is only reached when checksum and length in the trailer are right.
    assert unpack.eof
    assert size == 512 * 1024 * 1024
    with raw_fault(world, "double-gzip") as (head, body):
        assert b"Content-Encoding: gzip, gzip\r\n" in head
        assert len(body) < 20_000
        assert gzip.decompress(body) == bomb()


@contextmanager
def raw_fault(world: World, kind: str) -> Iterator[tuple[bytes, bytes]]:
    play(world, kind)
    with raw(world) as one:
        head, _, body = read_all(one).partition(b"\r\n\r\n")
        yield head, body


def test_redirect_and_next_link_lead_to_another_host(world: World) -> None:
    path = f"/twilio-proxy{world.service}/Sessions"
    play(world, "redirect")
    assert world.twilio.get(f"{world.service}/Sessions?PageSize=2").headers["location"] == (
        f"http://elsewhere.invalid{path}?PageSize=2"
    )
    world.sim.elsewhere = "http://127.0.0.2:9"
    play(world, "next-link")
    answer = world.twilio.get(f"{world.service}/Sessions?PageSize=2").json()
    url = httpx.URL(answer["meta"]["next_page_url"])
    assert (url.host, url.port, url.path) == ("127.0.0.2", 9, path)
    assert "PageToken" in url.params
    last = world.twilio.get(f"{world.service}/Sessions?PageSize=100").json()
    assert last["meta"]["next_page_url"].startswith("http://127.0.0.2:9/")
    world.sim.play("fault", "goto-remote-support:next-link")
    assert world.remote_sessions()


def test_bodies_that_are_not_what_they_say(world: World) -> None:
    url = f"{world.service}/Sessions"
    whole = world.twilio.get(url).content
    bodies = {}
    for kind in ("latin-1", "cut-json", "captive", "deep-json", "huge-int", "nan", "empty-200"):
        play(world, kind)
        bodies[kind] = world.twilio.get(url).content
    with pytest.raises(UnicodeDecodeError):
        bodies["latin-1"].decode()
    assert whole.startswith(bodies["cut-json"])
    assert len(bodies["cut-json"]) == len(whole) // 2
    assert bodies["captive"].startswith(b"<!DOCTYPE html>")
    assert bodies["deep-json"].startswith(b"[" * 100_000)
    assert bodies["huge-int"].isdigit()
    assert b"NaN" in bodies["nan"]
    assert bodies["empty-200"] == b""


def test_503_says_when_in_both_forms(world: World) -> None:
    play(world, "status-503")
    assert world.twilio.get("/v1/Services").headers["retry-after"] == "30"
    play(world, "status-503-date")
    later = world.twilio.get("/v1/Services").headers["retry-after"]
    assert later == "Tue, 03 Mar 2026 14:30:30 GMT"


def test_a_fault_begins_on_a_connection_that_is_open(world: World) -> None:
    assert world.sessions()
    play(world, "captive")
    assert b"html" in world.twilio.get(f"{world.service}/Sessions").content
    world.sim.play("fault", "none")
    assert world.sessions()


@pytest.mark.parametrize(
    "kind", ["stall", "drip", "endless-1xx", "endless-chunked", "huge-body", "big-header"]
)
def test_a_connection_ends_when_the_client_goes(world: World, kind: str) -> None:
    play(world, kind)
    with raw(world) as one:
        world.sim.wait_for_request(lambda seen: seen.fault == kind)
        before = world.sim.connections
        if kind != "stall":
            one.recv(10)
    deadline = time.monotonic() + 5
    gone = threading.Event()
    while world.sim.connections == before and time.monotonic() < deadline:
        gone.wait(0.02)
    assert world.sim.connections == before - 1


def test_a_slow_reader_does_not_make_the_simulator_collect(world: World) -> None:
    play(world, "endless-chunked")
    with raw(world) as one:
        world.sim.wait_for_request(lambda seen: seen.fault is not None)
        # Nobody reads: what was written waits in the kernel and one small buffer.
        for _ in range(20):
            assert world.sim.unsent < 1_000_000
            assert world.remote_sessions()
        assert one.recv(1) == b"H"
