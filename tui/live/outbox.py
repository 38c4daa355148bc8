"""The mailbox as one profile's worker sees it: it can be closed, and then says nothing more."""

from __future__ import annotations

from collections.abc import Iterable

from tui.live.log import Wrote
from tui.live.mailbox import Mailbox
from tui.live.messages import Answer, Health
from tui.model.session import Key, Session
from tui.model.text import Opaque
from tui.net.exchange import Exchange


class Outbox:
    """Answers of a worker that was replaced come late: they are dropped here, their requests never cancelled.

    Answers to tickets still go out, and so do requests and writes for the log: they happened.
    """

    def __init__(self, mailbox: Mailbox, profile: str) -> None:
        self._mailbox = mailbox
        self._profile = profile
        self.open = True

    def sessions(self, sessions: Iterable[Session]) -> None:
        """Sessions that are new or changed."""
        told = tuple(sessions)
        if self.open and told:
            self._mailbox.tell_sessions(told)

    def rows(self, sessions: Iterable[Session]) -> None:
        """Sessions that the polling found new or changed: nobody waits for just these."""
        told = tuple(sessions)
        if self.open and told:
            self._mailbox.tell_rows(told)

    def gone(self, refs: Iterable[Opaque]) -> None:
        """Sessions that are no more, by id."""
        keys = [Key(self._profile, ref) for ref in refs]
        if self.open and keys:
            self._mailbox.tell_gone(keys)

    def grown(self, session: Session, instead_of: Opaque | None, answer: Answer) -> None:
        """A created session in the place of the row that stood for it."""
        if self.open:
            key = None if instead_of is None else Key(self._profile, instead_of)
            self._mailbox.tell_grown(session, key, answer)

    def health(self, health: Health) -> None:
        if self.open:
            self._mailbox.tell_health(health)

    def watched(self, answer: Answer) -> None:
        """A `Detail` or `Spoken`."""
        if self.open:
            self._mailbox.tell_answer(answer)

    def ticket(self, answer: Answer) -> None:
        """The answer to a question that somebody waits for."""
        self._mailbox.tell_answer(answer)

    def wrote(self, wrote: Wrote) -> None:
        """What came of a write."""
        self._mailbox.tell_wrote(wrote)

    def exchange(self, exchange: Exchange) -> None:
        self._mailbox.tell_exchange(exchange)
