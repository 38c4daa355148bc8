"""The output layer against the truth: what Textual itself would have written, cell by cell, style by style."""

from __future__ import annotations

from random import Random

import pytest
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate
from textual.strip import Strip
from wcwidth import wcwidth

from tests.frames import Frames, Twin, Update, rendered
from tests.terminal_emulator import Cell, Emulator, Widths, textual_widths
from tests.terminal_emulator import Style as Drawn
from tui.terminal.cells import AMBIGUOUS, SURE, UNSURE, doubt
from tui.terminal.output import RESTART, Output, erases_in_colour, leaves_cells_alone

JUNK = Cell("#", Drawn(frozenset({"reverse"}), "31"))
SIZES = [(80, 24), (40, 12), (120, 30), (61, 7), (20, 3), (2, 2), (1, 1)]


def replay(seed: int, frames: int, *, sizes: list[tuple[int, int]] = SIZES) -> tuple[Twin, int]:
    """Draws random frames twice and compares after each; resizes now and then, and lets some frames wait."""
    random = Random(seed)
    source = Frames(seed, *random.choice(sizes))
    twin = Twin(source.columns, source.rows, bce=random.random() < 0.7)
    twin.show(source.resize(source.columns, source.rows))
    compared = 0
    for _ in range(frames):
        chance = random.random()
        if chance < 0.03:
            size = random.choice(sizes)
            twin.resize(*size)
            update: Update = source.resize(*size)
        else:
            update = source.next()
        if 0.03 < chance < 0.05:
            twin.spoil()
        written = twin.show(update, frame=random.random() < 0.9)
        if not twin.output.due:
            compared += 1
            assert twin.differences() == [], f"seed {seed}, frame {compared}: {written[:500]!r}"
    return twin, compared


@pytest.mark.parametrize("seed", range(24))
def test_random_frames_look_as_textual_meant_them(seed: int) -> None:
    small = [(80, 24), (40, 12), (61, 7), (20, 3), (2, 2), (1, 1)]
    assert replay(seed, 20, sizes=small)[1] >= 10


@pytest.mark.long
@pytest.mark.parametrize("block", range(12))
def test_five_thousand_random_frames(block: int) -> None:
    """Twelve blocks of twenty runs of thirty frames: 7200 drawn, nine of ten compared."""
    compared = sum(replay(1000 + block * 20 + run, 30)[1] for run in range(20))
    assert compared >= 420


@pytest.mark.parametrize("size", [(80, 24), (120, 30)])
def test_it_is_shorter_than_textuals_own(size: tuple[int, int]) -> None:
    twin, _ = replay(7, 30, sizes=[size])
    assert twin.our_bytes < twin.their_bytes / 2


@pytest.mark.parametrize("bce", [True, False])
@pytest.mark.parametrize("size", [(80, 24), (40, 12), (2, 2)])
def test_the_first_frame_goes_over_what_is_there_line_by_line(
    size: tuple[int, int], bce: bool
) -> None:
    source, twin = Frames(5, *size), Twin(*size, bce=bce)
    twin.output = Output(rendered, bce=bce, over=size)
    twin.spoil()
    written = twin.show(source.resize(*size), frame=False) or twin.frame()
    assert twin.differences() == []
    assert "\x1b[2J" not in written
    # Cut anywhere, what is not the old junk is the new frame already, but for the line that is being written.
    steps = written.split("\x1b")
    for end in range(1, len(steps), 7):
        cut_off = Twin(*size, bce=bce)
        cut_off.spoil()
        cut_off.ours.feed("\x1b".join(steps[:end]))
        odd = {
            y
            for y, (ours, wanted) in enumerate(
                zip(cut_off.ours.seen(), twin.ours.seen(), strict=True)
            )
            for cell, meant in zip(ours, wanted, strict=True)
            if cell not in (meant, JUNK)
        }
        assert len(odd) <= 1
    for _ in range(5):
        twin.show(source.next())
        assert twin.differences() == []


@pytest.mark.parametrize("over", [(0, 0), (79, 24)])
def test_over_a_frame_of_another_size_the_screen_is_drawn_anew(over: tuple[int, int]) -> None:
    source, twin = Frames(5, 80, 24), Twin(80, 24)
    twin.output = Output(rendered, over=over)
    twin.spoil()
    assert RESTART in twin.show(source.resize(80, 24))
    assert twin.differences() == []


# -- terminals that count otherwise --------------------------------------------------------------------


def joined_apart(text: str) -> list[tuple[str, int]]:
    """Knows no sequences: every character is drawn for itself."""
    return [(char, max(wcwidth(char), 0)) for char in text]


def emoji_narrow(text: str) -> list[tuple[str, int]]:
    """As old terminals, for which an emoji is one cell."""
    return [
        (piece, min(size, 1) if doubt(piece) == UNSURE else size)
        for piece, size in textual_widths(text)
    ]


def ambiguous_wide(text: str) -> list[tuple[str, int]]:
    """As terminals in a Far Eastern locale."""
    return [
        (piece, 2 if size and doubt(piece) == AMBIGUOUS else size)
        for piece, size in textual_widths(text)
    ]


