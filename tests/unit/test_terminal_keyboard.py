"""Bytes from the terminal as text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tui.terminal.keyboard import (
    KEY_SILENCE_SECONDS,
    PASTE_END,
    PASTE_SILENCE_SECONDS,
    PASTE_START,
    Keyboard,
)


def fed(*chunks: bytes) -> str:
    keyboard = Keyboard()
    return "".join(keyboard.feed(chunk, 0.0) for chunk in chunks)


def test_bytes_that_are_no_utf8_are_replaced() -> None:
    assert fed(b"a\xe9b", b"\xff") == "a�b�"


def test_a_character_cut_in_two_comes_whole() -> None:
    assert fed(b"\xc3", b"\xa9") == "é"


def test_keys_pass_at_once() -> None:
    assert fed(b"\x1b") == "\x1b"
    assert fed(b"\x1b[A\x1b[1;5C\x1b[<0;3;4M\x1b[97;5u") == "\x1b[A\x1b[1;5C\x1b[<0;3;4M\x1b[97;5u"


def test_escapes_inside_a_paste_become_visible() -> None:
    pasted = fed(b"x\x1b[200~a\x1b]52;c;eA==\x07b\x1b[201~y")
    assert pasted == f"x{PASTE_START}a␛]52;c;eA==\x07b{PASTE_END}y"


def test_a_start_inside_a_paste_is_text_and_a_second_paste_is_one_of_its_own() -> None:
    assert fed(b"\x1b[200~a\x1b[200~b\x1b[201~\x1b[200~c\x1b[201~") == (
        f"{PASTE_START}a␛[200~b{PASTE_END}{PASTE_START}c{PASTE_END}"
    )


@given(
    body=st.text(alphabet="a\x1b[]201~é;c", max_size=12).filter(lambda text: PASTE_END not in text),
    cuts=st.lists(st.integers(0, 40), max_size=6),
)
def test_however_a_paste_is_cut_it_is_the_same_paste(body: str, cuts: list[int]) -> None:
    data = f"k{PASTE_START}{body}".encode()
    whole = data + PASTE_END.encode() + b"l"
    edges = [0, *sorted(cuts), len(whole)]
    chunks = [whole[left:right] for left, right in pairwise(edges)]
    expected = body.replace("\x1b", "␛")
    assert fed(*chunks) == f"k{PASTE_START}{expected}{PASTE_END}l"


@given(st.lists(st.binary(max_size=20)))
def test_no_input_is_an_error(chunks: list[bytes]) -> None:
    fed(*chunks)


def test_answers_nobody_waits_for_are_no_keys() -> None:
    late = (
        b"\x1b]11;rgb:cccc/cccc/cccc\x1b\\\x1bP>|xterm(390)\x1b\\\x1b[?62;22c\x1b[>1;10;0c\x1b[?0u"
    )
    assert fed(b"a" + late + b"b") == "ab"


def test_the_answers_textual_waits_for_pass() -> None:
    assert fed(b"\x1b[?2026;2$y\x1b[3;4R\x1b[I") == "\x1b[?2026;2$y\x1b[3;4R\x1b[I"


def test_a_paste_without_an_end_is_ended_after_a_silence() -> None:
    keyboard = Keyboard()
    keyboard.feed(b"\x1b[200~half\x1b[20", 10.0)
    assert keyboard.overdue(10.0 + PASTE_SILENCE_SECONDS - 0.1) == ""
    assert keyboard.overdue(10.0 + PASTE_SILENCE_SECONDS) == "␛[20" + PASTE_END
    assert keyboard.overdue(1000.0) == ""
    assert keyboard.feed(b"\x1b[A", 1000.0) == "\x1b[A"


def test_patience_is_short_only_while_something_is_half_received() -> None:
    keyboard = Keyboard()
    assert keyboard.patience(0.0, 0.1) is None
    keyboard.feed(b"\x1b", 0.0)
    short = keyboard.patience(0.1, 0.1)
    assert short is not None
    assert short < 0.1
    assert keyboard.patience(KEY_SILENCE_SECONDS + 0.2, 0.1) is None
    keyboard.feed(b"\x1b[200~", 10.0)
    assert keyboard.patience(11.0, 0.1) == PASTE_SILENCE_SECONDS - 1.0
    assert keyboard.patience(100.0, 0.1) == 0.0
