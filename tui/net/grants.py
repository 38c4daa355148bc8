"""One way to get tokens, and what a sign-in server answers to it (RFC 6749 5.1, 5.2), read leniently."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from tui.model.clock import Clock
from tui.model.lazy_dataclass import dataclass
from tui.model.operation import Operation
from tui.model.problem import BadAnswer, Busy, KeysRejected, Problem
from tui.model.secret import Secret
from tui.model.text import Clean, line
from tui.net.answers import refusal
from tui.net.auth import sendable
from tui.net.client import Reply
from tui.net.tokens import Tokens

INVALID_GRANT: Final = "invalid_grant"
# More is no life of a token, and would lead past the end of the calendar.
_LONGEST: Final = 10 * 366 * 86_400
_WORDS: Final = ("error_description", "message")


@dataclass(frozen=True, slots=True)
class Grant:
    """One documented way to get tokens: the operation, and the form that goes with it."""

    operation: Operation
    form: tuple[tuple[str, str | Secret], ...]


@dataclass(frozen=True, slots=True)
class Granted:
    """The tokens, and whose they are where the server names the user."""

    tokens: Tokens
    user: Clean | None = None


def granted(reply: Reply, account: str, at: datetime, old: Secret | None) -> Granted:
    """The tokens of a good answer to a request made at `at`; `old` is the refresh token it was asked with.

    `expires_in` may be a number or a string, or be absent; `token_type` may be absent; an absent `refresh_token`
    means that the old one goes on. Raises `BadAnswer` where there is no access token, or no header can carry it.
    """
    found = _members(reply)
    access = _secret(found.get("access_token"))
    if access is None:
        code, words = _told(reply, found)
        said = line(reply.hide(words or code or ""))
        raise BadAnswer(f"{reply.source} answered no access token" + (f": {said}" if said else ""))
    if not sendable(access):
        raise BadAnswer(f"{reply.source} answered an access token that no header can carry")
    life = _seconds(found.get("expires_in"))
    user = found.get("principal")
    return Granted(
        Tokens(
            account,
            access,
            at,
            _secret(found.get("refresh_token")) or old,
            None if life is None else at + timedelta(seconds=life),
        ),
        line(reply.hide(user)) if isinstance(user, str) and user else None,
    )


def refused(reply: Reply, what: str, clock: Clock) -> Problem:
    """The problem for an answer that says no; `what` was asked. `code` is the server's own (RFC 6749 5.2).

    429 and 5xx are `Busy`; everything else is `KeysRejected`: asking again would change nothing.
    """
    code, words = _told(reply, _members(reply))
    problem = refusal(reply, what, code=code, message=words, clock=clock)
    if isinstance(problem, Busy):
        return problem
    told = line(f"{reply.status} {code or ''}").strip()
    said = line(reply.hide(words), 160) if words else reply.title or ""
    why = _WHY.get(code or "", "")
    if not why and reply.status == 401:
        why = _WHY["invalid_client"]
    tail = f": {said}" if said else ""
    head = f"{what}: {why}" if why else f"{what}: {reply.source} said no; check auth_url"
    return KeysRejected(f"{head} ({told}{tail})", reply.status, code)


_WHY: Final[Mapping[str, str]] = {
    INVALID_GRANT: "it is not valid, was used before, or has run out",
    "invalid_client": "the vendor does not accept client_id and client_secret",
    "unauthorized_client": "the OAuth client may not do this: allow the grant at the vendor",
    "unsupported_grant_type": "the OAuth client may not do this: allow the grant at the vendor",
}


def _members(reply: Reply) -> Mapping[str, object]:
    try:
        value = reply.json()
    except BadAnswer:
        if reply.ok:
            raise
        return {}
    return value if isinstance(value, dict) else {}


def _told(reply: Reply, found: Mapping[str, object]) -> tuple[str | None, str | None]:
    """The server's code and words."""
    code = found.get("error")
    words = next((text for name in _WORDS if isinstance(text := found.get(name), str)), None)
    return (line(reply.hide(code), 64) if isinstance(code, str) and code else None), words


def _secret(value: object) -> Secret | None:
    return Secret(value) if isinstance(value, str) and value else None


def _seconds(value: object) -> float | None:
    """The life of a token in seconds; None where it is not said, or not readable."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return min(seconds, _LONGEST) if seconds > 0 and not math.isnan(seconds) else None
