"""What `profile add` and `profile edit` are given on the command line: settings, and where secrets live.

A secret itself never stands there: everybody on the machine can read the arguments of a process.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import field
from typing import Final

from tui.commands import asking, filling
from tui.model.lazy_dataclass import dataclass
from tui.model.nearest import meant
from tui.model.problem import UsageProblem
from tui.model.profile import KeyKind, ProfileKey
from tui.profiles.drafts import reference_typed
from tui.profiles.references import BadReference, Here, Reference, accepted, parse

WAYS: Final = "prompt, stdin, env:NAME, file:PATH or command:PROGRAM ARGUMENTS"
_LINE_LIMIT: Final = 16 * 1024


@dataclass(frozen=True, slots=True)
class Given:
    """The keys that were given, apart from those that are asked for later. `name` and `provider` may be empty."""

    name: str = ""
    provider: str = ""
    settings: dict[str, object] = field(default_factory=dict)
    secrets: dict[str, Reference] = field(default_factory=dict)
    prompts: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        return frozenset({*self.settings, *self.secrets, *self.prompts})


def first_look(args: argparse.Namespace) -> Given:
    """The name and provider, from the options or from `--input`; the keys come with `read`, once these are known.

    `--input` is read here, so a second call would find nothing.
    """
    found = filling.json_input(args.input) if args.input is not None else {}
    name, provider = _text(found, "name"), _text(found, "provider")
    return Given(args.name or name, args.provider or provider, found)


def read(args: argparse.Namespace, given: Given, keys: Mapping[str, ProfileKey]) -> Given:
    """All that was given, sorted into settings and secrets by what the provider declares. Raises `UsageProblem`."""
    settings, secrets = _from_object(given.settings, keys)
    for option in args.set:
        name, equals, value = option.partition("=")
        if not equals or not name:
            raise UsageProblem("--set takes KEY=VALUE")
        if name in keys and keys[name].kind is KeyKind.SECRET:
            raise UsageProblem(
                f"{name} is a secret, and everybody can read the arguments of a process: "
                f"say where it is with --secret {name}=... ({WAYS})"
            )
        settings[name] = value
    prompts: list[str] = []
    for option in args.secret:
        name, equals, value = option.partition("=")
        if not equals or not name:
            raise UsageProblem(f"--secret takes KEY= and then {WAYS}")
        _require_secret(name, keys)
        if value == "prompt":
            prompts.append(name)
        else:
            secrets[name] = _reference(name, value, args.input)
    return Given(given.name, given.provider, settings, secrets, tuple(prompts))


def with_way(name: str, sentence: str, keys: Mapping[str, ProfileKey]) -> str:
    """A fault of one key, with the option that gives a secret where it is missing."""
    if name in keys and keys[name].kind is KeyKind.SECRET and sentence.startswith("it is missing"):
        return f"{name}: {sentence}; say where it is with --secret {name}=... ({WAYS})"
    return f"{name}: {sentence}"


def prompted(given: Given, keys: Mapping[str, ProfileKey]) -> dict[str, Reference]:
    """The secrets that are to be typed, without echo. Raises `UsageProblem` where nobody can be asked."""
    if given.prompts and not asking.can_ask():
        raise UsageProblem(f"nobody can be asked here: use another way than prompt ({WAYS})")
    return {name: ask_secret(keys[name]) for name in given.prompts}


def ask_secret(key: ProfileKey) -> Here:
    """One secret, typed without echo until it is one."""
    while True:
        try:
            return Here(accepted(asking.ask_hidden(f"{key.name}: {key.help}"), "it"))
        except BadReference as problem:
            asking.show(f"  {problem}")


def _text(found: dict[str, object], key: str) -> str:
    """Takes a text out of the object; "" where it is not given."""
    value = found.pop(key, None)
    if value is not None and not isinstance(value, str):
        raise UsageProblem(f"{key} must be text")
    return value or ""


def _from_object(
    found: Mapping[str, object], keys: Mapping[str, ProfileKey]
) -> tuple[dict[str, object], dict[str, Reference]]:
    """The keys of `--input`, written as they are in the store."""
    settings: dict[str, object] = {}
    secrets: dict[str, Reference] = {}
    for name, value in found.items():
        if value is None:
            continue
        if name not in keys or keys[name].kind is not KeyKind.SECRET:
            settings[name] = value
            continue
        try:
            secrets[name] = parse(value)
        except BadReference as problem:
            raise UsageProblem(f"{name}: {problem}") from None
    return settings, secrets


def _reference(name: str, text: str, source: str | None) -> Reference:
    if text == "stdin":
        if source is not None:
            raise UsageProblem(f"standard input is taken by --input: put {name} into it")
        return _from_stdin(name)
    way = text.partition(":")[0]
    if way not in ("env", "file", "command") or ":" not in text:
        raise UsageProblem(f"--secret {name}= takes {WAYS}, never the secret itself")
    try:
        return reference_typed(text)
    except BadReference as problem:
        raise UsageProblem(f"{name}: {problem}") from None


def _from_stdin(name: str) -> Here:
    """One line of standard input; further ones are further secrets."""
    if sys.stdin is None:
        raise UsageProblem("standard input is closed")
    try:
        data = sys.stdin.buffer.readline(_LINE_LIMIT)
        return Here(accepted(data.decode("latin-1"), "standard input"))
    except BadReference as problem:
        raise UsageProblem(f"{name}: {problem}") from None
    except OSError as error:
        raise UsageProblem(f"standard input could not be read: {error.strerror}") from None


def _require_secret(name: str, keys: Mapping[str, ProfileKey]) -> None:
    if name in keys and keys[name].kind is KeyKind.SECRET:
        return
    secrets = [key.name for key in keys.values() if key.kind is KeyKind.SECRET]
    if name in keys:
        raise UsageProblem(f"{name} is no secret: --set {name}=VALUE")
    raise UsageProblem(f"{name} is no secret of this provider{meant(name, secrets)}")
