"""The fields of a form while they are filled in: one small object a field, pure, so that it can be tested alone.

A field has `entries` places for the focus, one but for participants. What is typed comes in by `insert`, `paste`
and `press`; `given` is what goes to the check.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from tui.model.form import FieldKind, FormField
from tui.model.secret import Secret
from tui.providers.forms import duration_text
from tui.widgets.text_edit import TextEdit

NOT_CHOSEN = ""
YES_NO = ("yes", "no")
# So many entries are all shown from the start: nothing moves when one is begun.
_FEW = 3


class Field:
    """One field that holds text: every kind but those below."""

    def __init__(self, field: FormField, start: str | list[str] | None = None) -> None:
        self.field = field
        self.visited = False
        """Whether the cursor was in it and has left: from then on what is wrong with it is told as such."""
        self._start = start
        self._fill()

    @property
    def secret(self) -> bool:
        """Whether what is typed is never shown."""
        return self.field.kind is FieldKind.SECRET

    @property
    def tall(self) -> bool:
        """Whether it takes several lines."""
        return self.field.kind is FieldKind.LONG_TEXT

    def _fill(self) -> None:
        text = self._start if self._start is not None else default_text(self.field)
        self._edits = [TextEdit(text if isinstance(text, str) else "", lines=self.tall)]

    def start_over(self) -> None:
        """As it was when the form was opened for the first time."""
        self.visited = False
        self._fill()

    @property
    def entries(self) -> int:
        """How many places there are for the cursor."""
        return len(self._edits)

    def edit(self, entry: int) -> TextEdit | None:
        """The text of one entry; None for what is chosen, not typed."""
        return self._edits[entry] if entry < len(self._edits) else None

    def insert(self, entry: int, text: str) -> bool:
        """Typed text; False when nothing here takes it."""
        self._edits[entry].insert(text)
        return True

    def paste(self, entry: int, text: str) -> bool:
        """Pasted text; False as above."""
        self._edits[entry].paste(text)
        return True

    def press(self, entry: int, key: str) -> bool:
        """A key that is no character; False when it means nothing here."""
        return self._edits[entry].press(key)

    def move_row(self, entry: int, by: int, cells: int) -> bool:
        """Up or down inside the field; False when that leads out of it."""
        return self.tall and self._edits[entry].move_row(by, cells)

    def given(self) -> str | list[str] | Secret:
        """What was typed, as the check takes it."""
        text = self._edits[0].text
        return Secret(text) if self.secret else text

    def size(self) -> int:
        """What a limit counts: characters, or entries."""
        return len(self._edits[0].text.strip())

    @property
    def empty(self) -> bool:
        """Whether nothing was filled in."""
        return not self.size()


class Choice(Field):
    """One of a few words, by left and right or by its first letter."""

    def _fill(self) -> None:
        wanted = self._start if isinstance(self._start, str) else default_text(self.field)
        self.options = self._options()
        self._edits = []
        self._index = self.options.index(wanted) if wanted in self.options else 0

    def _options(self) -> tuple[str, ...]:
        fixed = self.field.default is not None or (self.field.required and self.field.choices)
        return self.field.choices if fixed else (NOT_CHOSEN, *self.field.choices)

    @property
    def entries(self) -> int:
        return 1

    @property
    def chosen(self) -> str:
        """The chosen word; empty when none is."""
        return self.options[self._index]

    def insert(self, entry: int, text: str) -> bool:
        if text == " ":
            self._index = (self._index + 1) % len(self.options)
            return True
        letter = text[:1].casefold()
        behind = [*range(self._index + 1, len(self.options)), *range(self._index + 1)]
        found = [at for at in behind if letter and self.options[at].casefold().startswith(letter)]
        if found:
            self._index = found[0]
        return bool(found)

    def paste(self, entry: int, text: str) -> bool:
        """Words are not chosen by a paste."""
        return False

    def press(self, entry: int, key: str) -> bool:
        steps = {"left": self._index - 1, "right": self._index + 1}
        ends = {"home": 0, "end": len(self.options) - 1}
        if key in steps:
            self._index = steps[key] % len(self.options)
        elif key in ends:
            self._index = ends[key]
        elif key in ("backspace", "delete", "ctrl+u") and NOT_CHOSEN in self.options:
            self._index = self.options.index(NOT_CHOSEN)
        else:
            return False
        return True

    def given(self) -> str:
        return self.chosen

    def size(self) -> int:
        return len(self.chosen)


class YesNo(Choice):
    """Yes, no, or left to the vendor where no default is declared: by space, or by its letter."""

    def _options(self) -> tuple[str, ...]:
        fixed = self.field.default is not None or self.field.required
        return YES_NO if fixed else (NOT_CHOSEN, *YES_NO)


class Participants(Field):
    """A list of people, each typed on a line of its own; there is always one empty line more, up to the limit."""

    def _fill(self) -> None:
        texts = list(self._start) if isinstance(self._start, list) else []
        if isinstance(self._start, str) and self._start:
            texts = self._start.splitlines()
        self._edits = [TextEdit(text) for text in texts if text.strip()]
        self._grow()

    def _grow(self) -> None:
        limit = self.field.limit
        if limit is not None and limit <= _FEW:
            missing = limit - len(self._edits)
        else:
            full = limit is not None and len(self._edits) >= limit
            missing = 0 if full or (self._edits and not self._edits[-1].text) else 1
        self._edits += [TextEdit() for _ in range(missing)]

    def insert(self, entry: int, text: str) -> bool:
        super().insert(entry, text)
        self._grow()
        return True

    def paste(self, entry: int, text: str) -> bool:
        super().paste(entry, text)
        self._grow()
        return True

    def given(self) -> list[str]:
        return [edit.text for edit in self._edits if edit.text.strip()]

    def size(self) -> int:
        return len(self.given())


_KINDS: dict[FieldKind, type[Field]] = {
    FieldKind.CHOICE: Choice,
    FieldKind.YES_NO: YesNo,
    FieldKind.PARTICIPANTS: Participants,
}


def make_field(field: FormField, start: str | list[str] | None = None) -> Field:
    """The field as it is filled in; `start` goes before the declared default."""
    return _KINDS.get(field.kind, Field)(field, start)


def default_text(field: FormField) -> str:
    """A declared default as it would be typed."""
    value = field.default
    if value is None or isinstance(value, Secret):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return duration_text(value) if field.kind is FieldKind.DURATION else str(value)
    return value if isinstance(value, str) else "\n".join(map(json.dumps, value))


def rule(field: FormField) -> str:
    """What may be filled in, in words: the limits that the vendor documents."""
    told = [field.help] if field.help else []
    if field.required:
        told.append("needed")
    if field.limit is not None:
        unit = "entries" if field.kind is FieldKind.PARTICIPANTS else "characters"
        told.append(f"at most {field.limit} {unit}")
    told += _span(field)
    return "; ".join(told)


def _span(field: FormField) -> Sequence[str]:
    shown = duration_text if field.kind is FieldKind.DURATION else str
    low, high = field.minimum, field.maximum
    if low is not None and high is not None:
        return (f"from {shown(low)} to {shown(high)}",)
    if low is not None:
        return (f"at least {shown(low)}",)
    return (f"at most {shown(high)}",) if high is not None else ()
