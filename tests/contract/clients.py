"""The five clients, each with all that it sends led through a tap; and whoever opens a page for one of them."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

import httpx

from tests.contract.tap import Tap
from tests.providers.bad_input import Desk, connected, listed
from tests.providers.bad_input import profile as profile_of
from tui.model.problem import Problem
from tui.model.profile import Profile
from tui.model.session import Session
from tui.model.text import Opaque
from tui.providers.base import Provider, Signer
from tui.providers.forms import checked
from tui.providers.registry import SPECS

T = TypeVar("T")
# Made once: to load the authorities takes longer than a whole sign-in over loopback.
_TLS = ssl.create_default_context()


@dataclass(frozen=True)
class Client:
    """A provider whose requests go through a tap. `provider` reads and writes."""

    provider: Any
    profile: Profile
    desk: Desk
    tap: Tap
    brief: bool = False
    _known: list[Session] = field(default_factory=list)
    _made: list[Opaque] = field(default_factory=list)

    def some(self, forms: Sequence[T]) -> Sequence[T]:
        """Every form of something; in brief the first and the last."""
        return [*forms[:1], *forms[1:][-1:]] if self.brief else forms

    async def sessions(self) -> list[Session]:
        """All that it lists, read; in brief listed once only."""
        if not (self.brief and self._known):
            rows = await listed(self.provider)
            self._known[:] = [one.session for one in rows if one.session is not None]
        return self._known

    async def create(self, typed: dict[str, Any]) -> Opaque:
        """A new session made of what somebody typed; what it can be asked for by, if anything."""
        form = SPECS[self.profile.provider].create
        assert form is not None
        made = await self.provider.create(checked(form, typed))
        ref = Opaque(made.ref or "")
        self._made.append(ref)
        return ref

    async def tidy(self) -> None:
        """Deletes what was made, where that can be done: lists that grow take ever longer to check."""
        if any(action.id == "delete" for action in SPECS[self.profile.provider].actions):
            await each(self.provider.act(ref, "delete", {}) for ref in self._made)

    @asynccontextmanager
    async def another(self, way: str, **changes: str) -> AsyncIterator[Provider]:
        """The same provider for a profile that proves who asks in another way (`goto-profiles`), for the first time."""
        # Only what a new profile holds depends on this setting; the next one is as it was.
        self.desk.simulator.play("goto-profiles", way)
        made = _profile(self.desk, self.tap, self.profile.provider, changes)
        self.desk.simulator.play("goto-profiles", "token")
        async with connected(made) as found:
            yield found


@asynccontextmanager
async def client(
    desk: Desk, tap: Tap, provider: str, *, brief: bool = False, **changes: Any
) -> AsyncIterator[Client]:
    """The simulator's own good profile, with every address of it at the tap; signed in where it has to be."""
    made = replace(_profile(desk, tap, provider, changes), history_hours=24.0 * 7)
    async with connected(made) as found:
        if made.text("redirect_uri") is not None:
            await sign_in(found)
        yield Client(found, made, desk, tap, brief)


def _profile(desk: Desk, tap: Tap, provider: str, changes: dict[str, Any]) -> Profile:
    told = desk.told(provider)
    port = f":{desk.simulator.port}/"
    keys = {
        name: value.replace(port, f":{tap.port}/") if isinstance(value, str) else value
        for name, value in {**told, **changes}.items()
    }
    return profile_of(provider, keys)


async def sign_in(provider: Provider) -> str:
    """Signs in, as a person with a browser does; the address that was pasted. Raises a `Problem`."""
    signer = cast(Signer, provider)
    address = await opened(signer.begin_sign_in())
    await signer.finish_sign_in(address)
    return address


async def opened(url: str) -> str:
    """Where the page leads who opens it; without a way on, the page itself."""
    async with httpx.AsyncClient(trust_env=False, verify=_TLS) as browser:
        answer = await browser.get(url)
    return str(answer.headers.get("location", url))


async def each(asks: Iterable[Awaitable[object]]) -> None:
    """One after the other; a refusal does not keep the next from being asked."""
    for one in asks:
        with suppress(Problem):
            await one
