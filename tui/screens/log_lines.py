"""The lines of the event log: a request, or what came of a write; and what a filter finds in them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tui.live.log import Entry, Outcome, Wrote
from tui.model.lazy_dataclass import dataclass
from tui.model.text import Clean, line
from tui.net.exchange import Exchange
from tui.screens.outcomes import LOOKS
from tui.widgets.cells import fit
from tui.widgets.line_list import Line, Part, wrapped

_LONGEST = max(map(len, Outcome))


@dataclass(frozen=True, slots=True)
class Shape:
    """The widths of the columns, in cells; a narrow terminal does without the sizes."""

    profile: int
    operation: int
    sizes: bool

    def heading(self) -> Clean:
        """The titles."""
        size = f" {'SIZE':>8}" if self.sizes else ""
        text = f"{'TIME':<8}  {'PROFILE':<{self.profile}}  {'OPERATION':<{self.operation}}  "
        return line(f"{text}{'HTTP':>4} {'TOOK':>10}{size}  OUTCOME")


def shape(entries: Sequence[Entry], width: int) -> Shape:
    """The columns for these entries in so many cells."""
    profile = max((len(entry.profile) for entry in entries), default=7)
    operation = max((len(_operation(entry)) for entry in entries), default=9)
    wide = width >= 100
    return Shape(
        min(max(profile, 7), 20 if wide else 10), min(max(operation, 9), 26 if wide else 16), wide
    )


def entry_lines(
    entry: Entry, columns: Shape, width: int, local: Callable[[datetime], datetime]
) -> list[Line]:
    """One entry, wrapped. `local` gives the operator's wall clock."""
    operation = fit(line(_operation(entry)), columns.operation)
    marked = " W" if isinstance(entry, Wrote) or entry.writes else "  "
    before = [
        Part(line(f"{local(entry.at):%H:%M:%S}  "), "muted"),
        Part(line(fit(line(entry.profile), columns.profile) + "  ")),
        Part(line(operation + marked), "strong"),
    ]
    if isinstance(entry, Wrote):
        return wrapped([*before, *_wrote(entry)], *_outcome(entry), width)
    return wrapped([*before, *_request(entry, columns)], *_ended(entry), width)


def _operation(entry: Entry) -> str:
    return f"write: {entry.what}" if isinstance(entry, Wrote) else entry.operation


def _request(exchange: Exchange, columns: Shape) -> list[Part]:
    status = "-" if exchange.status is None else str(exchange.status)
    size = f" {_size(exchange.received):>8}" if columns.sizes else ""
    return [
        Part(line(f"{status:>4} "), _look(exchange)),
        Part(line(f"{exchange.milliseconds:>7.0f} ms{size}  "), "muted"),
    ]


def _ended(exchange: Exchange) -> tuple[Part]:
    again = f" (attempt {exchange.attempt})" if exchange.attempt > 1 else ""
    return (Part(line(f"{exchange.outcome}{again}", 400), _look(exchange)),)


def _wrote(wrote: Wrote) -> list[Part]:
    """The outcome stands where a request has its status."""
    return [Part(line(f" {wrote.outcome.value:<{_LONGEST}}  "), LOOKS[wrote.outcome])]


def _outcome(wrote: Wrote) -> tuple[Part]:
    told = "; ".join(part for part in (wrote.ref, wrote.words) if part)
    return (Part(line(told, 500), "" if wrote.outcome.good else LOOKS[wrote.outcome]),)


def _look(exchange: Exchange) -> str:
    if exchange.status is None or exchange.status >= 500:
        return "bad"
    return "good" if exchange.status < 400 else "warning"


def _size(count: int) -> str:
    return f"{count} B" if count < 10_000 else f"{count / 1000:.0f} kB"


# --- the filter --------------------------------------------------------------------------------------------


def matches(entry: Entry, wanted: Clean) -> bool:
    """Whether every word of the filter holds: a piece of the profile, operation, status, outcome or session's id, and
    `write` for all that writes; `profile:`, `operation:`, `status:`, `outcome:` look there alone, `!` turns a word
    round."""
    fields = _searched(entry)
    return all(_holds(word, fields) for word in wanted.casefold().split())


def _searched(entry: Entry) -> dict[str, str]:
    if isinstance(entry, Wrote):
        status, kind = "", "write"
        outcome = f"{entry.outcome.value} {entry.words} {entry.ref}"
    else:
        status = "-" if entry.status is None else str(entry.status)
        kind = "write" if entry.writes else "read"
        outcome = entry.outcome
    found = {
        "profile": entry.profile,
        "operation": _operation(entry),
        "status": status,
        "outcome": outcome,
        "kind": kind,
    }
    return {name: text.casefold() for name, text in found.items()}


def _holds(word: str, fields: dict[str, str]) -> bool:
    if word.startswith("!") and len(word) > 1:
        return not _holds(word[1:], fields)
    name, colon, rest = word.partition(":")
    if colon and name in fields:
        return rest in fields[name]
    return any(word in text for text in fields.values())
