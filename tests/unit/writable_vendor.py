"""A scripted vendor that also takes writes."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.unit.live_vendor import SPEC, FakeProvider, Vendor
from tests.virtual_clock import VirtualClock
from tui.model.clock import Clock
from tui.model.form import Form, Values
from tui.model.profile import Profile
from tui.model.status import Status
from tui.model.text import Opaque, line
from tui.net.exchange import Exchange, Report
from tui.providers.base import Action, Created, Told

ALL = frozenset(Status)
ACTIONS = (
    Action("close", "Close", "update", ALL, "it ends", ends=True),
    Action("delete", "Delete", "delete", ALL, "it is gone", final=True, removes=True),
)


class Writable(FakeProvider):
    """A provider that also writes. What is refused by script is refused after it was asked."""

    vendor: WritableVendor

    async def create(self, values: Values) -> Created:
        async with self._asked("create", dict(values)):
            told = (Told(line("session"), Opaque("new"), copies=True),)
            if self.vendor.silent:
                return Created(told, ref=Opaque("new"))
            self.vendor.put("new", subject=values.get("subject"))
            if self.vendor.odd_answer is not None:
                return Created(told, row=self.vendor.odd_answer)
            return Created(told, row=json.dumps(self.vendor.rows["new"]).encode())

    async def act(self, ref: Opaque, action: str, values: Values) -> bytes | None:
        async with self._asked("act", (ref, action, dict(values))):
            if action == "delete":
                self.vendor.remove(ref)
                return None
            if self.vendor.was_so:
                now = self._clock.now()
                self._report(
                    Exchange(
                        now, self._profile.name, "act", "POST", 400, 5.0, 0, line("no"), writes=True
                    )
                )
            self.vendor.put(ref, Status.ENDED)
            return json.dumps(self.vendor.rows[ref]).encode()


class WritableVendor(Vendor):
    """An account that takes writes. `silent` tells no row; `odd_answer` stands in for the created row.
    `was_so`: it refuses an action, and the provider finds it done."""

    def __init__(self, *, latency: float = 0.05, **spec: object) -> None:
        super().__init__(VirtualClock(), latency=latency)
        form = Form("New session", "create", ())
        self.spec = replace(replace(SPEC, create=form, actions=ACTIONS), **spec)  # type: ignore[arg-type]
        self.silent = False
        self.odd_answer: bytes | None = None
        self.was_so = False

    def connect(self, profile: Profile, clock: Clock, report: Report) -> Writable:
        self.connected += 1
        provider = Writable(self, profile, clock, report)
        provider.vendor = self
        return provider
