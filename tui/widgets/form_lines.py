"""A form as lines: one a field with its label, its text and its counter, and below it what is wrong with it.

Pure: what the cursor stands on is told with the lines, so that the view can scroll to it.
"""

from __future__ import annotations

from tui.model.form import FieldKind
from tui.model.lazy_dataclass import dataclass
from tui.model.text import Clean
from tui.widgets.cells import fit, steady, width, wrap
from tui.widgets.form_fields import NOT_CHOSEN, Choice, Field, Participants, YesNo
from tui.widgets.form_state import FormState
from tui.widgets.frame_view import Line, Run
from tui.widgets.glyphs import Glyphs
from tui.widgets.text_edit import ASCII_MASK, MASK

TALL_ROWS = 3
_MARK, _COUNTER, _LABEL_MOST, _VALUE_MOST = 3, 11, 22, 72


@dataclass(frozen=True, slots=True)
class Layout:
    """The lines of a form, each filling the width, and which of them the cursor's place takes."""

    lines: list[Line]
    first: int
    last: int


def value_cells(state: FormState, cells: int) -> int:
    """How wide the texts are in `cells` cells."""
    return max(12, min(_VALUE_MOST, cells - _MARK - _label_cells(state) - _COUNTER))


def _label_cells(state: FormState) -> int:
    longest = max((width(steady(field.field.label)) for field in state.fields), default=0)
    return min(_LABEL_MOST, longest + 3)


def layout(state: FormState, cells: int, button: Clean, glyphs: Glyphs) -> Layout:
    """The whole form in `cells` cells; `button` is what the last line says."""
    maker = _Maker(state, cells, glyphs)
    lines: list[Line] = []
    first = last = 0
    for field in state.fields:
        here = field is state.current
        made = maker.field(field)
        lines += maker.heading(field.field.heading, first=not lines)
        if here:
            first, last = len(lines), len(lines) + len(made) - 1
        lines += made
    if state.fields:
        lines.append(maker.blank())
    if state.current is None:
        first = last = len(lines)
    lines.append(maker.button(button))
    return Layout(lines, first, last)


