"""An answer that comes before the screen that asked for it has anything to show it with."""

from __future__ import annotations

import pytest

from tests.screens.desk_app import DeskApp, session
from tui.live.messages import Spoken
from tui.model.status import Status
from tui.model.transcript import timeline
from tui.screens.transcript import TranscriptScreen

pytestmark = pytest.mark.anyio


async def test_an_answer_waits_for_the_screen_that_it_is_for() -> None:
    told = session("a", Status.ACTIVE)
    app = DeskApp()
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        app.sessions([told])
        await pilot.pause()
        screen = TranscriptScreen(app.desk, told.key)
        pushed = app.push_screen(screen)
        assert not screen.is_mounted
        app.answer(Spoken(told.key, timeline(told)))
        app._empty_mailbox()
        taken = screen.complete
        assert not taken, "it is kept, and not lost"
        await pushed
        while not screen.complete:
            await pilot.pause(0.01)
        assert screen.view.has_entries
