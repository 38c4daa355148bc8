"""A scripted vendor that also takes writes."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.unit.live_vendor import SPEC, FakeProvider, Vendor, hours
from tests.virtual_clock import VirtualClock
from tui.model.clock import Clock
from tui.model.form import Form, Values
from tui.model.profile import Profile
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.net.exchange import Exchange, Report
from tui.providers.base import (
    Action,
    Created,
    Look,
    Lost,
    Prepared,
    Shows,
    Told,
)

ALL = frozenset(Status)
ACTIONS = (
    Action("close", "Close", "update", ALL, "it ends", ends=True, shows=Shows.ENDED),
    Action(
        "delete",
        "Delete",
        "delete",
        ALL,
        "it is gone",
        shows=Shows.GONE,
        final=True,
        removes=True,
    ),
    Action("extend", "Extend", "update", ALL, "it lasts longer", shows=Shows.LATER_EXPIRY),
    Action("note", "Note", "update", ALL, "it is noted"),
)


class Writable(FakeProvider):
    """A provider that also writes. What is refused by script is refused after it was asked, and, with
    `commits`, after it was done."""

    vendor: WritableVendor

    def prepare(self, values: Values) -> Prepared:
        if not self.vendor.references:
            return Prepared(values)
        typed = values.get("name")
        if typed:
            return Prepared(values, Opaque(str(typed)), sure=False)
        self.vendor.prepared += 1
        name = f"ours-{self.vendor.prepared}"
        return Prepared({**values, "name": name}, Opaque(name))

    def looks_like(self, session: Session, reference: Opaque) -> bool:
        return session.subject == line(reference)

    async def find(self, lost: Lost) -> Look:
        async with self._asked("find", lost):
            rows = [
                row
                for ref, row in self.vendor.rows.items()
                if row.get("subject") == lost.reference
                and (self.vendor.finds_by_name or ref in lost.listed)
            ]
            return Look(tuple(json.dumps(row).encode() for row in rows), self.vendor.sure_look)

    async def create(self, values: Values) -> Created:
        subject = values.get("name") or values.get("subject")
        ref = Opaque(self.vendor.next_id)
        if self.vendor.commits:
            self.vendor.put(ref, subject=subject)
        async with self._asked("create", dict(values)):
            told = (Told(line("session"), ref, copies=True),)
            if self.vendor.silent:
                return Created(told, ref=ref, for_now=self.vendor.for_now)
            self.vendor.put(ref, subject=subject)
            if self.vendor.odd_answer is not None:
                return Created(told, row=self.vendor.odd_answer)
            return Created(told, row=json.dumps(self.vendor.rows[ref]).encode())

    async def act(self, ref: Opaque, action: str, values: Values) -> bytes | None:
        if self.vendor.commits:
            self._do(ref, action)
        async with self._asked("act", (ref, action, dict(values))):
            self._do(ref, action)
            row = self.vendor.rows.get(ref)
            return None if row is None else json.dumps(row).encode()

    def _do(self, ref: Opaque, action: str) -> None:
        if action == "delete":
            self.vendor.rows.pop(ref, None)
        elif action == "extend":
            self.vendor.put(ref, expires=self.vendor.clock.now() + hours(9))
        elif action == "close":
            if self.vendor.was_so:
                self._refused()
            self.vendor.put(ref, Status.ENDED)

    def _refused(self) -> None:
        now, name = self._clock.now(), self._profile.name
        self._report(Exchange(now, name, "act", "POST", 400, 5.0, 0, line("no"), writes=True))


class WritableVendor(Vendor):
    """An account that takes writes. `silent` tells no row (`for_now`: but a token); `odd_answer` stands in for the
    created row. `references`: a create carries a name; `sure_look`: asking for it is the last word. `was_so`: it
    refuses an action, and the provider finds it done."""

    def __init__(self, *, latency: float = 0.05, **spec: object) -> None:
        super().__init__(VirtualClock(), latency=latency)
        form = Form("New session", "create", ())
        self.spec = replace(replace(SPEC, create=form, actions=ACTIONS), **spec)  # type: ignore[arg-type]
        self.silent = self.for_now = False
        self.commits = False
        self.references = False
        self.sure_look = self.finds_by_name = True
        self.prepared = 0
        self.next_id = "new"
        self.odd_answer: bytes | None = None
        self.was_so = False

    def connect(self, profile: Profile, clock: Clock, report: Report) -> Writable:
        self.connected += 1
        provider = Writable(self, profile, clock, report)
        provider.vendor = self
        return provider
