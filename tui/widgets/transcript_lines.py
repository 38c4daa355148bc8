"""A transcript laid out in lines of a given width: who said what when, wrapped by cells.

Only entries that are new or come after a change are laid out again; the rest is kept until the width changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo
from typing import Final, NamedTuple

from tui.model.lazy_dataclass import dataclass
from tui.model.transcript import Entry, EntryKind, Role
from tui.widgets.cells import cut, fit, steady, width, wrap
from tui.widgets.frame_view import Run
from tui.widgets.glyphs import Glyphs

_TIME_CELLS: Final = 8
_ROLE_CELLS: Final = max(len(role) for role in Role)
_NAMES_FROM, _WORDS_FROM, _TIMES_FROM = (
    70,
    44,
    32,
)  # narrower views lose names, then roles, then times
_MOST_NAME, _MOST_BODY, _LEAST_BODY = 28, 120, 4
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EVENTS: Final = frozenset({EntryKind.JOIN, EntryKind.LEAVE, EntryKind.STATE})


class BodyLine(NamedTuple):
    """One line of an entry's text: the entry's number, and where the line starts and ends in its body.

    `entry` is the number of the entry below for a line that names the day, and `day` is set.
    """

    entry: int
    start: int
    end: int
    first: bool = False
    last: bool = False
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """Where things stand on a line of `width` cells: the text starts at `indent` and is `body` cells wide."""

    width: int
    name: int
    words: bool
    times: bool

    @property
    def indent(self) -> int:
        """Cells before the text."""
        cells = 3  # a blank, the role's glyph, a blank
        cells += _TIME_CELLS + 2 if self.times else 0
        cells += _ROLE_CELLS + 1 if self.words else 0
        return cells + (self.name + 2 if self.words and self.name else 0)

    @property
    def body(self) -> int:
        """Cells of the text."""
        return max(_LEAST_BODY, min(_MOST_BODY, self.width - self.indent - 1))


def shape_for(total: int, names: int) -> Shape:
    """The shape for a view of `total` cells in which the longest name takes `names`."""
    name = min(names, _MOST_NAME, total // 6) if total >= _NAMES_FROM else 0
    return Shape(total, name, total >= _WORDS_FROM, total >= _TIMES_FROM)


def body_text(entry: Entry) -> str:
    """An entry's own words, steady, with line breaks only where paragraphs end. A call without any says so."""
    text = "\n".join(steady(part).rstrip() for part in entry.text.split("\n"))
    if entry.kind in _EVENTS:
        text = " ".join(text.split())
    if entry.kind is EntryKind.CALL and not text.strip():
        text = "call"
    return text


