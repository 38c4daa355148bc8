"""Copying through the terminal: OSC 52, the one way that reaches the operator's own machine through SSH.

The terminal never answers, so success is not known: say "sent to the terminal", never "copied", and show the
text on screen as well. Only a key of the user's leads here.

Sources: XTerm Control Sequences, "Operating System Commands", Ps = 52; tmux(1), `set-clipboard`,
`allow-passthrough` and "ESC P tmux;"; screen(1), device control strings.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Final

LIMIT_BYTES: Final = 74_000
"""UTF-8 bytes; as base64 and with its frame that stays below the 100,000 bytes at which terminals cut off."""
_SCREEN_CHUNK: Final = 254  # GNU screen drops longer device control strings


def send(text: str, write: Callable[[str], None], environ: Mapping[str, str]) -> bool:
    """Hands `text` to the terminal's clipboard through `write` (the driver's). True: sent, which is all we know.

    False, and nothing is written, for what could only arrive altered: text over `LIMIT_BYTES` and lone
    surrogates. Empty text is not sent either: to many terminals it means "clear".
    """
    sequence = osc52(text)
    if sequence is None:
        return False
    write(wrapped(sequence, environ))
    return True


def osc52(text: str) -> str | None:
    """The bare sequence, or None where `send` says False."""
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        return None
    if not data or len(data) > LIMIT_BYTES:
        return None
    return f"\x1b]52;c;{base64.b64encode(data).decode('ascii')}\x07"


def wrapped(sequence: str, environ: Mapping[str, str]) -> str:
    """The sequence as a multiplexer lets it through.

    tmux takes it as it is with `set-clipboard on`, which is not its default ("external" ignores programs), and
    wrapped in its passthrough with `allow-passthrough on` or before 3.3: so it gets both, and ignores at least
    one; the same text twice is the same clipboard. GNU screen knows only the passthrough, in short pieces.
    """
    if environ.get("TMUX"):
        return sequence + "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environ.get("STY"):
        pieces = (
            sequence[start : start + _SCREEN_CHUNK]
            for start in range(0, len(sequence), _SCREEN_CHUNK)
        )
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence
