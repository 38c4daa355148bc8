"""The program's own screens through the output layer: what the terminal shows is what Textual meant."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from msgspec.structs import replace
from rich.console import RenderableType
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.pilot import Pilot
from textual.screen import Screen

from tests.frames import Twin
from tests.screens.desk_app import DeskApp, board, session
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import line

KEYS = "jjjjkkGg?LtostSS12345/xnN"
LONG_KEYS = ("ctrl+d", "ctrl+u", "enter", "escape", "escape", "pagedown", "tab", "ctrl+l")
NAMES = (
    "渡辺 恵子",
    "Zoë 👍 Brontë",
    "Ana",
    "हिन्दी नाम",
    "Пётр Ильич",
    "O'Neil 👩‍👩‍👧",
    "a\u0301bc",
)


class MirroredApp(DeskApp):
    """Everything it paints is drawn twice, and compared each time."""

    def __init__(self, columns: int, rows: int, **options: Any) -> None:
        self.twin = Twin(columns, rows)
        self.frames = 0
        super().__init__(**options)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        if isinstance(renderable, (LayoutUpdate, ChopsUpdate)):
            size = (self.size.width, self.size.height)
            if size != self.twin.size:
                self.twin.resize(*size)
            self.twin.show(renderable)
            # Just after a resize a frame of the old size may come: Textual then draws beyond the edge.
            if screen._compositor.size == self.size:
                self.frames += 1
                assert self.twin.differences() == []


async def something_happens(app: MirroredApp, pilot: Pilot[None], random: Random) -> None:
    """A key, some news, or another size."""
    chance = random.random()
    if chance < 0.5:
        await pilot.press(random.choice([*KEYS, *LONG_KEYS]))
        if len(app.screen_stack) > 3:
            await pilot.press("escape", "escape")
    elif chance < 0.9:
        app.sessions(some_news(app, random))
    else:
        await pilot.resize_terminal(random.choice((80, 61, 120, 40)), random.choice((24, 16, 40)))
    await pilot.pause()


def some_news(app: MirroredApp, random: Random) -> list[Session]:
    """One to five sessions that are new or have changed."""
    states = (Status.WAITING, Status.ACTIVE, Status.NOT_STARTED, Status.ENDED)
    known = list(app.desk.board.sessions.values())
    news = []
    for number in range(random.randint(1, 5)):
        name = random.choice(NAMES)
        if known and random.random() < 0.7:
            news.append(
                replace(random.choice(known), status=random.choice(states), customer=line(name))
            )
        else:
            id = f"N{random.randrange(10_000)}-{number}"
            news.append(session(id, random.choice(states), minutes=random.random() * 60))
    return news


async def drive(seed: int, steps: int) -> int:
    random = Random(seed)
    columns, rows = random.choice(((80, 24), (120, 40), (61, 16)))
    app = MirroredApp(columns, rows)
    app.healthy()
    app.sessions(board())
    async with app.run_test(size=(columns, rows), notifications=True) as pilot:
        await pilot.pause()
        for _ in range(steps):
            await something_happens(app, pilot, random)
    assert app.twin.our_bytes < app.twin.their_bytes
    return app.frames


@pytest.mark.anyio
@pytest.mark.parametrize("seed", range(3))
async def test_what_the_screens_paint_is_what_is_seen(seed: int) -> None:
    assert await drive(seed, 25) > 20


@pytest.mark.long
@pytest.mark.anyio
@pytest.mark.parametrize("seed", range(10, 30))
async def test_thousands_of_frames_of_the_screens(seed: int) -> None:
    assert await drive(seed, 150) > 100
