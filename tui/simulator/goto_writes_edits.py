"""What a create call of Remote Support said of a session: it stands in front of what is made up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """None is what the call did not say (sheet goto 2.3).

    `machine` is the number of the session whose machine is meant, for one that nobody sits at.
    """

    partner_object: str | int | None = None
    partner_url: str | None = None
    customer_name: str | None = None
    customer_email: str | None = None
    machine: int | None = None
