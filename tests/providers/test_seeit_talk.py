"""What a Seeit session left behind, told without pretending that anything was said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.providers.samples import row
from tests.providers.seeit_samples import BARE, SESSION
from tui.model.transcript import EntryKind, Role, Transcript
from tui.providers.seeit_rows import session
from tui.providers.seeit_talk import transcript

CREATED = datetime(2015, 12, 13, 9, 46, 40, tzinfo=UTC)
LATER = CREATED + timedelta(days=10)


def told(sample: dict[str, Any], now: datetime = CREATED, **changes: Any) -> Transcript:
    found = session(row({**sample, **changes}), "desk", None, now, full=True).session
    assert found is not None
    return transcript(found, now)


def texts(sample: dict[str, Any], now: datetime = CREATED, **changes: Any) -> list[str]:
    return [str(entry.text) for entry in told(sample, now, **changes).entries]


def test_the_whole_timeline() -> None:
    found = told(SESSION)
    assert not found.spoken
    assert found.complete
    assert "keeps no conversation" in str(found.note)
    assert [(entry.at, entry.text) for entry in found.entries] == [
        (CREATED, "session created"),
        (CREATED + timedelta(seconds=30), "session started"),
        (CREATED + timedelta(seconds=90), "the customer joined with the mobile app"),
        (CREATED + timedelta(seconds=690), "session ended"),
        (None, "session notes:\nreplaced filter"),
        (None, "the session was recorded"),
        (None, "3 photos, 1 photo note stored"),
        (None, "the session data is stored (482 kB zip)"),
        (None, "the data can be downloaded until 2015-12-16 09:58 UTC"),
    ]
    assert {entry.role for entry in found.entries} == {Role.SYSTEM}
    assert {entry.kind for entry in found.entries} == {EntryKind.STATE, EntryKind.JOIN}


def test_a_new_session_has_hardly_a_story() -> None:
    assert texts(BARE) == ["session created"]


def test_data_that_has_expired_is_said_to_be() -> None:
    assert texts(SESSION, LATER)[-1] == (
        "the data could be downloaded until 2015-12-16 09:58 UTC: that has passed"
    )


def test_long_notes_are_labelled_as_cut() -> None:
    cut = next(text for text in texts(SESSION, sessionNotes="x" * 1000) if "xxx" in text)
    assert cut.startswith("session notes (cut at 1000 characters by the vendor")
    assert "cut at" not in next(text for text in texts(SESSION) if "replaced" in text)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sessionStatus": "JOINED"}, "the session is being recorded"),
        (
            {"sessionStatus": "JOINED", "sessionRecorded": False},
            "the session is not being recorded",
        ),
        ({"sessionRecorded": False}, "the session was not recorded"),
        ({"sessionDataStatus": "NO_DATA", "sessionDataSize": 0}, "no session data is stored"),
        (
            {"sessionDataStatus": "PROCESSING", "sessionDataSize": 0},
            "the session data is still being prepared",
        ),
        (
            {"sessionDataStatus": "SHREDDED", "sessionDataSize": None},
            'session data: "SHREDDED" at the vendor',
        ),
        ({"sessionDataSize": 999}, "the session data is stored (999 bytes zip)"),
        ({"sessionDataSize": 999_600}, "the session data is stored (1 MB zip)"),
        ({"sessionDataSize": "12000000000"}, "the session data is stored (12 GB zip)"),
        ({"sessionDataSize": 10**40}, "the session data is stored"),
        ({"sessionDataSize": "big"}, "the session data is stored"),
        ({"sessionDataPhotoCount": "1"}, "1 photo, 1 photo note stored"),
        ({"sessionDataPhotoNotesCount": None}, "3 photos stored"),
        (
            {"sessionDataPhotoCount": 0, "sessionDataPhotoNotesCount": 0},
            "0 photos, 0 photo notes stored",
        ),
    ],
)
def test_what_is_stored(changes: dict[str, Any], expected: str) -> None:
    assert expected in texts(SESSION, **changes)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("sessionNotes", "notes:"),
        ("sessionRecorded", "recorded"),
        ("sessionDataStatus", "session data"),
        ("sessionDataDownloadUrlExpiration", "downloaded"),
    ],
)
def test_what_is_not_given_is_not_told(name: str, word: str) -> None:
    assert any(word in text for text in texts(SESSION))
    gone = {key: value for key, value in SESSION.items() if key != name}
    assert texts(gone) == texts({**SESSION, name: None})
    assert not any(word in text for text in texts(gone))
    blank = texts({**SESSION, name: ""})
    assert not any(word in text for text in blank)


def test_an_abandoned_session_says_so() -> None:
    assert "session abandoned" in texts(SESSION, sessionJoinTime=None)
