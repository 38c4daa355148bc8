"""`config.toml`: the user's own file, read at the start and never written.

    theme = "ansi-dark"
    view = "waiting"
    cache = true

    [keys]
    "queue.refresh" = "f5"

    [create.proxy-eu]
    mode = "voice-only"

Strict, and yet it keeps nothing from starting: what is wrong is left out and told in a sentence that names file,
line, key and the nearest valid one. What there is to set is passed in: this room knows neither screens nor vendors.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from tui.model import toml_text
from tui.model.form import FieldKind, Form, FormField
from tui.model.lazy_dataclass import dataclass
from tui.model.nearest import meant
from tui.model.problem import ConfigProblem
from tui.model.toml_text import Outline
from tui.settings.keymap import Bindings, remapped

SECTIONS = ("theme", "view", "cache", "keys", "create")
_SIZE_LIMIT = 1024 * 1024

Start = dict[str, str | list[str]]
Fault = Callable[[FormField, str | list[str]], str | None]


@dataclass(frozen=True, slots=True)
class Known:
    """What may stand in the file. `forms` are the create forms by profile, None where a profile has none;
    `fault` says what is wrong with a field's default."""

    themes: Collection[str]
    views: Collection[str]
    bindings: Bindings
    forms: Mapping[str, Form | None]
    fault: Fault


@dataclass(frozen=True, slots=True)
class Config:
    """What the file sets, and a sentence for each thing in it that is left out.

    `cache`: the queue's last rows are kept on the disk, for the next start.
    `keys` maps binding ids to keys as they were written; `create` holds what create forms begin with, by profile.
    """

    theme: str | None = None
    view: str | None = None
    cache: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)
    create: Mapping[str, Start] = field(default_factory=dict)
    problems: tuple[ConfigProblem, ...] = ()


def load(path: Path, known: Known) -> Config:
    """The user's configuration; a file that is not there sets nothing. Never raises."""
    try:
        data = _read(path)
        if data is None:
            return Config()
        tables, outline = toml_text.parse(path, data)
    except ConfigProblem as problem:
        return Config(problems=(problem,))
    return _Reader(path, outline, known).read(tables)


def _read(path: Path) -> bytes | None:
    """The file's bytes; None when there is none. Raises `ConfigProblem`."""
    try:
        with open(path, "rb", opener=_open) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ConfigProblem(f"{path} is not a file: move it away")
            data = file.read(_SIZE_LIMIT + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError:
        raise ConfigProblem(f"{path} is not a file: move it away") from None
    except OSError as error:
        raise ConfigProblem(f"{path} cannot be read: {error.strerror}") from None
    if len(data) > _SIZE_LIMIT:
        raise ConfigProblem(f"{path} is larger than 1 MiB: that is not a configuration")
    return data


def _open(path: str, flags: int) -> int:
    # Without O_NONBLOCK, opening a pipe that lies where the file should be waits for ever.
    return os.open(path, flags | os.O_NONBLOCK)


class _Reader:
    """Reads one file and collects what is wrong in it."""

    def __init__(self, path: Path, outline: Outline, known: Known) -> None:
        self._path, self._outline, self._known = path, outline, known
        self._problems: list[ConfigProblem] = []

    def read(self, tables: Mapping[str, Any]) -> Config:
        for name in tables:
            if name not in SECTIONS:
                self._wrong(self._outline.key(name), name, f"unknown key{meant(name, SECTIONS)}")
        return Config(
            theme=self._one_of(tables, "theme", self._known.themes),
            view=self._one_of(tables, "view", self._known.views),
            cache=self._yes(tables, "cache"),
            keys=self._keys(tables.get("keys", {})),
            create=self._create(tables.get("create", {})),
            problems=tuple(self._problems),
        )

    def _wrong(self, line: int | None, key: str, what: str) -> None:
        place = f"{self._path}:{line}" if line else str(self._path)
        self._problems.append(ConfigProblem(f"{place}: {key}: {what}"))

    def _line(self, key: str, *table: str) -> int | None:
        """The line of a key in a table, else of the table's header."""
        header = self._outline.header(*table)
        if header is None:
            return self._outline.key(key)
        return self._outline.key_below(key, header) or header

    def _one_of(self, tables: Mapping[str, Any], key: str, known: Collection[str]) -> str | None:
        value = tables.get(key)
        if value is None or (isinstance(value, str) and value in known):
            return value
        near = meant(value if isinstance(value, str) else "", known)
        self._wrong(self._outline.key(key), key, f"unknown {key}{near}")
        return None

    def _yes(self, tables: Mapping[str, Any], key: str) -> bool:
        value = tables.get(key, False)
        if isinstance(value, bool):
            return value
        self._wrong(self._outline.key(key), key, "it must be true or false")
        return False

    # --- keys -----------------------------------------------------------------------------------------------

    def _keys(self, table: object) -> Mapping[str, str]:
        if not isinstance(table, dict):
            self._wrong(self._outline.key("keys"), "keys", "it must be a table: [keys]")
            return {}
        wanted = dict(_flat(table))
        result, faults = remapped(wanted, self._known.bindings)
        for id, what in faults.items():
            line = self._line(id, "keys") if self._outline.header("keys") else None
            self._wrong(line, f"keys: {id}", what)
        return result

    # --- create -----------------------------------------------------------------------------------------------

    def _create(self, tables: object) -> Mapping[str, Start]:
        if not isinstance(tables, dict):
            self._wrong(self._outline.key("create"), "create", "it must be tables: [create.NAME]")
            return {}
        forms = self._known.forms
        made: dict[str, Start] = {}
        for name, table in tables.items():
            line = self._outline.header("create", name)
            form = forms.get(name)
            if name not in forms:
                self._wrong(line, f"create.{name}", f"there is no such profile{meant(name, forms)}")
            elif form is None:
                self._wrong(line, f"create.{name}", "this vendor offers no way to create a session")
            elif not isinstance(table, dict):
                self._wrong(line, f"create.{name}", f"it must be a table: [create.{name}]")
            else:
                made[name] = dict(self._defaults(name, form, table))
        return made

    def _defaults(
        self, profile: str, form: Form, table: Mapping[str, Any]
    ) -> Iterator[tuple[str, str | list[str]]]:
        for name, value in table.items():
            found = form.field(name)
            line = self._line(name, "create", profile)
            where = f"create.{profile}: {name}"
            if found is None:
                names = [known.name for known in form.fields]
                self._wrong(line, where, f"unknown field{meant(name, names)}")
                continue
            typed = _typed(found, value)
            fault = "it must be text, a number or true or false" if typed is None else None
            if typed is not None:
                fault = self._known.fault(found, typed)
            if fault is not None or typed is None:
                self._wrong(line, where, str(fault))
            else:
                yield name, typed


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, object]]:
    """`queue.refresh = "f5"` without quotes is a table in a table: both ways mean the same."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _typed(field: FormField, value: object) -> str | list[str] | None:
    """A value of the file as it would be typed into its field; None where it cannot be."""
    if field.kind is FieldKind.SECRET:
        return None  # a secret belongs into the profile store, which others cannot read
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list) and field.kind is FieldKind.PARTICIPANTS:
        return [item if isinstance(item, str) else json.dumps(item, default=str) for item in value]
    return None
