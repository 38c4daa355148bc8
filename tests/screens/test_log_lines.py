"""The event log while it is open: an hour of requests stands in it, and one more ends every second."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from tests.screens.desk_app import DeskApp
from tests.screens.test_queue import ready, settle, shown
from tests.unit.test_live_mailbox import exchange
from tui.screens import log, log_lines
from tui.screens.log import LogScreen

pytestmark = pytest.mark.anyio


async def told(pilot: Pilot[None], app: DeskApp, text: str) -> None:
    while text not in shown(app):
        await pilot.pause(0.01)


async def test_one_more_request_is_one_more_that_is_written_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[Any] = []
    write = log_lines.entry_lines

    def noted(entry: Any, *rest: Any) -> Any:
        written.append(entry)
        return write(entry, *rest)

    monkeypatch.setattr(log, "entry_lines", noted)
    app = DeskApp()
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await ready(pilot, app)
        app.mailbox.follow_log(True)
        for number in range(50):
            app.mailbox.tell_exchange(exchange(10 + number))
        await pilot.press("L")
        await told(pilot, app, "50 requests in the last hour")
        assert isinstance(app.screen, LogScreen)
        written.clear()
        app.mailbox.tell_exchange(exchange(60))
        await told(pilot, app, "51 requests in the last hour")
        assert len(written) == 1
        await pilot.resize_terminal(120, 30)
        await settle(pilot)
        assert len(written) == 52, "another width is written out anew"
