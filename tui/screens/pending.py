"""A row that stands for a session which its vendor does not show yet, as the detail screen tells it. Pure."""

from __future__ import annotations

import msgspec

from tui.live.pending import WORD
from tui.model.secret import Secret
from tui.model.session import Session
from tui.model.text import NO_TEXT, line
from tui.screens.desk import Desk
from tui.screens.telling import readable
from tui.widgets.line_list import Line, Part, wrapped


def without_stand_in(desk: Desk, session: Session) -> Session:
    """Without the word that stands where a vendor has its own: it is ours."""
    ours = session.provider_status == WORD and desk.creations.pending(session.key) is not None
    return msgspec.structs.replace(session, provider_status=NO_TEXT) if ours else session


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
