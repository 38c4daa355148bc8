"""References to secrets: where one lives, read from the store, looked up, and put back into the store.

A secret stands in the store itself, or the store names an environment variable, a private file or a command that
gives it. A value is never part of a message, and what a command writes is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from pathlib import Path
from typing import Final

from tui.model.lazy_dataclass import dataclass
from tui.model.nearest import meant
from tui.model.problem import ConfigProblem
from tui.model.secret import Secret
from tui.profiles.permissions import SECRET, read_alone

# Anything else breaks a header: h11 would refuse it with the credential in its message.
_ACCEPTED = re.compile(r"[\x21-\x7e]{1,8192}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_WAYS: Final = ("env", "file", "command")
_FORMS: Final = (
    'a plain string, { env = "NAME" }, { file = "path" } or { command = ["program", "argument"] }'
)
_LONGEST_PATH: Final = 4096
_MOST_ARGUMENTS: Final = 100

Argv = tuple[str, ...]


class Way(StrEnum):
    """Where a secret can live, in the words of a form."""

    HERE = "here"
    VARIABLE = "variable"
    COMMAND = "command"
    FILE = "file"


class BadReference(ValueError):
    """Why a reference cannot be followed, without a word of what it holds."""


@dataclass(frozen=True, slots=True)
class Here:
    """The secret stands in the store itself."""

    secret: Secret


@dataclass(frozen=True, slots=True)
class FromEnv:
    """An environment variable holds it."""

    name: str


@dataclass(frozen=True, slots=True)
class FromFile:
    """A private file holds it; `path` is as written: from the store's folder on, `~` is the home folder."""

    path: str


@dataclass(frozen=True, slots=True)
class FromCommand:
    """A command prints it. Its arguments may say much: only the program is ever shown."""

    argv: Argv = field(repr=False)


Reference = Here | FromEnv | FromFile | FromCommand


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where references lead: the environment, the store's folder, and what commands gave.

    `outputs` is None where no command was run, which a mere look at the store never does.
    """

    environ: Mapping[str, str] = field(repr=False)
    folder: Path
    outputs: Mapping[Argv, Secret | BadReference] | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a secret is kept, for people: "in the file", "env NAME, not set", "command pass, not run".

    `usable` says whether it could be read; of a command that was not run that is not known, and it counts as yes.
    `way` is None for what is no reference at all.
    """

    words: str
    usable: bool
    way: Way | None = field(default=None, compare=False)


def parse(value: object) -> Reference:
    """The reference that a value of the store stands for. Raises `BadReference`."""
    if isinstance(value, str):
        return Here(accepted(value, "it"))
    if not isinstance(value, dict) or len(value) != 1:
        raise BadReference(f"it must be {_FORMS}")
    ((way, what),) = value.items()
    if way == "env":
        return FromEnv(_variable(what))
    if way == "file":
        return FromFile(_path(what))
    if way == "command":
        return FromCommand(_argv(what))
    raise BadReference(f'"{way}" is not a way to keep a secret{meant(str(way), _WAYS)}')


def as_stored(reference: Reference) -> str | dict[str, str | list[str]]:
    """What stands in the store for a reference."""
    match reference:
        case Here(secret):
            return secret.reveal()
        case FromEnv(name):
            return {"env": name}
        case FromFile(path):
            return {"file": path}
        case FromCommand(argv):
            return {"command": list(argv)}


def resolve(value: object, around: Surroundings) -> Secret:
    """The secret that a value of the store stands for; empty for a command that was not run.

    Raises `BadReference`.
    """
    return follow(parse(value), around)


def follow(reference: Reference, around: Surroundings) -> Secret:
    """As `resolve`, for a reference that was read already."""
    match reference:
        case Here(secret):
            return secret
        case FromEnv(name):
            found = around.environ.get(name)
            if found is None:
                raise BadReference(f"the environment variable {name} is not set")
            return accepted(found, f"the environment variable {name}")
        case FromFile(path):
            return _read(path, around.folder)
        case FromCommand(argv):
            if around.outputs is None:
                return Secret("")
            given = around.outputs.get(argv)
            if isinstance(given, Secret):
                return given
            raise given or BadReference(f"the command {program(argv)} was not run")


