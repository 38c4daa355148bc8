"""A text that is typed: what comes in, where the cursor stands, what is seen of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.model.text import block, line
from tui.widgets.cells import width
from tui.widgets.text_edit import CAPACITY, TextEdit

FAMILY = "👩\u200d👩\u200d👧"


def typed(text: str, *keys: str, lines: bool = False) -> TextEdit:
    edit = TextEdit(text, lines=lines)
    for key in keys:
        if not edit.press(key):
            edit.insert(key)
    return edit


@pytest.mark.parametrize(
    ("text", "keys", "after", "cursor"),
    [
        ("Ana", ("left", "n"), "Anna", 3),
        ("Ana", ("home", "D", "i"), "DiAna", 2),
        ("Ana", ("backspace",), "An", 2),
        ("Ana", ("home", "delete"), "na", 0),
        ("Ana Maria", ("ctrl+w",), "Ana ", 4),
        ("Ana Maria ", ("ctrl+w",), "Ana ", 4),
        ("Ana Maria", ("ctrl+left", "ctrl+w"), "Maria", 0),
        ("Ana Maria", ("home", "ctrl+right"), "Ana Maria", 3),
        ("Ana", ("ctrl+u",), "", 0),
        (f"x{FAMILY}y", ("left", "backspace"), "xy", 1),
        (f"x{FAMILY}y", ("home", "right", "delete"), "xy", 1),
        ("Ana", ("home", "left", "backspace"), "Ana", 0),
        ("Ana", ("right", "delete"), "Ana", 3),
        ("Ana", ("ctrl+n",), "Ana", 3),
    ],
)
def test_editing(text: str, keys: tuple[str, ...], after: str, cursor: int) -> None:
    edit = typed(text, *keys)
    assert (edit.text, edit.cursor) == (after, cursor)


def test_a_key_that_means_nothing_is_not_taken() -> None:
    assert not TextEdit("x").press("f5")


def test_a_paste_of_several_lines_becomes_one_with_nothing_lost() -> None:
    edit = TextEdit()
    edit.paste("\n Ana\r\n\tLindqvist \n")
    assert edit.text == "Ana Lindqvist"


def test_long_text_keeps_its_lines() -> None:
    edit = TextEdit("one", lines=True)
    edit.paste("\r\ntwo\n")
    edit.press("ctrl+n")
    assert edit.text == "one\ntwo\n\n"


def test_what_is_hostile_is_made_visible_at_the_door() -> None:
    edit = TextEdit()
    edit.paste("\x1b]52;c;eA==\x07 \u202eevil \x9b2J")
    assert edit.text == line(edit.text)
    assert "\x1b" not in edit.text
    assert "\u202e" not in edit.text


def test_more_than_anybody_takes_is_cut_off() -> None:
    edit = TextEdit("x" * (CAPACITY - 2))
    edit.paste("yyyy")
    assert len(edit.text) == CAPACITY


def test_the_cursor_moves_among_the_rows_of_a_long_text() -> None:
    edit = TextEdit("the printer on floor 3\nbeeps", lines=True)
    assert edit.move_row(-1, 12)
    assert edit.text[: edit.cursor] == "the printer on floor 3"[: edit.cursor]
    assert edit.move_row(-1, 12)
    assert not edit.move_row(-1, 12)
    assert edit.cursor <= len("the printer")
    assert edit.move_row(1, 12)
    assert edit.move_row(1, 12)
    assert not edit.move_row(1, 12)


def test_the_window_follows_the_cursor() -> None:
    edit = TextEdit("0123456789" * 4)
    before, under, after = edit.window(20)
    assert (under, after) == (" ", "")
    assert before.endswith("789")
    assert width(before) < 20
    edit.press("home")
    assert edit.window(20)[:2] == ("", "0")


def test_a_masked_text_shows_nothing_of_itself() -> None:
    edit = TextEdit("hunter2")
    edit.press("left")
    assert edit.masked("*", 20) == ("******", "*", "")
    assert len("".join(TextEdit("x" * 90).masked("*", 20))) <= 20


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=30),
    st.lists(
        st.one_of(
            st.sampled_from(
                ["left", "right", "home", "end", "backspace", "delete", "ctrl+w", "ctrl+left"]
            ),
            st.text(min_size=1, max_size=4),
        ),
        max_size=12,
    ),
    st.integers(12, 40),
)
def test_whatever_is_typed_stays_clean_and_fits(text: str, keys: list[str], cells: int) -> None:
    for lines in (False, True):
        edit = typed(text, *keys, lines=lines)
        limit = max(1, len(edit.text))
        assert edit.text == (block(edit.text, limit) if lines else line(edit.text, limit))
        assert 0 <= edit.cursor <= len(edit.text)
        if lines:
            assert sum(1 for _, under, _ in edit.rows(cells, 3) if under) == 1
            assert all(
                width(before) + width(under) <= cells for before, under, _ in edit.rows(cells, 3)
            )
        else:
            before, under, _ = edit.window(cells)
            assert width(before) + width(under) <= cells
