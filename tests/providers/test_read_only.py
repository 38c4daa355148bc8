"""A read-only profile at each of the five vendors: every declared write is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tui.model.clock import SystemClock
from tui.model.problem import ReadOnly
from tui.model.profile import Profile
from tui.model.secret import Secret
from tui.net.client import Client
from tui.providers import registry
from tui.providers.base import Ask, Provider
from tui.simulator.server import Simulator
from tui.simulator.vendors import ALL

pytestmark = pytest.mark.anyio

PROVIDERS = tuple(registry.SPECS)
# Writes by their method alone, and reads all the same (sheets trinsic 2, take control 4.8).
ODD_READS = {"trinsic-connect": "POST", "take-control": "GET"}


@pytest.fixture(scope="module")
def vendors() -> Iterator[Simulator]:
    with Simulator(seed=7, sessions=60, rate=0.0, vendors=ALL) as running:
        yield running


def connected(vendors: Simulator, provider: str) -> Provider:
    """The provider of the simulator's own profile, read-only."""
    tables = vendors.profiles()["profiles"]
    assert isinstance(tables, dict)
    table = next(dict(one) for one in tables.values() if one["provider"] == provider)
    del table["provider"]
    secret_keys = {"auth_token", "access_token", "api_key", "public_key", "private_key"}
    profile = Profile(
        "desk",
        provider,
        table.pop("base_url"),
        {key: value for key, value in table.items() if key not in secret_keys},
        {key: Secret(value) for key, value in table.items() if key in secret_keys},
        read_only=True,
    )
    return registry.connect(profile, SystemClock(), lambda exchange: None)


def clients(provider: Provider) -> list[Client]:
    found = [value for value in vars(provider).values() if isinstance(value, Client)]
    assert found
    return found


def test_every_provider_declares_what_writes() -> None:
    for name, spec in registry.SPECS.items():
        writing = [operation for operation in spec.operations if operation.writes]
        assert writing, name
        assert all(operation.method != "GET" for operation in writing)


@pytest.mark.parametrize("name", PROVIDERS)
async def test_every_declared_write_is_refused_before_anything_is_sent(
    vendors: Simulator, name: str
) -> None:
    provider = connected(vendors, name)
    vendors.requests.clear()
    refused = set()
    for client in clients(provider):
        for operation in client._operations:
            if operation.writes:
                with pytest.raises(ReadOnly, match="desk is read-only: "):
                    await client.send(operation)
                refused.add(operation)
    assert refused == {operation for operation in provider.spec.operations if operation.writes}
    assert len(vendors.requests) == 0
    await provider.aclose()


@pytest.mark.parametrize("name", PROVIDERS)
async def test_create_and_every_action_are_refused(vendors: Simulator, name: str) -> None:
    provider = connected(vendors, name)
    listed = (provider.decode(row).session for row in (await provider.page(Ask())).rows)
    ref = next(session.id for session in listed if session is not None)
    vendors.requests.clear()
    with pytest.raises(ReadOnly):
        await provider.create({})  # type: ignore[attr-defined]
    for action in provider.spec.actions:
        with pytest.raises(ReadOnly):
            await provider.act(ref, action.id, {})  # type: ignore[attr-defined]
    assert [seen for seen in vendors.requests if seen.method != "GET"] == []
    await provider.aclose()


@pytest.mark.parametrize("name", PROVIDERS)
async def test_reading_works_whatever_its_method(vendors: Simulator, name: str) -> None:
    provider = connected(vendors, name)
    vendors.requests.clear()
    page = await provider.page(Ask())
    await provider.check()
    assert page.rows
    methods = {seen.method for seen in vendors.requests}
    assert methods == {ODD_READS.get(name, "GET")}
    assert all(seen.status == 200 for seen in vendors.requests)
    await provider.aclose()
