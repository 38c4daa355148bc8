"""An intent as it lies on the disk: what is written down of a write, and nothing of the customer's."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Final

import msgspec

from tui.model.intent import Intent, IntentState
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import ConfigProblem
from tui.model.text import Opaque, line

VERSION: Final = 1
Aware = Annotated[datetime, msgspec.Meta(tz=True)]


@dataclass(frozen=True, slots=True)
class Kept:
    """An intent with what only the engine needs.

    `digest` is the same for two intents that ask the same of the same profile. `sure`: the reference is ours and
    nobody else's, so a session that carries it is the one. `expires` is the session's expiry before an action.
    `known` (never on the disk) are the sessions that were there before, where all of them were known.
    """

    intent: Intent
    digest: str
    sure: bool = True
    expires: datetime | None = None
    known: frozenset[Opaque] | None = None


class _Versioned(msgspec.Struct):
    """All that is asked of a file before its format is known."""

    version: int


class _File(msgspec.Struct):
    """An intent as it lies on the disk."""

    version: int
    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$")]
    profile: str
    provider: str
    what: str
    at: Aware
    state: IntentState
    digest: str
    ref: str | None = None
    reference: str | None = None
    sure: bool = True
    expires: Aware | None = None
    looked: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0


def new_id() -> str:
    """The name of a new intent: random, and never used twice."""
    return secrets.token_hex(16)


def packed(kept: Kept) -> bytes:
    """As it lies on the disk."""
    intent = kept.intent
    return msgspec.json.encode(
        _File(
            version=VERSION,
            id=intent.id,
            profile=intent.profile,
            provider=intent.provider,
            what=intent.what,
            at=intent.at,
            state=intent.state,
            digest=kept.digest,
            ref=intent.ref,
            reference=intent.reference,
            sure=kept.sure,
            expires=kept.expires,
            looked=intent.looked,
        )
    )


def unpacked(data: bytes, name: str) -> Kept:
    """What the file of that name says.

    Raises `msgspec.MsgspecError` or `ValueError`, and `ConfigProblem` for the file of a newer program.
    """
    if msgspec.json.decode(data, type=_Versioned).version > VERSION:
        raise ConfigProblem(f"{name} was written by a newer sessiontop: it is left alone")
    found = msgspec.json.decode(data, type=_File)
    if found.id != name.removesuffix(".json"):
        raise ValueError("it has the name of another one")
    intent = Intent(
        id=found.id,
        profile=found.profile,
        provider=found.provider,
        what=found.what,
        at=found.at,
        state=found.state if found.state.open else IntentState.UNKNOWN,
        ref=None if found.ref is None else Opaque(found.ref),
        reference=None if found.reference is None else Opaque(found.reference),
        looked=found.looked,
    )
    return Kept(intent, found.digest, found.sure, found.expires)


def unknown(kept: Kept, reason: str) -> Kept:
    """The same intent, its outcome unknown now."""
    intent = replace(kept.intent, state=IntentState.UNKNOWN, reason=line(reason, 400))
    return replace(kept, intent=intent)