class Layout:
    """The lines of all entries at one shape. `bodies` are the texts that the lines cut pieces of."""

    def __init__(self, zone: tzinfo, signs: Glyphs) -> None:
        self._zone = zone
        self._signs = signs
        self.shape = shape_for(80, 0)
        self.entries: tuple[Entry, ...] = ()
        self.bodies: list[str] = []
        self.lines: list[BodyLine] = []
        self.starts: list[
            int
        ] = []  # the number of each entry's first line (of its text, not of a day)
        self._days: list[date | None] = []  # the day that each entry left off at
        self._names = 0

    def lay(self, entries: tuple[Entry, ...], total: int) -> None:
        """Lays the entries out for `total` cells; what is as it was before is kept."""
        kept = self._shared(entries)
        self._names = max((width(steady(entry.author)) for entry in entries), default=0)
        shape = shape_for(total, self._names)
        self.entries = entries
        del self.bodies[kept:]
        self.bodies.extend(body_text(entry) for entry in entries[kept:])
        self._cut_back(kept if shape == self.shape else 0)
        self.shape = shape
        for number in range(len(self.starts), len(entries)):
            self._add(number)

    def _shared(self, entries: Sequence[Entry]) -> int:
        shared = min(len(self.entries), len(entries))
        return next((i for i in range(shared) if self.entries[i] != entries[i]), shared)

    def _cut_back(self, entries: int) -> None:
        if entries < len(self.starts):
            first = self.starts[entries]
            while first and self.lines[first - 1].day is not None:
                first -= 1
            del self.lines[first:]
            del self.starts[entries:]
            del self._days[entries:]

    def _add(self, number: int) -> None:
        entry = self.entries[number]
        before = self._days[-1] if self._days else None
        day = before if entry.at is None else entry.at.astimezone(self._zone).date()
        if day is not None and day != before:
            self.lines.append(BodyLine(number, 0, 0, day=day))
        self._days.append(day)
        self.starts.append(len(self.lines))
        self.lines.extend(self._body_lines(number, entry))

    def _body_lines(self, number: int, entry: Entry) -> list[BodyLine]:
        body = self.bodies[number]
        if entry.kind in _EVENTS:
            return [BodyLine(number, 0, len(body), first=True, last=True)]
        pieces: list[tuple[int, int]] = []
        offset = 0
        for paragraph in body.split("\n"):
            pieces += [(offset + s, offset + e) for s, e in wrap(paragraph, self.shape.body)]
            offset += len(paragraph) + 1
        start, end = pieces[-1]
        if width(body[start:end]) + width(self._note(entry)) > self.shape.body:
            pieces.append((end, end))  # a line for the note alone
        final = len(pieces) - 1
        return [BodyLine(number, s, e, i == 0, i == final) for i, (s, e) in enumerate(pieces)]

    def number_of(self, entry: Entry, before: int) -> int:
        """Where an entry is now that was number `before`; the nearest number when it is there no more."""
        entries = self.entries
        if before < len(entries) and entries[before] == entry:
            return before
        return entries.index(entry) if entry in entries else min(before, len(entries) - 1)

    # --- drawing ----------------------------------------------------------------------------------------

    def before_text(self, line: BodyLine) -> list[Run]:
        """What stands before a line's text: time, role and author on an entry's first line, else blanks."""
        if not line.first:
            return [Run(" " * self.shape.indent)]
        entry, shape, signs = self.entries[line.entry], self.shape, self._signs
        quiet = entry.kind in _EVENTS
        role = "event" if quiet else entry.role.value
        runs = [Run(" ")]
        if shape.times:
            runs.append(Run(self._time(entry).ljust(_TIME_CELLS + 2), "time"))
        runs.append(Run(self._glyph(entry) + " ", role))
        if shape.words:
            runs.append(Run(entry.role.value.ljust(_ROLE_CELLS + 1), role))
            if shape.name:
                name = fit(entry.author, shape.name, ellipsis=signs.ellipsis)
                runs.append(Run(name + "  ", "event" if quiet else "author"))
        return runs

    def day_line(self, day: date) -> tuple[Run, ...]:
        """A rule across the view that names the day."""
        rule = self._signs.rule
        text = f" {rule}{rule} {_DAYS[day.weekday()]} {day.isoformat()} "
        text = cut(text, self.shape.width - 1, ellipsis=self._signs.ellipsis)
        return (Run(text + rule * (self.shape.width - 1 - width(text)) + " ", "day"),)

    def is_event(self, line: BodyLine) -> bool:
        """Whether the line is one of those that only say what happened."""
        return self.entries[line.entry].kind in _EVENTS

    def note(self, line: BodyLine) -> str:
        """The vendor's word for a message's or a call's delivery, after the entry's last line."""
        return self._note(self.entries[line.entry]) if line.last else ""

    def _note(self, entry: Entry) -> str:
        if not entry.status:
            return ""
        return "  " + cut(steady(entry.status), self.shape.body - 2, ellipsis=self._signs.ellipsis)

    def _time(self, entry: Entry) -> str:
        return "-" if entry.at is None else entry.at.astimezone(self._zone).strftime("%H:%M:%S")

    def _glyph(self, entry: Entry) -> str:
        signs = self._signs
        by_kind = {
            EntryKind.CALL: signs.call,
            EntryKind.JOIN: signs.join,
            EntryKind.LEAVE: signs.leave,
        }
        by_role = {
            Role.CUSTOMER: signs.customer,
            Role.AGENT: signs.agent,
            Role.SYSTEM: signs.system,
        }
        sign = by_kind.get(entry.kind)
        return sign if sign is not None else by_role[entry.role]
