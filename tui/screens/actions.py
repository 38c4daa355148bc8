"""`a`: everything that can be done to a session, or to the marked ones, made from what their providers declare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.model.session import Session
from tui.model.text import Clean, line
from tui.screens.desk import Desk
from tui.screens.dialog import Dialog, key_parts
from tui.screens.plans import Choice, choices
from tui.widgets.line_list import Line, LineList, Part, wrapped


class ActionsScreen(Dialog[Choice | None]):
    """The menu. What cannot be done now is greyed and says why; choosing only leads to the question."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "pick(1)", "next", show=False, priority=True, id="actions.down"),
        Binding("up,k", "pick(-1)", "the one before", show=False, priority=True, id="actions.up"),
        Binding("enter", "choose", "choose", id="actions.choose"),
        *(
            Binding(str(digit), f"number({digit})", show=False, id=f"actions.number-{digit}")
            for digit in range(1, 10)
        ),
    ]

    def __init__(self, desk: Desk, sessions: Sequence[Session]) -> None:
        super().__init__(desk)
        self._sessions = tuple(sessions)
        self._choices = choices(desk, sessions)
        able = [index for index, choice in enumerate(self._choices) if choice.why_not is None]
        self._at = able[0] if able else 0
        self._providers = len({session.provider for session in sessions})

    def title_text(self) -> Clean:
        if len(self._sessions) > 1:
            return line(f"Actions on the {len(self._sessions)} marked sessions")
        return line(f"Actions on {self.desk.session_title(self._sessions[0])}")

    def lines(self, width: int) -> list[Line]:
        told: list[Line] = []
        self._starts: list[int] = []
        for index, choice in enumerate(self._choices):
            self._starts.append(len(told))
            told += self._lines_of(index, choice, width)
        return told

    def _lines_of(self, index: int, choice: Choice, width: int) -> list[Line]:
        here = index == self._at
        reason = choice.why_not
        mark = (">" if self.desk.ascii_only else "▸") if here else " "
        number = str(index + 1) if index < 9 else " "
        look = "off" if reason is not None else "accent" if here else "strong"
        head = [
            Part(line(f"{mark} "), "accent"),
            Part(line(f"{number}  "), "off" if reason is not None else "key"),
        ]
        title = [*head, Part(line(f"{choice.action.title}{self._whose(choice)}"), look)]
        if self._many:
            title.append(Part(line(f"   {self._reach(choice)}"), "muted"))
        indent = [Part(line("     "))]
        text = f"cannot be done: {reason}" if reason is not None else choice.action.effect
        body = wrapped(
            indent, Part(line(text, 400), "off" if reason is not None else "muted"), width
        )
        return [tuple(title), *body]

    @property
    def _many(self) -> bool:
        return len(self._sessions) > 1

    def _whose(self, choice: Choice) -> str:
        asks = "..." if choice.action.form is not None else ""
        return f"{asks} ({choice.provider})" if self._providers > 1 else asks

    def _reach(self, choice: Choice) -> str:
        count, all_ = len(choice.plan.steps), len(self._sessions)
        return f"all {all_}" if count == all_ else f"{count} of the {all_} marked"

    def keys(self) -> Sequence[Part]:
        last = min(9, len(self._choices))
        numbers = "1" if last == 1 else f"1..{last}"
        return key_parts((f"Enter, {numbers}", "choose"), ("j k", "move"), ("Esc", "leave"))

    # --- keys -------------------------------------------------------------------------------------------

    def action_pick(self, by: int) -> None:
        self._go_to((self._at + by) % len(self._choices))

    def action_number(self, number: int) -> None:
        if number <= len(self._choices):
            self._go_to(number - 1)
            self.action_choose()

    def action_choose(self) -> None:
        choice = self._choices[self._at]
        if choice.why_not is None:
            self.dismiss(choice)
        else:
            self.amiss(f"{choice.action.title}: {choice.why_not}")

    def _go_to(self, index: int) -> None:
        self._at = index
        self.amiss("")
        self.show()
        told = self.query_one("#told", LineList)
        told.scroll_to(y=max(0, self._starts[index] - 1), animate=False)
