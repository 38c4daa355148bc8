"""The rows that were last on the queue, as they lie on the disk: what its columns show, and nothing else.

One line a thing, its fields between tabs. Standard library only, and nothing of it that costs time: this is read
before anything is imported. The file may have been changed by others: what is not as it should be is no cache, and
no text in it is believed to be clean.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final

NAME: Final = "last-rows"
SIZE_LIMIT: Final = 256 * 1024
MOST_ROWS: Final = 300
MAX_AGE: Final = 24 * 3600.0
"""Rows that were last heard of longer ago, in seconds, are not shown."""

_HEAD: Final = "sessiontop last rows 1"
_END: Final = "end"
_TEXT_LIMIT: Final = 256
_LOOK: Final = frozenset("0123456789;")
# The last second that this may be about: no calendar here goes on much longer.
_LATEST: Final = 4e9


class Row:
    """One session as the queue's columns show it. Times are seconds since 1970, None where there is none.

    `signs` are the state's sign in UTF-8 and in ASCII; `estimate` is the vendor's, as shown; `until` is the moment
    from which on the row is not shown any more.
    """

    __slots__ = (
        *("profile", "provider", "id", "status", "word", "subject", "customer", "agent"),
        *("signs", "short", "estimate"),
        *("created", "started", "ended", "updated", "until"),
    )
    profile: str
    provider: str
    id: str
    status: str
    word: str
    subject: str
    customer: str
    agent: str
    signs: str
    short: str
    estimate: str
    created: float | None
    started: float | None
    ended: float | None
    updated: float | None
    until: float | None


_TEXTS: Final = Row.__slots__[:11]
_TIMES: Final = Row.__slots__[11:]
_FIELDS: Final = 1 + len(Row.__slots__)


class LastKnown:
    """All that is kept. `seen` says when each profile was last heard of, `stamp` how its store was then, `terminal`
    which terminal the `looks` (SGR codes by name) are for. `rows` are in the order of the queue."""

    __slots__ = ("looks", "rows", "seen", "stamp", "terminal", "view")

    def __init__(self) -> None:
        self.stamp = self.terminal = self.view = ""
        self.looks: dict[str, str] = {}
        self.seen: dict[str, float] = {}
        self.rows: list[Row] = []


def printable(text: str, limit: int = _TEXT_LIMIT) -> str:
    """The text without anything that a terminal could obey: no control, no bidi, no invisible character."""
    text = text[:limit]
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else "?" for char in text)


def terminal_of(environ: Mapping[str, str]) -> str:
    """What decides which colours a terminal is sent."""
    names = ("TERM", "COLORTERM", "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_THEME", "NO_COLOR")
    return printable(" ".join(environ.get(name, "") for name in names))


def fresh(known: LastKnown, stamp: str, now: float) -> list[Row]:
    """The rows that may be shown at `now` (seconds since 1970), with the store as it is then."""
    if not stamp or known.stamp != stamp:
        return []  # a profile may have gone, or be another account now
    return [
        row
        for row in known.rows
        if row.until is not None
        and now < row.until
        and 0 <= now - known.seen.get(row.profile, -1.0) < MAX_AGE
    ]


# --- to the disk ---------------------------------------------------------------------------------------------


def pack(known: LastKnown) -> bytes:
    """As it lies on the disk; what has no place there is left out: rows with an id that is no plain text, and the
    last rows where it would become too large."""
    head = [
        _HEAD,
        f"stamp\t{known.stamp}",
        f"terminal\t{known.terminal}",
        f"view\t{known.view}",
        *(f"look\t{name}\t{codes}" for name, codes in known.looks.items()),
        *(f"seen\t{name}\t{at!r}" for name, at in known.seen.items() if name.isprintable()),
    ]
    lines = "\n".join(head).encode("utf-8", "replace")
    size = len(lines)
    packed = [lines]
    for row in known.rows[:MOST_ROWS]:
        if not (row.id and row.id.isprintable() and len(row.id) <= _TEXT_LIMIT):
            continue
        line = _packed(row).encode("utf-8", "replace")
        size += len(line) + 1
        if size > SIZE_LIMIT - 64:
            break
        packed.append(line)
    return b"\n".join([*packed, _END.encode(), b""])


def _packed(row: Row) -> str:
    texts = [printable(getattr(row, name)) for name in _TEXTS]
    times = [getattr(row, name) for name in _TIMES]
    return "\t".join(["row", *texts, *("" if at is None else repr(at) for at in times)])


# --- from the disk -------------------------------------------------------------------------------------------


def unpack(data: bytes) -> LastKnown | None:
    """What the file holds; None where it is not one of ours, or not whole. Never raises."""
    if len(data) > SIZE_LIMIT:
        return None
    try:
        text = data.decode("utf-8")
        lines = text.split("\n")
        # What is written has nothing else in it: one look at all of it is enough.
        if not text.replace("\n", "").replace("\t", "").isprintable():
            return None
        if lines[0] != _HEAD or lines[-2:] != [_END, ""]:
            return None
        known = LastKnown()
        for line in lines[1:-2]:
            _take(known, line.split("\t"))
    except ValueError:
        return None
    return known if len(known.rows) <= MOST_ROWS else None


def _take(known: LastKnown, fields: list[str]) -> None:
    """Takes one line in. Raises `ValueError` for one that nobody writes."""
    kind = fields[0]
    if kind == "row" and len(fields) == _FIELDS:
        known.rows.append(_row(fields))
    elif kind == "seen" and len(fields) == 3:
        known.seen[fields[1]] = _time(fields[2]) or 0.0
    elif kind == "look" and len(fields) == 3 and len(fields[2]) < 64:
        if not _LOOK.issuperset(fields[2]):
            raise ValueError
        known.looks[fields[1]] = fields[2]
    elif kind in ("stamp", "terminal", "view") and len(fields) == 2:
        setattr(known, kind, fields[1])
    else:
        raise ValueError


def _row(fields: list[str]) -> Row:
    row = Row()
    row.profile, row.provider, row.id, row.status, row.word = fields[1:6]
    row.subject, row.customer, row.agent, row.signs, row.short, row.estimate = fields[6:12]
    row.created, row.started, row.ended, row.updated, row.until = map(_time, fields[-5:])
    return row


def _time(text: str) -> float | None:
    if not text:
        return None
    at = float(text)
    if not 0.0 <= at < _LATEST:  # which no NaN is
        raise ValueError
    return at
