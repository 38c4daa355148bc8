"""Payloads as the vendors print them (sheet twilio 1.10 and 1.7, sheet goto 2.4, 2.6 and 3.6), typed in as data."""

from __future__ import annotations

import json
from typing import Any

from tui.model.text import Opaque

A32 = "a" * 32
ACCOUNT, SERVICE, SESSION = f"AC{A32}", f"KS{A32}", Opaque(f"KC{A32}")
_URL = f"https://proxy.twilio.com/v1/Services/{SERVICE}/Sessions"

TWILIO_SESSION: dict[str, Any] = {
    "service_sid": SERVICE,
    "status": "open",
    "unique_name": "Order #1234",
    "date_started": "2015-07-30T20:00:00Z",
    "date_ended": "2015-07-30T20:00:00Z",
    "date_last_interaction": "2015-07-30T20:00:00Z",
    "date_expiry": "2015-07-30T20:00:00Z",
    "ttl": 3600,
    "mode": "voice-and-message",
    "closed_reason": "",
    "sid": SESSION,
    "date_updated": "2015-07-30T20:00:00Z",
    "date_created": "2015-07-30T20:00:00Z",
    "account_sid": ACCOUNT,
    "url": f"{_URL}/{SESSION}",
    "links": {
        "interactions": f"{_URL}/{SESSION}/Interactions",
        "participants": f"{_URL}/{SESSION}/Participants",
    },
}
TWILIO_EMPTY: dict[str, Any] = {
    "sessions": [],
    "meta": {
        "previous_page_url": None,
        "next_page_url": None,
        "url": f"{_URL}?PageSize=50&Page=0",
        "page": 0,
        "first_page_url": f"{_URL}?PageSize=50&Page=0",
        "page_size": 50,
        "key": "sessions",
    },
}
TWILIO_INTERACTION: dict[str, Any] = {
    "service_sid": SERVICE,
    "data": '{"body":"some message"}',
    "date_created": "2015-07-30T20:00:00Z",
    "date_updated": "2015-07-30T20:00:00Z",
    "inbound_participant_sid": f"KP{A32}",
    "inbound_resource_sid": f"SM{A32}",
    "inbound_resource_status": "sent",
    "inbound_resource_type": "Message",
    "inbound_resource_url": None,
    "outbound_participant_sid": f"KP{'b' * 32}",
    "outbound_resource_sid": f"SM{'b' * 32}",
    "outbound_resource_status": "sent",
    "outbound_resource_type": "Message",
    "outbound_resource_url": None,
    "sid": f"KI{A32}",
    "type": "message",
    "url": f"{_URL}/{SESSION}/Interactions/KI{A32}",
    "account_sid": ACCOUNT,
    "session_sid": SESSION,
}
TWILIO_PARTICIPANT: dict[str, Any] = {
    "sid": f"KP{A32}",
    "session_sid": SESSION,
    "service_sid": SERVICE,
    "account_sid": ACCOUNT,
    "identifier": "+14155551212",
    "proxy_identifier": "+14155559999",
    "proxy_identifier_sid": f"PN{A32}",
    "friendly_name": "friendly_name",
    "date_deleted": "2015-07-30T20:00:00Z",
    "date_updated": "2015-07-30T20:00:00Z",
    "date_created": "2015-07-30T20:00:00Z",
    "url": f"{_URL}/{SESSION}/Participants/KP{A32}",
    "links": {"message_interactions": f"{_URL}/{SESSION}/Participants/KP{A32}/MessageInteractions"},
}
TWILIO_NOT_FOUND: dict[str, Any] = {
    "code": 20404,
    "message": "The requested resource /Services/KS71 was not found",
    "more_info": "https://www.twilio.com/docs/errors/20404",
    "status": 404,
}
TWILIO_AUTHENTICATE: dict[str, Any] = {
    "code": 20003,
    "message": "Authenticate",
    "more_info": "https://www.twilio.com/docs/errors/20003",
    "status": 401,
}
TWILIO_TOO_MANY: dict[str, Any] = {
    "code": 20429,
    "message": "Too Many Requests",
    "more_info": "https://www.twilio.com/docs/errors/20429",
    "status": 429,
}

GOTO_SESSION: dict[str, Any] = {
    "sessionId": "SS-87555",
    "sessionType": "screen_sharing",
    "sessionStartToken": 8555444,
    "customerJoinUrl": "https://logmein.com/join",
    "partnerObject": 7559966,
    "partnerObjectUrl": "https://logmein.com/partners/view",
    "status": "complete",
    "startedAt": "2021-04-30T06:00:00Z",
    "customerJoinedAt": "2021-04-30T06:01:00Z",
    "endedAt": "2021-04-30T06:05:00Z",
    "expertName": "John Doe",
    "expertEmail": "john.doe@logmein.com",
    "expertUserKey": "31416",
    "customerName": "Jane Doe",
    "customerEmail": "jane.doe@logmein.com",
    "accountKey": 741599,
    "sessionRecordingUrl": "https://logmein.com/session",
}
GOTO_LIST: dict[str, Any] = {"totalNumSessions": 500, "sessions": [GOTO_SESSION]}
GOTO_EVENTS: list[dict[str, Any]] = [
    {
        "timeStamp": "2018-05-01T09:00:05Z",
        "content": "My printer is offline",
        "participantName": "Jane Doe",
    },
    {
        "timeStamp": "2018-05-01T09:06:10Z",
        "content": "John Doe has ended the session",
        "participantName": "John Doe",
    },
]
GOTO_CHAT: dict[str, Any] = {
    "sessionId": "123456",
    "startTime": "2018-05-01T09:00:00Z",
    "endTime": "2018-05-01T09:06:10Z",
    "events": GOTO_EVENTS,
}
GOTO_INVALID_TOKEN: dict[str, Any] = {
    "int_err_code": "InvalidToken",
    "msg": "Invalid token passed",
}


def row(value: object) -> bytes:
    """A value as the bytes of a row."""
    return json.dumps(value).encode()
