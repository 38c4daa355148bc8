"""N-able Take Control: creating support sessions, and their history (sheet take-control, part 4).

What the sheet leaves open is chosen by `take_control_knobs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tui.simulator.chance import hex_of, mix
from tui.simulator.desk import Naming
from tui.simulator.kinds import Kind, Session, State
from tui.simulator.limits import SlidingWindow
from tui.simulator.take_control_query import (
    RefusedError,
    Selection,
    Test,
    body_of,
    vars_of,
    wish_of,
)
from tui.simulator.take_control_rows import Rows
from tui.simulator.take_control_wing import ControlNames, ControlWing
from tui.simulator.web import RowCache, Stage, Vendor, encoded, joined_rows, json_answer
from tui.simulator.wings import Wing

_CREATE, _HISTORY = "/rest/session", "/rest/session/history"
# The key that each call wants (sheet take-control 4.1, 4.2).
_WANTED = {_CREATE: "public", _HISTORY: "private"}
_WRONG = {
    "public": "The public key cannot be used for this endpoint",
    "private": "The private key cannot be used for this endpoint",
    "expired": "The key is expired",
}


class SimulatedVendor(Vendor):
    """The vendor behind `https://api.us0.swi-rc.com/rest`.

    `keys` maps keys to public, private or expired and may be changed while the simulator runs;
    `expired_key` is one to try.
    """

    id = "take-control"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        seed = stage.desk.seed
        self.public_key = hex_of(seed, "control public", 40)
        self.private_key = hex_of(seed, "control private", 40)
        self.expired_key = hex_of(seed, "control expired", 40)
        self.keys = {
            self.public_key: "public",
            self.private_key: "private",
            self.expired_key: "expired",
        }
        self._rows = Rows(stage)
        # The vendor names no limit; this is one that a client has to mean to reach.
        self._limit = SlidingWindow(60, 10.0, stage.timer)
        self._cache = RowCache()

    @staticmethod
    def naming(seed: int) -> dict[Kind, Naming]:
        return {Kind.REMOTE_CONTROL: ControlNames()}

    @staticmethod
    def wing() -> type[Wing[Any]] | None:
        return ControlWing

    def profiles(self, base_url: str) -> dict[str, dict[str, object]]:
        return {
            "control": {
                "provider": self.id,
                "public_key": self.public_key,
                "private_key": self.private_key,
                "base_url": f"{base_url}/rest",
                "time_zone": self.stage.play["control-time-zone"],
            }
        }

    def routes(self) -> Sequence[Route]:
        return (
            self.route(_CREATE, POST=self._create),
            self.route(_HISTORY, GET=self._history),
        )

    # Before anything else

    def gate(self, request: Request, operation: str) -> Response | None:
        play = self.stage.play
        wait = self._limit.refused_for("all endpoints") if play["rate-limits"] == "on" else 0
        if play["control-throttle"] == "on":
            wait = max(wait, 3)
        if wait:
            headers = self.stage.later(play["control-retry-after"], wait)
            return self._error(429, "Too many requests", headers)
        standing = self.keys.get(request.headers.get("integration-key", ""))
        wanted = _WANTED.get(operation.partition(" ")[2])
        if standing is None:
            return self._error(403, "Invalid integration key")
        if standing == "expired" or wanted not in (None, standing):
            return self._error(403, _WRONG[standing])
        return None

    def not_found(self, request: Request) -> Response:
        return self._error(404, "Not found")

    def not_allowed(self, request: Request) -> Response:
        return self._error(405, "Method not allowed")

    # Creating

    async def _create(self, request: Request) -> Response:
        """200, and no id in any documented answer (sheet take-control 4.3)."""
        raw = await request.body()
        desk, strangers = self.stage.desk, self.stage.play["control-strangers"] == "accepted"
        try:
            wish = wish_of(body_of(raw, _kind(request), may_be_empty=True), strangers)
        except RefusedError as error:
            return self._error(400, str(error))
        with desk.lock:
            name = desk.add_session(
                Kind.REMOTE_CONTROL, customer=wish.customer_name, subject=wish.problem
            )
            serial = ControlNames().serial(name)
            session = None if serial is None else desk.session(serial)
            if session is None:
                raise RuntimeError("the desk lost a session it has just made")
            self._rows.wishes[session.serial] = wish
            return self._success(encoded(self._created(session)))

    def _created(self, session: Session) -> object:
        form, number = self.stage.play["control-create"], self._rows.number(session)
        if form in ("session-id", "id"):
            return {form.replace("-", "_"): number}
        if form == "empty":
            return {}
        record = self._rows.record(session, ("COMPUTER_NAME", "COMPUTER_DOMAIN"))
        wanted = self._rows.wish(session).technician or ""
        waiting = sum(one.state is State.WAITING for one in self._sessions())
        line = {**record, "tech_username": wanted, "waiting_time": 1}
        sample = self.stage.play["control-nrequests"] == "sample"
        return {"nrequests": 22 if sample else waiting, "requests": [line]}

    # History

    async def _history(self, request: Request) -> Response:
        raw, play = await request.body(), self.stage.play
        others = play["control-vars"] == "accepted"
        chosen = Selection(self._rows, play["control-match"] == "substring", others)
        try:
            body = body_of(raw, _kind(request), may_be_empty=False)
            wanted, tests = vars_of(body, others), chosen.tests(body)
        except RefusedError as error:
            return self._error(400, str(error))
        desk = self.stage.desk
        with desk.lock:
            found = self._found(tests)
        records = await joined_rows(desk, found, lambda one: self._record(one, wanted))
        return self._success(self._details(records, len(found)))

    def _sessions(self) -> Sequence[Session]:
        return self.stage.desk.sessions(Kind.REMOTE_CONTROL)

    def _found(self, tests: Sequence[Test]) -> list[Session]:
        hidden = self.stage.play["control-waiting"] == "hidden"
        found = [
            one
            for one in self._sessions()
            if not (hidden and one.state is State.WAITING) and all(test(one) for test in tests)
        ]
        order, seed = self.stage.play["control-order"], self.stage.desk.seed
        if order == "newest":
            return found[::-1]
        return found if order == "oldest" else sorted(found, key=lambda one: mix(seed, one.serial))

    def _record(self, session: Session, wanted: tuple[str, ...]) -> bytes:
        stamp = (session.version, self.stage.play.version, wanted)
        return self._cache.row(session.serial, stamp, lambda: self._rows.record(session, wanted))

    def _details(self, records: bytes, count: int) -> bytes:
        form = self.stage.play["control-details"]
        if form == "flat-list":
            return records
        number = 22 if self.stage.play["control-nrequests"] == "sample" else count
        block = b'{"nrequests":%d,"requests":%s}' % (number, records)
        return block if form == "object" else b"[" + block + b"]"

    # Envelopes

    def _success(self, details: bytes) -> Response:
        forms = {
            "absent": b"",
            "null": b',"errorDetails":null',
            "object": b',"errorDetails":{"errorCode":null,"errorMsg":null}',
        }
        tail = forms[self.stage.play["control-success"]]
        return json_answer(b'{"result":"SUCCESS","details":%s%s}' % (details, tail))

    def _error(self, status: int, words: str, headers: Mapping[str, str] | None = None) -> Response:
        body = {
            "result": "ERROR",
            "details": None,
            "errorDetails": {"errorCode": status, "errorMsg": words},
        }
        sent = 200 if self.stage.play["control-error-status"] == "200" else status
        return json_answer(body, sent, headers)


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "")
