"""Where in a TOML file something stands, found in the text: tomllib does not tell."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from tui.model.problem import ConfigProblem


@dataclass(frozen=True, slots=True)
class Place:
    """A file, and in it perhaps a profile and a key. `text` is what the file holds."""

    path: Path
    text: str
    profile: str | None = None
    key: str | None = None

    def at(self, key: str) -> Place:
        """The same place, at one key."""
        return replace(self, key=key)

    @property
    def line(self) -> int | None:
        """The line of the key, else of the profile's header; None where neither is found."""
        if self.profile is None:
            return None if self.key is None else _find_key(self.text.splitlines(), self.key, 0)
        header = _find_header(self.text.splitlines(), self.profile)
        if header is None or self.key is None:
            return header
        return _find_key(self.text.splitlines(), self.key, header) or header

    def problem(self, what: str) -> ConfigProblem:
        """One sentence that names file, line, profile and key."""
        line = self.line
        parts = [f"{self.path}:{line}" if line else str(self.path)]
        if self.profile is not None:
            parts.append(f'profile "{self.profile}"')
        if self.key is not None:
            parts.append(self.key)
        return ConfigProblem(": ".join([*parts, what]))


def _find_header(lines: list[str], profile: str) -> int | None:
    name = re.escape(profile)
    header = re.compile(rf"""\s*\[\s*profiles\s*\.\s*(?:{name}|"{name}"|'{name}')\s*\]""")
    for number, line in enumerate(lines, 1):
        if header.match(line):
            return number
    return None


def _find_key(lines: list[str], key: str, after: int) -> int | None:
    """The line of `key = ...` below line `after`, before the next table begins."""
    name = re.escape(key)
    start = re.compile(rf"""\s*\[?(?:{name}|"{name}"|'{name}')\s*[=.\]]""")
    for number, line in enumerate(lines[after:], after + 1):
        if start.match(line):
            return number
        if after and line.lstrip().startswith("["):
            return None
    return None
