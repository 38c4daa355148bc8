"""A day with five vendors of 2,000 sessions each, in virtual time: does the program grow?

`python -m tests.bench soak`; SOAK_HOURS=3 runs a part of the day, SOAK_REFRESH=5 polls more often than every 30 s, and
SOAK_SECONDS is for how long real sockets are used. SOAK_SIZES=1 tells every hour what is kept.

Real are the engine with its five workers, the decoding, the writes with their files, the board, the view, the screens
and the output layer, all on one loop whose time is virtual. The vendors are a process of their own. Sessions come,
change and end; vendors fail now and then; a person looks about, ends sessions and creates some. What has no place in
virtual time (sockets, the two threads, a terminal) has a part of its own in real time: see soak_sockets.py.
"""

from __future__ import annotations

import asyncio
import gc
import json
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC
from functools import _lru_cache_wrapper
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import httpx

from tests.bench import soak_sockets
from tests.bench.figures import Figure, of_runs, printed
from tests.bench.soak_screen import Person, Sink, virtual_app
from tests.bench.soak_vendors import Request, serve
from tests.simulated import KINDS, answer, profile_of, wired_by
from tests.virtual_clock import VirtualClock, VirtualLoop
from tui.app import SessionTop
from tui.live.engine import Engine
from tui.net.tokens import MemoryTokens
from tui.providers import registry
from tui.screens.desk import Desk

HOURS: Final = float(os.environ.get("SOAK_HOURS", "24"))
SESSIONS: Final = 2_000
REFRESH: Final = float(os.environ.get("SOAK_REFRESH", "30"))
_HOUR: Final = 3_600.0
_LATENCY: Final = 0.08
# A vendor is away for some minutes every few hours, and one answer in so many is a bad one.
_OUTAGE: Final = (120.0, 600.0)
_BETWEEN: Final = 4 * _HOUR
_BAD: Final = 400
_LOST: Final = 6


# --- the way to the vendors ----------------------------------------------------------------------------------


class Pipe(httpx.AsyncBaseTransport):
    """Hands requests to the vendors' process, and lets some of them fail on the way."""

    def __init__(self, pipe: Connection, loop: asyncio.AbstractEventLoop) -> None:
        self._pipe, self._loop = pipe, loop
        self._rng = random.Random("soak faults")
        self._away: dict[str, tuple[float, float]] = {}
        self.requests = self.failures = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        target = request.extensions["raw_target"].decode("ascii")
        provider = target.split("/")[1]
        body = await request.aread()
        self.requests += 1
        await asyncio.sleep(_LATENCY / 2)
        self._refuse(provider)
        asked = Request(
            self._loop.time(), provider, request.method, target, request.headers.raw, body
        )
        self._pipe.send(asked)
        status, headers, content = self._pipe.recv()
        await asyncio.sleep(_LATENCY / 2)
        return await self._spoiled(request, answer(status, headers, content), content)

    def _refuse(self, provider: str) -> None:
        now = self._loop.time()
        began, until = self._away.get(provider, (now + self._rng.expovariate(1 / _BETWEEN), 0.0))
        if until == 0.0 or until < now:
            if until:
                began = now + self._rng.expovariate(1 / _BETWEEN)
            until = began + self._rng.uniform(*_OUTAGE)
            self._away[provider] = (began, until)
        if began <= now < until:
            self.failures += 1
            raise httpx.ConnectError("the vendor is away")

    async def _spoiled(
        self, request: httpx.Request, good: httpx.Response, content: bytes
    ) -> httpx.Response:
        writes = request.method != "GET"
        if self._rng.randrange(_LOST if writes else _BAD):
            return good
        self.failures += 1
        kind = self._rng.randrange(4)
        if writes or kind == 0:
            await asyncio.sleep(10.0)
            raise httpx.ReadTimeout("no answer came")
        if kind == 1:
            return answer(429, [(b"retry-after", b"20")], b"{}")
        return answer(503, [], b"<html>") if kind == 2 else answer(200, [], content[:-7])


@contextmanager
def vendors() -> Iterator[tuple[Connection, dict[str, dict[str, object]]]]:
    """The vendors at work; the pipe to them and their profiles' keys."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=serve, args=(theirs, tuple(KINDS), SESSIONS), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours, ours.recv()
    finally:
        ours.close()
        process.join(10)
        if process.is_alive():
            process.kill()


# --- what is looked at ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class Look:
    """The program at one moment: what the machine says of it, and how much is in what could grow."""

    hour: float
    resident: int
    blocks: int
    objects: int
    tasks: int
    threads: int
    fds: int
    sizes: dict[str, int] = field(default_factory=dict)


def resident() -> int:
    """Bytes of this process in memory now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise LookupError("VmRSS")


