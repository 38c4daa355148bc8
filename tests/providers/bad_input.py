"""What the tables of bad input share: the providers, how they are connected, and what a problem must look like."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.providers.vendor import NOON, Reaction, StillClock, Vendor
from tui.model.problem import MESSAGE_LIMIT, Problem
from tui.model.profile import KeyKind, Profile
from tui.model.secret import Secret
from tui.model.session import Session
from tui.net.exchange import Exchange
from tui.providers.base import Ask, Decoded, Provider
from tui.providers.registry import SPECS, connect
from tui.simulator import vendors
from tui.simulator.play import KNOBS
from tui.simulator.server import Simulator

TWILIO, TRINSIC, SEEIT = "twilio-proxy", "trinsic-connect", "goto-seeit"
GOTO, CONTROL = "goto-remote-support", "take-control"
PROVIDERS = tuple(SPECS)


@dataclass
class Desk:
    """A simulator at which it is always noon, and whose limits forget when `rest` is called."""

    sessions: int = 240
    simulator: Simulator = field(init=False)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.simulator = Simulator(
            seed=7,
            sessions=self.sessions,
            clock=lambda: NOON,
            timer=lambda: self.seconds,
            vendors=vendors.ALL,
        )

    def rest(self) -> None:
        """Everything as it was at first, and all limits free again."""
        self.seconds += 1000.0
        self.simulator.play("fault", "none")
        for knob in KNOBS.values():
            self.simulator.play(knob.name, knob.default)

    def told(self, provider: str) -> dict[str, Any]:
        """The keys of the simulator's own good profile."""
        profiles: Any = self.simulator.profiles()["profiles"]
        (found,) = [one for one in profiles.values() if one["provider"] == provider]
        return dict(found)


def profile(provider: str, keys: Mapping[str, Any], **changes: str) -> Profile:
    """A profile of these keys, some of them changed."""
    given = {**keys, **changes}
    secret = {key.name for key in SPECS[provider].keys if key.kind is KeyKind.SECRET}
    known = {key.name for key in SPECS[provider].keys}
    return Profile(
        name="desk",
        provider=provider,
        base_url=given["base_url"],
        settings={k: v for k, v in given.items() if k in known - secret},
        secrets={k: Secret(str(v)) for k, v in given.items() if k in secret},
        refresh_seconds=2.0,
    )


@asynccontextmanager
async def connected(made: Profile) -> AsyncIterator[Provider]:
    provider = connect(made, StillClock(), _ignored)
    try:
        yield provider
    finally:
        await provider.aclose()


def _ignored(exchange: Exchange) -> None:
    pass


@asynccontextmanager
async def answering(provider: str, reaction: Reaction) -> AsyncIterator[str]:
    """A server that gives this answer to everything; its base_url for that provider."""
    async with Vendor("") as vendor:
        vendor.paths = _Everything(reaction)
        yield vendor.base_url + ("/rest" if provider == CONTROL else "")


class _Everything(dict[str, Reaction]):
    def __init__(self, reaction: Reaction) -> None:
        super().__init__()
        self._reaction = reaction

    def get(self, key: str, default: Any = None) -> Any:
        return self._reaction


def assert_one_clean_sentence(problem: Problem, made: Profile) -> None:
    """Printable, bounded, and without any of the profile's secrets, in whatever dress it went out."""
    message = problem.message
    assert message.strip()
    assert message.isprintable()
    assert len(message) <= MESSAGE_LIMIT
    assert str(problem) == message
    assert not [name for name, secret in made.secrets.items() if secret.reveal() in message]


async def listed(provider: Provider) -> list[Decoded]:
    """Every row of every page, read."""
    found: list[Decoded] = []
    ask = Ask()
    while True:
        page = await provider.page(ask)
        found += [provider.decode(row) for row in page.rows]
        if page.next is None:
            return found
        ask = Ask(cursor=page.next)


def kept(rows: list[Decoded]) -> dict[str, Session]:
    """The sessions of these rows by id."""
    return {row.session.id: row.session for row in rows if row.session is not None}
