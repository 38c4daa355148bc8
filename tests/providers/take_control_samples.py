"""Take Control's answers as the vendor prints them (sheet take control 4.6, 4.7), and a provider for the tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.providers.making import profile
from tests.providers.vendor import Answer, Seen, StillClock, Vendor
from tui.model.profile import Setting
from tui.model.session import Session
from tui.providers import take_control
from tui.providers.take_control import TakeControl
from tui.providers.take_control_answers import folded, records
from tui.providers.take_control_rows import Reader, numbered, to_bytes
from tui.providers.take_control_times import zone

BASE = "/rest"
VENDOR_RECORD: dict[str, Any] = {
    "computer_name": "VM2",
    "computer_domain": "WORKGROUP",
    "tech_username": "tech@example.com",
    "waiting_time": 1,
}
BLOCK: dict[str, Any] = {"nrequests": 22, "requests": [VENDOR_RECORD]}
CREATE_SAMPLE: dict[str, Any] = {"result": "SUCCESS", "details": BLOCK}
HISTORY_SAMPLE: dict[str, Any] = {"result": "SUCCESS", "details": [BLOCK]}
ERROR_SAMPLE: dict[str, Any] = {
    "result": "ERROR",
    "details": None,
    "errorDetails": {"errorCode": 400, "errorMsg": "Missing required field: customer_email"},
}
RECORD: dict[str, Any] = {
    "id": 7301,
    "computer_name": "VM2",
    "computer_domain": "WORKGROUP",
    "computer_os": "Windows 11",
    "tech_username": "tech@example.com",
    "tech_name": "Tess Technician",
    "customer_name": "Ana Lindqvist",
    "customer_email": "ana@example.com",
    "customer_number": "d4f%d$3",
    "problem_description": "Printer on floor 3",
    "has_videos": "TRUE",
    "date_start": "2026-01-05 11:30:00",
    "date_end": "2026-01-05 11:45:00",
}
WITHOUT_ID: dict[str, Any] = {name: value for name, value in RECORD.items() if name != "id"}


def success(details: object) -> dict[str, Any]:
    return {"result": "SUCCESS", "details": details}


def split(details: object) -> list[bytes]:
    """The rows of an answer, as `page` gives them."""
    return [to_bytes(one) for one in numbered(records(folded(success(details)), "listing"))]


def session(record: dict[str, Any], where: str = "UTC", me: str | None = None) -> Session:
    """One record as a session with all its fields."""
    (raw,) = split([record])
    found = Reader("desk", zone(where), me).decode(raw, full=True).session
    assert found is not None
    return found


def control(
    vendor: Vendor,
    keys: str = "both",
    *,
    me: str | None = None,
    **settings: Setting,
) -> TakeControl:
    """A provider at that vendor with both keys, the `public` or the `private` one."""
    secrets = {"public_key": "open-sesame", "private_key": "hush-hush"}
    given = {name: value for name, value in secrets.items() if keys in ("both", name[:-4])}
    made = profile("take-control", vendor.base_url, settings, given, me)
    return take_control.connect(made, StillClock(), lambda exchange: None)


def body(seen: Seen) -> Any:
    """What a request asked for."""
    return json.loads(seen.body)


def sessions(desk: TakeControl, rows: tuple[bytes, ...]) -> list[Session]:
    return [found for raw in rows if (found := desk.decode(raw).session) is not None]


def refusing(*bad: str, records: list[dict[str, Any]]) -> Callable[[Seen], Answer]:
    """A vendor that refuses some vars, and tells of each record only what was asked for."""

    def react(seen: Seen) -> Answer:
        asked = body(seen)["vars"]
        if set(asked) & set(bad):
            return Answer(400, {**ERROR_SAMPLE, "errorDetails": {"errorMsg": "Invalid var"}})
        told = [{n: v for n, v in one.items() if n.upper() in asked} for one in records]
        return Answer(body=success([{"nrequests": len(told), "requests": told}]))

    return react


def error(code: object, words: object = "No") -> dict[str, Any]:
    return {
        "result": "ERROR",
        "details": None,
        "errorDetails": {"errorCode": code, "errorMsg": words},
    }
