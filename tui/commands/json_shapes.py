"""The shapes of `--json` (`model/shapes.py`) where a user may ask to see secrets, and those of the commands alone."""

from __future__ import annotations

from typing import Any

from tui.live.messages import Made
from tui.model import shapes
from tui.model.secret import MASK, Secret
from tui.model.session import FieldValue, Session
from tui.model.text import Clean, line
from tui.providers.base import Created, SystemLink, Told


def session_shape(session: Session, *, reveal: bool = False) -> dict[str, Any]:
    """A session; its secret fields only with `reveal`."""
    return shapes.session_shape(session, secret=Secret.reveal if reveal else str)


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
    return shapes.plain(value, secret=Secret.reveal if reveal else str)


def words(value: FieldValue, *, reveal: bool) -> Clean:
    """A field's value for people: clean text in one line."""
    shown = plain(value, reveal=reveal)
    if isinstance(shown, bool):
        return line("yes" if shown else "no")
    return line("-" if shown is None else shown, 16_384)