def sizes(engine: Engine, app: SessionTop) -> dict[str, int]:
    """How many of each thing are kept, wherever something is."""
    desk, ledger = app.desk, engine._ledger
    contexts = [worker.context for worker in engine._workers.values()]
    indexes = [context.index for context in contexts]
    attention = [context.attention for context in contexts]
    creations = desk.creations
    return {
        "sessions on the board": len(desk.board.sessions),
        "rows of the view": len(desk.view._whole.rows),
        "index: sessions": sum(len(index.entries) for index in indexes),
        "index: digests": sum(len(index._by_digest) for index in indexes),
        "index: old and set aside": sum(len(one._old) + len(one._aside) for one in indexes),
        "index: removed": sum(len(index._removed) for index in indexes),
        "pinned, watched, pending": sum(
            len(one.pinned) + len(one.watched) + len(one.pending) for one in attention
        ),
        "log: requests": len(desk.log),
        "log: writes": len(desk.log.writes()),
        "ledger: kept": len(ledger._kept),
        "ledger: deadlines": len(ledger._deadlines),
        "ledger: files held": len(ledger._held),
        "ledger: made": len(ledger._made),
        "ledger: landed": len(ledger._landed),
        "screens: intents": len(list(desk.intents.known)),
        "screens: creates": len(creations._by_ticket) + len(creations._pending),
        "screens: replaced": len(creations.replaced),
        "screens: writes, doubts": len(desk.writes._rounds) + len(desk.writes._doubts),
        "screens: marks": len(app.screen_stack[0].table.marked),  # type: ignore[attr-defined]
        "pieces of the view": len(desk.view._whole._pieces),
        "widgets": len(app._registry),
        "screens open": len(app.screen_stack),
        "kept by caches with a limit": sum(
            one.cache_info().currsize
            for one in gc.get_objects()
            if isinstance(one, _lru_cache_wrapper)
        ),
    }


# --- the day -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Soak:
    """The program over the vendors, and who looks at it every hour."""

    pipe: Connection
    keys: dict[str, dict[str, object]]
    folder: Path
    looks: list[Look] = field(default_factory=list)

    async def run(self, hours: float) -> dict[str, Any]:
        clock, loop = VirtualClock(), asyncio.get_running_loop()
        wire = Pipe(self.pipe, loop)
        profiles = tuple(
            profile_of(name, keys, name=name, refresh_seconds=REFRESH)
            for name, keys in self.keys.items()
        )
        with wired_by(wire):
            engine = Engine(
                profiles,
                connect=registry.connecting(MemoryTokens()),
                clock=clock,
                rng=random.Random(5),
                state=self.folder,
            )
            desk = Desk(engine, profiles, registry.SPECS, clock, zone=UTC)
            app = virtual_app(desk, loop)
            person = Person(app, clock)
            running = [asyncio.ensure_future(engine.run()), asyncio.ensure_future(app.run_async())]
            await clock.sleep(60.0)
            running.append(asyncio.ensure_future(person.work()))
            for step in range(1, max(1, round(hours)) + 1):
                await clock.sleep(
                    max(0.0, hours * _HOUR * step / max(1, round(hours)) - loop.time())
                )
                await person.at_rest.wait()
                self._look(await _least_tasks(), engine, app, wire, person)
            sink = app._driver
            assert isinstance(sink, Sink)
            counts = {
                "requests": wire.requests,
                "failed": wire.failures,
                "gestures": person.gestures,
                "creates": person.creates,
                "bytes": sink.bytes,
            }
            running.pop().cancel()
            app.exit()
            engine.stop()
            await asyncio.gather(*running)
        return counts

    def _look(
        self, tasks: int, engine: Engine, app: SessionTop, wire: Pipe, person: Person
    ) -> None:
        gc.collect()
        look = Look(
            asyncio.get_running_loop().time() / _HOUR,
            resident(),
            sys.getallocatedblocks(),
            len(gc.get_objects()),
            tasks,
            threading.active_count(),
            len(os.listdir("/proc/self/fd")),
            sizes(engine, app),
        )
        self.looks.append(look)
        if os.environ.get("SOAK_SIZES"):
            print(look.sizes, file=sys.__stderr__)
        told = (
            f"soak: hour {look.hour:.1f}, {look.resident / 1e6:.1f} MB, {look.blocks} blocks, "
            f"{look.tasks} tasks, {wire.requests} requests, {person.gestures} gestures, "
            f"{time.process_time():.0f} s of CPU, {time.monotonic() - _BEGAN:.0f} s"
        )
        print(told, file=sys.__stderr__, flush=True)


