"""`Q` on a result: the link as a QR code, on the whole screen."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Static

from tui.model.text import Clean, Opaque, line
from tui.screens import keys
from tui.widgets.bar import Bar
from tui.widgets.line_list import Part
from tui.widgets.qr_code import QrCode, encode


class QrScreen(Screen[None]):
    """No title and no key bar: every line counts for the size of the code."""

    DEFAULT_CSS = """
    QrScreen { background: $background; }
    QrScreen > Static { display: none; height: 1fr; content-align: center middle; text-align: center; }
    QrScreen > Bar { dock: bottom; padding: 0 1; }
    QrScreen.-too-large > QrCode { display: none; }
    QrScreen.-too-large > Static { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = keys.QR

    def __init__(self, link: Opaque, *, ascii_only: bool) -> None:
        super().__init__()
        self._matrix, self._ascii = encode(link), ascii_only

    def compose(self) -> ComposeResult:
        yield QrCode(self._matrix, ascii_only=self._ascii)
        yield Static("", markup=False)
        yield Bar()

    def on_mount(self) -> None:
        self.query_one(Bar).say([Part(line("Esc"), "key"), Part(line(" back"))])

    def on_resize(self, event: events.Resize) -> None:
        self.remove_class("-too-large")
        self.call_after_refresh(self._look)

    def _look(self) -> None:
        code = self.query_one(QrCode)
        if code.size and not code.fits:
            self.query_one(Static).update(self._words(code))
            self.add_class("-too-large")

    def _words(self, code: QrCode) -> Clean:
        return line(
            f"The QR code of this link takes {code.code.columns} x {code.code.rows + 1} cells; "
            f"this terminal has {self.size.width} x {self.size.height}."
        )

    def action_leave(self) -> None:
        self.app.pop_screen()
