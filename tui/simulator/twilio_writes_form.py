"""The form fields of a session: what may be in them, and what is refused (sheet twilio 1.3, 1.7).

Raises `RefusedError` with the vendor's code. Fields that are not known are ignored, as the vendor
does (its debugger alone gets warning 20001).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from urllib.parse import parse_qsl

from tui.simulator.desk import milliseconds
from tui.simulator.twilio_errors import Refusal
from tui.simulator.twilio_writes_edits import Given

FORM = "application/x-www-form-urlencoded"
STATUSES = ("open", "in-progress", "closed", "failed", "unknown")
_MODES = ("message-only", "voice-only", "voice-and-message")
_TTL_END = 2_147_483_647
_NUMBER_SID = re.compile(r"PN[0-9a-fA-F]{32}")
_BAD_FORM = Refusal(400, 20001, "Invalid parameter: the body is no form in UTF-8")
_TOO_MANY = Refusal(400, 80609, "A Session can have at most two Participants.")
_TWICE = Refusal(400, 80612, "Duplicate Entry")
_NO_IDENTIFIER = Refusal(400, 80404, "Invalid Participant Identifier")


class RefusedError(Exception):
    """A write that the vendor refuses, and how."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def invalid(name: str, why: str) -> RefusedError:
    """80701 for a field (sheet twilio 1.7)."""
    return RefusedError(Refusal(400, 80701, f"'{name}' is invalid. {why}"))


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields that were sent; None is not sent. `expiry` in milliseconds since 1970.

    `strict` is FailOnParticipantConflict, which is no longer documented but still advised.
    """

    unique_name: str | None = None
    expiry: int | None = None
    ttl: int | None = None
    mode: str | None = None
    status: str | None = None
    participants: tuple[Given, ...] = ()
    strict: bool = False


Form = list[tuple[str, str]]


def form_of(content_type: str, body: bytes) -> Form:
    """The fields of a body. Only forms are read (sheet twilio 1.1): JSON gives no field at all."""
    if content_type.partition(";")[0].strip().lower() != FORM:
        return []
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise RefusedError(_BAD_FORM) from error


def fields_of_create(form: Form, now: int) -> Fields:
    """All fields of a create call; a DateExpiry in the past is refused."""
    return Fields(
        unique_name=_unique_name(form),
        expiry=_expiry(form, now),
        ttl=_ttl(form),
        mode=_word(form, "Mode", _MODES),
        status=_word(form, "Status", STATUSES),
        participants=_participants(form),
        strict=_strict(form),
    )


def fields_of_update(form: Form, now: int | None) -> Fields:
    """DateExpiry, Ttl and Status; the others cannot be updated and are ignored.

    `now` None lets a DateExpiry in the past through.
    """
    return Fields(
        expiry=_expiry(form, now),
        ttl=_ttl(form),
        status=_word(form, "Status", STATUSES),
        strict=_strict(form),
    )


def _last(form: Form, name: str) -> str | None:
    """The value of a field; when it was sent more than once, the last."""
    return next((value for key, value in reversed(form) if key == name), None)


def _strict(form: Form) -> bool:
    return (_last(form, "FailOnParticipantConflict") or "").lower() == "true"


def _unique_name(form: Form) -> str | None:
    name = _last(form, "UniqueName")
    if name is not None and len(name) > 191:
        raise invalid("UniqueName", "It can have 191 characters at most.")
    return name or None


def _word(form: Form, name: str, known: tuple[str, ...]) -> str | None:
    word = _last(form, name)
    if word is not None and word not in known:
        raise invalid(name, f"It must be one of {', '.join(known)}.")
    return word


def _ttl(form: Form) -> int | None:
    text = _last(form, "Ttl")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 11):
        raise invalid("Ttl", "It must be a whole number of seconds.")
    if not 0 < int(text) < _TTL_END:
        raise invalid("Ttl", f"It must be more than 0 and less than {_TTL_END}.")
    return int(text)


def _expiry(form: Form, now: int | None) -> int | None:
    text = _last(form, "DateExpiry")
    if text is None:
        return None
    try:
        at = milliseconds(_moment(text))
    except (ValueError, OverflowError) as error:
        raise invalid("DateExpiry", "It must be a date and time of ISO 8601.") from error
    if now is not None and at <= now:
        raise invalid("DateExpiry", "It must be in the future.")
    return at


def _moment(text: str) -> datetime:
    """ISO 8601; a bare date is its first moment, a time without a zone is UTC. ValueError."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _participants(form: Form) -> tuple[Given, ...]:
    """One `Participants` field for each, a JSON object in it (sheet twilio 1.3)."""
    given = tuple(_participant(value) for key, value in form if key == "Participants")
    if len(given) > 2:
        raise RefusedError(_TOO_MANY)
    if len({one.identifier for one in given}) < len(given):
        raise RefusedError(_TWICE)
    return given


def _participant(text: str) -> Given:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise invalid("Participants", "Each must be a JSON object.") from error
    if not isinstance(found, dict):
        raise invalid("Participants", "Each must be a JSON object.")
    identifier = found.get("Identifier")
    if not isinstance(identifier, str) or not 0 < len(identifier) <= 191:
        raise RefusedError(_NO_IDENTIFIER)
    sid = _optional(found, "ProxyIdentifierSid")
    if sid is not None and not _NUMBER_SID.fullmatch(sid):
        raise invalid("ProxyIdentifierSid", "It must be the SID of a phone number.")
    friendly = _optional(found, "FriendlyName")
    return Given(identifier, friendly, _optional(found, "ProxyIdentifier"), sid)


def _optional(found: dict[str, object], name: str) -> str | None:
    value = found.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > 255):
        raise invalid(name, "It must be a text of 255 characters at most.")
    return value
