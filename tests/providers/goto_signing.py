"""Both GoTo products over the simulator, by the three ways to a token, on one clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

import httpx

from tests.simulator.conftest import Hand
from tui.model.profile import KeyKind, Profile
from tui.model.secret import Secret
from tui.model.text import Opaque
from tui.net.exchange import Exchange
from tui.net.tokens import MemoryTokens, TokenStore
from tui.providers.base import Access, Ask, Page, Provider, Signer, Writer
from tui.providers.registry import SPECS, connect
from tui.simulator.goto_tokens import GotoTokens
from tui.simulator.server import Simulator

SEEIT, SUPPORT = "goto-seeit", "goto-remote-support"
BOTH = (SEEIT, SUPPORT)


class HandClock:
    """The simulator's clock as the program's; a wait lets the loop go round."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand

    def now(self) -> datetime:
        return self._hand.moment

    def monotonic(self) -> float:
        return self._hand.seconds

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


@dataclass
class Desk:
    """Both products, their sign-in server, and what was asked of each."""

    sim: Simulator
    hand: Hand
    store: TokenStore = field(default_factory=MemoryTokens)
    log: list[Exchange] = field(default_factory=list)

    @property
    def account(self) -> GotoTokens:
        """The vendor's own books."""
        found = GotoTokens.of(self.sim.vendors[SUPPORT].stage)
        assert isinstance(found, GotoTokens)
        return found

    def profile(self, provider: str, way: str, **changes: Any) -> Profile:
        """The simulator's profile; `changes` are secrets or settings, `read_only` and such of their own."""
        self.sim.play("goto-profiles", way)
        profiles: Any = self.sim.profiles()["profiles"]
        (told,) = [one for one in profiles.values() if one["provider"] == provider]
        spec = SPECS[provider]
        secret = {key.name for key in spec.keys if key.kind is KeyKind.SECRET}
        known = {key.name for key in spec.keys}
        told.pop("extended_sessions", None)
        keys = {**told, **{name: changes.pop(name) for name in list(changes) if name in known}}
        made = Profile(
            name="desk",
            provider=provider,
            base_url=told["base_url"],
            settings={k: v for k, v in keys.items() if k in known - secret},
            secrets={k: Secret(v) for k, v in keys.items() if k in secret},
        )
        return replace(made, **changes)

    @asynccontextmanager
    async def connected(self, profile: Profile) -> AsyncIterator[Provider]:
        made = connect(profile, HandClock(self.hand), self.log.append, self.store)
        try:
            yield made
        finally:
            await made.aclose()

    def operations(self) -> list[str]:
        return [one.operation for one in self.log]


@contextmanager
def desk(**play: str) -> Iterator[Desk]:
    hand = Hand()
    settings = {"rate-limits": "off", **{name.replace("_", "-"): v for name, v in play.items()}}
    with Simulator(
        seed=5, sessions=60, clock=hand.now, timer=hand.timer, vendors=BOTH, play=settings
    ) as sim:
        yield Desk(sim, hand)


def landed(url: Opaque) -> str:
    """What the browser's address bar shows after the person has allowed (or denied) the access."""
    return httpx.get(url, trust_env=False).headers["location"]


async def sign_in(provider: Provider) -> Access:
    signer = cast(Signer, provider)
    return await signer.finish_sign_in(await asyncio.to_thread(landed, signer.begin_sign_in()))


async def lists(provider: Provider) -> Page:
    return await provider.page(Ask())


async def creates(provider: Provider) -> None:
    await cast(Writer, provider).create({})
