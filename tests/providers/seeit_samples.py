"""Seeit's payloads as the sheet prints them (sheet goto 1.2, 1.4), and a provider at a test's vendor."""

from __future__ import annotations

from typing import Any

from tests.providers.making import profile
from tests.providers.vendor import StillClock, Vendor
from tui.model.profile import Setting
from tui.model.text import Opaque
from tui.net.exchange import Exchange
from tui.providers import goto_seeit
from tui.providers.goto_seeit import GotoSeeit

BASE = "/seeit/v1"
UUID = Opaque("3f0c9c2e-8f0e-4a55-9a33-0f6b6f1f7a10")
ZIP = "https://example.invalid/d/abc.zip"
START = "https://example.invalid/start/abc"

SESSION: dict[str, Any] = {
    "uuid": UUID,
    "supportKey": "123-456-789",
    "sessionStatus": "FINISHED",
    "sessionCreateTime": 1450000000000,
    "sessionStartTime": 1450000030000,
    "sessionJoinTime": 1450000090000,
    "sessionEndTime": 1450000690000,
    "technicianEmail": "tech@example.com",
    "sessionRecorded": True,
    "sessionNotes": "replaced filter",
    "sessionDataStatus": "AVAILABLE",
    "sessionDataDownloadUrl": ZIP,
    "sessionDataDownloadUrlExpiration": 1450259890000,
    "sessionDataSize": 482133,
    "sessionDataPhotoCount": 3,
    "sessionDataPhotoNotesCount": 1,
}
# Only what is required (sheet goto 1.3), as a session is right after its creation.
BARE: dict[str, Any] = {
    "uuid": UUID,
    "supportKey": "123-456-789",
    "sessionStatus": "CREATED",
    "sessionCreateTime": 1450000000000,
}
LISTING: dict[str, Any] = {
    "content": [SESSION],
    "links": [
        {"rel": "self", "href": "https://api.citrixonline.com/seeit/v1/sessions?page=0&size=5"}
    ],
    "page": {"size": 5, "number": 0, "totalElements": 1, "totalPages": 1},
}
CREATED: dict[str, Any] = {"uuid": UUID, "supportKey": "123-456-789", "startUrl": START}


def listing(number: int, pages: int, **changes: Any) -> dict[str, Any]:
    """One page of several, with the links that belong to it."""
    rels = ["self", *(["next"] if number + 1 < pages else []), *(["prev"] if number else [])]
    href = "https://api.citrixonline.com/seeit/v1/sessions"
    return {
        "content": [SESSION],
        "links": [{"rel": rel, "href": f"{href}?page={rel}"} for rel in rels],
        "page": {"size": 50, "number": number, "totalElements": pages, "totalPages": pages},
        **changes,
    }


def seeit(vendor: Vendor, me: str | None = None, **settings: Setting) -> GotoSeeit:
    """A Seeit provider at that vendor."""
    made = profile("goto-seeit", vendor.base_url, settings, {"access_token": "sesame"}, me)
    return goto_seeit.connect(made, StillClock(), _ignored)


def _ignored(exchange: Exchange) -> None:
    pass
