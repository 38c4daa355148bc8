"""What to tell the customer about a new session, as lines: the first thing big, all of it fit to be read aloud.

This is the one view of a fresh result: what the vendor calls secret is shown here, to whoever created it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from rich.cells import cell_len

from tui.model.age import coarse
from tui.model.secret import Secret
from tui.model.session import Session
from tui.model.text import Clean, Opaque, line, shown
from tui.providers.base import Created, Told
from tui.widgets.big_text import big, grouped
from tui.widgets.line_list import Line, Part, wrapped

_LABEL_MOST = 30
# Longer than anything a vendor tells: a token that is cut is no token.
_LIMIT = 8192
_JOIN = "join link"


class Telling:
    """One result: what the vendor told at the create, and the session's row once there is one."""

    def __init__(self, created: Created | None, session: Session | None, *, late: bool) -> None:
        self.session = session
        self._late = late
        join = session.links.join if session is not None else None
        told = created.told if created is not None else _of_row(session)
        self.told = _with_join(told, join, late=late)

    @property
    def first(self) -> Told | None:
        """What the customer needs: what is copied first, else what was told first."""
        copied = next((told for told in self.told if told.copies), None)
        return copied or next(iter(self.told), None)

    @property
    def link(self) -> Opaque | None:
        """The link to hand on: the customer's where it is known, else the first that was told."""
        session = self.session
        if session is not None and session.links.join is not None:
            return session.links.join
        told = (Opaque(words(told)) for told in self.told if told.copies)
        return next((link for link in told if is_link(link)), None)

    def lines(self, width: int, now: datetime, *, zone: tzinfo, ascii_only: bool) -> Iterator[Line]:
        """All of it in `width` cells."""
        first = self.first
        if first is not None:
            yield (Part(first.label, "muted"),)
            yield from _big(first, width, ascii_only=ascii_only)
        rest = [told for told in self.told if told is not first]
        if rest:
            yield ()
        cells = min(_LABEL_MOST, max([12, *(cell_len(told.label) + 2 for told in rest)]))
        for told in rest:
            look = "accent" if is_link(words(told)) else "strong" if told.copies else ""
            if self._late and told.label == _join_label():
                look = "good"
            yield from _row(told.label, readable(told), cells, width, look)
        yield from self._expiry(cells, now, width, zone)

    def _expiry(self, cells: int, now: datetime, width: int, zone: tzinfo) -> Iterator[Line]:
        at = self.session.expires_at if self.session is not None else None
        if at is None or any(told.label == "expires" for told in self.told):
            return
        left = (at - now).total_seconds()
        when = f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        told = f"{when}, in {coarse(left)}" if left > 0 else when
        yield from _row(line("expires"), line(told), cells, width, "")


def _join_label() -> Clean:
    return line(f"customer's {_JOIN}")


def _of_row(session: Session | None) -> tuple[Told, ...]:
    """What there is to tell where the vendor's answer was lost: what the row itself shows."""
    if session is None:
        return ()
    told = Told(line("session"), session.id, copies=True)
    join = session.links.join
    return (told,) if join is None else (Told(_join_label(), join, copies=True), told)


def _with_join(told: tuple[Told, ...], join: Opaque | None, *, late: bool) -> tuple[Told, ...]:
    """With the join link that came with the row, in the place of the promise that it will come."""
    if join is None or any(words(one) == join for one in told):
        return told
    found = Told(_join_label(), join, copies=True)
    promise = next(
        (at for at, one in enumerate(told) if _JOIN in one.label and not one.copies), len(told)
    )
    return (*told[:promise], found, *told[promise + 1 :])


def words(told: Told) -> str:
    """The thing itself, exactly as it is copied."""
    return told.text.reveal() if isinstance(told.text, Secret) else str(told.text)


def is_link(text: str) -> bool:
    """Whether it is a web address."""
    return text.startswith(("https://", "http://"))


def readable(told: Told) -> Clean:
    """As it is shown: a link whole, a number in groups."""
    text = words(told)
    return shown(Opaque(text), _LIMIT) if is_link(text) else grouped(line(text, _LIMIT))


def _big(told: Told, width: int, *, ascii_only: bool) -> Iterator[Line]:
    text = readable(told)
    rows = None if is_link(text) else big(text, width, ascii_only=ascii_only)
    if rows is None:
        yield from wrapped([], Part(text, "key"), width)
        return
    for row in rows:
        yield (Part(line(row), "key"),)
    yield (Part(text, "strong"),)


def _row(label: Clean, text: Clean, cells: int, width: int, look: str) -> Iterator[Line]:
    if cell_len(label) > cells - 2 or (is_link(text) and cells + cell_len(text) > width):
        # On lines of its own, from the edge: so a terminal's selection takes the link and nothing else.
        yield (Part(label, "muted"),)
        yield from wrapped([], Part(text, look), width)
        return
    gap = " " * (cells - cell_len(label))
    yield from wrapped([Part(line(label + gap), "muted")], Part(text, look), width)
