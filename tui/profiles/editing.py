"""Edits of the store, for the screen and the command line alike: a profile is drafted, checked and put in place.

A draft names what changes and nothing else, so a stored secret that stays need not be typed again, keys that nobody
knows survive, and an edit that another instance made meanwhile to another key does too. No secret comes out of here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from tui.model.lazy_dataclass import dataclass
from tui.model.nearest import meant
from tui.model.problem import ConfigProblem
from tui.model.profile import KeyKind, Profile, Setting
from tui.model.toml_text import Outline, Table
from tui.profiles.drafts import Draft, as_table, faults, name_fault
from tui.profiles.frames import without_frames
from tui.profiles.place import Place
from tui.profiles.profile_tables import commands_of, declared, to_profile
from tui.profiles.references import Kept, Surroundings, kept
from tui.profiles.secret_commands import run_all
from tui.profiles.shelf import Where, folder_of, read, tokens_of, write
from tui.profiles.writer import HEADER
from tui.providers.base import Spec

Specs = Mapping[str, Spec]


@dataclass(frozen=True, slots=True)
class Stored:
    """A profile as it lies in the store, for a form: plain settings, how each secret is kept, and keys nobody knows.

    `provider` is "" where none is named; a profile may be stored and yet not start.
    """

    name: str
    provider: str
    settings: Mapping[str, Setting] = field(default_factory=dict)
    secrets: Mapping[str, Kept] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """Every key that the provider knows and the store gives."""
        return frozenset({*self.settings, *self.secrets})


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit did. `before` is the profile's former name, None when it is new; `now` is None when it is gone.

    `keys` are those whose value changed, secrets too; empty when nothing did, and then nothing was written. A
    running program loads `now` again and re-keys its worker when there are any, and lets go of `before` when it
    has another name.
    """

    before: str | None
    now: str | None
    keys: frozenset[str] = frozenset()


class _Unchanged(Exception):
    """Nothing is to be written."""


@without_frames
def stored(path: Where, name: str, specs: Specs, environ: Mapping[str, str]) -> Stored:
    """One profile of the store. Runs no command. Raises `ConfigProblem`, also when there is none of that name."""
    table = _named(_profiles(path, read(path).tables), name)
    provider = table.get("provider")
    spec = specs.get(provider) if isinstance(provider, str) else None
    keys = {} if spec is None else declared(spec)
    around = Surroundings(environ, folder_of(path))
    secrets = {key for key in keys if keys[key].kind is KeyKind.SECRET and key in table}
    return Stored(
        name,
        provider if isinstance(provider, str) else "",
        {key: table[key] for key in keys if key in table and key not in secrets},
        {key: kept(table[key], around) for key in keys if key in secrets},
        tuple(key for key in table if key not in keys and key != "provider"),
    )


@without_frames
def names(path: Where) -> tuple[str, ...]:
    """The names in the store, in its order. Raises `ConfigProblem`."""
    return tuple(_profiles(path, read(path).tables))


@without_frames
def candidate(
    path: Where, name: str, draft: Draft, specs: Specs, environ: Mapping[str, str]
) -> Profile:
    """The profile that `put` would make of a draft, secrets looked up and commands run, for a check before saving.

    Raises `ConfigProblem`; its sentence begins with the key.
    """
    document = read(path)
    found = _profiles(path, document.tables).get(name, {})
    table = as_table(found if isinstance(found, dict) else {}, draft, specs)
    outputs = run_all(commands_of(table, specs), environ, folder_of(path))
    around = Surroundings(environ, folder_of(path), outputs)
    try:
        return to_profile(Place(document.path, Outline(""), profile=name), table, specs, around)
    except ConfigProblem as problem:
        raise ConfigProblem(
            problem.message.removeprefix(f'{document.path}: profile "{name}": ')
        ) from None


@without_frames
def put(path: Where, name: str, draft: Draft, specs: Specs, *, new: bool) -> Change:
    """Puts a draft into the store: a `new` profile, or changes to the one of that name.

    Raises `ConfigProblem` for a fault in the draft, for a new name that is taken and for an old one that is gone.
    """
    changed: frozenset[str] = frozenset()

    def change(profiles: Table) -> Table:
        nonlocal changed
        if new and name in profiles:
            raise ConfigProblem(
                f'there is a profile "{name}" already: edit it, or take another name'
            )
        before = {} if new else _named(profiles, name)
        wrong = {} if (fault := name_fault(name)) is None else {"name": fault}
        wrong |= faults(draft, specs, folder_of(path), frozenset(before))
        if wrong:
            key, sentence = next(iter(wrong.items()))
            raise ConfigProblem(f"{key}: {sentence}")
        after = as_table(before, draft, specs)
        changed = _different(before, after)
        if not changed:
            raise _Unchanged
        return {**profiles, name: after}

    return _written(path, change, lambda: Change(None if new else name, name, changed))


@without_frames
def rename(path: Where, old: str, new: str) -> Change:
    """Gives a profile another name, in its place in the file; its sign-in goes with it.

    Raises `ConfigProblem` when that name is taken.
    """

    def change(profiles: Table) -> Table:
        _named(profiles, old)
        if old == new:
            raise _Unchanged
        if (fault := name_fault(new)) is not None:
            raise ConfigProblem(fault)
        if new in profiles:
            raise ConfigProblem(f'there is a profile "{new}" already: take another name')
        return {new if name == old else name: table for name, table in profiles.items()}

    done = _written(path, change, lambda: Change(old, new))
    tokens_of(path).rename(old, new)
    return done


@without_frames
def remove(path: Where, name: str) -> Change:
    """Takes a profile out of the store, with the secrets that stand in it and with its sign-in.

    Raises `ConfigProblem`.
    """
    gone: frozenset[str] = frozenset()

    def change(profiles: Table) -> Table:
        nonlocal gone
        gone = frozenset(_named(profiles, name))
        return {other: table for other, table in profiles.items() if other != name}

    done = _written(path, change, lambda: Change(name, None, gone))
    tokens_of(path).forget(name)
    return done


@without_frames
def loses_comments(path: Where) -> bool:
    """Whether a rewrite would lose comments that somebody wrote into the store."""
    if not isinstance(path, Path):
        return False
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return any(line.lstrip().startswith("#") for line in text.removeprefix(HEADER).splitlines())


def _written(path: Where, change: Callable[[Table], Table], done: Callable[[], Change]) -> Change:
    def whole(tables: Table) -> Table:
        return {**tables, "profiles": change(_profiles(path, tables))}

    try:
        write(path, whole)
    except _Unchanged:
        return Change(done().before, done().now)
    return done()


def _profiles(path: Where, tables: Mapping[str, Any]) -> Table:
    profiles = tables.get("profiles", {})
    if not isinstance(profiles, dict):
        raise ConfigProblem(f"{path}: profiles: it must hold tables: [profiles.NAME]")
    return profiles


def _named(profiles: Mapping[str, Any], name: str) -> Table:
    if name not in profiles:
        raise ConfigProblem(f'there is no profile "{name}"{meant(name, profiles)}')
    table = profiles[name]
    if not isinstance(table, dict):
        raise ConfigProblem(f'profile "{name}" is not a table: [profiles.{name}]')
    return table


def _different(before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(
        key
        for key in {*before, *after}
        if key not in before or key not in after or before[key] != after[key]
    )
