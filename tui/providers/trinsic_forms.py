"""What can be filled in and chosen at Trinsic Connect, as data (sheet trinsic 2.2, 2.3)."""

from __future__ import annotations

from typing import Final

from tui.model.form import FieldKind, Form, FormField, Values
from tui.model.problem import UsageProblem
from tui.model.status import Status
from tui.providers.base import Action, QueryField, Shows

CREATE: Final = "create session"
CANCEL: Final = "cancel session"
PAGE_SIZE: Final = 10
LAST_PAGE: Final = 2_147_483_647

# The form's names, the vendor's GovernmentIDOptions, and what they are in plain words.
OPTIONS: Final = (
    ("id_number", "idNumber", "ID number"),
    ("given_name", "givenName", "given name"),
    ("family_name", "familyName", "family name"),
    ("address", "address", "address"),
    ("date_of_birth", "dateOfBirth", "date of birth"),
    ("country", "country", "country"),
    ("issue_date", "issueDate", "issue date"),
    ("expiration_date", "expirationDate", "expiration date"),
)
_RULE: Final = "yes: only what is chosen is retrieved; no: everything but this; nothing chosen at all: all data"

CREATE_FORM: Final = Form(
    title="New identity verification by government ID",
    operation=CREATE,
    fields=tuple(
        FormField(
            name, words[0].upper() + words[1:], FieldKind.YES_NO, _RULE, source="sheet trinsic 2.3"
        )
        for name, _, words in OPTIONS
    ),
)

ACTIONS: Final = (
    Action(
        "cancel",
        "Cancel",
        CANCEL,
        frozenset({Status.WAITING, Status.ACTIVE, Status.NOT_STARTED}),
        "it fails as cancelled and the customer can no longer verify with it; this cannot be undone",
        ends=True,
        shows=Shows.ENDED,
        final=True,
    ),
)

QUERY: Final = (
    QueryField(
        "orderBy", "Created, Updated (usual) or State", "Created|Updated|State", orders=True
    ),
    QueryField(
        "orderDirection", "Ascending or Descending (usual)", "Ascending|Descending", orders=True
    ),
    QueryField("page", "this page only, counted from 1", pattern="[1-9][0-9]{0,9}"),
    QueryField("pageSize", "rows a page, 1 to 10 (usual)", pattern="[1-9]|10"),
)


def create_body(values: Values) -> dict[str, object]:
    """The body of a create. Without options the vendor retrieves all fields (sheet trinsic 2.3), so what was
    chosen is spelled out. Raises `UsageProblem` when nothing at all is to be retrieved."""
    wanted: dict[str, object] = {"type": "GovernmentId"}
    given = {
        wire: value for name, wire, _ in OPTIONS if isinstance(value := values.get(name), bool)
    }
    if given:
        # With a yes only the chosen ones; with nothing but noes, all the others.
        others = not any(given.values())
        chosen = {wire: given.get(wire, others) for _, wire, _ in OPTIONS}
        if not any(chosen.values()):
            raise UsageProblem("nothing would be retrieved: choose a field, or leave all empty")
        wanted["governmentIdOptions"] = chosen
    return {"verifications": [wanted]}
