"""A profile asked for at the terminal, key by key, each answer checked before the next question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from tui.commands import asking
from tui.model.profile import COMMON_KEYS, KeyKind, ProfileKey
from tui.model.text import line
from tui.profiles import drafts
from tui.profiles.drafts import Draft, faults
from tui.profiles.editing import Stored
from tui.profiles.profile_tables import declared
from tui.profiles.references import BadReference
from tui.providers.base import Spec

_RARE: Final = tuple(key.name for key in COMMON_KEYS if key.name != "base_url")
_DROP: Final = "-"
_ELSEWHERE: Final = "env:NAME, file:PATH or command:PROGRAM ARGUMENTS"


class Interview:
    """Asks for the keys of one profile. `held` is the stored one that is being edited; None for a new one."""

    def __init__(
        self, spec: Spec, specs: Mapping[str, Spec], folder: Path, held: Stored | None = None
    ) -> None:
        self._spec = spec
        self._specs = specs
        self._folder = folder
        self._held = held
        self._keys = declared(spec)

    def fill(self, draft: Draft) -> Draft:
        """The draft with what was asked; keys that it names already are not asked for. Raises `UsageProblem`."""
        self._say_how()
        told = {*draft.settings, *draft.secrets, *draft.dropped}
        for key in (self._keys["base_url"], *self._spec.keys):
            if key.name not in told and self._is_asked(key, draft):
                draft = self._answered(draft, key)
        draft = self._more(draft)
        return self.complete(draft)

    def complete(self, draft: Draft) -> Draft:
        """Asks again for what is missing or wrong until nothing is."""
        while wrong := self._faults(draft):
            for name, sentence in wrong.items():
                asking.show(f"  {name}: {sentence}")
            for name in wrong:
                if name in self._keys:
                    draft = self._answered(draft, self._keys[name])
        return draft

    def _say_how(self) -> None:
        if self._held is not None:
            asking.show(f"Enter keeps what is there, {_DROP} takes a key out.")
        else:
            needed = ", or ".join(" and ".join(keys) for keys in self._spec.needs.any_of)
            asking.show(f"{self._spec.title} needs {needed}. Enter leaves a key out.")
        asking.show(f"In place of a secret you may type where it is: {_ELSEWHERE}.")
        asking.show("Ctrl-C ends it, and nothing is saved.")

    def _is_asked(self, key: ProfileKey, draft: Draft) -> bool:
        """A new profile is not asked for what the vendor will offer, nor for another way in than the one begun."""
        if self._held is not None:
            return True
        given = {*draft.settings, *draft.secrets}
        return not key.offered and not self._spec.needs.superfluous(key.name, given)

    def _faults(self, draft: Draft) -> dict[str, str]:
        held = frozenset() if self._held is None else self._held.keys
        return faults(draft, self._specs, self._folder, held)

    def _answered(self, draft: Draft, key: ProfileKey) -> Draft:
        """The draft with the answer to one question, asked until it is a good one."""
        ask = self._with_secret if key.kind is KeyKind.SECRET else self._with_setting
        while True:
            try:
                asked = ask(draft, key)
            except BadReference as problem:
                asking.show(f"  {problem}")
                continue
            sentence = self._faults(asked).get(key.name, "")
            # Of several ways in one is needed, which is known when all were asked for.
            later = key.name != "base_url" and sentence.startswith("it is missing")
            if not sentence or later:
                return asked
            asking.show(f"  {sentence}")

    def _with_setting(self, draft: Draft, key: ProfileKey) -> Draft:
        before = self._before(key)
        answer = asking.ask(f"{key.name}: {_words(key)}", before)
        if answer == _DROP and self._held is not None:
            return replace(draft, dropped=draft.dropped | {key.name})
        settings = {name: value for name, value in draft.settings.items() if name != key.name}
        if answer and answer != before:
            settings[key.name] = answer
        return replace(draft, settings=settings)

    def _before(self, key: ProfileKey) -> str:
        """What is there, or holds when nothing is."""
        held = None if self._held is None else self._held.settings.get(key.name)
        usual = self._spec.default_base_url if key.name == "base_url" else key.default
        value = usual if held is None else held
        if isinstance(value, bool):
            return "yes" if value else "no"
        return "" if value is None else line(str(value))

    def _with_secret(self, draft: Draft, key: ProfileKey) -> Draft:
        kept = None if self._held is None else self._held.secrets.get(key.name)
        there = f" (kept: {kept.words})" if kept is not None else ""
        answer = asking.ask_hidden(f"{key.name}: {key.help}{there}")
        secrets = {name: value for name, value in draft.secrets.items() if name != key.name}
        if answer == _DROP and kept is not None:
            return replace(draft, secrets=secrets, dropped=draft.dropped | {key.name})
        if answer.strip():
            secrets[key.name] = reference = drafts.reference_typed(answer.strip())
            asking.show(f"  {drafts.taken(reference)}")
        return replace(draft, secrets=secrets)

    def _more(self, draft: Draft) -> Draft:
        """The settings that every provider takes and that hardly anybody needs, by name."""
        names = [name for name in _RARE if name not in draft.settings]
        while True:
            answer = asking.ask(f"Anything else? KEY=VALUE, or Enter for no ({', '.join(names)})")
            if not answer:
                return draft
            name, equals, value = answer.partition("=")
            if not equals or name.strip() not in _RARE:
                asking.show("  type one of the names, =, and its value")
                continue
            asked = replace(draft, settings={**draft.settings, name.strip(): value.strip()})
            sentence = self._faults(asked).get(name.strip())
            if sentence is None:
                draft = asked
            else:
                asking.show(f"  {sentence}")


def _words(key: ProfileKey) -> str:
    told = [key.help]
    if key.choices:
        told.append(" or ".join(key.choices))
    return "; ".join(filter(None, told))
