"""Rows that do not keep to the schema, for `--play rows=odd`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tui.simulator.kinds import Session, State

# As the value of a patch: the field is not there at all.
GONE = object()
Row = dict[str, object]


def patched(row: Row, serial: int, patches: Sequence[Mapping[str, object]]) -> Row:
    """The row with one of the patches, when the session is one of the odd (every fifth)."""
    if serial % 5 != 2:
        return row
    changed = row | dict(patches[serial // 5 % len(patches)])
    return {name: value for name, value in changed.items() if value is not GONE}


def nameless(sessions: Iterable[Session]) -> int | None:
    """The one session whose row comes without an id: the one that ended last, if any."""
    ended = [one for one in sessions if one.state is State.ENDED and one.ended is not None]
    return max(ended, key=lambda one: (one.ended or 0, one.serial)).serial if ended else None
