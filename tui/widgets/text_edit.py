"""A text that is being typed: clean as it comes in, with a cursor that stands between whole characters as people
see them. No widget: what paints it asks where the cursor is."""

from __future__ import annotations

from rich.cells import split_graphemes

from tui.model.text import block, line
from tui.widgets.cells import steady, width, wrap

CAPACITY = 8192
"""More characters than any vendor takes: a paste gone wrong ends here."""
MASK, ASCII_MASK = "•", "*"


class TextEdit:
    """One field's text. `lines` lets line breaks in; else a paste of several lines becomes one."""

    def __init__(self, text: str = "", *, lines: bool = False) -> None:
        self._lines = lines
        self.text = ""
        self.cursor = 0
        self.insert(text)

    def insert(self, text: str) -> None:
        """Typed or pasted text comes through here: it may hold anything."""
        if len(self.text) + len(text) > CAPACITY:
            text = text[: max(0, CAPACITY - len(self.text))]
        head = self._clean(self.text[: self.cursor] + text)
        whole = self._clean(head + self.text[self.cursor :])
        self.text, self.cursor = whole, min(len(head), len(whole))

    def paste(self, text: str) -> None:
        """Several lines become one where there is room for one only, with nothing lost."""
        self.insert(text if self._lines else " ".join(text.split()))

    def _clean(self, text: str) -> str:
        limit = max(1, len(text))
        return block(text, limit) if self._lines else line(text, limit)

    # --- moving and deleting ------------------------------------------------------------------------------

    def press(self, key: str) -> bool:
        """An editing key, by its name; False when it is none of them."""
        act = _KEYS.get(key)
        if act is None:
            return False
        act(self)
        return True

    def _stops(self) -> list[int]:
        """Every place where the cursor may stand."""
        return [0, *(end for _start, end, _cells in split_graphemes(self.text)[0])]

    def _before(self) -> int:
        return max((stop for stop in self._stops() if stop < self.cursor), default=0)

    def _after(self) -> int:
        return min((stop for stop in self._stops() if stop > self.cursor), default=len(self.text))

    def _word_before(self) -> int:
        kept = self.text[: self.cursor].rstrip()
        return max(kept.rfind(" "), kept.rfind("\n")) + 1

    def _word_after(self) -> int:
        rest = self.text[self.cursor :]
        word = rest.lstrip()
        skipped = len(rest) - len(word)
        length = next((at for at, char in enumerate(word) if char.isspace()), len(word))
        return self.cursor + skipped + length

    def _cut(self, start: int, end: int) -> None:
        self.text = self._clean(self.text[:start] + self.text[end:])
        self.cursor = min(start, len(self.text))

    def left(self) -> None:
        self.cursor = self._before()

    def right(self) -> None:
        self.cursor = self._after()

    def home(self) -> None:
        self.cursor = self.text.rfind("\n", 0, self.cursor) + 1

    def end(self) -> None:
        found = self.text.find("\n", self.cursor)
        self.cursor = len(self.text) if found < 0 else found

    def word_left(self) -> None:
        self.cursor = self._word_before()

    def word_right(self) -> None:
        self.cursor = self._word_after()

    def backspace(self) -> None:
        self._cut(self._before(), self.cursor)

    def delete(self) -> None:
        self._cut(self.cursor, self._after())

    def delete_word(self) -> None:
        self._cut(self._word_before(), self.cursor)

    def clear(self) -> None:
        self._cut(0, len(self.text))

    def break_line(self) -> None:
        if self._lines:
            self.insert("\n")

    def move_row(self, by: int, cells: int) -> bool:
        """Up or down among the rows of `cells` cells; False at the first or the last of them."""
        rows = self._rows(cells)
        at = self._row_of(rows)
        if not 0 <= at + by < len(rows):
            return False
        column = self.cursor - rows[at][0]
        start, end = rows[at + by]
        wanted = min(start + column, end)
        self.cursor = max((stop for stop in self._stops() if stop <= wanted), default=0)
        return True

    def _rows(self, cells: int) -> list[tuple[int, int]]:
        """Where the rows of the text start and end. A row is as long as the text, not as its steady form."""
        rows: list[tuple[int, int]] = []
        start = 0
        for paragraph in self.text.split("\n"):
            spans = wrap(paragraph, max(2, cells - 1)) or [(0, 0)]
            rows += [(start + first, start + last) for first, last in spans]
            start += len(paragraph) + 1
        return rows

    def _row_of(self, rows: list[tuple[int, int]]) -> int:
        return max((at for at, (start, _end) in enumerate(rows) if start <= self.cursor), default=0)

    # --- as it is painted -----------------------------------------------------------------------------------

    def window(self, cells: int) -> tuple[str, str, str]:
        """What is seen of one line in `cells` cells: before the cursor, under it, and behind it."""
        half = max(1, cells // 2)
        before, under, after = self._around(self.cursor)
        start = max(0, (width(before) // half - 1) * half) if width(before) >= cells - 1 else 0
        return _without(before, start), under, after

    def masked(self, mask: str, cells: int) -> tuple[str, str, str]:
        """As `window`, with a sign for each character."""
        shown = mask * min(self.cursor, max(1, cells - 2))
        behind = len(self.text) - self.cursor
        return shown, mask if behind else " ", mask * max(0, behind - 1)

    def rows(self, cells: int, height: int) -> list[tuple[str, str, str]]:
        """The `height` rows around the cursor; under the cursor is nothing in the others."""
        rows = self._rows(cells)
        at = self._row_of(rows)
        top = max(0, min(at - height // 2, len(rows) - height))
        found = []
        for index in range(top, min(top + height, len(rows))):
            start, end = rows[index]
            if index != at:
                found.append((steady(self.text[start:end]), "", ""))
                continue
            cursor = min(max(self.cursor, start), end)
            under = self._grapheme(cursor) if cursor < end else " "
            rest = self.text[cursor + len(under) : end] if cursor < end else ""
            found.append((steady(self.text[start:cursor]), steady(under) or " ", steady(rest)))
        return found

    def _around(self, cursor: int) -> tuple[str, str, str]:
        under = self._grapheme(cursor)
        rest = self.text[cursor + len(under) :]
        return steady(self.text[:cursor]), steady(under) or " ", steady(rest)

    def _grapheme(self, cursor: int) -> str:
        end = min((stop for stop in self._stops() if stop > cursor), default=cursor)
        return self.text[cursor:end]


def _without(text: str, cells: int) -> str:
    """The text without its first `cells` cells."""
    if not cells:
        return text
    spans = split_graphemes(text)[0]
    used = 0
    for start, _end, size in spans:
        if used >= cells:
            return text[start:]
        used += size
    return ""


_KEYS = {
    "left": TextEdit.left,
    "right": TextEdit.right,
    "home": TextEdit.home,
    "end": TextEdit.end,
    "ctrl+e": TextEdit.end,
    "ctrl+left": TextEdit.word_left,
    "ctrl+right": TextEdit.word_right,
    "backspace": TextEdit.backspace,
    "delete": TextEdit.delete,
    "ctrl+w": TextEdit.delete_word,
    "ctrl+u": TextEdit.clear,
    # Enter has another meaning, and only some terminals tell it from alt+Enter.
    "ctrl+n": TextEdit.break_line,
    "alt+enter": TextEdit.break_line,
    "shift+enter": TextEdit.break_line,
}
