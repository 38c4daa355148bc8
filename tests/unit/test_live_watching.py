"""What people look at and ask for: watches, opened sessions, questions with a ticket."""

from __future__ import annotations

import asyncio

import pytest

from tests.unit.live_vendor import Reader, Vendor, hours, problem_of, profile, running
from tests.unit.test_live_polling import circle
from tests.virtual_clock import VIRTUAL, VirtualClock
from tui.live.commands import Check, FindLinks, Open, Pause, PutProfile, Query, Read, Unwatch, Watch
from tui.live.messages import Checked, Detail, LinksFound, Listed, Opened, Spoken
from tui.model.problem import BadAnswer, KeysRejected, NoAnswer, NotFound, UsageProblem
from tui.model.session import Key
from tui.model.status import Status
from tui.model.text import Opaque
from tui.providers.base import Asks

pytestmark = pytest.mark.anyio

A = Key("one", Opaque("a"))


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return VIRTUAL


def details(reader: Reader) -> list[Detail]:
    reader.read()
    return [answer for answer in reader.answers if isinstance(answer, Detail)]


def spoken(reader: Reader) -> list[Spoken]:
    reader.read()
    return [answer for answer in reader.answers if isinstance(answer, Spoken)]


async def test_a_watched_session_is_told_whole_now_and_after_every_change() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a", extra="floor 3")
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        reader.engine.send(Watch(A))
        await reader.passes(1)
        (first,) = details(reader)
        assert first.session is not None
        assert first.session.fields == (("extra", "floor 3"),)
        assert reader.session("a").fields == (), "the board keeps no vendor fields"

        await reader.passes(60)
        assert len(details(reader)) == 1, "told only when it changed"
        assert len(vendor.asked("row")) >= 10, "but read at every refresh"

        vendor.rows["a"]["extra"] = "floor 4"
        await reader.passes(6)
        assert len(details(reader)) == 2
        reader.engine.send(Unwatch(A))
        await reader.passes(1)
        reads = len(vendor.asked("row"))
        await reader.passes(60)
        assert len(vendor.asked("row")) == reads


async def test_a_watched_transcript_follows_the_conversation_to_its_last_word() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a", Status.ACTIVE)
    vendor.said["a"] = ["hello"]
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        reader.engine.send(Watch(A, transcript=True))
        for _ in range(30):
            await reader.passes(1)
            reader.read()
        assert [len(one.transcript.entries) for one in spoken(reader) if one.transcript] == [1]
        vendor.said["a"].append("are you there")
        await reader.passes(6)
        assert [len(one.transcript.entries) for one in spoken(reader) if one.transcript] == [1, 2]
        vendor.said["a"].append("bye")
        vendor.put("a", Status.ENDED, ended=vendor.clock.now())
        await reader.passes(12)
        assert [len(one.transcript.entries) for one in spoken(reader) if one.transcript][-1] == 3
        asked = len(vendor.asked("transcript"))
        await reader.passes(60)
        assert len(vendor.asked("transcript")) == asked, "nothing more is said"


async def test_the_two_watches_of_a_session_end_one_by_one() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        reader.engine.send(Watch(A))
        reader.engine.send(Watch(A, transcript=True))
        await reader.passes(10)
        reader.engine.send(Unwatch(A, transcript=True))
        await reader.passes(1)
        talks, reads = len(vendor.asked("transcript")), len(vendor.asked("row"))
        await reader.passes(30)
        assert len(vendor.asked("transcript")) == talks
        assert len(vendor.asked("row")) > reads


async def test_a_second_watch_is_told_everything_anew() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a", Status.ENDED, ended=vendor.clock.now())
    vendor.said["a"] = ["hello"]
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        reader.engine.send(Watch(A))
        await reader.passes(1)
        assert len(details(reader)) == 1
        reader.engine.send(Watch(A, transcript=True))
        await reader.passes(1)
        assert len(details(reader)) == 2
        assert len(spoken(reader)) == 1


async def test_a_watched_session_that_has_ended_is_read_again_when_its_row_changes() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a", Status.ENDED, ended=vendor.clock.now())
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        reader.engine.send(Watch(A))
        await reader.passes(20)
        assert len(details(reader)) == 1
        assert len(vendor.asked("row")) == 1
        vendor.put("a", Status.ENDED, extra="the recording is there")
        await reader.passes(20)
        whole = details(reader)[-1].session
        assert whole is not None
        assert whole.fields == (("extra", "the recording is there"),)
        assert len(vendor.asked("row")) == 2


async def test_why_a_watched_session_cannot_be_read_is_told_once() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        vendor.refuse("row", NoAnswer("no answer in time"))
        reader.engine.send(Watch(A))
        await reader.passes(30)
        (only,) = details(reader)
        assert only.session is None
        assert problem_of(only).message == "no answer in time"
        vendor.refuse("row", None)
        await reader.passes(30)
        assert details(reader)[-1].session is not None


