"""Marks in the queue: they belong to sessions, not to rows, and are counted where one looks."""

from __future__ import annotations

import pytest

from tests.screens.acting_app import (
    ANA,
    CHECKS,
    CHIDI,
    LENA,
    ActingApp,
    keys,
    news,
    on_top,
    only,
    ready,
    said,
    settle,
    shown,
)
from tests.screens.desk_app import session
from tui.live.commands import Refresh
from tui.model.status import Status
from tui.screens.help import HelpScreen

pytestmark = pytest.mark.anyio


async def test_space_marks_the_selected_session_and_goes_down() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        first = queue.table.selected_key
        await keys(pilot, "space", "space")
        assert first in queue.table.marked
        assert len(queue.table.marked) == 2
        assert "2 marked" in said(app)
        await keys(pilot, "g", "space")
        assert first not in queue.table.marked
        assert "1 marked" in said(app)


async def test_marks_follow_their_sessions_through_news_orders_and_views() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        await only(pilot, "order")
        await keys(pilot, "space", "escape")
        assert queue.table.marked == {CHIDI}
        app.sessions([session("SS-50", Status.WAITING, minutes=99, customer="New First")])
        await news(pilot)
        for key in ("s", "S", "s", "5", "r"):
            await keys(pilot, key)
            assert queue.table.marked == {CHIDI}
        assert Refresh() in app.recorder.sent
        row = next(text for text in shown(app).splitlines() if "Chidi" in text)
        assert "◆" in row[:4]


async def test_what_a_view_hides_stays_marked_and_is_counted() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        await only(pilot, "order")
        await keys(pilot, "space", "space", "4")
        assert queue.table.marked == {CHIDI, LENA}
        assert "2 marked, 2 not in this view" in said(app)


async def test_marks_of_sessions_that_leave_the_board_vanish() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        queue.table.marked = {CHIDI, LENA}
        await settle(pilot)
        app.mailbox.tell_gone([LENA])
        await news(pilot)
        assert queue.table.marked == {CHIDI}
        assert "1 marked" in said(app)
        app.mailbox.tell_removed("proxy-eu")
        await news(pilot)
        assert queue.table.marked == frozenset()
        assert "marked" not in said(app)


async def test_escape_clears_the_filter_first_and_then_the_marks() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        queue.table.marked = {ANA, *CHECKS}
        await only(pilot, "ana")
        await keys(pilot, "escape")
        assert not queue.spec.filter.text
        assert len(queue.table.marked) == 4
        await keys(pilot, "escape")
        assert queue.table.marked == frozenset()
        assert "marked" not in said(app)
        await keys(pilot, "question_mark")
        assert on_top(app) is HelpScreen
        assert "clear the filter; without one, the marks" in shown(app)


async def test_what_is_gone_cannot_be_marked() -> None:
    app = ActingApp()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        queue = await ready(pilot, app)
        await only(pilot, "chidi")
        app.mailbox.tell_gone([CHIDI])
        await news(pilot)
        assert queue.table.selected_is_gone
        await keys(pilot, "space")
        assert queue.table.marked == frozenset()
