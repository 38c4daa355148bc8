"""The first frame as text: what the queue will look like, as far as it is known before the program is imported.

Standard library only, nothing that costs. Every piece of text stands at a column of its own, so that one which a
terminal draws wider than we count moves nothing else, and none of it can be obeyed by a terminal.
"""

from __future__ import annotations

from tui.model.age import coarse
from tui.model.last_known import printable
from tui.terminal.places import GUTTER, PLACES, shared_out

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Final

    from tui.model.last_known import Row
    from tui.terminal.first_facts import Facts

    Part = tuple[str, str]
    """A text, and the name of its look."""
    Piece = tuple[int, str, str]
    """A column, a text, and the name of its look."""
    Line = tuple[str, list[Piece]]
    """The look of the whole line, and what stands on it."""

_FIRST_COMBINING: Final = "\u0300"
_MARKS_PER_BASE: Final = 4
_COMBINING: Final = frozenset(("Mn", "Me"))

LOOKS: Final[Mapping[str, str]] = {
    "ground": "",
    "title": "",
    "title-accent": "1",
    "title-muted": "",
    "title-strong": "1",
    "title-warning": "1",
    "health": "",
    "health-muted": "",
    "header": "1",
    "order": "1",
    "stale": "2",
    "asking": "",
    "cursor": "7",
    "status": "",
    "status-muted": "",
    "keys": "",
}
"""The looks by name, and how each is without the user's colours: while they are not known, and with NO_COLOR."""


def compose(
    facts: Facts, looks: Mapping[str, str], size: tuple[int, int], now: float, *, ascii_only: bool
) -> str:
    """The whole frame for a blank screen of these columns and rows. `looks` are SGR codes by name."""
    frame = _Frame(facts, size, now, ascii_only)
    lines = [frame.title(), frame.health(), frame.header(), *(frame.rows() or frame.asking())]
    blank: Line = ("ground", [])
    lines += [blank] * (size[1] - 2 - len(lines))
    lines += [frame.status(), ("keys", [])]
    return "".join(_written(y, line, {**LOOKS, **looks}) for y, line in enumerate(lines))


def _written(y: int, line: Line, looks: Mapping[str, str]) -> str:
    ground, pieces = line
    look = looks[ground]
    text = f"\x1b[{y + 1};1H\x1b[0;{look}m\x1b[K"
    for x, words, name in pieces:
        if looks[name] != look:
            look = looks[name]
            text += f"\x1b[0;{look}m"
        text += f"\x1b[{x + 1}G{words if words.isprintable() else printable(words)}"
    return text


def cut(text: str, width: int, ellipsis: str) -> tuple[str, int]:
    """As much of a text as fits, and the cells that it takes; what goes on ends in an ellipsis."""
    if text.isascii() or max(text) < _FIRST_COMBINING:
        if len(text) > width:
            text = text[: max(0, width - 1)] + ellipsis
        return text, len(text)
    text = text[: 8 * width + 8]
    from unicodedata import category, east_asian_width

    taken, used, marks = "", 0, 0
    for char in text:
        if category(char) in _COMBINING:
            marks += 1
            taken += char if taken and marks <= _MARKS_PER_BASE else ""
            continue
        marks = 0
        cells = 2 if east_asian_width(char) in "WF" else 1
        if used + cells > width:
            return _shorter(taken, used, width, ellipsis)
        taken, used = taken + char, used + cells
    return taken, used


def _shorter(text: str, used: int, width: int, ellipsis: str) -> tuple[str, int]:
    from unicodedata import category, east_asian_width

    while text and used >= width:
        char, text = text[-1], text[:-1]
        if category(char) not in _COMBINING:
            used -= 2 if east_asian_width(char) in "WF" else 1
    return text + ellipsis, used + 1


