"""A QR code of a link, so that a customer in front of the screen can take it with a phone (ISO/IEC 18004).

Dark on light whatever the theme: scanners want it so. Two modules a cell in half blocks; without UTF-8 a module
is two blank cells, which takes twice the room. Without any colour the light modules are drawn on a dark terminal
and the dark ones on a light terminal. The encoder is the extra `qr`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.model.lazy_dataclass import dataclass
from tui.model.text import Opaque

NEEDS_EXTRA: Final = "the QR code needs the extra qr: pip install 'sessiontop[qr]'"
# The standard wants four light modules around the code; scanners read it with two.
_QUIET: Final = (4, 3, 2)
_BLACK, _WHITE = "#000000", "#ffffff"
_BLOCKS: Final = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}

Matrix = Sequence[Sequence[bool]]


def available() -> bool:
    """Whether the encoder is installed."""
    return find_spec("segno") is not None


def encode(link: Opaque) -> Matrix:
    """The modules of the code, True for dark, without the quiet zone. The least correction: the smallest code."""
    import segno

    code = segno.make(str(link), error="l", micro=False)
    return [[bool(module) for module in row] for row in code.matrix]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A code with its quiet zone; `columns` and `rows` are the cells that it takes."""

    matrix: Matrix
    columns: int
    rows: int


def fitted(matrix: Matrix, columns: int, rows: int, *, ascii_only: bool) -> Fitted:
    """The code with the widest quiet zone that fits; with the narrowest where none does."""
    found = [_framed(matrix, quiet, ascii_only) for quiet in _QUIET]
    return next((one for one in found if one.columns <= columns and one.rows <= rows), found[-1])


def _framed(matrix: Matrix, quiet: int, ascii_only: bool) -> Fitted:
    side = len(matrix) + 2 * quiet
    blank = [[False] * side] * quiet
    edge = [False] * quiet
    whole = [*blank, *([*edge, *row, *edge] for row in matrix), *blank]
    if ascii_only:
        return Fitted(whole, 2 * side, side)
    if side % 2:
        whole.append([False] * side)
    return Fitted(whole, side, (side + 1) // 2)


class QrCode(Widget):
    """The code in the middle of its place; nothing where it does not fit."""

    DEFAULT_CSS = "QrCode { width: 1fr; height: 1fr; background: $background; }"

    def __init__(self, matrix: Matrix, *, ascii_only: bool = False) -> None:
        super().__init__()
        self._matrix, self._ascii = matrix, ascii_only

    @property
    def code(self) -> Fitted:
        """The code as it fits now."""
        return fitted(self._matrix, *self.size, ascii_only=self._ascii)

    @property
    def fits(self) -> bool:
        """Whether there is room for it."""
        return self.code.columns <= self.size.width and self.code.rows <= self.size.height

    def render_line(self, y: int) -> Strip:
        code = self.code
        row = y - (self.size.height - code.rows) // 2
        if not self.fits or not 0 <= row < code.rows:
            return Strip.blank(self.size.width, self.rich_style)
        left = (self.size.width - code.columns) // 2
        made = self._ascii_row(code, row) if self._ascii else self._block_row(code, row)
        strip = Strip([Segment(" " * left, self.rich_style), *made])
        return strip.adjust_cell_length(self.size.width, self.rich_style)

    def _block_row(self, code: Fitted, row: int) -> list[Segment]:
        upper, lower = code.matrix[2 * row], code.matrix[2 * row + 1]
        pairs = list(zip(upper, lower, strict=True))
        if not self.app.no_color:
            return [Segment("▀", _style(above, below)) for above, below in pairs]
        drawn = self._drawn
        blocks = (_BLOCKS[above is drawn, below is drawn] for above, below in pairs)
        return [Segment("".join(blocks), self.rich_style)]

    def _ascii_row(self, code: Fitted, row: int) -> list[Segment]:
        modules = code.matrix[row]
        if not self.app.no_color:
            return [Segment("  ", _style(dark, dark)) for dark in modules]
        drawn = self._drawn
        text = "".join("##" if dark is drawn else "  " for dark in modules)
        return [Segment(text, self.rich_style)]

    @property
    def _drawn(self) -> bool:
        """Which modules are drawn where there is no colour: the light ones on a dark terminal."""
        return not self.app.current_theme.dark


def _style(above: bool, below: bool) -> Style:
    return Style(color=_BLACK if above else _WHITE, bgcolor=_BLACK if below else _WHITE)
