"""A form while it is filled in: its fields, where the cursor is, what is wrong. No widget, no clock.

What Enter does (terminals cannot send ctrl+Enter, and a form must neither take ten keys nor go off by itself):

- behind the fields stands one more place, the *button*. Only Enter on the button sends;
- in a field Enter goes to the next field that something is wrong with, else to the button: so a form that was
  typed into takes Enter twice, and a stray Enter shows what would be sent instead of sending it;
- a form that is complete as it opens (its fields have defaults, or none is needed) opens on the button: one
  Enter sends it. Typing there goes into the first field, so nobody has to find it first;
- a draft opens where it was left, never on the button.

So a paste with line breaks, from a terminal that sends them as Enter, never gets from a field to the sending:
what is typed behind such an Enter leads away from the button again. (`FormView` holds up an Enter that comes on
the heels of a character, for a paste that ends in several breaks.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto

from tui.model.form import FormField, Given
from tui.model.secret import Secret
from tui.model.text import Clean, line
from tui.widgets.form_fields import Field, make_field

Examine = Callable[[Given], Mapping[str, Clean]]
"""The check: a sentence on each field that is not right, by the field's name."""
Start = Mapping[str, str | list[str]]


class Entered(Enum):
    """What an Enter came to."""

    MOVED = auto()
    FAULTY = auto()
    SEND = auto()


class FormState:
    """The fields with what was typed, and the cursor: `at` is a field's number and an entry's, or the button."""

    def __init__(
        self, fields: Sequence[FormField], examine: Examine, start: Start | None = None
    ) -> None:
        start = start or {}
        self.fields = [make_field(field, start.get(field.name)) for field in fields]
        self.locked = False
        """While it is on its way: nothing can be changed."""
        self.touched = False
        """Whether anything was typed since it was opened or started over."""
        self.marked: str | None = None
        """The field that the vendor's refusal names."""
        self._examine = examine
        self._tried = False
        self._number, self._entry = len(self.fields), 0
        self.faults: Mapping[str, Clean] = {}
        self.check()
        self._settle()

    def __repr__(self) -> str:
        return f"FormState({len(self.fields)} fields)"

    def _settle(self) -> None:
        """The first place: the button when all is well, else the first field that something is wrong with."""
        self._number, self._entry = self._first_fault(), 0

    def _first_fault(self, start: int = 0) -> int:
        order = [*range(start, len(self.fields)), *range(start)]
        faulty = (number for number in order if self.fields[number].field.name in self.faults)
        return next(faulty, len(self.fields))

    # --- looking ----------------------------------------------------------------------------------------------

    @property
    def current(self) -> Field | None:
        """The field with the cursor; None on the button."""
        return self.fields[self._number] if self._number < len(self.fields) else None

    @property
    def entry(self) -> int:
        """Which entry of the current field has the cursor."""
        return self._entry

    def given(self) -> dict[str, str | list[str] | Secret]:
        """What was typed, by the field's name."""
        return {field.field.name: field.given() for field in self.fields}

    def fault(self, field: Field) -> Clean | None:
        """What is to be said about a field now: nobody is told that a field is empty before leaving it."""
        found = self.faults.get(field.field.name)
        if found is None:
            return None
        if field.visited or self._tried or (field is self.current and not field.empty):
            return _without_name(field.field, found)
        return None

    @property
    def complaint(self) -> Clean | None:
        """What keeps it from being sent, with the label of the field that the cursor is in."""
        field = self.current
        if field is None:
            return next(iter(self.faults.values()), None)
        found = self.fault(field)
        return None if found is None else line(f"{field.field.label} {found}", 400)

    # --- moving ---------------------------------------------------------------------------------------------

    def move(self, by: int) -> None:
        """To the next place or the one before, round at the ends."""
        places = self._places()
        here = places.index((self._number, self._entry))
        self._go(*places[(here + by) % len(places)])

    def move_row(self, by: int, cells: int) -> None:
        """Up or down: inside a tall field first."""
        field = self.current
        if field is None or not field.move_row(self._entry, by, cells):
            self.move(by)

    def go_to(self, name: str) -> None:
        """To the field of that name."""
        for number, field in enumerate(self.fields):
            if field.field.name == name:
                self._go(number, 0)

    def go_to_end(self, button: bool) -> None:
        """To the button, or to the first field."""
        self._go(*self._places()[-1 if button else 0])

    def leave(self) -> None:
        """The form is put away as a draft: it opens in a field again, never on the button."""
        if self.current is None and self.fields:
            self._number, self._entry = 0, 0

    def _places(self) -> list[tuple[int, int]]:
        fields = [
            (number, entry)
            for number, field in enumerate(self.fields)
            for entry in range(field.entries)
        ]
        return [*fields, (len(self.fields), 0)]

    def _go(self, number: int, entry: int) -> None:
        if self.current is not None and number != self._number:
            self.current.visited = True
        self._number, self._entry = number, entry

    def enter(self) -> Entered:
        """Enter, as the head of this file says."""
        if self.locked:
            return Entered.MOVED
        if self.current is None:
            if not self.faults:
                return Entered.SEND
            self._tried = True
            self._go(self._first_fault(), 0)
            return Entered.FAULTY
        field = self.current
        field.visited = True
        if field.field.name in self.faults:
            return Entered.FAULTY
        self._go(self._first_fault(self._number), 0)
        return Entered.MOVED

    # --- changing -------------------------------------------------------------------------------------------

    def put(self, field: FormField, start: str = "") -> None:
        """Another field in the place of the one of its name: what was typed there is gone."""
        for number, old in enumerate(self.fields):
            if old.field.name == field.name:
                self.fields[number] = make_field(field, start)
        self.check()

    def insert(self, text: str) -> bool:
        """Typed text; False when nothing takes it."""
        return self._change(lambda field, entry: field.insert(entry, text), text=True)

    def paste(self, text: str) -> bool:
        """Pasted text; False when nothing takes it."""
        return self._change(lambda field, entry: field.paste(entry, text), text=True)

    def press(self, key: str) -> bool:
        """An editing key; False when it means nothing here."""
        return self._change(lambda field, entry: field.press(entry, key))

    def _change(self, change: Callable[[Field, int], bool], *, text: bool = False) -> bool:
        if self.locked:
            return False
        if text and self.current is None and self.fields and self.fields[0].edit(0) is not None:
            self._go(0, 0)
        field = self.current
        if field is None or not change(field, self._entry):
            return False
        self.touched = True
        if self.marked == field.field.name:
            self.marked = None
        self.check()
        return True

    def check(self) -> None:
        """Everything is looked at again: what is right may depend on the time."""
        self.faults = self._examine(self.given())

    def start_over(self) -> None:
        """Back to the defaults."""
        if not self.locked:
            for field in self.fields:
                field.start_over()
            self.touched = self._tried = False
            self.marked = None
            self.check()
            self._settle()


def _without_name(field: FormField, fault: Clean) -> Clean:
    """A fault names its field as the command line does; here it stands right at it."""
    return line(fault.removeprefix(f"{field.name} "), 400)
