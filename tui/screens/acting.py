"""From a key to a write: choose, fill in, ask, send. The same from every screen that shows sessions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui.model.form import Values
from tui.model.session import Session
from tui.model.text import line
from tui.screens import later
from tui.screens.base import DeskScreen
from tui.screens.plans import Choice, Plan, ending, why_no_choice, why_not_end

Agreed = Callable[[Plan], None]


def why_not_act(screen: DeskScreen, action: str, sessions: Sequence[Session]) -> str | None:
    """Why `end` or `actions` cannot be taken on these; None for any other action."""
    if action == "end":
        return why_not_end(screen.desk, sessions)
    return why_no_choice(screen.desk, sessions) if action == "actions" else None


def end(screen: DeskScreen, sessions: Sequence[Session], agreed: Agreed | None = None) -> None:
    """Asks whether to end these, each in its provider's way."""
    plan = ending(screen.desk, sessions)
    if plan.steps:
        ask(screen, plan, agreed)


def choose(screen: DeskScreen, sessions: Sequence[Session], agreed: Agreed | None = None) -> None:
    """The menu of all actions."""

    def chosen(choice: Choice | None) -> None:
        if choice is not None:
            take(screen, choice, agreed)

    screen.app.push_screen(later.ActionsScreen(screen.desk, sessions), chosen)


def take(screen: DeskScreen, choice: Choice, agreed: Agreed | None = None) -> None:
    """One action: its form, if it has one, then the question."""
    form = choice.action.form

    def ask_with(values: Values | None) -> None:
        if values is not None:
            ask(screen, choice.plan.filled(values), agreed)

    if form is None:
        ask(screen, choice.plan, agreed)
    else:
        screen.app.push_screen(later.ActionForm(screen.desk, choice, form), ask_with)


def ask(screen: DeskScreen, plan: Plan, agreed: Agreed | None = None) -> None:
    """The question; on a yes everything is sent. `agreed` hears of it first."""

    def answered(yes: bool | None) -> None:
        if not yes:
            screen.tell("nothing was done")
            return
        if agreed is not None:
            agreed(plan)
        _send(screen, plan)

    screen.app.push_screen(later.QuestionScreen(screen.desk, plan), answered)


def _send(screen: DeskScreen, plan: Plan) -> None:
    started = screen.desk.writes.start(plan)
    if len(started.writes) > 1:
        screen.app.push_screen(later.OutcomesScreen(screen.desk, started))
        return
    write = started.writes[0]
    on_its_way = (
        f"{plan.title}, {write.name}: sent" if write.outcome is None else started.said().text
    )
    screen.tell(line(on_its_way))
    screen.refresh_bindings()
