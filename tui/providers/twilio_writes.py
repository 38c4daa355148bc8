"""What can be done at Twilio Proxy: create a session, close, reopen, extend or delete it (sheet twilio 1.2 to 1.4).

A body is a form; a session is changed by POST to its own address. The vendor knows no idempotency key, so every
create carries a unique name: by it the session is found when the answer to its create is lost (sheet twilio 1.1).
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import msgspec

from tui.model.clock import Clock
from tui.model.form import Values
from tui.model.operation import Body, Operation
from tui.model.problem import (
    BadAnswer,
    Busy,
    NoAnswer,
    NotFound,
    Problem,
    ReadOnly,
    Refused,
    Unreachable,
    UsageProblem,
)
from tui.model.profile import Profile
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.net.client import Client, Reply
from tui.providers import twilio_forms
from tui.providers.base import Created, Decoded, Look, Lost, Prepared, Told
from tui.providers.forms import meant, rfc3339
from tui.providers.rows import Shape, members, one_row
from tui.providers.twilio_errors import problem
from tui.providers.twilio_expiry import new_expiry, whole
from tui.providers.twilio_rows import SID
from tui.providers.values import Ident, Text, Time, instant, opaque, words

CREATE: Final = Operation(
    twilio_forms.CREATE, "POST", "/Services/{ServiceSid}/Sessions", writes=True, body=Body.FORM
)
UPDATE: Final = Operation(
    twilio_forms.UPDATE,
    "POST",
    "/Services/{ServiceSid}/Sessions/{Sid}",
    writes=True,
    body=Body.FORM,
)
DELETE: Final = Operation(
    twilio_forms.DELETE, "DELETE", "/Services/{ServiceSid}/Sessions/{Sid}", writes=True
)

_NAME_BITS: Final = 80
_UNCHANGEABLE: Final = frozenset({"80607", "80608"})
# What to do about a code that only writes meet (sheet twilio 1.7).
_HINTS: Final = {
    "20404": "check service_sid, and whether the session is still there",
    "80101": "one of the proxy numbers belongs to another service",
    "80103": "one of them is in the session already",
    "80408": "check service_sid",
    "80603": "a session of this name is there already, perhaps from an earlier try: open it by the name",
    "80604": "another open session uses the same number for the same person: close that one first",
    "80607": "a closed session can only be reopened",
    "80608": "the session is not in a state that allows it",
    "80609": "at most two participants are taken",
    "80612": "this participant was in the session before and cannot be added again",
    "80615": "the account is on legal hold: nothing can be deleted",
    "80623": "two requests met: look at the session before trying again",
} | dict.fromkeys(
    ("80201", "80203", "80206", "80207", "80208"),
    "the service has no proxy number left for them: add one, or close sessions",
)
_WIRE: Final = {
    "identifier": "Identifier",
    "friendly_name": "FriendlyName",
    "proxy_identifier": "ProxyIdentifier",
    "proxy_identifier_sid": "ProxyIdentifierSid",
}


class _Numbered(msgspec.Struct, gc=False):
    """A participant, as far as one must know it to read out a number (sheet twilio 1.6)."""

    friendly_name: Text = None
    identifier: Text = None
    proxy_identifier: Ident = None
    date_deleted: Time = None


_NUMBERED: Final = Shape(_Numbered)


class Reads(Protocol):
    """What the writing side needs of the reading one."""

    def path(self, **more: str) -> dict[str, str]: ...
    async def row(self, ref: Opaque) -> bytes: ...
    def decode(self, row: bytes, *, full: bool = False) -> Decoded: ...
    async def participants(self, session_id: Opaque) -> list[bytes]: ...


def named(values: Values, rng: random.Random) -> Prepared:
    """A create with a unique name (sheet twilio 1.3), a random one where none was typed."""
    typed = values.get("unique_name")
    if typed:
        return Prepared(values, Opaque(str(typed)), sure=False)
    name = f"sessiontop-{rng.getrandbits(_NAME_BITS):020x}"
    return Prepared({**values, "unique_name": name}, Opaque(name))


def create_form(values: Values) -> list[tuple[str, str]]:
    """The fields of a create as they travel: each participant is one JSON object under the same name."""
    pairs = [("UniqueName", values.get("unique_name")), ("DateExpiry", values.get("expires"))]
    pairs += [("Ttl", values.get("ttl")), ("Mode", values.get("mode"))]
    pairs += [("Status", values.get("status"))]
    form = [(name, str(value)) for name, value in pairs if value is not None]
    return form + [("Participants", _as_json(person)) for person in _people(values)]


def _as_json(person: Mapping[str, str]) -> str:
    wire = {_WIRE[name]: value for name, value in person.items()}
    return json.dumps(wire, ensure_ascii=False, separators=(",", ":"))


def _people(values: Values) -> Sequence[Mapping[str, str]]:
    people = values.get("participants", ())
    return people if isinstance(people, tuple) else ()


class TwilioWrites:
    """The writes of one profile. Each is sent once; what comes of a lost answer is the caller's to find out."""

    def __init__(
        self, reads: Reads, profile: Profile, client: Client, clock: Clock, rng: random.Random
    ) -> None:
        self._reads = reads
        self._profile = profile
        self._client = client
        self._clock = clock
        self._rng = rng

    def prepare(self, values: Values) -> Prepared:
        """The values that `create` will send, the reference among them (`unique_name`)."""
        return named(values, self._rng)

    async def find(self, lost: Lost) -> Look:
        """The session of that unique name. That the name may stand where the sid does is inferred (sheet twilio
        1.2), so "not found" is the last word only together with a complete listing."""
        for ref in (lost.reference, *lost.listed):
            try:
                row = await self._reads.row(ref)
            except NotFound:
                continue
            if (members(row) or {}).get("unique_name") == lost.reference:
                return Look((row,))
        return Look(complete=False)

    async def create(self, values: Values) -> Created:
        """Creates a session (201). Raises `UsageProblem` when `expires` is over, before anything is sent.

        No create leaves without a name, also one that nobody prepared.
        """
        values = self.prepare(values).values
        expires = instant(values.get("expires"))
        if expires is not None and expires <= self._clock.now():
            raise UsageProblem("expires must be in the future")
        what = "creating the session"
        reply = await self._client.send(CREATE, path=self._reads.path(), form=create_form(values))
        row = one_row(self._good(reply, what), what)
        session = self._reads.decode(row).session
        told = _told_session(session, values)
        if session is None:
            return Created(told=told, row=row, ref=Opaque(str(values["unique_name"])))
        return Created((*await self._told_numbers(session, values), *told), row, session.id)

    async def act(self, ref: Opaque, action: str, values: Values) -> bytes | None:
        """Does one of the declared actions. Raises `UsageProblem` for another one, or without its values."""
        known = {one.id: one for one in twilio_forms.ACTIONS}
        if action not in known:
            raise UsageProblem(f"{line(action, 40)} is no action here: {meant(action, [*known])}")
        if self._profile.read_only:
            # The client would refuse the write too, but some of these read first.
            raise ReadOnly(f"{self._profile.name} is read-only: {action} was not sent")
        match action:
            case "close":
                return await self._turn(ref, "closing the session", "closed", _ENDED)
            case "reopen":
                return await self._turn(ref, "reopening the session", "in-progress", _OPEN)
            case "extend":
                return await self._extend(ref, whole(values, "by"))
            case "set-ttl":
                form = [("Ttl", str(whole(values, "ttl")))]
                return await self._update(ref, "setting the time to live", form)
            case _:
                await self._delete(ref)
                return None

    async def _turn(self, ref: Opaque, what: str, state: str, done: frozenset[Status]) -> bytes:
        """A change of status; "cannot be changed" is success where the session is as it was wanted."""
        try:
            return await self._update(ref, what, [("Status", state)])
        except Refused as refused:
            if refused.code not in _UNCHANGEABLE:
                raise
            row = await self._as_it_is(ref)
            session = self._reads.decode(row).session if row is not None else None
            if row is None or session is None or session.status not in done:
                raise
            return row

    async def _as_it_is(self, ref: Opaque) -> bytes | None:
        try:
            return await self._reads.row(ref)
        except Problem:
            return None  # the refusal says more

    async def _extend(self, ref: Opaque, by: int) -> bytes:
        """Reads the expiry first: the vendor takes a date only, not an amount (sheet twilio 1.3)."""
        what = "extending the session"
        session = await self._read_first(ref, what)
        until = rfc3339(new_expiry(session, by, self._clock.now()))
        return await self._update(session.id, what, [("DateExpiry", until)])

    async def _delete(self, ref: Opaque) -> None:
        """204 without a body. A session that is not there any more was deleted before."""
        what = "deleting the session"
        reply = await self._client.send(
            DELETE, path=self._reads.path(Sid=await self._sid(ref, what))
        )
        if reply.ok:
            return
        refused = self._problem(reply, what)
        # A page for people comes from something in between, which knows nothing of sessions.
        if not isinstance(refused, NotFound) or reply.is_html:
            raise refused

    async def _update(self, ref: Opaque, what: str, form: list[tuple[str, str]]) -> bytes:
        path = self._reads.path(Sid=await self._sid(ref, what))
        reply = await self._client.send(UPDATE, path=path, form=form)
        return one_row(self._good(reply, what), what)

    async def _sid(self, ref: Opaque, what: str) -> Opaque:
        """The sid of a session that may be meant by its unique name."""
        return ref if SID.fullmatch(ref) else (await self._read_first(ref, what)).id

    async def _read_first(self, ref: Opaque, what: str) -> Session:
        """The session before the write. Where it cannot be read nothing was written: that is never a lost write,
        so it is `Unreachable`, whatever the read met. Refusals (keys, no such session) pass as they are."""
        try:
            session = self._reads.decode(await self._reads.row(ref)).session
            trouble = "the answer holds no session"
        except (NoAnswer, BadAnswer, Busy) as failed:
            session, trouble = None, str(failed.message)
        if session is None:
            raise Unreachable(
                f"{what}: it could not be read first, so nothing was sent ({trouble})"
            )
        return session

    async def _told_numbers(self, session: Session, values: Values) -> tuple[Told, ...]:
        """Which number each participant calls. The session is there: that these cannot be read is only told."""
        typed = [person["identifier"] for person in _people(values)]
        if not typed:
            return ()
        try:
            rows = await self._reads.participants(session.id)
        except Problem as trouble:
            return (Told(line("numbers"), line(f"could not be read: {trouble.message}")),)
        found = [row for row in map(_NUMBERED.read, rows) if row and row.date_deleted is None]
        found.sort(key=lambda row: _place(row.identifier, typed))
        told = tuple(one for row in found if (one := _told_number(row)) is not None)
        return told or (Told(line("numbers"), line("none was given yet")),)

    def _good(self, reply: Reply, what: str) -> bytes:
        if not reply.ok:
            raise self._problem(reply, what)
        return reply.json_bytes()

    def _problem(self, reply: Reply, what: str) -> Problem:
        """The problem by the vendor's code, with what to do about it."""
        found = problem(reply, what, self._clock)
        if isinstance(found, Refused) and type(found) in (Refused, NotFound):
            hint = _HINTS.get(str(found.code))
            if hint is not None and hint not in found.message:
                return type(found)(f"{found.message}; {hint}", found.status, found.code)
        return found


_ENDED: Final = frozenset({Status.ENDED})
_OPEN: Final = frozenset({Status.WAITING, Status.ACTIVE})


def _place(identifier: str | None, typed: list[str]) -> int:
    return typed.index(identifier) if identifier in typed else len(typed)


def _told_number(row: _Numbered) -> Told | None:
    number = opaque(row.proxy_identifier)
    who = words(row.friendly_name) or words(row.identifier) or "a participant"
    return None if number is None else Told(line(f"{who} calls"), number, copies=True)


def _told_session(session: Session | None, values: Values) -> tuple[Told, ...]:
    told = [Told(line("unique name"), Opaque(str(values["unique_name"])), copies=True)]
    if session is None:
        return tuple(told)
    told.insert(0, Told(line("session"), session.id, copies=True))
    if session.expires_at is not None:
        told.append(Told(line("expires"), line(rfc3339(session.expires_at))))
    return tuple(told)
