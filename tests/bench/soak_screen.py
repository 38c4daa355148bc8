"""The screen of the soak in virtual time, and the person who sits before it.

It is the real app with the real output layer; only the terminal is a sink that counts. The framework's own clock is
the loop's, so that its timers are virtual too.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any, Final

from textual import _time, events
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size

from tests.virtual_clock import VirtualClock
from tui.app import SessionTop
from tui.live.commands import Create
from tui.providers import registry
from tui.screens.desk import Desk
from tui.terminal.hooks import SafeDriver

SIZES: Final = ((80, 24), (100, 30))
_LOOKS: Final = (1.0, 10.0)
_REST: Final = (60.0, 600.0)
_KEY: Final = 0.3
_NAMES: Final = {"/": "slash", "?": "question_mark", " ": "space"}
# What a person does; `_` waits a moment. Escapes are added until the queue is back.
_GESTURES: Final[Sequence[tuple[str, ...]]] = (
    ("down",) * 4,
    ("pagedown", "pagedown", "up", "pageup"),
    ("G", "g"),
    ("enter",),
    ("down", "enter", "t"),
    ("t", "pageup"),
    ("t", "/", "m", "i", "n", "enter", "n"),
    ("/", "a", "n", "a"),
    ("/", "a", "enter", "_", "_", "down", "escape"),
    ("s", "_", "s"),
    ("S", "_", "S"),
    ("5", "_", "G", "_", "1"),
    ("4", "_", "down", "enter"),
    ("2", "_", "1"),
    ("L", "pageup"),
    ("L", "/", "w", "r", "i", "t", "e"),
    ("?",),
    ("P", "_", "down"),
    ("w",),
    ("n",),
    (" ", " ", "a"),
    ("r",),
    ("p", "_", "_", "p"),
    ("ctrl+l",),
    ("g", "x", "_", "y"),
    ("4", "down", "down", "a", "_", "enter", "_", "y", "_", "1"),
)


class Sink(SafeDriver):
    """A terminal that takes everything at once."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        Driver.__init__(self, app, debug=debug, mouse=mouse, size=size)
        self.bytes = 0
        self.cells = SIZES[0]

    def write(self, data: str) -> None:
        self.bytes += len(data)

    write_frame = write

    def flush(self) -> None:
        """Nothing is kept."""

    def start_application_mode(self) -> None:
        self.resize(*self.cells)

    def resize(self, columns: int, rows: int) -> None:
        """The window has another size now."""
        self.cells = (columns, rows)
        self.send_message(events.Resize(Size(columns, rows), Size(columns, rows)))

    def _get_terminal_size(self) -> tuple[int, int]:
        return self.cells

    def disable_input(self) -> None:
        """There is no thread that reads."""

    def stop_application_mode(self) -> None:
        """There is nothing to give back."""

    def close(self) -> None:
        """Nothing is open."""


def virtual_app(desk: Desk, loop: asyncio.AbstractEventLoop) -> SessionTop:
    """The app over that desk, to be run in that loop."""
    _time.get_time = loop.time

    class VirtualApp(SessionTop):
        def __init__(self) -> None:
            super().__init__(desk)
            self.driver_class = Sink

    return VirtualApp()


class Person:
    """Looks about, opens, filters, ends, creates; comes back to the queue each time."""

    def __init__(self, app: SessionTop, clock: VirtualClock) -> None:
        self._app, self._clock = app, clock
        self._rng = random.Random("soak person")
        self.gestures = self.creates = 0
        self.at_rest = asyncio.Event()

    async def work(self) -> None:
        """Until cancelled."""
        while True:
            self.at_rest.set()
            await self._clock.sleep(self._rng.uniform(*_REST))
            self.at_rest.clear()
            await self._gesture()

    async def _gesture(self) -> None:
        self.gestures += 1
        chance = self._rng.random()
        if chance < 0.05:
            self._create()
        elif chance < 0.08:
            self._sink.resize(*self._rng.choice(SIZES))
        else:
            for key in self._rng.choice(_GESTURES):
                await self._press(key)
        await self._clock.sleep(self._rng.uniform(*_LOOKS))
        await self._back()

    async def _back(self) -> None:
        for _ in range(8):
            await self._press("escape")
            if len(self._app.screen_stack) == 1:
                break
        await self._press("1")

    async def _press(self, key: str) -> None:
        if key == "_":
            await self._clock.sleep(self._rng.uniform(1.0, 5.0))
            return
        character = key if len(key) == 1 else {"enter": "\r"}.get(key)
        self._sink.process_message(events.Key(_NAMES.get(key, key), character))
        await self._clock.sleep(_KEY)

    def _create(self) -> None:
        """A new session at some vendor, as its form would send it."""
        desk = self._app.desk
        profile = self._rng.choice(desk.profiles)
        form = registry.find(profile.provider).create
        assert form is not None
        self.creates += 1
        named = form.field("customer_name") is not None
        ticket = desk.ticket()
        desk.creations.take_off(ticket, profile.name, self._clock.now()).watched = False
        values = {"customer_name": f"Customer {self.creates}"} if named else {}
        desk.engine.send(Create(ticket, profile.name, values))

    @property
    def _sink(self) -> Sink:
        driver = self._app._driver
        assert isinstance(driver, Sink)
        return driver
