"""What Seeit says when it says no (sheet goto 1.1, 3.6).

No body of an error is documented, so only GoTo's own `int_err_code` is read for what it means; words that come
along are shown and never relied on.
"""

from __future__ import annotations

from typing import Final

from tui.model.clock import Clock
from tui.model.problem import Busy, NotFound, Problem
from tui.net.answers import refusal
from tui.net.client import Reply
from tui.net.retry import retry_after
from tui.providers import goto_errors
from tui.providers.rows import members

UNAUTHORIZED: Final = "the access token is missing or not valid"
_HINTS: Final = {
    401: UNAUTHORIZED,
    403: "the token is valid, but this user lacks the permission for this operation",
}


def problem(reply: Reply, what: str, clock: Clock) -> Problem:
    """The problem that an answer which is not 2xx stands for; `what` was being done."""
    if _is_lost_token(reply):
        return goto_errors.problem(reply, what, clock)
    _, words = goto_errors.told(reply)
    hint = _HINTS.get(reply.status)
    if hint:
        words = f"{words}; {hint}" if words else hint
    return refusal(reply, what, code=None, message=words, clock=clock)


def of_one_session(reply: Reply, what: str, clock: Clock) -> Problem:
    """As `problem`, for a request by uuid: its 404 and 409 have documented meanings."""
    if _is_lost_token(reply):
        return goto_errors.problem(reply, what, clock)
    if reply.status == 409:
        wait = retry_after(reply.headers.get("retry-after"), clock.now())
        when = f"try again in {wait:.0f} s" if wait else "try again in a moment"
        return Busy(
            f"{what}: its details are not available yet, as happens right after a session was "
            f"created (409); {when}",
            409,
            retry_after=wait,
        )
    if reply.status == 404:
        return NotFound(
            f"{what}: {reply.source} knows no session with this uuid (404); details are kept for "
            "90 days, and a support key does not open a session",
            404,
        )
    return problem(reply, what, clock)


def _is_lost_token(reply: Reply) -> bool:
    """A missing, wrong or expired token, whatever the status (sheet goto 3.6)."""
    values = members(reply.body) or {}
    if values.get("int_err_code") == goto_errors.INVALID_TOKEN:
        return True
    told = "unauthorized" in reply.headers.get("x-amzn-errortype", "").lower()
    return told and goto_errors.told(reply)[0] == goto_errors.INVALID_TOKEN
