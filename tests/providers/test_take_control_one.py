"""One Take Control session by its id, what each key can do, and what the check says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.providers.making import profile
from tests.providers.take_control_samples import (
    BASE,
    HISTORY_SAMPLE,
    RECORD,
    WITHOUT_ID,
    body,
    control,
    error,
    refusing,
    sessions,
    success,
)
from tests.providers.vendor import Answer, Seen, StillClock, Vendor
from tui.model.problem import (
    BadAnswer,
    Busy,
    ConfigProblem,
    NotFound,
    UsageProblem,
)
from tui.model.text import Opaque
from tui.providers import take_control
from tui.providers.base import Ask, Verdict
from tui.providers.take_control import TakeControl
from tui.providers.take_control_query import DETAILED

pytestmark = pytest.mark.anyio
HISTORY = "/session/history"


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    async with Vendor(BASE) as made:
        made.paths[HISTORY] = Answer(body=success([RECORD]))
        yield made


@pytest.fixture
async def desk(vendor: Vendor) -> AsyncIterator[TakeControl]:
    made = control(vendor)
    yield made
    await made.aclose()


# --- one session ---------------------------------------------------------------------------------------------


async def test_a_session_by_its_number(vendor: Vendor, desk: TakeControl) -> None:
    vendor.paths[HISTORY] = Answer(body=success([{**RECORD, "id": 1}, {**RECORD, "id": "7301"}]))
    (found,) = sessions(desk, (await desk.row(Opaque("7301")),))
    assert found.id == "7301"
    assert body(vendor.seen[0])["vars"] == list(DETAILED)
    assert body(vendor.seen[0])["filters"]["FILTER_ID"] == 7301


async def test_a_number_that_the_vendor_does_not_tell_back_is_kept(
    vendor: Vendor, desk: TakeControl
) -> None:
    vendor.paths[HISTORY] = Answer(body=success([WITHOUT_ID]))
    (found,) = sessions(desk, (await desk.row(Opaque("7301")),))
    assert found.id == "7301"


async def test_no_such_number_and_a_filter_that_is_ignored(
    vendor: Vendor, desk: TakeControl
) -> None:
    vendor.paths[HISTORY] = Answer(body=success([]))
    with pytest.raises(NotFound, match="7302"):
        await desk.row(Opaque("7302"))
    for others in ([RECORD], [WITHOUT_ID, WITHOUT_ID]):
        vendor.paths[HISTORY] = Answer(body=success(others))
        with pytest.raises(BadAnswer, match="other sessions"):
            await desk.row(Opaque("7302"))


def windowed(records: list[dict[str, Any]]) -> Callable[[Seen], Answer]:
    """A vendor that keeps to the window, exclusive as documented, and gives no ids."""

    def react(seen: Seen) -> Answer:
        asked = body(seen)
        first = asked["filters"]["FILTER_DATE_START_INI"]
        last = asked["filters"].get("FILTER_DATE_START_END", "9")
        inside = [one for one in records if first < one["date_start"] < last]
        told = [{n: v for n, v in one.items() if n.upper() in asked["vars"]} for one in inside]
        return Answer(body=success(told))

    return react


async def test_a_derived_id_is_searched_for_and_matched(vendor: Vendor, desk: TakeControl) -> None:
    chat = "<c><text>hi</text></c>"
    other = {**WITHOUT_ID, "date_start": "2026-01-05 11:31:00"}
    records = [WITHOUT_ID, other, {**WITHOUT_ID, "notes": "second", "chat_info": chat}]
    vendor.paths[HISTORY] = windowed(records)
    listed = sessions(desk, (await desk.page(Ask())).rows)
    wanted = listed[2].id
    found = desk.decode(await desk.row(wanted), full=True).session
    assert found is not None
    assert (found.id, dict(found.fields).get(listed[0].kind.__class__("notes"))) == (
        wanted,
        "second",
    )
    # Its start was remembered: a second around it was asked for, and nothing else.
    assert len(vendor.seen) == 2
    assert body(vendor.seen[1])["filters"]["FILTER_DATE_START_INI"] == "2026-01-05 11:29:59"
    assert body(vendor.seen[1])["filters"]["FILTER_DATE_START_END"] == "2026-01-05 11:30:01"
    told = await desk.transcript(found)
    assert told.spoken
    assert [entry.text for entry in told.entries] == [
        "hi",
        "notes: second",
        "the session was recorded: there are videos of it",
    ]
    assert len(vendor.seen) == 3


async def test_a_derived_id_from_another_run_is_found_in_the_history(vendor: Vendor) -> None:
    vendor.paths[HISTORY] = windowed([{**WITHOUT_ID, "notes": "long"}])
    first, second = control(vendor), control(vendor)
    (listed,) = sessions(first, (await first.page(Ask())).rows)
    found = second.decode(await second.row(listed.id), full=True).session
    assert found is not None
    assert "long" in [value for _, value in found.fields]
    windows = [body(seen)["filters"] for seen in vendor.seen]
    assert ["FILTER_DATE_START_END" in one for one in windows] == [False, False, True]
    assert [body(seen)["vars"] == list(DETAILED) for seen in vendor.seen] == [False, False, True]
    await first.aclose()
    await second.aclose()


async def test_an_id_that_no_session_has(vendor: Vendor, desk: TakeControl) -> None:
    vendor.paths[HISTORY] = windowed([WITHOUT_ID])
    for ref in ("~0123456789abcdef", "SS-1", "007"):
        with pytest.raises(NotFound, match="the last 24 h"):
            await desk.row(Opaque(ref))


async def test_an_id_that_is_no_number_is_searched_for(vendor: Vendor, desk: TakeControl) -> None:
    vendor.paths[HISTORY] = windowed([{**RECORD, "id": "bc-11395"}])
    (listed,) = sessions(desk, (await desk.page(Ask())).rows)
    (found,) = sessions(desk, (await desk.row(listed.id),))
    assert found.id == "bc-11395"


async def test_the_transcript_without_a_chat(vendor: Vendor, desk: TakeControl) -> None:
    (session,) = sessions(desk, (await desk.page(Ask())).rows)
    told = await desk.transcript(session)
    assert not told.spoken
    assert [entry.text for entry in told.entries][:2] == ["session started", "session ended"]
    assert not desk.wants_people(session)
    assert await desk.people(session) == session


# --- keys ----------------------------------------------------------------------------------------------------


async def test_without_the_private_key_nothing_is_read(vendor: Vendor) -> None:
    desk = control(vendor, "public")
    for call in (desk.page(Ask()), desk.row(Opaque("1")), desk.row(Opaque("~1"))):
        with pytest.raises(ConfigProblem, match="no private_key"):
            await call
    await desk.aclose()
    assert vendor.seen == []


UNTRIED = (
    "the public key was not tried: it may only create sessions and tickets, and a check creates"
)


async def test_a_public_key_alone_is_asked_whether_it_is_the_private_one(vendor: Vendor) -> None:
    desk = control(vendor, "public")
    vendor.paths[HISTORY] = Answer(403, error(403))  # what every public key hears
    (private, public) = await desk.check()
    assert (private.verdict, public.verdict) == (Verdict.WARN, Verdict.WARN)
    assert "only created" in private.text
    assert public.text.startswith(UNTRIED)
    vendor.paths[HISTORY] = Answer(body=success([RECORD]))
    (_, public) = await desk.check()
    assert public.verdict is Verdict.FAIL
    assert public.text.endswith("which only a private key may: name it private_key")
    vendor.paths[HISTORY] = Answer(404, b"")
    (_, public) = await desk.check()
    assert public.verdict is Verdict.FAIL
    assert "check base_url" in public.text
    vendor.paths[HISTORY] = Answer(503, b"")
    with pytest.raises(Busy):
        await desk.check()
    await desk.aclose()
    assert {(seen.method, seen.path) for seen in vendor.seen} == {("GET", f"/rest{HISTORY}")}


async def test_keys_in_each_others_place_are_told(vendor: Vendor, desk: TakeControl) -> None:
    """The key that lists is the one that was given as public."""

    def answer(seen: Seen) -> Answer:
        public = seen.headers.get("integration-key") == "open-sesame"
        return Answer(body=success([RECORD])) if public else Answer(403, error(403))

    vendor.paths[HISTORY] = answer
    refused, swapped = await desk.check()
    assert (refused.verdict, swapped.verdict) == (Verdict.FAIL, Verdict.FAIL)
    assert refused.text.startswith("the private key was refused (403")
    assert swapped.text.endswith("the two keys stand in each other's place")


async def test_a_refused_private_key_is_named_and_the_public_one_was_not_tried(
    vendor: Vendor, desk: TakeControl
) -> None:
    vendor.paths[HISTORY] = Answer(403, error(403))
    refused, public = await desk.check()
    assert refused.text.startswith("the private key was refused (403")
    assert (public.verdict, public.text[:30]) == (Verdict.WARN, UNTRIED[:30])


async def test_one_key_in_both_places_is_told(vendor: Vendor) -> None:
    made = profile(
        "take-control", vendor.base_url, {}, {"public_key": "same", "private_key": "same"}
    )
    desk = take_control.connect(made, StillClock(), lambda exchange: None)
    assert "hold the same key" in (await desk.check())[-1].text
    await desk.aclose()


async def test_the_check_says_what_the_profile_can_do(vendor: Vendor, desk: TakeControl) -> None:
    accepted, public = await desk.check()
    assert accepted.verdict is Verdict.OK
    assert accepted.text == "the private key is accepted; 1 session in the last day"
    assert public.text.startswith(UNTRIED)
    private = control(vendor, "private")
    assert "only listed and read" in (await private.check())[-1].text
    await private.aclose()
    vendor.paths[HISTORY] = Answer(403, error(403))
    rejected, _ = await desk.check()
    assert rejected.verdict is Verdict.FAIL
    vendor.paths[HISTORY] = Answer(503, b"")
    with pytest.raises(Busy):
        await desk.check()


async def test_the_check_tells_of_what_is_missing_and_of_a_wrong_zone(
    vendor: Vendor, desk: TakeControl
) -> None:
    ahead = {**RECORD, "date_start": "2026-01-05 14:00:00"}
    vendor.paths[HISTORY] = refusing("ID", records=[ahead])
    told = " | ".join(finding.text for finding in await desk.check())
    assert "refuses to tell CUSTOMER_NUMBER, HAS_VIDEOS, ID" in told
    assert "derived" in told
    assert "time_zone UTC is wrong" in told


def test_a_profile_that_cannot_be_used_says_why() -> None:
    def connected(settings: dict[str, str], secrets: dict[str, str]) -> None:
        made = profile("take-control", "http://127.0.0.1:1/rest", settings, secrets)
        take_control.connect(made, StillClock(), lambda exchange: None)

    with pytest.raises(ConfigProblem, match="public_key or private_key is needed"):
        connected({}, {})
    with pytest.raises(ConfigProblem, match="desk: time_zone is Mars/Base"):
        connected({"time_zone": "Mars/Base"}, {"private_key": "x"})
    with pytest.raises(ConfigProblem, match="plain ASCII"):
        connected({}, {"private_key": "x y"})


async def test_there_are_no_links(desk: TakeControl) -> None:
    with pytest.raises(UsageProblem):
        await desk.system_links("crm.example")


async def test_the_vendors_sample_is_a_listing(vendor: Vendor, desk: TakeControl) -> None:
    vendor.paths[HISTORY] = Answer(200, json.dumps(HISTORY_SAMPLE).encode())
    (found,) = sessions(desk, (await desk.page(Ask())).rows)
    assert (found.status, found.estimated_wait_minutes) == ("waiting", 1)
