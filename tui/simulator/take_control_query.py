"""The JSON bodies of both calls: what may be in them, what they select (sheet take-control 4.3-4.5).

Raises `RefusedError` with the words of the error envelope.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tui.simulator.kinds import Session
from tui.simulator.take_control_rows import DEPARTMENTS, Rows, Wish, staff

# Those of the vendor's REST page, and those that only other pages know.
VARS = (
    "COMPUTER_NAME", "COMPUTER_DOMAIN", "COMPUTER_OS", "TECH_USERNAME", "TECH_NAME",
    "CUSTOMER_NAME", "CUSTOMER_EMAIL", "PROBLEM_DESCRIPTION", "DATE_START", "DATE_END",
)  # fmt: skip
OTHER_VARS = (
    "ID", "CUSTOMER_NUMBER", "NOTES", "HAS_VIDEOS", "CHAT_INFO", "VIDEO_LINKS",
    "CUSTOM_FIELD_NAME", "CUSTOM_FIELD_VALUE",
)  # fmt: skip
_DATES = ("FILTER_DATE_START_INI", "FILTER_DATE_START_END")
_TEXTS = (
    "FILTER_CUSTOMER_NAME", "FILTER_CUSTOMER_EMAIL", "FILTER_COMPUTER_NAME", "FILTER_TECH_USERNAME",
)  # fmt: skip
_WORDS = {"FILTER_START_METHOD": ("ALL",), "FILTER_PROCESSED": ("ALL", "ANSWERED")}
_OTHER_FILTERS = ("FILTER_ID",)
_KNOWN = {*_DATES, *_TEXTS, *_WORDS, *_OTHER_FILTERS, "FILTER_HAS_VIDEOS"}
_LENGTHS = {
    "customer_name": 128, "customer_email": 64, "customer_number": 32, "problem_description": 1024,
    "technician_username": 100, "language": 16,
}  # fmt: skip
_SWITCHES = ("ask_customer_info", "show_waiting_queue")
Body = dict[str, Any]
Test = Callable[[Session], bool]


class RefusedError(Exception):
    """A request that is answered 400; the text says why."""


def body_of(raw: bytes, kind: str, *, may_be_empty: bool) -> Body:
    """The JSON object in a body of that content type, which says JSON (sheet take-control 4.8)."""
    if not raw.strip() and may_be_empty:
        return {}
    if kind.partition(";")[0].strip().lower() != "application/json":
        raise RefusedError("The content type must be application/json")
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise RefusedError("The request body must be JSON") from error
    if not isinstance(found, dict):
        raise RefusedError("The request body must be a JSON object")
    return found


def vars_of(body: Body, others: bool) -> tuple[str, ...]:
    """The wanted vars; `others` lets those through that the REST page does not show."""
    wanted = body.get("vars")
    if not isinstance(wanted, list) or not wanted:
        raise RefusedError("Missing required field: vars")
    known = VARS + OTHER_VARS if others else VARS
    for name in wanted:
        if not isinstance(name, str) or name not in known:
            raise RefusedError(f"Unknown var: {name}")
    return tuple(wanted)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which sessions a history request asks for. `substring` and `others` as in the knobs."""

    rows: Rows
    substring: bool
    others: bool

    def tests(self, body: Body) -> list[Test]:
        """One test for every filter; a session has to pass all of them."""
        filters = body.get("filters", {})
        if not isinstance(filters, dict):
            raise RefusedError("filters must be an object")
        return [self._test(str(name), value) for name, value in filters.items()]

    def _test(self, name: str, value: object) -> Test:
        if name not in _KNOWN or (name in _OTHER_FILTERS and not self.others):
            raise RefusedError(f"Unknown filter: {name}")
        if name in _DATES:
            return self._dated(name, _moment(name, value))
        if name in _TEXTS:
            return self._text(name, value)
        if name in _WORDS:
            return _word(name, value)
        if name == "FILTER_ID":
            number = _number(name, value)
            return lambda one: self.rows.number(one) == number
        if not isinstance(value, bool):
            raise RefusedError(f"{name} must be true or false")
        return lambda one: self.rows.has_videos(one) == value

    def _dated(self, name: str, bound: datetime) -> Test:
        """The start must be higher (INI) or lower (END) than the bound, never equal."""
        if name == _DATES[0]:
            return lambda one: self.rows.local(one.created) > bound
        return lambda one: self.rows.local(one.created) < bound

    def _text(self, name: str, value: object) -> Test:
        if not isinstance(value, str):
            raise RefusedError(f"{name} must be a string")
        wanted, rows = value.casefold(), self.rows
        field: dict[str, Callable[[Session], str]] = {
            "FILTER_CUSTOMER_NAME": rows.customer_name,
            "FILTER_CUSTOMER_EMAIL": rows.customer_email,
            "FILTER_COMPUTER_NAME": rows.computer,
            "FILTER_TECH_USERNAME": rows.technician_email,
        }
        read = field[name]
        if self.substring:
            return lambda one: wanted in read(one).casefold()
        return lambda one: wanted == read(one).casefold()


def _word(name: str, value: object) -> Test:
    if value not in _WORDS[name]:
        raise RefusedError(f"Invalid value for {name}")
    return (lambda one: one.joined is not None) if value == "ANSWERED" else (lambda one: True)


def _number(name: str, value: object) -> int:
    """INT, and so no text of digits (sheet take-control 4.5)."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise RefusedError(f"{name} must be a number")
    return value


def _moment(name: str, value: object) -> datetime:
    """`YYYY-MM-DD HH:MM:SS` as in `Rows.local`, or the date alone as the legacy API takes it."""
    if isinstance(value, str):
        for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d"):
            try:
                return datetime.strptime(value, form).replace(tzinfo=UTC)
            except ValueError:
                continue
    raise RefusedError(f"{name} must be YYYY-MM-DD HH:MM:SS")


def wish_of(body: Mapping[str, object], strangers: bool) -> Wish:
    """The fields of a create call; `strangers` lets unknown technicians and departments through.

    Fields that are not known are ignored. Every field may be left out, and none is null (sheet take-control 4.3).
    """
    for name, most in _LENGTHS.items():
        value = body.get(name, "")
        if not isinstance(value, str) or len(value) > most:
            raise RefusedError(f"{name} must be a string of {most} characters at most")
    for name in _SWITCHES:
        value = body.get(name, 0)
        if isinstance(value, bool) or value not in (0, 1):
            raise RefusedError(f"{name} must be 0 or 1")
    technician = _text(body, "technician_username")
    if technician is not None and "@" not in technician.strip("@"):
        raise RefusedError("technician_username must be an e-mail address")
    if technician and not strangers and technician not in {one.email for one in staff()}:
        raise RefusedError(f"Unknown technician: {technician}")
    return Wish(
        _department(body.get("department_id", ""), strangers),
        technician,
        _text(body, "customer_name"),
        _text(body, "customer_email"),
        _text(body, "customer_number"),
        _text(body, "problem_description"),
    )


def _text(body: Mapping[str, object], name: str) -> str | None:
    value = body.get(name)
    return value if isinstance(value, str) and value else None


def _department(value: object, strangers: bool) -> int | None:
    """123 or `id_123`: both forms are documented."""
    if value == "":
        return None
    digits = value.removeprefix("id_") if isinstance(value, str) else str(value)
    if isinstance(value, bool) or not (digits.isascii() and digits.isdecimal() and len(digits) < 9):
        raise RefusedError("department_id must be a number")
    if int(digits) in DEPARTMENTS:
        return int(digits)
    if strangers:
        return None
    raise RefusedError(f"Unknown department: {digits}")
