"""GoToAssist Remote Support v4: sessions, web-chat transcripts, system links (sheet goto 2, 3.6).

Sessions can be started as well (`goto_writes`). What the sheet leaves open is chosen by `goto_knobs`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tui.simulator.chance import hex_of
from tui.simulator.desk import Naming, milliseconds
from tui.simulator.goto_door import GotoVendor
from tui.simulator.goto_rows import NAMES, Rows
from tui.simulator.goto_writes import RefusedError, Writes, read_body
from tui.simulator.kinds import DAY, Kind, Session, State
from tui.simulator.web import RowCache, Stage, joined_rows, json_answer

# "At least 30 days" (sheet goto 2.2): a desk that is not kind keeps no more than that.
RETENTION = 30 * DAY
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class BadWindowError(Exception):
    """fromTime or toTime is missing or not in the form the vendor wants."""


class SimulatedVendor(GotoVendor):
    """The vendor behind `https://api.getgo.com/G2A/rest/v1`. Tokens: see `GotoVendor`."""

    id = "goto-remote-support"
    label = "goto"
    product = "Remote Support"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._rows = Rows(stage)
        self._writes = Writes(stage, self._rows)
        self._cache = RowCache()

    @staticmethod
    def naming(seed: int) -> dict[Kind, Naming]:
        return dict(NAMES)

    def profiles(self, base_url: str) -> dict[str, dict[str, object]]:
        return {
            "goto-desk": {
                "provider": self.id,
                **self.keys(base_url),
                "extended_sessions": True,
                "base_url": base_url,
            }
        }

    def session_token(self, public_id: str) -> str:
        """The sessionToken of a session. Raises ValueError for an id that is not known."""
        session = self._find(public_id)
        if session is None:
            raise ValueError(f"no session {public_id}")
        return self._rows.token(session)

    def public_id(self, token: str) -> str:
        """The id that the session of a token has, or will have once it is started. ValueError."""
        session = self._find(token)
        if session is None:
            raise ValueError(f"no session {token}")
        return self.stage.desk.public_id(session)

    def routes(self) -> Sequence[Route]:
        return (
            self.route("/sessions", GET=self._list_sessions, POST=self._create_session),
            self.route("/sessions/{session}", GET=self._get_session),
            self.route("/sessions/{session}/events", GET=self._get_events),
            self.route("/extendedsessions", GET=self._list_all),
            self.route("/systemLinks", GET=self._system_links, POST=self._register),
        )

    # Lists

    async def _list_sessions(self, request: Request) -> Response:
        wanted = request.query_params.get("sessionType")
        if wanted is None or wanted.upper() != "SCREEN_SHARING":
            return _error(400, "InvalidRequest", "sessionType must be SCREEN_SHARING")
        return await self._list(request, (Kind.SCREEN_SHARING,))

    async def _list_all(self, request: Request) -> Response:
        if self.stage.play["goto-extended"] == "404":
            return self.not_found(request)
        return await self._list(request, tuple(NAMES))

    async def _list(self, request: Request, kinds: Sequence[Kind]) -> Response:
        try:
            start, end = _window(request.query_params)
        except BadWindowError as error:
            return _error(400, "InvalidRequest", str(error))
        desk = self.stage.desk
        with desk.lock:
            found = [
                one
                for kind in kinds
                for one in desk.sessions(kind)
                if self._is_listed(one) and self._is_inside(one, start, end)
            ]
        found.sort(key=lambda one: (one.created, one.serial))
        rows = await joined_rows(desk, found, self._row)
        total = 500 if self.stage.play["goto-total"] == "sample" else len(found)
        return json_answer(b'{"totalNumSessions":%d,"sessions":%s}' % (total, rows))

    def _row(self, session: Session) -> bytes:
        stamp = (session.version, self.stage.play.version)
        return self._cache.row(session.serial, stamp, lambda: self._rows.listed(session))

    def _is_listed(self, session: Session) -> bool:
        hidden = self.stage.play["goto-not-started"] == "hidden"
        return self._is_kept(session) and not (hidden and session.state is State.PLANNED)

    def _is_kept(self, session: Session) -> bool:
        return session.ended is None or session.ended >= self.stage.desk.time - RETENTION

    def _is_inside(self, session: Session, start: int, end: int) -> bool:
        """Times are compared by the whole second, as they are printed."""
        began = self._rows.began(session) // 1000 * 1000
        if self.stage.play["goto-window"] == "started":
            return start <= began <= end
        return began <= end and (session.ended is None or session.ended >= start)

    # One session

    async def _create_session(self, request: Request) -> Response:
        """200 and a URL; no id exists before the expert opens it (sheet goto 2.3)."""
        try:
            body = await read_body(request)
            with self.stage.desk.lock:
                return json_answer(self._writes.create(body))
        except RefusedError as error:
            return _error(error.status, error.code, str(error))

    async def _get_session(self, request: Request) -> Response:
        with self.stage.desk.lock:
            session = self._find(request.path_params["session"])
            if session is None or not self._is_readable(session, request):
                return _error(404, "NotFound", "Session not found")
            return json_answer(self._rows.single(session))

    def _is_readable(self, session: Session, request: Request) -> bool:
        if session.kind is Kind.WEB_CHAT and self.stage.play["goto-chat-by-id"] == "404":
            return False
        by_token = str(request.path_params["session"]).startswith("e0-")
        started = session.state is not State.PLANNED
        return self._is_kept(session) and (by_token or started or self._is_listed(session))

    async def _get_events(self, request: Request) -> Response:
        with self.stage.desk.lock:
            session = self._find(request.path_params["session"])
            if session is None or session.kind is not Kind.WEB_CHAT or not self._is_kept(session):
                return _error(404, "NotFound", "No web-chat transcript found for the session")
            return json_answer(self._rows.transcript(session))

    def _find(self, name: str) -> Session | None:
        """By sessionId (in either type) or sessionToken."""
        serials = [(names.serial(name), kind) for kind, names in NAMES.items()]
        token = self._rows.serial_of_token(name)
        serials += [(token, kind) for kind in NAMES]
        for serial, kind in serials:
            session = None if serial is None else self.stage.desk.session(serial)
            if session is not None and session.kind is kind:
                return session
        return None

    # Partner systems

    async def _system_links(self, request: Request) -> Response:
        domain = request.query_params.get("systemDomain")
        if not domain:
            return _error(400, "InvalidRequest", "systemDomain is missing")
        known = [_link(self.stage.desk.seed, domain, user) for user in _LINKED.get(domain, ())]
        links = self._writes.linked(known, domain)
        if self.stage.play["goto-system-links"] == "object":
            return json_answer(links[0] if links else {})
        return json_answer(links)

    async def _register(self, request: Request) -> Response:
        """200; what its body says is nowhere documented, so it says nothing (sheet goto 2.7)."""
        try:
            self._writes.register(await read_body(request))
        except RefusedError as error:
            return _error(error.status, error.code, str(error))
        return Response(status_code=200)


_LINKED = {
    "crm.example.com": ("priya.raman@helpdesk.example.com", "jonas.brandt@helpdesk.example.com"),
    "tickets.example.com": ("mia.okafor@helpdesk.example.com",),
}


def _link(seed: int, domain: str, user: str) -> dict[str, object]:
    """The five fields of the answer (sheet goto 2.7); userToken is a secret."""
    return {
        "systemName": domain.split(".", 1)[0].upper(),
        "systemDomain": domain,
        "userEmail": user,
        "userToken": hex_of(seed, f"link {domain} {user}"),
        "callbackURL": f"https://{domain}/goto/callback",
    }


def _window(query: Mapping[str, str]) -> tuple[int, int]:
    """fromTime and toTime in milliseconds. Raises BadWindowError."""
    start, end = (_moment(name, query.get(name)) for name in ("fromTime", "toTime"))
    if start > end:
        raise BadWindowError("fromTime is after toTime")
    return start, end


def _moment(name: str, text: str | None) -> int:
    if text is None or not _TIME.fullmatch(text):
        raise BadWindowError(f"{name} must be given as in 2016-10-31T00:00:00Z")
    try:
        moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise BadWindowError(f"{name} is no date") from error
    return milliseconds(moment)


def _error(
    status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The gateway's shape; the vendor documents none for this product (sheet goto 3.6)."""
    return json_answer({"int_err_code": code, "msg": message}, status, headers)
