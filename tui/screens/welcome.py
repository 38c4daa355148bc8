"""No profile yet: the ways on. The first profile leads to the queue."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from tui.model.text import line
from tui.screens import keys
from tui.screens.base import DeskScreen
from tui.screens.profiles import begin_adding
from tui.widgets.line_list import Line, LineList, Part, wrapped
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar


class WelcomeScreen(DeskScreen):
    """Shown instead of the queue while there is no profile file."""

    NAME = "welcome"

    DEFAULT_CSS = "WelcomeScreen LineList { padding: 1 3; }"
    BINDINGS: ClassVar[list[BindingType]] = keys.WELCOME

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        yield LineList(id="welcome")

    def catch_up(self) -> None:
        if self.desk.profiles and self.on_top:
            self.call_later(self._make_way)
            return
        self.query_one(TitleBar).show_trail(line("welcome"))
        self.query_one(LineList).show(self._lines())
        self.query_one(StatusLine).rest([Part(line("no profile yet"), "muted")])

    def _make_way(self) -> None:
        """To the queue below. (To wait for the end of a screen inside it would be to wait for ever.)"""
        self.app.pop_screen()

    def action_leave(self) -> None:
        """There is nowhere to go back to."""

    def action_add(self) -> None:
        """Straight to the form of the first profile."""
        begin_adding(self)

    def _lines(self) -> list[Line]:
        width = self.query_one(LineList).room
        lines: list[Line] = []
        for row in self._text():
            parts = [Part(line(words), look) for words, look in row]
            lines += wrapped(parts[:-1], parts[-1], width) if parts else [()]
        return lines

    def _text(self) -> list[tuple[tuple[str, str], ...]]:
        return [
            (("No account is set up yet. Three ways on:", "strong"),),
            (),
            (
                ("1  ", ""),
                ("n", "key"),
                (
                    " adds a profile here: its keys, checked at the vendor before they are saved.",
                    "",
                ),
            ),
            (),
            (("2  Look around first:  ", ""), ("sessiontop demo", "key")),
            (
                ("   ", ""),
                ("A simulated support desk on this machine; nothing of yours is touched.", "muted"),
            ),
            (),
            (
                ("3  ", ""),
                ("Or write this file yourself (mode 0600, folder mode 0700)", ""),
            ),
            (("   ", ""), (self.desk.profiles_file, "key")),
            (),
            *((("     ", ""), (row, "muted")) for row in self._example()),
            (),
            (
                ("   ", ""),
                ("sessiontop profile check", "key"),
                (" then says whether the keys work.", ""),
            ),
        ]

    def _example(self) -> list[str]:
        """A profile file, of the providers that give an example."""
        rows = ["version = 1"]
        for spec in self.desk.specs.values():
            rows += ["", *spec.example] if spec.example else []
        return rows

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self.catch_up)
