"""Random frames as the framework's compositor gives them, and what it meant by them.

The truth is what Textual itself would have written: `render_segments` through the same emulator.
"""

from __future__ import annotations

import io
from itertools import pairwise
from random import Random
from typing import Final

from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tests.terminal_emulator import Cell, Emulator, Widths, textual_widths
from tui.terminal.hooks import pieces_of
from tui.terminal.output import Output

Update = LayoutUpdate | ChopsUpdate

CONSOLE: Final = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor")
WORDS: Final = (
    *("waiting", "active", "ended", "6m", "12s", "Ana Lindqvist", "printer", "VPN", "-", "…"),
    *("●", "○", "◐", "✗", "▸", "█", "▁▂▃", "─│┌┐", "José", "Müller", "ß", "Ωμέγα", "Привет"),
    *(
        "東京",
        "渡辺恵子",
        "한국어",
        "ｆｕｌｌ",
        "สวัสดี",
        "हिन्दी",
        "می\u200cخواهم",
        "e\u0301tat",
        "n\u0303",
    ),
    *(
        "👍",
        "👩\u200d👩\u200d👧",
        "👍🏽",
        "🇸🇪",
        "❤\ufe0f",
        "1\ufe0f\u20e3",
        "☎",
        "⌚",
        "🖥",
        "🖥\ufe0f",
    ),
)
_STYLES: Final = (
    "",
    "bold",
    "dim",
    "bold dim italic",
    "reverse",
    "underline",
    "strike",
    "underline2",
    "overline bold",
    "red",
    "default on default",
    "bright_blue on black",
    "color(123) on color(17)",
    "bold #d0d0d0 on #14171a",
    "#d0d0d0 on #14171a",
    "#5fd7af on #14171a",
    "#d0d0d0 on #35607a",
    "blink #ff6b6b on #22272c",
)
STYLES: Final = tuple(Style.parse(text) for text in _STYLES)


def rendered(style: Style) -> str:
    """A style's SGR codes, as the app gives them."""
    return Strip.render_ansi(style, ColorSystem.TRUECOLOR)


