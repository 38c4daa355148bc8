"""Kestrel Desk as a simulated vendor, written from its document and not from its provider."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tui.simulator.desk import Naming
from tui.simulator.kinds import Kind
from tui.simulator.web import Stage, Vendor, json_answer

_PAGE = 4


class SimulatedVendor(Vendor):
    """The vendor behind `https://api.kestrel.example/v2`: a morning of ten tickets."""

    id = "kestrel-desk"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.key = f"kestrel-{stage.desk.seed}"
        self.tickets: list[dict[str, Any]] = []
        for number in range(10):
            self._open(f"Printer {number}", ("done", "taken", "new")[number % 3], 100 - number)

    @staticmethod
    def naming(seed: int) -> dict[Kind, Naming]:
        return {}

    def profiles(self, base_url: str) -> dict[str, dict[str, object]]:
        return {"kestrel": {"provider": self.id, "api_key": self.key, "base_url": base_url}}

    def routes(self) -> Sequence[Route]:
        return (
            self.route("/tickets", GET=self._list, POST=self._create),
            self.route("/tickets/{number}", GET=self._read),
            self.route("/tickets/{number}/close", POST=self._close),
        )

    def gate(self, request: Request, operation: str) -> Response | None:
        good = request.headers.get("authorization") == f"Key {self.key}"
        return None if good else json_answer({"error": "unknown key"}, 401)

    def not_found(self, request: Request) -> Response:
        return json_answer({"error": "no such thing"}, 404)

    def not_allowed(self, request: Request) -> Response:
        return json_answer({"error": "not here"}, 405)

    def _open(self, topic: str, state: str = "new", minutes: float = 0.0) -> dict[str, Any]:
        opened = self.stage.now() - timedelta(minutes=minutes)
        ticket = {
            "number": 7000 + len(self.tickets),
            "state": state,
            "caller": f"Caller {len(self.tickets)}",
            "topic": topic,
            "opened": opened.isoformat(),
            "closed": self.stage.now().isoformat() if state == "done" else None,
            "floor": 3,
        }
        self.tickets.append(ticket)
        return ticket

    async def _list(self, request: Request) -> Response:
        start = int(request.query_params.get("after", "0"))
        newest = self.tickets[::-1]
        more = start + _PAGE < len(newest)
        following = start + _PAGE if more else None
        return json_answer({"tickets": newest[start : start + _PAGE], "next": following})

    async def _create(self, request: Request) -> Response:
        return json_answer(self._open((await request.json())["topic"]), 201)

    async def _read(self, request: Request) -> Response:
        found = self._find(request)
        return self.not_found(request) if found is None else json_answer(found)

    async def _close(self, request: Request) -> Response:
        found = self._find(request)
        if found is None:
            return self.not_found(request)
        found |= {"state": "done", "closed": self.stage.now().isoformat()}
        return json_answer(found)

    def _find(self, request: Request) -> dict[str, Any] | None:
        wanted = request.path_params["number"]
        return next((one for one in self.tickets if str(one["number"]) == wanted), None)
