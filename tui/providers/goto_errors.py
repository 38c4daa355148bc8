"""What GoTo says when it says no (sheet goto 3.6, 2.2).

The gateway in front of the product answers a missing, wrong or expired token with 403 and
`int_err_code: InvalidToken`; a 401 is documented for a technician without a seat as well; any other 403 is a
permission. No body is documented, so every known form of one is read and none is relied on.
"""

from __future__ import annotations

from typing import Final

from tui.model.clock import Clock
from tui.model.problem import KeysRejected, Problem
from tui.net.answers import refusal
from tui.net.client import Reply
from tui.providers.rows import members
from tui.providers.values import text

INVALID_TOKEN: Final = "InvalidToken"
_EXPIRED: Final = "the access token is wrong or has expired; it lasts 60 minutes"
UNAUTHORIZED: Final = "the token is not valid, or this technician has no Remote Support seat"
_HINTS: Final = {
    401: UNAUTHORIZED,
    403: "the token is valid, but this user lacks the role",
}
_CODES: Final = ("int_err_code", "errorCode", "error", "code")
_WORDS: Final = ("msg", "message", "description", "error_description")


def problem(reply: Reply, what: str, clock: Clock) -> Problem:
    """The problem that an answer which is not 2xx stands for; `what` was being done."""
    code, words = told(reply)
    if code == INVALID_TOKEN:
        quoted = f"{reply.status} {code}: {words}" if words else f"{reply.status} {code}"
        return KeysRejected(f"{what}: {_EXPIRED} ({quoted})", reply.status, code)
    hint = _HINTS.get(reply.status)
    if hint:
        words = f"{words}; {hint}" if words else hint
    return refusal(reply, what, code=code, message=words, clock=clock)


def invalid_token(reply: Reply, unauthorized: str) -> str | None:
    """The words of an answer which says that the access token is not valid (any more); None for any other.

    401, or 403 with the gateway's code; every other 403 is a permission. `unauthorized` says what the product
    means by 401.
    """
    if reply.status == 401:
        return f"401: {unauthorized}"
    if reply.status != 403:
        return None
    code, words = told(reply)
    if code != INVALID_TOKEN:
        return None
    return f"403 {code}: {words}" if words else f"403 {code}"


def told(reply: Reply) -> tuple[str | None, str | None]:
    """The code and the words of an error, where it has any."""
    values = members(reply.body) or {}
    code = next((found for name in _CODES if (found := text(values.get(name)))), None)
    words = next((found for name in _WORDS if (found := text(values.get(name)))), None)
    if code is None and "unauthorized" in reply.headers.get("x-amzn-errortype", "").lower():
        code = INVALID_TOKEN
    return code, words
