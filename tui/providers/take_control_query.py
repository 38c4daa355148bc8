"""What Take Control's history can be asked for: vars, filters and the fields of `--query`.

Ten vars are documented for the REST call; the others come from the page of the older interface and may be
refused (sheet take control 4.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from tui.model.problem import UsageProblem
from tui.model.text import Opaque, line
from tui.providers.base import QueryField

DOCUMENTED: Final = (
    "COMPUTER_NAME",
    "COMPUTER_DOMAIN",
    "COMPUTER_OS",
    "TECH_USERNAME",
    "TECH_NAME",
    "CUSTOMER_NAME",
    "CUSTOMER_EMAIL",
    "PROBLEM_DESCRIPTION",
    "DATE_START",
    "DATE_END",
)
# A listing has what the board and its filters look at; what is long or written once comes by id only.
LISTED: Final = ("ID", *DOCUMENTED, "CUSTOMER_NUMBER", "HAS_VIDEOS")
DETAILED: Final = (
    *LISTED,
    "NOTES",
    "CHAT_INFO",
    "VIDEO_LINKS",
    "CUSTOM_FIELD_NAME",
    "CUSTOM_FIELD_VALUE",
)
# What a session's id and status are made of is asked for whatever somebody chooses.
NEEDED: Final = (
    "ID",
    "DATE_START",
    "DATE_END",
    "TECH_USERNAME",
    "COMPUTER_NAME",
    "COMPUTER_DOMAIN",
    "CUSTOMER_EMAIL",
)
# The vendor's own sample asks for all start methods and for all sessions, answered or not (sheet 4.5).
EVERYTHING: Final[dict[str, object]] = {"FILTER_START_METHOD": "ALL", "FILTER_PROCESSED": "ALL"}

VARS: Final = "vars"
_ID: Final = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_ANY: Final = r".*\S.*"
_WORD: Final = r"[A-Za-z0-9_]+"
_DATE: Final = r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2}:\d{2})?"
_EXACT: Final = "whether a part of it is enough is not documented"

QUERY: Final = (
    QueryField(
        VARS,
        "the vars to ask for, with commas between them, beside what id and status need: "
        + ", ".join(DETAILED),
        r"[A-Za-z_]+(?:[ ,]+[A-Za-z_]+)*",
    ),
    QueryField("FILTER_ID", "one session, by its number", _ID.pattern),
    QueryField(
        "FILTER_DATE_START_INI",
        "started later than this, as 2026-01-31 08:00:00 in the profile's time_zone; see --since",
        _DATE,
    ),
    QueryField(
        "FILTER_DATE_START_END",
        "started earlier than this, as 2026-01-31 08:00:00 in the profile's time_zone; see --until",
        _DATE,
    ),
    QueryField("FILTER_CUSTOMER_NAME", f"the customer's name; {_EXACT}", _ANY),
    QueryField("FILTER_CUSTOMER_EMAIL", f"the customer's e-mail; {_EXACT}", _ANY),
    QueryField("FILTER_COMPUTER_NAME", f"the computer's name; {_EXACT}", _ANY),
    QueryField("FILTER_TECH_USERNAME", f"the technician's e-mail; {_EXACT}", _ANY),
    QueryField("FILTER_START_METHOD", "ALL; the vendor documents no other word", _WORD),
    QueryField("FILTER_PROCESSED", "ALL, or ANSWERED; other words are not documented", _WORD),
    QueryField("FILTER_HAS_VIDEOS", "true: only sessions with videos", "true|false"),
)
_FIELDS: Final = {one.name: one for one in QUERY}


def filters(query: Iterable[tuple[str, str]]) -> dict[str, object]:
    """The filters of a query, as the vendor types them. Raises `UsageProblem` for what it does not take."""
    found: dict[str, object] = {}
    for name, value in query:
        known = _FIELDS.get(name)
        if known is None or not re.fullmatch(known.pattern or "", value):
            raise UsageProblem(f"Take Control's history cannot be asked for {line(name, 40)} so")
        if name == "FILTER_ID":
            found[name] = int(value)
        elif name == "FILTER_HAS_VIDEOS":
            found[name] = value == "true"
        elif name != VARS:
            found[name] = value
    return found


def chosen(query: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The vars that a query asks for, with what every listing needs; those of a listing without a choice.

    Raises `UsageProblem` for a var that the vendor does not document.
    """
    given = [value for name, value in query if name == VARS]
    words = re.split(r"[ ,]+", " ".join(given).strip().upper()) if given else []
    for word in words:
        if word not in DETAILED:
            raise UsageProblem(
                f"Take Control knows no var {line(word, 40)}; there are {', '.join(DETAILED)}"
            )
    return tuple(dict.fromkeys((*NEEDED, *words))) if words else LISTED


def number(ref: Opaque) -> int | None:
    """The number that `FILTER_ID` takes; None for an id that is none: a derived one, or one of another kind."""
    return int(ref) if _ID.fullmatch(ref) else None
