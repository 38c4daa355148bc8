"""One vendor alone on the stage, a signed-in client, and a small check against a vendor's file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulator.conftest import Hand
from tui.simulator.server import Simulator

SPECS = Path(__file__).parents[3] / "shared" / "vendors" / "specs"
_TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
}


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


def spec(name: str) -> dict[str, Any]:
    """A vendor's own file, where the developer has it at hand; else the test is skipped."""
    path = SPECS / name
    if not path.exists():
        pytest.skip(f"no {name} in {path.parent}")
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def wrong(value: Any, schema: dict[str, Any], known: dict[str, Any], at: str = "$") -> list[str]:
    """What is wrong with a value by a schema; fields that the schema does not name are."""
    if "$ref" in schema:
        return wrong(value, known[schema["$ref"].rsplit("/", 1)[1]], known, at)
    if value is None:
        return [] if schema.get("nullable") else [f"{at} is null"]
    kind = schema.get("type", "object")
    if not isinstance(value, _TYPES[kind]) or (kind == "integer" and isinstance(value, bool)):
        return [f"{at} is {value!r}, not {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at} is {value!r}"]
    if kind == "array":
        return [
            fault
            for n, one in enumerate(value)
            for fault in wrong(one, schema["items"], known, f"{at}[{n}]")
        ]
    return _wrong_fields(value, schema, known, at) if kind == "object" else []


def _wrong_fields(
    value: dict[str, Any], schema: dict[str, Any], known: dict[str, Any], at: str
) -> list[str]:
    named, others = schema.get("properties", {}), schema.get("additionalProperties")
    found = [f"{at}.{name} is missing" for name in schema.get("required", ()) if name not in value]
    for name, one in value.items():
        rule = named.get(name, others if isinstance(others, dict) else None)
        found += (
            [f"{at}.{name} is unknown"] if rule is None else wrong(one, rule, known, f"{at}.{name}")
        )
    return found
