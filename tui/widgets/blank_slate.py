"""What an empty list says: why it is empty, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content
from textual.widgets import Static

from tui.live.board import Board
from tui.live.messages import Health, HealthState
from tui.model.text import Clean, line


class BlankSlate(Static):
    """Shown in the list's place. Told the facts, it finds the words."""

    DEFAULT_CSS = """
    BlankSlate {
        display: none; height: 1fr; padding: 0 4;
        content-align: center middle; text-align: center; color: $text-muted;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._said = ""

    def say(self, *paragraphs: Clean) -> None:
        """One paragraph a line, with air between; the same words again paint nothing."""
        text = "\n\n".join(paragraphs)
        if text != self._said:
            self._said = text
            self.update(Content(text))


def why_empty(
    healths: Mapping[str, Health],
    profiles: Sequence[str],
    problems: Sequence[Clean],
    *,
    view: str,
    filtered: bool,
    known: int,
) -> tuple[Clean, ...]:
    """The words for an empty list: the first of these that holds."""
    if not profiles:
        return (
            *problems,
            line("No profile is started: P shows the profiles, adds one and puts one right."),
        )
    if filtered:
        return (line("No session matches the filter."), line("Esc clears it, / changes it."))
    troubled = [health for name in profiles if (health := healths.get(name)) and health.reason]
    if troubled and len(troubled) == len(profiles):
        return (
            *(line(f"{health.profile}: {health.reason}") for health in troubled[:4]),
            _way_on(troubled),
        )
    waiting = [name for name in profiles if _is_asking(healths.get(name))]
    if waiting and not known:
        return (line(f"Asking {', '.join(waiting[:4])} for sessions."),)
    missing = tuple(
        line(f"Not known: {health.profile}: {health.reason}") for health in troubled[:4]
    )
    if known:
        views = line("1 live  2 waiting  3 mine  4 ended  5 all")
        return (line(f'No session in the view "{view}".'), *missing, views)
    return (
        line("No session in the history window."),
        *missing,
        line("New ones appear here by themselves."),
    )


def is_asking(board: Board) -> bool:
    """Whether nothing is known yet, and somebody is being asked: the columns wait for the rows."""
    return not board.sessions and any(map(_is_asking, board.health.values()))


def _is_asking(health: Health | None) -> bool:
    return health is None or health.state is HealthState.CONNECTING


def _way_on(troubled: Sequence[Health]) -> Clean:
    if any(health.state is HealthState.KEYS_REJECTED for health in troubled):
        return line(
            "Polling has stopped. Wrong keys: P, then Enter, puts them right. "
            "Right keys again at the vendor: r asks now."
        )
    return line("It is tried again by itself; r tries now. L shows the requests.")
