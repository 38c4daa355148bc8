"""Every documented parameter of every vendor's listing, from `--query` to the wire."""

from __future__ import annotations

import asyncio
import json
import random
from urllib.parse import parse_qs

import pytest

from tests.simulated import NAME, World, watching, wired
from tests.virtual_clock import VIRTUAL, VirtualClock
from tui.live.commands import Query
from tui.live.engine import Engine
from tui.live.messages import Listed
from tui.model.problem import Refused, UsageProblem
from tui.providers import registry
from tui.providers.base import Ask

pytestmark = pytest.mark.anyio

# What is asked, and where it must stand in the request: the parameter's value, or the member of the body.
WIRE: dict[str, dict[str, tuple[str, object]]] = {
    "twilio-proxy": {
        "PageSize": ("7", ["7"]),
        "Page": ("2", ["2"]),
        "PageToken": ("PTnone", ["PTnone"]),
    },
    "trinsic-connect": {
        "orderBy": ("State", "State"),
        "orderDirection": ("Ascending", "Ascending"),
        "page": ("2", 2),
        "pageSize": ("3", 3),
    },
    "goto-seeit": {
        "startTime": ("2025-03-03T08:00:00Z", ["1740988800000"]),
        "endTime": ("1740990000000", ["1740990000000"]),
        "page": ("1", ["1"]),
        "size": ("3", ["3"]),
        "sort": ("sessionNotes,asc", ["sessionNotes,asc"]),
    },
    "goto-remote-support": {
        "fromTime": ("2025-03-03T08:00:00+01:00", ["2025-03-03T07:00:00Z"]),
        "toTime": ("2025-03-03", ["2025-03-03T00:00:00Z"]),
    },
    "take-control": {
        "vars": ("CUSTOMER_NAME NOTES", "NOTES"),
        "FILTER_ID": ("4100007", 4100007),
        "FILTER_DATE_START_INI": ("2025-03-03 08:00:00", "2025-03-03 08:00:00"),
        "FILTER_DATE_START_END": ("2025-03-03", "2025-03-03"),
        "FILTER_CUSTOMER_NAME": ("Ana", "Ana"),
        "FILTER_CUSTOMER_EMAIL": ("ana@example.com", "ana@example.com"),
        "FILTER_COMPUTER_NAME": ("PC-1", "PC-1"),
        "FILTER_TECH_USERNAME": ("tech@example.com", "tech@example.com"),
        "FILTER_START_METHOD": ("ALL", "ALL"),
        "FILTER_PROCESSED": ("ANSWERED", "ANSWERED"),
        "FILTER_HAS_VIDEOS": ("true", True),
    },
}
# One page of many, and what must not be asked after it.
ALONE = [
    ("twilio-proxy", (("Page", "0"), ("PageSize", "5"))),
    ("trinsic-connect", (("page", "2"),)),
    ("goto-seeit", (("page", "1"), ("size", "5"))),
]
FOLLOWED = [
    ("twilio-proxy", (("PageSize", "50"),)),
    ("trinsic-connect", (("pageSize", "9"),)),
    ("goto-seeit", (("size", "20"),)),
]


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return VIRTUAL


def filled(provider: str, total: int) -> World:
    world = World(provider, VirtualClock())
    world.fill(total, 5)
    return world


def test_every_parameter_is_tried() -> None:
    for name, spec in registry.SPECS.items():
        assert {field.name for field in spec.query} == WIRE[name].keys(), name


@pytest.mark.parametrize(
    ("provider", "name"), [(one, name) for one, names in WIRE.items() for name in names]
)
async def test_a_parameter_reaches_the_wire_as_the_vendor_wants_it(
    provider: str, name: str
) -> None:
    world = filled(provider, 10)
    value, expected = WIRE[provider][name]
    with wired(world):
        made = registry.connect(world.profile(), world.clock, lambda exchange: None)
        query = (
            ((name, value),) if name != "toTime" else (("fromTime", "2025-03-01"), (name, value))
        )
        if name == "PageToken":
            with pytest.raises(Refused):  # the simulator made no such token
                await made.page(Ask(query=query))
        else:
            await made.page(Ask(query=query))
        await made.aclose()
    asked = world.wire.asked[0]
    sent = parse_qs(asked.query) | (json.loads(asked.body) if asked.body else {})
    if name == "vars":
        assert expected in sent["vars"]
    else:
        assert (sent.get("filters", {}) | sent)[name] == expected


@pytest.mark.parametrize("provider", list(WIRE))
async def test_what_is_not_documented_is_not_sent(provider: str) -> None:
    world = filled(provider, 5)
    with wired(world):
        made = registry.connect(world.profile(), world.clock, lambda exchange: None)
        with pytest.raises(UsageProblem):
            await made.page(Ask(query=(("limit", "7"),)))
        await made.aclose()
    assert world.wire.asked == []


async def listed(world: World, query: tuple[tuple[str, str], ...]) -> Listed:
    """What `sessions --query` gets."""
    with wired(world):
        engine = Engine(
            [world.profile()],
            connect=registry.connect,
            clock=world.clock,
            rng=random.Random(1),
            poll=False,
        )
        task = asyncio.ensure_future(engine.run())
        engine.send(Query(1, NAME, query=query))
        found: list[Listed] = []

        def answered() -> bool:
            found.extend(a for a in engine.mailbox.drain().answers if isinstance(a, Listed))
            return bool(found)

        await world.clock.until(answered, 60.0)
        engine.stop()
        await task
    return found[0]


@pytest.mark.parametrize(("provider", "query"), ALONE)
async def test_a_page_that_is_asked_for_comes_alone(
    provider: str, query: tuple[tuple[str, str], ...]
) -> None:
    world = filled(provider, 150)
    reply = await listed(world, query)
    assert reply.problem is None
    assert 0 < len(reply.sessions) <= 10
    assert len(world.wire.asked) == 1


@pytest.mark.parametrize(("provider", "query"), FOLLOWED)
async def test_a_size_alone_is_followed_to_the_last_page(
    provider: str, query: tuple[tuple[str, str], ...]
) -> None:
    world = filled(provider, 150)
    reply = await listed(world, query)
    assert reply.problem is None
    assert reply.complete
    assert len(reply.sessions) == 150
    assert len(world.wire.asked) == -(-150 // int(query[0][1]))


async def test_a_window_of_the_vendor_is_not_narrowed_by_ours() -> None:
    world = filled("goto-remote-support", 40)
    start = ("fromTime", "2025-03-02T10:00:00Z")
    reply = await listed(world, (start, ("toTime", "2025-03-02T16:00:00Z")))
    assert reply.problem is None
    began = [session.began for session in reply.sessions if session.began]
    assert began
    assert {at.hour for at in began} <= set(range(10, 17))
    async with watching(world) as desk:
        await desk.seen(lambda desk: desk.complete)
        assert len(desk.board.sessions) == 40
