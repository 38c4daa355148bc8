"""GoToAssist Remote Support's web-chat events as a transcript (sheet goto 2.6).

The vendor documents three fields of an event (time, content, name) and neither a role, nor a kind, nor how the
events are nested: roles are told from the session's names, kinds from the text, and any nesting is searched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from tui.model.lazy_dataclass import dataclass
from tui.model.problem import BadAnswer
from tui.model.session import Session
from tui.model.text import NO_TEXT, block, line
from tui.model.transcript import Entry, EntryKind, Role, Transcript, in_order
from tui.providers.values import instant, same_name, text

NO_CHAT: Final = line("no web chat was held in this session; these are its steps")
_EMPTY: Final = line("the chat holds no messages")
_MARKS: Final = frozenset({"timeStamp", "content", "participantName"})
_CHAT: Final = frozenset({"sessionId", "startTime", "endTime", "events"}) | _MARKS
_DEPTH: Final = 6
_LONGEST_NOTICE: Final = 200
# "John Doe has ended the session": somebody, what he did, and perhaps where.
_NOTICE: Final = re.compile(
    r"(?:(?P<who>\S.{0,120}?)\s+)??(?:(?:has|have|was|is)\s+(?:been\s+)?)?"
    r"(?P<did>joined|entered|left|disconnected|ended|closed)\b(?P<rest>.{0,100})",
    re.IGNORECASE,
)
_WHERE: Final = re.compile(
    r"(?:\s+(?:the|this|your))?\s+(?:web\s?)?(?:chat|session|conversation|support session)\s*[.!]?",
    re.IGNORECASE,
)
_KINDS: Final = {
    "joined": EntryKind.JOIN,
    "entered": EntryKind.JOIN,
    "left": EntryKind.LEAVE,
    "disconnected": EntryKind.LEAVE,
    "ended": EntryKind.STATE,
    "closed": EntryKind.STATE,
}
_ANYBODY: Final = re.compile(
    r"(?:the |your )?(?:expert|technician|agent|customer|session|chat|conversation|web chat)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Event:
    at: datetime | None
    content: str
    name: str

    def notice(self) -> re.Match[str] | None:
        """A line about somebody's coming or going. Only the named one, or nobody in particular, is believed:
        a customer may write "John Doe has ended the session" too."""
        found = _NOTICE.fullmatch(self.content.strip()[:_LONGEST_NOTICE])
        if found is None:
            return None
        who, rest = found["who"], found["rest"]
        if who is not None and same_name(who, self.name):
            return found
        where = _WHERE.fullmatch(rest) is not None
        if who is None:
            return found if where else None
        plain = where or not rest.strip(" .!")
        return found if plain and _ANYBODY.fullmatch(who) else None


def transcript(answer: object, session: Session) -> Transcript:
    """The chat by time. `answer` is the decoded JSON of the events call, in whatever nesting.

    Raises `BadAnswer` for what is no list and has none of the documented members: a page of errors must not be
    told as a chat in which nobody said anything.
    """
    if not isinstance(answer, list) and not _is_chat(answer):
        raise BadAnswer("reading the chat: the answer is not the chat that the vendor documents")
    events = [_event(found) for found in _events(answer)]
    experts = {
        event.name.strip().casefold() for event in events if event.name and event.notice()
    } - {(session.customer or "").casefold()}
    entries = [_entry(event, session, experts) for event in events if event.content.strip()]
    return Transcript(in_order(entries), note=None if entries else _EMPTY)


def left(session: Session) -> list[Entry]:
    """The technicians' notes (of a session that was read with its fields) and that it was recorded.

    They come last: the vendor tells no time of them (sheet goto 2.1).
    """
    entries: list[Entry] = []
    notes = dict(session.fields).get(line("notes"))
    if isinstance(notes, str) and notes.strip():
        told = block(f"notes: {notes}")
        author = session.agent or NO_TEXT
        entries.append(Entry(session.ended_at, author, Role.AGENT, EntryKind.STATE, told))
    if session.links.recording is not None:
        told = line("the session was recorded: its link is in the detail")
        entries.append(Entry(session.ended_at, NO_TEXT, Role.SYSTEM, EntryKind.STATE, told))
    return entries


def _is_chat(answer: object) -> bool:
    """One of the documented members, or a list under any name: the list's own name is UNCONFIRMED."""
    if not isinstance(answer, dict):
        return False
    return not _CHAT.isdisjoint(answer) or any(
        isinstance(inner, list | dict) for inner in answer.values()
    )


def _events(value: object, depth: int = 0) -> Iterator[dict[str, object]]:
    """Every object that looks like an event: in a list, under the first list of an object, or deeper."""
    if depth > _DEPTH:
        return
    if isinstance(value, list):
        for inner in value:
            yield from _events(inner, depth + 1)
    elif isinstance(value, dict):
        lists = [inner for inner in value.values() if isinstance(inner, list)]
        inside = list(_events(lists[0], depth + 1)) if lists else []
        if inside:
            yield from inside
        elif not _MARKS.isdisjoint(value):
            yield value
        else:
            for inner in value.values():
                yield from _events(inner, depth + 1)


def _event(found: dict[str, object]) -> _Event:
    return _Event(
        at=instant(found.get("timeStamp")),
        content=text(found.get("content")) or "",
        name=text(found.get("participantName")) or "",
    )


def _entry(event: _Event, session: Session, experts: set[str]) -> Entry:
    notice = event.notice()
    said = notice is None
    return Entry(
        at=event.at,
        author=line(event.name),
        role=_role(event.name, session, experts) if said else Role.SYSTEM,
        kind=EntryKind.MESSAGE if notice is None else _KINDS[notice["did"].casefold()],
        text=block(event.content),
    )


def _role(name: str, session: Session, experts: set[str]) -> Role:
    """Customer or agent by the session's own names; else by who is left to be it.

    Notices are about experts (sheet goto 2.6), so whoever has one is an agent. Other technicians may join, so
    beside a known customer every other name is an agent; beside a known agent, every other is the customer.
    """
    if not name.strip():
        return Role.SYSTEM
    if same_name(name, session.customer) or same_name(name, session.customer_email):
        return Role.CUSTOMER
    if same_name(name, session.agent) or name.strip().casefold() in experts:
        return Role.AGENT
    return Role.AGENT if session.customer else Role.CUSTOMER
