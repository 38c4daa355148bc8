"""A listing of thousands of rows comes to the screen in portions: no step of its loop takes them all."""

from __future__ import annotations

import asyncio

import pytest

from tests.screens.desk_app import DeskApp, session
from tui.live.board import Change
from tui.model.status import Status

pytestmark = pytest.mark.anyio


async def test_all_rows_of_a_long_listing_come_in_portions() -> None:
    app = DeskApp()
    everything = [session(f"R{number}", Status.WAITING) for number in range(1_300)]
    async with app.run_test(size=(80, 24)):
        known, portions, done = app.desk.board.sessions, [], asyncio.Event()

        def told(change: Change) -> None:
            portions.append(len(change.added))
            if len(known) == len(everything):
                done.set()

        app.desk.board.follow(told)
        app.mailbox.tell_rows(everything)
        await asyncio.wait_for(done.wait(), 20)
    assert set(known) == {one.key for one in everything}
    assert len(portions) > 1
    assert portions[0] < len(everything) / 2
