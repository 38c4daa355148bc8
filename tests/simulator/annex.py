"""One vendor alone on the stage, and a signed-in client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.simulator.conftest import Hand
from tui.simulator.server import Simulator


@dataclass
class Annex:
    """A running simulator of one vendor. `client` is signed in as its good profile."""

    sim: Simulator
    hand: Hand
    profile: dict[str, Any]
    client: httpx.Client
    stack: ExitStack

    @property
    def vendor(self) -> Any:
        (vendor,) = self.sim.vendors.values()
        return vendor

    def stranger(self, **headers: str) -> httpx.Client:
        """A client with no headers but these."""
        return self.stack.enter_context(_client(self.profile["base_url"], headers))


Begin = Callable[..., Annex]


def _client(base_url: str, headers: dict[str, str]) -> httpx.Client:
    return httpx.Client(base_url=base_url, headers=headers, trust_env=False, timeout=10)


def beginning(provider: str, sign_in: Callable[[dict[str, Any]], dict[str, str]]) -> Any:
    """A fixture that gives `begin(**settings of Simulator)`; limits are off unless turned on."""

    @pytest.fixture
    def begin() -> Iterator[Begin]:
        with ExitStack() as stack:

            def make(**settings: Any) -> Annex:
                hand = Hand()
                settings["play"] = {"rate-limits": "off", **settings.get("play", {})}
                settings = {"seed": 5, "sessions": 200, **settings}
                sim = Simulator(clock=hand.now, timer=hand.timer, vendors=[provider], **settings)
                stack.enter_context(sim)
                profiles: Any = sim.profiles()["profiles"]
                (profile,) = profiles.values()
                client = stack.enter_context(_client(profile["base_url"], sign_in(profile)))
                return Annex(sim, hand, profile, client, stack)

            yield make

    return begin
