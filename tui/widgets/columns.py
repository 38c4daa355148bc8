"""The queue's columns: what each shows of a session, and which of them fit into a width."""

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
from tui.widgets.cells import fit
from tui.widgets.glyphs import Glyphs

GUTTER: Final = 2  # the cursor's mark and the user's mark stand before the first column
_NARROW: Final = 100  # below this many cells the columns stand one cell apart, else two
_WIDE: Final = 140  # from here on the profile is shown although it is not needed
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


_LEAST_STATUS = 2 + len(Status.NOT_STARTED)

COLUMNS: Final[tuple[Column, ...]] = (
    Column("wait", "WAIT", 6, 3, _wait, look="status", right=True),
    Column(
        "status",
        "STATUS",
        _LEAST_STATUS,
        1,
        _status,
        look="status",
    ),
    Column("provider", "PROVIDER", 8, 4, _provider, look="muted"),
    Column("profile", "PROFILE", 8, 7, lambda s, _: s.profile, look="muted", weight=1, most=20),
    Column("customer", "CUSTOMER", 12, 2, _customer, weight=3, most=30),
    Column("subject", "SUBJECT", 12, 5, lambda s, _: s.subject or NOTHING, weight=5, most=200),
    Column("agent", "AGENT", 9, 8, lambda s, _: s.agent or NOTHING, "muted", weight=2, most=24),
    Column("age", "AGE", 6, 6, _age, "muted", right=True),
)


def plan(width: int, *, profiles: bool, columns: Sequence[Column] = COLUMNS) -> tuple[Slot, ...]:
    """The columns that fit into `width` cells, and where.

    `profiles` says that the profile's name is needed to tell sessions apart; otherwise it only fills a wide line.
    """
    gap = 1 if width < _NARROW else 2
    shown = [c for c in columns if c.id != "profile" or profiles or width >= _WIDE]
    while len(shown) > 1 and _least(shown, gap) > width:
        shown.remove(max(shown, key=lambda column: column.drop))
    sizes = _share(shown, width - _least(shown, gap))
    if len(shown) == 1:
        sizes = [max(1, min(sizes[0], width - GUTTER))]
    return tuple(
        Slot(column, size, 0 if column is shown[-1] else gap)
        for column, size in zip(shown, sizes, strict=True)
    )


def _least(columns: Sequence[Column], gap: int) -> int:
    return GUTTER + sum(column.least for column in columns) + gap * (len(columns) - 1)


def _share(columns: Sequence[Column], spare: int) -> list[int]:
    """Widths: every spare cell goes to the column that has had least for its weight."""
    sizes = [column.least for column in columns]
    for _ in range(spare):
        open_ones = [
            index
            for index, column in enumerate(columns)
            if column.weight and sizes[index] < column.most
        ]
        if not open_ones:
            break
        index = min(open_ones, key=lambda i: (sizes[i] - columns[i].least) / columns[i].weight)
        sizes[index] += 1
    return sizes


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
