"""Plain text for a terminal or a pipe: cells and tables. No Rich: its import costs more than the answer.

Everything here takes clean text (`model/text.py`) and adds nothing but blanks and line ends.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

_GAP = "  "
_NARROWEST = 8
_ZWJ, _EMOJI_VARIANT = "\u200d", "\ufe0f"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_JAMO_INSIDE = range(0x1160, 0x1200)  # vowels and finals join the syllable before them


def cells(text: str) -> int:
    """How many cells a terminal gives to a line of clean text."""
    if text.isascii():
        return len(text)
    return sum(_cell_widths(text))


def _cell_widths(text: str) -> list[int]:
    """The width that each character adds, in its place: marks and what is joined to an emoji add none."""
    widths: list[int] = []
    before = ""
    for char in text:
        if char == _EMOJI_VARIANT and widths and widths[-1] == 1:
            widths.append(1)  # the symbol before it becomes an emoji of two cells
        elif before == _ZWJ or (ord(char) in _SKIN_TONES and before):
            widths.append(0)
        else:
            widths.append(_own_width(char))
        before = char
    return widths


def _own_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf") or ord(char) in _JAMO_INSIDE:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fit(text: str, width: int) -> str:
    """The text in exactly `width` cells: filled with blanks, or cut with `…`."""
    used = cells(text)
    if used > width:
        text = _cut(text, width - 1) + "…"
        used = cells(text)
    return text + " " * (width - used)


def _cut(text: str, width: int) -> str:
    used = 0
    for index, own in enumerate(_cell_widths(text)):
        used += own
        if used > width:
            return text[:index]
    return text


def table(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    width: int | None,
    flexible: Sequence[int] = (),
    expendable: Sequence[int] = (),
) -> list[str]:
    """Aligned lines, headers first.

    With a `width` the `flexible` columns give way, widest first; where that is not enough, the `expendable` ones
    are left out, in that order.
    """
    lines = [list(headers), *(list(row) for row in rows)]
    natural = [max(map(cells, column)) for column in zip(*lines, strict=True)]
    shown = list(range(len(headers)))
    widths = _narrowed(natural, shown, width, flexible)
    for column in expendable:
        if width is None or _total(widths, shown) <= width:
            break
        shown.remove(column)
        widths = _narrowed(natural, shown, width, flexible)
    return [
        _GAP.join(fit(line[column], widths[column]) for column in shown).rstrip() for line in lines
    ]


def _narrowed(
    natural: list[int], shown: list[int], width: int | None, flexible: Sequence[int]
) -> list[int]:
    widths = list(natural)
    giving = [column for column in flexible if column in shown]
    while width is not None and giving and _total(widths, shown) > width:
        widest = max(giving, key=lambda column: widths[column])
        if widths[widest] <= _NARROWEST:
            break
        widths[widest] -= 1
    return widths


def _total(widths: list[int], shown: list[int]) -> int:
    return sum(widths[column] for column in shown) + len(_GAP) * (len(shown) - 1)


def pairs(rows: Sequence[tuple[str, str]]) -> list[str]:
    """`name  value` lines with the values in one column."""
    left = max((cells(name) for name, _ in rows), default=0)
    return [f"{fit(name, left)}{_GAP}{value}".rstrip() for name, value in rows]
