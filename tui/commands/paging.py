"""`--sort`, `--page` and `--size`: the order and the piece of a result that is printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeVar

from tui.model.filter import fold
from tui.model.lazy_dataclass import dataclass
from tui.model.nearest import meant
from tui.model.problem import UsageProblem
from tui.model.session import Session
from tui.model.shapes import TEXTS, TIMES

T = TypeVar("T")
USUAL_SIZE: Final = 50
FIELDS: Final = (*TEXTS, *TIMES)
_SORT: Final = re.compile(r"([^,]*)(?:,(asc|desc))?")


@dataclass(frozen=True, slots=True)
class Order:
    """A field of a session by its name in JSON, and which way round."""

    field: str
    falling: bool = False

    @classmethod
    def parse(cls, told: str) -> Order:
        """`FIELD`, `FIELD,asc` or `FIELD,desc`. Raises `UsageProblem`."""
        found = _SORT.fullmatch(told)
        if found is None:
            raise UsageProblem(f"--sort takes FIELD, FIELD,asc or FIELD,desc; not {told!r}")
        if found[1] not in FIELDS:
            near = meant(found[1], FIELDS)
            raise UsageProblem(f"--sort: a session has no field {found[1]!r}{near}")
        return cls(found[1], found[2] == "desc")

    def sorted(self, sessions: Sequence[Session]) -> list[Session]:
        """By the field; those without it come last either way, and equals stay as they were."""
        known = [one for one in sessions if getattr(one, self.field) not in (None, "")]
        blank = [one for one in sessions if getattr(one, self.field) in (None, "")]
        known.sort(key=self._key, reverse=self.falling)
        return known + blank

    def _key(self, session: Session) -> tuple[float, str, str]:
        value = getattr(session, self.field)
        if isinstance(value, datetime):
            return value.timestamp(), "", ""
        if isinstance(value, (int, float)):
            return float(value), "", ""
        return 0.0, fold(value), value


def in_order_of(given: Sequence[Session], chosen: Sequence[Session]) -> list[Session]:
    """The chosen sessions in the order in which they were given."""
    kept = {session.key for session in chosen}
    return [session for session in given if session.key in kept]


@dataclass(frozen=True, slots=True)
class Piece:
    """Page `number`, counted from 1, of pages of `size` sessions."""

    number: int
    size: int

    @classmethod
    def asked(cls, number: int | None, size: int | None) -> Piece | None:
        """None when nobody asked for a page: all is printed."""
        if number is None and size is None:
            return None
        return cls(number or 1, size or USUAL_SIZE)

    def of(self, rows: Sequence[T]) -> list[T]:
        """The rows of that page; none where the pages end before it."""
        start = (self.number - 1) * self.size
        return list(rows[start : start + self.size])

    def told(self, total: int) -> str | None:
        """What is to be said of it: which page of how many; None when nothing was left out."""
        pages = -(-total // self.size)
        if self.number > pages > 0:
            every = "page" if pages == 1 else "pages"
            return f"there is no page {self.number}: {sessions(total)} on {pages} {every}"
        if pages <= 1:
            return None
        shown = min(self.size, total - (self.number - 1) * self.size)
        return f"page {self.number} of {pages}: {shown} of {sessions(total)}"


def sessions(count: int) -> str:
    """`1 session`, `7 sessions`."""
    return f"{count} session{'' if count == 1 else 's'}"
