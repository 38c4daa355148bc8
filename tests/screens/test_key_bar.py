"""The last line: the keys of all screens are always there whole, however many the screen has of its own."""

from __future__ import annotations

import pytest

from tests.screens.acting_app import ActingApp, keys, on_top, only, ready, settle, shown
from tui.screens.question import QuestionScreen
from tui.terminal.hooks import rendered_text

pytestmark = pytest.mark.anyio


async def test_quit_is_never_cut_off() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, app)
        for width in range(78, 150, 3):
            await pilot.resize_terminal(width, 24)
            await settle(pilot)
            assert rendered_text(app)[-1].rstrip().endswith("q quit"), width


async def test_the_smallest_terminal_shows_what_a_question_is_about() -> None:
    app = ActingApp()
    async with app.run_test(size=(60, 15), notifications=True) as pilot:
        await ready(pilot, app)
        await only(pilot, "chidi")
        await keys(pilot, "x")
        assert on_top(app) is QuestionScreen
        text = shown(app)
        for words in ("Chidi Okafor", "Twilio Proxy", "stop at once", "y yes, do it", "Enter, Esc"):
            assert words in text
        await keys(pilot, *["down"] * 5)
        assert "Order #1234" in shown(app)
