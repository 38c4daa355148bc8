"""One `[profiles.NAME]` table, turned into a `Profile` or into the reason why it is not started."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from contextlib import suppress
from typing import Any

from tui.model.lazy_dataclass import dataclass
from tui.model.nearest import meant
from tui.model.profile import COMMON_KEYS, KeyKind, Needs, Profile, ProfileKey, Setting
from tui.model.secret import Secret
from tui.profiles import checks
from tui.profiles.checks import BadValue
from tui.profiles.place import Place
from tui.profiles.references import Argv, BadReference, FromCommand, Surroundings, parse, resolve
from tui.providers.base import Spec

# Names are typed after --profile, shown in columns and used in file names.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
BAD_NAME = (
    "a name has at most 32 letters, digits, dots, dashes or underscores, "
    "and begins with a letter or a digit"
)

_COMMON = frozenset(key.name for key in COMMON_KEYS)


@dataclass(frozen=True, slots=True)
class _Values:
    """The checked keys of a table."""

    settings: dict[str, Setting]
    secrets: dict[str, Secret]

    def given(self) -> set[str]:
        return {*self.settings, *self.secrets}


def declared(spec: Spec) -> dict[str, ProfileKey]:
    """All keys that a profile at this provider takes, by name; the provider's word goes over the common one."""
    return {key.name: key for key in (*COMMON_KEYS, *spec.keys)}


def to_profile(
    place: Place, table: object, specs: Mapping[str, Spec], around: Surroundings
) -> Profile:
    """Reads the table that stands at `place`. Raises `ConfigProblem`.

    Where no command was run, a secret that one gives is empty: such a profile is to be looked at, not to be used.
    """
    name = place.profile or ""
    if not NAME.fullmatch(name):
        raise place.problem(BAD_NAME)
    if not isinstance(table, dict):
        raise place.problem(f"it must be a table: [profiles.{name}]")
    spec = find_spec(place, table, specs)
    keys = declared(spec)
    for given in table:
        if given != "provider" and given not in keys:
            raise place.at(given).problem(f"unknown key{meant(given, keys)}")
    values = _read(place, table, keys, around)
    missing, why = lacking(spec.needs, values.given())
    if missing:
        raise place.problem(f"{_and(missing)} {'is' if len(missing) == 1 else 'are'} missing{why}")
    return _make(place, spec, keys, values)


def find_spec(place: Place, table: Mapping[str, Any], specs: Mapping[str, Spec]) -> Spec:
    """The provider that a table names. Raises `ConfigProblem`."""
    provider = table.get("provider")
    if provider is None:
        raise place.problem(f'the key provider is missing: provider = "{next(iter(specs), "")}"')
    if not isinstance(provider, str) or provider not in specs:
        given = provider if isinstance(provider, str) else ""
        raise place.at("provider").problem(f"unknown provider{meant(given, specs)}")
    return specs[provider]


def _read(
    place: Place, table: Mapping[str, Any], keys: Mapping[str, ProfileKey], around: Surroundings
) -> _Values:
    values = _Values({}, {})
    for name, key in keys.items():
        if name not in table:
            continue
        try:
            if key.kind is KeyKind.SECRET:
                values.secrets[name] = _secret(key, table[name], around)
            else:
                values.settings[name] = checks.plain(key, table[name], place.path.parent)
        except (BadValue, BadReference) as problem:
            raise place.at(name).problem(str(problem)) from None
    return values


def _secret(key: ProfileKey, value: object, around: Surroundings) -> Secret:
    secret = resolve(value, around)
    if secret:
        checks.check_pattern(key, secret.reveal())
    return secret


def lacking(needs: Needs, given: Container[str]) -> tuple[tuple[str, ...], str]:
    """The keys that are still needed, and in brackets what would do where there is a choice; empty when whole."""
    missing = [tuple(key for key in keys if key not in given) for keys in needs.any_of]
    if not missing or not all(missing):
        return (), ""
    # The set that is nearest to whole is most likely the one that was meant.
    choice = f" (needed: {', or '.join(_and(keys) for keys in needs.any_of)})"
    return min(missing, key=len), choice if len(needs.any_of) > 1 else ""


def commands_of(table: object, specs: Mapping[str, Spec]) -> list[Argv]:
    """The commands that give a table's secrets. What cannot be read is not among them."""
    given = table if isinstance(table, dict) else {}
    provider = given.get("provider")
    spec = specs.get(provider) if isinstance(provider, str) else None
    found = []
    for name, key in declared(spec).items() if spec else ():
        if key.kind is KeyKind.SECRET and name in given:
            with suppress(BadReference):
                reference = parse(given[name])
                if isinstance(reference, FromCommand):
                    found.append(reference.argv)
    return found


def _make(place: Place, spec: Spec, keys: Mapping[str, ProfileKey], values: _Values) -> Profile:
    defaults = {name: key.default for name, key in keys.items() if key.default is not None}
    settings: dict[str, Any] = {**defaults, **values.settings}
    base_url = str(settings.get("base_url", spec.default_base_url)).rstrip("/")
    if not base_url:
        raise place.problem("base_url is missing: this vendor has one for each account")
    return Profile(
        name=place.profile or "",
        provider=spec.id,
        base_url=base_url,
        settings={name: value for name, value in settings.items() if name not in _COMMON},
        secrets=values.secrets,
        ca_file=settings.get("ca_file"),
        refresh_seconds=float(settings["refresh_seconds"]),
        history_hours=float(settings["history_hours"]),
        read_only=settings["read_only"],
        me=settings.get("me"),
    )


def _and(names: Any) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else str(last)
