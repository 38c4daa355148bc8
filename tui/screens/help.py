"""Help: the keys of the screen below, made from its bindings, with the reason where one cannot act now."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual import events
from textual.actions import parse
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen

from tui.model.status import Status
from tui.model.text import line
from tui.screens import keys
from tui.screens.base import DeskScreen
from tui.screens.desk import Desk
from tui.widgets.key_bar import shown_key
from tui.widgets.line_list import Line, LineList, Part, wrapped
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar

_SECTIONS = {"app": "Everywhere", "table": "Moving", "lines": "Moving", "view": "Moving"}
_ORDER = ("Here", "Moving", "Everywhere")


class Row(NamedTuple):
    """One key of the help: what is pressed, what it does, and why it cannot act now."""

    section: str
    keys: str
    text: str
    why_not: str | None


def key_rows(screen: Screen[object]) -> list[Row]:
    """Every key of ours that a screen reacts to, by section. The framework's own have no id of ours."""
    rows: dict[str, Row] = {}
    for node, binding, enabled, tooltip in screen.active_bindings.values():
        if binding.action == "command_palette":
            rows["palette"] = Row(
                "Everywhere", shown_key(binding), "the palette: every command by its name", None
            )
        if not binding.id or not binding.description or binding.system:
            continue
        known = rows.get(binding.id)
        pressed = shown_key(binding)
        if known is not None:
            if pressed not in known.keys.split():
                rows[binding.id] = known._replace(keys=f"{known.keys} {pressed}")
            continue
        text = tooltip or binding.description
        reason = None if enabled else _reason(node, binding)
        rows[binding.id] = Row(_section(binding.id), pressed, text, reason)
    return sorted(rows.values(), key=lambda row: _ORDER.index(row.section))


def _section(id: str) -> str:
    """Where a key stands in the help; opening the selected row is no way of moving."""
    return "Here" if id == "table.open" else _SECTIONS.get(id.split(".")[0], "Here")


def _reason(node: DOMNode, binding: Binding) -> str:
    _namespace, action, parameters = parse(binding.action)
    why = node.why_not(action, parameters) if isinstance(node, DeskScreen) else None
    return why or "not now"


class HelpScreen(DeskScreen):
    """`?`, from anywhere."""

    NAME = "help"

    DEFAULT_CSS = "HelpScreen LineList { padding: 1 2; }"
    BINDINGS: ClassVar[list[BindingType]] = keys.HELP

    def __init__(self, desk: Desk, below: Screen[object]) -> None:
        super().__init__(desk)
        # Taken now: when this screen is on top, the bindings of the one below are not active any more.
        self._rows = key_rows(below)
        self._title = line(below.NAME if isinstance(below, DeskScreen) else "sessiontop")

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        yield LineList(id="help")

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self.catch_up)

    def catch_up(self) -> None:
        self.query_one(TitleBar).show_trail(line("help"), self._title)
        self.query_one(LineList).show(self._lines())
        self.query_one(StatusLine).rest([Part(line("j k scroll, Esc goes back"), "muted")])

    def _lines(self) -> list[Line]:
        keys = max((len(row.keys) for row in self._rows), default=0)
        width = self.query_one(LineList).room
        lines: list[Line] = []
        section = None
        for row in self._rows:
            if row.section != section:
                section = row.section
                lines += [*([()] if lines else []), (Part(line(section), "title"),)]
            lines += _key_lines(row, keys, width)
        return [*lines, (), *self._signs()]

    def _signs(self) -> list[Line]:
        width = self.query_one(LineList).room
        lines: list[Line] = [(Part(line("Signs"), "title"),)]
        for status in Status:
            glyph = status.glyph(ascii_only=self.desk.ascii_only)
            lines += wrapped(
                [Part(line(f"{glyph}  "), "key")], Part(line(_MEANINGS[status])), width
            )
        return lines


def _key_lines(row: Row, keys: int, width: int) -> list[Line]:
    look = "off" if row.why_not else "key"
    text = f"{row.text} ({row.why_not})" if row.why_not else row.text
    return wrapped(
        [Part(line(f"{row.keys:<{keys}}  "), look)],
        Part(line(text), "off" if row.why_not else ""),
        width,
    )


_MEANINGS = {
    Status.WAITING: "waiting: the customer waits, or is waited for",
    Status.NOT_STARTED: "not-started: created, nobody is there yet",
    Status.ACTIVE: "active: both sides are there",
    Status.UNKNOWN: "a state that sessiontop does not know: the vendor's own word is shown; never counted as ended",
    Status.ENDED: "ended: over, after both sides were there",
    Status.ABANDONED: "abandoned: over, and nobody came",
    Status.FAILED: "failed: the vendor says that it failed",
}
