"""Trinsic Connect's payloads (sheet trinsic 2.3), a provider for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.providers.making import profile
from tests.providers.samples import row
from tests.providers.vendor import StillClock, Vendor
from tui.model.text import Opaque
from tui.providers import trinsic_connect
from tui.providers.trinsic_connect import TrinsicConnect

URN = Opaque("urn:trinsic:idvsession:678c1ff6-2178-49e7-81d2-548afb6f85ec")
BEGAN = 1_718_271_291  # 2024-06-13T09:34:51Z
TOKEN = "tok/en+=& 1"
LINK = "https://connect.trinsic.id/connect/verify?clientToken=tok%2Fen%2B%3D%26%201"

VERIFICATION: dict[str, Any] = {
    "id": "v-1",
    "type": "GovernmentId",
    "state": "VerificationPending",
    "failCode": "VerificationFailNone",
    "reused": False,
    "updated": 0,
}
SESSION: dict[str, Any] = {
    "id": URN,
    "clientToken": TOKEN,
    "state": "IdvCreated",
    "verifications": {"v-1": VERIFICATION},
    "failCode": "SessionFailNone",
    "resultVp": None,
    "created": BEGAN,
    "updated": BEGAN,
}
IDENTITY: dict[str, Any] = {
    "idNumber": "AB123987",
    "givenName": "JANE",
    "familyName": "SMITH",
    "address": "15 N FAKESTREET",
    "dateOfBirth": "2000-07-23",
    "country": None,
    "issueDate": "2022-07-23",
    "expirationDate": "2026-07-23",
}
DONE: dict[str, Any] = {
    **SESSION,
    "state": "IdvSuccess",
    "updated": BEGAN + 120,
    "resultVp": '{"type":["VerifiablePresentation"],"familyName":"SMITH"}',
    "verifications": {
        "v-1": {
            **VERIFICATION,
            "state": "VerificationSuccess",
            "updated": BEGAN + 110,
            "governmentIdOptions": {"givenName": True, "address": False},
            "normalizedGovernmentIdData": IDENTITY,
        }
    },
}


def failed(code: str | None) -> dict[str, Any]:
    """The session as it is when it failed with that code."""
    return {**SESSION, "state": "IdvFailed", "failCode": code, "updated": BEGAN + 60}


def listing(*sessions: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"total": len(sessions), "more": False, "sessions": list(sessions), **more}


def trinsic(vendor: Vendor, **changes: Any) -> TrinsicConnect:
    """A provider at that vendor."""
    made = profile("trinsic-connect", vendor.base_url, {}, {"api_key": "sesame"})
    for name, value in changes.items():
        object.__setattr__(made, name, value)
    return trinsic_connect.connect(made, StillClock(), lambda exchange: None)


def raw(**changes: Any) -> bytes:
    return row({**SESSION, **changes})
