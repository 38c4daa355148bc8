"""What the queue shows in place of rows while it has none: why, and what to do about it."""

from __future__ import annotations

from tui.live.view import ViewSpec
from tui.screens.desk import Desk
from tui.widgets.blank_slate import BlankSlate, is_asking, why_empty
from tui.widgets.session_table import SessionTable


def show_emptiness(desk: Desk, spec: ViewSpec, table: SessionTable, blank: BlankSlate) -> None:
    """Shows one of the two. Where a first frame had the columns already, they stay above the words."""
    empty = not table.rows
    asking = empty and desk.painted and is_asking(desk.board)
    # Not by a class of the screen: that would style everything in it anew, just before the first rows.
    table.set_class(empty and not asking, "-empty")
    table.set_class(asking, "-asking")
    blank.set_class(empty, "-empty")
    if empty:
        blank.say(
            *why_empty(
                desk.board.health,
                [profile.name for profile in desk.profiles],
                desk.problems,
                view=spec.kind.value,
                filtered=bool(spec.filter.text),
                known=len(desk.board.sessions),
            )
        )
