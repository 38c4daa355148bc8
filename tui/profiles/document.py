"""A store (`profiles.toml`, `tokens.toml`) as a whole: read, parsed, its version looked at. No table is judged here."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tui.model.problem import ConfigProblem
from tui.profiles.permissions import open_folder, read_private
from tui.profiles.place import Outline, Place

VERSION = 1
# More is no version of anything, and Python does not write out a number of thousands of digits.
_LAST_VERSION = 999_999

Table = dict[str, Any]

_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True)
class Document:
    """The store as it lies on the disk. `exists` is False when there is none, which is no error."""

    path: Path
    tables: Mapping[str, Any]
    outline: Outline
    exists: bool = True

    @property
    def version(self) -> int:
        """The format's version; a store that does not say is of the first."""
        return int(self.tables.get("version", VERSION))

    @property
    def newer(self) -> bool:
        """Whether a later sessiontop wrote it: it is read, and never written."""
        return self.version > VERSION


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
    try:
        text = data.decode("utf-8-sig")  # some editors begin every file with a mark
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigProblem(f"{path}:{line}: this is not UTF-8 text") from None
    document = Document(path, _tables(path, text), Outline(text))
    _check_version(document)
    return document


def _nothing(path: Path) -> Document:
    return Document(path, {"version": VERSION}, Outline(""), exists=False)


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


def _check_version(document: Document) -> None:
    version = document.tables.get("version", VERSION)
    known = isinstance(version, int) and not isinstance(version, bool)
    if not known or not 1 <= version <= _LAST_VERSION:
        place = Place(document.path, document.outline, key="version")
        raise place.problem(f"it must be a whole number from 1 on (this program writes {VERSION})")
