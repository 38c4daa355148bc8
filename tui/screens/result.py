"""What came of a create: what to tell the customer, big and first. It follows the session until it has its row."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from tui.model.secret import Secret
from tui.model.text import Clean, Opaque, copyable, line
from tui.screens import keys
from tui.screens.copying import copy_told
from tui.screens.flight import FlightScreen
from tui.screens.qr import QrScreen
from tui.screens.telling import Telling, words
from tui.widgets.line_list import Line, Part, wrapped
from tui.widgets.qr_code import NEEDS_EXTRA, available


class ResultScreen(FlightScreen):
    """Shown in the form's place when a session was created, and again by `n` when nobody looked then."""

    NAME = "result"
    BINDINGS: ClassVar[list[BindingType]] = keys.RESULT

    def status(self) -> Clean:
        if self.flight.problem is None:
            return super().status()
        return line("the answer was lost: this is what the vendor's list shows")

    @property
    def telling(self) -> Telling:
        """What there is to tell now."""
        made = self.flight.made
        created = made.created if made is not None else None
        return Telling(created, self.flight.session, late=self.flight.late)

    def lines(self, width: int) -> list[Line]:
        desk = self.desk
        found = desk.profile(self.flight.profile)
        vendor = f" ({desk.specs[found.provider].title})" if found is not None else ""
        found_later = self.flight.problem is not None
        how = "Found: it was created at" if found_later else "Created at"
        head = line(f"{how} {self.flight.profile}{vendor}")
        return [
            *wrapped([], Part(head, "good"), width),
            (),
            *self.telling.lines(
                width, desk.clock.now(), zone=desk.zone, ascii_only=desk.ascii_only
            ),
            (),
            *wrapped([], self._row(), width),
        ]

    def _row(self) -> Part:
        """Where the session is in the list."""
        session = self.flight.session
        if session is None:
            if self.flight.standing_in is not None:
                text = "A pending row stands for it in the list; what its own brings appears here."
                return Part(line(text), "muted")
            made = self.flight.made
            nameless = made is not None and made.created is not None and made.created.ref is None
            text = (
                "The vendor does not say which session it is: its row comes like any other's."
                if nameless
                else "Not in the list yet; its row, and what it brings, appears here by itself."
            )
            return Part(line(text), "muted")
        if self.flight.late:
            link = " The customer's join link is above." if session.links.join is not None else ""
            return Part(line(f"It is in the list now, as {session.status.value}.{link}"), "good")
        return Part(
            line(f"It is in the list, as {session.status.value}, and selected there."), "muted"
        )

    # --- keys -----------------------------------------------------------------------------------------------

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action == "copy_first" and (self.telling.first is None or not self.telling.first.copies):
            return "the vendor gives nothing to copy"
        if action in ("copy_link", "qr"):
            link = self.telling.link
            if link is None:
                return "there is no link"
            if not copyable(link):
                return "this link holds characters that must not reach a terminal"
        if action == "qr" and not available():
            return NEEDS_EXTRA
        return super().why_not(action, parameters)

    def action_copy_first(self) -> None:
        first = self.telling.first
        if first is not None:
            secret = isinstance(first.text, Secret)
            copy_told(self, Opaque(words(first)), first.label, secret=secret)

    def action_copy_link(self) -> None:
        link = self.telling.link
        if link is not None:
            copy_told(self, link, "link")

    def action_qr(self) -> None:
        link = self.telling.link
        if link is not None:
            self.app.push_screen(QrScreen(link, ascii_only=self.desk.ascii_only))
