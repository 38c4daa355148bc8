"""While the program runs, what the queue shows is kept for its next start, if it may be."""

from __future__ import annotations

from tui.screens.queue import QueueScreen
from tui.screens.warm import KEEP_SECONDS, Warm, looks_of
from tui.terminal.hooks import SafeApp


def keep_rows(app: SafeApp[None], warm: Warm) -> None:
    """Keeps the rows of the queue, which lies under all other screens, every so often; and how it looks, once."""

    def keep() -> None:
        queue = app.screen_stack[0]
        if isinstance(queue, QueueScreen):
            warm.keep(queue.spec, queue.table.rows)

    def note_looks() -> None:
        queue = app.screen_stack[0]
        if isinstance(queue, QueueScreen):
            warm.looks = looks_of(queue, app.sgr_of)

    app.set_interval(KEEP_SECONDS, keep)
    app.call_after_refresh(note_looks)
