"""The render belt: whatever a widget was given, no control function inside a text reaches the terminal."""

from __future__ import annotations

import re
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

# Controls, bidi controls, zero-width and invisible formats, separators, tags, surrogates. The joiners and the
# emoji variants stay: they decide how wide their neighbours are, and cleaning lets them through only there.
_FORBIDDEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)

_JOINERS: Final = re.compile("[\u200c\u200d\ufe0e\ufe0f]")


class ControlFilter(LineFilter):
    """The render belt: whatever a widget was given, no control function inside a text reaches the terminal.

    Cleaning at the door is what keeps text safe; this stands behind it and counts. `hits` above 0 in a test
    means that something came in by another way. Links (OSC 8) are taken off as well.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hits = 0
        """Characters dropped and links taken off since the start."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments where nothing is wrong, which is decided at C speed; the width stays the same."""
        if all(map(_harmless, segments)):
            return segments
        return [segment if _harmless(segment) else self._mend(segment) for segment in segments]

    def _mend(self, segment: Segment) -> Segment:
        text, style, control = segment
        mended, dropped = _FORBIDDEN.subn(lambda match: " " * cell_len(match[0]), text)
        if dropped:
            self.hits += dropped
            # Joiners would join other neighbours now; and the layout must hold, whatever that does to the width.
            mended = set_cell_size(_JOINERS.sub("", mended), cell_len(text))
        if style is not None and style.link:
            self.hits += 1
            style = style.update_link(None)
        return Segment(mended, style, control)


def _harmless(segment: Segment) -> bool:
    if segment.control:
        return True  # Textual's own, made of no text
    return segment.text.isprintable() and not (segment.style and segment.style.link)
