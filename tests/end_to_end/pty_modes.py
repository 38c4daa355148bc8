"""Which modes of a terminal a program has set, read from what it wrote."""

from __future__ import annotations

import re
from typing import Final


class Modes:
    """Follows DEC private modes and the kitty keyboard stacks, one for each screen."""

    _DEFAULT_ON: Final = frozenset({"7", "25"})
    _CHANGE: Final = re.compile(rb"\x1b\[\?([\d;]+)([hl])|\x1b\[>(\d*)u|\x1b\[<(\d*)u")
    _LONGEST: Final = 24
    """No sequence looked for here has more bytes."""

    def __init__(self) -> None:
        self._on = set(self._DEFAULT_ON)
        self._kitty = {False: 0, True: 0}
        self._tail = b""

    def feed(self, data: bytes) -> None:
        """Follows the program's output; sequences may be cut anywhere."""
        seen = self._tail + data
        end = 0
        for match in self._CHANGE.finditer(seen):
            end = match.end()
            if match[1]:
                names = set(match[1].decode().split(";"))
                self._on = self._on | names if match[2] == b"h" else self._on - names
            elif match[3] is not None:
                self._kitty[self.alternate] += 1
            else:
                self._kitty[self.alternate] = max(0, self._kitty[self.alternate] - 1)
        rest = seen[end:]
        cut = rest.rfind(b"\x1b")
        unfinished = cut >= 0 and len(rest) - cut <= self._LONGEST
        self._tail = rest[cut:] if unfinished else b""

    @property
    def alternate(self) -> bool:
        """Whether the alternate screen is shown."""
        return "1049" in self._on

    def is_on(self, mode: int) -> bool:
        """Whether this DEC private mode is set now."""
        return str(mode) in self._on

    def left_on(self) -> set[str]:
        """What differs from a terminal as a shell expects it; empty when all was put back."""
        differing = {f"?{name} on" for name in self._on - self._DEFAULT_ON}
        differing |= {f"?{name} off" for name in self._DEFAULT_ON - self._on}
        return differing | {
            f"kitty keys on the {'alternate' if screen else 'normal'} screen"
            for screen, depth in self._kitty.items()
            if depth
        }
