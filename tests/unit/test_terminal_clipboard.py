"""OSC 52."""

from __future__ import annotations

import base64

import pytest

from tui.terminal.clipboard import LIMIT_BYTES, osc52, send, wrapped


def sent(text: str, environ: dict[str, str] | None = None) -> str:
    written: list[str] = []
    assert send(text, written.append, environ or {})
    return "".join(written)


def test_text_is_sent_as_base64_of_utf8() -> None:
    sequence = sent("Ana ✓")
    assert sequence == "\x1b]52;c;" + base64.b64encode("Ana ✓".encode()).decode() + "\x07"


@pytest.mark.parametrize(
    "text", ["", "\ud800", "a\udfffb", "x" * (LIMIT_BYTES + 1), "é" * LIMIT_BYTES]
)
def test_what_would_not_arrive_as_it_is_is_not_sent(text: str) -> None:
    written: list[str] = []
    assert not send(text, written.append, {})
    assert written == []


def test_the_largest_stays_below_what_terminals_take() -> None:
    sequence = osc52("x" * LIMIT_BYTES)
    assert sequence is not None
    assert len(sequence) < 100_000


def test_tmux_gets_it_plain_and_passed_through() -> None:
    plain = sent("id")
    assert sent("id", {"TMUX": "/tmp/tmux-0/default,1,0"}) == (
        plain + "\x1bPtmux;\x1b" + plain + "\x1b\\"
    )


def test_screen_gets_it_in_pieces_it_can_hold() -> None:
    plain = sent("x" * 1000)
    pieces = sent("x" * 1000, {"STY": "1.pts-0.host"}).split("\x1b\\")[:-1]
    assert all(piece.startswith("\x1bP") and len(piece) <= 256 for piece in pieces)
    assert "".join(piece[2:] for piece in pieces) == plain


def test_without_a_multiplexer_nothing_is_added() -> None:
    assert wrapped("\x1b]52;c;eA==\x07", {"TMUX": ""}) == "\x1b]52;c;eA==\x07"
