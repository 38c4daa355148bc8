"""The desk alone: the same everywhere, believable, and obedient to scenarios."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from threading import Thread
from typing import Any

import pytest

from tui.simulator.desk import Desk, milliseconds
from tui.simulator.kinds import DAY, HOUR, Kind, Role, State
from tui.simulator.population import MIX, live_count

START = datetime(2026, 3, 3, 14, 30, tzinfo=UTC)


def desk(seed: int = 1, sessions: int = 60, rate: float = 0.0) -> Desk:
    return Desk(seed, sessions, rate, lambda: START)


def picture(one: Desk) -> list[Any]:
    """All that can be seen of a desk."""
    return [
        (s.serial, s.kind, s.state, s.created, s.joined, s.ended, one.stories.lines(s))
        for s in one.sessions()
    ]


def test_same_seed_same_desk_and_another_seed_another() -> None:
    assert picture(desk(4)) == picture(desk(4))
    assert picture(desk(4)) != picture(desk(5))


def test_state_depends_on_time_and_not_on_who_asks_when() -> None:
    often, once = desk(rate=90), desk(rate=90)
    for minute in range(1, 121):
        often.advance_to(START + timedelta(minutes=minute))
        often.advance_to(START + timedelta(minutes=minute))
    once.advance_to(START + timedelta(minutes=120))
    assert picture(often) == picture(once)
    assert len(once) > 500


def test_at_rate_zero_nothing_happens_by_itself() -> None:
    one = desk()
    before = picture(one)
    one.advance_to(START + timedelta(days=3))
    assert picture(one) == before


def test_rate_is_events_a_minute() -> None:
    one = desk(rate=30)
    one.advance_to(START + timedelta(minutes=100))
    events = one.changes + one.membership
    assert 2600 < events < 3700


def test_a_clock_that_goes_back_changes_nothing() -> None:
    one = desk(rate=30)
    one.advance_to(START + timedelta(hours=1))
    before = picture(one)
    one.advance_to(START)
    assert picture(one) == before
    assert one.time == milliseconds(START + timedelta(hours=1))


@pytest.mark.parametrize("sessions", [0, 1, 2, 7, 40, 500])
def test_population_has_the_asked_size_and_is_in_order(sessions: int) -> None:
    one = desk(sessions=sessions)
    assert len(one) == sessions
    assert len(one.waiting) + len(one.talking) <= live_count(sessions)
    assert all(a.created <= b.created for a, b in pairwise(one.sessions()))
    assert [s.serial for s in one.sessions()] == list(range(sessions))


def test_population_is_a_believable_mix() -> None:
    one = desk(sessions=400)
    states = Counter(s.state for s in one.sessions())
    assert states[State.ENDED] > 200
    assert states[State.TALKING] > 20
    assert states[State.WAITING] > 5
    assert states[State.ABANDONED] > 5
    own = {Kind.MESSAGING, Kind.SCREEN_SHARING, Kind.WEB_CHAT}
    assert {s.kind for s in one.waiting} == set(MIX) == own
    ended = [one.started - s.ended for s in one.sessions() if s.ended is not None]
    assert sum(age < DAY for age in ended) > len(ended) * 0.7
    assert max(ended) < 29 * DAY
    waits = sorted(one.started - s.created for s in one.waiting)
    assert waits[0] < 2 * 60_000
    assert 7 * 60_000 <= waits[-1] < HOUR


def test_the_desk_keeps_its_size_over_a_day() -> None:
    one = desk(rate=20)
    size = len(one.waiting) + len(one.talking)
    for hour in range(1, 25):
        one.advance_to(START + timedelta(hours=hour))
        assert size / 3 < len(one.waiting) + len(one.talking) < size * 3


def test_a_large_desk_makes_no_words_before_they_are_asked_for() -> None:
    one = desk(sessions=20_000)
    assert all(s.said is None for s in one.sessions())
    assert one.stories.lines(one.sessions()[0]) is not None


def test_times_of_a_session_and_its_lines_are_in_order() -> None:
    one = desk(sessions=300, rate=120)
    one.advance_to(START + timedelta(hours=2))
    for session in one.sessions():
        times = [t for t in (session.created, session.joined, session.ended) if t is not None]
        assert times == sorted(times)
        lines = one.stories.lines(session)
        moments = [line.at for line in lines]
        assert moments == sorted(moments)
        assert all(session.created <= at <= one.time for at in moments)
        assert session.ended is None or all(at <= session.ended for at in moments)
        for line in lines:
            # An agent speaks only once he is there.
            assert line.role is Role.CUSTOMER or session.joined is not None
            assert line.role is Role.CUSTOMER or line.at >= (session.joined or 0)


def test_live_sessions_change_in_every_way() -> None:
    one = desk(rate=120)
    before = {s.serial: s.state for s in one.sessions()}
    one.advance_to(START + timedelta(hours=1))
    moves = Counter((before.get(s.serial), s.state) for s in one.sessions())
    assert moves[(State.WAITING, State.ENDED)] or moves[(State.WAITING, State.TALKING)]
    assert moves[(State.TALKING, State.ENDED)]
    assert moves[(None, State.ENDED)]
    assert moves[(None, State.ABANDONED)]
    assert any(s.said for s in one.sessions())


def test_a_scenario_from_arrival_to_end() -> None:
    one = desk(sessions=0)
    name = one.add_session(
        "web-chat", customer="Zoë Ångström", subject="Router", waited=timedelta(minutes=9)
    )
    (session,) = one.sessions()
    assert one.public_id(session) == name
    assert session.created == one.time - 9 * 60_000
    assert one.stories.customer(session).name == "Zoë Ångström"
    assert one.stories.customer(session).email == "zoe.angstrom@example.com"
    assert one.stories.subject(session) == "Router"
    one.say(name, "anyone?", by="customer")
    assert len(one.waiting) == 1
    one.say(name, "Hello!", by="agent")
    assert len(one.talking) == 1
    assert [line.text for line in one.stories.lines(session)][-2:] == ["anyone?", "Hello!"]
    one.end(name)
    assert one.session(0) is session
    assert session.ended == one.time
    for call in (one.end, one.join, one.abandon):
        with pytest.raises(ValueError, match="is ended"):
            call(name)
    with pytest.raises(ValueError, match="is ended"):
        one.say(name, "late")


def test_in_messaging_the_first_word_starts_the_session() -> None:
    one = desk(sessions=0)
    name = one.add_session(Kind.MESSAGING)
    one.say(name, "hi")
    one.call(name, 75, by="agent")
    (session,) = one.sessions()
    assert session.state is State.TALKING
    assert [line.seconds for line in one.stories.lines(session)] == [0, 75]


def test_joining_a_planned_session_and_abandoning_a_waiting_one() -> None:
    one = desk(sessions=0)
    planned = one.add_session(Kind.SCREEN_SHARING, planned=True)
    waiting = one.add_session(Kind.SCREEN_SHARING)
    one.join(planned)
    one.abandon(waiting)
    assert [s.state for s in one.sessions()] == [State.TALKING, State.ABANDONED]


def test_unknown_things_are_refused() -> None:
    one = desk(sessions=0)
    with pytest.raises(ValueError, match="carrier-pigeon"):
        one.add_session("carrier-pigeon")
    with pytest.raises(ValueError, match="no session"):
        one.end("session-0")
    with pytest.raises(ValueError, match="negative"):
        Desk(1, -1)
    with pytest.raises(ValueError, match="aware"):
        Desk(1, 1, 0, lambda: datetime(2026, 1, 1))  # noqa: DTZ001


def test_scenarios_from_many_threads_lose_nothing() -> None:
    one = desk(sessions=0, rate=600)

    def work() -> None:
        for _ in range(50):
            name = one.add_session(Kind.MESSAGING)
            one.say(name, "hello")
            one.end(name)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(one) == 200
    assert [s.serial for s in one.sessions()] == list(range(200))
    assert {s.state for s in one.sessions()} == {State.ENDED}
    assert len(one.waiting) == len(one.talking) == 0
