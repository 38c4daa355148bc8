"""Take Control's chat as a transcript, or the session's steps where there is none (sheet take control 4.4).

The schema of `CHAT_INFO` is not documented. A message is taken to be whatever holds a text, with the author and
the time that stand beside it under one of the names that chats commonly use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Final

from tui.model.lazy_dataclass import dataclass
from tui.model.session import Session
from tui.model.text import NO_TEXT, Clean, block, line
from tui.model.transcript import Entry, EntryKind, Role, Transcript, in_order, steps
from tui.providers import take_control_times as times
from tui.providers.take_control_rows import flag
from tui.providers.take_control_tree import Forbidden, Node, addresses, tree
from tui.providers.values import same_name, text

NO_CHAT: Final = line("the vendor tells no chat of this session; these are its steps")
REFUSED: Final = line("the vendor refuses to tell the chat (CHAT_INFO); these are the steps")
HOSTILE: Final = line("the chat declares a document type and is not read; these are the steps")
CUT: Final = line("the chat cannot be read to its end")

_MOST: Final = 5_000
_PLAIN: Final = re.compile(r"[^a-z0-9]")


def _names(told: str) -> frozenset[str]:
    return frozenset(told.split())


_TEXTS: Final = _names(
    "text message msg body content line comment value said chattext messagetext chat"
)
_AUTHORS: Final = _names(
    "author from user username name sender nick nickname who participant participantname sendername "
    "fromname displayname techname tech technician agent operator customer client customername "
    "techusername"
)
_TIMES: Final = _names(
    "time date datetime timestamp at when sent senttime sentat created createdat datesent ts"
)
_ROLES: Final = _names("role type usertype sendertype origin direction")
_AGENTS: Final = ("tech", "agent", "operator", "support", "expert")
_CUSTOMERS: Final = ("customer", "client", "guest", "visitor", "enduser")
_SYSTEMS: Final = ("system", "info", "notice", "server")
# Names that, holding a text themselves, say who speaks: <tech>Hello</tech>.
_SPEAKERS: Final = _names("tech technician agent operator customer client")
_ASIDE: Final = _ROLES | _names("id session sessionid count version encoding lang language")


@dataclass(frozen=True, slots=True)
class People:
    """Who may speak in a session, and in which zone its times are."""

    agents: tuple[str | None, ...]
    customers: tuple[str | None, ...]
    zone: tzinfo
    start: datetime | None


def transcript(
    session: Session, record: dict[str, object], zone: tzinfo, *, refused: bool
) -> Transcript:
    """The chat of a record (its names folded), or the steps of the session with what else is known of it.

    `refused` says that the vendor does not take the var CHAT_INFO. Never raises.
    """
    try:
        root = tree(record.get("chat_info"))
    except Forbidden:
        return _timeline(session, record, HOSTILE)
    entries = [] if root is None else _entries(root, _people(session, record, zone))
    if root is None or not entries:
        return _timeline(session, record, REFUSED if refused and root is None else NO_CHAT)
    whole = root.whole and len(entries) < _MOST
    # Sorted only when every message has a time: else the order of the chat is all that is known.
    timed = all(entry.at is not None for entry in entries)
    ordered = in_order(entries) if timed else tuple(entries)
    return Transcript(ordered, complete=whole, note=None if whole else CUT)


def _people(session: Session, record: dict[str, object], zone: tzinfo) -> People:
    return People(
        agents=(session.agent, text(record.get("tech_name")), text(record.get("tech_username"))),
        customers=(session.customer, session.customer_email),
        zone=zone,
        start=session.started_at,
    )


def _timeline(session: Session, record: dict[str, object], note: Clean) -> Transcript:
    """The steps of a session, and what is left of it."""
    entries = (*in_order(steps(session)), *left(session, record))
    return Transcript(entries, spoken=False, note=note)


def left(session: Session, record: dict[str, object]) -> list[Entry]:
    """The technician's notes, and how many videos there are: they come last, for their times are not told."""
    entries: list[Entry] = []
    at = session.ended_at
    notes = block(text(record.get("notes")))
    if notes.strip():
        author = session.agent or NO_TEXT
        told = block(f"notes: {notes}")
        entries.append(Entry(at, author, Role.AGENT, EntryKind.STATE, told))
    videos = len(addresses(record.get("video_links")))
    if videos or flag(record.get("has_videos")):
        count = f"{videos} video{'' if videos == 1 else 's'}" if videos else "there are videos"
        told = line(f"the session was recorded: {count} of it")
        entries.append(Entry(at, NO_TEXT, Role.SYSTEM, EntryKind.STATE, told))
    return entries


