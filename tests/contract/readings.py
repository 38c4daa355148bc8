"""What the simulator can play that a document contradicts, because the sheet knows it from elsewhere or leaves it open.

Nothing else may differ. A row that no answer needs fails a test, as does a fault that no row names.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.providers.bad_input import CONTROL, GOTO, SEEIT, TRINSIC, TWILIO
from tui.simulator.vendors import VENDORS


@dataclass(frozen=True)
class Reading:
    """A setting of `--play`, and a pattern of what the document has against every answer that differs."""

    provider: str
    knob: str
    value: str
    sheet: str
    fault: str


_ODD = "sheet security 4.2: rows that no document allows, to be survived"
_ODD_ROW = r"-> 20[01]: /"

READINGS: tuple[Reading, ...] = (
    Reading(
        TWILIO,
        "twilio-interaction-data",
        "object",
        "sheet twilio 1.6: samples of 2019",
        r"/interactions/\d+/data: \{.*\} is not of type 'string'",
    ),
    Reading(
        TWILIO,
        "twilio-app-messages",
        "listed",
        "sheet twilio 1.6: whether Interactions holds them is UNCONFIRMED",
        r"/Interactions\S* -> 200: /\w+/\d+/inbound_resource_status: None (for not|is not (of type|one of))",
    ),
    Reading(
        TWILIO,
        "twilio-interaction-type",
        "title",
        "sheet twilio 1.6: as webhooks have it",
        r"/interactions/\d+/type: '(Message|Voice)' is not one of",
    ),
    Reading(
        TWILIO,
        "twilio-errors",
        "rfc9457",
        "sheet twilio 1.7: read by newer SDKs",
        r"-> 4\d\d: the body is application/problem\+json",
    ),
    Reading(
        TWILIO,
        "twilio-errors",
        "html",
        "sheet twilio 1.7: a gateway in between",
        r"-> 4\d\d: the body is text/html",
    ),
    Reading(
        GOTO,
        "goto-events",
        "array",
        "sheet goto 2.6: nesting UNCONFIRMED",
        r"/events -> 200: /: .* is not of type 'object'",
    ),
    Reading(
        GOTO,
        "goto-events",
        "nested-name",
        "sheet goto 2.6: the array's name is UNCONFIRMED",
        r"/events -> 200: /: .*\('chatHistory' was unexpected\)",
    ),
    Reading(
        GOTO,
        "goto-status-case",
        "lower",
        "sheet goto 2.1: camel case as written",
        r"/status: 'notstarted' is not one of",
    ),
    Reading(
        GOTO,
        "goto-status-case",
        "upper",
        "sheet goto 2.1: camel case as written",
        r"/status: '[A-Z]+' is not one of",
    ),
    Reading(
        GOTO,
        "goto-absent",
        "null",
        "sheet goto 2.1: absent, if its list is complete",
        r"-> 200: /.*: None is not (of type|valid under)",
    ),
    *(
        Reading(
            provider,
            "goto-expires-in",
            "string",
            "sheet goto 3.3: as in Direct Login",
            r"/oauth/token -> 200: /expires_in: '3600' is not of type 'integer'",
        )
        for provider in (GOTO, SEEIT)
    ),
    *(
        Reading(
            provider,
            "goto-sign-in",
            "gone-200",
            "sheet goto 3.1: the status that comes with these words is not recorded",
            r"/oauth/(authorize\S* -> 200: neither|token -> 200: /: .*'(access_token|expires_in|message)')",
        )
        for provider in (GOTO, SEEIT)
    ),
    Reading(
        TRINSIC,
        "trinsic-cancel-code",
        "RpCanceled",
        "sheet trinsic 2.3: the later spelling",
        r"/failCode: 'SessionFailRpCanceled' is not one of",
    ),
    Reading(
        SEEIT,
        "seeit-absent",
        "null",
        "sheet goto 1.3: absent or null is not stated",
        r"-> 200: /.*: None (for not nullable|is not)",
    ),
    Reading(
        SEEIT,
        "seeit-errors",
        "html",
        "sheet goto 1.1: no body is documented",
        r"-> 4\d\d: the body is text/html",
    ),
    Reading(
        CONTROL,
        "control-booleans",
        "1",
        "sheet take-control 4.6: booleans in three forms",
        r"[01] is not of type 'boolean', 'string'",
    ),
    Reading(
        CONTROL,
        "control-empty-date",
        "null",
        "sheet take-control 4.6: an empty date in three forms",
        r"None is not of type 'string'",
    ),
    Reading(
        CONTROL,
        "control-keys",
        "upper",
        "sheet take-control 4.6: vars are upper case, the sample's keys lower",
        r"'[A-Z_]+'.* (was|were) unexpected",
    ),
    *(
        Reading(
            CONTROL,
            "control-create",
            value,
            "sheet take-control 4.3: the id is in no documented answer",
            r"POST /take-control/rest/session -> 200: /details: \{.*\} is not valid",
        )
        for value in ("session-id", "id", "empty")
    ),
    *(Reading(provider, "rows", "odd", _ODD, _ODD_ROW) for provider in VENDORS),
)
