"""Numbers that look random and are pure functions of a seed: hashes, choices, reversible ids.

`random.Random` is used where a sequence is drawn (population, events). Everything that belongs
to one session (its people, words, ids) is hashed from `(seed, serial, slot)` instead, so that it
can be made when asked for and never needs to be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")

_MASK64 = (1 << 64) - 1
_MASK32 = (1 << 32) - 1
# Odd, so multiplication modulo 2**32 can be undone.
_SPREAD = 0x9E3779B1
_GATHER = pow(_SPREAD, -1, 1 << 32)


def mix(*parts: int) -> int:
    """64 well-mixed bits of some integers (SplitMix64's finisher, chained)."""
    value = 0x243F6A8885A308D3
    for part in parts:
        value = (value ^ (part & _MASK64)) + 0x9E3779B97F4A7C15 & _MASK64
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 & _MASK64
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB & _MASK64
        value ^= value >> 31
    return value


def pick(options: Sequence[T], *parts: int) -> T:
    """One of `options`, always the same one for the same parts."""
    return options[mix(*parts) % len(options)]


def one_in(count: int, *parts: int) -> bool:
    """True for about one in `count` different parts."""
    return mix(*parts) % count == 0


def key_of(seed: int, label: str) -> int:
    """A number that a label (a vendor's id prefix, say) gets under this seed."""
    return int.from_bytes(blake2b(f"{seed}|{label}".encode(), digest_size=8).digest(), "big")


def hex_of(seed: int, label: str, digits: int = 32) -> str:
    """Hexadecimal digits for a constant thing: an account id, a key of the simulated account."""
    return blake2b(f"{seed}|{label}".encode(), digest_size=32).hexdigest()[:digits]


class HexIds:
    """32 hexadecimal digits for a serial number, and the serial number back from them.

    The first 8 digits are the serial number, scrambled; the other 24 are a hash that proves that
    the id was made here. So 200,000 sessions need no table of ids.
    """

    def __init__(self, seed: int, label: str) -> None:
        self._key = key_of(seed, label)
        self._mask = self._key & _MASK32

    def of(self, serial: int, part: int = 0) -> str:
        """The id of `serial`; `part` numbers the things that belong to it."""
        head = ((serial ^ self._mask) * _SPREAD) & _MASK32
        head ^= head >> 16
        return f"{head:08x}{mix(self._key, serial, part):016x}{mix(self._key, part, serial):016x}"[
            :32
        ]

    def serial(self, digits: str, part: int = 0) -> int | None:
        """The serial number in an id, or None when the id was not made by `of`."""
        try:
            head = int(digits[:8], 16)
        except ValueError:
            return None
        head ^= head >> 16
        serial = ((head * _GATHER) & _MASK32) ^ self._mask
        return serial if self.of(serial, part) == digits else None