# --- messages ----------------------------------------------------------------------------------------------

Said = dict[str, str]


def _entries(root: Node, people: People) -> list[Entry]:
    entries: list[Entry] = []
    for said, alone in _said(root):
        for entry in _read(said, alone, people):
            entries.append(entry)
            if len(entries) >= _MOST:
                return entries
    return entries


def _said(node: Node) -> Iterator[tuple[Said, bool]]:
    """What stands together, name by name, each time with whether it stands alone: nothing nested beside it.

    A name that comes again begins the next one: `from, text, from, text` are two.
    """
    alone = all(map(_is_plain, node.children))
    said = {_fold(name): value for name, value in node.attributes if value.strip()}
    own = " ".join(node.words.split()) if node.children else node.words.strip()
    if own:
        said.setdefault("text", own)
    for child in node.children:
        name = _fold(child.name)
        if not _is_plain(child) and name not in _AUTHORS | _TIMES:
            if said:
                yield said, alone
                said = {}
            yield from _said(child)
            continue
        if name in said:
            yield said, alone
            said = {}
        if words := " ".join(filter(None, map(str.strip, child.texts()))):
            said[name] = words if child.children else child.words.strip() or words
    if said:
        yield said, alone


def _is_plain(node: Node) -> bool:
    """Whether a node is one value and not a message of its own."""
    if node.children:
        return False
    return not any(_fold(name) in _AUTHORS | _TIMES | _TEXTS for name, _ in node.attributes)


def _fold(name: str) -> str:
    return _PLAIN.sub("", name.rsplit(":", 1)[-1].lower())


def _read(said: Said, alone: bool, people: People) -> Iterator[Entry]:
    names = [name for name in said if name in _TEXTS]
    at = _time([value for name, value in said.items() if name in _TIMES], people)
    if names:
        author = next((value for name, value in said.items() if name in _AUTHORS), "")
        yield _entry(at, author, _role(said, author, people), said[names[0]])
        return
    speakers = [name for name in said if name in _SPEAKERS]
    if speakers:
        for name in speakers:
            yield _entry(at, "", _told_role(name) or Role.SYSTEM, said[name])
        return
    known = {name for name in said if name in _AUTHORS | _TIMES}
    rest = [value for name, value in said.items() if name not in known | _ASIDE]
    if alone and known and rest:
        author = next((value for name, value in said.items() if name in _AUTHORS), "")
        yield _entry(at, author, _role(said, author, people), " ".join(rest))


def _entry(at: datetime | None, author: str, role: Role, told: str) -> Entry:
    return Entry(at, line(author), role, EntryKind.MESSAGE, block(told))


def _time(told: list[str], people: People) -> datetime | None:
    """The first time that can be read; a date and a time of day may stand apart."""
    candidates = [" ".join(told), " ".join(reversed(told)), *told] if len(told) > 1 else told
    for words in candidates:
        if when := times.moment(words, people.zone):
            return when
    return next(
        (at for words in told if (at := times.clock_time(words, people.zone, people.start))), None
    )


def _role(said: Said, author: str, people: People) -> Role:
    """By what the chat says, else by the session's names; beside a known customer every other is an agent."""
    for name in _ROLES & said.keys():
        if role := _told_role(said[name]):
            return role
    if any(same_name(author, name) for name in people.customers):
        return Role.CUSTOMER
    if any(same_name(author, name) for name in people.agents):
        return Role.AGENT
    if not author.strip():
        return Role.SYSTEM
    if _fold(author) in _SPEAKERS and (role := _told_role(author)):
        return role
    return Role.AGENT if any(people.customers) else Role.CUSTOMER


def _told_role(told: str) -> Role | None:
    word = _fold(told)
    for starts, role in (
        (_AGENTS, Role.AGENT),
        (_CUSTOMERS, Role.CUSTOMER),
        (_SYSTEMS, Role.SYSTEM),
    ):
        if word.startswith(starts):
            return role
    return None
