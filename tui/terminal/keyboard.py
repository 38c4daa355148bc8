"""Bytes from the terminal as text: never an error, never stuck, never a key that nobody pressed.

Standard library only. It stands before Textual's parser, which on its own
- fails on a byte that is no UTF-8 (a Latin-1 keyboard, an old mouse report): it becomes U+FFFD here;
- turns an escape sequence inside a paste into keys, so that pasted text could end a session: ESC becomes `␛`;
- swallows every key after a paste whose end never comes (a cut line): it is ended after a silence;
- turns answers it did not ask for (colours, versions, arriving late from another program) into keys: taken out.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

PASTE_START: Final = "\x1b[200~"
PASTE_END: Final = "\x1b[201~"
PASTE_SILENCE_SECONDS: Final = 5.0
"""A paste in which nothing arrives for so long is over."""
KEY_SILENCE_SECONDS: Final = 0.5
"""For so long after input a half-received key sequence may still be waiting for its rest."""
_TICK_SECONDS: Final = 0.05

# OSC and DCS strings; device attributes (c) and the state of the kitty keys (u).
_ANSWER: Final = re.compile("\x1b[]P][^\x07\x1b]{0,4096}(?:\x07|\x1b\\\\)|\x1b\\[[?>=][0-9;]*[cu]")


class Keyboard:
    """Decodes one terminal's input. `now` is any clock in seconds that does not go back."""

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._pasting = False
        self._before = ""  # the last characters handed out: a paste's start may come in two parts
        self._held = ""  # the first characters of what may become a paste's end
        self._last = float("-inf")

    def feed(self, data: bytes, now: float) -> str:
        """What to give the parser for these bytes; what is cut in two comes with the call that completes it."""
        self._last = now
        text = self._held + self._decode(data)
        self._held = ""
        out: list[str] = []
        while text:
            part, text = self._pasted(text) if self._pasting else self._typed(text)
            out.append(part)
        return "".join(out)

    def _typed(self, text: str) -> tuple[str, str]:
        """Up to and with the start of a paste; and the rest."""
        seen = self._before + text
        start = seen.find(PASTE_START)
        if start < 0:
            self._before = seen[-(len(PASTE_START) - 1) :]
            return _ANSWER.sub("", text), ""
        self._pasting = True
        self._before = ""
        end = start + len(PASTE_START) - (len(seen) - len(text))
        return _ANSWER.sub("", text[:end]), text[end:]

    def _pasted(self, text: str) -> tuple[str, str]:
        """Up to and with the end of the paste; and the rest."""
        end = text.find(PASTE_END)
        if end >= 0:
            self._pasting = False
            return _harmless(text[:end]) + PASTE_END, text[end + len(PASTE_END) :]
        sizes = range(len(PASTE_END) - 1, -1, -1)
        held = next(size for size in sizes if text.endswith(PASTE_END[:size]))
        kept = len(text) - held
        self._held = text[kept:]
        return _harmless(text[:kept]), ""

    def overdue(self, now: float) -> str:
        """What to give the parser at `now` although nothing came: the end of a paste that lost its own, or nothing."""
        if not self._pasting or now - self._last < PASTE_SILENCE_SECONDS:
            return ""
        rest, self._held = self._held, ""
        self._pasting = False
        return _harmless(rest) + PASTE_END

    def patience(self, now: float, escape_delay: float) -> float | None:
        """How long to wait for input at most, in seconds; None, for ever, when nothing is half-received."""
        if now - self._last < KEY_SILENCE_SECONDS + escape_delay:
            return _TICK_SECONDS
        if self._pasting:
            return max(self._last + PASTE_SILENCE_SECONDS - now, 0.0)
        return None


def _harmless(pasted: str) -> str:
    return pasted.replace("\x1b", "␛")
