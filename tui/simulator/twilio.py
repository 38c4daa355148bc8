"""Twilio Proxy v1: services, sessions, participants and interactions (sheet twilio, Part 1).

Sessions can be written as well (`twilio_writes`). What the sheet leaves open is chosen by `twilio_knobs`.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Sequence
from hmac import compare_digest
from itertools import count
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tui.simulator import twilio_errors as errors
from tui.simulator.chance import hex_of, mix
from tui.simulator.desk import Naming
from tui.simulator.kinds import HOUR, Kind, Session
from tui.simulator.limits import SlidingWindow
from tui.simulator.odd import Row
from tui.simulator.twilio_errors import Refusal, refusal_answer
from tui.simulator.twilio_messages import Messages
from tui.simulator.twilio_paging import (
    Asked,
    InvalidSizeError,
    InvalidTokenError,
    Key,
    Links,
    Page,
    Tokens,
    anchored,
    shifting,
)
from tui.simulator.twilio_parts import PartsVendor, by_number
from tui.simulator.twilio_rows import RETENTION, Account, Rows, Service, SessionNames
from tui.simulator.twilio_writes import Writes, check_sid, read_form
from tui.simulator.twilio_writes_form import RefusedError
from tui.simulator.web import (
    RowCache,
    Stage,
    encoded,
    joined_rows,
    json_answer,
    own_url,
)

T = TypeVar("T")
_SERVICES = "/v1/Services"
_SESSIONS = _SERVICES + "/{service}/Sessions"


class SimulatedVendor(PartsVendor):
    """The vendor behind `https://proxy.twilio.com`."""

    id = "twilio-proxy"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        seed = stage.desk.seed
        self.account = Account.of(seed)
        self.rows = Rows(stage, self.account)
        self.messages = Messages(stage, self.rows)
        self._writes = Writes(stage, self.rows, self._named)
        self._tokens = Tokens(seed)
        self._limit = SlidingWindow(150, 5.0, stage.timer)
        self._cache = RowCache()
        self._sorted: dict[str, tuple[object, list[Session]]] = {}
        self._requests = count(1)

    @staticmethod
    def naming(seed: int) -> dict[Kind, Naming]:
        return {Kind.MESSAGING: SessionNames(seed)}

    def profiles(self, base_url: str) -> dict[str, dict[str, object]]:
        return {
            "proxy-eu": {
                "provider": self.id,
                "account_sid": self.account.sid,
                "auth_token": self.account.token,
                "service_sid": self.account.services[0].sid,
                "base_url": base_url,
            }
        }

    def routes(self) -> Sequence[Route]:
        session = _SESSIONS + "/{session}"
        return (
            self.route(_SERVICES, GET=self._list_services),
            self.route(_SERVICES + "/{service}", GET=self._get_service),
            self.route(_SESSIONS, GET=self._list_sessions, POST=self._create_session),
            self.route(
                session,
                GET=self._get_session,
                POST=self._change_session,
                DELETE=self._change_session,
            ),
            *self.part_routes(session),
        )

    # Before anything else

    def gate(self, request: Request, operation: str) -> Response | None:
        refusal = self._signed_in(request)
        if refusal is not None:
            headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'}
            return self._refuse(refusal, request, headers)
        service = request.path_params.get("service", "")
        wait = self._limit.refused_for((service, operation))
        play = self.stage.play
        if wait and play["rate-limits"] == "on":
            refusal = errors.TOO_MANY[play["twilio-rate-code"]]
            retry = self.stage.later(play["twilio-retry-after"], wait)
            return self._refuse(refusal, request, retry)
        return None

    def _signed_in(self, request: Request) -> Refusal | None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return errors.AUTHENTICATE
        try:
            user, _, password = b64decode(given, validate=True).decode().partition(":")
        except ValueError:
            return errors.AUTHENTICATE
        account = self.account
        secret = {account.sid: account.token, account.key: account.secret}.get(user)
        if secret is None:
            return errors.WRONG_USER
        fits = compare_digest(secret.encode(), password.encode())
        return None if fits else errors.AUTHENTICATE

    def not_found(self, request: Request) -> Response:
        return self._refuse(errors.not_found(request), request)

    def not_allowed(self, request: Request) -> Response:
        return self._refuse(errors.METHOD, request)

    # Services

    async def _list_services(self, request: Request) -> Response:
        places = list(range(len(self.account.services)))[::-1]

        def row(place: int) -> Row:
            return self.rows.service(self.account.services[place], own_url(request))

        return self.list_of(request, "services", places, by_number, row)

    async def _get_service(self, request: Request) -> Response:
        service = self._service(request)
        if service is None:
            return self.not_found(request)
        return self.send(self.rows.service(service, own_url(request)))

    # Sessions

    async def _list_sessions(self, request: Request) -> Response:
        service = self._service(request, exact=True)
        if service is None:
            return self.not_found(request)
        with self.stage.desk.lock:
            rising, key = self._in_order(service), self._order_key()
            found = self._page(request, rising, key)
        if isinstance(found, Refusal):
            return self._refuse(found, request)
        asked, page = found
        base = own_url(request)
        rows = await joined_rows(self.stage.desk, page.rows, lambda one: self._row(one, base))
        return self._list_answer(request, "sessions", asked, page, rows)

    async def _get_session(self, request: Request) -> Response:
        with self.stage.desk.lock:
            session = self.session_of(request)
            if session is None:
                return self.not_found(request)
            return self.send(self._row(session, own_url(request)))

    async def _create_session(self, request: Request) -> Response:
        service, form = self._service(request, exact=True), await read_form(request)
        if service is None:
            return self.not_found(request)
        with self.stage.desk.lock:
            try:
                session = self._writes.create(service, form())
            except RefusedError as error:
                return self._refuse(error.refusal, request)
            return self.send(self._row(session, own_url(request)), 201)

    async def _change_session(self, request: Request) -> Response:
        """POST updates, DELETE deletes."""
        form = await read_form(request)
        with self.stage.desk.lock:
            try:
                check_sid(request.path_params["session"])
                session = self.session_of(request, exact=True)
                if session is None:
                    return self.not_found(request)
                if request.method == "DELETE":
                    self._writes.delete(session)
                    return self._stamped(Response(status_code=204))
                self._writes.update(session, form())
            except RefusedError as error:
                return self._refuse(error.refusal, request)
            return self.send(self._row(session, own_url(request)))

    def _row(self, session: Session, base: str) -> bytes:
        stamp = (session.version, self.stage.play.version, self.rows.expired(session), base)
        return self._cache.row(session.serial, stamp, lambda: self.rows.session(session, base))

    def _in_order(self, service: Service) -> list[Session]:
        """The service's sessions by rising order key; lists are sent from the end."""
        desk, order = self.stage.desk, self.stage.play["twilio-order"]
        changes = desk.changes if order == "updated" else 0
        stamp = (order, self.stage.play.version, desk.membership, changes, desk.time // HOUR)
        kept = self._sorted.get(service.sid)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        of = self.rows.service_of
        found = [one for one in desk.sessions(Kind.MESSAGING) if of(one) is service]
        if found and found[0].created < desk.time - RETENTION:
            found = [one for one in found if self._kept(one)]
        if order != "created":
            found.sort(key=self._order_key())
        self._sorted[service.sid] = (stamp, found)
        return found

    def _order_key(self) -> Callable[[Session], Key]:
        order = self.stage.play["twilio-order"]
        if order == "updated":
            return lambda one: (self.rows.updated(one), one.serial)
        if order == "shuffled":
            return lambda one: (mix(self.stage.desk.seed, one.serial, 30), one.serial)
        return lambda one: (one.created, one.serial)

    def _kept(self, session: Session) -> bool:
        """Closed sessions are deleted after 90 days (sheet twilio 1.4)."""
        ended = self.rows.ended(session)
        return ended is None or ended >= self.stage.desk.time - RETENTION

    # Finding things

    def _service(self, request: Request, exact: bool = False) -> Service | None:
        name = request.path_params["service"]
        service = self.account.service(name)
        return None if exact and service is not None and service.sid != name else service

    def session_of(self, request: Request, exact: bool = False) -> Session | None:
        """By SID, or where no SID is demanded (`exact`) by unique name (sheet twilio 1.2)."""
        service = self._service(request, exact=True)
        if service is None:
            return None
        name = request.path_params["session"]
        serial = self.rows.serial(name)
        session = None if serial is None else self.stage.desk.session(serial)
        if session is None and not exact and self.stage.play["twilio-unique-name"] == "accepted":
            session = self._named(service, name)
        if session is None or session.kind is not Kind.MESSAGING or not self._kept(session):
            return None
        return session if self.rows.service_of(session) is service else None

    def _named(self, service: Service, name: str) -> Session | None:
        """By what was written; else the case number in a name says which session it can be."""
        written = self.rows.edits.named(service.sid, name)
        number = name.removeprefix("SUP-")[:12].split(" ")[0]
        if written is None and number.isascii() and number.isdecimal():
            written = int(number) - 20_000
        sessions: Sequence[Session | None] = ()
        if written is not None:
            sessions = (self.stage.desk.session(written),)
        elif self.stage.play["text"] == "hostile":
            # A hostile name can begin with anything.
            sessions = self._in_order(service)
        return next((one for one in sessions if one and self._has_name(one, service, name)), None)

    def _has_name(self, session: Session, service: Service, name: str) -> bool:
        ours = self.rows.service_of(session) is service and self._kept(session)
        return ours and self.rows.unique_name(session) == name

    # Answers

    def _page(
        self, request: Request, rising: Sequence[T], key: Callable[[T], Key]
    ) -> Refusal | tuple[Asked, Page[T]]:
        try:
            asked = Asked.of(request.query_params)
            path = self._list_path(request)
            place = self._tokens.read(path, asked.token) if asked.token else None
        except InvalidSizeError:
            return errors.SIZE
        except InvalidTokenError:
            return errors.TOKEN
        if self.stage.play["twilio-paging"] == "shifting":
            return asked, shifting(rising, asked.limit, place)
        return asked, anchored(rising, key, asked.limit, place)

    def list_of(
        self,
        request: Request,
        name: str,
        rising: Sequence[T],
        key: Callable[[T], Key],
        row: Callable[[T], Row],
    ) -> Response:
        """A short list; `rising` by key."""
        found = self._page(request, rising, key)
        if isinstance(found, Refusal):
            return self._refuse(found, request)
        rows = encoded([row(one) for one in found[1].rows])
        return self._list_answer(request, name, *found, rows)

    def _list_answer(
        self, request: Request, name: str, asked: Asked, page: Page[T], rows: bytes
    ) -> Response:
        clamped = self.stage.play["twilio-page-size"] == "clamped"
        links = Links(self._tokens, own_url(request) + _inner(request), self._list_path(request))
        meta = links.meta(asked, page, name, asked.limit if clamped else asked.size)
        return self.send(b'{"%s":%s,"meta":%s}' % (name.encode(), rows, encoded(meta)))

    def _list_path(self, request: Request) -> str:
        """What a token is good for: this list in the order in force."""
        play = self.stage.play
        return f"{play['twilio-order']}|{play['twilio-paging']}|{_inner(request)}"

    def send(self, value: Row | bytes, status: int = 200) -> Response:
        return self._stamped(json_answer(value, status))

    def _refuse(
        self, refusal: Refusal, request: Request, headers: dict[str, str] | None = None
    ) -> Response:
        form = self.stage.play["twilio-errors"]
        return self._stamped(refusal_answer(form, refusal, request, headers))

    def _stamped(self, response: Response) -> Response:
        number = next(self._requests)
        request_id = hex_of(self.stage.desk.seed, f"request {number}")
        response.headers["Twilio-Request-Id"] = f"RQ{request_id}"
        return response


def _inner(request: Request) -> str:
    """The path under this vendor's prefix."""
    return request.url.path.removeprefix(request.scope.get("root_path", ""))