@pytest.mark.parametrize("widths", [joined_apart, emoji_narrow, ambiguous_wide])
@pytest.mark.parametrize("seed", range(6))
def test_one_cell_that_is_counted_otherwise_shifts_nothing(widths: Widths, seed: int) -> None:
    source = Frames(100 + seed, 70, 10)
    twin = Twin(70, 10, widths=widths)
    twin.show(source.resize(70, 10))
    for _ in range(25):
        twin.show(source.next())
        shown = {(y, x): (a, b) for y, x, a, b in twin.differences()}
        meant = twin.theirs.seen()
        for (y, x), (wanted, found) in shown.items():
            before = meant[y][x - 1].char if x else ""
            blank_beside = wanted.char == " " and doubt(before or meant[y][x - 2].char) != SURE
            unsure = wanted.char == "" or doubt(wanted.char) != SURE
            # What does not fit into the last column is drawn over the one before it, whoever writes it.
            assert unsure or blank_beside or x == 68, (y, x, wanted, found)


# -- single frames -------------------------------------------------------------------------------------

PLAIN = Style()


class Page:
    """A small screen that is written line by line."""

    def __init__(self, columns: int = 30, rows: int = 6, *, bce: bool = True) -> None:
        self.size = (columns, rows)
        self.output = Output(rendered, bce=bce)
        self.terminal = Emulator(columns, rows, bce=bce)

    def write(
        self,
        lines: dict[int, str],
        style: Style = PLAIN,
        *,
        cursor: tuple[int, int] | None = None,
        sync: bool = False,
    ) -> str:
        """Draws whole lines; returns what was written."""
        self.take(lines, style)
        written = self.output.frame(cursor=cursor, sync=sync)
        self.terminal.feed(written)
        return written

    def take(self, lines: dict[int, str], style: Style = PLAIN) -> None:
        width = self.size[0]
        pieces = [
            (y, 0, Strip([Segment(text, style)]).adjust_cell_length(width, style))
            for y, text in lines.items()
        ]
        self.output.take(pieces, self.size)

    def lines(self) -> list[str]:
        return ["".join(cell.char for cell in line).rstrip() for line in self.terminal.cells]


def rows(*texts: str) -> dict[int, str]:
    return dict(enumerate(texts))


def test_the_first_frame_begins_with_a_clean_screen() -> None:
    page = Page()
    assert page.write({0: "hello"}).startswith(RESTART)
    assert page.lines()[0] == "hello"


def test_nothing_changed_is_nothing_written() -> None:
    page = Page()
    page.write({0: "hello"})
    assert page.write({0: "hello"}) == ""


def test_one_cell() -> None:
    page = Page()
    page.write({0: "hello"})
    assert page.write({0: "hallo"}) == "\x1b[;2Ha"


def test_lines_that_moved_are_moved_by_the_terminal() -> None:
    page = Page(60, 8)
    texts = [f"session number {n} of a long list of sessions" for n in range(9)]
    page.write(rows(*texts[:8]))
    written = page.write(rows(*texts[1:9]))
    assert len(written) < 100
    assert page.lines() == texts[1:9]
    assert len(page.write(rows(*texts[:8]))) < 100
    assert page.lines() == texts[:8]


def test_a_header_and_a_footer_stay_where_lines_between_move() -> None:
    page = Page(60, 8)
    texts = [f"session number {n} of a long list of sessions" for n in range(9)]
    page.write(rows("head", *texts[:6], "foot"))
    written = page.write(rows("head", *texts[1:7], "foot"))
    assert "head" not in written
    assert "foot" not in written
    assert page.lines() == ["head", *texts[1:7], "foot"]


@pytest.mark.parametrize("bce", [True, False])
def test_a_coloured_rest_of_a_line_is_erased_only_where_erasing_keeps_the_colour(bce: bool) -> None:
    page = Page(60, 3, bce=bce)
    written = page.write({1: "short"}, Style.parse("white on blue"))
    assert ("\x1b[K" in written.removeprefix(RESTART)) is bce
    assert page.terminal.cells[1][59].style.bg == "34"


def test_after_forgetting_everything_is_written_again() -> None:
    page = Page()
    page.write(rows("one", "two"))
    page.terminal.resize(30, 6)
    page.output.forget()
    assert page.output.due
    page.write({})
    assert page.lines() == ["one", "two", "", "", "", ""]


def test_another_size_starts_anew() -> None:
    page = Page()
    page.write(rows("one", "two"))
    page.size = (10, 2)
    page.terminal.resize(10, 2)
    page.write({0: "three"})
    assert page.lines() == ["three", ""]


def test_what_waits_is_laid_over_each_other() -> None:
    page = Page()
    page.write({0: "a"})
    page.take({0: "b"})
    page.take({0: "c", 1: "d"})
    assert page.output.due
    page.write({})
    assert page.lines()[:2] == ["c", "d"]
    assert page.write({}) == ""


