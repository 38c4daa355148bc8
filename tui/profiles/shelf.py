"""Where a store of profiles lies: in a file that outlives the program, or in memory for as long as it runs.

The demo keeps its profiles in memory: they can be added and edited there, and nothing is left behind however the
program ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from threading import Lock
from typing import Any

from tui.model.toml_text import Outline, Table
from tui.net.tokens import MemoryTokens
from tui.profiles import document, writer
from tui.profiles.document import VERSION, Document
from tui.profiles.paths import tokens_path
from tui.profiles.tokens import TokenFile


class MemoryStore:
    """Profiles that nobody keeps, and their sign-ins. Its name stands where a file's path would, in a sentence."""

    def __init__(
        self, tables: Mapping[str, Any], tokens: MemoryTokens, name: str = "the demo"
    ) -> None:
        self.tokens = tokens
        self._tables: Table = deepcopy(dict(tables))
        self._lock = Lock()
        self.path = Path(name)

    def __repr__(self) -> str:
        return f"MemoryStore({self.path})"

    def read(self) -> Document:
        """What it holds now."""
        return Document(self.path, {"version": VERSION, **self._tables}, Outline(""))

    def write(self, change: Callable[[Table], Table]) -> None:
        """As the writer of files: `change` gets a copy and gives the new tables."""
        with self._lock:
            self._tables = deepcopy(change(deepcopy(self._tables)))


Where = Path | MemoryStore


def read(where: Where) -> Document:
    """The store as a whole. Raises `ConfigProblem`."""
    return document.read(where) if isinstance(where, Path) else where.read()


def write(where: Where, change: Callable[[Table], Table]) -> None:
    """Replaces the store by `change(what it holds now)`. Raises `ConfigProblem`."""
    if isinstance(where, Path):
        writer.write(where, change)
    else:
        where.write(change)


def folder_of(where: Where) -> Path:
    """The folder from which relative paths in the store go on."""
    return where.parent if isinstance(where, Path) else Path.cwd()


def tokens_of(where: Where) -> TokenFile | MemoryTokens:
    """The sign-ins that go with a store."""
    return TokenFile(tokens_path(where)) if isinstance(where, Path) else where.tokens
