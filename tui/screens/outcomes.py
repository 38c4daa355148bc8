"""What came of several writes, one line each, while it comes."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from tui.live.log import Outcome
from tui.model.text import Clean, line, shown
from tui.screens import keys
from tui.screens.base import DeskScreen
from tui.screens.desk import Desk, News
from tui.screens.writes import Round, Write
from tui.widgets.cells import fit
from tui.widgets.line_list import Line, LineList, Part, wrapped
from tui.widgets.status_line import StatusLine
from tui.widgets.title_bar import TitleBar

LOOKS = {
    Outcome.DONE: "good",
    Outcome.ALREADY: "good",
    Outcome.FOUND: "good",
    Outcome.REFUSED: "bad",
    Outcome.NOT_SENT: "warning",
    Outcome.UNKNOWN: "warning",
    Outcome.NOT_DONE: "warning",
}
_OUTCOME_CELLS = max(len(outcome) for outcome in Outcome) + 2


class OutcomesScreen(DeskScreen):
    """Opens when several were agreed to. Leaving it stops nothing; the event log keeps every outcome."""

    NAME = "outcomes"
    DEFAULT_CSS = "OutcomesScreen LineList { padding: 1 2; }"
    BINDINGS: ClassVar[list[BindingType]] = keys.OUTCOMES

    def __init__(self, desk: Desk, round: Round) -> None:
        super().__init__(desk)
        self._round = round

    def body(self) -> ComposeResult:
        yield TitleBar(id="title")
        yield LineList(id="outcomes")

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self.catch_up)

    def receive(self, news: News) -> None:
        self.catch_up()

    def catch_up(self) -> None:
        desk, held = self.desk, self._round
        self.query_one(TitleBar).show_trail(
            line("outcomes"),
            line(f"{held.plan.title}, {len(held.writes)} sessions"),
            paused=desk.paused,
            read_only=desk.read_only,
        )
        told = self.query_one(LineList)
        told.show([row for write in held.writes for row in self._lines(write, told.room)])
        self._show_status()

    def _show_status(self) -> None:
        held = self._round
        counts = held.counts()
        left = [
            Part(line(f"{counts[outcome]} {outcome.value}  "), LOOKS[outcome])
            for outcome in Outcome
            if outcome in counts
        ]
        on_the_way = len(held.writes) - sum(counts.values())
        if on_the_way:
            left.append(Part(line(f"{on_the_way} on the way"), "muted"))
        note = "leaving stops none of them" if on_the_way else "L keeps them all"
        self.query_one(StatusLine).rest(left, [Part(line(note), "muted")])

    def _lines(self, write: Write, width: int) -> list[Line]:
        """What went well in one line; what did not with its words below."""
        session, action = write.step
        wide = width >= 100
        outcome = write.outcome
        said = outcome.value if outcome is not None else "waits" if write.ticket is None else "sent"
        look = LOOKS[outcome] if outcome is not None else "muted"
        head = [
            Part(line(fit(line(said), _OUTCOME_CELLS)), look),
            Part(line(fit(write.name, 30 if wide else 18) + "  "), "strong"),
            Part(line(fit(line(action.title), 8) + "  ")),
            Part(line(fit(line(session.profile), 20 if wide else 12) + "  "), "muted"),
        ]
        if outcome is None or outcome.good:
            return wrapped(head, Part(write.words or shown(session.id), "muted"), width)
        gap = Part(line(" " * _OUTCOME_CELLS))
        head.append(Part(shown(session.id, max(10, width - sum(map(_cells, head)))), "muted"))
        return [tuple(head), *wrapped([gap], Part(_explained(write), look), width)]


def _cells(part: Part) -> int:
    return cell_len(part.text)


def _explained(write: Write) -> Clean:
    """What kept it from being done, and whether trying again is safe."""
    safe = "; safe to try again" if write.outcome is Outcome.NOT_SENT else ""
    return line(f"{write.words}{safe}", 450)
