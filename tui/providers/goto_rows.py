"""GoToAssist Remote Support's rows as the model has them (sheet goto 2.1, 2.4, 2.7).

Optional fields are absent when they do not apply; the vendor's own tables disagree on what is a number and
what is text, so both are taken everywhere.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from tui.model.secret import Secret
from tui.model.session import NO_LINKS, Links, Session
from tui.model.status import Status
from tui.model.text import NO_TEXT, Clean, Opaque, line, word
from tui.providers.base import Decoded, SystemLink
from tui.providers.rows import Shape, decode, members, with_fields
from tui.providers.values import (
    Ident,
    Link,
    Text,
    Time,
    opaque,
    same_name,
    sendable,
    text,
    utc,
    words,
)

PROVIDER: Final = "goto-remote-support"

# design.md, the table of states; anything else is shown as the vendor's own word. This vendor writes its words
# in upper, lower and camel case in different places (sheet goto 2.1), so the case does not count.
STATES: Final = {
    "waiting": Status.WAITING,
    "active": Status.ACTIVE,
    "complete": Status.ENDED,
    "abandoned": Status.ABANDONED,
    "notStarted": Status.NOT_STARTED,
}
_LINK: Final = frozenset({"systemName", "systemDomain", "userEmail", "userToken", "callbackURL"})
_ID: Final = re.compile(r"SS-[0-9]+")
_FOLDED: Final = {word.casefold(): status for word, status in STATES.items()}
# `userToken` is called secret by the sheet (2.7); a session token launches the session (2.3).
_SECRET: Final = frozenset({"userToken", "sessionToken"})


class SessionRow(msgspec.Struct, gc=False, rename="camel"):
    """The fields of a session that the board shows (sheet goto 2.1)."""

    session_id: Ident = None
    session_token: Ident = None
    session_type: Text = None
    status: Text = None
    partner_object: Ident = None
    expert_name: Text = None
    expert_email: Text = None
    customer_name: Text = None
    customer_email: Text = None
    started_at: Time = None
    customer_joined_at: Time = None
    ended_at: Time = None
    customer_join_url: Link = None
    session_recording_url: Link = None
    partner_object_url: Link = None


SESSION: Final = Shape(SessionRow)

_SHOWN: Final = frozenset(
    {
        "sessionId",
        "sessionType",
        "status",
        "partnerObject",
        "expertName",
        "customerName",
        "customerEmail",
        "startedAt",
        "customerJoinedAt",
        "endedAt",
        "customerJoinUrl",
        "sessionRecordingUrl",
        "partnerObjectUrl",
    }
)


def session(row: bytes, profile: str, me: str | None, *, full: bool = False) -> Decoded:
    """A row of the listing, or a fetched session. Never raises."""
    decoded = decode(row, SESSION, lambda read: _session(read, profile, me))
    return with_fields(decoded, row, _SHOWN, _SECRET) if full else decoded


def _session(row: SessionRow, profile: str, me: str | None) -> Session | None:
    # A session that was never started has no id yet (sheet goto 2.3); its token opens it just the same.
    known_by = opaque(row.session_id) or opaque(row.session_token)
    if known_by is None:
        return None
    state = row.status or ""
    partner = opaque(row.partner_object)
    return Session(
        profile=profile,
        provider=PROVIDER,
        id=known_by,
        status=STATES.get(state) or _FOLDED.get(state.casefold(), Status.UNKNOWN),
        provider_status=word(state),
        kind=NO_TEXT if row.session_type is None else word(row.session_type),
        subject=words(partner),
        customer=words(row.customer_name),
        customer_email=words(row.customer_email),
        agent=_agent(row, me),
        started_at=utc(row.started_at),
        joined_at=utc(row.customer_joined_at),
        ended_at=utc(row.ended_at),
        links=_links(row),
    )


def _agent(row: SessionRow, me: str | None) -> Clean | None:
    # By the word that the profile's `me` uses, so that the view "mine" finds it.
    if me and same_name(me, row.expert_email):
        return words(me)
    return words(row.expert_name) or words(row.expert_email)


def _links(row: SessionRow) -> Links:
    if not (row.customer_join_url or row.session_recording_url or row.partner_object_url):
        return NO_LINKS
    return Links(
        join=opaque(row.customer_join_url),
        recording=opaque(row.session_recording_url),
        partner=opaque(row.partner_object_url),
    )


def is_session(row: bytes) -> bool:
    """Whether a fetched row says anything of a session: not every 200 does.

    A session may have no id yet, and `status` is a word that any error speaks of too.
    """
    read = SESSION.read(row)
    if read is None:
        return False
    told = msgspec.structs.asdict(read)
    state = told.pop("status") or ""
    return state.casefold() in _FOLDED or any(value not in (None, "") for value in told.values())


def is_another(row: bytes, ref: Opaque) -> bool:
    """Whether a fetched row is of another session than `ref`, an id or a token, asked for.

    A row need not repeat the token that it was asked by: one with an id alone is another session only where
    `ref` is an id by its looks.
    """
    read = SESSION.read(row)
    if read is None:
        return False
    known_by = [opaque(read.session_id), opaque(read.session_token)]
    names = {_bare(name) for name in known_by if name is not None}
    if not names or _bare(ref) in names:
        return False
    return known_by[1] is not None or _ID.fullmatch(ref) is not None


def _bare(name: str) -> str:
    """An id comes as `SS-87555` or as a number (sheet goto 2.1)."""
    return name.removeprefix("SS-") if _ID.fullmatch(name) else name


def named_by(row: bytes, ref: Opaque) -> bytes:
    """The row of a fetched session. One that has no id yet is known by the token that it was fetched with."""
    values = members(row) or {}
    if values.get("sessionId") or values.get("sessionToken"):
        return row
    return msgspec.json.encode({**values, "sessionToken": ref})


def system_link(value: object) -> SystemLink | None:
    """One partner-system link (sheet goto 2.7); None for what has none of its fields, such as `{}` for "none"."""
    if not isinstance(value, dict) or _LINK.isdisjoint(value):
        return None
    token = text(value.get("userToken"))
    callback = text(value.get("callbackURL"))
    return SystemLink(
        name=line(text(value.get("systemName"))),
        domain=line(text(value.get("systemDomain"))),
        user_email=line(text(value.get("userEmail"))),
        user_token=Secret(token) if token and sendable(token) else None,
        callback_url=Opaque(callback) if callback else None,
    )