class _Maker:
    """Makes the lines of one layout."""

    def __init__(self, state: FormState, cells: int, glyphs: Glyphs) -> None:
        self._state, self._cells, self._glyphs = state, cells, glyphs
        self._label = _label_cells(state)
        self._value = value_cells(state, cells)

    def blank(self) -> Line:
        return (Run(" " * self._cells),)

    def heading(self, words: str, *, first: bool) -> list[Line]:
        """The line above a group of fields, if they begin one."""
        if not words:
            return []
        indent = " " * _MARK
        spans = wrap(words, max(10, min(_VALUE_MOST + self._label, self._cells - _MARK - 1)))
        told = [self._filled(Run(indent), Run(words[start:end], "muted")) for start, end in spans]
        return told if first else [self.blank(), *told]

    def button(self, words: Clean) -> Line:
        here = self._state.current is None and not self._state.locked
        look = "off" if self._state.locked else "button-on" if here else "button"
        text = f"[ {steady(words)} ]"
        return self._filled(self._mark(here), Run(text, look))

    def field(self, field: Field) -> list[Line]:
        """A field's own lines, then what is wrong with it."""
        here = field is self._state.current
        lines = [self._row(field, entry, here) for entry in range(field.entries)]
        if field.tall:
            lines = self._tall(field, here)
        fault = self._state.fault(field)
        if fault is not None and not self._state.locked:
            # As long as it is being typed, it is not yet wrong.
            lines += self._note(fault, "warning" if here and not field.visited else "bad")
        elif self._state.marked == field.field.name:
            lines += self._note("the vendor's refusal names this field", "bad")
        return lines

    # --- one line ---------------------------------------------------------------------------------------------

    def _row(self, field: Field, entry: int, here: bool) -> Line:
        on = here and entry == self._state.entry and not self._state.locked
        runs = [*self._head(field, entry, on), *self._value_runs(field, entry, on)]
        return self._filled(*runs, *(self._counter(field, here) if entry == 0 else ()))

    def _tall(self, field: Field, here: bool) -> list[Line]:
        edit = field.edit(0)
        assert edit is not None  # what is tall is typed
        rows = edit.rows(self._value, TALL_ROWS)
        rows += [("", "", "")] * (TALL_ROWS - len(rows))
        lines = []
        for number, row in enumerate(rows):
            head = self._head(field, number, here and number == 0 and not self._state.locked)
            end = self._counter(field, here) if number == 0 else ()
            lines.append(self._filled(*head, *self._typed(row, here), *end))
        return lines

    def _head(self, field: Field, entry: int, on: bool) -> tuple[Run, Run]:
        label = field.field.label if entry == 0 else ""
        if isinstance(field, Participants) and field.entries > 1:
            label = (
                f"{label} {entry + 1}"
                if entry == 0
                else f"{entry + 1:>{len(field.field.label) + 2}}"
            )
        if field.field.required and entry == 0:
            label += " *"
        look = "label-on" if on else "label"
        return self._mark(on), Run(self._fit(label, self._label), look)

    def _mark(self, on: bool) -> Run:
        return Run(f" {self._glyphs.cursor} " if on else "   ", "mark")

    def _value_runs(self, field: Field, entry: int, on: bool) -> list[Run]:
        if isinstance(field, YesNo):
            return self._yes_no(field, on)
        if isinstance(field, Choice):
            return self._choice(field, on)
        edit = field.edit(entry)
        assert edit is not None  # the others are typed
        if field.secret:
            mask = ASCII_MASK if self._glyphs.ascii_only else MASK
            return self._typed(edit.masked(mask, self._value), on)
        return self._typed(edit.window(self._value), on)

    def _typed(self, parts: tuple[str, str, str], on: bool) -> list[Run]:
        """Text with the cursor in it, where it has one; the whole field is one band."""
        before, under, after = parts
        if self._state.locked:
            return [Run(self._fit(before + under + after, self._value), "off")]
        if not on or not under:
            # What is free is ruled, as on paper: bands above one another would look like one big field.
            text = self._fit(before + under.strip() + after, self._value)
            filled = text.rstrip()
            return [Run(filled, "value"), Run("_" * (self._value - width(filled)), "free")]
        room = self._value - width(before) - width(under)
        end = self._fit(after, room) if room > 0 else ""
        return [Run(before, "field-on"), Run(under, "cursor"), Run(end, "field-on")]

    def _choice(self, field: Choice, on: bool) -> list[Run]:
        """All of them side by side where they fit, else the chosen one between arrows."""
        words = [option or "not chosen" for option in field.options]
        total = sum(len(word) + 4 for word in words) - 2
        if total > self._value:
            shown = field.chosen or "not chosen"
            text = f"{self._open(on)}{shown}{self._shut(on)}"
            return [Run(self._fit(text, self._value), self._on(on))]
        runs: list[Run] = []
        for word, option in zip(words, field.options, strict=True):
            picked = option == field.chosen
            sign = self._glyphs.chosen if picked else self._glyphs.open
            look = self._on(on) if picked else self._other
            runs += [Run(f"{sign} {word}", look), Run("  ")]
        return [*runs, Run(" " * (self._value - total - 2))]

    def _yes_no(self, field: YesNo, on: bool) -> list[Run]:
        shown = field.chosen if field.chosen != NOT_CHOSEN else "-"
        look = self._on(on) if field.chosen else self._other
        return [
            Run(f"{self._open(on)}{shown:<3}{self._shut(on)}", look),
            Run(" " * (self._value - 7)),
        ]

    def _open(self, on: bool) -> str:
        return "< " if on else "  "

    def _shut(self, on: bool) -> str:
        return " >" if on else "  "

    def _on(self, on: bool) -> str:
        return "off" if self._state.locked else "picked-on" if on else "picked"

    @property
    def _other(self) -> str:
        return "off" if self._state.locked else "other"

    def _counter(self, field: Field, here: bool) -> tuple[Run, ...]:
        limit, size = field.field.limit, field.size()
        if limit is None or not (here or size):
            return ()
        look = "bad" if size > limit else "muted"
        return (Run(f"{f'{size}/{limit}':>{_COUNTER - 1}}", look),)

    def _note(self, words: str, look: str) -> list[Line]:
        indent = _MARK + self._label
        text = steady(words)
        spans = wrap(text, max(10, min(_VALUE_MOST, self._cells - indent - 1)))
        return [self._filled(Run(" " * indent), Run(text[start:end], look)) for start, end in spans]

    def _filled(self, *runs: Run) -> Line:
        used = sum(width(run.text) for run in runs)
        return (*runs, Run(" " * max(0, self._cells - used)))

    def _fit(self, text: str, cells: int) -> str:
        return fit(text, cells, ellipsis=self._glyphs.ellipsis)


def hint(field: Field | None) -> str:
    """The keys that this kind of field takes."""
    if field is None:
        return ""
    if isinstance(field, YesNo):
        return "space, y or n"
    if isinstance(field, Choice):
        return "left, right or the first letter"
    return "^n breaks the line" if field.field.kind is FieldKind.LONG_TEXT else ""
