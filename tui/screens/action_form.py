"""What an action needs to know: one field or two, checked as they are typed, with what they would come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui.model.form import Form, Values
from tui.model.problem import UsageProblem
from tui.model.text import Clean, line
from tui.providers.forms import examine
from tui.screens.desk import Desk
from tui.screens.dialog import Dialog, key_parts
from tui.screens.foresight import foreseen
from tui.screens.plans import Choice
from tui.widgets.dialog_input import DialogInput
from tui.widgets.line_list import Line, LineList, Part, wrapped

# So many sessions' own previews are shown while one types; the question shows all.
_SHOWN = 3


class ActionForm(Dialog[Values | None]):
    """Nothing is sent from here: the question comes after it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "next field", show=False, id="form.next"),
    ]

    def __init__(self, desk: Desk, choice: Choice, form: Form) -> None:
        super().__init__(desk)
        self._choice = choice
        self._form = form
        self._typed = {field.name: "" for field in form.fields}
        self._asked = False

    def title_text(self) -> Clean:
        steps = self._choice.plan.steps
        if len(steps) > 1:
            return line(f"{self._choice.action.title}: {len(steps)} sessions")
        return line(f"{self._choice.action.title}: {self.desk.session_title(steps[0].session)}")

    def fields(self) -> ComposeResult:
        for field in self._form.fields:
            yield DialogInput(self.submitted, placeholder=field.label, name=field.name)
        coming = LineList(id="coming")
        coming.can_focus = False
        yield coming

    def more_rows(self) -> int:
        return 2 * len(self._form.fields) + _SHOWN + 1

    def lines(self, width: int) -> list[Line]:
        """What is asked; what it comes to stands below the inputs."""
        told = [*wrapped([], Part(line(self._choice.action.effect, 400), "muted"), width), ()]
        for field in self._form.fields:
            head = [Part(line(f"{field.label}  "), "strong")]
            told += wrapped(head, Part(line(field.help, 400), "muted"), width)
        self._show_coming(width)
        return told

    def _show_coming(self, width: int) -> None:
        """The faults as far as something was typed, or with none of them what the values come to."""
        told: list[Line] = []
        examined = examine(self._form, self._typed, now=self.desk.clock.now())
        for field in self._form.fields:
            fault = examined.faults.get(field.name)
            if fault is not None and (self._typed[field.name] or self._asked):
                told += wrapped([], Part(fault, "bad"), width)
        if not examined.faults:
            told += self._coming(examined.values, width)
        coming = self.query_one("#coming", LineList)
        coming.styles.height = max(1, min(len(told), _SHOWN + 1))
        coming.show(told)

    def _coming(self, values: Values, width: int) -> Iterator[Line]:
        steps = self._choice.plan.steps
        for session, action in steps[:_SHOWN]:
            try:
                text, look = foreseen(self.desk, session, action, values), "good"
            except UsageProblem as problem:
                text, look = problem.message, "bad"
            if text is not None:
                name = f"{self.desk.session_title(session)}: " if len(steps) > 1 else ""
                yield from wrapped([], Part(line(f"{name}{text}", 400), look), width)
        if len(steps) > _SHOWN:
            yield (Part(line(f"and {len(steps) - _SHOWN} more"), "muted"),)

    def keys(self) -> Sequence[Part]:
        return key_parts(("Enter", "go on to the question"), ("Esc", "leave it"))

    # --- typing -----------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._read()
        self._asked = False
        self.show()

    def submitted(self) -> None:
        """On to the next field that is not good yet; with all good, on to the question."""
        self._read()
        self._asked = True
        examined = examine(self._form, self._typed, now=self.desk.clock.now())
        if examined.faults:
            self.show()
            self._focus_on(next(iter(examined.faults)))
        elif self._possible(examined.values):
            self.dismiss(examined.values)

    def _read(self) -> None:
        """From the fields themselves: keys that were typed ahead must find each other's effect."""
        for found in self.query(DialogInput):
            self._typed[found.name or ""] = found.value

    def _focus_on(self, name: str) -> None:
        for found in self.query(DialogInput):
            if found.name == name:
                found.focus()

    def _possible(self, values: Values) -> bool:
        for session, action in self._choice.plan.steps:
            try:
                foreseen(self.desk, session, action, values)
            except UsageProblem as problem:
                self.amiss(problem.message, "bad")
                return False
        return True
