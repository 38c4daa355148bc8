"""Writing sessions of Proxy: create, update, delete, and what refuses them (sheet twilio 1.3, 1.4).

The caller holds the desk's lock. All raise `RefusedError`, and then nothing was changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from starlette.requests import Request

from tui.simulator.kinds import Kind, Session, State
from tui.simulator.twilio_errors import Refusal
from tui.simulator.twilio_rows import Rows, Service
from tui.simulator.twilio_writes_edits import Edit, Edits
from tui.simulator.twilio_writes_form import (
    Fields,
    Form,
    RefusedError,
    fields_of_create,
    fields_of_update,
    form_of,
)
from tui.simulator.web import Stage

NOT_UNIQUE = Refusal(400, 80603, "Session UniqueName must be unique.")
CLOSED = Refusal(400, 80607, "Session is closed and cannot be updated")
STATUS = Refusal(400, 80608, "Session status change not supported.")
IN_USE = Refusal(400, 80604, "Proxy Identifier In Use")
SID = Refusal(400, 80409, "Invalid Session Sid")
_SID = re.compile(r"KC[0-9a-fA-F]{32}")
_FIRST = (None, "open", "in-progress", "closed")


def check_sid(sid: str) -> None:
    """POST and DELETE take SIDs only, no unique names (sheet twilio 1.2)."""
    if not _SID.fullmatch(sid):
        raise RefusedError(SID)


async def read_form(request: Request) -> Callable[[], Form]:
    """Reads the body now (the lock cannot be held for that), and the form in it when asked."""
    body = await request.body()
    return lambda: form_of(request.headers.get("content-type", ""), body)


class Writes:
    """`named` finds the session that has a unique name in a service."""

    def __init__(
        self, stage: Stage, rows: Rows, named: Callable[[Service, str], Session | None]
    ) -> None:
        self._stage, self._rows, self._named = stage, rows, named

    @property
    def _edits(self) -> Edits:
        return self._rows.edits

    def create(self, service: Service, form: Form) -> Session:
        """A new session; it lives on at the desk like any other."""
        desk = self._stage.desk
        fields = fields_of_create(form, desk.time)
        if fields.unique_name is not None and self._named(service, fields.unique_name):
            raise RefusedError(NOT_UNIQUE)
        if fields.status not in _FIRST:
            raise RefusedError(STATUS)
        edit = _made(service, fields)
        if fields.strict:
            self._check_pairs(edit)
        customer = next((one.friendly_name for one in fields.participants), None)
        session = desk.arrive(Kind.MESSAGING, desk.time, fixed=(customer or None, None))
        self._edits.created(session.serial, edit)
        if fields.status == "in-progress":
            desk.connect(session, desk.time)
        elif fields.status == "closed":
            self._close(session)
        return session

    def update(self, session: Session, form: Form) -> None:
        """Only an open session takes Ttl and DateExpiry; a closed one must be opened with it."""
        desk = self._stage.desk
        checked = self._stage.play["twilio-past-expiry"] == "refused"
        fields = fields_of_update(form, desk.time if checked else None)
        closed = self._is_closed(session)
        if fields.status is not None and fields.status != ("in-progress" if closed else "closed"):
            raise RefusedError(STATUS)
        if closed and session.state is State.FAILED:
            raise RefusedError(STATUS if fields.status else CLOSED)
        if closed and fields.status is None:
            raise RefusedError(CLOSED)
        if replace(fields, strict=False) == Fields():
            return
        edit = self._edits.fresh(session.serial)
        if fields.strict and closed and edit is not None:
            self._check_pairs(edit)
        self._change(session, fields)
        if fields.status == "closed":
            self._close(session)

    def delete(self, session: Session) -> None:
        """The session is gone with all that belongs to it; its unique name is free again."""
        desk = self._stage.desk
        desk.delete(session, desk.time)
        self._edits.deleted(session.serial)

    def _is_closed(self, session: Session) -> bool:
        return self._rows.ended(session) is not None

    def _check_pairs(self, edit: Edit) -> None:
        """Two active sessions cannot share a participant's pair of numbers (sheet twilio 1.4)."""
        for serial, other in self._edits.all():
            session = self._stage.desk.session(serial)
            if other is edit or other.service != edit.service or not other.pairs & edit.pairs:
                continue
            if session is not None and not self._is_closed(session):
                raise RefusedError(IN_USE)

    def _change(self, session: Session, fields: Fields) -> None:
        """Set times; `in-progress` opens the session again, with no end that is behind us."""
        desk, edit = self._stage.desk, self._edits.edit(session.serial)
        if fields.status == "in-progress":
            expiry = self._rows.date_expiry(session)
            edit.expiry = expiry if expiry is not None and expiry > desk.time else None
            edit.renewed, edit.by_api = desk.time, False
            desk.reopen(session, desk.time)
        edit.ttl = fields.ttl if fields.ttl is not None else edit.ttl
        edit.expiry = fields.expiry if fields.expiry is not None else edit.expiry
        edit.updated = desk.time
        desk.touch(session)

    def _close(self, session: Session) -> None:
        """`closed_reason` is `api`, date_ended and date_updated are now (sheet twilio 1.4)."""
        desk, edit = self._stage.desk, self._edits.edit(session.serial)
        edit.by_api, edit.updated = True, desk.time
        desk.close(session, desk.time, State.ENDED)


def _made(service: Service, fields: Fields) -> Edit:
    return Edit(
        service=service.sid,
        fresh=True,
        unique_name=fields.unique_name,
        mode=fields.mode or "voice-and-message",
        participants=fields.participants,
        ttl=fields.ttl,
        expiry=fields.expiry,
    )
