"""What all simulated vendors share: the stage they play on, answers in JSON, and the way to them."""

from __future__ import annotations

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Protocol, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, Router
from starlette.types import Receive, Scope, Send

from tui.simulator.desk import Desk, Naming
from tui.simulator.hostile import is_hostile, spoil
from tui.simulator.kinds import Kind, Session
from tui.simulator.play import Play
from tui.simulator.wings import Wing

Handler = Callable[[Request], Awaitable[Response]]
S = TypeVar("S", bound=Session)
_SLICE = 500
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stage:
    """What a vendor is given: the desk, the settings, and two clocks (aware UTC, seconds).

    `shared` holds what vendors of one house have in common, by a name that they agree on.
    """

    desk: Desk
    play: Play
    now: Callable[[], datetime]
    timer: Callable[[], float]
    shared: dict[str, Any] = field(default_factory=dict)

    def words(self, text: str, session: Session, slot: int = 0) -> str:
        """A text of a session as it is sent: as it is, or hostile when that is played."""
        if self.play["text"] == "hostile" and is_hostile(session.serial):
            return spoil(text, session.serial, slot)
        return text

    def later(self, how: str, seconds: int) -> dict[str, str]:
        """The `Retry-After` header for `how` = none, seconds or date."""
        if how == "none":
            return {}
        at = self.now() + timedelta(seconds=seconds)
        value = str(seconds) if how == "seconds" else format_datetime(at, usegmt=True)
        return {"Retry-After": value}


class Vendor(ABC):
    """One simulated vendor. `id` is the provider's id and the first part of its path."""

    id: str

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @staticmethod
    @abstractmethod
    def naming(seed: int) -> dict[Kind, Naming]:
        """The kinds of session this vendor serves, and how it names them."""

    @staticmethod
    def wing() -> type[Wing[Any]] | None:
        """The wing of the desk that makes this vendor's sessions; None for the desk's own kinds."""
        return None

    @abstractmethod
    def profiles(self, base_url: str) -> dict[str, dict[str, object]]:
        """Good profiles for this vendor by name, as they stand in a profiles.toml."""

    @abstractmethod
    def routes(self) -> Sequence[Route]:
        """Made with `self.route`."""

    @abstractmethod
    def gate(self, request: Request, operation: str) -> Response | None:
        """The answer to a request that is refused before anything else is looked at."""

    @abstractmethod
    def not_found(self, request: Request) -> Response: ...

    @abstractmethod
    def not_allowed(self, request: Request) -> Response:
        """The answer to a method that the path does not know."""

    def route(self, path: str, **handlers: Handler) -> Route:
        """A path and what its methods (GET=..., POST=...) do."""
        return Route(path, _Endpoint(self, path, handlers))

    def beside(self) -> Sequence[Vendor]:
        """Further servers that this vendor has beside its API; vendors may share one."""
        return ()

    def mount(self) -> Mount:
        """This vendor's part of the web server."""
        router = Router(list(self.routes()), redirect_slashes=False)
        router.default = _Endpoint(self, "", {})
        return Mount(f"/{self.id}", app=router)


class VendorType(Protocol):
    """A vendor's class, as the registry gives it."""

    id: str

    def __call__(self, stage: Stage) -> Vendor: ...

    def naming(self, seed: int) -> dict[Kind, Naming]: ...

    def wing(self) -> type[Wing[Any]] | None: ...


class _Endpoint:
    """An ASGI application for one path: gate, then method, then handler."""

    def __init__(self, vendor: Vendor, path: str, handlers: Mapping[str, Handler]) -> None:
        self._vendor, self._path, self._handlers = vendor, path, handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        stage = self._vendor.stage
        stage.desk.advance_to(stage.now())
        response = await self._answer(request)
        response.headers["date"] = format_datetime(stage.now(), usegmt=True)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        handler = self._handlers.get(request.method)
        refused = self._vendor.gate(request, f"{request.method} {self._path}")
        if refused is not None:
            return refused
        if handler is not None:
            return await handler(request)
        if self._handlers:
            return self._vendor.not_allowed(request)
        return self._vendor.not_found(request)


def encoded(value: object) -> bytes:
    """Compact JSON in UTF-8; escapes only where UTF-8 cannot say it (lone surrogates)."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def json_answer(
    value: object, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer; `value` may be bytes that are JSON already."""
    body = value if isinstance(value, bytes) else encoded(value)
    return Response(body, status, headers, "application/json")


def own_url(request: Request) -> str:
    """Where the client reached this vendor: scheme, host and prefix, without a slash at the end."""
    host = request.headers.get("host", "")
    return f"{request.url.scheme}://{host}{request.scope.get('root_path', '')}"


def iso(at: int | None, millis: bool = False) -> str | None:
    """`2015-07-30T20:00:00Z` of milliseconds since 1970, or with the milliseconds; None of None."""
    if at is None:
        return None
    moment = _EPOCH + timedelta(milliseconds=at)
    tail = f".{moment.microsecond // 1000:03d}Z" if millis else "Z"
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + tail


class RowCache:
    """Encoded rows that need not be made again while their session stays as it is."""

    def __init__(self, limit: int = 50_000) -> None:
        self._limit = limit
        self._rows: dict[int, tuple[object, bytes]] = {}

    def row(self, serial: int, stamp: object, make: Callable[[], object]) -> bytes:
        """The row of `serial` as JSON; made anew when `stamp` differs from the last time."""
        kept = self._rows.get(serial)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        if len(self._rows) >= self._limit:
            self._rows.clear()
        made = encoded(make())
        self._rows[serial] = (stamp, made)
        return made


async def joined_rows(desk: Desk, sessions: Iterable[S], row: Callable[[S], bytes]) -> bytes:
    """A JSON array of the rows, made in slices so that other vendors' requests get their turn."""
    waiting = list(sessions)
    parts: list[bytes] = []
    for start in range(0, len(waiting), _SLICE):
        with desk.lock:
            parts += [row(session) for session in waiting[start : start + _SLICE]]
        await asyncio.sleep(0)
    return b"[" + b",".join(parts) + b"]"