def kept(value: object, around: Surroundings) -> Kept:
    """How a secret is kept, never what it is. Runs no command."""
    try:
        reference = parse(value)
    except BadReference as problem:
        return Kept(
            "in the file, but not usable" if isinstance(value, str) else str(problem), usable=False
        )
    words = place(reference)
    if isinstance(reference, FromCommand):
        return Kept(f"{words}, not run", usable=True, way=Way.COMMAND)
    try:
        follow(reference, around)
    except BadReference as problem:
        return Kept(_trouble(reference, words, str(problem), around), False, way_of(reference))
    return Kept(words, usable=True, way=way_of(reference))


def way_of(reference: Reference) -> Way:
    """Where a secret lives, as a form says it."""
    match reference:
        case Here():
            return Way.HERE
        case FromEnv():
            return Way.VARIABLE
        case FromFile():
            return Way.FILE
        case FromCommand():
            return Way.COMMAND


def place(reference: Reference) -> str:
    """Where a secret is, in two words; of a command only the program."""
    match reference:
        case Here():
            return "in the file"
        case FromEnv(name):
            return f"env {name}"
        case FromFile(path):
            return f"file {path}"
        case FromCommand(argv):
            return f"command {program(argv)}"


def program(argv: Argv) -> str:
    """What may be shown of a command: its program's name, without the folder."""
    return Path(argv[0]).name or argv[0]


def accepted(raw: str, what: str) -> Secret:
    """The secret in a text that may end in one line end. Raises `BadReference`, which names `what` alone."""
    value = raw[:-2] if raw.endswith("\r\n") else raw.removesuffix("\n")
    if not value:
        raise BadReference(f"{what} is empty")
    if not _ACCEPTED.fullmatch(value):
        raise BadReference(
            f"{what} holds a space, a line break or a letter that no key has, or is longer than 8192"
        )
    return Secret(value)


def _trouble(reference: Reference, words: str, problem: str, around: Surroundings) -> str:
    if isinstance(reference, FromEnv):
        missing = reference.name not in around.environ
        return f"{words}, not set" if missing else f"{words}, not usable"
    return f"{words}, {'missing' if problem.endswith('no such file') else 'not usable'}"


def _read(path: str, folder: Path) -> Secret:
    try:
        whole = folder / Path(path).expanduser()
        data = read_alone(whole, SECRET)
    except RuntimeError:  # ~nobody-of-that-name
        raise BadReference("the home folder in its path is not known") from None
    except FileNotFoundError:
        raise BadReference(f"{path}: there is no such file") from None
    except ConfigProblem as problem:
        raise BadReference(problem.message) from None
    except OSError as error:
        raise BadReference(f"{path} cannot be read: {error.strerror}") from None
    return accepted(data.decode("latin-1"), f"the file {path}")


def _variable(name: object) -> str:
    if not isinstance(name, str) or not _VARIABLE.fullmatch(name):
        raise BadReference("{ env = ... } needs the name of an environment variable")
    return name


def _path(path: object) -> str:
    good = isinstance(path, str) and 0 < len(path) <= _LONGEST_PATH
    if not isinstance(path, str) or not good or not path.isprintable() or path.endswith("/"):
        raise BadReference("{ file = ... } needs the path of a file")
    return path


def _argv(argv: object) -> Argv:
    if isinstance(argv, str):
        raise BadReference(
            '{ command = ... } needs a list, since no shell runs it: ["pass", "show", "support-desk"]'
        )
    words = argv if isinstance(argv, list) and 0 < len(argv) <= _MOST_ARGUMENTS else [None]
    if not all(isinstance(word, str) and "\0" not in word for word in words):
        raise BadReference(
            "{ command = ... } needs a list of texts: the program, then what it takes"
        )
    if not words[0] or not str(words[0]).isprintable():
        raise BadReference("{ command = ... } needs the name of a program")
    return tuple(map(str, words))
