"""Copying over SSH: an OSC 52 sequence to the terminal, and the text on screen in case that drops it."""

from __future__ import annotations

from tui.model.session import Session
from tui.model.text import Opaque, copyable, shown
from tui.screens.base import DeskScreen
from tui.terminal.hooks import send_to_terminal


def why_no_link(session: Session | None) -> str | None:
    """Why there is no link to copy; None when there is one."""
    link = best_link(session)
    if session is None:
        return "no session is selected"
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


def _copy(screen: DeskScreen, text: Opaque, what: str) -> None:
    if not copyable(text):
        screen.tell(f"this {what} holds characters that must not reach a terminal", bad=True)
    elif send_to_terminal(screen.app, text):
        screen.tell(f"{what} sent to the terminal: {shown(text)}")
    else:
        screen.tell(f"too long for the terminal's clipboard: {shown(text, 60)}", bad=True)
