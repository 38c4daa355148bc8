"""Trinsic Connect's rows as the model has them (sheet trinsic 2.3; Trinsic's own OpenAPI of June 2024).

The vendor requires no field of a session. It is a vendor of identities: every field that is not known to be
harmless, documented or not, is a `Secret` in the full reading and absent from all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final
from urllib.parse import quote

import msgspec

from tui.model.lazy_dataclass import dataclass
from tui.model.problem import BadAnswer
from tui.model.secret import Secret
from tui.model.session import FieldValue, Session
from tui.model.status import Status
from tui.model.text import Clean, block, line, word
from tui.providers.base import Decoded
from tui.providers.rows import (
    FAILURES,
    Shape,
    decode,
    field_value,
    json_text,
    members,
    packed,
    with_fields,
)
from tui.providers.values import (
    KINDS,
    Ident,
    Text,
    Time,
    instant,
    odd,
    opaque,
    sendable,
    text,
    words,
)

PROVIDER: Final = "trinsic-connect"
IDV_FAILED: Final = "IdvFailed"

# design.md, the table of states; anything else is shown as the vendor's own word.
STATES: Final = {
    "IdvCreated": Status.NOT_STARTED,
    "IdvInitiated": Status.WAITING,
    "IdvAuthenticating": Status.ACTIVE,
    "IdvInProgress": Status.ACTIVE,
    "IdvSuccess": Status.ENDED,
}
# There is no state for "cancelled" or "expired": both are failures with one of these codes. The spelling of
# the API's own cancel changed two months later (sheet trinsic 2.3).
GIVEN_UP: Final = frozenset(
    {
        "SessionFailRpcCanceled",
        "SessionFailRpCanceled",
        "SessionFailExpired",
        "SessionFailUserCanceled",
    }
)
_NO_CODE: Final = frozenset({"", "SessionFailNone", "VerificationFailNone"})
_TYPES: Final = {"GovernmentId": "government ID"}

# Where the vendor's own sample sends the customer (sheet trinsic 2.3, behaviour).
VERIFY_PAGE: Final = "https://connect.trinsic.id/connect/verify?clientToken="
VERIFY_URL: Final = "verifyUrl"

_SHOWN: Final = frozenset({"id", "state", "created", "updated", "verifications"})
_HARMLESS: Final = frozenset({"id", "state", "created", "updated", "failCode"})
_HARMLESS_STEP: Final = frozenset(
    {"id", "type", "state", "failCode", "reused", "updated", "governmentIdOptions"}
)
_FIELD_LIMIT: Final = 4096
_ANSWER: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])


class SessionRow(msgspec.Struct, gc=False, rename="camel"):
    """The fields of a session that the board shows (sheet trinsic 2.3). Times are unix seconds."""

    id: Ident = None
    state: Text = None
    fail_code: Text = None
    verifications: object = None
    created: object = None
    updated: object = None


SESSION: Final = Shape(SessionRow)


@dataclass(frozen=True, slots=True)
class Verification:
    """One thing to be verified: words are the vendor's and not clean yet; `updated` is None when not begun.

    `options` is what was asked for, None for everything.
    """

    type: str
    state: str
    fail_code: str
    reused: bool
    updated: datetime | None
    options: Mapping[str, object] | None

    @property
    def title(self) -> str:
        """The type in plain words; the vendor's own word for one that is not known."""
        return _TYPES.get(self.type, self.type) or "verification"


def session(row: bytes, profile: str, *, full: bool = False) -> Decoded:
    """A row of the listing, or a fetched session. Never raises."""
    drift: list[Clean] = []
    decoded = decode(row, SESSION, lambda read: _session(read, profile, drift))
    decoded = Decoded(decoded.session, (*decoded.drift, *drift))
    return _with_all(decoded, row) if full else decoded


def _session(row: SessionRow, profile: str, drift: list[Clean]) -> Session | None:
    """Never raises, so that it is called once a row and `drift` holds each sentence once."""
    known_by = opaque(row.id)
    if known_by is None:
        return None
    status, steps = status_of(row), verifications(row, drift)
    updated = moment("updated", row.updated, drift)
    types = list(dict.fromkeys(step.type for step in steps if step.type))
    return Session(
        profile=profile,
        provider=PROVIDER,
        id=known_by,
        status=status,
        provider_status=vendor_words(row),
        kind=word(", ".join(types)),
        subject=words(", ".join(_TYPES.get(name, name) for name in types)),
        created_at=moment("created", row.created, drift),
        updated_at=updated,
        # `updated` is the last change of state (sheet trinsic 2.3): of a session in its last one, its end.
        ended_at=None if status.live else updated,
    )


def status_of(row: SessionRow) -> Status:
    """The state in our words; a failure by its code."""
    if row.state == IDV_FAILED:
        return Status.ABANDONED if row.fail_code in GIVEN_UP else Status.FAILED
    return STATES.get(row.state or "", Status.UNKNOWN)


