"""Numbers that are read out over the phone: in groups, and three lines high where there is room."""

from __future__ import annotations

import re
from typing import Final

from tui.model.text import Clean, line

_CODE: Final = re.compile(r"\d{5,15}", re.ASCII)
_PHONE: Final = re.compile(r"\+\d{7,15}", re.ASCII)
# ITU-T E.164: calling codes of one and of two digits; all others have three.
_ONE_DIGIT: Final = frozenset("17")
_TWO_DIGITS: Final = frozenset(
    str(code)
    for first, last in ((27, 27), (30, 34), (39, 41), (43, 49), (51, 58), (60, 66), (90, 95))
    for code in range(first, last + 1)
) | {"20", "36", "81", "82", "84", "86", "98"}
# Seven segments: top, upper left, upper right, middle, lower left, lower right, bottom.
_SEGMENTS: Final = {
    "0": "1110111",
    "1": "0010010",
    "2": "1011101",
    "3": "1011011",
    "4": "0111010",
    "5": "1101011",
    "6": "1101111",
    "7": "1010010",
    "8": "1111111",
    "9": "1111011",
    "-": "0001000",
}
_PLUS: Final = {True: ("   ", " | ", "-+-"), False: ("   ", "╶┼╴", "   ")}


def grouped(text: Clean) -> Clean:
    """A number as it is read aloud; any other text as it is."""
    if _CODE.fullmatch(text):
        return line(_threes(text))
    if _PHONE.fullmatch(text):
        digits = text[1:]
        size = 1 if digits[0] in _ONE_DIGIT else 2 if digits[:2] in _TWO_DIGITS else 3
        return line(f"+{digits[:size]} {_threes(digits[size:])}")
    return text


def _threes(digits: str) -> str:
    """In threes, and no digit left alone: the last group has two to four."""
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return " ".join(groups)


def big(text: str, width: int, *, ascii_only: bool) -> list[str] | None:
    """The text three lines high; None where it holds more than digits or does not fit `width` cells."""
    if not text or not set(text) <= {*_SEGMENTS, "+", " "}:
        return None
    glyphs = [_glyph(char, ascii_only) for char in text]
    rows = [" ".join(glyph[row] for glyph in glyphs) for row in range(3)]
    return rows if len(rows[0]) <= width else None


def _glyph(char: str, ascii_only: bool) -> tuple[str, str, str]:
    if char == " ":
        return (" ", " ", " ")
    if char == "+":
        return _PLUS[ascii_only]
    return _ascii(_SEGMENTS[char]) if ascii_only else _drawn(_SEGMENTS[char])


def _ascii(on: str) -> tuple[str, str, str]:
    top, upper_left, upper_right, middle, lower_left, lower_right, bottom = (
        sign if lit == "1" else " " for sign, lit in zip("_||_||_", on, strict=True)
    )
    return (
        f" {top} ",
        f"{upper_left}{middle}{upper_right}",
        f"{lower_left}{bottom}{lower_right}",
    )


# Which neighbours a place is joined with (above, right, below, left) -> the sign for it.
_JOINED: Final = {f"{at:04b}": sign for at, sign in enumerate(" ╸╻┓╺━┏┳╹┛┃┫┗┻┣╋")}


def _drawn(on: str) -> tuple[str, str, str]:
    """With box-drawing lines: corners where segments meet."""
    top, upper_left, upper_right, middle, lower_left, lower_right, bottom = [*on]

    def corner(above: str, right: str, below: str, left: str) -> str:
        return _JOINED[above + right + below + left]

    bars = {lit: "━" if lit == "1" else " " for lit in "01"}
    return (
        corner("0", top, upper_left, "0") + bars[top] + corner("0", "0", upper_right, top),
        corner(upper_left, middle, lower_left, "0")
        + bars[middle]
        + corner(upper_right, "0", lower_right, middle),
        corner(lower_left, bottom, "0", "0") + bars[bottom] + corner(lower_right, "0", "0", bottom),
    )
