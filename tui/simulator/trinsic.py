"""Trinsic Connect, the generation of June 2024: identity sessions (sheet trinsic, Part 2).

Create, get, list and cancel; there is nothing else, and no documented limit. What the sheet leaves
open is chosen by `trinsic_knobs`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from hmac import compare_digest
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tui.simulator import trinsic_asked as asked
from tui.simulator.chance import hex_of, mix
from tui.simulator.desk import Naming
from tui.simulator.identity import Check, Checks, Reason, Step
from tui.simulator.kinds import Kind
from tui.simulator.trinsic_asked import InvalidError, Listing, MediaTypeError
from tui.simulator.trinsic_rows import Rows, SessionNames
from tui.simulator.web import RowCache, Stage, Vendor, encoded, json_answer
from tui.simulator.wings import Wing

_OVER = frozenset({Step.PASSED, Step.FAILED})


class SimulatedVendor(Vendor):
    """The vendor behind `https://connect-api.trinsic.id`.

    Besides the good key of the profile there are `revoked_key` (401) and `roleless_key` (403,
    without a body). `keys` maps keys to good, revoked or no-role, and may be changed while the
    simulator runs.
    """

    id = "trinsic-connect"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        seed = stage.desk.seed
        self.good_key = "tk_" + hex_of(seed, "trinsic good", 48)
        self.revoked_key = "tk_" + hex_of(seed, "trinsic revoked", 48)
        self.roleless_key = "tk_" + hex_of(seed, "trinsic no role", 48)
        self.keys = {
            self.good_key: "good",
            self.revoked_key: "revoked",
            self.roleless_key: "no-role",
        }
        self._names = SessionNames(seed)
        self._rows = Rows(stage, self._names)
        self._wing = cast("Checks", stage.desk.wing(Kind.IDENTITY))
        self._cache = RowCache()
        self._sorted: dict[tuple[str, bool], tuple[object, list[Check]]] = {}

    @staticmethod
    def naming(seed: int) -> dict[Kind, Naming]:
        return {Kind.IDENTITY: SessionNames(seed)}

    @staticmethod
    def wing() -> type[Wing[Any]]:
        return Checks

    def profiles(self, base_url: str) -> dict[str, dict[str, object]]:
        return {"identity": {"provider": self.id, "api_key": self.good_key, "base_url": base_url}}

    def routes(self) -> Sequence[Route]:
        return (
            self.route("/v1/sessions", POST=self._checked(self._create)),
            self.route("/v1/sessions/get", GET=self._checked(self._get)),
            self.route("/v1/sessions/list", POST=self._checked(self._list)),
            self.route("/v1/sessions/cancel", POST=self._checked(self._cancel)),
        )

    # Before anything else

    def gate(self, request: Request, operation: str) -> Response | None:
        key = _bearer(request.headers.get("authorization"))
        standing = self._standing(key)
        if standing == "no-role":
            return Response(status_code=403)
        if standing != "good":
            return json_answer({"message": "The API key is missing or not valid."}, 401)
        return self._second(request, key)

    def _standing(self, key: str) -> str | None:
        known = (one for one in self.keys if compare_digest(one.encode(), key.encode()))
        found = next(known, None)
        return None if found is None else self.keys[found]

    def _second(self, request: Request, key: str) -> Response | None:
        """TrinsicAuthorization: required, but may be empty (sheet trinsic 2.1)."""
        how, value = self.stage.play["trinsic-second-header"], request.headers.get(_SECOND.lower())
        if how != "ignored" and value is None:
            return self._invalid(InvalidError(_SECOND, f"The {_SECOND} field is required."))
        if how == "same" and _bearer(value) != key:
            return json_answer({"message": f"{_SECOND} does not hold the API key."}, 401)
        return None

    def not_found(self, request: Request) -> Response:
        return Response(status_code=404)

    def not_allowed(self, request: Request) -> Response:
        return Response(status_code=405)

    # The four operations

    async def _create(self, request: Request) -> Response:
        wanted = asked.wishes(await _body(request))
        with self.stage.desk.lock:
            check = self._wing.enter(Check.ordered(self.stage.desk.time, wanted))
            return self._send(b'{"session":%s}' % self._row(check))

    async def _get(self, request: Request) -> Response:
        name = asked.session_id(request.query_params.get("sessionId"))
        with self.stage.desk.lock:
            check = self._find(name)
            if check is None:
                return self._unknown()
            return self._send(b'{"session":%s}' % self._row(check))

    async def _cancel(self, request: Request) -> Response:
        name = asked.session_id(request.query_params.get("sessionId"))
        with self.stage.desk.lock:
            check = self._find(name)
            if check is None:
                return self._unknown()
            if check.step in _OVER:
                words = "A session that succeeded or failed cannot be canceled."
                status = int(self.stage.play["trinsic-cancel-refused"])
                return self._invalid(InvalidError("SessionId", words), status)
            self._wing.go(check, self.stage.desk.time, Step.FAILED, Reason.DESK)
            return self._send(b'{"session":%s}' % self._row(check))

    async def _list(self, request: Request) -> Response:
        wanted = asked.listing(await _body(request))
        with self.stage.desk.lock:
            found = self._in_order(wanted)
            page, last = wanted.page, max(1, -(-len(found) // wanted.size))
            past_end = self.stage.play["trinsic-past-end"]
            if page > last and past_end == "400":
                raise InvalidError("Page", f"The field Page must be between 1 and {last}.")
            if page > last and past_end == "last":
                page = last
            start = (page - 1) * wanted.size
            rows = [self._row(one, listed=True) for one in found[start : start + wanted.size]]
        parts = b""
        if self.stage.play["trinsic-total"] == "present":
            more = b"true" if page < last else b"false"
            parts = b'"total":%d,"more":%s,' % (len(found), more)
        return self._send(b'{%s"sessions":[%s]}' % (parts, b",".join(rows)))

    # Sessions

    def _in_order(self, wanted: Listing) -> list[Check]:
        """All of them, sorted anew only when something happened."""
        name = (wanted.order, wanted.descending)
        stamp = (self._wing.changes, self.stage.play.version)
        kept = self._sorted.get(name)
        if kept is None or kept[0] != stamp:
            kept = self._sorted[name] = (stamp, self._sort(wanted))
        return kept[1]

    def _sort(self, wanted: Listing) -> list[Check]:
        keys: dict[str, Callable[[Check], int]] = {
            "Created": lambda one: one.created // 1000,
            "Updated": lambda one: one.moved // 1000,
            "State": lambda one: one.step,
        }
        key, seed = keys[wanted.order], self.stage.desk.seed
        shuffled = self.stage.play["trinsic-ties"] == "shuffled"

        def place(one: Check) -> tuple[int, int, int]:
            tie = mix(seed, one.serial, 64) if shuffled else one.created
            return key(one), tie, one.serial

        return sorted(self._wing.sessions, key=place, reverse=wanted.descending)

    def _find(self, name: str) -> Check | None:
        serial = self._names.serial(name)
        return None if serial is None else self._wing.session(serial)

    def _row(self, check: Check, listed: bool = False) -> bytes:
        play = self.stage.play
        if listed and play["trinsic-list-data"] == "bare":
            return encoded(self._rows.session(check, bare=True))
        stamp = (check.version, play.version)
        return self._cache.row(check.serial, stamp, lambda: self._rows.session(check))

    # Answers

    def _checked(
        self, handler: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """A handler whose complaints about the request become answers."""

        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except InvalidError as error:
                return self._invalid(error)
            except MediaTypeError:
                return Response(status_code=415)

        return answer

    def _send(self, body: bytes) -> Response:
        kind = self.stage.play["trinsic-content-type"]
        return Response(body, headers={"content-type": f"{kind}; charset=utf-8"})

    def _invalid(self, error: InvalidError, status: int = 400) -> Response:
        """An array of ValidationResult (sheet trinsic 2.2)."""
        member = error.member
        if self.stage.play["trinsic-member-names"] == "camel":
            member = ".".join(part[:1].lower() + part[1:] for part in member.split("."))
        return json_answer([{"memberNames": [member], "errorMessage": str(error)}], status)

    def _unknown(self) -> Response:
        if self.stage.play["trinsic-unknown-id"] == "404":
            return json_answer({"message": "Session not found."}, 404)
        return self._invalid(InvalidError("SessionId", "There is no session with this id."))


_SECOND = "TrinsicAuthorization"


def _bearer(header: str | None) -> str:
    """The key in a header's value, or nothing."""
    scheme, _, key = (header or "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


async def _body(request: Request) -> Any:
    return asked.body_of(request.headers.get("content-type", ""), await request.body())
