"""From one look to another, as a terminal understands it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terminal_emulator import Cell, Emulator
from tui.terminal import sgr

ATTRIBUTES = ["1", "2", "3", "4", "5", "7", "8", "9", "21", "53"]
COLOURS = ["", "31", "97", "38;5;17", "38;2;1;2;3", "38;2;168;168;168", "39"]
GROUNDS = ["", "41", "107", "48;5;200", "48;2;9;8;7", "48;2;0;95;135", "49"]

looks = st.builds(
    lambda on, fg, bg: ";".join(filter(None, (*on, fg, bg))),
    st.lists(st.sampled_from(ATTRIBUTES), unique=True, max_size=4),
    st.sampled_from(COLOURS),
    st.sampled_from(GROUNDS),
)


def drawn(*sequences: str, char: str = "x") -> Cell:
    terminal = Emulator(3, 1)
    for sequence in sequences:
        terminal.feed(sequence)
    terminal.feed(char)
    return terminal.cells[0][0].seen()


@given(looks, looks)
def test_a_change_leads_to_the_other_look(before: str, after: str) -> None:
    steps = sgr.change(before, after)
    assert drawn(f"\x1b[0;{before}m", steps) == drawn(f"\x1b[0;{after}m")
    assert len(steps) <= len(f"\x1b[0;{after}m")


@given(looks, looks)
def test_a_blank_may_be_drawn_in_any_look_that_looks_alike(before: str, after: str) -> None:
    ground = sgr.blank(after)
    steps = sgr.change_for_blanks(before, ground)
    assert drawn(f"\x1b[0;{before}m", steps or "", char=" ") == drawn(f"\x1b[0;{after}m", char=" ")


@given(looks)
def test_looks_that_draw_alike_have_one_name(look: str) -> None:
    assert sgr.canonical(sgr.canonical(look)) == sgr.canonical(look)
    assert drawn(f"\x1b[0;{sgr.canonical(look)}m") == drawn(f"\x1b[0;{look}m")
    assert sgr.change(look, sgr.canonical(look)) == ""


@pytest.mark.parametrize(
    ("before", "after", "steps"),
    [
        ("", "1", "\x1b[1m"),
        ("1;31", "", "\x1b[m"),
        ("31;44", "32;44", "\x1b[32m"),
        ("1;38;2;1;2;3;48;2;4;5;6", "38;2;1;2;3;48;2;4;5;6", "\x1b[22m"),
        ("1;2;38;2;1;2;3", "2;38;2;1;2;3", "\x1b[22;2m"),
        ("4;21;38;2;1;2;3", "21;38;2;1;2;3", "\x1b[24;21m"),
        ("31;44", "31", "\x1b[49m"),
    ],
)
def test_only_what_differs_is_said(before: str, after: str, steps: str) -> None:
    assert sgr.change(before, after) == steps


@pytest.mark.parametrize(
    ("told", "shorter"),
    [
        ("38;2;208;208;208", "38;5;252"),
        ("1;38;2;255;215;135;48;2;0;95;135", "1;38;5;222;48;5;24"),
        ("48;2;8;8;8", "48;5;232"),
        ("48;2;238;238;238", "48;5;255"),
        ("38;2;255;255;255", "38;5;231"),
        ("38;2;209;208;208", "38;2;209;208;208"),
        ("38;2;0;0;0", "38;2;0;0;0"),
        ("38;2;0;0;255", "38;2;0;0;255"),
    ],
)
def test_a_colour_that_has_a_number_is_said_by_it(told: str, shorter: str) -> None:
    """Black and the blues have one, too, but palettes of 22 colours stand there in some terminals."""
    assert sgr.canonical(told) == shorter
    assert drawn(f"\x1b[{told}m") == drawn(f"\x1b[{shorter}m")
