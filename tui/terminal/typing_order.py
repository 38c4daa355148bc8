"""Keys take effect one after another, also when many arrive in one piece.

The framework hands every key on to the widget that has the focus at the moment of its arrival, while the effect
of the key before may still be on its way. Over a slow link a person's `/`, the words and Enter come as one packet;
without this the words would be taken for keys of the list below.

A key that only moves a cursor takes the short way: it is done, and shown, before the next one is looked at.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Any, ClassVar, Final, TypeVar

from textual import constants, events
from textual.message import Message
from textual.timer import Timer

from tui.terminal.frames import FramedApp
from tui.terminal.hooks_keys import take_at_once
from tui.terminal.hooks_paint import paint_at_once

Result = TypeVar("Result")

# A screen that goes away may take a marker with it; the keys behind it are then held up no longer than this.
_PATIENCE_SECONDS: Final = 0.25
_FRAME_SECONDS: Final = 1 / constants.MAX_FPS


class InTypingOrder(FramedApp[Result]):
    """Hands on the next key only when the one before has been taken, or has come back up to the app untaken.

    Behind each key a marker is sent along the same way: message queues keep their order, so when the marker
    arrives here, the key has been dealt with.
    """

    class KeyTaken(Message):
        """The marker."""

        bubble: ClassVar[bool] = True

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._typed: deque[events.Key | events.Paste] = deque()
        self._key_number = 0
        self._in_flight: int | None = None
        self._impatience: Timer | None = None

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._in_flight is not None:
            self._typed.append(event)
            self._be_patient()
        elif not await self._done_at_once(event):
            await self._hand_on(event)

    async def _done_at_once(self, event: events.Key | events.Paste) -> bool:
        """Only for a key before which nothing is on its way. What a burst of them comes to is drawn once, and no more
        often than the framework's timer would."""
        if not isinstance(event, events.Key):
            return False
        self.pace.touch(time.monotonic())
        if not await take_at_once(self.screen, event.key):
            return False
        if not self.message_queue_size and self.pace.rested(time.monotonic(), _FRAME_SECONDS):
            paint_at_once(self.screen)
        return True

    async def _hand_on(self, event: events.Key | events.Paste) -> None:
        self._key_number += 1
        self._in_flight = number = self._key_number
        target = self.focused or self.screen
        await super().on_event(event)
        if not target.post_message(self.KeyTaken(number)):
            self.post_message(self.KeyTaken(number))

    async def on_in_typing_order_key_taken(self, message: KeyTaken) -> None:
        message.stop()
        if message.number != self._in_flight:
            return
        self._in_flight = None
        if self._impatience is not None:
            self._impatience.stop()
            self._impatience = None
        if self._typed:
            await self._hand_on(self._typed.popleft())
            if self._typed:
                self._be_patient()

    def _be_patient(self) -> None:
        """Keys wait behind the one in flight: not for ever."""
        if self._impatience is None:
            marker = self.KeyTaken(self._key_number)
            self._impatience = self.set_timer(_PATIENCE_SECONDS, lambda: self.post_message(marker))