async def test_a_refused_transcript_is_told_greyed_and_tried_again_on_request() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    vendor.refuse("transcript", KeysRejected("interactions: not allowed", 403))
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        reader.engine.send(Watch(A, transcript=True))
        await reader.passes(60)
        assert len(spoken(reader)) == 1
        assert len(vendor.asked("transcript")) == 1
        assert reader.board.health["one"].greyed[0][0] == "transcript"
        assert reader.state() == "ok"
        reader.engine.send(Unwatch(A, transcript=True))
        reader.engine.send(Watch(A, transcript=True))
        await reader.passes(1)
        assert len(vendor.asked("transcript")) == 2


async def test_a_watched_session_goes_when_the_vendor_twice_says_not_found() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    vendor.put("b")
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        reader.engine.send(Watch(A))
        await reader.passes(1)
        vendor.hidden.add("a")
        await reader.passes(60)
        assert reader.ids() == ["a", "b"], "the vendor still knows it by its id"
        vendor.remove("a")
        await reader.passes(20)
        assert reader.ids() == ["b"]
        assert isinstance(problem_of(details(reader)[-1]), NotFound)


async def test_watching_while_paused_is_answered() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        reader.engine.send(Pause(True))
        reader.engine.send(Watch(A))
        await reader.passes(1)
        assert len(details(reader)) == 1
        calls = len(vendor.calls)
        await reader.passes(600)
        assert len(vendor.calls) == calls


async def test_people_are_in_the_detail_too() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    vendor.names["a"] = "Ana"
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        reader.engine.send(Watch(A))
        await reader.passes(10)
        (only,) = details(reader)
        assert only.session is not None
        assert only.session.customer == "Ana"
        assert len(vendor.asked("people")) == 1


# --- opening by id or token --------------------------------------------------------------------------------


async def test_a_session_opened_by_token_stays_on_the_board_under_its_id() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("web-1")
    vendor.hidden.add("web-1")
    vendor.tokens["tok 1"] = "web-1"
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        answer = await reader.ask(lambda ticket: Open(ticket, "one", Opaque("tok 1")))
        assert isinstance(answer, Opened)
        assert answer.session is not None
        assert answer.session.id == "web-1"
        assert answer.session.fields, "the answer is whole"
        assert reader.ids() == ["web-1"]
        await reader.passes(900)
        assert reader.ids() == ["web-1"], "no listing shows it, it stays all the same"
        vendor.put("web-1", Status.ACTIVE)
        await reader.passes(60)
        assert reader.session("web-1").status is Status.ACTIVE
        vendor.remove("web-1")
        await reader.passes(150)
        assert reader.ids() == []


async def test_an_opened_session_stays_after_it_ended_and_after_new_keys() -> None:
    vendor = Vendor(VirtualClock())
    ago = vendor.clock.now() - hours(100)
    vendor.put("old", Status.ENDED, created=ago, updated=ago, ended=ago)
    async with running({"one": vendor}) as reader:
        await reader.passes(10)
        assert reader.ids() == []
        await reader.ask(lambda ticket: Open(ticket, "one", Opaque("old")))
        await reader.passes(300)
        assert reader.ids() == ["old"]
        reader.engine.send(PutProfile(profile("one", me="Ana")))
        await reader.passes(300)
        assert reader.ids() == ["old"]
        vendor.remove("old")
        await reader.passes(300)
        assert reader.ids() == [], "and leaves when the vendor has forgotten it"


async def test_opening_what_is_not_there_says_so() -> None:
    vendor = Vendor(VirtualClock())
    async with running({"one": vendor}) as reader:
        answer = await reader.ask(lambda ticket: Open(ticket, "one", Opaque("nope")))
        assert isinstance(problem_of(answer), NotFound)
        vendor.rows["odd"] = {"status": "waiting"}
        answer = await reader.ask(lambda ticket: Open(ticket, "one", Opaque("odd")))
        assert isinstance(problem_of(answer), BadAnswer)


# --- other questions ---------------------------------------------------------------------------------------


async def test_a_read_gives_everything_and_leaves_the_board_alone() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a", extra="floor 3")
    vendor.names["a"] = "Ana"
    vendor.said["a"] = ["hello"]
    async with running({"one": vendor}, poll=False) as reader:
        answer = await reader.ask(lambda ticket: Read(ticket, "one", Opaque("a"), transcript=True))
        assert isinstance(answer, Opened)
        assert answer.session is not None
        assert answer.session.customer == "Ana"
        assert answer.session.fields == (("extra", "floor 3"),)
        assert answer.transcript is not None
        assert len(answer.transcript.entries) == 1
        assert reader.ids() == []
        vendor.refuse("transcript", NoAnswer("no answer in time"))
        answer = await reader.ask(lambda ticket: Read(ticket, "one", Opaque("a"), transcript=True))
        assert isinstance(answer, Opened)
        assert answer.session is not None, "half an answer is worth having"
        assert isinstance(answer.problem, NoAnswer)


