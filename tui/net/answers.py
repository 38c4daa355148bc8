"""An answer that says no, as the problem it is."""

from __future__ import annotations

import re

from tui.model.clock import Clock
from tui.model.problem import Busy, KeysRejected, NotFound, Problem, Refused
from tui.model.text import line
from tui.net.client import Reply
from tui.net.retry import retry_after

_WORDS_LIMIT = 200


def refusal(
    reply: Reply, what: str, *, code: str | None, message: str | None, clock: Clock
) -> Problem:
    """The problem for an answer that is no success. `what` says what was asked, such as "close session KC12";
    `code` and `message` are the vendor's own, uncleaned, or None.

    401 and 403 are `KeysRejected`, 404 `NotFound`, 429 and 5xx `Busy` (with the vendor's Retry-After), everything
    else `Refused`.
    """
    status = reply.status
    code = reply.hide(code) if code else code
    told = _told(reply, code, message)
    if status in (401, 403):
        why = "the keys were not accepted" if status == 401 else "these keys may not do this"
        return KeysRejected(f"{what}: {why} ({told})", status, code)
    if status == 404:
        return NotFound(f"{what}: {reply.source} knows no such thing ({told})", status, code)
    if status == 429 or status >= 500:
        wait = retry_after(reply.headers.get("retry-after"), clock.now())
        why = "too many requests" if status == 429 else f"{reply.source} has a fault"
        when = f"try again in {wait:.0f} s" if wait else "try again later"
        return Busy(f"{what}: {why} ({told}); {when}", status, code, wait)
    return Refused(f"{what}: {reply.source} said no ({told})", status, code)


def _told(reply: Reply, code: str | None, message: str | None) -> str:
    """Status, code and the vendor's words; of a page for people, its title."""
    words = line(reply.hide(message), _WORDS_LIMIT) if message else None
    head = str(reply.status)
    if not words and reply.is_html:
        # Many such titles begin with the status.
        words = line(re.sub(rf"^{head}\b\W*", "", reply.title or ""))
    if code and code != head:
        head += f" {line(code, 64)}"
    return f"{head}: {words}" if words else head
