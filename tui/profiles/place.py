"""A place in the profile store, and the sentence about what is wrong there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tui.model.lazy_dataclass import dataclass
from tui.model.problem import ConfigProblem
from tui.model.toml_text import Outline


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
        header = self.outline.header("profiles", self.profile)
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
