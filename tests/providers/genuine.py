"""Every sample payload of the sheets in one table: where it is from, and whether the vendor or the sheet made it.

They are data of the project: the tests that read them need nothing beside it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.providers import samples, seeit_samples
from tests.providers.take_control_samples import CREATE_SAMPLE, ERROR_SAMPLE, HISTORY_SAMPLE
from tests.providers.trinsic_samples import URN

# Shortened as in the sheet; the subject's names differ from those of the normalized data (sheet trinsic 2.3).
RESULT_VP = json.dumps(
    {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [
            {
                "type": ["IdentityDocument_v0", "VerifiableCredential"],
                "credentialSubject": {
                    "dateOfBirth": "2000-07-23T00:00:00",
                    "expiryDate": "2026-07-23T00:00:00",
                    "familyName": "SMITH",
                    "givenName": "JANE",
                    "issueDate": "2022-07-23T00:00:00",
                    "number": "AB123987",
                    "streetAddress": "15 N FAKESTREET",
                },
                "issuanceDate": "2023-09-08T19:38:13Z",
                "issuer": "did:web:example.com",
                "proof": {"type": "BbsBlsSignatureProof2020"},
            }
        ],
        "id": "urn:uuid:5f3bd0a6-0a31-4d0d-9a40-6a6cd5d3a3d2",
    }
)
_PENDING = {
    "id": "<verification id>",
    "type": "GovernmentId",
    "state": "VerificationPending",
    "failCode": "VerificationFailNone",
    "reused": False,
    "updated": 0,
}
TRINSIC_SESSION = {
    "id": URN,
    "clientToken": "…",
    "state": "IdvCreated",
    "verifications": {"<verification id>": _PENDING},
    "failCode": "SessionFailNone",
    "resultVp": None,
    "created": 1718271291,
    "updated": 1718271291,
}
TRINSIC_DONE = {
    **TRINSIC_SESSION,
    "state": "IdvSuccess",
    "resultVp": RESULT_VP,
    "verifications": {"<verification id>": {**_PENDING, "state": "VerificationSuccess"}},
}


@dataclass(frozen=True)
class Sample:
    """`own`: printed by the vendor, or by a client of it; else put together in the sheet from the vendor's schema."""

    source: str
    own: bool
    payload: object


GENUINE: dict[str, Sample] = {
    "twilio session": Sample("sheet twilio 1.10: T-SPEC example", True, samples.TWILIO_SESSION),
    "twilio empty list": Sample("sheet twilio 1.10: T-SPEC example", True, samples.TWILIO_EMPTY),
    "twilio participant": Sample(
        "sheet twilio 1.10: T-SPEC example", True, samples.TWILIO_PARTICIPANT
    ),
    "twilio interaction": Sample(
        "sheet twilio 1.10: T-SPEC example", True, samples.TWILIO_INTERACTION
    ),
    "twilio 404": Sample("sheet twilio 1.7: SDK tests", True, samples.TWILIO_NOT_FOUND),
    "twilio 401": Sample("sheet twilio 1.7: SDK tests", True, samples.TWILIO_AUTHENTICATE),
    "twilio 429": Sample("sheet twilio 1.7: T-ERR", True, samples.TWILIO_TOO_MANY),
    "trinsic create": Sample("sheet trinsic 2.3: R-SPEC", False, {"session": TRINSIC_SESSION}),
    "trinsic list": Sample(
        "sheet trinsic 2.3: R-SPEC",
        False,
        {"total": 1, "more": False, "sessions": [TRINSIC_SESSION]},
    ),
    "trinsic result": Sample("sheet trinsic 2.3: R-DOC", True, {"session": TRINSIC_DONE}),
    "trinsic 400": Sample(
        "sheet trinsic 2.2: R-SPEC", False, [{"memberNames": ["PageSize"], "errorMessage": "…"}]
    ),
    "trinsic 401": Sample("sheet trinsic 2.2: R-SPEC", False, {"message": None}),
    "seeit page": Sample("sheet goto 1.4: schema", False, seeit_samples.LISTING),
    "goto list": Sample("sheet goto 2.4: AMP", True, samples.GOTO_LIST),
    "goto events": Sample("sheet goto 2.6: field table", False, samples.GOTO_CHAT),
    "goto create": Sample(
        "sheet goto 2.3: ZD, MA",
        False,
        {
            "startScreenSharing": {
                "launchUrl": "https://launch.getgo.com/launch.html?token=e0-EXAMPLE",
                "sessionToken": "e0-EXAMPLE",
            }
        },
    ),
    "goto invalid token": Sample("sheet goto 3.6: W6W, N8N", True, samples.GOTO_INVALID_TOKEN),
    "control create": Sample("sheet take-control 4.6: VD2", True, CREATE_SAMPLE),
    "control history": Sample("sheet take-control 4.6: VD2", True, HISTORY_SAMPLE),
    "control history as an object": Sample("sheet take-control 4.6: VD2", True, CREATE_SAMPLE),
    "control error": Sample("sheet take-control 4.7: NA-TICK", True, ERROR_SAMPLE),
    "control success with nulls": Sample(
        "sheet take-control 4.7: NA-TICK",
        True,
        {"result": "SUCCESS", "details": {}, "errorDetails": {"errorCode": None, "errorMsg": None}},
    ),
    "control success with null": Sample(
        "sheet take-control 4.7: NA-TECH",
        True,
        {"result": "SUCCESS", "details": {}, "errorDetails": None},
    ),
}
