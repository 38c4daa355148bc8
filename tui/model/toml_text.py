"""A TOML text of the user's: what it says, and in which line things stand, which tomllib does not tell.

No message repeats what stands in the file: it may be a key. Pure: the bytes come from whoever reads files.
"""

from __future__ import annotations

import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any

from tui.model.problem import ConfigProblem

_NAME = r"""(?:"([^"]*)"|'([^']*)'|([^\s"'=.\[\]]+))"""
_HEADER = re.compile(rf"\s*\[\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*\]")
_PART = re.compile(_NAME)
_KEY = re.compile(rf"\s*\[?{_NAME}\s*[=.\]]")
_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")

Table = dict[str, Any]


def parse(path: Path, data: bytes) -> tuple[Table, Outline]:
    """What the bytes of the file at `path` say, and where. Raises `ConfigProblem`."""
    try:
        text = data.decode("utf-8-sig")  # some editors begin every file with a mark
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigProblem(f"{path}:{line}: this is not UTF-8 text") from None
    return _tables(path, text), Outline(text)


def _tables(path: Path, text: str) -> Table:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Only the place is told: the words quote what stands there, and that may be a key.
        found = _LINE.search(str(error))
        where = f"{path}:{found[1]}" if found else str(path)
        column = f", column {found[2]}" if found else ", at its end"
        raise ConfigProblem(f"{where}: this is not valid TOML{column}") from None
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets without end
        raise ConfigProblem(f"{path}: this is not valid TOML") from None


class Outline:
    """A TOML text and the lines in which things begin, looked for at the first question and then known: a file
    can hold thousands of mistakes. Lines are counted from 1."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.splitlines()

    @cached_property
    def _headers(self) -> dict[tuple[str, ...], int]:
        found: dict[tuple[str, ...], int] = {}
        for number, line in enumerate(self._lines, 1):
            if match := _HEADER.match(line):
                found.setdefault(tuple(map(_name, _PART.finditer(match[1]))), number)
        return found

    @cached_property
    def _keys(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for number, line in enumerate(self._lines, 1):
            if match := _KEY.match(line):
                found.setdefault(_name(match), number)
        return found

    def header(self, *path: str) -> int | None:
        """The line of `[a.b]`."""
        return self._headers.get(path)

    def key(self, key: str) -> int | None:
        """The first line of `key = ...`, wherever it is."""
        return self._keys.get(key)

    def key_below(self, key: str, header: int) -> int | None:
        """The line of `key = ...` in the table that begins on line `header`."""
        for number in range(header, len(self._lines)):
            found = _KEY.match(self._lines[number])
            if found and _name(found) == key:
                return number + 1
            if self._lines[number].lstrip().startswith("["):
                return None
        return None


def _name(match: re.Match[str]) -> str:
    return next(name for name in match.groups() if name is not None)
