"""Start and stop, addresses, profiles, the record of requests, and one answer for one question."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import socket
import threading
import time
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest
import tomli_w

from tests.simulator.conftest import START, Start, World
from tui.simulator.record import Requests, Seen
from tui.simulator.server import Simulator


def sockets() -> int:
    """How many sockets this process has open."""
    count = 0
    for name in os.listdir("/proc/self/fd"):
        try:
            count += os.readlink(f"/proc/self/fd/{name}").startswith("socket:")
        except OSError:
            continue
    return count


def everything(world: World) -> list[bytes]:
    """The bodies of many answers."""
    listed = world.twilio.get(f"{world.service}/Sessions?PageSize=20")
    answers = [listed, world.twilio.get("/v1/Services"), world.twilio.get("/v1/Nowhere")]
    answers += [world.twilio.get(listed.json()["meta"]["next_page_url"])]
    for row in listed.json()["sessions"][:8]:
        answers += [world.twilio.get(url) for url in (row["url"], *row["links"].values())]
    rows = world.remote.get("/extendedsessions", params=world.window())
    answers.append(rows)
    for row in rows.json()["sessions"][-12:]:
        name = row["sessionId"]
        answers += [world.remote.get(f"/sessions/{name}{end}") for end in ("", "/events")]
    return [one.content.replace(str(world.sim.port).encode(), b"PORT") for one in answers]


def test_same_seed_and_clock_give_the_same_bytes(start: Start) -> None:
    worlds = [start(sessions=60, rate=60.0), start(sessions=60, rate=60.0)]
    for world in worlds:
        world.hand.pass_by(minutes=30)
    assert everything(worlds[0]) == everything(worlds[1])
    assert everything(start(sessions=60, seed=6)) != everything(start(sessions=60, seed=5))


def test_how_often_is_asked_makes_no_difference(start: Start) -> None:
    busy, idle = start(sessions=60, rate=60.0), start(sessions=60, rate=60.0)
    for _ in range(30):
        busy.hand.pass_by(minutes=1)
        busy.sessions()
        busy.remote_sessions()
    idle.hand.pass_by(minutes=30)
    assert everything(busy) == everything(idle)


def test_time_passes_only_by_the_clock(start: Start) -> None:
    world = start(sessions=60, rate=600.0)
    before = world.sessions(PageSize=100)
    assert world.sessions(PageSize=100) == before
    world.hand.pass_by(minutes=5)
    assert world.sessions(PageSize=100) != before


def test_stop_leaves_no_thread_and_no_socket() -> None:
    gc.collect()
    threads, before = threading.active_count(), sockets()
    sim = Simulator(sessions=5)
    sim.start()
    assert threading.active_count() > threads
    with httpx.Client(trust_env=False) as client:
        assert client.get(sim.base_urls["twilio-proxy"] + "/v1").status_code == 401
    sim.stop()
    sim.stop()
    assert threading.active_count() == threads
    assert sockets() == before


def test_stop_is_prompt_with_connections_open_and_a_fault_at_work() -> None:
    sim = Simulator(sessions=5, play={"fault": "twilio-proxy:stall"})
    sim.start()
    port = sim.port
    idle = socket.create_connection(("127.0.0.1", port))
    half = socket.create_connection(("127.0.0.1", port))
    stalled = socket.create_connection(("127.0.0.1", port))
    half.sendall(b"GET /goto-remote-support/sessions HTTP/1.1\r\nHost:")
    stalled.sendall(b"GET /twilio-proxy/v1/Services HTTP/1.1\r\nHost: x\r\n\r\n")
    sim.wait_for_request(lambda seen: seen.fault == "stall")
    before = time.monotonic()
    sim.stop()
    assert time.monotonic() - before < 2
    for one in (idle, half, stalled):
        one.settimeout(2)
        with contextlib.suppress(ConnectionResetError):
            assert one.recv(10) == b""
        one.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_it_can_start_again_and_on_a_port_of_choice() -> None:
    with Simulator(sessions=1) as sim:
        port = sim.port
        with pytest.raises(RuntimeError):
            sim.start()
        with pytest.raises(OSError, match=r"[Aa]ddress"):
            Simulator(sessions=1, port=port).start()
    with pytest.raises(RuntimeError):
        _ = sim.port
    again = Simulator(sessions=1, port=port)
    with again:
        assert again.port == port


def test_it_listens_on_loopback_only(world: World) -> None:
    listening = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        address, port = fields[1].split(":")
        if int(port, 16) == world.sim.port and fields[3] == "0A":
            listening.add(address)
    assert listening == {"0100007F"}


def test_profiles_can_be_written_as_toml_and_work(world: World) -> None:
    profiles = world.sim.profiles()
    assert tomllib.loads(tomli_w.dumps(profiles)) == profiles
    assert profiles["version"] == 1
    assert set(world.proxy) == {
        "provider", "account_sid", "auth_token", "service_sid", "base_url",
    }  # fmt: skip
    assert set(world.goto) == {"provider", "access_token", "extended_sessions", "base_url"}
    assert world.sim.base_urls == {
        "twilio-proxy": f"http://127.0.0.1:{world.sim.port}/twilio-proxy",
        "goto-remote-support": f"http://127.0.0.1:{world.sim.port}/goto-remote-support",
    }
    assert world.sessions()
    assert world.remote_sessions()


def test_no_secret_is_in_the_record(world: World) -> None:
    world.remote.get(f"/systemLinks?oauth_token={world.goto['access_token']}&systemDomain=x")
    world.sessions(PageSize=3)
    text = repr(world.sim.requests.all())
    for secret in (world.goto["access_token"], world.proxy["auth_token"], "Basic "):
        assert secret not in text
    first, second = world.sim.requests
    assert (first.query, first.status) == ("oauth_token=***&systemDomain=x", 200)
    assert second == Seen(
        "twilio-proxy",
        "GET",
        f"/twilio-proxy{world.service}/Sessions",
        "PageSize=3",
        200,
        ("host", "accept", "accept-encoding", "connection", "user-agent", "authorization"),
    )


def test_the_record_is_there_when_the_answer_is(world: World) -> None:
    for number in range(30):
        world.twilio.get(f"/v1/Services/{number}")
        assert world.sim.requests.all()[-1].path.endswith(f"/{number}")


def test_waiting_for_a_request(world: World) -> None:
    with pytest.raises(TimeoutError):
        world.sim.wait_for_request(lambda seen: seen.path.endswith("/soon"), timeout=0.01)
    timer = threading.Timer(0.05, lambda: world.twilio.get("/v1/soon"))
    timer.start()
    seen = world.sim.wait_for_request(lambda seen: seen.path.endswith("/soon"))
    timer.join()
    assert seen.status == 404


def test_the_record_is_bounded() -> None:
    requests = Requests(limit=10)
    for number in range(25):
        requests.add(Seen("p", "GET", f"/{number}", "", 200, ()))
    assert len(requests) == 10
    assert requests.count == 25
    assert requests.all()[0].path == "/15"
    requests.clear()
    assert list(requests) == []


def test_what_is_no_vendor_is_told_who_is(world: World) -> None:
    answer = httpx.get(f"http://127.0.0.1:{world.sim.port}/", trust_env=False)
    assert answer.status_code == 404
    assert "/twilio-proxy, /goto-remote-support" in answer.text


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"400"),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", b"431"),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"GET / HTTP/1.0\r\n\r\n", b"404"),
    ],
)
def test_strange_requests_are_answered_and_survived(
    world: World, raw: bytes, status: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", world.sim.port), timeout=5) as one:
        one.sendall(raw)
        assert one.recv(1000).split(b" ")[1] == status
    assert world.sessions()


def test_pipelined_requests_are_answered_in_order(world: World) -> None:
    requests = b"".join(
        b"POST /twilio-proxy/%d HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}" % number
        for number in range(5)
    )
    chunked = (
        b"POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    )
    last = b"GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", world.sim.port), timeout=5) as one:
        one.sendall(requests + chunked + last)
        answer = b""
        while piece := one.recv(65_536):
            answer += piece
    assert answer.count(b"HTTP/1.1 401") == 5
    assert answer.count(b"HTTP/1.1 404") == 2
    assert [seen.path for seen in world.sim.requests][:5] == [
        f"/twilio-proxy/{n}" for n in range(5)
    ]


def test_many_clients_at_once(start: Start) -> None:
    world = start(sessions=300, rate=600.0)
    failures: list[Any] = []

    def work() -> None:
        auth = (world.proxy["account_sid"], world.proxy["auth_token"])
        with httpx.Client(auth=auth, trust_env=False, timeout=20) as client:
            for _ in range(20):
                world.hand.pass_by(seconds=1)
                answer = client.get(f"{world.proxy['base_url']}{world.service}/Sessions")
                if answer.status_code != 200 or not json.loads(answer.content)["sessions"]:
                    failures.append(answer)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert world.hand.moment > START
