"""Strips that are drawn again are not made into cells again."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.terminal import kept_cells
from tui.terminal.cells import line_of
from tui.terminal.kept_cells import KeptCells


def _sgr(style: Style) -> str:
    return "1" if style.bold else ""


def test_a_strip_is_made_into_cells_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def noted(segments, sgr_of):  # type: ignore[no-untyped-def]
        made.append(segments)
        return line_of(segments, sgr_of)

    monkeypatch.setattr(kept_cells, "line_of", noted)
    cells = KeptCells(_sgr)
    strip = Strip([Segment("Ana ", Style(bold=True)), Segment("渡辺")])
    first = cells.of(strip)
    assert cells.of(strip) is first
    assert made == [strip]
    assert first == line_of(strip, _sgr)
    assert cells.of(list(strip)) == first  # a list may change: it is looked at every time
    assert len(made) == 2


def test_what_is_kept_is_bounded() -> None:
    cells = KeptCells(_sgr)
    strips = [Strip([Segment(str(number))]) for number in range(1000)]
    for strip in strips:
        assert cells.of(strip) == line_of(strip, _sgr)
    assert len(cells._kept) == kept_cells._MOST
    assert cells.of(strips[0]).chars == ["0"]
