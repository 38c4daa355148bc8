"""Several programs with one account: at most one renewal an expiry, no refresh token used twice, nothing ever lost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator.conftest import Hand
from tui.profiles.paths import tokens_path
from tui.profiles.store import write
from tui.simulator.goto_tokens import GotoTokens
from tui.simulator.server import Simulator

GOTO = "goto-remote-support"
AGAIN = "sign in again: sessiontop profile sign-in goto-desk"

# One program: lists once for every line it is sent, several times at once, and says how that went.
PROGRAM = """
import asyncio, os, signal, sys
from tui.commands import common
from tui.model.clock import SystemClock
from tui.model.problem import Problem
from tui.profiles.paths import tokens_path
from tui.profiles.tokens import TokenFile
from tui.providers import registry
from tui.providers.base import Ask

class Fatal(TokenFile):
    async def save(self, profile, tokens):
        os.kill(os.getpid(), signal.SIGKILL)

async def lists(provider):
    try:
        await provider.page(Ask())
        return "ok"
    except Problem as problem:
        return problem.message

async def main():
    store = Fatal if "fatal" in sys.argv else TokenFile
    profile = common.choose_one(common.load_store(), "goto-desk")
    connect = registry.connecting(store(tokens_path()))
    provider = connect(profile, SystemClock(), lambda exchange: None)
    print("ready", flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(" | ".join(sorted({*await asyncio.gather(*(lists(provider) for _ in range(3)))})), flush=True)
    await provider.aclose()

asyncio.run(main())
"""

STOPPED = """
import asyncio, os, signal
from tui.profiles.paths import tokens_path
from tui.profiles.tokens import TokenFile
turn = asyncio.run(TokenFile(tokens_path()).try_turn("goto-desk"))
print("held" if turn else "busy", flush=True)
os.kill(os.getpid(), signal.SIGSTOP)
"""


class World:
    """A simulator on a clock of its own, the user's store, and an account that is signed in."""

    def __init__(self, sim: Simulator, hand: Hand) -> None:
        self.sim, self.hand = sim, hand
        self.account = GotoTokens.of(sim.vendors[GOTO].stage)
        profiles: Any = sim.profiles()
        write(tokens_path().with_name("profiles.toml"), lambda _: profiles)
        self.sign_in()

    def sign_in(self) -> None:
        """By the command, as a person does it."""
        with subprocess.Popen(
            [sys.executable, "-m", "tui", "profile", "sign-in", "goto-desk"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin is not None
            assert process.stderr is not None
            url = next(line for line in process.stderr if line.startswith("http"))
            landed = httpx.get(url.strip(), trust_env=False).headers["location"]
            out, err = process.communicate(f"{landed}\n", timeout=30)
            assert process.returncode == 0, err
            assert "signed in as" in out

    def expires(self) -> None:
        self.hand.pass_by(seconds=3601)

    @property
    def kept(self) -> dict[str, Any]:
        found: dict[str, Any] = tomllib.loads(tokens_path().read_text())["profiles"]["goto-desk"]
        return found


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("HOME", str(tmp_path))
    hand = Hand()
    play = {"rate-limits": "off", "goto-refresh": "rotate", "goto-profiles": "sign-in"}
    with Simulator(
        seed=5, sessions=5, clock=hand.now, timer=hand.timer, vendors=[GOTO], play=play
    ) as sim:
        yield World(sim, hand)


class Program:
    """A running program that lists when it is told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert self.answer() == "ready"

    def ask(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")


@contextmanager
def programs(count: int, *args: str) -> Iterator[list[Program]]:
    with ExitStack() as stack:
        started = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", PROGRAM, *args],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(count)
        ]
        for process in started:
            stack.callback(process.kill)
        yield [Program(process) for process in started]


@pytest.mark.parametrize("expiries", [3, pytest.param(30, marks=pytest.mark.long)])
def test_six_programs_renew_once_an_expiry_and_never_twice_with_one_token(
    world: World, expiries: int
) -> None:
    with programs(6) as running:
        for _ in range(expiries):
            world.expires()
            for one in running:
                one.ask()
            assert [one.answer() for one in running] == ["ok"] * 6
    assert world.account.refreshes == expiries
    assert world.account.reuses == 0


def test_a_kill_between_the_renewal_and_the_keeping_ends_in_one_sentence(world: World) -> None:
    before = world.kept
    world.expires()
    with programs(1, "fatal") as (killed,):
        killed.ask()
        assert killed.process.wait(timeout=30) == -9
    assert world.account.refreshes == 1
    assert world.kept == before
    with programs(1) as (one,):
        for _ in range(3):
            one.ask()
            told = one.answer()
            assert told.startswith(AGAIN)
            assert " | " not in told
        assert world.account.refreshes == 2
        assert world.kept == before  # nothing is deleted
        world.sign_in()
        one.ask()
        assert one.answer() == "ok"


def test_a_killed_program_holds_up_nobody(world: World) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STOPPED], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        world.expires()
        with programs(1) as (one,):
            one.ask()
            process.kill()
            assert one.answer() == "ok"


@pytest.mark.long
def test_a_stopped_program_holds_up_the_others_for_a_quarter_of_a_minute(world: World) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STOPPED], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        world.expires()
        started = time.monotonic()
        with programs(1) as (one,):
            one.ask()
            assert "is being renewed by another sessiontop for more than 15 s" in one.answer()
            assert time.monotonic() - started < 25
            process.kill()
            one.ask()
            assert one.answer() == "ok"


def test_what_is_left_on_the_disk_is_private(world: World) -> None:
    names = {entry.name for entry in os.scandir(tokens_path().parent)}
    assert names >= {"profiles.toml", "tokens.toml", ".tokens.toml.goto-desk.lock"}
    for entry in os.scandir(tokens_path().parent):
        assert entry.stat().st_mode & 0o077 == 0
