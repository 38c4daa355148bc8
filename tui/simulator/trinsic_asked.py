"""Request bodies of Trinsic Connect, and what is wrong with them (sheet trinsic 2.2, 2.3)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tui.simulator.identity import FACTS

SMALLEST_ID, LONGEST_ID = 5, 100
LARGEST_PAGE = 10
_INT32 = 2_147_483_647
_JSON_TYPES = ("application/json", "text/json")
ORDERS = ("Created", "Updated", "State")
DIRECTIONS = ("Ascending", "Descending")


class InvalidError(Exception):
    """Something does not validate: `member` is its name in PascalCase."""

    def __init__(self, member: str, message: str) -> None:
        super().__init__(message)
        self.member = member


class MediaTypeError(Exception):
    """A body that does not say it is JSON."""


@dataclass(frozen=True, slots=True)
class Listing:
    """ListSessionsRequest; `page` begins with 1."""

    order: str
    descending: bool
    size: int
    page: int


def body_of(content_type: str, body: bytes) -> Mapping[str, object]:
    """The object in a body, an empty one of no body. Raises InvalidError and MediaTypeError."""
    if not body:
        return {}
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in _JSON_TYPES and not (kind.startswith("application/") and kind.endswith("+json")):
        raise MediaTypeError
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidError("$", "The body is not valid JSON.") from error
    return {} if found is None else _object("$", found, None)


def listing(body: Mapping[str, object]) -> Listing:
    """Raises InvalidError."""
    _object("$", body, ("orderBy", "orderDirection", "pageSize", "page"))
    order = _word("OrderBy", body.get("orderBy"), ORDERS)
    direction = _word("OrderDirection", body.get("orderDirection"), DIRECTIONS)
    size = _number("PageSize", body.get("pageSize", LARGEST_PAGE), LARGEST_PAGE)
    page = _number("Page", body.get("page", 1), _INT32)
    return Listing(order, direction == "Descending", size, page)


def wishes(body: Mapping[str, object]) -> tuple[str, ...] | None:
    """What a new session is to find out: names of facts, None for all of them, unsaid.

    A request without verifications gets one of a government id. Raises InvalidError.
    """
    _object("$", body, ("verifications",))
    wanted = body.get("verifications")
    if wanted is None:
        return None
    if not isinstance(wanted, list) or len(wanted) > 1:
        raise InvalidError("Verifications", "Verifications must be a list of one verification.")
    return _verification(wanted[0]) if wanted else None


def _verification(value: object) -> tuple[str, ...] | None:
    found = _object("Verifications[0]", value, ("type", "governmentIdOptions"))
    _word("Verifications[0].Type", found.get("type"), ("GovernmentId",))
    if "governmentIdOptions" not in found:
        return None
    place = "Verifications[0].GovernmentIdOptions"
    options = _object(place, found["governmentIdOptions"], FACTS)
    for name, chosen in options.items():
        if not isinstance(chosen, bool):
            member = f"{place}.{name[:1].upper()}{name[1:]}"
            raise InvalidError(member, f"The value of {name} must be true or false.")
    return tuple(name for name in FACTS if options.get(name))


def session_id(value: str | None) -> str:
    """The query parameter of get and cancel. Raises InvalidError."""
    if value is None or not SMALLEST_ID <= len(value) <= LONGEST_ID:
        raise InvalidError(
            "SessionId",
            f"The field SessionId must be a string of {SMALLEST_ID} to {LONGEST_ID} characters.",
        )
    return value


def _object(member: str, value: object, known: Collection[str] | None) -> Mapping[str, object]:
    """No other properties are allowed than those the schema names."""
    if not isinstance(value, dict):
        raise InvalidError(member, f"The value of {member} must be an object.")
    other = [] if known is None else sorted(set(value) - set(known))
    if other:
        raise InvalidError(member, f"The property {other[0]} is not known.")
    return value


def _word(member: str, value: object, known: Collection[str]) -> str:
    if value is None:
        raise InvalidError(member, f"The {member} field is required.")
    if not isinstance(value, str) or value not in known:
        raise InvalidError(member, f"The value of {member} must be one of {', '.join(known)}.")
    return value


def _number(member: str, value: object, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise InvalidError(member, f"The field {member} must be between 1 and {most}.")
    return value
