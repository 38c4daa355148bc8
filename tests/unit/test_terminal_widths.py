"""What a terminal tells about characters that terminals draw in one cell or in two."""

from __future__ import annotations

import pytest

from tui.terminal.cells import AMBIGUOUS, SURE, UNSURE
from tui.terminal.widths import ASK, Widths


def test_what_stands_where_it_should_is_sure_from_then_on() -> None:
    widths = Widths()
    assert widths.doubt("○") == AMBIGUOUS
    assert widths.ask("○", 7, 3) == ASK
    widths.answer(7, 3)
    assert widths.doubt("○") == SURE
    assert widths.doubt("●") == AMBIGUOUS


@pytest.mark.parametrize("place", [(8, 3), (7, 4), (0, 0)])
def test_what_does_not_stays_in_doubt_and_is_not_asked_again(place: tuple[int, int]) -> None:
    widths = Widths()
    widths.ask("○", 7, 3)
    widths.answer(*place)
    assert widths.doubt("○") == AMBIGUOUS
    assert widths.ask("○", 7, 3) == ""


def test_each_is_asked_about_once_and_answers_come_in_order() -> None:
    widths = Widths()
    assert widths.ask("○", 7, 3) == ASK
    assert widths.ask("○", 9, 4) == ""
    assert widths.ask("…", 20, 3) == ASK
    widths.answer(8, 3)
    widths.answer(20, 3)
    assert (widths.doubt("○"), widths.doubt("…")) == (AMBIGUOUS, SURE)


@pytest.mark.parametrize("cell", ["x", "京", "👍", "e\u0301", "🇸"])
def test_only_what_terminals_draw_in_one_cell_or_two_is_asked_about(cell: str) -> None:
    widths = Widths()
    before = widths.doubt(cell)
    widths.ask(cell, 1, 1)
    assert widths.doubt(cell) == before
    assert before in (SURE, AMBIGUOUS, UNSURE)


def test_nothing_is_asked_in_the_first_line() -> None:
    """There the answer could be `ESC [ 1 ; 5 R`, which is a key, too."""
    assert Widths().ask("○", 4, 0) == ""


def test_a_key_that_looks_like_an_answer_is_none() -> None:
    widths = Widths()
    widths.ask("○", 7, 3)
    widths.answer(1, 0)
    widths.answer(7, 3)
    assert widths.doubt("○") == SURE


def test_an_answer_that_nobody_asked_for_is_no_answer() -> None:
    widths = Widths()
    widths.answer(7, 3)
    assert widths.ask("○", 7, 3) == ASK


def test_after_forgetting_late_answers_do_not_count() -> None:
    widths = Widths()
    widths.ask("○", 7, 3)
    widths.forget()
    assert widths.ask("●", 9, 3) == ASK
    widths.answer(7, 3)
    assert widths.doubt("○") == AMBIGUOUS
    widths.answer(9, 3)
    assert widths.doubt("●") == SURE
    assert widths.ask("○", 7, 3) == ASK
