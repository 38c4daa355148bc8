"""The harness itself: what a terminal shows where half of a wide character was written over."""

from __future__ import annotations

import pyte
import pytest

from tests.end_to_end.pty_terminal import shown


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("plain", "plain     "),
        ("日本", "日本      "),
        ("日本\x1b[1Gx", "x 本      "),
        ("日本\x1b[2Gx", " x本      "),
        ("日本\x1b[1Gxy", "xy本      "),
        ("ab日\x1b[3G\x1b[1K", "          "),
        ("e\u0301a", "\u00e9a        "),
        ("abcdefghi日", "abcdefghi日"),
    ],
)
def test_half_a_wide_character_is_a_blank(written: str, seen: str) -> None:
    screen = pyte.Screen(10, 2)
    pyte.Stream(screen).feed(written)
    assert shown(screen, 0) == seen
