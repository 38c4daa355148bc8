"""Secrets that nobody else has, and the look for them: as they are, in pieces, reversed, encoded."""

from __future__ import annotations

import base64
import html
import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

PIECE: Final = 8
"""So many characters of a secret in a row are a leak; of hexadecimal digits more, which ids have too."""
_DIGITS: Final = 10
_HEXADECIMAL: Final = frozenset("0123456789abcdefABCDEF")
_CONTROLS: Final = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])"
)
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})")
_TAGS: Final = re.compile(r"<[^<>]*>")
# What no secret of ours has in it.
_BETWEEN: Final = re.compile(r"[^A-Za-z0-9+/=_.-]+")
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"


@dataclass(frozen=True)
class Hit:
    """A secret that was found: which, where, and a look at the place without the rest of it."""

    kind: str
    channel: str
    place: str


def make(seed: int, length: int = 40, letters: str = _LETTERS) -> str:
    """A secret of this seed: the same each time, and nothing that stands in a text by chance."""
    chance = random.Random(f"canary {seed}")
    return "".join(chance.choice(letters) for _ in range(length))


class Detector:
    """Looks for the secrets, given by what they are."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self.secrets = dict(secrets)
        self._pieces: dict[str, str] = {}
        for kind, secret in secrets.items():
            assert len(secret) >= PIECE, kind
            for spelling, length in _spellings(secret).items():
                for piece in _pieces(spelling, length):
                    self._pieces[piece] = kind
        self._lengths = sorted({len(piece) for piece in self._pieces})
        letters = "".join(sorted(set("".join(self._pieces))))
        self._words = re.compile(f"[{re.escape(letters)}]{{{self._lengths[0]},}}")
        # What one object shows stands in the `repr` of all that hold it: no word is looked at twice.
        self._innocent: set[str] = set()

    def hits(self, channel: str, text: str | bytes, *, shown: bool = False) -> list[Hit]:
        """Each kind of secret that a text shows, once. `shown`: the text was drawn on a terminal or in a picture,
        where one word may be in pieces."""
        found: dict[str, Hit] = {}
        for reading in _readings(text, shown):
            for word in self._words.finditer(reading):
                for kind, start in self._in_word(word.group()):
                    at = word.start() + start
                    place = reading[max(0, at - 60) : at + 12]
                    found.setdefault(kind, Hit(kind, channel, place))
        return list(found.values())

    def _in_word(self, word: str) -> list[tuple[str, int]]:
        if word in self._innocent:
            return []
        found = [
            (kind, start)
            for length in self._lengths
            for start in range(len(word) - length + 1)
            if (kind := self._pieces.get(word[start : start + length])) is not None
        ]
        if not found:
            self._innocent.add(word)
        return found


def _spellings(secret: str) -> dict[str, int]:
    """What a secret may be written as, and how much of that is a leak. Of base64 there are three, by where in the
    text it begins."""
    data = secret.encode("utf-8", "surrogatepass")
    found = dict.fromkeys((data.hex(), data.hex().upper()), 2 * PIECE)
    found |= dict.fromkeys((secret, secret[::-1]), PIECE)
    for ahead in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode(b"\0" * ahead + data).decode()
            # The letters at the ends are mixed with what stands beside the secret.
            found[text[4 if ahead else 0 : -4]] = PIECE
    return found


def _pieces(spelling: str, length: int) -> Iterator[str]:
    """All that is a leak; where that would be hexadecimal digits alone, more of them."""
    for start in range(len(spelling) - length + 1):
        piece = spelling[start : start + length]
        if length < _DIGITS and _HEXADECIMAL.issuperset(piece):
            piece = spelling[start : start + _DIGITS]
        if len(piece) >= _DIGITS or not _HEXADECIMAL.issuperset(piece):
            yield piece


def _readings(text: str | bytes, shown: bool) -> set[str]:
    """A text as it is, and with percent signs, HTML entities and backslashes taken for what they stand for, thrice.

    Of what is shown also what is left without control sequences and markup, and the letters alone: a word that is
    broken at the end of a line, coloured in pieces, or set with gaps.
    """
    plain = text if isinstance(text, str) else text.decode("utf-8", "replace")
    found = {plain}
    if shown:
        bare = _CONTROLS.sub("", plain)
        found |= {bare, _TAGS.sub("", bare)}
    for _ in range(3):
        found |= {other for one in found for other in _unquoted(one)}
    if shown:
        found |= {_BETWEEN.sub("", one) for one in found}
    return found


def _unquoted(text: str) -> Iterator[str]:
    if "%" in text:
        yield unquote_to_bytes(text.encode("utf-8", "replace")).decode("utf-8", "replace")
    if "&" in text:
        yield html.unescape(text)
    if "\\" in text:
        yield text.replace("\\/", "/")
    if "\\u" in text or "\\x" in text:
        yield _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    if "\0" in text:
        yield text.replace("\0", "")


def as_escapes(secret: str) -> str:
    """The secret as a JSON text may spell it."""
    spelled = "".join(f"\\u{ord(one):04x}" for one in secret)
    assert json.loads('"' + spelled + '"') == secret
    return spelled
