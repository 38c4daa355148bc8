"""What each vendor is asked, counted in virtual time: never above half of its limit, and nothing is overlooked."""

from __future__ import annotations

import pytest

from tests.bench.requests import LIMITS, LIVE, REFRESH, Figures, measure
from tests.simulated import Desk, World, busiest, watching
from tests.virtual_clock import VIRTUAL, VirtualClock
from tui.live.commands import Watch
from tui.model.session import Key
from tui.model.text import Opaque

VENDORS = list(LIMITS)
# A poll's interval is stretched by up to a tenth, and its answers take their time.
POLL = REFRESH * 1.1 + 1.0


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return VIRTUAL


def stays_polite_and_awake(provider: str, figures: Figures, *, new: float, changed: float) -> None:
    """Under half of the limit at every moment; `new` and `changed` are polls."""
    assert figures.peak <= LIMITS[provider].half
    assert figures.refused == 0
    assert all(len(delays) >= 5 for delays in figures.delays.values())
    assert figures.worst("new") <= new * POLL
    assert figures.worst("taken") <= changed * POLL
    assert figures.worst("ended") <= changed * POLL


@pytest.mark.parametrize("provider", VENDORS)
def test_a_small_desk_is_followed_at_every_poll(provider: str) -> None:
    figures = measure(provider, 10, seconds=200)
    stays_polite_and_awake(provider, figures, new=1, changed=1)
    assert figures.a_minute <= 50


@pytest.mark.parametrize("provider", VENDORS)
def test_a_full_desk_is_followed_within_the_limit(provider: str) -> None:
    figures = measure(provider, 1000, seconds=200)
    assert figures.complete_after < 60
    stays_polite_and_awake(provider, figures, new=2, changed=7)


@pytest.mark.long
@pytest.mark.parametrize("provider", VENDORS)
def test_a_very_full_desk_is_followed_within_the_limit(provider: str) -> None:
    figures = measure(provider, 10_000, seconds=300)
    assert figures.complete_after < 900
    stays_polite_and_awake(provider, figures, new=2, changed=7)


@pytest.mark.parametrize(
    "size", [1000, pytest.param(10_000, marks=pytest.mark.long)], ids=["full", "very full"]
)
def test_a_whole_list_in_no_order_is_followed_all_the_same(size: int) -> None:
    figures = measure("twilio-proxy", size, seconds=400, **{"twilio-order": "shuffled"})
    stays_polite_and_awake("twilio-proxy", figures, new=8, changed=7)


@pytest.mark.anyio
@pytest.mark.parametrize("provider", VENDORS)
async def test_what_is_on_the_screen_is_followed_at_every_poll(provider: str) -> None:
    """The oldest live session, which no first page and no narrow window shows."""
    world = World(provider, VirtualClock())
    world.fill(1000, LIVE)
    oldest = world.live[0]
    async with watching(world) as desk:
        await desk.seen(lambda desk: desk.complete)
        desk.show(oldest)
        await desk.passes(3 * REFRESH)
        world.end(oldest)

        def ended(desk: Desk) -> bool:
            session = desk.session(oldest)
            return session is not None and not session.status.live

        assert await desk.seen(ended) <= 2 * POLL


@pytest.mark.anyio
@pytest.mark.parametrize("provider", VENDORS)
async def test_people_who_look_closely_do_not_break_the_limit(provider: str) -> None:
    """Four sessions are open with their transcripts, and a whole screen of others is in sight."""
    world = World(provider, VirtualClock())
    world.fill(1000, LIVE)
    async with watching(world) as desk:
        await desk.passes(20)
        desk.show(*world.live)
        for name in world.live[:4]:
            for transcript in (False, True):
                desk.engine.send(Watch(Key("desk", Opaque(name)), transcript))
        await desk.passes(120)
        limit = LIMITS[provider]
        assert busiest(world.wire.asked, limit.seconds) <= limit.half
        assert {one.status for one in world.wire.asked} <= {200, 404}