class _Frame:
    def __init__(self, facts: Facts, size: tuple[int, int], now: float, ascii_only: bool) -> None:
        self.facts, self.now, self.ascii = facts, now, ascii_only
        self.width, self.height = size
        self.ellipsis = "~" if ascii_only else "…"
        self.order = "ended" if facts.view == "ended" else "wait"
        providers = [provider for _, provider in facts.profiles]
        # One cell is kept free for the list's scrollbar.
        needed = len(set(providers)) < len(providers)
        self.columns = shared_out(PLACES, self.width - 1, profiles=needed)

    # --- the bars -------------------------------------------------------------------------------------------

    def title(self) -> Line:
        facts = self.facts
        many = len(facts.profiles)
        left = [("sessiontop", "title-accent")]
        left += [("  ", "title"), (f"{many} profile{'' if many == 1 else 's'}", "title-muted")]
        if facts.rows:
            age = coarse(self.now - facts.seen, calm=facts.calm)
            left += [("  ", "title"), (f"as of {age} ago", "title-warning")]
        right = [("read-only", "title-muted"), ("  ", "title")] if facts.read_only else []
        right += [("view: ", "title-muted"), (facts.view, "title-strong")]
        return "title", self._bar(left, right, "title")

    def health(self) -> Line:
        mark = "." if self.ascii else "◌"
        parts: list[Part] = []
        for name, _ in self.facts.profiles:
            gap = "  " if parts else ""
            parts += [(gap + mark, "health-muted"), (f" {name}", "health")]
            parts.append((" connecting", "health-muted"))
        if sum(cut(text, 999, "")[1] for text, _ in parts) > self.width - 2:
            well = [("*" if self.ascii else "●", "health-muted"), (" 0 ok  ", "health")]
            parts = [*well, *parts]
        return "health", self._bar(parts, [], "health")

    def status(self) -> Line:
        many = len(self.facts.rows)
        left = [(f"{many} session{'' if many == 1 else 's'}", "status-muted")]
        sign = "v" if self.ascii else "▾"
        return "status", self._bar(left, [(f"by {self.order} {sign}", "status-muted")], "status")

    def _bar(self, left: Iterable[Part], right: Sequence[Part], ground: str) -> list[Piece]:
        """As `widgets.bar.Bar` lays them out: what is on the left gives way."""
        width = self.width - 2
        start = width - sum(len(text) for text, _ in right)
        if start < 0:
            start, right = width, []
        room = max(0, start - 1)
        pieces: list[Piece] = []
        x = 0
        for text, look in left:
            shown, cells = cut(text, max(0, room - 1 - x), "")
            if len(shown) < len(text) and x + cut(text, 999, "")[1] > room:
                pieces += [(1 + x, shown, look), (1 + x + cells, "…", ground)]
                break
            shown, cells = cut(text, room - x, "")
            pieces.append((1 + x, shown, look))
            x += cells
        for text, look in right:
            pieces.append((1 + start, text, look))
            start += len(text)
        return pieces

    # --- the list -------------------------------------------------------------------------------------------

    def header(self) -> Line:
        pieces: list[Piece] = []
        x = GUTTER
        for number, cells, after in self.columns:
            place = PLACES[number]
            title, look = place.title, "header"
            if place.id == self.order:
                title, look = title[: cells - 1] + ("v" if self.ascii else "▾"), "order"
            pieces.append(self._placed(x, cells, title, look, right=place.right))
            x += cells + after
        return "ground", pieces

    def rows(self) -> list[Line]:
        shown = self.facts.rows[: max(0, self.height - 5)]
        return [self._row(row, selected=not number) for number, row in enumerate(shown)]

    def asking(self) -> list[Line]:
        """What an empty list says meanwhile, in the middle of it."""
        names = [name for name, _ in self.facts.profiles[:4]]
        text, cells = cut(f"Asking {', '.join(names)} for sessions.", self.width - 8, "")
        blank: Line = ("ground", [])
        middle: Line = ("ground", [((self.width - cells) // 2, text, "asking")])
        return [*[blank] * ((self.height - 6) // 2), middle]

    def _row(self, row: Row, *, selected: bool) -> Line:
        look = "cursor" if selected and not self.facts.calm else "stale"
        pieces: list[Piece] = []
        if selected:
            # The whole line, but for the scrollbar's cell; or a mark where bytes count.
            mark = ">" if self.ascii else "▸"
            pieces.append((0, mark if self.facts.calm else " " * (self.width - 1), look))
        texts = self._texts(row)
        x = GUTTER
        for number, cells, after in self.columns:
            text = texts[number] or "-"
            pieces.append(self._placed(x, cells, text, look, right=PLACES[number].right))
            x += cells + after
        return "ground", pieces

    def _placed(self, x: int, cells: int, text: str, look: str, *, right: bool) -> Piece:
        shown, used = cut(text, cells, self.ellipsis)
        return (x + cells - used if right else x, shown, look)

    def _texts(self, row: Row) -> Sequence[str]:
        """The cells in the order of `PLACES`; an empty one says nothing."""
        began = row.created or row.started
        age = "" if began is None else self._since(began)
        waits = row.status in ("waiting", "not-started")
        word = row.word if row.status == "unknown" else ""
        return (
            (row.estimate if began is None else age) if waits else "",
            f"{row.signs[1:2] if self.ascii else row.signs[:1]} {word or row.status}",
            row.short,
            row.profile,
            row.customer,
            row.subject,
            row.agent,
            age,
        )

    def _since(self, at: float) -> str:
        return coarse(max(0.0, self.now - at), calm=self.facts.calm)
