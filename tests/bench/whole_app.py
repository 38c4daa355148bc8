"""The program on its screen over 200,000 sessions of a vendor that answers from a file, for `tests.bench.whole`.

Everything is as in `sessiontop watch` (engine, worker, mailbox, board, screen) but for the client: a page comes from
the disk and not over a connection, and as fast as it is asked for. SIGUSR1 has the first 100,000 sessions polled over
and over, 1 % of them changed each time, until the next SIGUSR1. SIGUSR2 has it told how the program fares: a JSON line
at the end of the file that the second argument names.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from tests.bench.scale import COUNT, PAGE, POLLED
from tui.live import sweep
from tui.live.engine import Engine
from tui.model.clock import SystemClock
from tui.model.profile import Profile
from tui.model.session import Session
from tui.model.text import Opaque
from tui.profiles.store import Loaded
from tui.providers import twilio_rows
from tui.providers.base import Ask, Decoded, Page
from tui.providers.twilio_proxy import LIST_SESSIONS, SPEC
from tui.providers.twilio_query import page_of
from tui.terminal.guard import Guard

PROFILE: Final = "desk"
_CENTURY: Final = 24 * 36_525.0


class Vendor:
    """A provider whose pages lie in two folders, `0` and `1`, which differ in 1 % of their rows."""

    def __init__(self, folder: Path) -> None:
        self.spec = replace(SPEC, requests_per_second=1e6)
        self.folder = folder
        self.turn = 0

    async def page(self, ask: Ask) -> Page:
        """A page of a thousand; its cursor is its number."""
        number = int(ask.cursor or 0)
        body = (self.folder / str(self.turn) / str(number)).read_bytes()
        following = Opaque(str(number + 1)) if number + 1 < COUNT // PAGE else None
        return Page(page_of(body, "listing", LIST_SESSIONS).rows, following)

    def decode(self, row: bytes, *, full: bool = False) -> Decoded:
        """As the vendor's own provider does it."""
        return twilio_rows.session(row, PROFILE, full=full)

    def wants_people(self, session: Session) -> bool:
        """Nobody answers such a question here."""
        return False

    async def aclose(self) -> None:
        """Nothing is open."""


class Load:
    """Polls the first 100,000 over and over, in the engine's loop, with the worker's own steps."""

    def __init__(self, engine: Engine, vendor: Vendor) -> None:
        self._engine, self._vendor = engine, vendor
        self._going = threading.Event()
        self.polls, self.seconds = 0, 0.0

    def turn(self) -> None:
        """On, or off again."""
        if self._going.is_set():
            self._going.clear()
            return
        self._going.set()
        loop = self._engine._loop
        assert loop is not None
        asyncio.run_coroutine_threadsafe(self._run(), loop)

    async def _run(self) -> None:
        listing = self._engine._workers[PROFILE]._listing
        while self._going.is_set():
            self._vendor.turn = 1 - self._vendor.turn
            began = time.thread_time()
            for number in range(POLLED // PAGE):
                await listing._page(Ask(Opaque(str(number))), None)
                await asyncio.sleep(0)  # a connection would be waited for here
            self.seconds += time.thread_time() - began
            self.polls += 1


class Steps:
    """How long the loop of the screen was busy with one thing, and the longest search for garbage, ms of CPU."""

    def __init__(self) -> None:
        self.longest = self.search = 0.0
        self._began = 0.0
        whole, main = asyncio.events.Handle._run, threading.main_thread()

        def run(handle: asyncio.Handle) -> None:
            began = time.thread_time()
            whole(handle)
            if threading.current_thread() is main:
                self.longest = max(self.longest, (time.thread_time() - began) * 1000)

        asyncio.events.Handle._run = run  # type: ignore[method-assign, assignment]
        gc.callbacks.append(self._search)

    def _search(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.thread_time()
        else:
            self.search = max(self.search, (time.thread_time() - self._began) * 1000)

    def take(self) -> dict[str, float]:
        """The figures since they were last taken."""
        found = {"step": self.longest, "search": self.search}
        self.longest = self.search = 0.0
        return found


def main() -> int:
    """Runs until `q`."""
    gc.disable()  # as the program does until its first frame
    folder, told = Path(sys.argv[1]), Path(sys.argv[2])
    sweep.FIRST_PAGES = COUNT // PAGE + 1  # type: ignore[misc]
    vendor, clock, steps = Vendor(folder), SystemClock(), Steps()
    profile = Profile(
        PROFILE, SPEC.id, "http://127.0.0.1:1", refresh_seconds=3600.0, history_hours=_CENTURY
    )
    connect: Any = lambda *_: vendor  # noqa: E731
    engine = Engine([profile], connect=connect, clock=clock)
    load = Load(engine, vendor)

    def tell(*_: object) -> None:
        index = engine._workers[PROFILE].context.index
        found = {"sessions": len(index.entries), "polls": load.polls, "seconds": load.seconds}
        with told.open("a") as file:
            print(json.dumps(found | steps.take()), file=file)

    engine.start()
    from tui.commands.full_screen import run_watch

    signal.signal(signal.SIGUSR1, lambda *_: load.turn())
    signal.signal(signal.SIGUSR2, tell)
    loaded = Loaded((profile,), (), folder, True, {})
    args = argparse.Namespace(
        read_only=False, low_bandwidth=False, no_mouse=False, view="all", plain_output=False
    )
    try:
        with Guard() as guard:
            app = run_watch(loaded, engine, clock, args, guard)
        return guard.exit_code(app.return_code)
    finally:
        engine.stop()


if __name__ == "__main__":
    sys.exit(main())