def test_the_cursor_goes_where_an_input_has_it() -> None:
    page = Page()
    page.write({0: "name: "}, cursor=(6, 0))
    assert (page.terminal.x, page.terminal.y) == (6, 0)
    assert page.write({0: "name: x"}, cursor=(7, 0)).endswith("\x1b[1;8H")
    assert page.write({}, cursor=(7, 0)) == ""
    assert page.write({}, cursor=(3, 0)) == "\x1b[1;4H"
    assert page.write({}) == ""


def test_large_frames_are_held_together_where_the_terminal_can() -> None:
    page = Page(80, 24)
    letters = [chr(ord("a") + n) * 80 for n in range(24)]
    assert page.write(rows(*letters), sync=True).startswith("\x1b[?2026h")
    assert page.write({0: "b"}, sync=True).count("\x1b[?2026") == 0
    assert "\x1b[?2026" not in page.write(rows(*reversed(letters)))


def test_every_frame_ends_in_the_terminals_own_look() -> None:
    page = Page()
    assert page.write({0: "bold"}, Style.parse("bold red")).endswith("\x1b[m")
    assert page.terminal.style.on == frozenset()


def answered(page: Page) -> None:
    """The terminal's answers come."""
    for column, row in page.terminal.answers:
        page.output.answer(column, row)
    page.terminal.answers.clear()


def test_a_terminal_that_says_how_wide_its_signs_are_is_told_fewer_columns() -> None:
    page = Page()
    assert page.write(rows("", "● waiting")).count("\x1b[6n") == 1
    assert page.write({2: "● active"}) == "\x1b[3H●\x1b[3Gactive"
    answered(page)
    assert page.write({3: "● ended"}) == "\x1b[4H● ended"


def test_one_that_draws_them_wider_is_told_the_column_ever_after() -> None:
    page = Page()
    page.terminal.widths = ambiguous_wide
    assert page.write(rows("", "● waiting")).count("\x1b[6n") == 1
    answered(page)
    assert page.write({2: "● ended"}) == "\x1b[3H●\x1b[3Gended"


def test_after_forgetting_the_terminal_is_asked_again() -> None:
    page = Page()
    page.write(rows("", "● waiting"))
    answered(page)
    page.output.forget()
    assert page.write({}).count("\x1b[6n") == 1


def test_a_list_that_moves_below_its_cursor_is_moved_without_it() -> None:
    """The cursor's line stays where it is: of that only what differs is drawn, not its look."""
    page = Page(60, 8)
    texts = [f"{chr(ord('a') + n) * 20} {n} of a long list of sessions" for n in range(9)]
    cursor = Style.parse("white on blue")
    page.take(rows(*texts[:7]))
    page.write({7: texts[7]}, cursor)
    page.take(rows(*texts[1:8]))
    written = page.write({7: texts[8]}, cursor)
    assert written.startswith("\x1b[1;7r")
    assert written.endswith(f"{'i' * 20} 8\x1b[m")
    assert page.lines() == texts[1:9]


def test_half_of_a_wide_character_leaves_no_other_half() -> None:
    page = Page(8, 1)
    page.write({0: "東京"})
    page.output.take([(0, 1, [Segment("x")])], page.size)
    page.terminal.feed(page.output.frame())
    assert page.lines() == [" x京"]


def test_an_update_beyond_the_screen_is_cut() -> None:
    page = Page(5, 2)
    page.output.take([(7, 0, [Segment("x")]), (0, 3, [Segment("abcdef")])], page.size)
    page.terminal.feed(page.output.frame())
    assert page.lines() == ["   ab", ""]


def test_an_empty_update_of_chops_draws_nothing() -> None:
    twin = Twin(10, 2)
    twin.show(Frames(1, 10, 2).resize(10, 2))
    assert twin.show(ChopsUpdate([{}, {}], [(0, 0, 3)], [[], []])) == ""


# -- what else is written ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        "\x07",
        "\x1b[?1000h\x1b[?1006h",
        "\x1b[?25l",
        "\x1b[?2026$p",
        "\x1b[>25u",
        "\x1b[<u",
        "\x1b]52;c;aGVsbG8=\x07",
        "\x1b]0;title\x1b\\",
        "\x1bPtmux;\x1b\x1b]52;c;aGVsbG8=\x07\x1b\\",
        "",
    ],
)
def test_modes_and_clipboard_cost_no_repaint(data: str) -> None:
    assert leaves_cells_alone(data)


@pytest.mark.parametrize(
    "data",
    ["x", "\x1b[H", "\x1b[?1049h", "\x1b[2J", "\x1b[?1049h\x1b[?25l", "\n", "\x1b[m", "\x1bc"],
)
def test_anything_else_does(data: str) -> None:
    assert not leaves_cells_alone(data)


@pytest.mark.parametrize(
    ("environ", "keeps"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "tmux-256color"}, True),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, True),
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "xterm-256color", "STY": "1.pts-0"}, False),
        ({"TERM": "linux"}, True),
        ({"TERM": "vt100"}, False),
        ({}, False),
    ],
)
def test_which_terminals_erase_in_colour(environ: dict[str, str], keeps: bool) -> None:
    assert erases_in_colour(environ) is keeps
