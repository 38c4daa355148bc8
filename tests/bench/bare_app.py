"""A Textual app with one line in it: what any program on this framework costs to start."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("FIRST ROWS", markup=False)


if __name__ == "__main__":
    Bare().run()
