"""An address as a QR code in half blocks, for a phone's camera. Needs the `qr` extra; without it there is none."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec

from tui.terminal.environment import utf8

# Light is drawn and dark is left out, in colours of our own: right on a dark terminal and on a light one.
_COLOURS, _PLAIN = "\x1b[97;40m", "\x1b[0m"
_HALVES = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}


def for_stderr(text: str) -> str | None:
    """The code as lines for stderr; None where it cannot be shown there: no UTF-8 terminal, or one too narrow."""
    if find_spec("segno") is None or not sys.stderr.isatty():
        return None
    if not utf8(os.environ, getattr(sys.stderr, "encoding", None)):
        return None
    rows = drawn(text)
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except OSError:
        return None
    if not rows or len(rows[0]) > columns:
        return None
    if os.environ.get("TERM") == "dumb":
        return "\n".join(rows)
    return "\n".join(f"{_COLOURS}{row}{_PLAIN}" for row in rows)


def drawn(text: str) -> list[str]:
    """The code with its quiet zone, two rows of modules a line; nothing for a text that is too long for one."""
    import segno

    try:
        code = segno.make_qr(text, error="l")
    except segno.DataOverflowError:
        return []
    light = [[not module for module in row] for row in code.matrix_iter(border=2)]
    if len(light) % 2:
        light.append([True] * len(light[0]))
    return [_line(upper, lower) for upper, lower in zip(light[::2], light[1::2], strict=True)]


def _line(upper: Sequence[bool], lower: Sequence[bool]) -> str:
    return "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True))
