"""Drafts of profiles with canaries in them, put to the engine as the profiles screen does; and disks that fail."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.leaks.observing import Channel, all_logs, answers, files, objects, unhurried
from tests.leaks.people import SECRETS, Way
from tui.live.accounts import Store
from tui.live.commands import (
    Check,
    Command,
    DropProfile,
    ListProfiles,
    SaveProfile,
    TryProfile,
)
from tui.live.engine import Engine
from tui.model.clock import SystemClock
from tui.model.secret import Secret
from tui.profiles.drafts import Draft
from tui.profiles.paths import profiles_path, tokens_path
from tui.profiles.references import FromCommand, Here, Reference, parse
from tui.profiles.store import load
from tui.profiles.tokens import TokenFile
from tui.providers import registry

Place = Callable[[str, str], Reference]
"""Where a secret lives, made of its key's name and of what it is."""


def here(key: str, secret: str) -> Reference:
    return Here(Secret(secret))


def draft(way: Way, url: str, place: Place = here) -> Draft:
    """The profile as somebody has typed it into the form."""
    made = way.profile("desk", url)
    settings: dict[str, object] = {"base_url": made.base_url, **made.settings}
    secrets = {key: place(key, SECRETS[kind]) for key, kind in way.secrets.items()}
    return Draft(way.provider, settings, secrets)


def saved(name: str, wanted: Draft, state: Path, environ: Mapping[str, str]) -> Iterator[Channel]:
    """Everything that the profiles screen asks of the store and of the vendor, about `desk` and a new profile."""
    path = profiles_path()
    loaded = load(path, registry.SPECS, environ)
    tokens = TokenFile(tokens_path())
    with all_logs() as logs:
        engine = Engine(
            loaded.profiles,
            connect=unhurried(tokens),
            clock=SystemClock(),
            state=state,
            store=Store(path, registry.SPECS, environ),
            renewing=lambda: tokens.renewing,
        )
        engine.start()
        try:
            batches = answers(engine, _questions(name, wanted))
            batches += answers(
                engine, [Check(30 + n, one.name) for n, one in enumerate(loaded.profiles)]
            )
            yield from objects([engine, batches, loaded])
            batches = answers(engine, [DropProfile(40, "desk"), ListProfiles(41)])
            yield from objects([engine, batches])
        finally:
            engine.stop(5.0)
        yield from objects([engine])
    yield "log", logs.getvalue()
    yield from files(state, path.parent)


def _questions(name: str, wanted: Draft) -> Sequence[Command]:
    return [
        ListProfiles(20),
        TryProfile(21, name, wanted),
        SaveProfile(22, None, name, wanted),
        TryProfile(23, "desk", wanted),
        SaveProfile(24, "desk", "desk", wanted),
        SaveProfile(25, "desk", "desk-two", wanted),
        ListProfiles(26),
    ]


def failing(monkeypatch: pytest.MonkeyPatch, call: str, error: int, store: str) -> list[str]:
    """From now on that call fails for the files that a store is written by. Gives the list of the failures."""
    real: Callable[..., Any] = getattr(os, call)
    folder = str(profiles_path().parent)
    failures: list[str] = []

    def broken(what: int | str | Path, *more: Any, **named: Any) -> Any:
        try:
            name = os.readlink(f"/proc/self/fd/{what}") if isinstance(what, int) else str(what)
        except OSError:
            name = ""
        ours = name.startswith((folder, f".{store}", "."))
        # A folder that can only be read still lets what is there be read.
        reads = call == "open" and not (more and more[0] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
        if ours and not reads and store in (name if call != "fsync" else f"{name} {store}"):
            failures.append(name)
            raise OSError(error, os.strerror(error), name)
        return real(what, *more, **named)

    monkeypatch.setattr(os, call, broken)
    return failures


__all__ = ["FromCommand", "draft", "failing", "parse", "saved"]
