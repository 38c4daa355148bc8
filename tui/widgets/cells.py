"""Text in cells: how wide it is, cut and padded to a width, wrapped to a width.

Widths are counted as Rich and Textual count them, so that what is laid out here is what they draw. Text is
first made `steady`: emoji sequences whose width terminals disagree about (joined families, skin tones, colour
variants) are reduced to their first symbol, because one wrong cell shifts the rest of the line.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, split_graphemes

_FIRST_COMBINING = "\u0300"  # everything printable below it is one cell wide
_JOINED_SYMBOL = re.compile("\u200d[\u2190-\u2bff\U0001f000-\U0001faff]")
_UNSTEADY = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CLOSING = frozenset("、。，．：；！？）」』】〉》〕…,.:;!?)]}%")


def steady(text: str) -> str:
    """The same text on one line, without the sequences that terminals measure differently."""
    if text.isascii():
        return text if text.isprintable() else _CONTROL.sub(" ", text)
    # Variation selectors go first: they may stand between a symbol and its joiner.
    text = text.replace("\ufe0f", "")
    return _CONTROL.sub(" ", _UNSTEADY.sub("", _JOINED_SYMBOL.sub("", text)))


def width(text: str) -> int:
    """How many cells steady text takes."""
    return len(text) if _narrow(text) else cell_len(text)


def fit(text: str, cells: int, *, right: bool = False, ellipsis: str = "…") -> str:
    """The text in exactly `cells` cells: padded, or cut with an ellipsis."""
    if len(text) <= cells and text.isascii() and text.isprintable():
        return text.rjust(cells) if right else text.ljust(cells)  # as nearly all texts are
    text = steady(text)
    size = width(text)
    if size > cells:
        text = cut(text, cells, ellipsis=ellipsis)
        size = width(text)
    padding = " " * (cells - size)
    return padding + text if right else text + padding


def cut(text: str, cells: int, *, ellipsis: str = "…") -> str:
    """Steady text in at most `cells` cells; what is missing is shown by the ellipsis."""
    if cells <= 0:
        return ""
    if width(text) <= cells:
        return text
    room = cells - len(ellipsis)
    if room < 0:
        return _head(text, cells)
    return _head(text, room).rstrip() + ellipsis


def wrap(text: str, cells: int) -> list[tuple[int, int]]:
    """Where the lines of one steady paragraph start and end, none wider than `cells` (at least 2).

    Breaks at spaces, which then belong to no line; a word that is too long is broken where the line ends, and
    wide scripts between their characters, but never before closing punctuation.
    """
    cells = max(2, cells)
    if width(text) <= cells:
        return [(0, len(text))]
    return _wrap_narrow(text, cells) if _narrow(text) else _wrap_wide(text, cells)


def _narrow(text: str) -> bool:
    return text.isascii() or max(text) < _FIRST_COMBINING


def _head(text: str, cells: int) -> str:
    if _narrow(text):
        return text[:cells]
    used = 0
    for start, _end, size in split_graphemes(text)[0]:
        used += size
        if used > cells:
            return text[:start]
    return text


def _wrap_narrow(text: str, cells: int) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    start, length = 0, len(text)
    while length - start > cells:
        space = text.rfind(" ", start, start + cells + 1)
        if space <= start or not text[start:space].strip():
            lines.append((start, start + cells))
            start += cells
        else:
            lines.append((start, space))
            start = _past_spaces(text, space)
    if start < length or not lines:
        lines.append((start, length))
    return lines


def _wrap_wide(text: str, cells: int) -> list[tuple[int, int]]:
    spans = split_graphemes(text)[0]
    lines: list[tuple[int, int]] = []
    first = at = gap = used = (
        0  # grapheme numbers: the line's first, this one, the last place to break
    )
    while at < len(spans):
        if at > first and _may_break(text, spans, at):
            gap = at
        if used + spans[at][2] <= cells:
            used += spans[at][2]
            at += 1
            continue
        start = spans[first][0]
        stop = gap if gap > first and text[start : spans[gap][0]].strip() else at
        lines.append((start, spans[stop][0]))
        while stop < len(spans) and text[spans[stop][0]] == " ":
            stop += 1
        first = at = gap = stop
        used = 0
    if first < len(spans):
        lines.append((spans[first][0], len(text)))
    return lines


def _may_break(text: str, spans: list[tuple[int, int, int]], at: int) -> bool:
    char = text[spans[at][0]]
    beside_wide = spans[at][2] == 2 or spans[at - 1][2] == 2
    return char == " " or (beside_wide and char not in _CLOSING)


def _past_spaces(text: str, at: int) -> int:
    while at < len(text) and text[at] == " ":
        at += 1
    return at
