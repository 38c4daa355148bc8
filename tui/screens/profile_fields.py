"""The form of a profile, made from what its provider declares, and the draft that a filled-in one comes to. Pure.

A secret takes two fields: what is typed, and where it lives, which decides what is typed. A stored secret that
nothing is typed for stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from pathlib import Path
from typing import Final

from tui.model.form import FieldKind, FormField, Given
from tui.model.lazy_dataclass import dataclass
from tui.model.profile import COMMON_KEYS, KeyKind, ProfileKey
from tui.model.secret import Secret
from tui.model.text import Clean, line
from tui.profiles.drafts import Draft, faults, name_fault, reference_given
from tui.profiles.editing import Stored
from tui.profiles.profile_tables import declared
from tui.profiles.references import BadReference, Reference, Way
from tui.providers.base import Spec

NAME: Final = "name of the profile"
"""No key of any provider has a name with spaces."""
_WAY: Final = " is kept"
_UNKNOWN: Final = " is unknown"
_NONE: Final = "nowhere"
_KEEP, _DROP = "keep it", "take it out"
_SOURCE: Final = "profiles.toml"
_COMMON: Final = frozenset(key.name for key in COMMON_KEYS)
_TYPED: Final = {
    Way.HERE: "the secret itself: it is hidden, and kept in the file",
    Way.VARIABLE: "the name of the environment variable that holds it",
    Way.COMMAND: "the command that prints it: program and arguments; no shell runs it",
    Way.FILE: "the path of a private file (mode 0600) that holds it",
}
_WAYS_HELP: Final = (
    "where the secret lives: here in the file, in an environment variable, printed by a command, "
    "or in a file of its own"
)


@dataclass(frozen=True, slots=True)
class Kit:
    """What the form of one profile is made from. `held` is the stored one that is edited, None for a new one;
    `taken` are the names of the others; `folder` is the store's."""

    spec: Spec
    specs: Mapping[str, Spec]
    folder: Path
    held: Stored | None = None
    taken: Collection[str] = ()
    ways: dict[str, Way | None] = field(default_factory=dict)
    """Where each secret is to live as the form stands; None: nowhere."""

    def fields(self) -> list[FormField]:
        """All fields in their order: those that matter first."""
        found = [FormField(NAME, "name", FieldKind.TEXT, _NAME_HELP, _SOURCE, required=True)]
        for key in self._keys():
            found += self._of(key)
        heading = "Keys that nobody knows:"
        for name in self.held.unknown if self.held is not None else ():
            found.append(_unknown(name, heading))
            heading = ""
        return found

    def start(self) -> dict[str, str | list[str]]:
        """What stands in the fields at first."""
        if self.held is None:
            return {}
        settings = {name: _text(value) for name, value in self.held.settings.items()}
        return {**settings, NAME: self.held.name}

    def secret_field(self, key: ProfileKey) -> FormField:
        """What is typed for a secret, given where it is to live."""
        way = self.ways.setdefault(key.name, self._stored_way(key.name) or Way.HERE)
        kind = FieldKind.SECRET if way in (Way.HERE, None) else FieldKind.TEXT
        told = [key.help] if way in (Way.HERE, None) else []
        told.append("it is taken out" if way is None else _TYPED[way])
        kept = self.held.secrets.get(key.name) if self.held is not None else None
        if kept is not None and way is kept.way:
            told.append(f"nothing typed: it stays ({kept.words})")
        heading = self._heading(key)
        label = key.name if kept is None else f"{key.name}, stored"
        return FormField(key.name, label, kind, "; ".join(told), _SOURCE, heading=heading)

    def moved(self, given: Given) -> list[FormField]:
        """The fields that another choice of where a secret lives has made into others."""
        changed = []
        for name, key in declared(self.spec).items():
            chosen = given.get(f"{name}{_WAY}")
            if not isinstance(chosen, str):
                continue
            way = None if chosen == _NONE else Way(chosen)
            if way is not self.ways[name]:
                self.ways[name] = way
                changed.append(self.secret_field(key))
        return changed

    def draft(self, given: Given) -> tuple[Draft, dict[str, str]]:
        """What the form comes to, and what is wrong with it by the field's name."""
        made = _Made(self.spec.id)
        for name, key in declared(self.spec).items():
            if key.kind is KeyKind.SECRET:
                self._take_secret(name, given, made)
            else:
                self._take_setting(key, given, made)
        for name in self.held.unknown if self.held is not None else ():
            if given.get(f"{name}{_UNKNOWN}") == _DROP:
                made.dropped.add(name)
            else:
                made.wrong[f"{name}{_UNKNOWN}"] = "the profile is not started with it"
        draft = Draft(made.provider, made.settings, made.secrets, frozenset(made.dropped))
        held = self.held.keys if self.held is not None else ()
        wrong = faults(draft, self.specs, self.folder, held)
        return draft, {**self._name_fault(given), **wrong, **made.wrong}

    def examine(self, given: Given) -> dict[str, Clean]:
        """The check of a form, at every key."""
        return {name: line(sentence, 400) for name, sentence in self.draft(given)[1].items()}

    # --- fields -------------------------------------------------------------------------------------------------

    def _keys(self) -> list[ProfileKey]:
        """An address that each account has of its own is as much a key as the others."""
        keys = declared(self.spec)
        first = ["base_url"] if not self.spec.default_base_url else []
        own = [key.name for key in self.spec.keys if key.name not in _COMMON]
        rest = [key.name for key in COMMON_KEYS if key.name not in first]
        return [keys[name] for name in (*first, *own, *rest)]

    def _heading(self, key: ProfileKey) -> str:
        """What stands above a key that begins a group."""
        first_common = "base_url" if self.spec.default_base_url else "ca_file"
        if key.name == first_common:
            return "What any profile may have:"
        if key.name != self._keys()[0].name:
            return ""
        needed = ", or ".join(" and ".join(keys) for keys in self.spec.needs.any_of)
        return f"{self.spec.title} needs {needed}"

    def _of(self, key: ProfileKey) -> list[FormField]:
        if key.kind is KeyKind.SECRET:
            ways = [way.value for way in Way]
            held = self.held is not None and key.name in self.held.secrets
            typed = self.secret_field(key)
            way = self.ways[key.name] or Way.HERE
            kept = FormField(
                f"{key.name}{_WAY}",
                "  kept",
                FieldKind.CHOICE,
                _WAYS_HELP,
                _SOURCE,
                default=way.value,
                choices=(*ways, _NONE) if held else tuple(ways),
            )
            return [typed, kept]
        kinds = {KeyKind.YES_NO: FieldKind.YES_NO, KeyKind.CHOICE: FieldKind.CHOICE}
        kind = kinds.get(key.kind, FieldKind.TEXT)
        default = key.default if kind is not FieldKind.TEXT else None
        assert not isinstance(default, float)  # a number is typed
        return [
            FormField(
                key.name,
                key.name,
                kind,
                self._help(key),
                _SOURCE,
                default=default,
                choices=key.choices,
                heading=self._heading(key),
            )
        ]

    def _help(self, key: ProfileKey) -> str:
        usual = self.spec.default_base_url if key.name == "base_url" else key.default
        told = [key.help]
        if usual not in (None, "") and key.kind not in (KeyKind.YES_NO, KeyKind.CHOICE):
            told.append(f"empty: {_text(usual)}")
        if key.offered:
            told.append("empty: the check lists them to choose from")
        return "; ".join(told)

    def _stored_way(self, name: str) -> Way | None:
        kept = self.held.secrets.get(name) if self.held is not None else None
        return None if kept is None else kept.way

    # --- the draft ----------------------------------------------------------------------------------------------

    def _name_fault(self, given: Given) -> dict[str, str]:
        name = str(given.get(NAME, ""))
        fault = name_fault(name)
        if not name:
            fault = "it is missing: yours to choose, such as support-eu"
        elif fault is None and name in self.taken:
            fault = f'there is a profile "{name}" already'
        return {} if fault is None else {NAME: fault}

    def _take_setting(self, key: ProfileKey, given: Given, made: _Made) -> None:
        typed = str(given.get(key.name, "")).strip()
        stored = self.held.settings.get(key.name) if self.held is not None else None
        chosen = key.kind in (KeyKind.YES_NO, KeyKind.CHOICE)
        before = stored if stored is not None else key.default if chosen else None
        if typed != _text(before):
            made.settings[key.name] = typed

    def _take_secret(self, name: str, given: Given, made: _Made) -> None:
        way, typed = self.ways[name], given.get(name, "")
        held = self.held.secrets.get(name) if self.held is not None else None
        assert isinstance(typed, str | Secret)  # never a list
        if way is None:
            made.dropped.add(name)
        elif typed:
            try:
                made.secrets[name] = reference_given(way, typed)
            except BadReference as problem:
                made.wrong[name] = str(problem)
        elif way is not (Way.HERE if held is None else held.way):
            made.wrong[name] = f"type {_TYPED[way].partition(':')[0]}"


@dataclass(slots=True)
class _Made:
    """A draft in the making."""

    provider: str
    settings: dict[str, object] = field(default_factory=dict)
    secrets: dict[str, Reference] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    wrong: dict[str, str] = field(default_factory=dict)


_NAME_HELP: Final = "yours to choose, such as support-eu: it stands in lists and after --profile"


def _unknown(name: str, heading: str) -> FormField:
    return FormField(
        f"{name}{_UNKNOWN}",
        line(name, 20),
        FieldKind.CHOICE,
        "it stands in the store, and no key of this provider is called so",
        _SOURCE,
        default=_KEEP,
        choices=(_KEEP, _DROP),
        heading=heading,
    )


def _text(value: object) -> str:
    """A value of the store as it would be typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
