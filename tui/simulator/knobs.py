"""What `--play NAME=VALUE` can turn: one documented oddity, or one reading of an unclear sheet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Knob:
    """`values[0]` is the default. `source` says which page of the sheets the choice comes from."""

    name: str
    values: tuple[str, ...]
    help: str
    source: str

    @property
    def default(self) -> str:
        return self.values[0]


COMMON: tuple[Knob, ...] = (
    Knob(
        "text",
        ("plain", "hostile"),
        "hostile: markup, escape sequences, bidi controls and very long names in every third row",
        "security sheet 1.2",
    ),
    Knob(
        "rows",
        ("clean", "odd"),
        "odd: wrong types, unknown enum values, missing fields in some rows, one row without an id",
        "security sheet 4.2 (schema)",
    ),
    Knob(
        "rate-limits",
        ("on", "off"),
        "off: requests are never refused for their number",
        "sheets twilio 1.8, goto 3.7",
    ),
)
