"""The queue on a thin line: a mark for a cursor, ages in longer steps, fewer looks."""

from __future__ import annotations

import pytest

from tests.screens.desk_app import NOW, DeskApp, board, session
from tui.live.messages import HealthState
from tui.model.status import Status
from tui.screens.queue import QueueScreen
from tui.terminal.hooks import rendered_text
from tui.widgets.columns import Context, plan
from tui.widgets.glyphs import UNICODE
from tui.widgets.row_painter import RowPainter, RowState
from tui.widgets.session_table import SessionTable


def looks(state: RowState, *, minutes: float = 9.0) -> dict[str, str]:
    """The look of each column of a waiting session's row."""
    slots = plan(120, profiles=True)
    one = session("SS-1", Status.WAITING, minutes=minutes, customer="Ana", agent="Mia")
    context = Context(NOW, {}, UNICODE, calm=state.calm)
    runs = RowPainter(slots, 120).row(one, context, state)[1:]
    return {slot.column.id: run.look for slot, run in zip(slots, runs, strict=False)}


def test_fewer_columns_have_a_look_of_their_own() -> None:
    usual, calm = looks(RowState()), looks(RowState(calm=True))
    assert usual["provider"] == usual["age"] == "muted"
    assert {name for name, look in calm.items() if look} == {"wait", "status"}
    assert calm["wait"] == "waiting late"
    assert calm["status"] == "waiting"


def test_a_profile_in_trouble_dims_three_columns_only() -> None:
    usual, calm = looks(RowState(stale=True)), looks(RowState(stale=True, calm=True))
    assert all("stale" in look for look in usual.values())
    assert {name for name, look in calm.items() if "stale" in look} == {"wait", "status", "age"}


@pytest.mark.anyio
async def test_the_queue_on_a_thin_line() -> None:
    app = DeskApp(low_bandwidth=True)
    app.healthy()
    app.sessions(board())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, QueueScreen)
        table = app.screen.query_one(SessionTable)
        assert table.cursor_style == "mark"
        assert sum(line.startswith("▸") for line in rendered_text(app)) == 1
        assert any("<1m" in line for line in rendered_text(app))  # 42 s
        assert not any("40s" in line for line in rendered_text(app))
        due = table.next_tick
        assert due is not None
        assert (due - NOW).total_seconds() >= 15
        app.health("goto-desk", HealthState.OFFLINE, retry_in=12)
        await pilot.pause(0.2)
        assert "offline" in rendered_text(app)[1]


@pytest.mark.anyio
async def test_only_the_thin_line_has_a_limit() -> None:
    thin, usual = DeskApp(low_bandwidth=True), DeskApp()
    for app in (thin, usual):
        app.pace.sent(100.0)
    assert thin.pace.wait(100.0) == 0.5
    assert usual.pace.wait(100.0) == 0
