"""Trinsic's timeline: only what the row tells, in order, and nothing of what was verified."""

from __future__ import annotations

from typing import Any

import pytest

from tests.providers.samples import row
from tests.providers.trinsic_samples import BEGAN, DONE, IDENTITY, SESSION, VERIFICATION, failed
from tui.model.transcript import Transcript
from tui.providers import trinsic_rows, trinsic_talk


def told(values: dict[str, Any]) -> Transcript:
    found = trinsic_rows.session(row(values), "desk").session
    assert found is not None
    return trinsic_talk.transcript(found, row(values))


def lines(values: dict[str, Any]) -> list[tuple[int | None, str]]:
    return [
        (None if entry.at is None else int(entry.at.timestamp()) - BEGAN, entry.text)
        for entry in told(values).entries
    ]


def test_a_fresh_session() -> None:
    assert lines(SESSION) == [
        (0, "session created"),
        (0, "government ID asked for: all of its data"),
    ]
    found = told(SESSION)
    assert (found.spoken, found.complete) == (False, True)
    assert "keeps no conversation" in str(found.note)


def test_a_session_that_went_well() -> None:
    assert lines(DONE) == [
        (0, "session created"),
        (0, "government ID asked for: given name"),
        (110, "government ID verified"),
        (120, "session complete, its data is available"),
    ]
    statuses = [entry.status for entry in told(DONE).entries]
    assert statuses == [None, None, "VerificationSuccess", "IdvSuccess"]
    shown = repr(told(DONE))
    for value in ("JANE", "SMITH", "tok/en", *filter(None, IDENTITY.values())):
        assert value not in shown


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("SessionFailRpcCanceled", "session failed: cancelled through the API"),
        ("SessionFailRpCanceled", "session failed: cancelled through the API"),
        ("SessionFailExpired", "session failed: it expired"),
        ("SessionFailNew\x1b", "session failed: SessionFailNew␛"),
        ("SessionFailNone", "session failed"),
    ],
)
def test_a_session_that_failed(code: str, words: str) -> None:
    assert lines(failed(code))[-1] == (60, words)


def test_verifications_with_their_codes() -> None:
    bad = {
        **VERIFICATION,
        "state": "VerificationFailed",
        "failCode": "VerificationFailInvalidImage",
        "updated": BEGAN + 5,
        "governmentIdOptions": {"idNumber": True, "shoeSize": True, "country": "yes"},
    }
    again = {**VERIFICATION, "state": "VerificationSuccess", "reused": True, "updated": BEGAN + 9}
    strange = {"type": "Passport", "state": "VerificationOdd", "updated": BEGAN + 7}
    assert lines({**SESSION, "verifications": {"a": bad, "b": again, "c": strange}})[1:] == [
        (0, "government ID asked for: ID number, shoeSize"),
        (0, "government ID asked for: all of its data"),
        (0, "Passport asked for: all of its data"),
        (5, "government ID failed: the image was not usable, the customer may try again"),
        (7, "Passport VerificationOdd"),
        (9, "government ID verified, from an earlier verification"),
    ]
    nothing = {**VERIFICATION, "governmentIdOptions": {"address": False}}
    assert lines({**SESSION, "verifications": {"a": nothing}})[1][1].endswith("none of its data")


def test_an_open_state_and_an_unknown_one() -> None:
    opened = {**SESSION, "state": "IdvInitiated", "updated": BEGAN + 3}
    assert lines(opened)[-1] == (3, "opened by the customer, who has not logged in yet")
    assert lines({**opened, "state": "IdvPaused"})[-1] == (3, "state IdvPaused")


def test_a_row_without_times_still_tells_what_is_known() -> None:
    bare = {"id": "urn:x:1", "state": "IdvSuccess"}
    assert lines(bare) == [(None, "session complete, its data is available")]
    assert lines({"id": "urn:x:1"}) == []
