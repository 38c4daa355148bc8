"""Rows that wait for a slow reader: little by little, none lost, none twice, and what cannot wait does not."""

from __future__ import annotations

from tests.unit.test_live_mailbox import key, session
from tui.live.backlog import Backlog
from tui.live.mailbox import Mailbox
from tui.live.messages import Grown
from tui.live.portion import Portion
from tui.model.status import Status


def test_the_first_that_came_go_first_and_a_small_profile_is_not_held_up() -> None:
    rows = Backlog()
    for number in range(10):
        rows.put(session(str(number), profile="large"))
    rows.put(session("x", profile="small"))
    rows.put(session("0", Status.ACTIVE, profile="large"))  # news keep the place
    first = list(rows.first(4))
    assert [one.id for one in first] == ["x", "0", "1", "2"]
    assert first[1].status is Status.ACTIVE
    assert [one.id for one in rows] == [str(number) for number in range(3, 10)]
    assert [one.id for one in rows.first(99)] == [str(number) for number in range(3, 10)]
    assert len(rows) == 0


def test_a_reader_takes_a_backlog_in_portions() -> None:
    box = Mailbox()
    woken: list[int] = []
    box.on_ready(lambda: woken.append(1))
    box.tell_rows([session(str(number)) for number in range(5)])
    assert woken == [1]
    batch = box.drain(2)
    assert ([one.id for one in batch.sessions], batch.more) == (["0", "1"], True)
    assert box.wait(0), "a reader that waits for news finds the rest"
    assert woken == [1], "the batch said that there is more"
    box.tell_rows([session("1", Status.ACTIVE), session("4", Status.ACTIVE)])
    batch = box.drain(2)
    assert ([one.id for one in batch.sessions], batch.more) == (["2", "3"], True)
    batch = box.drain(2)
    told = {one.id: one.status for one in batch.sessions}
    assert (told, batch.more) == ({"4": Status.ACTIVE, "1": Status.ACTIVE}, False)
    assert not box.drain(2)
    assert not box.wait(0)


def test_what_somebody_waits_for_does_not_wait_behind_a_listing() -> None:
    box = Mailbox()
    box.tell_rows([session(str(number)) for number in range(9)])
    box.tell_sessions([session("8", Status.ENDED)])
    box.tell_grown(session("real"), key("7"), Grown(1, session("real")))
    box.tell_rows([session("8", Status.FAILED)])  # newer still
    batch = box.drain(1)
    told = {one.id: one.status for one in batch.sessions}
    assert told == {"8": Status.FAILED, "real": Status.WAITING, "0": Status.WAITING}
    assert batch.gone == (key("7"),)
    assert {one.id for one in box.drain().sessions} == {str(number) for number in range(1, 7)}


def test_a_row_that_waits_is_never_both_there_and_gone() -> None:
    box = Mailbox()
    box.tell_rows([session("a"), session("b"), session("c", profile="two")])
    box.tell_gone([key("a")])
    box.tell_removed("two")
    batch = box.drain(9)
    assert ([one.id for one in batch.sessions], batch.gone) == (["b"], (key("a"),))
    box.tell_gone([key("b")])
    box.tell_rows([session("b")])
    batch = box.drain(9)
    assert ([one.id for one in batch.sessions], batch.gone) == (["b"], ())


def test_portions_are_as_large_as_the_time_allows() -> None:
    portion = Portion()
    first = portion.rows
    portion.took(first // 2, 1.0)
    assert portion.rows == first, "it was not a whole one: nothing is learned of larger ones"
    portion.took(first, 1.0)
    assert portion.rows == 2 * first, "no more than that at a time"
    while portion.rows < 5_000:
        portion.took(portion.rows, 1.0)
    portion.took(portion.rows, 2 * 20.0)
    assert portion.rows == 2_500, "at once what would have been right"
    for _ in range(9):
        portion.took(portion.rows, 1e6)
    smallest = portion.rows
    assert smallest > 0
    for _ in range(20):
        portion.took(portion.rows, 0.0)
    assert portion.rows == 5_000


def test_a_repaint_that_takes_too_long_by_itself_is_not_multiplied() -> None:
    portion = Portion()
    left, repaints = 200_000, 0
    while left > 0:
        rows = min(left, portion.rows)
        left, repaints = left - rows, repaints + 1
        portion.took(rows, 25.0 + rows * 0.006)  # of which the rows are the smaller part
    assert repaints < 200
