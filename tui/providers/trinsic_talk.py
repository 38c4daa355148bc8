"""Trinsic Connect keeps no conversation: what it tells of a session's steps, as a timeline (sheet trinsic 2.3).

Only the last change of the session and of each verification has a time, so that is all that is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from tui.model.session import Session
from tui.model.text import NO_TEXT, Clean, line
from tui.model.transcript import Entry, EntryKind, Role, Transcript, in_order
from tui.providers.trinsic_forms import OPTIONS
from tui.providers.trinsic_rows import (
    IDV_FAILED,
    SESSION,
    SessionRow,
    Verification,
    fail_code,
    vendor_words,
    verifications,
)

NOTE: Final = line(
    "Trinsic Connect keeps no conversation; these are the session's steps, with the last change of each only"
)
_OPTIONS: Final = {wire: told for _, wire, told in OPTIONS}
_STATES: Final = {
    "IdvInitiated": "opened by the customer, who has not logged in yet",
    "IdvAuthenticating": "phone number entered, its code not confirmed yet",
    "IdvInProgress": "customer authenticated, verification going on",
    "IdvSuccess": "session complete, its data is available",
    IDV_FAILED: "session failed",
}
_STEPS: Final = {
    "VerificationPending": "pending",
    "VerificationSuccess": "verified",
    "VerificationFailed": "failed",
}
_CODES: Final = {
    "SessionFailInternal": "an error at Trinsic",
    "SessionFailVerificationFailed": "a verification failed",
    "SessionFailAuthentication": "phone authentication failed too often",
    "SessionFailExpired": "it expired",
    "SessionFailUserCanceled": "cancelled by the customer",
    "SessionFailRpcCanceled": "cancelled through the API",
    "SessionFailRpCanceled": "cancelled through the API",
    "VerificationFailInternal": "an error at Trinsic",
    "VerificationFailInvalidImage": "the image was not usable, the customer may try again",
    "VerificationFailInauthentic": "the document is not authentic",
    "VerificationFailUnsupportedDocument": "the document is of a kind that is not supported",
    "VerificationFailUserAbandoned": "given up by the customer",
}


def transcript(session: Session, row: bytes) -> Transcript:
    """The steps of a session as its row tells them. Never raises, whatever the row holds."""
    read = SESSION.read(row) or SessionRow()
    steps = verifications(read, [])
    entries = [_entry(session.created_at, "session created")] if session.created_at else []
    # The verifications are part of the request that creates a session.
    entries += [_entry(session.created_at, asked_for(step)) for step in steps]
    entries += [one for step in steps for one in _outcome(step)]
    entries += _last_change(session, read)
    return Transcript(in_order(entries), spoken=False, note=NOTE)


def asked_for(step: Verification) -> str:
    """What is to be verified, and which data was asked for with it."""
    return f"{step.title} asked for: {_wanted(step.options)}"


def _wanted(options: Mapping[str, object] | None) -> str:
    if options is None:
        return "all of its data"
    names = [_OPTIONS.get(name, name) for name, chosen in options.items() if chosen is True]
    return ", ".join(names) or "none of its data"


def _outcome(step: Verification) -> Iterator[Entry]:
    if step.updated is None:
        return  # not begun
    told = f"{step.title} {_STEPS.get(step.state) or step.state or 'changed'}"
    if step.reused and step.state == "VerificationSuccess":
        told += ", from an earlier verification"
    yield _entry(step.updated, _because(told, step.fail_code), _words(step.state, step.fail_code))


def _last_change(session: Session, row: SessionRow) -> Iterator[Entry]:
    state = row.state or ""
    if not state or (state == "IdvCreated" and session.created_at is not None):
        return
    told = _STATES.get(state) or f"state {state}"
    code = fail_code(row.fail_code) if state == IDV_FAILED else ""
    yield _entry(session.updated_at, _because(told, code), vendor_words(row))


def _because(told: str, code: str) -> str:
    return f"{told}: {_CODES.get(code, code)}" if code else told


def _words(state: str, code: str) -> Clean:
    return line(f"{state} {code}" if code else state)


def _entry(at: datetime | None, told: str, status: Clean | None = None) -> Entry:
    return Entry(at, NO_TEXT, Role.SYSTEM, EntryKind.STATE, line(told), status or None)
