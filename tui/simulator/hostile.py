"""Text that attacks a terminal or a markup parser, for `--play text=hostile`."""

from __future__ import annotations

from collections.abc import Callable

# Each takes the text that would have stood there, so that a row can still be recognised.
_SPOILERS: tuple[Callable[[str], str], ...] = (
    lambda text: f"[/]{text}[/bold]",
    lambda text: f"[@click=app.quit]{text}[/]",
    lambda text: f"\x1b[2J\x1b[31m{text}",
    lambda text: f"\x1b]52;c;aGFja2Vk\x07{text}",
    lambda text: f"\x1b]0;owned\x1b\\{text}",
    lambda text: f"\x9b31m\x90q\x9c{text}\x85",
    lambda text: f"\u202e{text}\u2066\u200f",
    lambda text: f"{text} " + "very-long-name-" * 40,
    lambda text: f"[link='http://evil.invalid']{text}[/link]",
    lambda text: f"{text}\r\x08\x08\x00\x7f\t\n\x0b{text}",
    lambda text: f"{text}\u200b\u200d\ufeff\u00ad\u3164",
    lambda text: "e" + "\u0301" * 40 + text,
    lambda text: f"[a='b {text} :smile: [/",
    lambda text: f"{text}\ue000\ud800",
    lambda text: f"=HYPERLINK(\"http://evil.invalid\",\"{text}\")",
    lambda text: f"\U000e0041\U000e0042{text}\u2028\u2029",
)  # fmt: skip


def is_hostile(serial: int) -> bool:
    """Which sessions carry hostile text: every third."""
    return serial % 3 == 0


def spoil(text: str, serial: int, slot: int = 0) -> str:
    """`text` with two hostile things; other ones for every session and slot."""
    first = (serial // 3 + slot) % len(_SPOILERS)
    return _SPOILERS[first](_SPOILERS[first - 7](text))
