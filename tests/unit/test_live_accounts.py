"""The engine and the store of profiles: what is changed in it is at work at once, and what is only tried is not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tui.live.accounts import Store
from tui.live.board import Board
from tui.live.commands import Command, DropProfile, ListProfiles, SaveProfile, TryProfile
from tui.live.engine import Engine
from tui.live.messages import (
    Answer,
    HealthState,
    ProfileSaved,
    ProfilesListed,
    Tried,
)
from tui.model.clock import SystemClock
from tui.model.secret import Secret
from tui.net.tokens import MemoryTokens
from tui.profiles.drafts import Draft
from tui.profiles.references import FromCommand, Here
from tui.profiles.shelf import MemoryStore, Where
from tui.profiles.store import load
from tui.providers import registry
from tui.providers.base import Verdict
from tui.simulator.server import Simulator
from tui.simulator.vendors import ALL

Reply = TypeVar("Reply")
PATIENCE = 20.0


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(vendors=ALL, seed=7, sessions=20, rate=0.0) as running:
        yield running


class Desk:
    """The reader of the mailbox: a board, and the answers."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.board = engine, Board()
        self.answers: list[Answer] = []

    def until(self, holds: Any) -> None:
        deadline = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < deadline, "waited too long"
            self.engine.mailbox.wait(1.0)
            batch = self.engine.mailbox.drain()
            self.board.apply(batch)
            self.answers += batch.answers

    def ask(self, command: Command, kind: type[Reply]) -> Reply:
        self.engine.send(command)
        ticket = command.ticket  # type: ignore[union-attr]
        found: list[Reply] = []

        def came() -> bool:
            found.extend(
                one
                for one in self.answers
                if isinstance(one, kind) and one.ticket == ticket  # type: ignore[union-attr]
            )
            return bool(found)

        self.until(came)
        return found[0]

    def state(self, name: str) -> HealthState | None:
        health = self.board.health.get(name)
        return None if health is None else health.state


@contextmanager
def desk_of(where: Where, *, read_only: bool = False) -> Iterator[Desk]:
    loaded = load(where, registry.SPECS, {})
    engine = Engine(
        loaded.profiles,
        connect=registry.connecting(MemoryTokens()),
        clock=SystemClock(),
        store=Store(where, registry.SPECS, {}, read_only),
    )
    engine.start()
    try:
        yield Desk(engine)
    finally:
        assert engine.stop(5.0)


def tables(simulator: Simulator) -> dict[str, Any]:
    found: Any = simulator.profiles()["profiles"]
    return dict(found)


def memory(profiles: dict[str, Any]) -> MemoryStore:
    return MemoryStore({"version": 1, "profiles": profiles}, MemoryTokens())


def draft(table: dict[str, Any]) -> Draft:
    secrets = {"api_key": Here(Secret(table["api_key"]))}
    return Draft(table["provider"], {"base_url": table["base_url"]}, secrets)


def test_a_saved_profile_is_at_work_renamed_and_gone_again(simulator: Simulator) -> None:
    table = tables(simulator)["identity"]
    with desk_of(memory({})) as desk:
        saved = desk.ask(SaveProfile(1, None, "new", draft(table)), ProfileSaved)
        assert saved.profile is not None
        assert saved.problem is None
        desk.until(lambda: desk.state("new") is HealthState.OK)
        assert {key.profile for key in desk.board.sessions} == {"new"}
        desk.ask(SaveProfile(2, "new", "other", Draft(table["provider"])), ProfileSaved)
        desk.until(lambda: desk.state("other") is HealthState.OK)
        desk.until(lambda: {key.profile for key in desk.board.sessions} == {"other"})
        assert desk.state("new") is None
        gone = desk.ask(DropProfile(3, "other"), ProfileSaved)
        assert gone.profile is None
        desk.until(lambda: not desk.board.sessions and desk.state("other") is None)
        assert desk.ask(ListProfiles(4), ProfilesListed).accounts == ()


def test_a_new_key_is_used_from_then_on(simulator: Simulator) -> None:
    table = {**tables(simulator)["identity"], "api_key": "wrong"}
    with desk_of(memory({"mine": table})) as desk:
        desk.until(lambda: desk.state("mine") is HealthState.KEYS_REJECTED)
        right = draft(tables(simulator)["identity"])
        desk.ask(SaveProfile(1, "mine", "mine", right), ProfileSaved)
        desk.until(lambda: desk.state("mine") is HealthState.OK)


def test_what_is_tried_reaches_neither_the_store_nor_the_board(simulator: Simulator) -> None:
    store = memory({})
    with desk_of(store) as desk:
        good = draft(tables(simulator)["identity"])
        tried = desk.ask(TryProfile(1, "new", good), Tried)
        assert [finding.verdict for finding in tried.findings] == [Verdict.OK]
        bad = Draft(good.provider, good.settings, {"api_key": Here(Secret("wrong"))})
        tried = desk.ask(TryProfile(2, "new", bad), Tried)
        assert tried.problem is not None or tried.findings[0].verdict is Verdict.FAIL
        assert desk.board.health == {}
        assert not desk.board.sessions
        assert store.read().tables["profiles"] == {}


def test_a_secret_of_a_command_that_fails_is_told_and_shows_nothing(simulator: Simulator) -> None:
    table = tables(simulator)["identity"]
    command = FromCommand(("sh", "-c", "echo canary-output; exit 3"))
    failing = Draft(table["provider"], {"base_url": table["base_url"]}, {"api_key": command})
    with desk_of(memory({})) as desk:
        tried = desk.ask(TryProfile(1, "new", failing), Tried)
        assert tried.problem is not None
        assert "api_key" in tried.problem.message
        assert "canary" not in repr(tried)
        saved = desk.ask(SaveProfile(2, None, "new", failing), ProfileSaved)
        assert saved.profile is None
        assert saved.fault is not None
        assert "canary" not in f"{saved!r} {saved.fault}"
        assert desk.state("new") is None


def test_read_only_of_the_run_stays_in_force(simulator: Simulator) -> None:
    with desk_of(memory({}), read_only=True) as desk:
        saved = desk.ask(
            SaveProfile(1, None, "new", draft(tables(simulator)["identity"])), ProfileSaved
        )
        assert saved.profile is not None
        assert saved.profile.read_only


def test_every_question_is_answered_where_there_is_no_store_or_a_bad_one(
    simulator: Simulator, tmp_path: Path
) -> None:
    path = tmp_path / "store" / "profiles.toml"
    path.parent.mkdir(mode=0o700)
    path.write_text("no toml")
    path.chmod(0o600)
    store = Store(path, registry.SPECS, {})
    connect = registry.connecting(MemoryTokens())
    for given in (None, store):
        engine = Engine((), connect=connect, clock=SystemClock(), store=given)
        engine.start()
        desk = Desk(engine)
        made = draft(tables(simulator)["identity"])
        try:
            assert desk.ask(ListProfiles(1), ProfilesListed).problem is not None
            assert desk.ask(TryProfile(2, "new", made), Tried).problem is not None
            assert desk.ask(SaveProfile(3, None, "new", made), ProfileSaved).problem is not None
            assert desk.ask(DropProfile(4, "new"), ProfileSaved).problem is not None
        finally:
            assert engine.stop(5.0)
