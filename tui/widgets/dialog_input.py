"""The field of a small dialog: one line, and nothing in it that is not printable."""

from __future__ import annotations

from textual import events
from textual.widgets import Input


class DialogInput(Input):
    """What is pasted comes from anywhere: of several lines the first one that holds something."""

    def on_paste(self, event: events.Paste) -> None:
        """A paste fills the field and never answers the dialog."""
        event.prevent_default()
        event.stop()
        rows = [row.strip() for row in event.text.splitlines() if row.strip()]
        self.insert_text_at_cursor(rows[0] if rows else "")

    def insert_text_at_cursor(self, text: str) -> None:
        """Typed and pasted text comes through here."""
        super().insert_text_at_cursor("".join(char for char in text if char.isprintable()))
