"""What can be filled in and chosen at Twilio Proxy, as data (sheet twilio 1.3, 1.4, 1.6; Twilio's own OpenAPI)."""

from __future__ import annotations

from typing import Final

from tui.model.form import FieldKind, Form, FormField
from tui.model.status import Status
from tui.providers.base import Action, Shows
from tui.providers.twilio_expiry import foresee_extend, foresee_ttl

CREATE: Final = "create session"
UPDATE: Final = "update session"
DELETE: Final = "delete session"

# 0 < Ttl < 2147483647 (sheet twilio 1.3).
LONGEST_TTL: Final = 2_147_483_646
_LIVE: Final = frozenset({Status.WAITING, Status.ACTIVE})

CREATE_FORM: Final = Form(
    title="New masked-number session",
    operation=CREATE,
    fields=(
        FormField(
            "participants",
            "Participants",
            FieldKind.PARTICIPANTS,
            "up to two, the customer first: +14155551212=Ana, a channel's id such as messenger:123, or JSON"
            " with identifier, friendly_name, proxy_identifier, proxy_identifier_sid",
            source="sheet twilio 1.3 and 1.6",
            limit=2,
        ),
        FormField(
            "unique_name",
            "Unique name",
            FieldKind.TEXT,
            "your own reference, such as an order number, nothing personal; a random one when left empty",
            source="sheet twilio 1.3",
            limit=191,
        ),
        FormField(
            "expires",
            "Expires",
            FieldKind.MOMENT,
            "a fixed end, such as +2h, 2026-11-23 or 2026-11-23T18:00:00Z; goes before the time to live",
            source="sheet twilio 1.3",
        ),
        FormField(
            "ttl",
            "Time to live",
            FieldKind.DURATION,
            "how long after its creation or last interaction it ends, such as 90m or 1h30m",
            source="sheet twilio 1.3",
            minimum=1,
            maximum=LONGEST_TTL,
        ),
        FormField(
            "mode",
            "Mode",
            FieldKind.CHOICE,
            "what may pass between the two",
            source="sheet twilio 1.3",
            default="voice-and-message",
            choices=("voice-and-message", "voice-only", "message-only"),
        ),
        FormField(
            "status",
            "Status",
            FieldKind.CHOICE,
            "the state that it begins in",
            source="sheet twilio 1.3",
            default="open",
            choices=("open", "in-progress", "closed", "failed", "unknown"),
        ),
    ),
)

_EXTEND: Final = Form(
    title="Extend the session",
    operation=UPDATE,
    fields=(
        FormField(
            "by",
            "By",
            FieldKind.DURATION,
            "how much longer, such as 30m or 1h30m",
            source="sheet twilio 1.3",
            required=True,
            minimum=1,
            maximum=LONGEST_TTL,
        ),
    ),
)
_TTL: Final = Form(
    title="Set the time to live",
    operation=UPDATE,
    fields=(
        FormField(
            "ttl",
            "Time to live",
            FieldKind.DURATION,
            "how long after its creation or last interaction it ends, such as 90m or 1h30m",
            source="sheet twilio 1.3",
            required=True,
            minimum=1,
            maximum=LONGEST_TTL,
        ),
    ),
)

ACTIONS: Final = (
    Action(
        "close",
        "Close",
        UPDATE,
        _LIVE,
        "calls and messages between the two stop at once, and their proxy numbers are released",
        ends=True,
        shows=Shows.ENDED,
    ),
    Action(
        "reopen",
        "Reopen",
        UPDATE,
        frozenset({Status.ENDED}),
        "calls and messages between the two pass again, unless one of them is in another session by now",
        shows=Shows.OPEN,
    ),
    Action(
        "extend",
        "Extend",
        UPDATE,
        _LIVE,
        "it gets a fixed end, so much later than the present one, or than now where that is over or not known",
        form=_EXTEND,
        shows=Shows.LATER_EXPIRY,
        foresee=foresee_extend,
    ),
    Action(
        "set-ttl",
        "Set time to live",
        UPDATE,
        _LIVE,
        "it ends that long after its creation or its last interaction, whichever is later;"
        " a fixed end, where it has one, goes before that",
        form=_TTL,
        foresee=foresee_ttl,
    ),
    Action(
        "delete",
        "Delete",
        DELETE,
        frozenset(Status),
        "it is removed for good, with its participants and interactions; this cannot be undone",
        shows=Shows.GONE,
        final=True,
        removes=True,
    ),
)
