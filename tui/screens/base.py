"""What every screen of the desk has in common: keys with reasons, news, and a size too small to work in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.actions import parse
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from tui.live.messages import Answer
from tui.model.text import line
from tui.screens.desk import Desk, News
from tui.terminal.hooks_keys import active_binding
from tui.terminal.hooks_paint import LeanScreen
from tui.widgets.key_bar import KeyBar
from tui.widgets.status_line import StatusLine

MIN_COLUMNS, MIN_ROWS = 60, 15


class TooSmall(Static):
    """The plain line that a tiny terminal gets instead of a broken screen."""

    DEFAULT_CSS = "TooSmall { display: none; height: 1; }"


class DeskScreen(LeanScreen[None]):
    """A full screen over the desk. Subclasses give `body`, `receive` and the reasons for greyed keys."""

    NAME: ClassVar[str] = "sessiontop"
    """What the help calls this screen."""
    AUTO_FOCUS = "*"
    DEFAULT_CSS = """
    DeskScreen { background: $background; }
    DeskScreen.-too-small > * { display: none !important; }
    DeskScreen.-too-small > TooSmall { display: block !important; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", show=False, id="screen.back"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._styled = False

    def compose(self) -> ComposeResult:
        yield TooSmall("sessiontop needs 60 x 15 cells", markup=False)
        yield from self.body()
        yield StatusLine(id="status")
        yield KeyBar()

    def body(self) -> ComposeResult:
        """The widgets between the top of the screen and the status line."""
        yield from ()

    def hear(self, answers: Sequence[Answer]) -> None:
        """Answers came, perhaps for this screen. Called for every screen, also under another one."""

    def receive(self, news: News) -> None:
        """The board or the health changed: show it. Called for the screen on top only, after `hear`."""

    def catch_up(self) -> None:
        """The screen is on top again: show everything as it is now."""

    @property
    def on_top(self) -> bool:
        """Whether this screen is the one that is seen. (`is_current` also holds for the one just below.)"""
        return self.app.screen is self

    @property
    def beside(self) -> str | None:
        """The profile of the session that is looked at here, if one is."""
        return None

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str | None:
        """Why this action cannot be taken now, in words; None when it can."""
        return None

    def tell(self, text: str, *, bad: bool = False) -> None:
        """Says something on the status line for a few seconds."""
        self.query_one(StatusLine).tell(line(text), bad=bad)

    def on_resize(self, event: events.Resize) -> None:
        small = event.size.width < MIN_COLUMNS or event.size.height < MIN_ROWS
        self.set_class(small, "-too-small")

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        if not self._styled:
            # Everything was styled when it was mounted, a moment ago: doing it again doubles the way to a first frame.
            self._styled = True
            event.refresh_styles = False
        self.catch_up()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """None greys a key: it stays visible, and pressing it says why. False hides what makes no sense now."""
        if action in ("filter", "find") and self.is_mounted and self.query_one(StatusLine).asking:
            return False
        return None if self.why_not(action, parameters) else True

    def on_key(self, event: events.Key) -> None:
        """A greyed key that no widget took gets its reason. Others pass: the app looks for what they are bound to."""
        active = active_binding(self, event.key)
        if active is None or active.enabled:
            return
        _namespace, action, parameters = parse(active.binding.action)
        reason = self.why_not(action, parameters)
        if reason:
            event.stop()
            self.tell(reason)

    def action_leave(self) -> None:
        """Out: to the screen below, if there is one."""
        if len(self.app.screen_stack) > 1:
            self.app.pop_screen()
