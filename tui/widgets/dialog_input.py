"""The field of a small dialog: one line, and nothing in it that is not printable."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.widgets import Input


class DialogInput(Input):
    """`submitted` is called on Enter, at once: keys that were typed ahead must find its effect done.

    What is pasted comes from anywhere: of several lines the first one that holds something.
    """

    def __init__(
        self,
        submitted: Callable[[], None],
        *,
        value: str = "",
        placeholder: str = "",
        limit: int = 256,
        name: str | None = None,
    ) -> None:
        super().__init__(value, placeholder, select_on_focus=False, max_length=limit, name=name)
        self.cursor_blink = False  # nothing is sent while nothing is typed
        self._submitted = submitted

    async def action_submit(self) -> None:
        self._submitted()

    def on_paste(self, event: events.Paste) -> None:
        """A paste fills the field and never answers the dialog."""
        event.prevent_default()
        event.stop()
        rows = [row.strip() for row in event.text.splitlines() if row.strip()]
        self.insert_text_at_cursor(rows[0] if rows else "")

    def insert_text_at_cursor(self, text: str) -> None:
        """Typed and pasted text comes through here."""
        super().insert_text_at_cursor("".join(char for char in text if char.isprintable()))
