"""An operation: one documented call of a vendor. A provider declares all of its own; nothing else can be sent."""

from __future__ import annotations

from enum import StrEnum

from tui.model.lazy_dataclass import dataclass


class Body(StrEnum):
    """How a request's body travels."""

    NONE = "none"
    FORM = "form"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Operation:
    """`path` is relative to the profile's base URL, with `{names}` that are percent-encoded on the wire.

    `writes` says whether the vendor's state may change; a read-only profile sends only the others, whatever
    their HTTP method. `cap` is the most bytes of (decoded) answer that are read.
    """

    name: str
    method: str
    path: str
    writes: bool
    body: Body = Body.NONE
    cap: int = 8 * 1024 * 1024