@pytest.mark.parametrize("asks", list(Asks))
async def test_a_query_reads_every_page_of_the_window(asks: Asks) -> None:
    vendor = Vendor(VirtualClock(), asks=asks, page_size=7)
    now = vendor.clock.now()
    for number in range(60):
        at = now - hours(number)
        vendor.put(f"s{number:02}", Status.ENDED, created=at, updated=at, ended=at)
    vendor.put("live", created=now - hours(90), updated=now)
    async with running({"one": vendor}, poll=False) as reader:
        answer = await reader.ask(
            lambda ticket: Query(ticket, "one", since=now - hours(10.5), until=None)
        )
        assert isinstance(answer, Listed)
        assert answer.complete
        ids = sorted(session.id for session in answer.sessions if session.id != "live")
        assert ids == [f"s{number:02}" for number in range(11)]
        if asks is Asks.NEWEST_FIRST:
            assert len(vendor.asked("page")) <= 3
        answer = await reader.ask(
            lambda ticket: Query(ticket, "one", since=now - hours(10.5), until=now - hours(4.5))
        )
        assert isinstance(answer, Listed)
        ids = sorted(session.id for session in answer.sessions if session.id != "live")
        assert ids == [f"s{number:02}" for number in range(5, 11)]


async def test_a_query_that_breaks_off_hands_over_what_it_has() -> None:
    vendor = Vendor(VirtualClock(), page_size=1)
    for ref in "abc":
        vendor.put(ref, extra="x")
    vendor.names["a"] = "Ana"
    async with running({"one": vendor}, poll=False) as reader:
        whole = await reader.ask(lambda ticket: Query(ticket, "one", full=True, people=True))
        assert isinstance(whole, Listed)
        assert [session.customer for session in whole.sessions] == ["Ana", None, None]
        assert all(session.fields for session in whole.sessions)

        asking = asyncio.ensure_future(reader.ask(lambda ticket: Query(ticket, "one")))
        await reader.passes(0.07)
        vendor.refuse("page", NoAnswer("no answer in time"))
        answer = await asking
        assert isinstance(answer, Listed)
        assert not answer.complete
        assert isinstance(answer.problem, NoAnswer)
        assert 1 <= len(answer.sessions) < 3


async def test_a_query_whose_pages_go_in_a_circle_ends() -> None:
    vendor = Vendor(VirtualClock(), page_size=1)
    vendor.put("a")
    vendor.put("b")
    circle(vendor)
    async with running({"one": vendor}, poll=False) as reader:
        answer = await reader.ask(lambda ticket: Query(ticket, "one"))
        assert isinstance(answer, Listed)
        assert not answer.complete
        assert len(answer.sessions) == 2
        assert len(vendor.calls) < 5


async def test_every_question_is_answered_even_by_an_error_of_our_own() -> None:
    vendor = Vendor(VirtualClock())
    for name in ("check", "system_links", "page", "row"):
        vendor.refuse(name, ZeroDivisionError("a secret value"))
    async with running({"one": vendor}, poll=False) as reader:
        answers = [
            await reader.ask(lambda ticket: Check(ticket, "one")),
            await reader.ask(lambda ticket: FindLinks(ticket, "one", "example.org")),
            await reader.ask(lambda ticket: Query(ticket, "one")),
            await reader.ask(lambda ticket: Read(ticket, "one", Opaque("a"))),
        ]
        assert [type(answer) for answer in answers] == [Checked, LinksFound, Listed, Opened]
        for answer in answers:
            message = problem_of(answer).message
            assert "ZeroDivisionError" in message
            assert "secret" not in message


async def test_a_question_to_no_profile_is_answered() -> None:
    vendor = Vendor(VirtualClock())
    async with running({"one": vendor}, [profile("one")], poll=False) as reader:
        answer = await reader.ask(lambda ticket: Check(ticket, "two"))
        assert isinstance(problem_of(answer), UsageProblem)
        reader.engine.send(Watch(Key("two", Opaque("a"))))
        await reader.passes(1)
        (detail,) = details(reader)
        assert isinstance(problem_of(detail), UsageProblem)
        links = await reader.ask(lambda ticket: FindLinks(ticket, "one", "example.org"))
        assert isinstance(links, LinksFound)
        assert links.links[0].domain == "example.org"


async def test_questions_are_answered_beside_a_poll_that_hangs() -> None:
    vendor = Vendor(VirtualClock())
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.passes(1)
        vendor.hang = asyncio.Event()
        await reader.passes(10)
        assert vendor.in_flight == 1
        hang, vendor.hang = vendor.hang, None
        answer = await reader.ask(lambda ticket: Read(ticket, "one", Opaque("a")))
        assert isinstance(answer, Opened)
        assert answer.session is not None
        hang.set()
