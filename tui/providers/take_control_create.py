"""Creating a Take Control session: the form, the request's body, and what the answer tells (sheet 4.3).

Every field is optional. The limits are those of the vendor's older interface. The session's id is in no
documented answer, and neither is an address for the customer.
"""

from __future__ import annotations

from typing import Final

from tui.model.clock import Clock
from tui.model.form import FieldKind, Form, FormField, Values
from tui.model.text import Opaque, line
from tui.net.client import Reply
from tui.providers.base import Created, Told
from tui.providers.take_control_answers import Members, count, opened, records, session_id
from tui.providers.values import sendable, text

OPERATION: Final = "create session"
_SOURCE: Final = "sheet take control 4.3"
_FLAGS: Final = ("ask_customer_info", "show_waiting_queue")

FORM: Final = Form(
    title="New Take Control session",
    operation=OPERATION,
    fields=(
        FormField(
            "customer_name",
            "Customer's name",
            FieldKind.TEXT,
            "who needs help",
            _SOURCE,
            limit=128,
        ),
        FormField(
            "customer_email",
            "Customer's e-mail",
            FieldKind.EMAIL,
            "the customer's e-mail address",
            _SOURCE,
            limit=64,
        ),
        FormField(
            "customer_number",
            "Customer number",
            FieldKind.TEXT,
            "your own number or code for the customer",
            _SOURCE,
            limit=32,
        ),
        FormField(
            "problem_description",
            "Problem",
            FieldKind.LONG_TEXT,
            "what it is about",
            _SOURCE,
            limit=1024,
        ),
        FormField(
            "technician_username",
            "Technician",
            FieldKind.EMAIL,
            "the technician's user name, which is an e-mail address",
            _SOURCE,
            limit=100,
        ),
        FormField(
            "department_id",
            "Department",
            FieldKind.TEXT,
            "the department's id, such as 123 or id_1234",
            _SOURCE,
            limit=64,
        ),
        FormField(
            "language",
            "Language",
            FieldKind.TEXT,
            "a language's code, such as en or fr",
            _SOURCE,
            limit=16,
            pattern=r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*",
        ),
        FormField(
            "ask_customer_info",
            "Ask the customer",
            FieldKind.YES_NO,
            "let the customer change what is filled in here; without it, no form is shown once any is",
            _SOURCE,
        ),
        FormField(
            "show_waiting_queue",
            "Show the queue",
            FieldKind.YES_NO,
            "show the customer the waiting queue",
            _SOURCE,
        ),
    ),
)


def body(values: Values) -> dict[str, object]:
    """The request's body: a department that is a number goes as one, yes and no as 1 and 0."""
    sent: dict[str, object] = dict(values)
    for name in _FLAGS:
        if name in sent:
            sent[name] = 1 if sent[name] else 0
    department = sent.get("department_id")
    if isinstance(department, str) and _is_number(department):
        sent["department_id"] = int(department)
    return sent


def answered(reply: Reply, clock: Clock) -> Created:
    """What came of a create. Raises the `Problem` of a refusal, and `BadAnswer` without the word SUCCESS."""
    return created(opened(reply, "creating the session", clock, strict=True))


def created(members: Members) -> Created:
    """What an answer tells. Never raises: the session has been created by then, whatever else it says."""
    ref = session_id(members)
    named = Opaque(ref) if ref and sendable(ref) else None
    if named is None:
        told = [
            Told(
                line("session"),
                line("created; the vendor tells neither an id nor a link: look for it in the list"),
            )
        ]
    else:
        told = [Told(line("session id"), named, copies=True)]
    waiting, wait = count(members), _longest_wait(members)
    if waiting is not None:
        told.append(Told(line("requests waiting"), line(waiting)))
    if wait is not None:
        told.append(
            Told(line("estimated wait"), line(f"about {wait:g} min (the vendor's estimate)"))
        )
    return Created(tuple(told), ref=named)


def _is_number(told: str) -> bool:
    """Whether an id is a plain number: one that begins with 0 would come out as another."""
    return told.isascii() and told.isdigit() and len(told) < 19 and str(int(told)) == told


def _longest_wait(members: Members) -> float | None:
    """The newest request waits longest: it stands behind all the others."""
    details = members.get("details")
    if not isinstance(details, dict | list):
        return None
    found = []
    for record in records(members, OPERATION):
        if isinstance(record, dict):
            try:
                found.append(float(text(record.get("waiting_time")) or "-1"))
            except ValueError:
                continue
    return max((wait for wait in found if 0 <= wait < 100_000), default=None)
