"""A store (`profiles.toml`, `tokens.toml`) as a whole: read, parsed, its version looked at. No table is judged here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from tui.model import toml_text
from tui.model.lazy_dataclass import dataclass
from tui.model.toml_text import Outline
from tui.profiles.frames import without_frames
from tui.profiles.permissions import open_folder, read_private
from tui.profiles.place import Place

VERSION = 1
# More is no version of anything, and Python does not write out a number of thousands of digits.
_LAST_VERSION = 999_999


@dataclass(frozen=True, slots=True)
class Document:
    """The store as it lies on the disk. `exists` is False when there is none, which is no error."""

    path: Path
    tables: Mapping[str, Any] = field(repr=False)
    outline: Outline = field(repr=False)
    exists: bool = True

    @property
    def version(self) -> int:
        """The format's version; a store that does not say is of the first."""
        return int(self.tables.get("version", VERSION))

    @property
    def newer(self) -> bool:
        """Whether a later sessiontop wrote it: it is read, and never written."""
        return self.version > VERSION


@without_frames
def read(path: Path) -> Document:
    """The store at `path`. Raises `ConfigProblem` when it cannot be used at all."""
    try:
        folder = open_folder(path.parent)
    except FileNotFoundError:
        return _nothing(path)
    try:
        return read_in(folder, path)
    finally:
        os.close(folder)


def read_in(folder: int, path: Path) -> Document:
    """As `read`, in a folder that is open and checked already."""
    try:
        data = read_private(folder, path)
    except FileNotFoundError:
        return _nothing(path)
    return parse(path, data)


def parse(path: Path, data: bytes) -> Document:
    """What the bytes of a store say. Raises `ConfigProblem`."""
    tables, outline = toml_text.parse(path, data)
    document = Document(path, tables, outline)
    _check_version(document)
    return document


def _nothing(path: Path) -> Document:
    return Document(path, {"version": VERSION}, Outline(""), exists=False)


def _check_version(document: Document) -> None:
    version = document.tables.get("version", VERSION)
    known = isinstance(version, int) and not isinstance(version, bool)
    if not known or not 1 <= version <= _LAST_VERSION:
        place = Place(document.path, document.outline, key="version")
        raise place.problem(f"it must be a whole number from 1 on (this program writes {VERSION})")
