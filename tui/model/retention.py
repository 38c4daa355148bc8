"""How long a vendor keeps what is left of a session, and how to say so. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from tui.model.lazy_dataclass import dataclass
from tui.model.session import Session
from tui.model.text import Clean, line

_DAY = 24.0
# Fewer hours than this are not told as days.
_DAYS_FROM = 4 * _DAY


@dataclass(frozen=True, slots=True)
class Retention:
    """Something that a vendor documents to keep for so many `hours`.

    `what` is a few words (at most 18 cells). `from_end`: counted from the session's end; else the vendor does not
    say from when. `at_least`: it may be kept longer. `source` is the sheet's section. `link` names the one of the
    session's links without which there is nothing of the kind.
    """

    what: str
    hours: float
    source: str
    from_end: bool = True
    at_least: bool = False
    link: str = ""

    def applies(self, session: Session) -> bool:
        """Whether there is such a thing: what was never stored is not kept either."""
        return not self.link or getattr(session.links, self.link) is not None

    def until(self, session: Session) -> datetime | None:
        """Until when, where that can be told."""
        if not self.from_end or session.ended_at is None:
            return None
        return session.ended_at + timedelta(hours=self.hours)

    def span(self) -> str:
        """`72 hours`, `at least 30 days`."""
        days, hours = f"{self.hours / _DAY:g} days", f"{self.hours:g} hours"
        return f"{'at least ' * self.at_least}{days if self.hours >= _DAYS_FROM else hours}"

    def told(self, session: Session, now: datetime, moment: Callable[[datetime], str]) -> Clean:
        """What is to be said of an ended session. `moment` writes a time."""
        until = self.until(session)
        if until is None:
            since = " after the end" if self.from_end else "; from when, the vendor does not say"
            return line(f"kept {self.span()}{since}")
        least = "at least " * self.at_least
        if until > now:
            return line(f"kept {least}until {moment(until)}")
        gone = "may be gone" if self.at_least else "expired"
        return line(f"{gone}: kept {least}until {moment(until)}")


def kept(
    retentions: Sequence[Retention],
    session: Session,
    now: datetime,
    moment: Callable[[datetime], str],
) -> Iterator[tuple[Clean, Clean]]:
    """What and until when, line by line; nothing while a session lives: nothing runs out then."""
    if session.status.live:
        return
    for one in filter(lambda one: one.applies(session), retentions):
        yield line(one.what), one.told(session, now, moment)
