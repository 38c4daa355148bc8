"""The one box: coalescing, waking, and never a backlog."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from tui.live.mailbox import EXCHANGES_KEPT, Mailbox
from tui.live.messages import Checked, Detail, Grown, Health, HealthState, Opened, Spoken
from tui.model.intent import CREATE, Intent
from tui.model.session import Key, Session
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.net.exchange import Exchange

AT = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)


def session(ref: str = "a", status: Status = Status.WAITING, profile: str = "one") -> Session:
    return Session(profile=profile, provider="fake", id=Opaque(ref), status=status)


def key(ref: str = "a", profile: str = "one") -> Key:
    return Key(profile, Opaque(ref))


def exchange(number: int = 0) -> Exchange:
    return Exchange(AT, "one", f"op{number}", "GET", 200, 1.0, 1, line("ok"))


def test_a_session_is_there_once_in_its_newest_state() -> None:
    box = Mailbox()
    box.tell_sessions([session(), session("b")])
    box.tell_sessions([session(status=Status.ACTIVE)])
    batch = box.drain()
    assert {one.id: one.status for one in batch.sessions} == {
        "a": Status.ACTIVE,
        "b": Status.WAITING,
    }
    assert not box.drain()


def test_a_session_is_never_both_there_and_gone() -> None:
    box = Mailbox()
    box.tell_sessions([session()])
    box.tell_gone([key()])
    batch = box.drain()
    assert (batch.sessions, batch.gone) == ((), (key(),))
    box.tell_gone([key()])
    box.tell_sessions([session()])
    batch = box.drain()
    assert (len(batch.sessions), batch.gone) == (1, ())


def test_a_grown_session_takes_the_place_of_its_row_in_one_batch() -> None:
    box = Mailbox()
    box.tell_sessions([session("token")])
    box.tell_grown(session("real"), key("token"), Grown(1, session("real")))
    batch = box.drain()
    assert [one.id for one in batch.sessions] == ["real"]
    assert batch.gone == (key("token"),)
    assert batch.answers == (Grown(1, session("real")),)
    box.tell_gone([key("same")])
    box.tell_grown(session("same"), None, None)
    batch = box.drain()
    assert ([one.id for one in batch.sessions], batch.gone) == (["same"], ())


def test_of_the_intents_only_the_newest_list_counts_also_an_empty_one() -> None:
    box = Mailbox()
    assert box.drain().intents is None
    box.tell_intents((Intent("1", "one", "fake", CREATE, AT),))
    box.tell_intents(())
    batch = box.drain()
    assert batch.intents == ()
    assert batch, "that the last one is settled is news"
    assert box.drain().intents is None


def test_health_and_watched_answers_are_the_newest_and_tickets_all_stay() -> None:
    box = Mailbox()
    for state in (HealthState.CONNECTING, HealthState.OK):
        box.tell_health(Health("one", "fake", state))
    for status in (Status.WAITING, Status.ACTIVE):
        box.tell_answer(Detail(key(), session(status=status)))
        box.tell_answer(Spoken(key(), None))
    for ticket in (1, 2):
        box.tell_answer(Opened(ticket, None))
    box.tell_answer(Checked(2, ()))
    batch = box.drain()
    assert batch.health["one"].state is HealthState.OK
    details = [answer for answer in batch.answers if isinstance(answer, Detail)]
    assert [one.session.status for one in details if one.session] == [Status.ACTIVE]
    assert len([answer for answer in batch.answers if isinstance(answer, Spoken)]) == 1
    assert [answer.ticket for answer in batch.answers if isinstance(answer, Opened)] == [1, 2]
    assert len(batch.answers) == 5


def test_a_removed_profile_takes_its_sessions_along_but_not_those_of_its_successor() -> None:
    box = Mailbox()
    box.tell_sessions([session(), session("b", profile="two")])
    box.tell_gone([key("c"), key("d", "two")])
    box.tell_health(Health("one", "fake", HealthState.OK))
    box.tell_removed("one")
    box.tell_sessions([session("new")])
    batch = box.drain()
    assert [one.id for one in batch.sessions] == ["b", "new"]
    assert batch.gone == (key("d", "two"),)
    assert batch.health == {}
    assert batch.removed == ("one",)


def test_the_reader_is_woken_once_until_it_empties_the_box() -> None:
    box = Mailbox()
    wakes: list[int] = []
    box.on_ready(lambda: wakes.append(1))
    for _ in range(5):
        box.tell_sessions([session()])
        box.tell_health(Health("one", "fake", HealthState.OK))
    assert len(wakes) == 1
    box.drain()
    box.tell_gone([key()])
    assert len(wakes) == 2


def test_nothing_told_wakes_nobody() -> None:
    box = Mailbox()
    wakes: list[int] = []
    box.on_ready(lambda: wakes.append(1))
    box.tell_sessions([])
    box.tell_gone([])
    assert not wakes
    assert not box.wait(0)


def test_what_lay_there_before_the_reader_came_is_announced_with_the_next_news() -> None:
    box = Mailbox()
    box.tell_sessions([session()])
    wakes: list[int] = []
    box.on_ready(lambda: wakes.append(1))
    assert not wakes, "never from the reader's own thread"
    box.tell_sessions([session("b")])
    assert wakes
    assert len(box.drain().sessions) == 2


def test_a_reader_that_has_gone_does_not_hurt_the_engine() -> None:
    box = Mailbox()

    def wake() -> None:
        raise RuntimeError("the screen is closed")

    box.on_ready(wake)
    box.tell_sessions([session()])
    assert len(box.drain().sessions) == 1


def test_requests_are_bounded_and_wake_only_who_follows_the_log() -> None:
    box = Mailbox()
    wakes: list[int] = []
    box.on_ready(lambda: wakes.append(1))
    box.tell_exchange(exchange())
    assert not wakes
    assert not box.wait(0)
    for number in range(EXCHANGES_KEPT * 2):
        box.tell_exchange(exchange(number))
    assert len(wakes) == 1, "fetched before the oldest are dropped"
    kept = box.drain().exchanges
    assert len(kept) == EXCHANGES_KEPT
    assert kept[-1].operation == f"op{EXCHANGES_KEPT * 2 - 1}"
    box.follow_log(True)
    box.tell_exchange(exchange())
    assert len(wakes) == 2
    assert box.wait(0)


def test_waiting_ends_with_news_from_another_thread() -> None:
    box = Mailbox()
    assert not box.wait(0.01)
    teller = threading.Thread(target=lambda: box.tell_sessions([session()]))
    teller.start()
    assert box.wait(5)
    teller.join()
    box.drain()
    assert not box.wait(0)


def test_nothing_is_lost_between_many_tellers_and_one_reader() -> None:
    box = Mailbox()

    def tell(start: int) -> None:
        for number in range(500):
            box.tell_sessions([session(f"s{start + number}")])

    tellers = [threading.Thread(target=tell, args=(start,)) for start in (0, 500, 1000)]
    for teller in tellers:
        teller.start()
    seen: set[str] = set()
    while len(seen) < 1500:
        assert box.wait(5)
        seen |= {one.id for one in box.drain().sessions}
    for teller in tellers:
        teller.join()
