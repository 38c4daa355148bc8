"""What is handed on to programs and spreadsheets: JSON and CSV, in the shapes that the design fixes.

All keys are always there, times are RFC 3339 UTC or null. Everything outside ASCII is escaped in JSON, so that it
can be shown on any terminal and a hostile name stays a name. Ids and links are exactly as the vendor gave them.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from tui.model.secret import Secret
from tui.model.session import FieldValue, Session
from tui.model.text import Clean, line
from tui.model.transcript import Entry

TEXTS: Final = (
    "profile",
    "provider",
    "id",
    "status",
    "provider_status",
    "kind",
    "subject",
    "customer",
    "customer_email",
    "customer_phone",
    "agent",
    "estimated_wait_minutes",
)
TIMES: Final = ("created_at", "started_at", "joined_at", "ended_at", "updated_at", "expires_at")
LINKS: Final = ("join", "start", "recording", "data", "partner")
CSV_HEADERS: Final = (*TEXTS, *TIMES, *(f"{name}_link" for name in LINKS))
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

Opened = Callable[[Secret], str]
"""How a secret field is told: `str` gives `***`."""


def rfc3339(when: datetime | None) -> str | None:
    """`2026-11-23T08:00:00Z`, with as many decimals as are needed; None stays None."""
    if when is None:
        return None
    utc = when.astimezone(UTC)
    spec = "seconds" if not utc.microsecond else "auto"
    if utc.microsecond and not utc.microsecond % 1000:
        spec = "milliseconds"
    return utc.isoformat(timespec=spec).replace("+00:00", "Z")


def cell(value: object) -> Clean:
    """A value as one clean line, however long; nothing for None."""
    text = "" if value is None else str(value)
    return line(text, max(len(text), 1))


# --- JSON --------------------------------------------------------------------------------------------------


def dumps(shape: dict[str, Any]) -> str:
    """One line of pure printable ASCII."""
    # DEL is the one control character that json leaves as it is.
    return json.dumps(shape, ensure_ascii=True, allow_nan=False).replace("\x7f", "\\u007f")


def session_shape(session: Session, *, secret: Opened = str) -> dict[str, Any]:
    """A session: texts and times by name, `links` with a key for each kind, `fields` under the vendor's names."""
    shape: dict[str, Any] = {name: finite(getattr(session, name)) for name in TEXTS}
    shape["status"] = session.status.value
    shape |= {name: rfc3339(getattr(session, name)) for name in TIMES}
    shape["links"] = {name: getattr(session.links, name) for name in LINKS}
    shape["fields"] = {name: plain(value, secret=secret) for name, value in session.fields}
    return shape


def entry_shape(entry: Entry) -> dict[str, Any]:
    """One entry of a transcript."""
    return {
        "at": rfc3339(entry.at),
        "author": entry.author,
        "role": entry.role.value,
        "kind": entry.kind.value,
        "text": entry.text,
        "status": entry.status,
    }


def plain(value: FieldValue, *, secret: Opened = str) -> Any:
    """A field's value for JSON."""
    return secret(value) if isinstance(value, Secret) else finite(value)


def finite(value: Any) -> Any:
    """JSON has no infinity, which is what Python reads `1e999` as."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


# --- CSV ---------------------------------------------------------------------------------------------------


def csv_row(session: Session) -> list[str]:
    """A session under `CSV_HEADERS`."""
    texts = [getattr(session, name) for name in TEXTS]
    times = [rfc3339(getattr(session, name)) for name in TIMES]
    links = [getattr(session.links, name) for name in LINKS]
    return [cell(value) for value in (*texts, *times, *links)]


def csv_lines(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV that a spreadsheet takes as text: a cell that would begin a formula gets an apostrophe before it."""
    import csv

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows([_as_text(cell) for cell in row] for row in rows)
    return out.getvalue().removesuffix("\n")


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
