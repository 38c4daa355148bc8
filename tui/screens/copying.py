"""Copying over SSH: an OSC 52 sequence to the terminal, and the text on screen in case that drops it."""

from __future__ import annotations

from collections.abc import Collection

from tui.model.session import Key, Session
from tui.model.text import Opaque, copyable, shown
from tui.screens.base import DeskScreen
from tui.screens.plans import REMEMBERED
from tui.terminal.hooks import send_to_terminal


def why_no_link(session: Session | None, remembered: Collection[Key] = ()) -> str | None:
    """Why there is no link to copy; None when there is one. `remembered` are those that were not told anew yet."""
    link = best_link(session)
    if session is None:
        return "no session is selected"
    if session.key in remembered:
        return REMEMBERED
    if link is None:
        return "the vendor gives no link for this session"
    return None if copyable(link) else "this link holds characters that must not reach a terminal"


def best_link(session: Session | None) -> Opaque | None:
    """What one would hand to the customer, else to a colleague."""
    if session is None:
        return None
    return session.links.join or session.links.start or session.links.recording


def copy_id(screen: DeskScreen, session: Session | None) -> None:
    """Sends the id to the terminal's clipboard."""
    if session is not None:
        _copy(screen, session.id, "id")


def copy_link(screen: DeskScreen, session: Session | None) -> None:
    """Sends the join link to the terminal's clipboard."""
    link = best_link(session)
    if link is not None:
        _copy(screen, link, "link")


def copy_told(screen: DeskScreen, text: Opaque, what: str, *, secret: bool = False) -> None:
    """Sends one thing of a fresh result to the terminal's clipboard; a secret is not repeated on the status line."""
    _copy(screen, text, what, quote=not secret)


def _copy(screen: DeskScreen, text: Opaque, what: str, *, quote: bool = True) -> None:
    if not copyable(text):
        screen.tell(f"this {what} holds characters that must not reach a terminal", bad=True)
    elif send_to_terminal(screen.app, text):
        screen.tell(f"{what} sent to the terminal" + (f": {shown(text)}" if quote else ""))
    else:
        too_long = "too long for the terminal's clipboard"
        screen.tell(f"{too_long}: {shown(text, 60)}" if quote else too_long, bad=True)
