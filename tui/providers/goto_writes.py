"""Starting a screen-sharing session at GoToAssist Remote Support (sheet goto 2.3). The vendor knows no other write.

The answer is the address at which the technician starts the session. Until that was opened the session has no
id and cannot be joined: it is known by its token, and the customer's link comes with its row.

Where no ticket was typed, `partnerObject` carries a number of ours: by it the listing shows whether a create
whose answer was lost was done. It is text in a create and a number in the answers (sheet goto 2.1), so it is
digits, and as few as a number of 32 bits holds: the vendor's samples have three and seven.
"""

from __future__ import annotations

import random
from typing import Final
from urllib.parse import parse_qs, urlsplit

from tui.model.clock import Clock
from tui.model.form import FieldKind, Form, FormField, Values
from tui.model.operation import Body, Operation
from tui.model.problem import BadAnswer, NotFound, Problem, UsageProblem
from tui.model.secret import Secret
from tui.model.text import Opaque, line
from tui.net.client import Client, Reply
from tui.providers.base import Created, Prepared, Told
from tui.providers.goto_errors import problem
from tui.providers.rows import loose, members
from tui.providers.values import ident, link, opaque

START: Final = Operation(
    "start screen sharing", "POST", "/sessions", writes=True, body=Body.JSON, cap=64 * 1024
)

_LEAST_NUMBER: Final = 100_000_000
_MOST_NUMBER: Final = 2_000_000_000
_WHAT: Final = "starting the session"
# The vendor documents no limits: these are ours, against a paste gone wrong.
_LIMIT: Final = 255
_URL_LIMIT: Final = 2048
_SOURCE: Final = "sheet goto 2.3"

FORM: Final = Form(
    title="New screen-sharing session",
    operation=START.name,
    fields=(
        FormField(
            "customer_name",
            "Customer",
            FieldKind.TEXT,
            "the customer's name",
            _SOURCE,
            limit=_LIMIT,
        ),
        FormField(
            "customer_email",
            "E-mail",
            FieldKind.EMAIL,
            "the customer's e-mail address",
            _SOURCE,
            limit=_LIMIT,
        ),
        FormField(
            "partner_object",
            "Ticket",
            FieldKind.TEXT,
            "the ticket or other object of a partner system that the session belongs to",
            _SOURCE,
            limit=_LIMIT,
        ),
        FormField(
            "partner_object_url",
            "Ticket's address",
            FieldKind.LINK,
            "a page of the partner system that the technician sees beside the session",
            _SOURCE,
            limit=_URL_LIMIT,
        ),
        FormField(
            "callback_url",
            "Callback",
            FieldKind.LINK,
            "where the vendor posts that the customer joined and that the session ended",
            _SOURCE,
            limit=_URL_LIMIT,
        ),
        FormField(
            "machine_uuid",
            "Machine",
            FieldKind.TEXT,
            "a machine's UUID, for an unattended session; leave empty to help somebody who is there",
            _SOURCE,
            limit=_LIMIT,
        ),
    ),
)
# Our field's name -> the vendor's.
_WIRE: Final = {
    "customer_name": "customerName",
    "customer_email": "customerEmail",
    "partner_object": "partnerObject",
    "partner_object_url": "partnerObjectUrl",
    "callback_url": "sessionStatusCallbackUrl",
    "machine_uuid": "machineUuid",
}


def numbered(values: Values, rng: random.Random) -> Prepared:
    """A create with a number of ours as its partner object; what was typed stays, and many may share it."""
    typed = values.get("partner_object")
    if typed:
        return Prepared(values, Opaque(str(typed)), sure=False)
    number = str(rng.randrange(_LEAST_NUMBER, _MOST_NUMBER))
    return Prepared({**values, "partner_object": number}, Opaque(number))


def carries(row: bytes, reference: Opaque) -> bool:
    """Whether a row has that partner object. What begins with zeros may have lost them as a number."""
    found = members(row)
    told = ident(found.get("partnerObject")) if found else None
    if told is None:
        return False
    partner = str(told)
    if partner == reference:
        return True
    both = (
        partner.isascii() and partner.isdecimal() and reference.isascii() and reference.isdecimal()
    )
    return both and partner.lstrip("0") == reference.lstrip("0")


async def start(client: Client, clock: Clock, values: Values) -> Created:
    """Starts a session (200, not 201). Raises what `client.send` does, and the vendor's refusal.

    `BadAnswer`: the vendor took it, but the answer holds neither an address nor a token.
    """
    reply = await client.send(START, json=body(values))
    if not reply.ok:
        raise _problem(reply, clock, unattended="machine_uuid" in values)
    return created(loose(reply.json_bytes()), unattended="machine_uuid" in values)


def body(values: Values) -> dict[str, str]:
    """The request: the kind of session, and what was typed."""
    typed = {wire: str(values[name]) for name, wire in _WIRE.items() if name in values}
    return {"sessionType": "SCREEN_SHARING", **typed}


def created(answer: object, *, unattended: bool = False) -> Created:
    """What came of it. Where the address and the token stand is not documented: every place is looked at
    (sheet goto 2.3). Raises `BadAnswer` when neither is found."""
    outer = answer if isinstance(answer, dict) else {}
    nested = outer.get("startScreenSharing")
    places = (nested if isinstance(nested, dict) else {}, outer)
    address = next((url for place in places if (url := link(place.get("launchUrl")))), None)
    token = next((found for place in places if (found := ident(place.get("sessionToken")))), None)
    ref = opaque(token) or _token_of(address)
    if address is not None:
        told = [Told(line("technician's launch link"), Opaque(address), copies=True)]
    elif ref is not None:
        # Whoever has the token can start the session.
        told = [Told(line("session token"), Secret(ref), copies=True)]
    else:
        raise BadAnswer(f"{_WHAT}: the answer holds no launch link")
    if not unattended:
        words = "comes once the launch link was opened" if ref else "is in the list, once it began"
        told.append(Told(line("customer's join link"), line(words)))
    return Created(tuple(told), ref=ref, for_now=True)


def _token_of(address: str | None) -> Opaque | None:
    """The token in the launch address's query."""
    if address is None:
        return None
    try:
        found = parse_qs(urlsplit(address).query).get("token")
    except ValueError:
        return None
    return opaque(found[0]) if found else None


def refuse_action(action: str) -> UsageProblem:
    """This vendor documents no way to end or change a session (sheet goto 2)."""
    return UsageProblem(
        f"GoToAssist Remote Support has no actions: {line(action, 40)} is done by the technician in the session"
    )


def _problem(reply: Reply, clock: Clock, *, unattended: bool) -> Problem:
    found = problem(reply, _WHAT, clock)
    if isinstance(found, NotFound) and unattended:
        words = f"{found.message}; no machine of that UUID is in reach of this user"
        return NotFound(words, found.status, found.code)
    return found
