"""A profile as somebody is typing it: what is wrong with each key so far, and the table that it makes."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import Any, Final

from tui.model.lazy_dataclass import dataclass
from tui.model.nearest import meant
from tui.model.profile import KeyKind, ProfileKey
from tui.model.secret import Secret
from tui.model.toml_text import Table
from tui.profiles import checks
from tui.profiles.checks import BadValue
from tui.profiles.profile_tables import BAD_NAME, NAME, declared, lacking
from tui.profiles.references import (
    BadReference,
    FromCommand,
    Here,
    Reference,
    Surroundings,
    Way,
    accepted,
    as_stored,
    follow,
    parse,
    place,
)
from tui.providers.base import Spec

_YES: Final = frozenset({"yes", "true", "on", "y"})
_IN_FORM: Final = {
    KeyKind.YES_NO: "it must be yes or no",
    KeyKind.NUMBER: "it must be a number",
}
_NO: Final = frozenset({"no", "false", "off", "n"})


@dataclass(frozen=True, slots=True)
class Draft:
    """What a profile is to hold. Of a stored profile it names only what changes; `dropped` keys go.

    A setting is text as it was typed, or a value of the key's own type; empty text is a key that is not given.
    """

    provider: str
    settings: Mapping[str, object] = field(default_factory=dict)
    secrets: Mapping[str, Reference] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()


def reference_typed(text: str) -> Reference:
    """Where a secret lives, as one writes it in a line: `env:NAME`, `file:PATH`, `command:ARGV...`, or the secret.

    Raises `BadReference`, which does not repeat it.
    """
    way, colon, rest = text.partition(":")
    if not colon or way not in ("env", "file", "command"):
        return Here(accepted(text, "it"))
    if way != "command":
        return parse({way: rest})
    try:
        return parse({way: shlex.split(rest)})
    except ValueError:
        raise BadReference("a quotation mark in the command is not closed") from None


def reference_given(way: Way, given: Secret | str) -> Reference:
    """Where a secret lives, as a form asks for it: the secret itself, or what leads to it on one line.

    Raises `BadReference`, which does not repeat it.
    """
    text = (given.reveal() if isinstance(given, Secret) else given).strip()
    if way is Way.HERE:
        return Here(accepted(text, "it"))
    if way is Way.VARIABLE:
        return parse({"env": text})
    return reference_typed(f"{way.value}:{text}")


def taken(reference: Reference) -> str:
    """What to say to somebody who typed it: a paste that was cut short shows in its length."""
    if isinstance(reference, Here):
        return f"{len(reference.secret.reveal())} characters, kept in the file"
    return place(reference)


def name_fault(name: str) -> str | None:
    """What is wrong with a profile's name, if anything."""
    return None if NAME.fullmatch(name) else BAD_NAME


def faults(
    draft: Draft, specs: Mapping[str, Spec], folder: Path, held: Collection[str] = ()
) -> dict[str, str]:
    """One sentence for each key that cannot stay as it is; empty when the draft can be saved.

    `held` are the keys that the stored profile has already; `folder` is the store's, for paths. Cheap enough for
    every key press: nothing is looked up but a `ca_file`, and no command is run.
    """
    spec = specs.get(draft.provider)
    if spec is None:
        return {"provider": f"unknown provider{meant(draft.provider, specs)}"}
    keys = declared(spec)
    found: dict[str, str] = {}
    for name, value in draft.settings.items():
        if (sentence := _fault(name, value, keys, folder)) is not None:
            found[name] = sentence
    for name, reference in draft.secrets.items():
        if (sentence := _secret_fault(name, reference, keys)) is not None:
            found[name] = sentence
    return found | _missing(draft, spec, held, found)


def doubts(draft: Draft, around: Surroundings) -> dict[str, str]:
    """One sentence for each secret that cannot be read at this moment, which does not keep it from being saved."""
    found = {}
    for name, reference in draft.secrets.items():
        try:
            if not isinstance(reference, FromCommand):
                follow(reference, around)
        except BadReference as problem:
            found[name] = str(problem)
    return found


def as_table(before: Mapping[str, Any], draft: Draft, specs: Mapping[str, Spec]) -> Table:
    """The stored table `before`, changed as the draft says; every other key stays, known or not."""
    keys = declared(specs[draft.provider]) if draft.provider in specs else {}
    settings = {
        name: _typed(keys[name], value) for name, value in draft.settings.items() if name in keys
    }
    empty = {name for name, value in settings.items() if value == ""} | draft.dropped
    given = {name: value for name, value in settings.items() if name not in empty}
    secrets = {name: as_stored(reference) for name, reference in draft.secrets.items()}
    kept = {name: value for name, value in before.items() if name not in empty}
    return {**kept, "provider": draft.provider, **given, **secrets}


def _fault(name: str, value: object, keys: Mapping[str, ProfileKey], folder: Path) -> str | None:
    key = keys.get(name)
    if key is None:
        return f"unknown key{meant(name, keys)}"
    if key.kind is KeyKind.SECRET:
        return "it is a secret: it is kept apart from the settings"
    typed = _typed(key, value)
    if typed == "":
        return None
    if isinstance(typed, str) and key.kind in _IN_FORM:
        return _IN_FORM[key.kind]
    try:
        checks.plain(key, typed, folder)
    except BadValue as problem:
        return str(problem)
    return None


def _secret_fault(name: str, reference: Reference, keys: Mapping[str, ProfileKey]) -> str | None:
    key = keys.get(name)
    if key is None or key.kind is not KeyKind.SECRET:
        known = [other.name for other in keys.values() if other.kind is KeyKind.SECRET]
        return f"it is no secret of this provider{meant(name, known)}"
    if isinstance(reference, Here):
        try:
            checks.check_pattern(key, reference.secret.reveal())
        except BadValue as problem:
            return str(problem)
    return None


def _missing(
    draft: Draft, spec: Spec, held: Collection[str], wrong: Collection[str]
) -> dict[str, str]:
    """The keys without which the profile cannot start. One that is given and wrong counts as given."""
    empty = {name for name, value in draft.settings.items() if value == ""} | draft.dropped
    given = ({*held, *draft.settings, *draft.secrets}) - empty
    keys, why = lacking(spec.needs, given)
    found = dict.fromkeys(keys, f"it is missing{why}")
    if not spec.default_base_url and "base_url" not in given:
        found["base_url"] = "it is missing: this vendor has one for each account"
    return {key: sentence for key, sentence in found.items() if key not in wrong}


def _typed(key: ProfileKey, value: object) -> object:
    """Text turned into the key's own type where it can be; what cannot is left for the check to name."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if key.kind is KeyKind.YES_NO:
        return True if text.lower() in _YES else False if text.lower() in _NO else text
    if key.kind is KeyKind.NUMBER and text.isascii() and "_" not in text:
        for kind in (int, float):
            with suppress(ValueError):
                return kind(text)
    return text
