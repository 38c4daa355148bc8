"""kill -9 at every step of a renewal: nothing is ever deleted, and a lost answer is told in one sentence.

A refresh token that is good once and whose answer died with the program cannot be had again: a person signs in
again. In every other case the next program goes on by itself.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.end_to_end.test_sign_in_processes import AGAIN, PROGRAM, Program, World, programs, world
from tests.unit.test_profiles_writer import STEPS

__all__ = ["world"]

# Ends the program at one point. In front of the program itself.
KILLED = """
import functools, os, signal, sys
from tui.net.client import Client
from tui.profiles import tokens, writer
where = sys.argv[1]
def die(*args, **more):
    os.kill(os.getpid(), signal.SIGKILL)
def around(owner, name, before, after):
    real = getattr(owner, name)
    async def wrapped(self, *args, **more):
        if where == before:
            die()
        found = await real(self, *args, **more)
        if where == after:
            die()
        return found
    setattr(owner, name, wrapped)
real_send = Client.send
async def send(self, operation, **more):
    if operation.method == "POST" and where == "before the request":
        die()
    reply = await real_send(self, operation, **more)
    if operation.method == "POST" and where == "after the answer":
        die()
    return reply
Client.send = send
around(tokens.TokenFile, "try_turn", "before the turn", "with the turn")
around(tokens.TokenFile, "save", "before the saving", "after the saving")
left = int(where) if where.isdigit() else -1
def step(name):
    global left
    if left == 0:
        die()
    left -= 1
tokens.write = functools.partial(writer.write, step=step)
"""
BEFORE = ("before the turn", "with the turn", "before the request")
LOST = (
    "after the answer",
    "before the saving",
    *(str(number) for number in range(STEPS.index("renamed"))),
)
AFTER = (*(str(number) for number in range(STEPS.index("renamed"), len(STEPS))), "after the saving")
FEW = ("with the turn", "before the request", "after the answer", "5", "8", "after the saving")


@contextmanager
def killed_at(where: str) -> Iterator[Program]:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED + PROGRAM, where],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Program(process)
        finally:
            process.kill()


def round_of(world: World, where: str, told: Counter[str], *, once: bool) -> None:
    """One kill, what is left, and what the next program says."""
    before = world.kept["refresh_token"]
    world.expires()
    with killed_at(where) as one:
        one.ask()
        assert one.process.wait(timeout=30) == -9
    kept = world.kept
    if where in BEFORE + LOST:
        assert kept["refresh_token"] == before
    assert kept["access_token"]
    assert kept["refresh_token"], "nothing is deleted"
    with programs(1) as (other,):
        other.ask()
        answer = other.answer()
        if once and where in LOST:
            assert answer.startswith(AGAIN)
            assert " | " not in answer
            assert world.kept["refresh_token"] == before, "nothing is deleted"
            world.sign_in()
            other.ask()
            told["signed in again"] += 1
            answer = other.answer()
        else:
            told["went on"] += 1
        assert answer == "ok"


def test_a_renewal_that_is_killed_loses_no_more_than_it_must(world: World) -> None:
    told: Counter[str] = Counter()
    for where in FEW:
        round_of(world, where, told, once=True)
    assert told == {"went on": 4, "signed in again": 2}


@pytest.mark.long
@pytest.mark.parametrize("answers", ["rotate", "same", "omit"])
def test_at_every_step_and_in_every_generation(world: World, answers: str) -> None:
    """The refresh token comes anew each time, comes again, or does not come: 67 kills each."""
    world.sim.play("goto-refresh", answers)
    told: Counter[str] = Counter()
    every = (BEFORE + LOST + AFTER) * 5
    for where in every[:67]:
        round_of(world, where, told, once=answers == "rotate")
    print(f"{answers}: {sum(told.values())} kills, {dict(told)}, deleted 0")
    assert sum(told.values()) == 67
    if answers != "rotate":
        assert set(told) == {"went on"}
