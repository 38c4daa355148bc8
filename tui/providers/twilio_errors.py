"""What Twilio says when it says no: keyed on its error code first, then on the HTTP status (sheet twilio 1.7)."""

from __future__ import annotations

from typing import Final

from tui.model.clock import Clock
from tui.model.problem import Busy, KeysRejected, NotFound, Problem, Refused
from tui.net.answers import refusal
from tui.net.client import Reply
from tui.providers.rows import members
from tui.providers.values import ident, text

_KEYS: Final = frozenset({20003, 20403})
_MISSING: Final = frozenset({20404, 80301, 80303, 80304, 80305, 80306, 80307, 80308})
_BUSY: Final = frozenset({20429, 20500, 20503, 80501, 80502, 80504, 80621})
_WHAT_TO_DO: Final = {
    20003: "check account_sid or api_key_sid, and auth_token",
    20403: "these keys may not do this",
    80408: "check service_sid",
    80506: "Twilio opens no new Proxy accounts",
}


def problem(reply: Reply, what: str, clock: Clock) -> Problem:
    """The problem that an answer which is not 2xx stands for; `what` was being done."""
    code, message = told(reply.body)
    found = refusal(
        reply, what, code=None if code is None else str(code), message=message, clock=clock
    )
    return _by_code(found, code) if isinstance(found, Refused) else found


def told(body: bytes) -> tuple[int | None, str | None]:
    """The code and the words of an error body: Twilio's own, RFC 9457's, or neither of them (a gateway's page)."""
    values = members(body)
    if values is None:
        return None, None
    code = ident(values.get("code"))
    if isinstance(code, str):
        code = int(code) if code.isascii() and code.isdigit() and len(code) < 9 else None
    words = text(values.get("message")) or text(values.get("detail")) or text(values.get("title"))
    hint = _WHAT_TO_DO.get(code or 0)
    return code, f"{words or 'refused'} ({hint})" if hint else words


def _by_code(found: Refused, code: int | None) -> Refused:
    """The same words under the class that the code calls for, whatever the HTTP status was."""
    message, status, shown = str(found.message), found.status, str(code)
    if code in _KEYS and not isinstance(found, KeysRejected):
        return KeysRejected(message, status, shown)
    if code in _MISSING and not isinstance(found, NotFound):
        return NotFound(message, status, shown)
    if code in _BUSY and not isinstance(found, Busy):
        return Busy(message, status, shown)
    return found
