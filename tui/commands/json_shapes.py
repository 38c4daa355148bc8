"""The shapes of `--json`, fixed by the design: all keys are always there, times are RFC 3339 UTC or null.

Everything outside ASCII is escaped, so that output can be shown on any terminal and a hostile name stays a name.
Ids and links are exactly as the vendor gave them.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final

from tui.commands.times import rfc3339
from tui.live.messages import Made
from tui.model.secret import MASK, Secret
from tui.model.session import FieldValue, Session
from tui.model.text import Clean, line
from tui.model.transcript import Entry
from tui.providers.base import Created, SystemLink, Told

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


def dumps(shape: dict[str, Any]) -> str:
    """One line of pure printable ASCII."""
    # DEL is the one control character that json leaves as it is.
    return json.dumps(shape, ensure_ascii=True, allow_nan=False).replace("\x7f", "\\u007f")


def session_shape(session: Session, *, reveal: bool = False) -> dict[str, Any]:
    """A session: texts and times by name, `links` with a key for each kind, `fields` under the vendor's names."""
    shape: dict[str, Any] = {name: _finite(getattr(session, name)) for name in TEXTS}
    shape["status"] = session.status.value
    shape |= {name: rfc3339(getattr(session, name)) for name in TIMES}
    shape["links"] = {name: getattr(session.links, name) for name in LINKS}
    shape["fields"] = {name: plain(value, reveal=reveal) for name, value in session.fields}
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


def made_shape(made: Made, *, reveal: bool = False) -> dict[str, Any]:
    """What came of a create: what to tell, the session where the vendor gave one, else what may name it later."""
    created = made.created
    told = () if created is None else created.told
    return {
        "session": None if made.session is None else session_shape(made.session, reveal=reveal),
        "ref": None if created is None else _reference(created, reveal=reveal),
        "told": [{"label": item.label, "text": told_words(item, reveal=reveal)} for item in told],
    }


def _reference(created: Created, *, reveal: bool) -> str | None:
    """What may name it later; a secret one, such as a token that starts the session, only with `reveal`."""
    secrets = [told.text for told in created.told if isinstance(told.text, Secret)]
    if not reveal and any(secret.reveal() == created.ref for secret in secrets):
        return MASK
    return created.ref


def told_words(told: Told, *, reveal: bool) -> str:
    """The text of one thing to tell; a secret one only with `reveal`."""
    if isinstance(told.text, Secret):
        return told.text.reveal() if reveal else MASK
    return str(told.text)


def link_shape(link: SystemLink, *, reveal: bool = False) -> dict[str, Any]:
    """A partner system's link; its token is a secret."""
    return {
        "name": link.name,
        "domain": link.domain,
        "user_email": link.user_email,
        "user_token": plain(link.user_token, reveal=reveal),
        "callback_url": link.callback_url,
    }


def plain(value: FieldValue, *, reveal: bool) -> Any:
    """A field's value for JSON; a secret is `***` unless the user asked to see it."""
    if isinstance(value, Secret):
        return value.reveal() if reveal else MASK
    return _finite(value)


def _finite(value: Any) -> Any:
    """JSON has no infinity, which is what Python reads `1e999` as."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def words(value: FieldValue, *, reveal: bool) -> Clean:
    """A field's value for people: clean text in one line."""
    shown = plain(value, reveal=reveal)
    if isinstance(shown, bool):
        return line("yes" if shown else "no")
    return line("-" if shown is None else shown, 16_384)
