"""A row that stands for a session which its vendor does not show yet, as the detail screen tells it. Pure."""

from __future__ import annotations

from tui.model.secret import Secret
from tui.model.session import Session
from tui.model.text import line
from tui.screens.desk import Desk
from tui.screens.telling import readable
from tui.widgets.line_list import Line, Part, wrapped


def pending_lines(desk: Desk, session: Session, width: int) -> list[Line]:
    """What is awaited, and what the vendor told when the session was created; nothing for any other row. Secrets
    are shown where the session was created, not here."""
    reason = desk.creations.why_pending(session.key)
    flight = desk.creations.pending(session.key)
    if reason is None or flight is None or flight.made is None or flight.made.created is None:
        return []
    told = wrapped([], Part(line(f"P{reason[1:]}."), "warning"), width)
    told += wrapped([], Part(line("Its row takes this place by itself."), "muted"), width)
    for one in flight.made.created.told:
        if not isinstance(one.text, Secret):
            told += [(Part(one.label, "muted"),), *wrapped([], Part(readable(one)), width)]
    return [*told, ()]
