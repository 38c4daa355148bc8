"""Writes whose answer was lost: on the disk before they were sent, looked for by reading, never sent again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.unit.live_vendor import Reader, hours, profile, running
from tests.unit.writable_vendor import WritableVendor
from tests.virtual_clock import VIRTUAL
from tui.live.commands import Act, Command, Create, Pause, PutProfile, Refresh, Settle
from tui.live.ledger import KILLED
from tui.live.log import Outcome
from tui.live.messages import Acted, Made
from tui.model.intent import Intent, IntentState
from tui.model.problem import (
    Busy,
    ConfigProblem,
    KeysRejected,
    NoAnswer,
    Problem,
    Refused,
    Repeated,
    UnknownOutcome,
    Unreachable,
    UsageProblem,
)
from tui.model.session import Key
from tui.model.status import Status
from tui.model.text import Opaque
from tui.providers.base import Asks

pytestmark = pytest.mark.anyio
LOST = NoAnswer("no answer")


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return VIRTUAL


def create(ticket: int, **values: str) -> Command:
    return Create(ticket, "one", {"subject": "printer", **values})


def act(ticket: int, action: str = "close") -> Command:
    return Act(ticket, "one", Opaque("a"), action)


def lossy(*, commits: bool, references: bool = True, asks: Asks = Asks.WHOLE) -> WritableVendor:
    """Answers to writes get lost, after they were done or before."""
    vendor = WritableVendor(asks=asks)
    vendor.references, vendor.commits = references, commits
    vendor.refuse("create", LOST)
    vendor.refuse("act", LOST)
    return vendor


async def ask(reader: Reader, write: Callable[[int], Command]) -> Problem | None:
    answer = await reader.ask(write)
    assert isinstance(answer, Made | Acted)
    return answer.problem


async def lose(reader: Reader, write: Callable[[int], Command]) -> Intent:
    """A write whose answer is lost."""
    await reader.passes(1)
    problem = await ask(reader, write)
    assert isinstance(problem, UnknownOutcome)
    assert problem.intent is not None
    return problem.intent


def files(state: Path) -> list[Path]:
    return sorted((state / "intents").glob("*.json"))


def key(ref: str) -> Key:
    return Key("one", Opaque(ref))


def only(reader: Reader) -> Intent:
    reader.read()
    (intent,) = reader.intents
    return intent


# --- on the disk before it is sent ---------------------------------------------------------------------------


@pytest.mark.parametrize("write", [create, act], ids=["create", "act"])
async def test_the_intent_is_there_while_the_write_is_on_its_way(
    tmp_path: Path, write: Callable[[int], Command]
) -> None:
    vendor = WritableVendor(latency=5.0)
    vendor.put("a", Status.ACTIVE)
    async with running({"one": vendor}, poll=False, state=tmp_path) as reader:
        writing = asyncio.ensure_future(reader.ask(write))
        await reader.passes(1)
        assert '"sending"' in files(tmp_path)[0].read_text()
        assert only(reader).state is IntentState.SENDING
        await writing
        assert files(tmp_path) == []
        reader.read()
        assert reader.intents == ()


KNOWN: tuple[Problem, ...] = (
    Refused("not in this state", 400),
    Unreachable("no connection"),
    Busy("too many", 429),
    KeysRejected("no", 403),
    UsageProblem("by is needed"),
)


@pytest.mark.parametrize("known", KNOWN, ids=lambda problem: type(problem).__name__)
async def test_a_known_outcome_leaves_no_file(tmp_path: Path, known: Problem) -> None:
    vendor = WritableVendor()
    vendor.refuse("create", known)
    async with running({"one": vendor}, poll=False, state=tmp_path) as reader:
        assert await ask(reader, create) is known
        assert files(tmp_path) == []


async def test_what_cannot_be_written_down_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "intents").write_text("in the way")
    vendor = WritableVendor()
    async with running({"one": vendor}, poll=False, state=tmp_path) as reader:
        problem = await ask(reader, create)
        assert isinstance(problem, ConfigProblem)
        assert "nothing was sent" in problem.message
        assert vendor.asked("create") == []


async def test_five_enters_send_one(tmp_path: Path) -> None:
    vendor = WritableVendor(latency=2.0)
    vendor.put("a", Status.ACTIVE)
    async with running({"one": vendor}, poll=False, state=tmp_path) as reader:
        for ticket in range(1, 6):
            reader.engine.send(create(ticket))
            reader.engine.send(act(10 + ticket))
        await reader.passes(10)
        reader.read()
        problems = [getattr(answer, "problem", None) for answer in reader.answers]
        assert problems.count(None) == 2
        assert sum(isinstance(one, UsageProblem) for one in problems) == 8
        assert (len(vendor.asked("create")), len(vendor.asked("act"))) == (1, 1)
        vendor.next_id = "second"
        assert await ask(reader, create) is None, "afterwards the same may be asked again"


@pytest.mark.parametrize("write", [create, act], ids=["create", "act"])
async def test_an_enter_that_bounced_after_the_answer_sends_nothing(
    write: Callable[[int], Command],
) -> None:
    vendor = WritableVendor(latency=0.05)
    vendor.put("a", Status.ACTIVE)
    async with running({"one": vendor}, poll=False) as reader:
        assert await ask(reader, write) is None
        problem = await ask(reader, write)
        assert isinstance(problem, Repeated)
        assert "just now" in problem.message
        await reader.passes(1)
        assert await ask(reader, write) is None


async def test_what_was_refused_may_be_sent_again_at_once() -> None:
    vendor = WritableVendor(latency=0.05)
    vendor.refuse("create", Busy("too many", 429), times=1)
    async with running({"one": vendor}, poll=False) as reader:
        assert isinstance(await ask(reader, create), Busy)
        assert await ask(reader, create) is None


# --- the end of the program ----------------------------------------------------------------------------------


async def test_a_write_that_comes_in_within_the_grace_is_known(tmp_path: Path) -> None:
    vendor = WritableVendor(latency=0.2)
    async with running({"one": vendor}, poll=False, state=tmp_path) as reader:
        reader.engine.send(create(1))
        await reader.passes(0.05)
    assert len(vendor.asked("create")) == 1
    assert files(tmp_path) == []


async def test_a_write_that_does_not_is_unknown_and_the_next_start_finds_it(
    tmp_path: Path,
) -> None:
    vendor = WritableVendor(latency=0.2)
    vendor.references = vendor.commits = True
    async with running({"one": vendor}, poll=False, state=tmp_path) as reader:
        vendor.hang = asyncio.Event()
        reader.engine.send(create(1))
        await reader.passes(1)
        reader.engine.stop()
        await reader.passes(5)
        vendor.hang.set()
    assert '"unknown"' in files(tmp_path)[0].read_text()
    vendor.hang = None
    async with running({"one": vendor}, state=tmp_path) as reader:
        await reader.until(lambda: bool(reader.ids()) and only(reader).found is not None, 30)
        assert only(reader).found == key("new")
        assert len(vendor.asked("create")) == 1
    assert files(tmp_path) == []


# --- found again ---------------------------------------------------------------------------------------------


async def test_a_lost_create_is_found_by_its_reference_at_the_next_poll(tmp_path: Path) -> None:
    vendor = lossy(commits=True)
    async with running({"one": vendor}, state=tmp_path) as reader:
        vendor.hidden.add("new")  # not by the listing
        lost = await lose(reader, create)
        assert (lost.state, lost.reference) == (IntentState.UNKNOWN, "ours-1")
        await reader.passes(6)
        intent = only(reader)
        assert (intent.id, intent.state, intent.found) == (lost.id, IntentState.DONE, key("new"))
        assert "was made" in intent.reason
        assert reader.ids() == ["new"], "and it is on the board"
        assert files(tmp_path) == []
        await reader.passes(600)
        assert (len(vendor.asked("create")), len(vendor.asked("find"))) == (1, 1)
        reader.engine.send(Settle(lost.id, None))
        await reader.passes(1)
        reader.read()
        assert reader.intents == ()


@pytest.mark.parametrize("sure", [True, False])
async def test_what_was_not_made_is_told_after_two_complete_looks(
    tmp_path: Path, sure: bool
) -> None:
    vendor = lossy(commits=False)
    vendor.sure_look = sure
    async with running({"one": vendor}, state=tmp_path) as reader:
        await lose(reader, create)
        await reader.passes(20)
        assert only(reader).looked == 0, "it may still be carried out"
        await reader.passes(25)
        intent = only(reader)
        assert (intent.state, intent.looked) == (IntentState.UNKNOWN, 2)
        assert "not found in two complete looks" in intent.reason
        asked = len(vendor.asked("find"))
        await reader.passes(600)
        assert len(vendor.asked("find")) == asked, "nobody is asked for ever"
        assert len(vendor.asked("create")) == 1
        assert len(files(tmp_path)) == 1
    async with running({"one": vendor}, state=tmp_path) as reader:
        await reader.passes(1)
        assert (only(reader).looked, len(vendor.asked("create"))) == (2, 1)


async def test_not_found_proves_nothing_while_no_listing_is_complete(tmp_path: Path) -> None:
    vendor = lossy(commits=False)
    vendor.sure_look = False
    async with running({"one": vendor}, state=tmp_path) as reader:
        await lose(reader, create)
        vendor.refuse("page", Busy("trouble", 503))
        await reader.passes(300)
        assert only(reader).looked == 0


async def test_what_only_the_listing_shows_is_never_called_not_found(tmp_path: Path) -> None:
    """Whether a session can be asked for by its name is not certain at every vendor."""
    vendor = lossy(commits=True)
    vendor.sure_look, vendor.finds_by_name = False, False
    async with running({"one": vendor}, state=tmp_path) as reader:
        await lose(reader, create)
        await reader.passes(60)
        assert (only(reader).found, only(reader).looked) == (key("new"), 0)


async def test_a_long_list_is_a_complete_look_in_the_poll_that_reads_it(tmp_path: Path) -> None:
    vendor = lossy(commits=False)
    vendor.sure_look, vendor.page_size = False, 10
    for number in range(55):
        vendor.put(f"old-{number}")
    async with running({"one": vendor}, state=tmp_path) as reader:
        await lose(reader, create)
        await reader.passes(29)
        polls = len([1 for _, ask in vendor.asked("page") if getattr(ask, "cursor", 1) is None])
        await reader.until(lambda: only(reader).looked == 2, 60)
        after = len([1 for _, ask in vendor.asked("page") if getattr(ask, "cursor", 1) is None])
        assert after - polls <= 3, "two polls after the last moment, and one before"


async def test_a_typed_name_that_an_older_session_has_is_no_match(tmp_path: Path) -> None:
    vendor = lossy(commits=False)
    vendor.put("old", subject="order-1", created=vendor.clock.now() - hours(1))
    async with running({"one": vendor}, state=tmp_path) as reader:
        await lose(reader, lambda ticket: create(ticket, name="order-1"))
        await reader.passes(50)
        intent = only(reader)
        assert (intent.state, intent.found, intent.looked) == (IntentState.UNKNOWN, None, 2)


async def test_a_typed_name_that_only_the_new_session_has_is_one(tmp_path: Path) -> None:
    vendor = lossy(commits=True)
    async with running({"one": vendor}, state=tmp_path) as reader:
        await lose(reader, lambda ticket: create(ticket, name="order-1"))
        await reader.passes(6)
        assert only(reader).found == key("new")


async def test_a_typed_name_after_a_restart_is_a_question_for_a_person(tmp_path: Path) -> None:
    vendor = lossy(commits=True)
    async with running({"one": vendor}, poll=False, state=tmp_path) as reader:
        lost = await lose(reader, lambda ticket: create(ticket, name="order-1"))
    async with running({"one": vendor}, state=tmp_path) as reader:
        await reader.passes(60)
        assert (only(reader).found, only(reader).candidates) == (None, (key("new"),))
        reader.engine.send(Settle(lost.id, key("new")))
        await reader.passes(1)
        assert (only(reader).state, only(reader).found) == (IntentState.DONE, key("new"))
        assert files(tmp_path) == []


async def test_a_vendor_in_trouble_is_not_asked_more_for_it(tmp_path: Path) -> None:
    vendor = lossy(commits=True)
    async with running({"one": vendor}, state=tmp_path) as reader:
        vendor.refuse("find", Busy("slow down", 429, retry_after=60.0))
        await lose(reader, create)
        await reader.passes(50)
        assert len(vendor.asked("find")) == 1
        vendor.refuse("find", None)
        await reader.passes(60)
        assert only(reader).found == key("new")


async def test_looks_stay_within_the_budget(tmp_path: Path) -> None:
    vendor = lossy(commits=False)
    async with running({"one": vendor}, state=tmp_path) as reader:
        for number in range(40):
            await ask(reader, lambda ticket, n=number: create(ticket, number=str(n)))  # type: ignore[misc]
        start = vendor.clock.monotonic()
        await reader.passes(100)
        asked = len(vendor.asked("find", start))
        assert 0 < asked <= 100 / 5 * 12.5 + 13
        reader.read()
        assert len(reader.intents) == 40


# --- a vendor without a reference ----------------------------------------------------------------------------


async def test_sessions_that_appeared_meanwhile_are_candidates(tmp_path: Path) -> None:
    vendor = lossy(commits=True, references=False)
    vendor.put("before")
    async with running({"one": vendor}, state=tmp_path) as reader:
        await reader.passes(10)
        lost = await lose(reader, create)
        vendor.put("other")
        await reader.passes(6)
        intent = only(reader)
        assert (intent.reference, intent.found) == (None, None)
        assert set(intent.candidates) == {key("new"), key("other")}
        await reader.passes(40)
        vendor.put("much-later", created=vendor.clock.now() + hours(1))
        await reader.passes(60)
        assert set(only(reader).candidates) == {key("new"), key("other")}
        assert only(reader).looked == 2
        assert vendor.asked("find") == []
        reader.engine.send(Settle(lost.id, key("new")))
        await reader.passes(1)
        assert (only(reader).state, only(reader).found) == (IntentState.DONE, key("new"))


async def test_a_session_that_another_create_made_is_no_candidate(tmp_path: Path) -> None:
    vendor = lossy(commits=False, references=False)
    async with running({"one": vendor}, state=tmp_path) as reader:
        await lose(reader, create)
        vendor.refuse("create", None)
        assert await ask(reader, lambda ticket: create(ticket, other="x")) is None
        await reader.passes(60)
        assert only(reader).candidates == ()
        assert "not found" in only(reader).reason


@pytest.mark.parametrize("minutes", [-10, 10])
@pytest.mark.parametrize("tells", [True, False])
async def test_a_vendor_whose_clock_is_off_says_so_or_cannot_be_followed(
    tmp_path: Path, minutes: int, tells: bool
) -> None:
    vendor = lossy(commits=True, references=False)
    vendor.ahead, vendor.tells_time = timedelta(minutes=minutes), tells
    async with running({"one": vendor}, state=tmp_path) as reader:
        await reader.passes(10)
        await lose(reader, create)
        await reader.passes(60)
        assert only(reader).candidates == ((key("new"),) if tells else ())


async def test_a_typed_name_after_a_restart_is_enough_where_the_vendors_time_is_known(
    tmp_path: Path,
) -> None:
    vendor = lossy(commits=True)
    vendor.ahead, vendor.tells_time = timedelta(minutes=10), True
    async with running({"one": vendor}, poll=False, state=tmp_path) as reader:
        await lose(reader, lambda ticket: create(ticket, name="order-1"))
    async with running({"one": vendor}, state=tmp_path) as reader:
        await reader.passes(6)
        assert only(reader).found == key("new")


async def test_a_reference_that_another_write_of_ours_has_is_no_match(tmp_path: Path) -> None:
    vendor = lossy(commits=False)
    async with running({"one": vendor}, state=tmp_path) as reader:
        vendor.refuse("create", None)
        assert await ask(reader, create) is None
        vendor.prepared = 0  # chance gives the same number a second time
        vendor.refuse("create", LOST)
        await lose(reader, lambda ticket: create(ticket, other="x"))
        await reader.passes(60)
        assert (only(reader).found, only(reader).looked) == (None, 2)


# --- actions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["close", "delete", "extend"])
@pytest.mark.parametrize("commits", [True, False], ids=["done", "not done"])
async def test_a_lost_action_is_seen_in_the_session(
    tmp_path: Path, action: str, commits: bool
) -> None:
    vendor = lossy(commits=commits)
    vendor.put("a", Status.ACTIVE, expires=vendor.clock.now() + hours(1))
    async with running({"one": vendor}, state=tmp_path) as reader:
        await lose(reader, lambda ticket: act(ticket, action))
        await reader.passes(6)
        assert only(reader).state is (IntentState.DONE if commits else IntentState.UNKNOWN)
        await reader.passes(40)
        intent = only(reader)
        assert intent.state is (IntentState.DONE if commits else IntentState.NOT_DONE)
        if not commits:
            assert "not done, as far as the vendor shows" in intent.reason
        assert files(tmp_path) == []
        assert len(vendor.asked("act")) == 1


async def test_what_is_learned_later_is_a_further_record_in_the_log(tmp_path: Path) -> None:
    vendor = lossy(commits=True)
    vendor.put("a", Status.ACTIVE)
    async with running({"one": vendor}, state=tmp_path) as reader:
        await lose(reader, create)
        await lose(reader, act)
        await reader.passes(6)
        vendor.commits = False
        await lose(reader, lambda ticket: act(ticket, "delete"))
        await reader.passes(40)
        reader.read()
        told = [(one.what, one.ref, one.outcome) for batch in reader.batches for one in batch.wrote]
        assert sorted(told) == sorted(
            [
                ("create", "", Outcome.UNKNOWN),
                ("close", "a", Outcome.UNKNOWN),
                ("create", "new", Outcome.FOUND),
                ("close", "a", Outcome.FOUND),
                ("delete", "a", Outcome.UNKNOWN),
                ("delete", "a", Outcome.NOT_DONE),
            ]
        )


async def test_a_person_who_chooses_is_in_the_log_too(tmp_path: Path) -> None:
    vendor = lossy(commits=True, references=False)
    async with running({"one": vendor}, state=tmp_path) as reader:
        lost = await lose(reader, create)
        reader.engine.send(Settle(lost.id, key("new")))
        await reader.passes(1)
        reader.read()
        told = [one for batch in reader.batches for one in batch.wrote]
        assert [one.outcome for one in told] == [Outcome.UNKNOWN, Outcome.FOUND]
        assert told[1].words == "a person chose the session"


async def test_while_paused_nothing_is_looked_for_and_a_refresh_looks_once(tmp_path: Path) -> None:
    vendor = lossy(commits=True)
    async with running({"one": vendor}, state=tmp_path) as reader:
        vendor.hidden.add("new")
        reader.engine.send(Pause(True))
        await lose(reader, create)
        await reader.passes(120)
        assert vendor.asked("find") == []
        assert only(reader).state is IntentState.UNKNOWN
        reader.engine.send(Refresh())
        await reader.passes(5)
        assert only(reader).found == key("new")
        await reader.passes(60)
        assert len(vendor.asked("find")) == 1


async def test_a_write_of_another_program_is_told_while_it_is_on_its_way(tmp_path: Path) -> None:
    slow, other = WritableVendor(latency=20.0), WritableVendor()
    async with (
        running({"one": slow}, poll=False, state=tmp_path) as sender,
        running({"one": other}, state=tmp_path) as reader,
    ):
        writing = asyncio.ensure_future(sender.ask(create))
        await reader.passes(11)
        told = only(reader)
        assert told.state is IntentState.SENDING
        assert told.reason == "another running sessiontop is sending it"
        assert only(sender).reason == "", "its own is just on its way"
        await writing
        await reader.passes(11)
        reader.read()
        assert reader.intents == ()


async def test_a_file_that_is_no_intent_is_told_to_the_screen(tmp_path: Path) -> None:
    folder = tmp_path / "intents"
    folder.mkdir(mode=0o700)
    strange = folder / ("a" * 32 + ".json")
    strange.write_text("{")
    strange.chmod(0o600)
    async with running({"one": WritableVendor()}, state=tmp_path) as reader:
        await reader.passes(1)
        reader.read()
        (troubles,) = [batch.troubles for batch in reader.batches if batch.troubles is not None]
        assert len(troubles) == 1
        assert strange.name in troubles[0]


async def test_what_no_session_shows_stays_unknown_and_says_so(tmp_path: Path) -> None:
    vendor = lossy(commits=True)
    vendor.put("a", Status.ACTIVE)
    async with running({"one": vendor}, state=tmp_path) as reader:
        lost = await lose(reader, lambda ticket: act(ticket, "note"))
        await reader.passes(60)
        assert only(reader).state is IntentState.UNKNOWN
        assert "does not show" in only(reader).reason
        assert len(vendor.asked("row")) == 0
        reader.engine.send(Settle(lost.id, None))
        await reader.passes(1)
        assert files(tmp_path) == []


# --- profiles and people -------------------------------------------------------------------------------------


async def test_a_change_of_keys_meanwhile_changes_nothing(tmp_path: Path) -> None:
    vendor = WritableVendor(latency=5.0)
    vendor.references = vendor.commits = True
    vendor.refuse("create", LOST)
    async with running({"one": vendor}, state=tmp_path) as reader:
        writing = asyncio.ensure_future(reader.ask(create))
        await reader.passes(1)
        reader.engine.send(PutProfile(profile("one")))
        await writing
        await reader.passes(60)
        assert only(reader).found == key("new")
        assert len(vendor.asked("create")) == 1


async def test_another_vendors_intent_under_this_name_is_not_looked_for(tmp_path: Path) -> None:
    vendor = lossy(commits=True)
    async with running({"one": vendor}, poll=False, state=tmp_path) as reader:
        await lose(reader, create)
    profiles = [replace(profile("one"), provider="another")]
    async with running({"one": vendor}, profiles, state=tmp_path) as reader:
        await reader.passes(60)
        assert only(reader).state is IntentState.UNKNOWN
        assert vendor.asked("find") == []


async def test_a_write_on_its_way_is_not_a_persons_to_settle(tmp_path: Path) -> None:
    vendor = WritableVendor(latency=5.0)
    async with running({"one": vendor}, poll=False, state=tmp_path) as reader:
        writing = asyncio.ensure_future(reader.ask(create))
        await reader.passes(1)
        reader.engine.send(Settle(only(reader).id, None))
        reader.engine.send(Settle("nonsense", None))
        await reader.passes(1)
        assert only(reader).state is IntentState.SENDING
        await writing


async def test_the_list_is_told_only_when_it_changed() -> None:
    vendor = lossy(commits=False)
    async with running({"one": vendor}) as reader:
        await lose(reader, create)
        await reader.passes(100)
        reader.read()
        reader.batches.clear()
        for _ in range(5):
            reader.engine.send(Refresh())
            await reader.passes(10)
            reader.read()
        assert all(batch.intents is None for batch in reader.batches)


async def test_an_intent_that_another_program_left_is_taken_in_while_running(
    tmp_path: Path,
) -> None:
    vendor = lossy(commits=False)
    async with running({"one": vendor}, state=tmp_path) as watching:
        await watching.passes(6)
        assert watching.intents == ()
        async with running({"one": vendor}, poll=False, state=tmp_path) as other:
            lost = await lose(other, create)
        await watching.passes(6)
        assert only(watching).id == lost.id
        assert only(watching).reason != KILLED
