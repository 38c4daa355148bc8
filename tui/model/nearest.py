"""What somebody meant who mistyped a name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def meant(given: str, known: Iterable[str]) -> str:
    """`; did you mean "auth_token"?`, or the whole choice when nothing comes near."""
    names = sorted(known)
    folded = {name.lower(): name for name in names}
    close = get_close_matches(given.lower(), folded, n=1, cutoff=0.5)
    if close:
        return f'; did you mean "{folded[close[0]]}"?'
    return f" (there is: {', '.join(names)})" if names else ""