class Twin:
    """The same updates drawn by Textual and by us, on two terminals."""

    def __init__(
        self, columns: int, rows: int, *, bce: bool = True, widths: Widths = textual_widths
    ) -> None:
        self.output = Output(rendered, bce=bce)
        self.theirs = Emulator(columns, rows)
        self.ours = Emulator(columns, rows, bce=bce, widths=widths)
        self.their_bytes = self.our_bytes = 0
        self.size = (columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        self.size = (columns, rows)
        self.theirs = Emulator(columns, rows)
        self.ours.resize(columns, rows)
        self.output.forget()

    def spoil(self) -> None:
        """Something else writes to our terminal, and the output is told."""
        self.ours.resize(*self.size)
        self.output.forget()

    def show(self, update: Update, *, frame: bool = True) -> str:
        """Draws it; without `frame` ours is only taken, as while news wait."""
        theirs = update.render_segments(CONSOLE)
        self.their_bytes += len(theirs.encode())
        # Between lines it writes LF where it does not matter: each line begins with a move.
        self.theirs.feed(theirs.replace("\n", ""))
        self.output.take(pieces_of(update), self.size)
        return self.frame() if frame else ""

    def frame(self) -> str:
        ours = self.output.frame(sync=True)
        self.our_bytes += len(ours.encode())
        self.ours.feed(ours)
        for column, row in self.ours.answers:
            self.output.answer(column, row)
        self.ours.answers.clear()
        return ours

    def differences(self) -> list[tuple[int, int, Cell, Cell]]:
        """The cells that look different, as (row, column, theirs, ours)."""
        pairs = zip(self.theirs.seen(), self.ours.seen(), strict=True)
        return [
            (y, x, a, b)
            for y, (theirs, ours) in enumerate(pairs)
            if theirs != ours
            for x, (a, b) in enumerate(zip(theirs, ours, strict=True))
            if a != b
        ]


class Frames:
    """An endless screen of made-up lists; `next` changes something and gives the update for it."""

    def __init__(self, seed: int, columns: int, rows: int) -> None:
        self.random = Random(seed)
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> LayoutUpdate:
        self.columns, self.rows = columns, rows
        self.lines = [self._line() for _ in range(rows)]
        return self._whole()

    def next(self) -> Update:
        """One change of some kind."""
        kind = self.random.choice(
            ("cell", "cell", "cells", "style", "shift", "shift", "shift", "all", "nothing", "chops")
        )
        update: Update = getattr(self, f"_{kind}")()
        return update

    # -- kinds of changes ------------------------------------------------------------------------------

    def _nothing(self) -> Update:
        return self._whole()

    def _all(self) -> Update:
        self.lines = [self._line() for _ in range(self.rows)]
        return self._whole()

    def _cell(self) -> Update:
        y = self.random.randrange(self.rows)
        return self._partial({y: [self._spot(y)]})

    def _cells(self) -> Update:
        some = self.random.sample(range(self.rows), k=min(self.rows, self.random.randint(2, 6)))
        return self._partial({y: [self._spot(y), self._spot(y)] for y in sorted(some)})

    def _style(self) -> Update:
        y = self.random.randrange(self.rows)
        self.lines[y] = self.lines[y].apply_style(self.random.choice(STYLES))
        return self._partial({y: [(0, self.columns)]})

    def _shift(self) -> Update:
        top = self.random.randrange(max(1, self.rows // 2))
        bottom = self.random.randrange(top + 1, self.rows + 1)
        by = self.random.choice((1, 1, 1, -1, -1, 2, -3, 7))
        block = self.lines[top:bottom]
        by = max(-len(block), min(by, len(block)))
        fresh = [self._line() for _ in range(abs(by))]
        self.lines[top:bottom] = block[by:] + fresh if by > 0 else fresh + block[:by]
        if self.random.random() < 0.5:
            return self._whole()
        return self._partial({y: [(0, self.columns)] for y in range(top, bottom)})

    def _chops(self) -> Update:
        return self._partial(
            {
                y: [self._spot(y)]
                for y in range(self.rows)
                if self.random.random() < 0.7 or y == self.rows - 1
            }
        )

    # -- making updates --------------------------------------------------------------------------------

    def _whole(self) -> LayoutUpdate:
        return LayoutUpdate([[line] for line in self.lines], Region(0, 0, self.columns, self.rows))

    def _spot(self, y: int) -> tuple[int, int]:
        """Draws something somewhere on line `y` and says where."""
        start = self.random.randrange(self.columns)
        size = min(self.columns - start, self.random.choice((1, 1, 2, 3, 8, 30)))
        left, right = cut(self.lines[y], 0, start), cut(self.lines[y], start + size, self.columns)
        spot = self._text(size)
        self.lines[y] = Strip.join([left, spot, right])
        return start, start + size

    def _partial(self, spots: dict[int, list[tuple[int, int]]]) -> ChopsUpdate:
        """The update for these spans, each line in chops cut anywhere, as widgets side by side would cut it."""
        chops: list[dict[int, Strip | None]] = [{} for _ in range(self.rows)]
        ends: list[list[int]] = [[] for _ in range(self.rows)]
        spans = []
        for y, parts in spots.items():
            cuts = {0, self.columns}
            cuts |= {self.random.randrange(self.columns) for _ in range(self.random.randint(0, 3))}
            edges = sorted(cuts)
            ends[y] = edges[1:]
            for start, end in pairwise(edges):
                met = any(first < end and last > start for first, last in parts)
                chops[y][start] = cut(self.lines[y], start, end) if met else None
            spans += [(y, first, last) for first, last in _joined(parts)]
        return ChopsUpdate(chops, spans, ends)

    def _line(self) -> Strip:
        if self.random.random() < 0.1:
            return Strip.blank(self.columns, self.random.choice(STYLES))
        return self._text(self.columns)

    def _text(self, cells: int) -> Strip:
        choose = self.random.choice
        segments: list[Segment] = []
        while Segment.get_line_length(segments) < cells:
            if self.random.random() < 0.25:
                segments.append(Segment(" " * choose((1, 2, 5, 20, 60)), choose(STYLES)))
            else:
                words = [choose(WORDS) for _ in range(self.random.randint(1, 3))]
                segments.append(Segment(" ".join(words), choose(STYLES)))
        return cut(Strip(segments), 0, cells).adjust_cell_length(cells, choose(STYLES))


def cut(strip: Strip, start: int, end: int) -> Strip:
    """A part of a strip. A sequence that is cut in two leaves blanks: half of one joins whatever stands beside it,
    and then no two terminals agree about what was meant."""
    whole: list[Segment] = []
    at = 0
    for text, style, _ in strip:
        kept = ""
        for piece, size in textual_widths(text):
            if size and start <= at and at + size <= end:
                kept += piece
            else:
                kept += " " * max(0, min(at + size, end) - max(at, start))
            at += size
        whole.append(Segment(kept, style))
    return Strip(whole)


def _joined(parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of one line, merged where they touch, as the compositor gives them."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(parts):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
