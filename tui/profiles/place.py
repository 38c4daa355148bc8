"""Where in a TOML file something stands, found in the text: tomllib does not tell."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from tui.model.problem import ConfigProblem

_NAME = r"""(?:"([^"]*)"|'([^']*)'|([^\s"'=.\[\]]+))"""
_HEADER = re.compile(rf"\s*\[\s*profiles\s*\.\s*{_NAME}\s*\]")
_KEY = re.compile(rf"\s*\[?{_NAME}\s*[=.\]]")


class Outline:
    """A TOML text and the lines in which things begin, looked for at the first question and then known: a file
    can hold thousands of mistakes. Lines are counted from 1."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.splitlines()

    @cached_property
    def _headers(self) -> dict[str, int]:
        return _first_lines(_HEADER, self._lines)

    @cached_property
    def _keys(self) -> dict[str, int]:
        return _first_lines(_KEY, self._lines)

    def header(self, profile: str) -> int | None:
        """The line of `[profiles.NAME]`."""
        return self._headers.get(profile)

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


def _first_lines(what: re.Pattern[str], lines: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if match := what.match(line):
            found.setdefault(_name(match), number)
    return found


def _name(match: re.Match[str]) -> str:
    return next(name for name in match.groups() if name is not None)


@dataclass(frozen=True, slots=True)
class Place:
    """A file, and in it perhaps a profile and a key. `outline` is of what the file holds."""

    path: Path
    outline: Outline
    profile: str | None = None
    key: str | None = None

    def at(self, key: str) -> Place:
        """The same place, at one key."""
        return replace(self, key=key)

    @property
    def line(self) -> int | None:
        """The line of the key, else of the profile's header; None where neither is found."""
        if self.profile is None:
            return None if self.key is None else self.outline.key(self.key)
        header = self.outline.header(self.profile)
        if header is None or self.key is None:
            return header
        return self.outline.key_below(self.key, header) or header

    def problem(self, what: str) -> ConfigProblem:
        """One sentence that names file, line, profile and key."""
        line = self.line
        parts = [f"{self.path}:{line}" if line else str(self.path)]
        if self.profile is not None:
            parts.append(f'profile "{self.profile}"')
        if self.key is not None:
            parts.append(self.key)
        return ConfigProblem(": ".join([*parts, what]))
