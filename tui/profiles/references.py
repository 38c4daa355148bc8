"""References to secrets: a plain string, or the name of an environment variable that holds one.

`{ file = "..." }` and `{ command = [...] }` are part of the format and come later; until then one sentence
says so. A value is never part of a message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tui.model.nearest import meant
from tui.model.secret import Secret

# Anything else breaks a header: h11 would refuse it with the credential in its message.
_ACCEPTED = re.compile(r"[\x21-\x7e]{1,8192}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_LATER = ("file", "command")
_FORMS = 'a plain string or { env = "NAME" }'


class BadReference(ValueError):
    """Why a reference cannot be followed, without a word of what it holds."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a secret is kept, for people: "set", "env NAME", "env NAME, not set"; `usable` says if it can be read."""

    words: str
    usable: bool


def resolve(value: object, environ: Mapping[str, str]) -> Secret:
    """The secret that a value of the store stands for. Raises `BadReference`."""
    if isinstance(value, str):
        return _accepted(value, "it")
    name = _variable(value)
    found = environ.get(name)
    if found is None:
        raise BadReference(f"the environment variable {name} is not set")
    return _accepted(found, f"the environment variable {name}")


def kept(value: object, environ: Mapping[str, str]) -> Kept:
    """How a secret is kept, never what it is."""
    try:
        resolve(value, environ)
    except BadReference as problem:
        if isinstance(value, str):
            return Kept("set, but not usable", usable=False)
        return Kept(_state(value, environ) or str(problem), usable=False)
    return Kept(_state(value, environ) or "set", usable=True)


def _state(value: object, environ: Mapping[str, str]) -> str | None:
    try:
        name = _variable(value)
    except BadReference:
        return None
    return f"env {name}" if name in environ else f"env {name}, not set"


def _accepted(raw: str, what: str) -> Secret:
    value = raw[:-1] if raw.endswith("\n") else raw
    if not value:
        raise BadReference(f"{what} is empty")
    if not _ACCEPTED.fullmatch(value):
        raise BadReference(
            f"{what} holds a space, a line break or a letter that no key has, or is longer than 8192"
        )
    return Secret(value)


def _variable(value: object) -> str:
    if not isinstance(value, dict) or len(value) != 1:
        raise BadReference(f"it must be {_FORMS}")
    ((form, name),) = value.items()
    if form in _LATER:
        raise BadReference(f"{{ {form} = ... }} comes in a later version; use {_FORMS} until then")
    if form != "env":
        raise BadReference(f'"{form}" is not a way to keep a secret{meant(form, ("env", *_LATER))}')
    if not isinstance(name, str) or not _VARIABLE.fullmatch(name):
        raise BadReference("{ env = ... } needs the name of an environment variable")
    return name
