"""Untrusted text and its one door.

Everything a vendor, a file or a keyboard gives us is hostile until it passed here: customers write their own
names, and a terminal obeys what it is sent. `Clean` is the only kind of text a widget, a log line or a message
may show; only this module makes it, and mypy refuses a plain `str` in its place. Nothing is parsed and no
sequence is removed: each code point is judged on its own, so a half-open sequence cannot swallow what follows.

`Opaque` is text that must go back to the vendor exactly as it came (ids, links). It is percent-encoded on the
wire and shown through `shown`.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final, NewType

Clean = NewType("Clean", str)
Opaque = NewType("Opaque", str)

NO_TEXT: Final = Clean("")

LINE_LIMIT: Final = 256
BLOCK_LIMIT: Final = 16_384
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
_ELLIPSIS: Final = "…"
_MARKS_PER_BASE: Final = 4
# Below it nothing combines, and everything printable is NFC already.
_FIRST_COMBINING: Final = "\u0300"

_LINE_BREAKS: Final = frozenset("\n\r\v\f\x85\u2028\u2029")
_ZWNJ, _ZWJ = "\u200c", "\u200d"
# Letters and symbols by category that nevertheless render as nothing: room for spoofed names.
_BLANK: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
_JOINERS: Final = frozenset((_ZWNJ, _ZWJ))
_SYMBOLS: Final = frozenset(("So", "Sm", "Po", "Pd", "Sk"))
_SYMBOL_VARIANTS: Final = frozenset("\ufe0e\ufe0f")


def line(raw: object, limit: int = LINE_LIMIT) -> Clean:
    """One line of clean text: at most `limit` characters, no line break, no control of any kind.

    Anything that is not a `str` is shown as its `str()`; None is the empty text. Idempotent.
    """
    text = _as_text(raw)
    if len(text) <= limit and _plain(text) and text.isprintable():
        return Clean(text)
    return Clean(_bounded(text, limit, keep_breaks=False))


def word(raw: object) -> Clean:
    """A line of which there are few (a vendor's states and kinds): all rows that have it share one text."""
    text = _as_text(raw)
    known = _words.get(text)
    if known is None:
        if len(_words) >= _WORDS_KEPT:
            _words.clear()
        known = _words[text] = line(text)
    return known


# Few, whatever a vendor answers.
_WORDS_KEPT: Final = 256
_words: dict[str, Clean] = {}


def block(raw: object, limit: int = BLOCK_LIMIT) -> Clean:
    """Clean text of several lines: as `line`, but line breaks stay, all as `\\n`."""
    text = _as_text(raw).replace("\r\n", "\n").replace("\t", "    ")
    if len(text) <= limit and _plain(text) and text.replace("\n", "").isprintable():
        return Clean(text)
    return Clean(_bounded(text, limit, keep_breaks=True))


def shown(opaque: Opaque, limit: int = LINE_LIMIT) -> Clean:
    """How an id or a link is shown: clean, and possibly not what goes back on the wire."""
    return line(opaque, limit)


def copyable(opaque: Opaque) -> bool:
    """Whether an id or a link may be offered for copying: only when cleaning leaves it as it is."""
    return str(line(opaque, len(opaque) or 1)) == str(opaque)


def _as_text(raw: object) -> str:
    if raw is None:
        return ""
    return raw if isinstance(raw, str) else str(raw)


def _plain(text: str) -> bool:
    return text.isascii() or max(text) < _FIRST_COMBINING


def _bounded(text: str, limit: int, *, keep_breaks: bool) -> str:
    """Cleaned and at most `limit` long; a text that goes on ends in an ellipsis."""
    if limit <= 0:
        return ""
    # Cleaning costs by the character: what would be cut off anyway is not cleaned.
    taken = text[: 4 * limit + 64]
    clean = _clean(taken, keep_breaks=keep_breaks)
    if len(clean) <= limit and len(taken) == len(text):
        return clean
    # A cut may strand a joiner or a mark at the end; cleaning again keeps the result a fixed point.
    return _clean(clean[: limit - 1], keep_breaks=keep_breaks).rstrip() + _ELLIPSIS


def _clean(text: str, *, keep_breaks: bool) -> str:
    text = unicodedata.normalize("NFC", _without_surrogates(text))
    text = "".join(_joined(_mapped(text, keep_breaks)))
    return unicodedata.normalize("NFC", text)


def _without_surrogates(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _mapped(text: str, keep_breaks: bool) -> list[str]:
    """Each code point on its own: kept, replaced by something visible, or dropped."""
    out: list[str] = []
    marks = _MARKS_PER_BASE  # nothing to stand on yet
    for char in text:
        kept, mark = _judged(char, keep_breaks)
        if mark:
            if marks >= _MARKS_PER_BASE:
                continue
            marks += 1
        elif kept and kept not in _JOINERS:
            marks = 0
        if kept:
            out.append(kept)
    return out


@lru_cache(maxsize=4096)
def _judged(char: str, keep_breaks: bool) -> tuple[str, bool]:
    """What becomes of a code point, and whether it is a mark on the one before. Text repeats its letters."""
    kept = _judge(char, keep_breaks)
    if not kept:
        return "", False
    return kept, unicodedata.combining(kept) > 0 or unicodedata.category(kept) in ("Mn", "Me")


def _judge(char: str, keep_breaks: bool) -> str:
    if " " <= char <= "~":
        return char
    if char in _LINE_BREAKS:
        return "\n" if keep_breaks else " "
    if char == "\t":
        return " "
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)  # the control pictures: ESC shows as ␛
    if code == 0x7F:
        return "\u2421"
    if code < 0xA0:
        return REPLACEMENT  # C1: xterm-class terminals act on these even when they came as UTF-8
    return _judge_category(char, code)


def _judge_category(char: str, code: int) -> str:
    if char in _JOINERS or char in _SYMBOL_VARIANTS:
        return char
    if (
        char in _BLANK
        or 0xFE00 <= code <= 0xFE0D
        or 0xE0100 <= code <= 0xE01EF
        or 0x180B <= code <= 0x180F
    ):
        return ""
    category = unicodedata.category(char)
    if category == "Cf":
        return ""  # bidi controls, zero-width spaces, soft hyphen, tags
    if category in ("Co", "Cn", "Cs", "Cc"):
        return REPLACEMENT
    return " " if category == "Zs" else char


def _joined(chars: list[str]) -> list[str]:
    """Joiners and emoji variants only where a script or an emoji needs them: between visible non-ASCII characters."""
    if not (_JOINERS | _SYMBOL_VARIANTS).intersection(chars):
        return chars
    out: list[str] = []
    for index, char in enumerate(chars):
        if char in _JOINERS:
            after = chars[index + 1] if index + 1 < len(chars) else ""
            # Behind a joiner a variant is out of place and will be dropped: it joins nothing.
            if after in _SYMBOL_VARIANTS or not (out and _joins(out[-1]) and _joins(after)):
                continue
        elif char in _SYMBOL_VARIANTS and not (out and _takes_variant(out[-1])):
            continue
        out.append(char)
    return out


def _joins(char: str) -> bool:
    return not char.isascii() and char not in _JOINERS and not char.isspace()


def _takes_variant(char: str) -> bool:
    return char in "#*0123456789\u2139" or unicodedata.category(char) in _SYMBOLS
