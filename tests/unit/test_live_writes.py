"""Writes in the engine: sent once, never cancelled, and what came of them told honestly."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.unit.live_vendor import Reader, profile, running
from tests.unit.writable_vendor import ACTIONS, WritableVendor
from tests.virtual_clock import VIRTUAL
from tui.live.commands import Act, Command, Create, PutProfile, Refresh, RemoveProfile
from tui.live.context import Retired
from tui.live.ledger import BOUNCE
from tui.live.log import Outcome, Wrote
from tui.live.mailbox import Mailbox
from tui.live.messages import Acted, Answer, Made
from tui.model.problem import (
    BadAnswer,
    Busy,
    KeysRejected,
    NoAnswer,
    NotFound,
    Problem,
    ReadOnly,
    Refused,
    UnknownOutcome,
    Unreachable,
    UsageProblem,
)
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.providers.base import Action

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return VIRTUAL


NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


def create(ticket: int) -> Command:
    return Create(ticket, "one", {"subject": "printer"})


def close(ticket: int) -> Command:
    return Act(ticket, "one", Opaque("a"), "close", {"by": 60})


WRITES = pytest.mark.parametrize(
    ("operation", "write"), [("create", create), ("act", close)], ids=["create", "act"]
)


async def outcome(reader: Reader, write: Callable[[int], Command]) -> Problem | None:
    answer = await reader.ask(write)
    assert isinstance(answer, Made | Acted)
    return answer.problem


# --- what goes well ------------------------------------------------------------------------------------------


async def test_a_created_session_is_on_the_board_at_once() -> None:
    vendor = WritableVendor()
    async with running({"one": vendor}, poll=False) as reader:
        made = await reader.ask(create)
        assert isinstance(made, Made)
        assert made.problem is None
        assert made.created is not None
        assert [told.text for told in made.created.told] == ["new"]
        assert made.session is not None
        assert (made.session.id, made.session.subject) == ("new", "printer")
        assert made.session.fields, "all of it, for whoever asked"
        assert reader.ids() == ["new"], "without any listing"
        assert vendor.asked("page") == []
        assert [what for _, what in vendor.asked("create")] == [{"subject": "printer"}]


async def test_a_closed_session_has_ended_on_the_board_at_once() -> None:
    vendor = WritableVendor()
    vendor.put("a", Status.ACTIVE)
    async with running({"one": vendor}, [profile("one", refresh=300.0)]) as reader:
        await reader.until(lambda: reader.ids() == ["a"])
        listed = len(vendor.asked("page"))
        done = await reader.ask(close)
        assert isinstance(done, Acted)
        assert done.session is not None
        assert done.session.status is Status.ENDED
        assert reader.session("a").status is Status.ENDED
        assert len(vendor.asked("page")) == listed
        assert [what for _, what in vendor.asked("act")] == [("a", "close", {"by": 60})]


async def test_a_listing_from_before_the_write_does_not_undo_it() -> None:
    vendor = WritableVendor(latency=1.0)
    vendor.put("a", Status.ACTIVE)
    async with running({"one": vendor}, [profile("one", refresh=20.0)]) as reader:
        await reader.until(lambda: reader.ids() == ["a"])
        writing = asyncio.ensure_future(reader.ask(close))
        await reader.passes(0.5)
        vendor.latency = 3.0
        reader.engine.send(Refresh())
        await writing
        await reader.until(lambda: vendor.in_flight == 0, 10)
        assert reader.session("a").status is Status.ENDED


async def test_a_vendor_that_names_no_session_yet_gives_what_may_name_it() -> None:
    vendor = WritableVendor()
    vendor.silent = True
    async with running({"one": vendor}, poll=False) as reader:
        made = await reader.ask(create)
        assert isinstance(made, Made)
        assert made.problem is None
        assert made.session is None
        assert made.created is not None
        assert made.created.ref == "new"
        assert reader.ids() == ["new"], "a row stands for it"
        assert reader.session("new").provider_status == "pending"


@pytest.mark.parametrize("row", [b"{}", b'{"status": "waiting"}'])
async def test_a_row_without_an_id_after_a_create_is_still_a_success(row: bytes) -> None:
    vendor = WritableVendor()
    vendor.odd_answer = row
    async with running({"one": vendor}, poll=False) as reader:
        made = await reader.ask(create)
        assert isinstance(made, Made)
        assert made.problem is None, "it was created: no failure may say otherwise"
        assert made.created is not None
        assert made.session is None


async def test_a_deleted_session_is_done_without_a_row() -> None:
    vendor = WritableVendor()
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.until(lambda: reader.ids() == ["a"])
        done = await reader.ask(lambda ticket: Act(ticket, "one", Opaque("a"), "delete"))
        assert isinstance(done, Acted)
        assert (done.session, done.problem) == (None, None)
        assert done.gone
        assert reader.ids() == [], "at once, without any listing"


async def test_a_listing_from_before_a_delete_does_not_bring_it_back() -> None:
    vendor = WritableVendor(latency=1.0)
    vendor.put("a")
    vendor.put("b")
    async with running({"one": vendor}, [profile("one", refresh=20.0)]) as reader:
        await reader.until(lambda: reader.ids() == ["a", "b"])
        vendor.latency = 3.0
        reader.engine.send(Refresh())
        await reader.passes(0.5)
        listing = list(vendor.rows.values())
        vendor.latency = 0.1
        done = await reader.ask(lambda ticket: Act(ticket, "one", Opaque("a"), "delete"))
        assert isinstance(done, Acted)
        assert done.problem is None
        vendor.rows["a"] = listing[0]  # the page that is on its way was made before
        await reader.until(lambda: vendor.in_flight == 0, 10)
        assert reader.ids() == ["b"]
        vendor.remove("a")
        await reader.passes(60)
        assert reader.ids() == ["b"]


async def test_a_session_that_is_there_again_after_a_delete_is_shown_again() -> None:
    vendor = WritableVendor()
    vendor.put("a")
    async with running({"one": vendor}) as reader:
        await reader.until(lambda: reader.ids() == ["a"])
        await reader.ask(lambda ticket: Act(ticket, "one", Opaque("a"), "delete"))
        vendor.put("a", subject="made anew")
        await reader.until(lambda: reader.ids() == ["a"], 30)


# --- what the log keeps --------------------------------------------------------------------------------------


def logged(reader: Reader) -> list[Wrote]:
    reader.read()
    return [wrote for batch in reader.batches for wrote in batch.wrote]


async def test_every_write_is_told_to_the_log_with_its_outcome() -> None:
    vendor = WritableVendor()
    vendor.put("a")
    async with running({"one": vendor}, poll=False) as reader:
        await reader.ask(create)
        await reader.ask(close)
        vendor.was_so = True
        await vendor.clock.sleep(2 * BOUNCE)  # what was done just now is not sent a second time
        done = await reader.ask(close)
        assert isinstance(done, Acted)
        assert done.already
        await vendor.clock.sleep(2 * BOUNCE)
        vendor.refuse("act", Refused("not in this state", 400, "80608"), 1)
        await reader.ask(close)
        vendor.refuse("act", NoAnswer("no answer within 30 s"), 1)
        await reader.ask(close)
        vendor.refuse("act", Unreachable("no connection; nothing was sent"), 1)
        await reader.ask(close)
        told = logged(reader)
        assert [(one.what, one.ref, one.outcome) for one in told] == [
            ("create", "new", Outcome.DONE),
            ("close", "a", Outcome.DONE),
            ("close", "a", Outcome.ALREADY),
            ("close", "a", Outcome.REFUSED),
            ("close", "a", Outcome.UNKNOWN),
            ("close", "a", Outcome.NOT_SENT),
        ]
        assert [one.outcome.good for one in told] == [True, True, True, False, False, False]
        assert told[1].words == "it is ended now"
        assert told[3].words == "not in this state"
        assert {one.profile for one in told} == {"one"}
        assert [one.at for one in told] == sorted(one.at for one in told)


async def test_an_error_of_our_own_in_a_write_is_in_the_log_as_unknown() -> None:
    vendor = WritableVendor()
    vendor.put("a")
    vendor.refuse("act", ZeroDivisionError("sn:4711"))
    async with running({"one": vendor}, poll=False) as reader:
        await reader.ask(close)
        (told,) = logged(reader)
        assert told.outcome is Outcome.UNKNOWN
        assert "4711" not in told.words


async def test_a_write_alone_wakes_the_reader() -> None:
    mailbox = Mailbox()
    woken: list[int] = []
    mailbox.on_ready(lambda: woken.append(1))
    mailbox.tell_wrote(Wrote(NOW, "one", "close", line("a"), Outcome.FOUND))
    assert woken == [1]
    assert [wrote.outcome for wrote in mailbox.drain().wrote] == [Outcome.FOUND]
    assert not mailbox.drain()


async def test_what_the_keys_may_not_do_is_greyed_until_a_person_asks_again() -> None:
    vendor = WritableVendor()
    vendor.put("a")
    vendor.refuse("act", KeysRejected("the key may not do this", 403), 1)
    async with running({"one": vendor}) as reader:
        await reader.until(lambda: reader.ids() == ["a"])
        await reader.ask(close)
        reader.read()
        assert reader.board.health["one"].greyed == (("update", "the key may not do this"),)
        assert reader.state() == "ok"
        reader.engine.send(Refresh())
        await reader.until(lambda: reader.state() == "ok" and not reader.board.health["one"].greyed)


# --- what goes wrong -----------------------------------------------------------------------------------------

UNCLEAR: tuple[Problem, ...] = (
    NoAnswer("no answer within 30 s"),
    BadAnswer("the answer is no JSON"),
    Busy("the vendor is in trouble", 500),
    Busy("the vendor is in trouble", 503, retry_after=30.0),
)
CLEAR: tuple[Problem, ...] = (
    Unreachable("no connection"),
    Busy("too many requests", 429, retry_after=7.0),
    KeysRejected("the key may not do this", 403),
    Refused("not in this state", 400, "80608"),
    NotFound("no such session", 404),
    UsageProblem("by is needed"),
    ReadOnly("one is read-only"),
)


def named(problem: Problem) -> str:
    return f"{type(problem).__name__}-{getattr(problem, 'status', '')}"


@WRITES
@pytest.mark.parametrize("lost", UNCLEAR, ids=named)
async def test_what_may_have_been_done_is_told_as_such(
    operation: str, write: Callable[[int], Command], lost: Problem
) -> None:
    vendor = WritableVendor()
    vendor.put("a")
    vendor.refuse(operation, lost)
    async with running({"one": vendor}, poll=False) as reader:
        problem = await outcome(reader, write)
        assert isinstance(problem, UnknownOutcome)
        assert problem.exit_code == 4
        doubt = "may have been created" if operation == "create" else "close may have been done"
        assert doubt in problem.message
        assert "look at the list before trying again" in problem.message
        assert lost.message in problem.message
        await reader.passes(120)
        assert len(vendor.asked(operation)) == 1, "never sent again"


@WRITES
@pytest.mark.parametrize("clear", CLEAR, ids=named)
async def test_what_was_not_done_stays_as_it_was_told(
    operation: str, write: Callable[[int], Command], clear: Problem
) -> None:
    vendor = WritableVendor()
    vendor.put("a")
    vendor.refuse(operation, clear)
    async with running({"one": vendor}, poll=False) as reader:
        assert await outcome(reader, write) is clear
        await reader.passes(120)
        assert len(vendor.asked(operation)) == 1


@WRITES
@pytest.mark.parametrize("error", [ZeroDivisionError("sn:4711"), SystemExit(3)], ids=repr)
async def test_an_error_of_our_own_in_a_write_leaves_a_doubt_and_no_value(
    operation: str, write: Callable[[int], Command], error: BaseException
) -> None:
    vendor = WritableVendor()
    vendor.put("a")
    vendor.refuse(operation, error)  # type: ignore[arg-type]
    async with running({"one": vendor}, poll=False) as reader:
        problem = await outcome(reader, write)
        assert isinstance(problem, UnknownOutcome)
        assert "may have been done all the same" in problem.message
        assert "4711" not in problem.message
        assert len(vendor.asked(operation)) == 1


async def test_a_lost_answer_says_nothing_about_the_profile() -> None:
    vendor = WritableVendor()
    vendor.refuse("create", NoAnswer("no answer"))
    async with running({"one": vendor}) as reader:
        await reader.passes(1)
        assert reader.state() == "ok"
        assert isinstance(await outcome(reader, create), UnknownOutcome)
        await reader.passes(30)
        assert reader.state() == "ok"


async def test_a_long_refusal_never_pushes_the_doubt_out() -> None:
    vendor = WritableVendor()
    vendor.refuse("create", BadAnswer("x" * 1000))
    async with running({"one": vendor}, poll=False) as reader:
        problem = await outcome(reader, create)
        assert problem is not None
        assert "look at the list before trying again" in problem.message


# --- what cannot be asked ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actions", "known"), [(ACTIONS, "close, delete, extend, note"), ((), "none")]
)
async def test_an_unknown_action_is_not_sent(actions: tuple[Action, ...], known: str) -> None:
    vendor = WritableVendor(actions=actions)
    async with running({"one": vendor}, poll=False) as reader:
        problem = await outcome(
            reader, lambda ticket: Act(ticket, "one", Opaque("a"), "explode\x1b[2J")
        )
        assert isinstance(problem, UsageProblem)
        assert f"(known: {known})" in problem.message
        assert problem.message.isprintable()
        assert vendor.calls == []


async def test_a_vendor_without_a_create_is_not_asked() -> None:
    vendor = WritableVendor(create=None)
    async with running({"one": vendor}, poll=False) as reader:
        problem = await outcome(reader, create)
        assert isinstance(problem, UsageProblem)
        assert "no way to create" in problem.message
        assert vendor.calls == []


@WRITES
async def test_a_profile_that_is_not_there(operation: str, write: Callable[[int], Command]) -> None:
    vendor = WritableVendor()
    async with running({"one": vendor}, [], poll=False) as reader:
        assert isinstance(await outcome(reader, write), UsageProblem)
        assert vendor.asked(operation) == []
        assert [one.outcome for one in logged(reader)] == [Outcome.NOT_SENT]


# --- while the profile is changed ----------------------------------------------------------------------------

MEANWHILE = pytest.mark.parametrize(
    "change",
    [PutProfile(profile("one")), RemoveProfile("one")],
    ids=["re-keyed", "removed"],
)


@WRITES
@MEANWHILE
async def test_a_write_on_its_way_comes_in_whatever_becomes_of_the_profile(
    operation: str, write: Callable[[int], Command], change: Command
) -> None:
    vendor = WritableVendor(latency=5.0)
    vendor.put("a", Status.ACTIVE)
    async with running({"one": vendor}, poll=False) as reader:
        writing = asyncio.ensure_future(reader.ask(write))
        await reader.passes(1)
        reader.engine.send(change)
        answer: Answer = await writing
        assert isinstance(answer, Made | Acted)
        assert answer.problem is None, "it was done"
        assert answer.session is not None
        await reader.passes(60)
        assert len(vendor.asked(operation)) == 1
        assert reader.ids() == [], "a replaced worker says nothing to the board"
        assert vendor.closed == 1
    assert vendor.closed == vendor.connected


@WRITES
@MEANWHILE
async def test_a_lost_answer_meanwhile_is_a_doubt_and_no_change_of_profile(
    operation: str, write: Callable[[int], Command], change: Command
) -> None:
    vendor = WritableVendor(latency=5.0)
    vendor.put("a")
    vendor.refuse(operation, NoAnswer("no answer"))
    async with running({"one": vendor}, poll=False) as reader:
        writing = asyncio.ensure_future(reader.ask(write))
        await reader.passes(1)
        reader.engine.send(change)
        answer: Answer = await writing
        assert isinstance(answer, Made | Acted)
        assert isinstance(answer.problem, UnknownOutcome)
        await reader.passes(60)
        assert len(vendor.asked(operation)) == 1


@WRITES
async def test_a_write_that_waits_for_its_turn_is_not_sent_by_old_keys(
    operation: str, write: Callable[[int], Command]
) -> None:
    vendor = WritableVendor(requests_per_second=0.05)
    vendor.put("a")
    async with running({"one": vendor}, poll=False) as reader:
        first = await reader.ask(close)
        assert isinstance(first, Acted)
        assert first.problem is None
        await reader.passes(2)  # no bounced key
        writing = asyncio.ensure_future(reader.ask(write))
        await reader.passes(1)
        assert len(vendor.calls) == 1, "it waits for its turn"
        reader.engine.send(RemoveProfile("one"))
        await reader.passes(1)
        problem = getattr(await writing, "problem", None)
        assert isinstance(problem, Retired)
        assert "nothing was sent" in problem.message
        assert problem.exit_code == 3
        assert len(vendor.calls) == 1


async def test_what_a_replaced_worker_has_written_is_not_kept_from_the_board() -> None:
    vendor = WritableVendor(latency=5.0)
    vendor.put("a", Status.ACTIVE)
    async with running({"one": vendor}, [profile("one", refresh=30.0)]) as reader:
        await reader.until(lambda: reader.ids() == ["a"])
        writing = asyncio.ensure_future(reader.ask(close))
        await reader.passes(1)
        reader.engine.send(PutProfile(profile("one", refresh=30.0)))
        await writing
        await reader.passes(20)
        assert reader.session("a").status is Status.ENDED