async def _least_tasks() -> int:
    """The fewest tasks within half a minute: what is there between requests."""
    counts = []
    for _ in range(60):
        await asyncio.sleep(0.5)
        counts.append(len(asyncio.all_tasks()))
    return min(counts)


_BEGAN: Final = time.monotonic()


def _whole(hours: float) -> dict[str, Any]:
    loop = VirtualLoop()
    with vendors() as (pipe, keys), tempfile.TemporaryDirectory() as folder:
        soak = Soak(pipe, keys, Path(folder))
        try:
            counts = loop.run_until_complete(soak.run(hours))
        finally:
            loop.close()
    return {"counts": counts, "looks": [asdict(look) for look in soak.looks]}


# --- what is told --------------------------------------------------------------------------------------------


class Running:
    """The day on its way in a process of its own, beside whatever does not mind."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._process = subprocess.Popen(
            (sys.executable, "-m", "tests.bench.soak"), stdout=subprocess.PIPE
        )

    def figures(self) -> list[Figure]:
        """Waits for its end. Nothing, said on stderr, when it failed."""
        found = self._found()
        return [] if found is None else list(_rows(found))

    def report(self) -> None:
        """The same and more, printed."""
        found = self._found()
        if found is None:
            return
        printed(_rows(found))
        looks = [Look(**one) for one in found["looks"]]
        chosen = [looks[0], looks[(len(looks) - 1) // 2], looks[-1]]
        print(f"\n| what is kept | {' | '.join(f'hour {one.hour:.0f}' for one in chosen)} |")
        print("| --- | ---: | ---: | ---: |")
        for name in looks[0].sizes:
            print(f"| {name} | {' | '.join(str(one.sizes[name]) for one in chosen)} |")
        told = ", ".join(f"{count:,} {what}" for what, count in found["counts"].items())
        print(f"\n{told}; {time.monotonic() - self._began:.0f} s in all.\n")

    def _found(self) -> dict[str, Any] | None:
        said, _ = self._process.communicate()
        if self._process.returncode:
            print("soak: it ended early", file=sys.stderr, flush=True)
            return None
        found: dict[str, Any] = json.loads(said)
        return found

    def stop(self) -> None:
        """Ends it when nobody waits any more."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def _rows(found: dict[str, Any]) -> Iterator[Figure]:
    """A row for each thing that must not grow, at the end of the day; beside it what it was on the way there.

    After one hour it is warm, but for a vendor whose list takes longer to be read through for the first time: so
    the growth since the second hour and since the middle of the day are told too.
    """
    looks = [Look(**one) for one in found["looks"]]
    first, last = looks[0], looks[-1]
    marks = [*looks[:2], looks[len(looks) // 2 - 1] if len(looks) > 1 else first, last]
    on_the_way = list({one.hour: one for one in marks}.values())
    what = f"{last.hour:.0f} h, 5 profiles x {SESSIONS:,} sessions, virtual time"

    def row(name: str, goal: str, measure: Callable[[Look], float], since: bool) -> Figure:
        beside = {f"hour {one.hour:.0f}": of_runs([measure(one)]) for one in on_the_way}
        if since:
            for one in on_the_way[1:-1]:
                grown = measure(last) - measure(one)
                beside[f"growth since hour {one.hour:.0f}"] = of_runs([grown])
        value = measure(last) - (measure(first) if since else 0)
        return Figure(f"{what}: {name}", goal, of_runs([value]), beside)

    yield row("growth of memory since hour 1, MB", "<= 10", lambda one: one.resident / 1e6, True)
    yield row("growth of memory blocks since hour 1", "-", lambda one: one.blocks, True)
    yield row("tasks", "constant", lambda one: one.tasks, False)
    yield row("threads", "constant", lambda one: one.threads, False)
    yield row("open files", "constant", lambda one: one.fds, False)
    yield row("sessions on the board", "-", lambda one: one.sizes["sessions on the board"], False)


def main(_runs: int) -> None:
    """Prints Markdown tables."""
    running = Running()
    try:
        running.report()
    finally:
        running.stop()
    printed(soak_sockets.figures())


if __name__ == "__main__":
    try:
        result = _whole(HOURS)
    except BaseException:
        # What an app that never ended has put in the place of stderr shows nothing.
        traceback.print_exc(file=sys.__stderr__)
        raise
    print(json.dumps(result), file=sys.__stdout__)
