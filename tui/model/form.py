"""What can be filled in: the fields of a create form or of an action, declared by a provider as data.

Forms on screen, `create PROFILE --help` and the checks of `--set` are all made from these.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tui.model.lazy_dataclass import dataclass
from tui.model.secret import Secret

Value = str | int | bool | tuple[Mapping[str, str], ...] | Secret
"""What a field holds once checked: durations are whole seconds, moments RFC 3339 UTC text, participants mappings."""

Given = Mapping[str, str | list[str] | Secret]
"""What was typed, by the field's name: a list for participants, a `Secret` for what is typed masked."""

Values = Mapping[str, Value]


class FieldKind(StrEnum):
    """What may be typed."""

    TEXT = "text"
    LONG_TEXT = "long text"
    EMAIL = "e-mail"
    PHONE = "phone"
    LINK = "link"
    CHOICE = "choice"
    YES_NO = "yes/no"
    INTEGER = "integer"
    DURATION = "duration"
    MOMENT = "date-time"
    PARTICIPANTS = "participants"
    SECRET = "secret"
    """Typed masked, and a `Secret` from the moment it leaves its field."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field. `limit` is the most characters (or entries, for participants); `name` is ours, not the vendor's.

    `source` names the page or section of the sheet that documents it. `heading` stands above it, where it begins a
    group.
    """

    name: str
    label: str
    kind: FieldKind
    help: str
    source: str
    required: bool = False
    default: Value | None = None
    limit: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of one write, in the order they are asked; `operation` is the name of the operation they feed."""

    title: str
    operation: str
    fields: tuple[FormField, ...]

    def field(self, name: str) -> FormField | None:
        """The field of that name."""
        return next((field for field in self.fields if field.name == name), None)
