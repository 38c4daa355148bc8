"""Trinsic's rows: the sheet's samples, its states, and everything it leaves open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.providers.samples import row
from tests.providers.trinsic_samples import (
    BEGAN,
    DONE,
    IDENTITY,
    LINK,
    SESSION,
    TOKEN,
    URN,
    VERIFICATION,
    failed,
    raw,
)
from tui.model.problem import BadAnswer
from tui.model.secret import Secret
from tui.model.session import NO_LINKS, FieldValue, Session
from tui.model.status import Status
from tui.providers.base import Decoded
from tui.providers.trinsic_rows import held, session

AT = datetime(2024, 6, 13, 9, 34, 51, tzinfo=UTC)


def decoded(**changes: Any) -> Decoded:
    return session(raw(**changes), "desk")


def read(**changes: Any) -> Session:
    found = decoded(**changes).session
    assert found is not None
    return found


def fields(values: dict[str, Any]) -> dict[str, FieldValue]:
    found = session(row(values), "desk", full=True).session
    assert found is not None
    return {str(name): value for name, value in found.fields}


def test_the_sheets_sample() -> None:
    assert decoded().drift == ()
    assert read() == Session(
        profile="desk",
        provider="trinsic-connect",
        id=URN,
        status=Status.NOT_STARTED,
        provider_status="IdvCreated",  # type: ignore[arg-type]
        kind="GovernmentId",  # type: ignore[arg-type]
        subject="government ID",  # type: ignore[arg-type]
        created_at=AT,
        updated_at=AT,
    )


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("IdvCreated", Status.NOT_STARTED),
        ("IdvInitiated", Status.WAITING),
        ("IdvAuthenticating", Status.ACTIVE),
        ("IdvInProgress", Status.ACTIVE),
        ("IdvSuccess", Status.ENDED),
        ("IdvFailed", Status.FAILED),
        ("IdvCanceled", Status.UNKNOWN),
        ("IdvExpired", Status.UNKNOWN),
        ("", Status.UNKNOWN),
        (None, Status.UNKNOWN),
    ],
)
def test_states_and_the_vendors_own_word(state: str | None, status: Status) -> None:
    found = read(state=state, updated=BEGAN + 30)
    assert found.status is status
    assert found.provider_status == (state or "")
    assert decoded(state=state).drift == ()
    ended = AT + timedelta(seconds=30) if not status.live else None
    assert found.ended_at == ended


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("SessionFailInternal", Status.FAILED),
        ("SessionFailVerificationFailed", Status.FAILED),
        ("SessionFailAuthentication", Status.FAILED),
        ("SessionFailExpired", Status.ABANDONED),
        ("SessionFailUserCanceled", Status.ABANDONED),
        ("SessionFailRpcCanceled", Status.ABANDONED),
        ("SessionFailRpCanceled", Status.ABANDONED),
        ("SessionFailSomethingNew", Status.FAILED),
    ],
)
def test_a_failure_by_its_code(code: str, status: Status) -> None:
    found = session(row(failed(code)), "desk").session
    assert found is not None
    assert (found.status, found.provider_status) == (status, f"IdvFailed {code}")
    assert found.ended_at == AT + timedelta(seconds=60)


@pytest.mark.parametrize("code", [None, "", "SessionFailNone"])
def test_a_failure_without_a_code(code: str | None) -> None:
    found = session(row(failed(code)), "desk").session
    assert found is not None
    assert (found.status, found.provider_status) == (Status.FAILED, "IdvFailed")


def test_a_code_means_nothing_in_other_states() -> None:
    found = read(state="IdvInProgress", failCode="SessionFailExpired")
    assert (found.status, found.provider_status) == (Status.ACTIVE, "IdvInProgress")


def test_nothing_is_required_but_the_id() -> None:
    bare = Session(profile="desk", provider="trinsic-connect", id=URN, status=Status.UNKNOWN)
    assert session(row({"id": URN}), "desk") == Decoded(bare)
    assert session(row(dict.fromkeys(SESSION) | {"id": URN}), "desk") == Decoded(bare)


@pytest.mark.parametrize("urn", [None, "", [], True, "\ud800"])
def test_only_a_row_without_an_id_is_set_aside(urn: object) -> None:
    found = decoded(id=urn)
    assert found.session is None
    assert found.drift[-1] == "the row has no id"


@pytest.mark.parametrize("bad", [b"", b"null", b"[]", b"{", b"\xff", b"[" * 9999])
def test_what_is_no_row_is_set_aside(bad: bytes) -> None:
    assert session(bad, "desk", full=True).session is None


def test_zero_is_never_and_milliseconds_are_read() -> None:
    found = read(created=0, updated=BEGAN * 1000)
    assert (found.created_at, found.updated_at) == (None, AT)
    assert decoded(created=0).drift == ()


@pytest.mark.parametrize("when", [42, -1, True, False, "soon", [BEGAN], 10**40])
def test_a_strange_time_is_absent_and_counted_once(when: object) -> None:
    for changes in ({"created": when}, {"created": when, "state": 7}):
        found = decoded(**changes)
        assert found.session is not None
        assert found.session.created_at is None
        assert [one for one in found.drift if one.startswith("created is not a time: ")] == [
            found.drift[0]
        ]
        assert found.session.updated_at == AT


def test_verifications_are_a_map_whose_keys_mean_nothing() -> None:
    other = {**VERIFICATION, "id": None, "type": "Passport"}
    found = read(verifications={"": VERIFICATION, "x": VERIFICATION, "\x1b": other})
    assert (found.subject, found.kind) == ("government ID, Passport", "GovernmentId, Passport")
    nothing: list[object] = [None, {}]
    for none in nothing:
        assert (read(verifications=none).subject, read(verifications=none).kind) == (None, "")
        assert decoded(verifications=none).drift == ()


def test_other_shapes_of_verifications_are_read_and_counted() -> None:
    listed = decoded(verifications=[VERIFICATION])
    assert listed.session is not None
    assert listed.session.subject == "government ID"
    assert listed.drift == ("verifications is not an object: list",)
    mixed = decoded(verifications={"a": 7, "b": {**VERIFICATION, "type": [1], "updated": "x"}})
    assert mixed.session is not None
    assert mixed.session.subject is None
    assert mixed.drift == (
        "a verification is not an object",
        "verification type is not text: a list",
        'verification updated is not a time: "x"',
    )


# --- what is secret ----------------------------------------------------------------------------------------


def test_a_row_of_the_list_holds_no_field_and_no_link() -> None:
    found = session(row(DONE), "desk").session
    assert found is not None
    assert (found.fields, found.links) == ((), NO_LINKS)
    assert (found.customer, found.agent) == (None, None)


def test_the_token_and_the_link_with_it_are_secrets() -> None:
    told = fields(SESSION)
    assert told["clientToken"] == Secret(TOKEN)
    assert told["verifyUrl"] == Secret(LINK)
    assert told["failCode"] == "SessionFailNone"
    whole = session(row(SESSION), "desk", full=True).session
    assert whole is not None
    assert whole.links == NO_LINKS
    assert "verifyUrl" not in fields(DONE), "a link that leads nowhere any more"
    bad: list[object] = [None, "", [], "\ud800"]
    for token in bad:
        assert "verifyUrl" not in fields({**SESSION, "clientToken": token})


def test_identity_data_is_secret_an_attribute_each() -> None:
    told = fields(DONE)
    assert told["resultVp"] == Secret(DONE["resultVp"])
    for name, value in IDENTITY.items():
        assert told.get(name) == (None if value is None else Secret(value))
    shown = repr(told)
    for value in [TOKEN, *filter(None, IDENTITY.values())]:
        assert value not in shown
    assert '"VerificationSuccess"' in str(told["verifications"])
    assert '"givenName": true' in str(told["verifications"])


def test_what_the_vendor_does_not_document_is_secret_too() -> None:
    more = {**VERIFICATION, "normalizedPassport": {"name": "JANE", "adult": True}, "face": "JANE"}
    told = fields(
        {**SESSION, "identityData": {"who": "JANE"}, "verifications": {"a": more, "b": more}}
    )
    assert "JANE" not in repr(told)
    assert told["identityData"] == Secret('{"who": "JANE"}')
    assert told["name"] == told["name 2"] == told["face"] == told["face 2"] == Secret("JANE")
    assert told["adult"] == Secret("true")
    odd = fields({**SESSION, "verifications": "JANE"})
    assert odd["verifications"] == Secret("JANE")
    assert "JANE" not in repr(fields({**SESSION, "verifications": [more]}))


# --- answers -----------------------------------------------------------------------------------------------


def test_the_session_that_an_answer_holds() -> None:
    body = b'{"session" : {"id": "x" }, "y":1}'
    assert held(body, "x") == b'{"id": "x" }'
    for empty in (b"{}", b'{"session":null}', b'{"session":[]}', b'{"session":7}'):
        assert held(empty, "x") is None
    assert held(b'{"session":{"id":"x","a":"\xff"}}', "x") is not None
    for bad in (b"[]", b"{", b""):
        with pytest.raises(BadAnswer):
            held(bad, "x")
