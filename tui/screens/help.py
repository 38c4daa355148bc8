"""Help: the keys of the screen below, made from its bindings, with the reason where one cannot act now."""

from __future__ import annotations

from typing import ClassVar

from textual.actions import parse
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen

from tui.model.status import Status
from tui.model.text import line
from tui.screens.base import DeskScreen
from tui.screens.desk import Desk
from tui.widgets.key_bar import shown_key
from tui.widgets.line_list import Line, LineList, Part
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar

Row = tuple[str, str, str | None]


def key_rows(screen: Screen[object]) -> list[Row]:
    """(keys, what they do, why not now) of everything that a screen reacts to, in declared order."""
    rows: dict[tuple[int, str], tuple[list[str], str, str | None]] = {}
    for node, binding, enabled, _tooltip in screen.active_bindings.values():
        if not binding.description or binding.system:
            continue
        known = rows.get((id(node), binding.action))
        if known is not None:
            known[0].append(shown_key(binding))
            continue
        reason = None if enabled else _reason(node, binding)
        rows[id(node), binding.action] = ([shown_key(binding)], binding.description, reason)
    return [(" ".join(dict.fromkeys(keys)), text, reason) for keys, text, reason in rows.values()]


def _reason(node: DOMNode, binding: Binding) -> str:
    _namespace, action, parameters = parse(binding.action)
    why = node.why_not(action, parameters) if isinstance(node, DeskScreen) else None
    return why or "not now"


class HelpScreen(DeskScreen):
    """`?`, from anywhere."""

    DEFAULT_CSS = "HelpScreen LineList { padding: 1 2; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark", "leave", "back", key_display="Esc", id="help.back"),
    ]

    def __init__(self, desk: Desk, below: Screen[object]) -> None:
        super().__init__(desk)
        # Taken now: when this screen is on top, the bindings of the one below are not active any more.
        self._rows = key_rows(below)
        self._title = below.trail if isinstance(below, DeskScreen) else line("sessiontop")

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        yield LineList(id="help")

    def catch_up(self) -> None:
        self.query_one(TitleBar).show_trail(line("help"), self._title)
        self.query_one(LineList).show(self._lines())
        self.query_one(StatusLine).rest([Part(line("j k scroll, Esc goes back"), "muted")])

    def _lines(self) -> list[Line]:
        wide = max((len(keys) for keys, _, _ in self._rows), default=0)
        lines: list[Line] = [(Part(line("Keys"), "title"),)]
        for keys, text, reason in self._rows:
            row = [
                Part(line(f"{keys:<{wide}}  "), "off" if reason else "key"),
                Part(line(text), "off" if reason else ""),
            ]
            if reason:
                row.append(Part(line(f"  ({reason})"), "muted"))
            lines.append(tuple(row))
        return [*lines, (), *self._signs()]

    def _signs(self) -> list[Line]:
        lines: list[Line] = [(Part(line("Signs"), "title"),)]
        for status in Status:
            glyph = status.glyph(ascii_only=self.desk.ascii_only)
            lines.append((Part(line(f"{glyph}  "), "key"), Part(line(_MEANINGS[status]))))
        return lines


_MEANINGS = {
    Status.WAITING: "waiting: the customer waits, or is waited for",
    Status.NOT_STARTED: "not-started: created, nobody is there yet",
    Status.ACTIVE: "active: both sides are there",
    Status.UNKNOWN: "a state that sessiontop does not know: the vendor's own word is shown; never counted as ended",
    Status.ENDED: "ended: over, after both sides were there",
    Status.ABANDONED: "abandoned: over, and nobody came",
    Status.FAILED: "failed: the vendor says that it failed",
}
