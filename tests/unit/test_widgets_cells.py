"""Fitting text into cells: the width is exact whatever the script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.model.text import block, line
from tui.widgets.cells import cut, fit, steady, width, wrap

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
anything = st.text(max_size=60).map(line)


@pytest.mark.parametrize(
    ("text", "cells", "fitted"),
    [
        ("Ana", 6, "Ana   "),
        ("Ana Lindqvist", 6, "Ana L…"),
        ("Ana Lindqvist", 5, "Ana… "),  # no blank before the ellipsis
        ("山田太郎", 8, "山田太郎"),
        ("山田太郎", 7, "山田太…"),
        ("山田太郎", 6, "山田… "),  # half a character is a blank, never a broken one
        ("e\u0301te\u0301", 3, "e\u0301te\u0301"),
        ("", 3, "   "),
        ("abc", 0, ""),
        ("abc", 1, "…"),
    ],
)
def test_fit_pads_and_cuts(text: str, cells: int, fitted: str) -> None:
    assert fit(text, cells) == fitted


def test_fit_to_the_right_pads_on_the_left() -> None:
    assert fit("6m", 5, right=True) == "   6m"
    assert fit("山田", 6, right=True) == "  山田"


def test_ascii_ellipsis() -> None:
    assert fit("Printer on floor", 8, ellipsis="~") == "Printer~"


@given(anything, st.integers(0, 40), st.booleans())
def test_fit_is_exact_for_any_clean_text(text: str, cells: int, right: bool) -> None:
    fitted = fit(text, cells, right=right)
    assert cell_len(fitted) == cells
    assert fitted.isprintable() or "\u200c" in fitted


@given(st.text(max_size=60), st.integers(0, 40))
def test_cut_never_exceeds_and_never_splits_a_cluster(text: str, cells: int) -> None:
    text = steady(line(text))
    piece = cut(text, cells)
    assert cell_len(piece) <= cells
    if width(text) <= cells:
        assert piece == text


@pytest.mark.parametrize(
    ("text", "reduced"),
    [
        (FAMILY, "\U0001f468"),
        ("\u2764\ufe0f", "\u2764"),
        ("\U0001f44d\U0001f3fd ok", "\U0001f44d ok"),
        ("\U0001f3f3\ufe0f\u200d\U0001f308", "\U0001f3f3"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u0937"),  # the letter after the joiner stays
        ("two\nlines", "two lines"),
        ("日本\n語", "日本 語"),
    ],
)
def test_steady_keeps_only_what_terminals_agree_on(text: str, reduced: str) -> None:
    assert steady(text) == reduced


@given(st.text(max_size=60))
def test_width_is_what_rich_will_draw(text: str) -> None:
    text = steady(line(text))
    assert width(text) == cell_len(text)


@pytest.mark.parametrize(
    ("text", "cells", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 8, ["one two", "three"]),
        ("short", 10, ["short"]),
        ("", 10, [""]),
        ("see https://example.com/a/b", 10, ["see", "https://ex", "ample.com/", "a/b"]),
        ("  indented code here", 12, ["  indented", "code here"]),
        ("電源を入れ直しました", 8, ["電源を入", "れ直しま", "した"]),
        ("動きません。次", 10, ["動きませ", "ん。次"]),  # no line starts with a full stop
        ("ok 電源を ok", 6, ["ok 電", "源を", "ok"]),
    ],
)
def test_wrap(text: str, cells: int, lines: list[str]) -> None:
    assert [text[start:end] for start, end in wrap(text, cells)] == lines


@given(st.text(max_size=120), st.integers(2, 40))
def test_wrap_loses_nothing_but_spaces(raw: str, cells: int) -> None:
    for paragraph in block(raw).split("\n"):
        text = steady(paragraph)
        pieces = wrap(text, cells)
        at = 0
        for start, end in pieces:
            assert cell_len(text[start:end]) <= cells
            assert not text[at:start].strip(" ")
            at = end
        assert not text[at:].strip(" ")
