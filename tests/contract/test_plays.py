"""Everything that the simulator can play, asked by the clients: each answer is as documented, or a named reading.

The requests are held against the documents here too, whatever was answered before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.contract.calls import calls_of
from tests.contract.checker import answer_faults, checker, request_faults
from tests.contract.clients import client
from tests.contract.readings import READINGS, Reading
from tests.contract.tap import Tap
from tests.providers.bad_input import SEEIT, Desk
from tui.model.problem import Problem
from tui.simulator.goto_knobs import KNOBS as GOTO_KNOBS
from tui.simulator.goto_sign_in_knobs import KNOBS as SIGN_IN_KNOBS
from tui.simulator.knobs import COMMON, Knob
from tui.simulator.vendors import VENDORS

# Seeit is behind the same gateway, and signs in at the same server: these settings are its own as well.
_GATEWAY = ("goto-auth-error", "goto-scheme", "goto-retry-after")
_SHARED = (*(one for one in GOTO_KNOBS if one.name in _GATEWAY), *SIGN_IN_KNOBS)
# What a setting has nothing to do with need not be asked again: how tokens are given, and how rows look.
_TOKENS = {one.name for one in SIGN_IN_KNOBS} - {"goto-profiles"}
_ROWS = {
    one.name
    for vendor in VENDORS.values()
    for one in vendor.knobs
    if one not in SIGN_IN_KNOBS and one.name not in _GATEWAY
}


def knobs(provider: str) -> list[Knob]:
    """The settings that change what a vendor answers."""
    return [*VENDORS[provider].knobs, *(_SHARED if provider == SEEIT else ()), *COMMON]


PLAYS: tuple[tuple[str, str, str], ...] = tuple(
    (provider, knob.name, value)
    for provider in VENDORS
    for knob in knobs(provider)
    for value in knob.values
    if value != knob.default
)
BY_PLAY = {(one.provider, one.knob, one.value): one for one in READINGS}


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    made = Desk(sessions=40)
    with made.simulator:
        yield made


@pytest.mark.anyio
@pytest.mark.parametrize(("provider", "knob", "value"), PLAYS)
async def test_what_is_played_is_documented_or_a_named_reading(
    desk: Desk, provider: str, knob: str, value: str
) -> None:
    checker(provider)  # or a skip, before anything is sent
    desk.rest()
    desk.simulator.play("rate-limits", "off")
    desk.simulator.play(knob, value)
    async with Tap(desk.simulator.port) as tap, client(desk, tap, provider, brief=True) as at:
        for calls in calls_of(provider, api=knob not in _TOKENS, beside=knob not in _ROWS):
            with suppress(Problem):
                await calls(at)
        await at.tidy()
    assert tap.calls
    assert request_faults(tap.calls) == []
    faults = answer_faults(tap.calls)
    reading = BY_PLAY.get((provider, knob, value))
    if reading is None:
        assert faults == []
    else:
        assert faults, "the document has nothing against it: the row is not needed"
        assert [one for one in faults if not re.search(reading.fault, one)] == []


def test_every_reading_is_one_that_can_be_played() -> None:
    assert set(BY_PLAY) <= set(PLAYS)
    assert len(BY_PLAY) == len(READINGS)
    assert all(isinstance(one, Reading) and one.sheet for one in READINGS)
