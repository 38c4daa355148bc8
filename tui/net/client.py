"""The bounded client: one profile, one origin, one credential, declared operations only.

It never repeats a request, never follows a redirect and never cancels what is on its way; whoever gives up
waiting lets the answer come and drops it. Every request is reported once. The one exception: what was refused
for a credential that can be renewed was not carried out, and is sent once more with the renewed one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from tui.model.clock import Clock
from tui.model.lazy_dataclass import dataclass
from tui.model.operation import Operation
from tui.model.problem import BadAnswer, ConfigProblem, Problem, ReadOnly, Unreachable
from tui.model.secret import Secret
from tui.model.text import Opaque, line
from tui.net import tls, wire
from tui.net.attempt import Attempt, Timeouts, current
from tui.net.auth import Auth, Renewable
from tui.net.body import Refusal, read_whole, read_words
from tui.net.exchange import Exchange, Report
from tui.net.hiding import Hider
from tui.net.origin import Origin, host_of
from tui.net.proxy import proxy_for
from tui.net.reply import KEPT_HEADERS, Reply
from tui.net.retry import skew

if TYPE_CHECKING:
    import httpx

__all__ = ["Client", "Reply", "Timeouts"]

ERROR_CAP: Final = 64 * 1024
_SLOTS: Final = 4
_TIMEOUTS: Final = Timeouts()
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_HEADER = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]+")


@dataclass(slots=True, eq=False)
class _Lane:
    """An httpx client and how many requests of ours are in it; a retired one closes behind the last of them."""

    http: httpx.AsyncClient
    users: int = 0
    retired: bool = False

    async def close_when_empty(self) -> None:
        if self.retired and self.users == 0:
            await self.http.aclose()


class Client:
    """Sends one profile's requests to one origin.

    Raises `ConfigProblem` when the base URL, the proxy of the environment or the `ca_file` cannot be used.
    `rebuilds` counts how often the connections had to be made anew because the pool had lost one.
    """

    def __init__(
        self,
        *,
        profile: str,
        base_url: str,
        operations: Iterable[Operation],
        auth: Auth | Renewable,
        clock: Clock,
        report: Report,
        read_only: bool = False,
        ca_file: str | None = None,
        timeouts: Timeouts = _TIMEOUTS,
    ) -> None:
        self._profile = profile
        self._origin = Origin.parse(base_url)
        self._operations = frozenset(operations)
        self._auth = auth
        self._clock = clock
        self._report = report
        self._read_only = read_only
        self._timeouts = timeouts
        self._proxy = proxy_for(self._origin)
        self._ca_file = ca_file
        self._tls = tls.context(ca_file) if ca_file and self._origin.scheme == "https" else None
        self._slots = asyncio.Semaphore(_SLOTS)
        self._lane: _Lane | None = None
        self._closed = False
        self.rebuilds = 0

    @property
    def host(self) -> str:
        """Whom this client speaks to, for messages."""
        return self._origin.host

    async def send(
        self,
        operation: Operation,
        *,
        path: Mapping[str, str] = _NOTHING,
        query: Sequence[tuple[str, str]] = (),
        form: Sequence[tuple[str, str | Secret]] = (),
        json: object = None,
    ) -> Reply:
        """Sends one request; any HTTP status but a redirect is a `Reply`.

        Raises `ReadOnly`, `UsageProblem` (a value that cannot be sent) and `ConfigProblem` (a credential that no
        header can carry) before anything is sent; `Unreachable` when nothing was sent, `NoAnswer` when it may
        have been, `BadAnswer` for an answer that is not taken; `ValueError` for what is not declared.
        """
        self._allow(operation)
        wire.check_query(operation, query)
        target = self._origin.target(wire.filled(operation, path), query)
        return await self._deliver(operation, target, wire.content(operation, form, json))

    async def follow(self, operation: Operation, url: Opaque) -> Reply:
        """Reads a next page that the vendor linked to. Raises as `send`; `BadAnswer` when it leads elsewhere."""
        self._allow(operation)
        if operation.writes or operation.method != "GET":
            raise ValueError(f"{operation.name} is not a page that a link can lead to")
        target = self._origin.target_of(url)
        if target is None:
            host = host_of(url)
            outside = host in (self.host, "?")
            where = "outside base_url" if outside else f"elsewhere ({line(host, 80)})"
            raise BadAnswer(f"{self.host} pointed {where}: its link is not followed")
        return await self._deliver(operation, target, wire.NO_CONTENT)

    async def aclose(self) -> None:
        """Closes the connections; what is still on its way ends with `NoAnswer`."""
        self._closed = True
        lane, self._lane = self._lane, None
        if lane is not None:
            await lane.http.aclose()
        if isinstance(self._auth, Renewable):
            await self._auth.aclose()

    # --- one exchange ----------------------------------------------------------------------------------

    def _allow(self, operation: Operation) -> None:
        if operation not in self._operations:
            raise ValueError(f"{operation.name} is not declared for {self._profile}")
        if self._read_only and operation.writes:
            raise ReadOnly(f"{self._profile} is read-only: {operation.name} was not sent")

    async def _deliver(self, operation: Operation, target: str, content: wire.Content) -> Reply:
        """The call; where a credential is refused that can be renewed, once more with the new one."""
        auth = self._auth
        if not isinstance(auth, Renewable):
            return await self._exchange(auth, operation, target, content)
        try:
            sent = await auth.current()
            reply = await self._exchange(sent, operation, target, content)
            if auth.refusal(reply) is None:
                return reply
            await auth.renew(sent)
            sent = await auth.current()
            reply = await self._exchange(sent, operation, target, content, number=2)
            if auth.refusal(reply) is not None:
                raise auth.given_up(reply)
            return reply
        except Problem as problem:
            raise problem.bare()  # noqa: B904 - it is the very problem that was caught

    async def _exchange(
        self,
        auth: Auth,
        operation: Operation,
        target: str,
        content: wire.Content,
        number: int = 1,
    ) -> Reply:
        """One request and its one report, however it ends."""
        at, attempt = self._clock.now(), self._new_attempt()
        outcome = "interrupted"
        token = current.set(attempt)
        try:
            reply = await self._attempt(auth, operation, target, content, attempt)
            outcome = _word(reply.status)
            return reply
        except Problem as problem:
            outcome = problem.message
            raise problem.bare()  # noqa: B904 - it is the very problem that was caught
        finally:
            current.reset(token)
            self._report(self._exchanged(at, operation, attempt, outcome, number))

    def _exchanged(
        self, at: datetime, operation: Operation, attempt: Attempt, outcome: str, number: int
    ) -> Exchange:
        return Exchange(
            at=at,
            profile=self._profile,
            operation=operation.name,
            method=operation.method,
            status=attempt.status,
            milliseconds=(self._clock.monotonic() - attempt.began) * 1000,
            received=attempt.received,
            outcome=line(outcome),
            attempt=number,
            writes=operation.writes,
            skew=attempt.skew,
            certificate_ends=attempt.certificate_ends,
        )

    def _new_attempt(self) -> Attempt:
        deadline = asyncio.get_running_loop().time() + self._timeouts.overall
        secure = self._origin.host if self._origin.scheme == "https" else None
        now = self._clock.monotonic
        return Attempt(deadline=deadline, now=now, tls_host=secure, began=now())

    async def _attempt(
        self, auth: Auth, operation: Operation, target: str, content: wire.Content, attempt: Attempt
    ) -> Reply:
        headers = self._headers(auth, content)
        hider = Hider(auth.masks(), content.masks)
        async with self._slot(), self._entered() as lane:
            try:
                return await self._transfer(
                    lane, operation, target, content.data, headers, attempt, hider
                )
            except Problem:
                raise
            except Exception as exc:
                raise self._explained(exc, lane, operation, attempt) from None

    def _explained(
        self, exc: Exception, lane: _Lane, operation: Operation, attempt: Attempt
    ) -> Problem:
        from tui.net import failure

        if failure.leaked(exc) and lane is self._lane:
            # We let in no more requests than there are connections: the pool has lost one for good.
            lane.retired, self._lane = True, None
            self.rebuilds += 1
        to = f"{self.host} through the proxy {self._proxy.host}" if self._proxy else self.host
        return failure.explained(exc, attempt, to, writes=operation.writes)

    async def _transfer(
        self,
        lane: _Lane,
        operation: Operation,
        target: str,
        data: bytes | None,
        headers: list[tuple[str, str]],
        attempt: Attempt,
        hider: Hider,
    ) -> Reply:
        from tui.net.transport import timeouts_of

        request = lane.http.build_request(
            operation.method,
            self._origin.root,
            headers=headers,
            content=data,
            extensions={
                "raw_target": target.encode("ascii"),
                "fresh": operation.writes,
                "timeout": timeouts_of(self._timeouts),
            },
        )
        response = await lane.http.send(request, stream=True)
        try:
            attempt.status = response.status_code
            attempt.skew = skew(response.headers.get("date"), self._clock.now())
            return hider.reply(await self._received(response, operation.cap, attempt, hider))
        finally:
            await response.aclose()

    async def _received(
        self, response: httpx.Response, cap: int, attempt: Attempt, hider: Hider
    ) -> Reply:
        """The answer with its body, or a refusal to take it."""
        status, chunks = response.status_code, _counted(response, attempt)
        if 300 <= status < 400:
            raise self._sent_on(response, hider)
        encodings = response.headers.get_list("content-encoding")
        if status >= 400:
            body = await read_words(chunks, encodings, ERROR_CAP)
        else:
            try:
                body = await read_whole(chunks, encodings, _length(response), cap)
            except Refusal as refusal:
                raise BadAnswer(f"{self.host} answered a body {refusal}; it is not read") from None
        kept = {
            name: line(hider.text(value))
            for name in KEPT_HEADERS
            if (value := response.headers.get(name)) is not None
        }
        return Reply(status, body, kept, self.host)

    def _sent_on(self, response: httpx.Response, hider: Hider) -> BadAnswer:
        location = hider.text(response.extensions["location"])
        to = host_of(location) if "//" in location else self.host
        return BadAnswer(
            f"{self.host} sent us on to {line(to, 80)} (status {response.status_code}): not followed;"
            " check base_url"
        )

    # --- what every request needs ------------------------------------------------------------------------

    def _headers(self, auth: Auth, content: wire.Content) -> list[tuple[str, str]]:
        """The credential, here and nowhere else, and the body's type."""
        headers = list(auth.headers())
        for name, value in headers:
            if not (_HEADER_NAME.fullmatch(name) and _HEADER.fullmatch(value)):
                raise ConfigProblem(
                    f"the key of {self._profile} holds a character that no header can carry"
                )
        if content.kind is not None:
            headers.append(("Content-Type", content.kind))
        return headers

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        """One of the places in the pool. Waiting here, and not in the pool, cancels no request."""
        try:
            async with asyncio.timeout(self._timeouts.pool):
                await self._slots.acquire()
        except TimeoutError:
            raise Unreachable(
                f"all {_SLOTS} connections to {self.host} were busy; nothing was sent"
            ) from None
        try:
            yield
        finally:
            self._slots.release()

    @asynccontextmanager
    async def _entered(self) -> AsyncIterator[_Lane]:
        lane = self._ready_lane()
        lane.users += 1
        try:
            yield lane
        finally:
            lane.users -= 1
            await lane.close_when_empty()

    def _ready_lane(self) -> _Lane:
        if self._closed:
            raise Unreachable(f"the connections of {self._profile} are closed; nothing was sent")
        if self._lane is None:
            from tui.net.transport import new_client

            if self._tls is None and self._origin.scheme == "https":
                self._tls = tls.context()
            self._lane = _Lane(new_client(self._origin, self._proxy, self._tls))
        return self._lane


async def _counted(response: httpx.Response, attempt: Attempt) -> AsyncIterator[bytes]:
    async for chunk in response.aiter_raw():
        attempt.received += len(chunk)
        yield chunk


def _length(response: httpx.Response) -> int | None:
    """The announced size in bytes; h11 has refused what is not a number."""
    value = response.headers.get("content-length", "")
    return int(value) if re.fullmatch(r"[0-9]{1,18}", value) else None


def _word(status: int) -> str:
    if status < 300:
        return "ok"
    if status in (401, 403):
        return "keys rejected"
    if status == 404:
        return "not found"
    return "busy" if status == 429 or status >= 500 else "refused"
