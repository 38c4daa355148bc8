"""The one door for untrusted text: nothing forbidden passes, nothing that people write is harmed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui.model import text as door
from tui.model.text import BLOCK_LIMIT, LINE_LIMIT, Opaque, block, copyable, line, shown, word

JOINERS = "\u200c\u200d"
VARIANTS = "\ufe0e\ufe0f"

# Characters that fight: controls, joiners, marks, bidi, blanks, surrogates, private ones, composing pairs.
HOSTILE = (
    "\x00\x07\x08\x0b\x0c\x0d\x0a\x1b\x1f\x7f\x80\x85\x9b\x9d\x9f\xa0\xad\t"
    "\u0300\u0301\u0323\u0338\u034f\u0344\u0340\u037e\u061c\u0600\u115f\u1160\u1100\u1161\u11a8\u180b\u180e"
    "\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\u2126\u212a\u212b\u2139\u20e3"
    "\u2800\u3000\u3164\ufe00\ufe0e\ufe0f\ufeff\uffa0\ufff9\ufffc\ufffd\uffff\ud800\udc00\udcff\ue000"
    "\u0958\u0dda\u0f71\u0f72\u0f73\u1e9b\uac00\u17b4\u0600\u0e33"
    "\U0001f468\U0001f3fd\U0001f1e9\U000e0061\U000e0100\U000f0000\U0010ffff\U0001d15e\U0002f800"
    "ab1#* =<c;"
)
hostile = st.text(st.one_of(st.sampled_from(HOSTILE), st.characters()), max_size=60)
limits = st.integers(-1, 70)


def forbidden(char: str, *, breaks: bool) -> bool:
    if char == "\n":
        return not breaks
    if char in JOINERS or char in VARIANTS:
        return False
    if char in "\u115f\u1160\u3164\uffa0\u2800\u034f":
        return True
    category = unicodedata.category(char)
    return category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or (
        category == "Zs" and char != " "
    )


def slow(raw: str, limit: int, *, breaks: bool) -> str:
    """What the door gives without its short cut for plain text."""
    return door._bounded(raw, limit, keep_breaks=breaks)


@settings(max_examples=2000, deadline=None)
@given(hostile, limits)
@example("a" * 10, 0)
@example("\r\u200b\n", 5)
@example("e\u200b\u0301", 1)
@example("=\u200b\u0338\ufe0f", 9)
@example("अ\u200d\u200dक", 3)
@example("\u200b" * 500 + "x", 4)
@example("\u200c\u0300", 4)
@example("\u0915\u200d\ufe0e=", 9)
def test_nothing_forbidden_passes_and_twice_is_once(raw: str, limit: int) -> None:
    for clean, breaks in ((line, False), (block, True)):
        once = clean(raw, limit)
        assert not [char for char in once if forbidden(char, breaks=breaks)]
        assert len(once) <= max(limit, 0)
        assert clean(once, limit) == once
        assert once.encode("utf-8").decode("utf-8") == once
        assert unicodedata.is_normalized("NFC", once)
        assert breaks or "\n" not in once


@settings(max_examples=1000, deadline=None)
@given(
    st.text(
        st.one_of(st.characters(max_codepoint=0x2FF, codec="utf-8"), st.sampled_from(" \n\t\r~é")),
        max_size=60,
    ),
    limits,
)
def test_the_fast_path_and_the_slow_one_agree(raw: str, limit: int) -> None:
    assert line(raw, limit) == slow(raw, limit, breaks=False)
    assert block(raw, limit) == slow(
        raw.replace("\r\n", "\n").replace("\t", "    "), limit, breaks=True
    )


@settings(max_examples=500, deadline=None)
@given(hostile)
def test_joiners_and_marks_stay_within_bounds(raw: str) -> None:
    once = line(raw)
    marks = 0
    for index, char in enumerate(once):
        if char in JOINERS:
            around = once[index - 1 : index] + once[index + 1 : index + 2]
            assert len(around) == 2
            assert not around.isascii()
            assert not set(around) & set(JOINERS + " ")
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        assert marks <= 5
    assert not once or unicodedata.category(once[0]) not in ("Mn", "Me")


@pytest.mark.parametrize(
    "text",
    [
        "Müller-Lüdenscheidt & Söhne GmbH, Straße 7 – „Ärger“ für 5 €",
        "山田太郎 カタカナ ひらがな ﾊﾝｶｸ が ぱ 印刷できません。",
        "مرحبا، الطابعة لا تعمل ١٢٣",
        "مُحَمَّد",
        "می‌خواهم کتاب‌ها را ببینم",
        "नमस्ते, मेरा प्रिंटर काम नहीं कर रहा है",
        "क्‍ष श्री ড়",
        "שָׁלוֹם עוֹלָם",
        "สวัสดีครับ เครื่องพิมพ์เสีย",
        "안녕하세요",
        "Ελληνικά, Українська, Türkçe İıŞş, Tiếng Việt: Nguyễn Thị Hằng",
        "👨‍👩‍👧‍👦 👩🏽‍💻 🏳️‍🌈 🏴‍☠️ ❤️‍🔥 👁️‍🗨️",
        "🇩🇪🇯🇵🇮🇳🇮🇷",
        "1️⃣ #️⃣ *️⃣",
        "☎️ ✔︎ ⚠️ ℹ️ ©️ ™️ ‼️ 〰️ Ⓜ️ ㊗️ ↔️ ▶️",
        "naïve café œuvre ½ × ÷ … ‘’ “” – — • ° µ",
        "a\N{COMBINING LATIN SMALL LETTER E} Ẑ͓",
        "[/] [red]x[/red] [@click=app.quit] {0} %s \\x1b &amp; <b>",
    ],
)
def test_what_people_write_comes_through_unchanged(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert line(text) == text
    assert block(text) == text
    assert copyable(Opaque(text))


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (None, ""),
        (7, "7"),
        ("\x1b]52;c;eA==\x07", "␛]52;c;eA==␇"),
        ("\x9b2J", "\N{REPLACEMENT CHARACTER}2J"),
        ("a\x00b\x7f", "a␀b␡"),
        ("a\r\nb\tc\u2028d\x85e", "a  b c d e"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("pay\u200bpal \ufeffx\u00ad\u2060", "paypal x"),
        ("a\u200db a\u200cb \u200d", "ab ab "),
        ("\u3164\u2800\uffa0", ""),
        ("\U000e0061\U000e0062x", "x"),
        ("\ud83d\ude42", "🙂"),
        ("\ud83d", "\N{REPLACEMENT CHARACTER}"),
        ("\ue000\uffff\u0378", "\N{REPLACEMENT CHARACTER}" * 3),
        ("\u0301a", "a"),
        ("x" + "\u0323\u0335\u0336\u0337\u0338\u0339", "x" + "\u0335\u0336\u0337\u0338"),
        ("e\u0301", "é"),
        ("a\u00a0b\u3000c", "a b c"),
        ("a\ufe0f中\ufe00", "a中"),
    ],
)
def test_what_does_not(raw: object, clean: str) -> None:
    assert line(raw) == clean


def test_lines_stay_in_a_block_and_only_there() -> None:
    assert block("a\r\nb\rc\nd\x0be\u2029f") == "a\nb\nc\nd\ne\nf"
    assert block("a\tb") == "a    b"
    assert line("a\nb") == "a b"


def test_a_cut_is_shown() -> None:
    assert line("x" * 300) == "x" * (LINE_LIMIT - 1) + "…"
    assert line("x" * LINE_LIMIT) == "x" * LINE_LIMIT
    assert line("word word", 6) == "word…"
    assert line("word word", 1) == "…"
    assert line("word", 0) == line("word", -3) == ""
    assert block("y" * (BLOCK_LIMIT + 1)).endswith("y…")
    # What the cleaning would drop must not hide that there was more.
    assert line("\u200b" * 5000 + "hidden", 20) == "…"


def test_an_id_is_copied_only_when_it_is_what_it_looks_like() -> None:
    assert copyable(Opaque("KC0123-ü"))
    assert copyable(Opaque("x" * 5000))
    assert not copyable(Opaque("a\u202eb"))
    assert not copyable(Opaque("e\u0301"))
    assert shown(Opaque("a\x1bb")) == "a␛b"


def test_equal_words_of_a_vendor_are_one_object_and_few_are_kept() -> None:
    first, again = (word("".join(("in-", "progress"))) for _ in range(2))
    assert first is again
    assert first == line("in-progress")
    assert word("a\x1bb") == line("a\x1bb")
    for number in range(1_000):
        assert word(f"state {number}") == f"state {number}"
    assert len(door._words) <= door._WORDS_KEPT
