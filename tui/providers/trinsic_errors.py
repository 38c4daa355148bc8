"""What Trinsic Connect says when it says no (sheet trinsic 2.2).

400 is an array of what is wrong with which member, 401 an object with a message; 403 and 500 document no body.
Anything else, documented or not, is told in the vendor's own words.
"""

from __future__ import annotations

from typing import Final

from tui.model.clock import Clock
from tui.model.problem import Problem
from tui.net.answers import refusal
from tui.net.client import Reply
from tui.providers.rows import loose
from tui.providers.values import text

_HINT: Final = "check api_key"
_WORDS: Final = ("message", "detail", "title", "errorMessage", "error")
_MOST: Final = 4000


def problem(reply: Reply, what: str, clock: Clock) -> Problem:
    """The problem that an answer which is not 2xx stands for; `what` was being done."""
    words = told(reply)
    if reply.status == 401:
        words = f"{words}; {_HINT}" if words else _HINT
    return refusal(reply, what, code=None, message=words, clock=clock)


def told(reply: Reply) -> str | None:
    """The words of a refusal, not yet clean; None where it has none, or is a page for people."""
    answer = loose(reply.body)
    if isinstance(answer, list):
        return "; ".join(found for one in answer if (found := _fault(one))) or None
    if isinstance(answer, dict):
        return next((found for name in _WORDS if (found := text(answer.get(name)))), None)
    if isinstance(answer, str):
        return answer or None
    if reply.is_html:
        return None
    return reply.body[:_MOST].decode("utf-8", "replace").strip() or None


def _fault(one: object) -> str | None:
    """One ValidationResult as `PageSize: must be 1 to 10`; both of its members may be null."""
    if isinstance(one, str):
        return one
    if not isinstance(one, dict):
        return None
    members = one.get("memberNames")
    names = ", ".join(filter(None, map(text, members))) if isinstance(members, list) else ""
    words = text(one.get("errorMessage")) or ""
    return f"{names}: {words}" if names and words else names or words or None


def names_other(reply: Reply, name: str) -> bool:
    """Whether a 400 is about members of the request, `name` not among them; their case is not documented."""
    answer = loose(reply.body)
    faults = answer if isinstance(answer, list) else []
    lists = [one.get("memberNames") for one in faults if isinstance(one, dict)]
    named = {text(found) for names in lists if isinstance(names, list) for found in names}
    folded = {found.casefold() for found in named if found}
    return bool(folded) and name.casefold() not in folded
