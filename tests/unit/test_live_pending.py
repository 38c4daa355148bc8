"""A created session that the vendor does not show yet: a row at once, the real one in its place when it is there."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.unit.live_vendor import Reader, profile, running
from tests.unit.writable_vendor import WritableVendor
from tests.virtual_clock import VIRTUAL
from tui.live.commands import Create, PutProfile, RemoveProfile, Watch
from tui.live.messages import Grown, Made
from tui.model.problem import BadAnswer, Busy, KeysRejected, NotFound, Problem
from tui.model.session import Key
from tui.model.status import Status
from tui.model.text import Opaque

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return VIRTUAL


def token_vendor(*, for_now: bool = True) -> WritableVendor:
    """A create tells a token only."""
    vendor = WritableVendor()
    vendor.silent, vendor.for_now, vendor.next_id = True, for_now, "tok"
    return vendor


async def make(reader: Reader) -> Made:
    values = {"customer_name": "Ana\x1b[2J", "customer_email": "ana@example.org", "secret": "x"}
    made = await reader.ask(lambda ticket: Create(ticket, "one", values))
    assert isinstance(made, Made)
    assert made.problem is None
    assert made.session is None
    return made


def starts(vendor: WritableVendor) -> None:
    """The technician starts it: it has an id now, and the token names it still."""
    vendor.put("SS-1", Status.WAITING, customer="Ana Lindqvist")
    vendor.tokens["tok"] = "SS-1"


def grown(reader: Reader) -> list[Grown]:
    reader.read()
    return [answer for answer in reader.answers if isinstance(answer, Grown)]


async def test_a_row_stands_for_it_at_once_with_what_was_typed_and_nothing_else() -> None:
    vendor = token_vendor()
    async with running({"one": vendor}) as reader:
        await make(reader)
        row = reader.session("tok")
        assert (row.status, row.provider_status) == (Status.NOT_STARTED, "pending")
        assert (row.customer, row.customer_email) == ("Ana␛[2J", "ana@example.org")
        assert (row.created_at, row.subject, row.agent, row.fields) == (None, None, None, ())


async def test_no_listing_and_no_not_found_takes_it_away() -> None:
    vendor = token_vendor()
    vendor.put("other")
    async with running({"one": vendor}) as reader:
        await make(reader)
        reader.engine.send(Watch(Key("one", Opaque("tok"))))
        await reader.passes(600)
        assert reader.ids() == ["other", "tok"]


async def test_the_real_row_takes_its_place_in_one_batch_and_is_told() -> None:
    vendor = token_vendor()
    async with running({"one": vendor}) as reader:
        made = await make(reader)
        await reader.passes(20)
        reader.read()
        reader.batches.clear()
        starts(vendor)
        vendor.hidden.add("SS-1")  # nothing but the token leads to it
        await reader.passes(70)
        (told,) = grown(reader)
        assert (told.ticket, told.session.id) == (made.ticket, "SS-1")
        assert told.instead_of == Key("one", Opaque("tok"))
        (batch,) = [one for one in reader.batches if one.sessions or one.gone]
        assert [one.id for one in batch.sessions] == ["SS-1"]
        assert batch.gone == (Key("one", Opaque("tok")),)
        assert reader.ids() == ["SS-1"]
        asked = len(vendor.asked("row"))
        vendor.hidden.clear()
        await reader.passes(300)
        assert [what for _, what in vendor.asked("row")][asked:].count("tok") == 0
        assert len(grown(reader)) == 1


async def test_a_listing_that_shows_it_first_makes_no_second_row() -> None:
    vendor = token_vendor()
    async with running({"one": vendor}) as reader:
        await make(reader)
        starts(vendor)
        await reader.passes(70)
        assert reader.ids() == ["SS-1"]
        assert len(grown(reader)) == 1


async def test_a_row_under_the_token_itself_is_shown_and_the_id_is_waited_for() -> None:
    vendor = token_vendor()
    async with running({"one": vendor}) as reader:
        await make(reader)
        vendor.put("tok", Status.NOT_STARTED, customer="Ana Lindqvist")
        vendor.hidden.add("tok")
        await reader.passes(20)
        assert reader.session("tok").customer == "Ana Lindqvist"
        assert grown(reader) == []
        vendor.remove("tok")
        starts(vendor)
        await reader.passes(120)
        assert [told.session.id for told in grown(reader)] == ["SS-1"]
        assert reader.ids() == ["SS-1"]


async def test_a_session_that_is_over_without_ever_having_an_id_is_waited_for_no_more() -> None:
    vendor = token_vendor()
    async with running({"one": vendor}) as reader:
        await make(reader)
        vendor.put("tok", Status.ABANDONED)
        await reader.passes(20)
        assert [told.session.status for told in grown(reader)] == [Status.ABANDONED]
        asked = len(vendor.asked("row"))
        await reader.passes(60)
        assert len(vendor.asked("row")) == asked


async def test_an_id_whose_details_come_later_keeps_its_place() -> None:
    vendor = token_vendor(for_now=False)
    async with running({"one": vendor}) as reader:
        await make(reader)
        vendor.refuse("row", Busy("not available yet", 409), times=3)
        vendor.put("tok", Status.NOT_STARTED, subject="camera")
        vendor.hidden.add("tok")
        await reader.passes(90)
        (told,) = grown(reader)
        assert (told.session.id, told.session.subject) == ("tok", "camera")
        assert reader.ids() == ["tok"]


@pytest.mark.parametrize(
    "trouble",
    [NotFound("no such", 404), BadAnswer("html"), Busy("early", 409), Busy("trouble", 500)],
    ids=lambda problem: f"{type(problem).__name__}-{getattr(problem, 'status', '')}",
)
async def test_it_is_asked_for_less_and_less_often(trouble: Problem) -> None:
    vendor = token_vendor()
    vendor.refuse("row", trouble)
    async with running({"one": vendor}) as reader:
        await make(reader)
        start = vendor.clock.monotonic()
        await reader.passes(600)
        times = [at for at, what in vendor.asked("row") if what == "tok"]
        gaps = [later - earlier for earlier, later in pairwise(times)]
        assert 8 <= len(times) <= 20
        assert times[0] - start >= 4.9
        assert min(gaps) >= 4.9
        assert 55 <= gaps[-1] <= 70
        assert reader.ids() == ["tok"]


async def test_rejected_keys_end_the_asking_until_the_user_acts() -> None:
    vendor = token_vendor()
    vendor.refuse("row", KeysRejected("no", 403))
    async with running({"one": vendor}) as reader:
        await make(reader)
        await reader.passes(300)
        assert len(vendor.asked("row")) == 1


async def test_what_nobody_ever_heard_of_goes_after_the_history_window() -> None:
    vendor = token_vendor()
    async with running(
        {"one": vendor}, [profile("one", refresh=60.0, history_hours=1.0)]
    ) as reader:
        await make(reader)
        await reader.passes(3500)
        assert reader.ids() == ["tok"]
        await reader.passes(300)
        assert reader.ids() == []


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda: PutProfile(profile("one")), ["SS-1"]),
        (lambda: PutProfile(profile("one", settings={"account": "two"})), []),
        (lambda: RemoveProfile("one"), []),
    ],
    ids=["re-keyed", "another account", "removed"],
)
async def test_a_change_of_the_profile(change: Callable[[], PutProfile], left: list[str]) -> None:
    vendor = token_vendor()
    async with running({"one": vendor}) as reader:
        await make(reader)
        await reader.passes(1)
        reader.engine.send(change())
        await reader.passes(1)
        assert reader.ids() == (["tok"] if left else [])
        vendor.put("SS-1", Status.WAITING)
        vendor.tokens["tok"] = "SS-1"
        vendor.hidden.add("SS-1")
        await reader.passes(120)
        assert reader.ids() == left
