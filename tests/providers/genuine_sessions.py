"""The sessions that the samples of `genuine` are, told field by field from the sheets."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec

from tests.providers import samples, seeit_samples, trinsic_samples
from tests.providers.samples import SERVICE, TWILIO_SESSION
from tui.model.secret import Secret
from tui.model.session import FieldValue, Links, Session
from tui.model.status import Status
from tui.model.text import Clean, Opaque
from tui.providers.trinsic_rows import VERIFY_PAGE


def clean(text: str) -> Clean:
    return Clean(text)


def fields(**named: FieldValue | str) -> tuple[tuple[Clean, FieldValue], ...]:
    """A session's other fields, in their order."""
    values: dict[str, Any] = named
    return tuple((clean(name), value) for name, value in values.items())


def steps(state: str) -> str:
    """The verifications of Trinsic's samples as they are told."""
    step = {
        "id": "<verification id>",
        "type": "GovernmentId",
        "state": state,
        "failCode": "VerificationFailNone",
        "reused": False,
        "updated": 0,
    }
    return json.dumps({"<verification id>": step})


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


EIGHT = at(2015, 7, 30, 20)
TWILIO = Session(
    profile="desk",
    provider="twilio-proxy",
    id=samples.SESSION,
    status=Status.WAITING,
    provider_status=clean("open"),
    kind=clean("voice-and-message"),
    subject=clean("Order #1234"),
    created_at=EIGHT,
    started_at=EIGHT,
    ended_at=EIGHT,
    updated_at=EIGHT,
    expires_at=EIGHT,
)
TWILIO_WHOLE = msgspec.structs.replace(
    TWILIO,
    fields=fields(
        service_sid=SERVICE,
        date_last_interaction="2015-07-30T20:00:00Z",
        ttl=3600,
        closed_reason="",
        account_sid=samples.ACCOUNT,
        url=TWILIO_SESSION["url"],
        links=json.dumps(TWILIO_SESSION["links"]),
    ),
)
TRINSIC = Session(
    profile="desk",
    provider="trinsic-connect",
    id=trinsic_samples.URN,
    status=Status.NOT_STARTED,
    provider_status=clean("IdvCreated"),
    kind=clean("GovernmentId"),
    subject=clean("government ID"),
    created_at=at(2024, 6, 13, 9, 34, 51),
    updated_at=at(2024, 6, 13, 9, 34, 51),
    fields=fields(
        clientToken=Secret("…"),
        failCode="SessionFailNone",
        resultVp=None,
        verifyUrl=Secret(VERIFY_PAGE + "%E2%80%A6"),
        verifications=steps("VerificationPending"),
    ),
)
SEEIT = Session(
    profile="desk",
    provider="goto-seeit",
    id=seeit_samples.UUID,
    status=Status.ENDED,
    provider_status=clean("FINISHED"),
    subject=clean("key 123-456-789"),
    agent=clean("tech@example.com"),
    created_at=at(2015, 12, 13, 9, 46, 40),
    started_at=at(2015, 12, 13, 9, 47, 10),
    joined_at=at(2015, 12, 13, 9, 48, 10),
    ended_at=at(2015, 12, 13, 9, 58, 10),
    expires_at=at(2015, 12, 16, 9, 58, 10),
    links=Links(data=Opaque("https://example.invalid/d/abc.zip")),
    fields=fields(
        supportKey="123-456-789",
        **{"about supportKey": "it may be used again for another session; the id never is"},
        sessionRecorded=True,
        sessionNotes="replaced filter",
        sessionDataStatus="AVAILABLE",
        sessionDataSize=482133,
        sessionDataPhotoCount=3,
        sessionDataPhotoNotesCount=1,
        **{"about sessionData": "expired: it could be downloaded until 2015-12-16 09:58 UTC"},
    ),
)
GOTO = Session(
    profile="desk",
    provider="goto-remote-support",
    id=Opaque("SS-87555"),
    status=Status.ENDED,
    provider_status=clean("complete"),
    kind=clean("screen_sharing"),
    subject=clean("7559966"),
    customer=clean("Jane Doe"),
    customer_email=clean("jane.doe@logmein.com"),
    agent=clean("John Doe"),
    started_at=at(2021, 4, 30, 6),
    joined_at=at(2021, 4, 30, 6, 1),
    ended_at=at(2021, 4, 30, 6, 5),
    links=Links(
        join=Opaque("https://logmein.com/join"),
        recording=Opaque("https://logmein.com/session"),
        partner=Opaque("https://logmein.com/partners/view"),
    ),
    fields=fields(
        sessionStartToken=8555444,
        expertEmail="john.doe@logmein.com",
        expertUserKey="31416",
        accountKey=741599,
    ),
)
CONTROL = Session(
    profile="desk",
    provider="take-control",
    # Derived: the sample has no id and no start.
    id=Opaque("~865cba459f1660d4"),
    status=Status.WAITING,
    subject=clean("VM2"),
    agent=clean("tech@example.com"),
    estimated_wait_minutes=1.0,
    fields=fields(
        computer_name="VM2",
        computer_domain="WORKGROUP",
        tech_username="tech@example.com",
        id="derived from start, technician, computer and customer: the vendor gives none",
    ),
)
NAMELESS = "created; the vendor tells neither an id nor a link: look for it in the list"
