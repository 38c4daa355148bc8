"""What is asked of a vendor, when, and what the board learns from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.live_vendor import Vendor, hours, profile, running
from tests.virtual_clock import VIRTUAL, VirtualClock
from tui.live.commands import Visible
from tui.model.problem import BadAnswer, Refused, UsageProblem
from tui.model.session import Key
from tui.model.status import Status
from tui.model.text import Opaque
from tui.providers.base import Ask, Asks

pytestmark = pytest.mark.anyio

ORDERED = [Asks.NEWEST_FIRST, Asks.SINCE, Asks.WINDOW]


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return VIRTUAL


def asks_of(vendor: Vendor, since: float = 0.0) -> list[Ask]:
    found = [what for _, what in vendor.asked("page", since)]
    assert all(isinstance(one, Ask) for one in found)
    return found  # type: ignore[return-value]


@pytest.mark.parametrize("asks", list(Asks))
async def test_new_changed_and_removed_sessions_show_whatever_the_vendor_can_be_asked(
    asks: Asks,
) -> None:
    vendor = Vendor(VirtualClock(), asks=asks)
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        assert reader.ids() == ["a"]
        vendor.put("b")
        await reader.passes(6)
        assert reader.ids() == ["a", "b"]
        vendor.put("b", Status.ACTIVE)
        await reader.passes(6)
        assert reader.session("b").status is Status.ACTIVE
        vendor.put("b", Status.ENDED, ended=vendor.clock.now())
        await reader.passes(6)
        assert reader.session("b").status is Status.ENDED
        vendor.remove("a")
        await reader.passes(300)
        assert reader.ids() == ["b"]


async def test_nothing_changed_nothing_told_and_nobody_woken() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    vendor.put("b", Status.ENDED, ended=vendor.clock.now())
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        reader.read()
        decoded, wakes = len(vendor.decoded), reader.wakes
        await reader.passes(600)
        assert len(vendor.asked("page")) > 100
        assert len(vendor.decoded) == decoded, "known bytes are not decoded again"
        assert reader.wakes == wakes
        batch = reader.engine.mailbox.drain()
        assert not batch.sessions
        assert not batch.health
        assert len(batch.exchanges) > 100, "requests ride along for the log, but wake nobody"


async def test_a_change_that_nobody_can_see_is_not_told() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        reader.read()
        wakes, decoded = reader.wakes, len(vendor.decoded)
        vendor.rows["a"]["extra"] = "of no interest to the board"
        await reader.passes(10)
        assert len(vendor.decoded) == decoded + 1
        assert reader.wakes == wakes


async def test_a_session_is_gone_only_after_two_complete_listings_without_it() -> None:
    vendor = Vendor(VirtualClock(), page_size=2)
    for ref in "abcde":
        vendor.put(ref)
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        assert reader.ids() == list("abcde")
        vendor.hidden.add("e")
        walks = len([ask for ask in asks_of(vendor) if ask.cursor is None])

        def walked(more: int) -> bool:
            begun = [ask for ask in asks_of(vendor) if ask.cursor is None]
            return len(begun) >= walks + more + 1 and vendor.in_flight == 0

        await reader.until(lambda: walked(1), 60)
        assert "e" in reader.ids(), "one listing without it is not enough"
        vendor.hidden.clear()
        await reader.passes(6)
        vendor.hidden.add("e")
        await reader.passes(6)
        assert "e" in reader.ids(), "the count starts anew when it was seen again"
        await reader.passes(6)
        assert reader.ids() == list("abcd")


async def test_a_listing_that_never_reaches_its_end_misses_nobody() -> None:
    vendor = Vendor(VirtualClock(), page_size=2)
    for ref in "abcdef":
        vendor.put(ref)
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        assert len(reader.ids()) == 6
        break_after_first_page(vendor)
        vendor.hidden |= {"e", "f"}
        await reader.passes(900)
        assert reader.ids() == list("abcdef")
        assert reader.state() == "backing off"


def break_after_first_page(vendor: Vendor) -> None:
    """Every page behind the first one fails."""
    answering = vendor.answering

    @asynccontextmanager
    async def fail(operation: str, what: object) -> AsyncIterator[None]:
        async with answering(operation, what):
            if isinstance(what, Ask) and what.cursor is not None:
                raise BadAnswer("listing the sessions: not JSON")
            yield

    vendor.answering = fail  # type: ignore[method-assign]


async def test_a_long_listing_without_order_goes_on_over_many_polls() -> None:
    vendor = Vendor(VirtualClock(), page_size=1, rate=1000.0, latency=0.01)
    for number in range(130):
        vendor.put(f"s{number:03}", Status.ENDED, ended=vendor.clock.now())
    async with running({"one": vendor}) as reader:
        await reader.passes(4)
        assert len(reader.ids()) == 50, "the page cap is per poll"
        complete = [reader.board.health["one"].complete]
        await reader.passes(10)
        assert len(reader.ids()) == 130
        complete.append(reader.board.health["one"].complete)
        assert complete == [False, True]
        await reader.passes(15)
        assert asks_of(vendor)[-1].cursor is not None, "in the middle of the next round"
        vendor.put("s000", Status.WAITING)
        await reader.passes(6)
        assert reader.session("s000").status is Status.WAITING, "the front page is asked every time"


async def test_a_cursor_that_expired_is_not_asked_for_ever() -> None:
    vendor = Vendor(VirtualClock(), page_size=1, rate=1000.0)
    for number in range(130):
        vendor.put(f"s{number:03}", Status.ENDED, ended=vendor.clock.now())
    answering = vendor.answering
    expired: set[object] = set()

    @asynccontextmanager
    async def expire(operation: str, what: object) -> AsyncIterator[None]:
        async with answering(operation, what):
            if isinstance(what, Ask) and what.cursor == "60" and len(expired) < 1:
                expired.add(what.cursor)
                vendor.refuse("page", None)
                raise Refused("listing the sessions: the page token has expired", 400)
            yield

    vendor.answering = expire  # type: ignore[method-assign]
    async with running({"one": vendor}) as reader:
        await reader.until(lambda: bool(expired), 60)
        asked = len(vendor.calls)
        await reader.passes(8)
        assert asks_of(vendor)[asked].cursor is None, "a new round begins at the first page"
        assert asks_of(vendor)[asked + 1].cursor == "1"
        await reader.passes(60)
        assert len(reader.ids()) == 130
        assert reader.state() == "ok"


async def test_live_sessions_that_the_pulse_does_not_cover_are_read_by_id() -> None:
    vendor = Vendor(VirtualClock(), asks=Asks.NEWEST_FIRST, page_size=3)
    for number in range(12):
        vendor.put(f"s{number}")
        vendor.rows[f"s{number}"]["updated"] = (
            vendor.clock.now() - timedelta(minutes=60 - number)
        ).isoformat()
    async with running({"one": vendor}) as reader:
        await reader.passes(6)
        reader.engine.send(Visible((Key("one", Opaque("s1")), Key("one", Opaque("s2")))))
        start = vendor.clock.monotonic()
        await reader.passes(60)
        reads = [what for _, what in vendor.asked("row", start)]
        assert reads.count("s1") >= 10, "what is on screen is read at every poll"
        assert 3 <= reads.count("s0") <= 6, "the others in turn, a few at every poll"
        assert "s11" not in reads, "the pulse shows it"
        vendor.rows["s2"]["status"] = "active"  # and the vendor does not move it to the front
        await reader.passes(6)
        assert reader.session("s2").status is Status.ACTIVE


async def test_a_vendor_whose_answers_take_most_of_the_interval_starves_nobody() -> None:
    vendor = Vendor(VirtualClock(), asks=Asks.NEWEST_FIRST, page_size=1)
    vendor.put("old", Status.WAITING)
    vendor.names = {"old": "Ana", "new": "Bo"}
    await vendor.clock.sleep(1)
    vendor.put("new")
    async with running({"one": vendor}, [profile(refresh=5)]) as reader:
        await reader.passes(30)
        vendor.latency = 4.0
        start = vendor.clock.monotonic() + 8
        vendor.rows["old"] |= {"status": Status.ACTIVE.value}  # behind the page that is asked for
        vendor.put("third")
        vendor.names["third"] = "Cy"
        await reader.passes(60)
        assert vendor.asked("row", start) != []
        assert reader.session("old").status is Status.ACTIVE
        assert reader.session("third").customer == "Cy"


@pytest.mark.parametrize("asks", [Asks.SINCE, Asks.WINDOW])
async def test_the_first_question_is_the_whole_window_the_next_are_narrow(asks: Asks) -> None:
    vendor = Vendor(VirtualClock(), asks=asks)
    vendor.put("a", Status.ENDED)
    async with running({"one": vendor}, [profile(history_hours=24)]) as reader:
        await reader.passes(40)
        first, *rest = asks_of(vendor)
        now = vendor.clock.now()
        assert first.since is not None
        assert now - first.since >= hours(24)
        assert rest
        for ask in rest:
            assert ask.since is not None
            assert now - ask.since < timedelta(minutes=20)
        await reader.passes(60)
        wide = [ask for ask in asks_of(vendor)[1:] if ask.since and now - ask.since > hours(23)]
        assert len(wide) == 1, "the sweep comes back about once a minute"


@pytest.mark.parametrize("asks", [Asks.NEWEST_FIRST, Asks.SINCE])
async def test_a_burst_that_fills_several_pages_shows_at_the_next_poll(asks: Asks) -> None:
    vendor = Vendor(VirtualClock(), asks=asks, page_size=2)
    vendor.put("old")
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        for number in range(6):
            vendor.put(f"s{number}")
        await reader.passes(6)
        assert len(reader.ids()) == 7


async def test_a_long_whole_list_without_an_order_is_read_through_within_a_few_polls() -> None:
    vendor = Vendor(VirtualClock(), page_size=1, rate=60.0)
    for number in range(120):
        vendor.put(f"s{number:03}", Status.ENDED)
    async with running({"one": vendor}) as reader:
        await reader.until(lambda: len(reader.ids()) == 120)
        asked = len(asks_of(vendor))
        await reader.until(lambda: any(ask.cursor == "60" for ask in asks_of(vendor)[asked:]))
        rows = list(vendor.rows.items())
        vendor.put("new")
        vendor.rows = dict([*rows[:30], ("new", vendor.rows["new"]), *rows[30:]])
        await reader.passes(6 * 5.5)
        assert "new" in reader.ids(), "it came where the sweep had just been"


async def test_a_vendor_whose_clock_is_ahead_hides_nothing() -> None:
    vendor = Vendor(VirtualClock(), asks=Asks.SINCE)
    ahead = vendor.clock.now() + hours(3)
    vendor.put("ahead", created=ahead)
    async with running({"one": vendor}) as reader:
        await reader.passes(20)
        vendor.put("now")
        await reader.passes(6)
        assert reader.ids() == ["ahead", "now"]
        late = vendor.clock.now() - timedelta(minutes=3)
        vendor.put("late", created=late)
        await reader.passes(6)
        assert "late" in reader.ids(), "questions overlap"


async def test_where_nothing_can_be_read_by_id_the_window_covers_all_that_lives() -> None:
    vendor = Vendor(VirtualClock(), asks=Asks.WINDOW)
    vendor.put("old")
    vendor.refuse("row", UsageProblem("this vendor reads no session by its id"))
    async with running({"one": vendor}, [profile(refresh=30, history_hours=1)]) as reader:
        await reader.passes(hours(4).total_seconds())
        assert reader.ids() == ["old"]
        assert dict(reader.board.health["one"].greyed).keys() == {"row"}
        assert reader.state() == "ok"
        vendor.put("old", Status.ACTIVE)
        await reader.passes(40)
        assert reader.session("old").status is Status.ACTIVE
        vendor.remove("old")
        await reader.passes(1500)
        assert reader.ids() == [], "and notices when it is gone"


async def test_a_reading_that_gives_another_session_is_not_believed() -> None:
    vendor = Vendor(VirtualClock(), asks=Asks.NEWEST_FIRST, page_size=1)
    vendor.put("a")
    vendor.put("b")
    vendor.put("hidden")
    vendor.hidden.add("hidden")
    vendor.tokens["a"] = "hidden"
    vendor.rows["a"]["updated"] = (vendor.clock.now() - hours(1)).isoformat()
    async with running({"one": vendor}) as reader:
        reader.engine.send(Visible((Key("one", Opaque("a")),)))
        await reader.passes(60)
        assert vendor.asked("row")
        assert reader.ids() == ["a", "b"]


async def test_a_window_widens_to_the_oldest_live_session() -> None:
    vendor = Vendor(VirtualClock(), asks=Asks.WINDOW)
    began = vendor.clock.now() - hours(1)
    vendor.put("a", created=began)
    async with running({"one": vendor}) as reader:
        await reader.passes(30)
        narrow = asks_of(vendor)[1:]
        assert narrow
        assert all(ask.since is not None and ask.since < began for ask in narrow)
        assert vendor.asked("row") == []
        vendor.put("old", created=vendor.clock.now() - hours(5))
        await reader.passes(120)
        assert {what for _, what in vendor.asked("row")} == {"old"}, "too old for that: by its id"


async def test_live_sessions_from_before_the_window_stay_and_ended_ones_leave() -> None:
    vendor = Vendor(VirtualClock(), asks=Asks.WINDOW)
    vendor.put("live")
    vendor.put("done", Status.ENDED, ended=vendor.clock.now())
    async with running({"one": vendor}, [profile(refresh=60, history_hours=2)]) as reader:
        await reader.passes(60)
        assert reader.ids() == ["done", "live"]
        await reader.passes(hours(5).total_seconds())
        assert reader.ids() == ["live"]
        vendor.remove("live")
        await reader.passes(900)
        assert reader.ids() == []


async def test_what_ended_long_ago_is_neither_shown_nor_decoded_again() -> None:
    vendor = Vendor(VirtualClock())
    ago = vendor.clock.now() - hours(50)
    vendor.put("old", Status.ENDED, created=ago, updated=ago, ended=ago)
    vendor.put("new", Status.ENDED, ended=vendor.clock.now())
    async with running({"one": vendor}) as reader:
        await reader.passes(60)
        assert reader.ids() == ["new"]
        assert len(vendor.decoded) == 2


async def test_a_newest_first_sweep_stops_where_the_window_ends() -> None:
    vendor = Vendor(VirtualClock(), asks=Asks.NEWEST_FIRST, page_size=5)
    now = vendor.clock.now()
    for number in range(100):
        at = now - hours(number)
        vendor.put(f"s{number:03}", Status.ENDED, created=at, updated=at, ended=at)
    async with running({"one": vendor}, [profile(history_hours=24)]) as reader:
        await reader.passes(20)
        assert len(reader.ids()) == 24
        assert reader.board.health["one"].complete
        cursors = {ask.cursor for ask in asks_of(vendor)}
        assert len(cursors) <= 7, "the pages behind the window are not asked for"


@pytest.mark.parametrize("rate", [2.0, 10.0, 30.0])
async def test_never_more_than_half_of_the_documented_rate(rate: float) -> None:
    vendor = Vendor(VirtualClock(), asks=Asks.NEWEST_FIRST, page_size=10, rate=rate, latency=0.001)
    vendor.names = {f"s{number}": "Ana" for number in range(300)}
    for number in range(300):
        vendor.put(f"s{number}")
    async with running({"one": vendor}, [profile(refresh=2)]) as reader:
        reader.engine.send(Visible(tuple(Key("one", Opaque(f"s{n}")) for n in range(300))))
        await reader.passes(120)
    times = sorted(at for at, _, _ in vendor.calls)
    assert len(times) > 50
    for index, at in enumerate(times):
        within = sum(1 for other in times[index:] if other < at + 5.0 - 1e-6)
        assert within <= rate / 2 * 5 + 1


async def test_people_are_asked_once_and_again_after_a_change_visible_ones_first() -> None:
    vendor = Vendor(VirtualClock(), rate=4.0)
    for number in range(20):
        vendor.put(f"s{number}")
        vendor.names[f"s{number}"] = f"Ana {number}"
    vendor.put("ended", Status.ENDED, ended=vendor.clock.now())
    async with running({"one": vendor}) as reader:
        reader.engine.send(Visible((Key("one", Opaque("s17")),)))
        await reader.passes(6)
        assert vendor.asked("people")[0][1] == "s17"
        await reader.passes(90)
        asked = [str(what) for _, what in vendor.asked("people")]
        assert sorted(asked) == sorted({f"s{number}" for number in range(20)})
        assert reader.session("s3").customer == "Ana 3"

        vendor.put("s3", Status.ACTIVE)
        vendor.names["s3"] = "Bo"
        vendor.refuse("people", None)
        await reader.passes(0.05)
        seen: list[str | None] = []

        def renamed() -> bool:
            seen.append(reader.session("s3").customer)
            return seen[-1] == "Bo"

        await reader.until(renamed, 30)
        assert None not in seen, "a refresh of the row does not blank who is known"
        assert [what for _, what in vendor.asked("people")].count("s3") == 2


async def test_a_row_without_an_id_and_one_that_is_odd_are_counted() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a", odd=True)
    vendor.put("b")
    vendor.rows["nameless"] = {"status": "waiting"}
    async with running({"one": vendor}) as reader:
        await reader.passes(20)
        reader.read()
        health = reader.board.health["one"]
        assert (health.set_aside, health.drifted) == (1, 1)
        assert len(vendor.decoded) == 3
        del vendor.rows["nameless"]
        vendor.put("a", odd=False)
        await reader.passes(20)
        reader.read()
        health = reader.board.health["one"]
        assert (health.set_aside, health.drifted) == (0, 0)


async def test_pages_that_go_round_in_a_circle_are_refused() -> None:
    vendor = Vendor(VirtualClock(), page_size=1)
    for ref in "abc":
        vendor.put(ref)
    async with running({"one": vendor}) as reader:
        circle(vendor)
        await reader.passes(3)
        assert reader.state() == "backing off"
        assert "circle" in reader.board.health["one"].reason
        assert len(vendor.asked("page")) < 10


def circle(vendor: Vendor) -> None:
    """Every page names the same next page."""
    real = vendor.connect

    def connect(*args: object) -> object:
        provider = real(*args)  # type: ignore[arg-type]
        page = provider.page

        async def round_and_round(ask: Ask) -> object:
            return replace(await page(ask), next=Opaque("1"))

        provider.page = round_and_round  # type: ignore[method-assign,assignment]
        return provider

    vendor.connect = connect  # type: ignore[method-assign,assignment]


async def test_a_session_may_go_back_to_a_state_that_it_had_before() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.passes(1)
        vendor.put("a", Status.ACTIVE)
        await reader.passes(6)
        assert reader.session("a").status is Status.ACTIVE
        vendor.put("a", Status.WAITING)
        await reader.passes(6)
        assert reader.session("a").status is Status.WAITING
