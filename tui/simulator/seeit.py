"""GoToAssist Seeit v0.9.0: list, create and get camera sessions (sheet seeit, section 1).

There are no other operations: nothing here ends a session. What the sheet leaves open is chosen by
`seeit_knobs`, and what all of GoTo has in common by `goto_knobs`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tui.simulator.camera import Look, Looks
from tui.simulator.desk import Naming
from tui.simulator.goto_door import GotoVendor
from tui.simulator.kinds import Kind
from tui.simulator.odd import Row
from tui.simulator.seeit_rows import FIELDS, Rows, SessionNames
from tui.simulator.web import RowCache, Stage, encoded, joined_rows, json_answer, own_url
from tui.simulator.wings import Wing

_INT32, _INT64 = 2**31 - 1, 2**63 - 1
_SETTLE = {"2s": 2_000, "30s": 30_000, "none": 0}


class BadQueryError(Exception):
    """A parameter of the list that cannot be read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a list; times in milliseconds, None where not given."""

    start: int | None
    end: int | None
    page: int
    size: int
    field: str
    descending: bool

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """Raises BadQueryError."""
        field, comma, way = query.get("sort", "sessionCreateTime").partition(",")
        if field not in FIELDS or (comma and way not in ("asc", "desc")):
            raise BadQueryError("sort must be a field of the session details, then ,asc or ,desc")
        return cls(
            _number(query, "startTime", -_INT64, _INT64),
            _number(query, "endTime", -_INT64, _INT64),
            _number(query, "page", 0, _INT32) or 0,
            _number(query, "size", 1, _INT32) or 5,
            field,
            way == "desc",
        )


class SimulatedVendor(GotoVendor):
    """The vendor behind `https://api.citrixonline.com/seeit/v1`. Tokens: see `GotoVendor`."""

    id = "goto-seeit"
    label = "seeit"
    product = "Seeit"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._names = SessionNames(stage.desk.seed)
        self._rows = Rows(stage, self._names)
        self._wing = cast("Looks", stage.desk.wing(Kind.CAMERA))
        self._cache = RowCache()

    @staticmethod
    def naming(seed: int) -> dict[Kind, Naming]:
        return {Kind.CAMERA: SessionNames(seed)}

    @staticmethod
    def wing() -> type[Wing[Any]]:
        return Looks

    def profiles(self, base_url: str) -> dict[str, dict[str, object]]:
        return {
            "seeit": {
                "provider": self.id,
                **self.keys(base_url),
                "base_url": base_url,
            }
        }

    def routes(self) -> Sequence[Route]:
        return (
            self.route("/sessions", GET=self._list, POST=self._create),
            self.route("/sessions/{uuid}", GET=self._get),
        )

    def refused(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        """No schema is given for these (sheet seeit 1.1): one of four forms."""
        form = self.stage.play["seeit-errors"]
        if form == "empty":
            return Response(b"", status, headers)
        if form == "html":
            page = f"<html><head><title>{status}</title></head><body>{message}</body></html>"
            return Response(page, status, headers, "text/html")
        if form == "errorCode":
            body = {"errorCode": code, "description": message, "incident": "0"}
            return json_answer(body, status, headers)
        return super().refused(status, code, message, headers)

    # One session

    async def _create(self, request: Request) -> Response:
        with self.stage.desk.lock:
            look = Look.planned(self.stage.desk.time)
            look.ordered = True
            return json_answer(self._rows.created(self._wing.enter(look)), 201)

    async def _get(self, request: Request) -> Response:
        with self.stage.desk.lock:
            look = self._find(request.path_params["uuid"])
            if look is None or self._rows.gone(look):
                return self.refused(404, "NotFound", "There is no data for this session")
            if not self._settled(look):
                return self.refused(409, "NotAvailableYet", "Session details not available yet")
            return json_answer(self._row(look))

    def _find(self, uuid: str) -> Look | None:
        serial = self._names.serial(uuid)
        return None if serial is None else self._wing.session(serial)

    def _settled(self, look: Look) -> bool:
        """Details of what a client ordered take a moment to be there (sheet seeit 1.1)."""
        wait = _SETTLE[self.stage.play["seeit-settle"]] if look.ordered else 0
        return self.stage.desk.time >= look.created + wait

    def _row(self, look: Look) -> bytes:
        stamp = (look.version, self.stage.play.version, self._rows.age(look))
        return self._cache.row(look.serial, stamp, lambda: self._rows.details(look))

    # The list

    async def _list(self, request: Request) -> Response:
        try:
            asked = Asked.of(request.query_params)
        except BadQueryError as error:
            return self.refused(400, "InvalidRequest", str(error))
        size = asked.size
        if self.stage.play["seeit-max-size"] != "none":
            size = min(size, int(self.stage.play["seeit-max-size"]))
        with self.stage.desk.lock:
            found = self._in_order(asked)
        first, pages = asked.page * size, -(-len(found) // size)
        content = await joined_rows(self.stage.desk, found[first : first + size], self._row)
        page = {
            "size": size,
            "number": asked.page,
            "totalElements": len(found),
            "totalPages": pages,
        }
        links = encoded(self._links(request, asked.page, size, pages))
        return json_answer(b'{"content":%s,"links":%s,"page":%s}' % (content, links, encoded(page)))

    def _in_order(self, asked: Asked) -> list[Look]:
        found = [one for one in self._wing.sessions if self._is_listed(one, asked)]
        if asked.field == "sessionCreateTime":
            return found[::-1] if asked.descending else found
        rows = {one.serial: self._rows.details(one) for one in found}
        found.sort(key=lambda one: _place(rows[one.serial], asked.field), reverse=asked.descending)
        return found

    def _is_listed(self, look: Look, asked: Asked) -> bool:
        at, open_ended = look.created, self.stage.play["seeit-bounds"] == "exclusive"
        start = at if asked.start is None else asked.start + open_ended
        end = at if asked.end is None else asked.end - open_ended
        return start <= at <= end and self._settled(look) and not self._rows.gone(look)

    def _links(self, request: Request, page: int, size: int, pages: int) -> list[Row]:
        """`rel` and `href` of this page and of those beside it (sheet seeit 1.4)."""
        own = self.stage.play["seeit-host"] == "own"
        base = own_url(request) if own else "https://api.citrixonline.com/seeit/v1"
        places = {"self": page, "next": page + 1, "prev": page - 1}
        kept = {k: v for k, v in request.query_params.items() if k not in ("page", "size")}
        return [
            {
                "rel": rel,
                "href": f"{base}/sessions?{urlencode({'page': place, 'size': size, **kept})}",
            }
            for rel, place in places.items()
            if rel == "self" or 0 <= place < pages
        ]


def _place(row: Row, field: str) -> tuple[bool, int, str]:
    """Where a row sorts: without a value first, numbers by size, words by letters."""
    value = row.get(field)
    number = int(value) if isinstance(value, int) else 0
    return value is not None, number, value if isinstance(value, str) else ""


def _number(query: Mapping[str, str], name: str, least: int, most: int) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 20):
        raise BadQueryError(f"{name} must be a whole number")
    if not least <= int(text) <= most:
        raise BadQueryError(f"{name} must be from {least} to {most}")
    return int(text)
