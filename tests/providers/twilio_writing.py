"""What the tests of Twilio's writes share: a service with one open session, and a provider at it."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from tests.providers.making import profile
from tests.providers.samples import ACCOUNT, SERVICE, SESSION, TWILIO_PARTICIPANT, TWILIO_SESSION
from tests.providers.vendor import Answer, Seen, StillClock, Vendor
from tui.model.form import Values
from tui.providers import twilio_proxy
from tui.providers.twilio_proxy import TwilioProxy

SESSIONS = f"/Services/{SERVICE}/Sessions"
ONE = f"{SESSIONS}/{SESSION}"
OPEN: dict[str, Any] = {
    **TWILIO_SESSION,
    "date_started": None,
    "date_ended": None,
    "date_expiry": "2026-01-05T13:00:00Z",
}
CLOSED = {**OPEN, "status": "closed", "closed_reason": "api"}
ANA = {**TWILIO_PARTICIPANT, "date_deleted": None, "friendly_name": "Ana"}
BO = {
    **ANA,
    "friendly_name": "Bo",
    "identifier": "+14155553434",
    "proxy_identifier": "+14155550000",
}
PEOPLE: tuple[dict[str, str], ...] = (
    {"identifier": "+14155551212", "friendly_name": "Ana"},
    {"identifier": "+14155553434", "friendly_name": "Bo"},
)
FULL: Values = {
    "participants": (
        {**PEOPLE[0], "proxy_identifier": "+14155559999", "proxy_identifier_sid": "PN" + "a" * 32},
        {"identifier": "messenger:12 3", "friendly_name": 'Bö "&=" 😀'},
    ),
    "unique_name": "Order #1234",
    "expires": "2026-01-05T14:00:00Z",
    "ttl": 3600,
    "mode": "voice-only",
    "status": "open",
}


def method(answers: dict[str, Answer]) -> Callable[[Seen], Answer]:
    """One address that answers by the request's method."""
    return lambda seen: answers[seen.method]


def participants(*rows: dict[str, Any]) -> Answer:
    return Answer(body={"participants": list(rows), "meta": {"key": "participants"}})


@asynccontextmanager
async def service() -> AsyncIterator[Vendor]:
    async with Vendor("/v1") as made:
        made.paths[SESSIONS] = Answer(201, OPEN)
        made.paths[ONE] = method(
            {"POST": Answer(200, CLOSED), "GET": Answer(200, OPEN), "DELETE": Answer(204, b"")}
        )
        made.paths[f"{ONE}/Participants"] = participants(BO, ANA)
        yield made


def connected(vendor: Vendor, *, read_only: bool = False, seed: int = 1) -> TwilioProxy:
    settings = {"account_sid": ACCOUNT, "service_sid": SERVICE}
    made = profile("twilio-proxy", vendor.base_url, settings, {"auth_token": "sesame"})
    return twilio_proxy.connect(
        replace(made, read_only=read_only),
        StillClock(),
        lambda exchange: None,
        rng=random.Random(seed),
    )
