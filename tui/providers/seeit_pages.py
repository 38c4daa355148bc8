"""GoToAssist Seeit's listing: what it can be asked for, and its pages (sheet goto 1.1, 1.4).

Pages are numbered from 0 and asked for by number. The `next` links are not followed: a link may name the host
that the service had before it moved (sheet goto 1), and a number says the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from tui.model.lazy_dataclass import dataclass
from tui.model.problem import BadAnswer, UsageProblem
from tui.model.text import Opaque, line
from tui.providers.base import Ask, Page, QueryField
from tui.providers.rows import Envelope, Layout
from tui.providers.seeit_rows import millis
from tui.providers.values import seconds

# The vendor's default is 5 and its most is not stated; a server may give fewer than it is asked for.
_LAYOUT: Final = Layout("content", "page", "links")
PAGE_SIZE: Final = 50
NEWEST_FIRST: Final = "sessionCreateTime,desc"
_SORTABLE: Final = (
    "uuid",
    "supportKey",
    "startUrl",
    "sessionStatus",
    "sessionCreateTime",
    "sessionStartTime",
    "sessionJoinTime",
    "sessionEndTime",
    "technicianEmail",
    "sessionRecorded",
    "sessionNotes",
    "sessionDataStatus",
    "sessionDataDownloadUrl",
    "sessionDataDownloadUrlExpiration",
    "sessionDataSize",
    "sessionDataPhotoCount",
    "sessionDataPhotoNotesCount",
)
_MILLIS: Final = re.compile(r"[0-9]{1,15}")
_WHEN: Final = r"[0-9]{1,15}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9Zz:.+-]{4,30})?"
_TIMES: Final = ("startTime", "endTime")
# int32 (sheet goto 1.1)
_NUMBER: Final = r"[0-9]{1,9}"

QUERY: Final = (
    QueryField(
        "startTime",
        "sessions created from then on: RFC 3339 such as 2026-01-05T12:00:00Z, or milliseconds",
        _WHEN,
    ),
    QueryField(
        "endTime", "sessions created until then: RFC 3339, or milliseconds since 1970", _WHEN
    ),
    QueryField("page", "only that page; the first is 0", _NUMBER),
    QueryField("size", f"sessions on a page ({PAGE_SIZE}; the vendor's own default is 5)", _NUMBER),
    QueryField(
        "sort",
        f"a field, then ,asc or ,desc ({NEWEST_FIRST}); one of {', '.join(_SORTABLE)}",
        rf"(?:{'|'.join(_SORTABLE)})(?:,(?:asc|desc))?",
        orders=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Question:
    """What one page is asked with. `alone`: somebody wants this page and no other."""

    query: tuple[tuple[str, str], ...]
    number: int
    alone: bool


def question(ask: Ask, since: datetime) -> Question:
    """The query of a page. `since` stands where the ask names no start.

    The bounds are a millisecond wider than asked: whether the vendor means them inclusive is not stated.
    Raises `UsageProblem` for a query that the vendor does not document.
    """
    given = _checked(ask.query)
    wanted = {"startTime": str(max(0, millis(ask.since or since) - 1))}
    if ask.until is not None:
        wanted["endTime"] = str(millis(ask.until) + 1)
    wanted |= {"page": "0", "size": str(PAGE_SIZE), "sort": NEWEST_FIRST} | given
    if ask.cursor is not None:
        wanted["page"] = _page_number(ask.cursor)
    return Question(tuple(wanted.items()), int(wanted["page"]), alone="page" in given)


def _page_number(cursor: Opaque) -> str:
    if not re.fullmatch(_NUMBER, cursor):
        raise UsageProblem("listing the sessions: that is not a page of this listing")
    return cursor


def _checked(query: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The pairs of a query as the vendor wants them. Raises `UsageProblem`."""
    fields = {field.name: field for field in QUERY}
    checked: dict[str, str] = {}
    for name, value in query:
        field = fields.get(name)
        if field is None:
            raise UsageProblem(
                f"the list of Seeit sessions takes no {line(name, 40)}; it takes {', '.join(fields)}"
            )
        if not re.fullmatch(field.pattern or "", value) or (name == "size" and not int(value)):
            raise UsageProblem(f"{name}: it does not look right ({field.help})")
        checked[name] = _millis_of(name, value) if name in _TIMES else value
    return checked


def _millis_of(name: str, value: str) -> str:
    if _MILLIS.fullmatch(value):
        return value
    try:
        when = datetime.fromisoformat(value.upper())
        return str(millis(when if when.tzinfo is not None else when.replace(tzinfo=UTC)))
    except (ValueError, OverflowError):
        raise UsageProblem(f"{name}: there is no such time as {line(value, 40)}") from None


def page(body: bytes, asked: Question, what: str) -> Page:
    """One page of the answer. Raises `BadAnswer` for one that is not the page that was asked for."""
    envelope = Envelope(body, what, _LAYOUT)
    info = _info(envelope)
    rows = _rows(body, envelope, info, what)
    number = seconds(info.get("number"))
    if number is not None and number < asked.number and rows:
        raise BadAnswer(f"{what}: page {asked.number} was asked for and page {number} came")
    more = bool(rows) and not asked.alone and _goes_on(envelope, info, asked.number)
    return Page(rows, Opaque(str(asked.number + 1)) if more else None)


def total(body: bytes, what: str) -> int | None:
    """How many sessions match, on all pages; None when the vendor does not say."""
    return seconds(_info(Envelope(body, what)).get("totalElements"))


def _info(envelope: Envelope) -> Mapping[str, object]:
    found = envelope.value("page")
    return found if isinstance(found, dict) else {}


def _rows(
    body: bytes, envelope: Envelope, info: Mapping[str, object], what: str
) -> tuple[bytes, ...]:
    """The rows. `links` is a list as well: it must not be taken for sessions when `content` is missing."""
    if body[:1] == b"[" or envelope.lists("content"):
        return envelope.rows("content")
    if seconds(info.get("totalElements")) == 0:
        return ()
    raise BadAnswer(f"{what}: the answer holds no list of sessions")


def _goes_on(envelope: Envelope, info: Mapping[str, object], number: int) -> bool:
    """Whether there is a next page: both the links and the counts say so, or the one that can be read.

    The page is counted as it was asked for. Without either, both of which are required, nothing goes on.
    """
    links = envelope.value("links")
    found = links if isinstance(links, list) else []
    rels = [link.get("rel") for link in found if isinstance(link, dict)]
    pages = seconds(info.get("totalPages"))
    if rels and "next" not in rels:
        return False
    if pages is None:
        return bool(rels)
    return number + 1 < pages
