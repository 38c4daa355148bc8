"""A tiny app around one list widget, which writes down what the widget paints and posts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.terminal.hooks_paint import LeanScreen
from tui.widgets.session_table import SessionTable

START = datetime(2026, 7, 14, 10, 45, tzinfo=UTC)


class FakeClock:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def pass_seconds(self, seconds: float) -> datetime:
        self.time += timedelta(seconds=seconds)
        return self.time


class PaintLog:
    """What one widget asked to have painted: `regions`, and how often the whole of itself."""

    def __init__(self, widget: Widget) -> None:
        self.regions: list[Region] = []
        self.whole = 0
        self._refresh = widget.refresh
        widget.refresh = self._note  # type: ignore[method-assign]

    def _note(self, *regions: Region, **more: Any) -> Widget:
        self.regions.extend(regions)
        self.whole += not regions
        return self._refresh(*regions, **more)

    def clear(self) -> None:
        self.regions.clear()
        self.whole = 0

    @property
    def nothing(self) -> bool:
        return not self.regions and not self.whole

    @property
    def lines(self) -> list[int]:
        """The painted lines, each once."""
        return sorted({region.y for region in self.regions})


class Host(App[None]):
    """Shows one widget and keeps the messages that reach it. Space marks, as in the queue."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "mark")]

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.shown = widget
        self.posted: list[Message] = []
        self._arrived = asyncio.Event()

    def get_default_screen(self) -> Screen[None]:
        """A screen that paints as ours do."""
        return LeanScreen()

    def compose(self) -> ComposeResult:
        yield self.shown

    def action_mark(self) -> None:
        if isinstance(self.shown, SessionTable):
            self.shown.mark()

    def keep(self, message: Message) -> None:
        """For `run_test(message_hook=...)`: messages of the shown widget's own kinds, each once."""
        if any(message is kept for kept in self.posted):
            return  # the hook hears a message again at every node that it bubbles to
        if type(message).__qualname__.startswith(type(self.shown).__name__ + "."):
            self.posted.append(message)
            self._arrived.set()

    def notice(self) -> None:
        """Has `until` look again."""
        self._arrived.set()

    async def until(self, condition: Callable[[], bool], seconds: float = 5.0) -> None:
        """Waits until posted messages fulfil the condition."""

        async def wait() -> None:
            while not condition():
                self._arrived.clear()
                await self._arrived.wait()

        await asyncio.wait_for(wait(), seconds)


def session(name: str, status: Status = Status.WAITING, *, age: float = 95, **more: Any) -> Session:
    """A session whose id and customer are `name`, begun `age` seconds before the start."""
    given: dict[str, Any] = {
        "profile": "proxy-eu",
        "provider": "twilio-proxy",
        "customer": line(name),
        "created_at": START - timedelta(seconds=age),
    }
    return Session(id=Opaque(name), status=status, **(given | more))


def screen_text(widget: Widget) -> list[str]:
    """The widget's lines as they stand on the screen."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]
