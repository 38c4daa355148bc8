"""What Twilio Proxy's lists can be asked for: their pages, and nothing else (sheet twilio 1.5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tui.model.lazy_dataclass import dataclass
from tui.model.operation import Operation
from tui.model.problem import BadAnswer, UsageProblem
from tui.model.text import Opaque, line
from tui.providers.base import Page, QueryField
from tui.providers.forms import meant
from tui.providers.rows import Envelope, Layout

SIZE: Final = "PageSize"
# The server gives at most 100 whatever is asked for.
USUAL: Final = ((SIZE, "100"),)
# What names one page: it is given alone then.
_PLACES: Final = frozenset({"Page", "PageToken"})

QUERY: Final = (
    QueryField(
        SIZE,
        "rows a page, 1 to 1000 (100, which is the most that really comes)",
        "[1-9][0-9]{0,2}|1000",
    ),
    QueryField(
        "Page", "this page only, counted from 0; the vendor goes by PageToken", "[0-9]{1,9}"
    ),
    QueryField("PageToken", "this page only, by a token that the vendor gave", r"[!-~]{1,1024}"),
)
# The list that is long.
_LAYOUTS: Final = {"sessions": Layout("sessions", "meta")}
_FIELDS: Final = {field.name: field for field in QUERY}


@dataclass(frozen=True, slots=True)
class Question:
    """What one page is asked with; `alone` when nothing follows it."""

    query: tuple[tuple[str, str], ...]
    alone: bool


def asked(query: Sequence[tuple[str, str]]) -> Question:
    """The query of a page. Raises `UsageProblem` for a name or value that the vendor does not document."""
    for name, value in query:
        field = _FIELDS.get(name)
        if field is None:
            raise UsageProblem(
                f"{line(name, 40)} is not taken by this listing: {meant(name, [*_FIELDS])}"
            )
        if not re.fullmatch(field.pattern or "", value):
            raise UsageProblem(f"{name} is not as it must be: {field.help}")
    given = dict(query)
    return Question(tuple((dict(USUAL) | given).items()), alone=not _PLACES.isdisjoint(given))


def page_of(body: bytes, what: str, operation: Operation) -> Page:
    """A page of a list. `meta.key` names it, whatever the resource is called (sheet twilio 1.5).

    Raises `BadAnswer`.
    """
    usual = operation.path.rpartition("/")[2].lower()
    envelope = Envelope(body, what, _LAYOUTS.get(usual))
    meta = envelope.value("meta")
    if not isinstance(meta, dict):
        # Without it nobody knows whether this is the last page: what is not on it would seem to be gone.
        raise BadAnswer(f"{what}: the answer does not say whether there are more pages")
    key, following = meta.get("key"), meta.get("next_page_url")
    names = (key,) if isinstance(key, str) else ()
    rows = envelope.rows(*names, usual)
    return Page(rows, Opaque(following) if isinstance(following, str) and following else None)
