"""The profile store: `load` reads it strictly, `write` (from `writer`) changes it without ever losing it.

A profile with anything wrong in it is not started and says why; the others are. Only what concerns the whole
file (others can read it, it is no TOML) stops them all.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tui.model.lazy_dataclass import dataclass
from tui.model.nearest import meant
from tui.model.problem import ConfigProblem
from tui.model.profile import KeyKind, Profile
from tui.model.text import Clean, line
from tui.profiles.document import Document
from tui.profiles.frames import without_frames
from tui.profiles.place import Place
from tui.profiles.profile_tables import commands_of, declared, find_spec, to_profile
from tui.profiles.references import Argv, Surroundings, kept
from tui.profiles.secret_commands import run_all
from tui.profiles.shelf import Where, folder_of, read
from tui.profiles.writer import write
from tui.providers.base import Spec

__all__ = ["KeyState", "Loaded", "StoredProfile", "load", "overview", "write"]

_TOP = ("version", "profiles")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the store gave: profiles to start, and a sentence for each that is not.

    `broken` gives the same sentences by profile name; `newer` says that a later sessiontop wrote the file,
    which is then never written by this one.
    """

    profiles: tuple[Profile, ...]
    problems: tuple[ConfigProblem, ...]
    path: Path
    exists: bool
    broken: Mapping[str, ConfigProblem]
    newer: bool = False


@dataclass(frozen=True, slots=True)
class KeyState:
    """One key of a profile and how it is kept, in words that hold no secret."""

    key: str
    words: str
    good: bool


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """One profile for `profile list`. `profile` is None when it is not started, `problem` then says why.

    It is there to be looked at: a secret that a command gives is empty in it.
    """

    name: Clean
    provider: Clean
    base_url: Clean
    keys: tuple[KeyState, ...]
    profile: Profile | None
    problem: ConfigProblem | None


@without_frames
def load(
    path: Where,
    specs: Mapping[str, Spec],
    environ: Mapping[str, str],
    only: Collection[str] | None = None,
    told: Callable[[str], object] | None = None,
) -> Loaded:
    """All profiles of the store that can be started. Raises `ConfigProblem` for the whole file.

    The commands that give secrets are run here, all at once and each for 10 s at most; with `only`, those of the
    named profiles alone: the others are known by name then, and not to be used. `told` hears of a long wait.
    """
    document = read(path)
    problems = _strangers(document)
    folder, commands = folder_of(path), _commands(document, specs, only)
    outputs = run_all(commands, environ, folder, told=told or (lambda _: None))
    around = Surroundings(environ, folder, outputs)
    profiles: list[Profile] = []
    broken: dict[str, ConfigProblem] = {}
    for name, table in _tables(document).items():
        mine = around if only is None or name in only else replace(around, outputs=None)
        try:
            profiles.append(to_profile(_place(document, name), table, specs, mine))
        except ConfigProblem as problem:
            broken[name] = problem.bare()  # kept as long as the program runs
    return Loaded(
        tuple(profiles),
        (*problems, *broken.values()),
        document.path,
        document.exists,
        broken,
        document.newer,
    )


def _commands(
    document: Document, specs: Mapping[str, Spec], only: Collection[str] | None
) -> list[Argv]:
    """The commands that give the secrets of the profiles that are meant."""
    return [
        argv
        for name, table in _tables(document).items()
        if only is None or name in only
        for argv in commands_of(table, specs)
    ]


@without_frames
def overview(
    path: Where, specs: Mapping[str, Spec], environ: Mapping[str, str]
) -> tuple[StoredProfile, ...]:
    """Every profile in the store, started or not, with the state of its keys; no value of a secret.

    No command is run: whether one gives a secret is not known here, and its profile counts as good.
    """
    document = read(path)
    around = Surroundings(environ, folder_of(path))
    return tuple(
        _listed(_place(document, name), table, specs, around)
        for name, table in _tables(document).items()
    )


def _listed(
    place: Place, table: Any, specs: Mapping[str, Spec], around: Surroundings
) -> StoredProfile:
    profile, problem = None, None
    try:
        profile = to_profile(place, table, specs, around)
    except ConfigProblem as error:
        problem = error.bare()
    given = table if isinstance(table, dict) else {}
    return StoredProfile(
        line(place.profile),
        line(given.get("provider")),
        line(profile.base_url if profile else given.get("base_url")),
        _key_states(place, given, specs, around),
        profile,
        problem,
    )


def _key_states(
    place: Place, table: Mapping[str, Any], specs: Mapping[str, Spec], around: Surroundings
) -> tuple[KeyState, ...]:
    """The secrets that are given; what is missing is in the problem."""
    try:
        keys = declared(find_spec(place, table, specs))
    except ConfigProblem:
        return ()
    states = []
    for name, key in keys.items():
        if key.kind is KeyKind.SECRET and name in table:
            state = kept(table[name], around)
            states.append(KeyState(name, line(state.words), state.usable))
    return tuple(states)


def _place(document: Document, name: str) -> Place:
    return Place(document.path, document.outline, profile=name)


def _tables(document: Document) -> Mapping[str, Any]:
    tables = document.tables.get("profiles", {})
    if not isinstance(tables, dict):
        place = Place(document.path, document.outline, key="profiles")
        raise place.problem("it must hold tables: [profiles.NAME]")
    return tables


def _strangers(document: Document) -> tuple[ConfigProblem, ...]:
    """What stands beside the profiles and is not known; a newer format may well have more."""
    if document.newer:
        return ()
    return tuple(
        Place(document.path, document.outline, key=key).problem(f"unknown key{meant(key, _TOP)}")
        for key in document.tables
        if key not in _TOP
    )
