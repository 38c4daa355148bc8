"""The queue's columns: what each shows of a session. How wide they are: `terminal/places.py`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from tui.live.view import LONG_WAIT_MINUTES
from tui.model.age import coarse
from tui.model.lazy_dataclass import dataclass
from tui.model.session import Key, Session, age_seconds, wait_seconds
from tui.model.status import Status
from tui.terminal.places import PLACES, shared_out
from tui.widgets.cells import fit
from tui.widgets.glyphs import Glyphs

NOTHING: Final = "-"


@dataclass(frozen=True, slots=True)
class Context:
    """What a cell's text depends on beside the session. `provider_names` maps provider ids to short names; `calm`
    is for a thin line: ages in longer steps; `pending` are rows that stand for a session which the vendor does not
    show yet."""

    now: datetime
    provider_names: Mapping[str, str]
    glyphs: Glyphs
    calm: bool = False
    pending: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `least` and `most` are widths in cells; spare cells are shared out by `weight`.

    When not all columns fit, the one with the highest `drop` goes first. `look` names how the cell is drawn;
    the empty look is plain, and `status` stands for the look of the session's state.
    """

    id: str
    title: str
    least: int
    drop: int
    text: Callable[[Session, Context], str]
    look: str = ""
    weight: int = 0
    most: int = 0
    right: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A column's place on the line: `cells` of its own, then `after` blank ones."""

    column: Column
    cells: int
    after: int


def late(session: Session, now: datetime) -> bool:
    """Whether the customer has been waiting for too long, as the first line of the screen counts it."""
    waited = wait_seconds(session, now) if session.status is Status.WAITING else None
    return waited is not None and waited > LONG_WAIT_MINUTES * 60


def status_text(session: Session, glyphs: Glyphs) -> str:
    """Glyph and word; an unknown state is shown in the vendor's own word."""
    status = session.status
    word = session.provider_status if status is Status.UNKNOWN else None
    return f"{status.glyph(ascii_only=glyphs.ascii_only)} {word or status.value}"


def _status(session: Session, context: Context) -> str:
    if context.pending and session.key in context.pending:
        return f"{context.glyphs.pending} pending"
    return status_text(session, context.glyphs)


def _wait(session: Session, context: Context) -> str:
    waited = wait_seconds(session, context.now)
    if waited is not None:
        return coarse(waited, calm=context.calm)
    if session.status in (Status.WAITING, Status.NOT_STARTED):
        return estimate(session.estimated_wait_minutes)
    return NOTHING


def estimate(minutes: float | None) -> str:
    """A vendor's estimate of a wait, marked as one: `~1m`, `~2h`."""
    if minutes is None or not math.isfinite(minutes) or minutes < 0:
        return NOTHING
    if minutes < 60:
        return f"~{math.ceil(minutes)}m"
    return f"~{round(minutes / 60)}h" if minutes < 99 * 60 else "~99h+"


def _age(session: Session, context: Context) -> str:
    return coarse(age_seconds(session, context.now), calm=context.calm)


def _provider(session: Session, context: Context) -> str:
    return context.provider_names.get(session.provider, session.provider)


def _customer(session: Session, _context: Context) -> str:
    return session.customer or session.customer_email or session.customer_phone or NOTHING


def _column(id: str, text: Callable[[Session, Context], str], look: str = "") -> Column:
    place = next(place for place in PLACES if place.id == id)
    sizes = {"weight": place.weight, "most": place.most}
    return Column(id, place.title, place.least, place.drop, text, look, **sizes, right=place.right)


COLUMNS: Final[tuple[Column, ...]] = (
    _column("wait", _wait, "status"),
    _column("status", _status, "status"),
    _column("provider", _provider, "muted"),
    _column("profile", lambda s, _: s.profile, "muted"),
    _column("customer", _customer),
    _column("subject", lambda s, _: s.subject or NOTHING),
    _column("agent", lambda s, _: s.agent or NOTHING, "muted"),
    _column("age", _age, "muted"),
)


def plan(width: int, *, profiles: bool, columns: Sequence[Column] = COLUMNS) -> tuple[Slot, ...]:
    """The columns that fit into `width` cells, and where; see `shared_out`."""
    shared = shared_out(columns, width, profiles=profiles)
    return tuple(Slot(columns[number], cells, after) for number, cells, after in shared)


def title_text(slot: Slot, *, order: str | None, reverse: bool, glyphs: Glyphs) -> str:
    """A column's title in its width, with the order's mark when the rows are ordered by it."""
    title = slot.column.title
    if slot.column.id == order:
        title = title[: slot.cells - 1] + (glyphs.ascending if reverse else glyphs.descending)
    return fit(title, slot.cells, right=slot.column.right, ellipsis=glyphs.ellipsis)


def cell_text(slot: Slot, session: Session, context: Context) -> str:
    """A session's text for a column, in exactly the column's width."""
    text = slot.column.text(session, context)
    return fit(text, slot.cells, right=slot.column.right, ellipsis=context.glyphs.ellipsis)
