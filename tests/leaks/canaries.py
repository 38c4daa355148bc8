"""Secrets that nobody else has, and the look for them: as they are, in pieces, reversed, encoded."""

from __future__ import annotations

import base64
import html
import json
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

PIECE: Final = 8
"""So many characters of a secret in a row are a leak."""
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
            for spelling in _spellings(secret):
                for start in range(len(spelling) - PIECE + 1):
                    self._pieces[spelling[start : start + PIECE]] = kind

    def hits(self, channel: str, text: str | bytes) -> list[Hit]:
        """Each kind of secret that a text shows, once."""
        found: dict[str, Hit] = {}
        for reading in _readings(text):
            for start in range(len(reading) - PIECE + 1):
                kind = self._pieces.get(reading[start : start + PIECE])
                if kind is not None and kind not in found:
                    place = reading[max(0, start - 60) : start + 12]
                    found[kind] = Hit(kind, channel, place)
        return list(found.values())

    def all_hits(self, channels: Iterable[tuple[str, str | bytes]]) -> list[Hit]:
        return [hit for channel, text in channels for hit in self.hits(channel, text)]


def _spellings(secret: str) -> set[str]:
    """What a secret may be written as. Of base64 there are three, by where in the text it begins."""
    data = secret.encode("utf-8", "surrogatepass")
    found = {secret, secret[::-1], data.hex(), data.hex().upper()}
    for ahead in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode(b"\0" * ahead + data).decode()
            # The letters at the ends are mixed with what stands beside the secret.
            found.add(text[4 if ahead else 0 : -4])
    return found


def _readings(text: str | bytes) -> set[str]:
    """A text as it is, and with percent signs, HTML entities and backslashes taken for what they stand for."""
    plain = text if isinstance(text, str) else text.decode("utf-8", "replace")
    found = {plain}
    if "%" in plain:
        found.add(unquote_to_bytes(plain.encode("utf-8", "replace")).decode("utf-8", "replace"))
    if "&" in plain:
        found.add(html.unescape(plain))
    if "\\u" in plain or "\\x" in plain:
        found.add(_unescaped(plain))
    return found


def _unescaped(text: str) -> str:
    return text.encode("ascii", "replace").decode("unicode_escape", "replace")


def as_escapes(secret: str) -> str:
    """The secret as a JSON text may spell it."""
    spelled = "".join(f"\\u{ord(one):04x}" for one in secret)
    assert json.loads('"' + spelled + '"') == secret
    return spelled
