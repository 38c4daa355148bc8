"""Connections: made, shared, lost, made anew and closed."""

from __future__ import annotations

import asyncio

import pytest

from tests.unit.net_chaos import END, FORM, LIST, Asked, answer, chaos, rig, says
from tui.model.problem import NoAnswer, Unreachable
from tui.net.client import Timeouts

pytestmark = pytest.mark.anyio


async def test_nobody_there_is_unreachable_and_says_why() -> None:
    async with chaos(says(answer())) as server:
        url = server.url
    async with rig(url) as it:
        for operation, path in ((LIST, {}), (END, {"id": "1"})):
            with pytest.raises(Unreachable) as caught:
                await it.client.send(operation, path=path)
            assert "connection refused; nothing was sent" in caught.value.message
    assert [one.status for one in it.log] == [None, None]


async def test_an_unknown_name_is_unreachable() -> None:
    async with rig("https://nobody.invalid") as it:
        with pytest.raises(Unreachable, match=r"nobody\.invalid.*nothing was sent"):
            await it.client.send(LIST)


async def test_a_closed_client_sends_nothing() -> None:
    async with chaos(says(answer())) as server, rig(server.url) as it:
        await it.client.send(LIST)
        await it.client.aclose()
        with pytest.raises(Unreachable, match="closed"):
            await it.client.send(LIST)
    assert len(server.asked) == 1


async def test_reads_share_a_connection_and_a_write_gets_a_fresh_one() -> None:
    async with chaos(says(answer())) as server, rig(server.url) as it:
        for _ in range(3):
            await it.client.send(LIST)
        assert server.connections == 1
        await it.client.send(FORM)
        assert server.connections == 2


async def test_at_most_four_connections_and_the_fifth_waits_its_turn() -> None:
    arrived, gate = asyncio.Semaphore(0), asyncio.Event()

    async def slow(asked: Asked, writer: asyncio.StreamWriter) -> None:
        arrived.release()
        await gate.wait()
        writer.write(answer())

    limits = Timeouts(pool=0.05)
    async with chaos(slow) as server, rig(server.url, timeouts=limits) as it:
        first = [asyncio.create_task(it.client.send(LIST)) for _ in range(4)]
        for _ in first:
            await arrived.acquire()
        with pytest.raises(Unreachable, match="busy; nothing was sent"):
            await it.client.send(LIST)
        gate.set()
        assert all(reply.ok for reply in await asyncio.gather(*first))
        replies = await asyncio.gather(*(it.client.send(LIST) for _ in range(4)))
    assert all(reply.ok for reply in replies)
    assert server.connections == 4
    assert it.client.rebuilds == 0


async def test_a_pool_that_lost_its_places_is_made_anew_and_nothing_on_its_way_is_hurt() -> None:
    arrived, gate = asyncio.Event(), asyncio.Event()

    async def slow(asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.method == "POST":
            arrived.set()
            await gate.wait()
        writer.write(answer())
        await writer.drain()

    limits = Timeouts(pool=0.05)
    async with chaos(slow) as server, rig(server.url, timeouts=limits) as it:
        lane = it.client._ready_lane()
        for _ in range(3):  # three places that never come back, as after a cancelled request
            request = lane.http.build_request(
                "GET", server.url, extensions={"raw_target": b"/", "fresh": False}
            )
            await lane.http.send(request, stream=True)
        write = asyncio.create_task(it.client.send(FORM))
        await arrived.wait()
        with pytest.raises(Unreachable, match="nothing was sent"):
            await it.client.send(LIST)
        assert it.client.rebuilds == 1
        assert (await it.client.send(LIST)).ok
        gate.set()
        assert (await write).ok
        assert lane.http.is_closed


async def test_a_cancelled_request_is_reported_and_the_client_goes_on() -> None:
    arrived, gate = asyncio.Event(), asyncio.Event()

    async def slow(asked: Asked, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await gate.wait()
        writer.write(answer())

    async with chaos(slow) as server, rig(server.url) as it:
        task = asyncio.create_task(it.client.send(END, path={"id": "1"}))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        gate.set()
        assert (await it.client.send(LIST)).ok
    assert [one.outcome for one in it.log] == ["interrupted", "ok"]


async def test_closing_ends_what_is_on_its_way_as_no_answer() -> None:
    arrived = asyncio.Event()

    async def never(asked: Asked, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await asyncio.Event().wait()

    async with chaos(never) as server, rig(server.url) as it:
        task = asyncio.create_task(it.client.send(END, path={"id": "1"}))
        await arrived.wait()
        await it.client.aclose()
        with pytest.raises(NoAnswer, match="not known"):
            await task
