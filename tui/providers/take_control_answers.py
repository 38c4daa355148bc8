"""What Take Control answers: one envelope, several shapes of `details`, errors with any HTTP status.

The vendor's two samples contradict each other (sheet take control 4.6), so every shape is taken: an object
with `requests`, a list of those, a list of records, one record. Names are looked up whatever their case.
`nrequests` is never believed to be a length.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tui.model.clock import Clock
from tui.model.problem import BadAnswer, Problem
from tui.net.answers import refusal
from tui.net.client import Reply
from tui.providers.rows import loose
from tui.providers.values import ident, text

SUCCESS: Final = "SUCCESS"
Members = dict[str, object]

_DEPTH: Final = 6
# A record is known by any of these; what holds none of them is something else.
RECORD: Final = frozenset(
    {
        "id",
        "computer_name",
        "computer_domain",
        "computer_os",
        "tech_username",
        "tech_name",
        "customer_name",
        "customer_email",
        "customer_number",
        "problem_description",
        "notes",
        "has_videos",
        "date_start",
        "date_end",
        "chat_info",
        "video_links",
        "custom_field_name",
        "custom_field_value",
        "waiting_time",
    }
)
_HINTS: Final = {
    403: "is it the right one of the two keys, not expired (a year at most), with this permission, "
    "and used from an allowed address?",
    404: "check base_url: it is the account's own and ends in /rest",
}


def folded(value: dict[str, object]) -> Members:
    """An object with its names in lower case; of two that become the same, the first that says something."""
    found: Members = {}
    for name, inner in value.items():
        low = name.lower()
        if found.get(low) in (None, ""):
            found[low] = inner
    return found


def opened(reply: Reply, what: str, clock: Clock, *, strict: bool = False) -> Members:
    """The envelope of a success. `strict` wants the word SUCCESS; without it, the word may be missing.

    Raises the `Problem` that an error stands for, also one with HTTP 200 (sheet 4.7), and `BadAnswer` for
    what is no envelope.
    """
    if not reply.ok:
        raise _refused(reply, what, _of(loose(reply.body)), clock)
    value = loose(reply.json_bytes())
    members: Members = {"details": value} if isinstance(value, list) else _of(value)
    result = text(members.get("result"))
    if result is not None and result.strip().upper() != SUCCESS:
        raise _refused(reply, what, members, clock)
    if (result is None and strict) or "details" not in members:
        raise BadAnswer(f"{what}: the answer is not the JSON that the vendor documents")
    return members


def _of(value: object) -> Members:
    return folded(value) if isinstance(value, dict) else {}


def _refused(reply: Reply, what: str, members: Members, clock: Clock) -> Problem:
    """The code in the body counts as the status where the HTTP status says success."""
    details = members.get("errordetails")
    error = folded(details) if isinstance(details, dict) else {}
    code, words = text(error.get("errorcode")), text(error.get("errormsg"))
    if not words and isinstance(details, str):
        words = details
    number = int(code) if code and code.isascii() and code.isdigit() and len(code) < 4 else 0
    if reply.ok and 400 <= number < 600:
        reply = replace(reply, status=number)
    hint = _HINTS.get(reply.status)
    if hint:
        words = f"{words}; {hint}" if words else hint
    return refusal(
        reply, what, code=None if number == reply.status else code, message=words, clock=clock
    )


def records(members: Members, what: str) -> list[object]:
    """The records under `details`, in their order, their names folded. What is no object stays as it is.

    None, `{}` and `[]` are no records. Raises `BadAnswer` when `details` is neither of these nor a container.
    """
    details = members.get("details")
    if details is not None and not isinstance(details, dict | list):
        raise BadAnswer(f"{what}: the answer holds no list of sessions")
    return _records(details, 0)


def _records(value: object, depth: int) -> list[object]:
    if isinstance(value, list) and depth < _DEPTH:
        return [record for inner in value for record in _records(inner, depth + 1)]
    if value is None and depth == 0:
        return []
    if not isinstance(value, dict):
        return [value]
    members = folded(value)
    if "requests" in members:
        inside = members["requests"]
        return [] if inside in (None, "") or depth >= _DEPTH else _records(inside, depth + 1)
    if RECORD.isdisjoint(members):
        return _others(members, depth)
    return [members]


def _others(members: Members, depth: int) -> list[object]:
    """An object that is no record: empty, a bare count, or a list that was written as an object."""
    if not members or (depth < 2 and "nrequests" in members):
        return []
    if depth < _DEPTH and all(isinstance(inner, dict) for inner in members.values()):
        return [record for inner in members.values() for record in _records(inner, depth + 1)]
    return [members]


def count(members: Members) -> int | None:
    """`nrequests`, wherever it stands in `details`; None without one."""
    details = members.get("details")
    for block in details if isinstance(details, list) else [details]:
        if isinstance(block, dict):
            number = text(folded(block).get("nrequests")) or ""
            if number.isascii() and number.isdigit() and len(number) < 10:
                return int(number)
    return None


def session_id(members: Members) -> str | None:
    """`details.session_id` or `details.id`: a guess of a community client (sheet 4.3), taken when it comes."""
    details = members.get("details")
    if isinstance(details, list) and len(details) == 1:
        details = details[0]
    if not isinstance(details, dict):
        return None
    known = folded(details)
    for name in ("session_id", "id"):
        found = ident(known.get(name))
        if found not in (None, "", 0, "0"):
            return text(found)
    return None
