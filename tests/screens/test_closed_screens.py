"""A screen that was closed leaves nothing behind: the program stays open all day."""

from __future__ import annotations

import gc
import weakref

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from tests.screens.desk_app import DeskApp, board
from tests.screens.test_queue import ready, settle

pytestmark = pytest.mark.anyio


def looks(app: DeskApp) -> list[weakref.ref[object]]:
    """What the widgets of the screen on top keep of how they were drawn."""
    return [
        weakref.ref(cache)
        for widget in app.screen.walk_children(Widget)
        if (cache := getattr(widget, "_styles_cache", None)) is not None
    ]


@pytest.mark.parametrize("key", ["question_mark", "L", "P"])
async def test_what_its_widgets_looked_like_goes_with_them(key: str) -> None:
    app = DeskApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        kept = await opened_and_closed(pilot, app, key)
        gc.collect()
        assert kept, "nothing was looked at"
        assert [one() for one in kept if one() is not None] == []


async def opened_and_closed(
    pilot: Pilot[None], app: DeskApp, key: str
) -> list[weakref.ref[object]]:
    """The looks of the screen that the key opens, after it was closed and another thing was done."""
    app.sessions(board())
    await settle(pilot)
    await pilot.press(key)
    await settle(pilot)
    kept = looks(app)
    await pilot.press("escape")
    await settle(pilot)
    await pilot.press("down")
    await settle(pilot)
    return kept
