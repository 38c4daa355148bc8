"""Looks of cells as SGR codes, and the shortest way from one look to another. Standard library only.

A look is what stands between `ESC [` and `m`: `1;38;2;255;0;0;48;5;17`. The empty look is the terminal's own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

PLAIN: Final = ""

_FOREGROUND: Final = frozenset(str(code) for code in (*range(30, 38), *range(90, 98)))
_BACKGROUND: Final = frozenset(str(code) for code in (*range(40, 48), *range(100, 108)))
# Those that every terminal which knows the attribute can take back. The rest is taken back with all others.
_OFF: Final = {
    "1": "22",
    "2": "22",
    "3": "23",
    "4": "24",
    "5": "25",
    "7": "27",
    "8": "28",
    "9": "29",
}
# What one code takes back together.
_ALIKE: Final = {"22": ("1", "2"), "24": ("4", "21"), "25": ("5", "6")}
_SEEN_ON_BLANKS: Final = frozenset({"4", "6", "7", "9", "21", "51", "52", "53"})
# The 256 colours as everybody draws them: a cube of six levels, then greys. Below 22 palettes differ.
_LEVELS: Final = (0, 95, 135, 175, 215, 255)
_NUMBERED: Final = {
    **{
        f"{red};{green};{blue}": f"{16 + 36 * r + 6 * g + b}"
        for r, red in enumerate(_LEVELS)
        for g, green in enumerate(_LEVELS)
        for b, blue in enumerate(_LEVELS)
        if r or g
    },
    **{f"{grey};{grey};{grey}": f"{232 + n}" for n, grey in enumerate(range(8, 239, 10))},
}


class Look(NamedTuple):
    """A look taken apart. An empty colour is the terminal's own."""

    attributes: tuple[str, ...]
    foreground: str
    background: str

    @property
    def codes(self) -> str:
        """The look as one string again."""
        return ";".join(filter(None, (*self.attributes, self.foreground, self.background)))


@lru_cache(maxsize=4096)
def parse(look: str) -> Look:
    """Takes a look apart; 39 and 49 are the terminal's own colours, as if nothing were said. A true colour that is one
    of the 256 has the name that is shorter: what knows the first draws the second alike."""
    attributes: set[str] = set()
    colours = {"38": "", "48": ""}
    codes = iter(look.split(";") if look else ())
    for code in codes:
        if code in colours:
            kind = next(codes, "")
            rest = [next(codes, "0") for _ in range(3 if kind == "2" else 1)]
            colours[code] = f"{code};{_shortest(kind, rest)}"
        elif code in _FOREGROUND or code == "39":
            colours["38"] = "" if code == "39" else code
        elif code in _BACKGROUND or code == "49":
            colours["48"] = "" if code == "49" else code
        else:
            attributes.add(code)
    return Look(tuple(sorted(attributes)), colours["38"], colours["48"])


def _shortest(kind: str, values: list[str]) -> str:
    """A colour as shares of red, green and blue, or as its number where it is one of the 256."""
    told = ";".join(values)
    number = _NUMBERED.get(told) if kind == "2" else None
    return f"{kind};{told}" if number is None else f"5;{number}"


@lru_cache(maxsize=4096)
def canonical(look: str) -> str:
    """The one string for all looks that draw text alike."""
    return parse(look).codes


@lru_cache(maxsize=4096)
def blank(look: str) -> str:
    """The one string for all looks that draw a blank alike: of most, only the background is seen."""
    parts = parse(look)
    return parts.codes if _SEEN_ON_BLANKS.intersection(parts.attributes) else parts.background


def is_ground(look: str) -> bool:
    """Whether a blank of this look is a background and nothing else: then erasing draws it too."""
    return look == parse(look).background


@lru_cache(maxsize=16_384)
def change(before: str, after: str) -> str:
    """The control sequence that takes a terminal from one look to another; empty when they are the same."""
    old, new = parse(before), parse(after)
    if old == new:
        return ""
    everything = f"\x1b[0;{new.codes}m" if new.codes else "\x1b[m"
    steps = _steps(old, new)
    if steps is None:
        return everything
    return min(f"\x1b[{';'.join(steps)}m", everything, key=len)


def _steps(old: Look, new: Look) -> list[str] | None:
    """The codes for what differs; None when something can only be taken back with everything else."""
    gone = [code for code in old.attributes if code not in new.attributes]
    if any(code not in _OFF for code in gone):
        return None
    steps = list(dict.fromkeys(_OFF[code] for code in gone))
    lost = [code for step in steps for code in _ALIKE.get(step, ())]
    steps += [code for code in new.attributes if code in lost or code not in old.attributes]
    if new.foreground != old.foreground:
        steps.append(new.foreground or "39")
    if new.background != old.background:
        steps.append(new.background or "49")
    return steps


@lru_cache(maxsize=16_384)
def change_for_blanks(before: str, after: str) -> str | None:
    """As `change`, where only blanks of the look `after` follow: None when they can be drawn as it is."""
    return None if blank(before) == after else change(before, after)
