"""Error answers as the sheets show them, for what the vendors' documents leave open.

Twilio's document declares no error at all; Seeit's declares the status and no body; those of GoTo, Trinsic and Take
Control leave out some statuses. A sample stands for its shape: the same fields, each of the same type.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.contract.tap import Call

# --- samples ---------------------------------------------------------------------------------------------------

TWILIO_SAMPLES: tuple[dict[str, Any], ...] = (  # sheet twilio 1.10
    {
        "code": 20404,
        "message": "The requested resource /Services/KS71 was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    },
    {
        "code": 20003,
        "message": "Authenticate",
        "more_info": "https://www.twilio.com/docs/errors/20003",
        "status": 401,
    },
    {
        "code": 20429,
        "message": "Too Many Requests",
        "more_info": "https://www.twilio.com/docs/errors/20429",
        "status": 429,
    },
)
# Which status comes with which code (sheet twilio 1.7).
TWILIO_CODES: dict[int, tuple[int, ...]] = {
    400: (
        20001, 20162, 20422, 21481, 80401, 80402, 80403, 80404, 80405, 80406, 80407, 80408, 80409,
        80602, 80603, 80604, 80607, 80608, 80609, 80612, 80701,
    ),
    401: (20003,),
    403: (20403, 80506),
    404: (20404, 80307, 80308),
    405: (20004,),
    409: (20409, 80623),
    429: (20429, 80621),
    500: (20500,),
    503: (20503,),
}  # fmt: skip
GOTO_SAMPLE = {"int_err_code": "InvalidToken", "msg": "Invalid token passed"}  # sheet goto 3.6
GOTO_OTHER_SAMPLE = {  # looked for by a public client (sheet goto 3.6)
    "errorCode": "InvalidToken",
    "description": "Invalid token passed",
    "incident": "0",
}
GOTO_BUSY_SAMPLE = {"message": "Too Many Requests"}  # sheet goto 3.7: no body is documented
TRINSIC_SAMPLE = {"message": "Session not found."}  # sheet trinsic 2.2: FailureMessage
TRINSIC_INVALID = [{"memberNames": ["PageSize"], "errorMessage": "..."}]  # sheet trinsic 2.2
TAKE_CONTROL_SAMPLE = {  # sheet take-control 4.7
    "result": "ERROR",
    "details": None,
    "errorDetails": {"errorCode": 400, "errorMsg": "Missing required field: customer_email"},
}
SIGN_IN_SAMPLE = {"error": "invalid_client", "error_description": "client not found"}  # goto 3.6
GONE_SAMPLE = {
    "message": "This endpoint is no longer valid, see ..."
}  # sheet goto 3.1: its status is not recorded
PAGE = "text/html"  # what a person sees whom the sign-in page does not send on


# --- what an answer of a vendor may be -------------------------------------------------------------------------

# Statuses of which a sheet tells, and 400 and 405 where it does not, as any web server has them; with the bodies that
# fit, None being no body at all.
_GOTO_STATUSES = (400, 401, 403, 404, 405, 500)
_SAMPLES: dict[str, dict[int, tuple[object, ...]]] = {
    "twilio-proxy": dict.fromkeys(TWILIO_CODES, TWILIO_SAMPLES),
    # Sheet trinsic 2.2: no schema for 403 and 500; 404 and 409 are UNCONFIRMED, 405 and 415 the framework's.
    "trinsic-connect": {
        403: (None,),
        404: (None, TRINSIC_SAMPLE),
        405: (None,),
        409: (TRINSIC_INVALID,),
        415: (None,),
        500: (None,),
    },
    # Sheet goto 1.1: no body is documented, and any may come.
    "goto-seeit": {
        **dict.fromkeys((*_GOTO_STATUSES, 409), (None, GOTO_SAMPLE, GOTO_OTHER_SAMPLE)),
        429: (GOTO_BUSY_SAMPLE,),
    },
    "goto-remote-support": {
        **dict.fromkeys(_GOTO_STATUSES, (GOTO_SAMPLE,)),
        429: (GOTO_BUSY_SAMPLE,),
    },
    "take-control": dict.fromkeys((404, 405), (TAKE_CONTROL_SAMPLE,)),
    "goto-sign-in": {
        400: (SIGN_IN_SAMPLE, PAGE),
        401: (SIGN_IN_SAMPLE,),
        **dict.fromkeys((404, 405), (GONE_SAMPLE,)),
    },
}


def sheet_faults(provider: str, call: Call) -> list[str]:
    """What a sheet has against an answer that the document does not describe."""
    samples = _SAMPLES.get(provider, {}).get(call.status)
    if samples is None:
        return ["neither the document nor the sheet knows this status"]
    if not call.answer:
        return [] if None in samples else ["the body is missing"]
    kind = (call.answer_header("content-type") or "").partition(";")[0]
    if kind == PAGE and PAGE in samples and call.method == "GET":
        return []
    if kind != "application/json":
        return [f"the body is {kind or 'of no type'}, not JSON"]
    body = json.loads(call.answer)
    if not any(like(sample, body) for sample in samples):
        return [f"the body is like none of the sheet's samples: {call.answer[:200]!r}"]
    return [*_MORE[provider](call, body)] if provider in _MORE else []


def like(sample: object, value: object) -> bool:
    """Whether a value has the sample's shape: the same fields, and each of its type."""
    if type(sample) is not type(value):
        return False
    if isinstance(sample, dict) and isinstance(value, dict):
        return set(sample) == set(value) and all(like(sample[name], value[name]) for name in sample)
    if isinstance(sample, list) and isinstance(value, list):
        return all(like(sample[0], one) for one in value)
    return True


def _twilio(call: Call, body: dict[str, Any]) -> Iterator[str]:
    if body["status"] != call.status:
        yield f"the body says {body['status']}"
    if body["code"] not in TWILIO_CODES[call.status]:
        yield f"{body['code']} does not come with {call.status}"
    if body["more_info"] != f"https://www.twilio.com/docs/errors/{body['code']}":
        yield f"more_info leads to {body['more_info']}"


_MORE: dict[str, Callable[[Call, Any], Iterator[str]]] = {"twilio-proxy": _twilio}