def vendor_words(row: SessionRow) -> Clean:
    """The vendor's state, with its code when failed: the code means nothing in other states."""
    state = row.state or ""
    code = fail_code(row.fail_code) if state == IDV_FAILED else ""
    return line(f"{state} {code}" if code else state)


def fail_code(value: object) -> str:
    """A code that says something, else the empty text."""
    code = text(value) or ""
    return "" if code in _NO_CODE else code


def moment(name: str, value: object, drift: list[Clean]) -> datetime | None:
    """Unix seconds as a time; 0 stands for "never" (sheet trinsic 2.3). What is no time is told in `drift`."""
    if value is None or value == "" or (value == 0 and not isinstance(value, bool)):
        return None
    found = instant(value)
    if found is None:
        drift.append(odd(name, value, KINDS[Time]))
    return found


def verifications(row: SessionRow, drift: list[Clean]) -> tuple[Verification, ...]:
    """A session's verifications: documented as a map, read from a list as well; keys are not relied on."""
    value = row.verifications
    if value is None:
        return ()
    if not isinstance(value, dict):
        drift.append(line(f"verifications is not an object: {type(value).__name__}"))
    many = list(value.values()) if isinstance(value, dict) else value
    steps = many if isinstance(many, list) else []
    good = [step for step in steps if isinstance(step, dict)]
    if len(good) < len(steps):
        drift.append(line("a verification is not an object"))
    return tuple(_verification(step, drift) for step in good)


def _verification(step: Mapping[str, object], drift: list[Clean]) -> Verification:
    for name in ("type", "state", "failCode"):
        if step.get(name) is not None and text(step[name]) is None:
            drift.append(odd(f"verification {name}", step[name], KINDS[Text]))
    options = step.get("governmentIdOptions")
    return Verification(
        type=text(step.get("type")) or "",
        state=text(step.get("state")) or "",
        fail_code=fail_code(step.get("failCode")),
        reused=step.get("reused") is True,
        updated=moment("verification updated", step.get("updated"), drift),
        options=options if isinstance(options, dict) else None,
    )


# --- the whole of it ---------------------------------------------------------------------------------------


def verify_link(token: object) -> Secret | None:
    """The address at which the customer verifies. It holds the session's secret token, so it is one itself."""
    told = text(token)
    if not told or not sendable(told):
        return None
    return Secret(VERIFY_PAGE + quote(told, safe=""))


def _with_all(decoded: Decoded, row: bytes) -> Decoded:
    """With the vendor's other fields; identity data one `Secret` an attribute, so that it can be read."""
    values = members(row)
    if decoded.session is None or values is None:
        return decoded
    secret = frozenset(values) - _HARMLESS
    decoded = with_fields(decoded, row, _SHOWN, secret)
    found = decoded.session
    if found is None:
        return decoded
    fields = dict(found.fields)
    link = verify_link(values.get("clientToken")) if found.status.live else None
    if link is not None:
        fields[_free(VERIFY_URL, fields)] = link
    for name, value in _told_steps(values.get("verifications")):
        fields[_free(name, fields)] = value
    return Decoded(msgspec.structs.replace(found, fields=tuple(fields.items())), decoded.drift)


def _free(name: str, taken: Mapping[Clean, FieldValue]) -> Clean:
    """A field's name that no other field has."""
    free, number = line(name, 48), 1
    while free in taken:
        number += 1
        free = line(f"{line(name, 48)} {number}")
    return free


def _told_steps(value: object) -> Iterator[tuple[str, FieldValue]]:
    """The verifications without what was verified, and then that, in secret."""
    if isinstance(value, list):
        value = {str(number): step for number, step in enumerate(value, 1)}
    if not isinstance(value, dict):
        return
    steps = {key: step for key, step in value.items() if isinstance(step, dict)}
    harmless = {
        key: {name: told for name, told in step.items() if name in _HARMLESS_STEP}
        for key, step in steps.items()
    }
    yield "verifications", block(json_text(harmless), _FIELD_LIMIT)
    for step in steps.values():
        for name, told in step.items():
            if name not in _HARMLESS_STEP:
                yield from _in_secret(name, told)


def _in_secret(name: str, value: object) -> Iterator[tuple[str, FieldValue]]:
    if isinstance(value, dict):
        yield from ((inner, _secret(told)) for inner, told in value.items() if told is not None)
    elif value is not None:
        yield name, _secret(value)


def _secret(value: object) -> FieldValue:
    told = str(value).lower() if isinstance(value, bool) else value
    return field_value("", told, frozenset({""}))


# --- answers -----------------------------------------------------------------------------------------------


def held(body: bytes, what: str) -> bytes | None:
    """The session that an answer holds, as its own bytes; None when it holds none.

    Raises `BadAnswer` when the answer is not a JSON object.
    """
    try:
        row = bytes(_ANSWER.decode(body).get("session", b"null"))
    except FAILURES:
        values = members(body)
        if values is None:
            raise BadAnswer(
                f"{what}: the answer is not the JSON that the vendor documents"
            ) from None
        row = packed(values.get("session"))
    return None if members(row) is None else row
