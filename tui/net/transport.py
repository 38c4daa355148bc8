"""httpx on top, httpcore below, and between them a network that knows how much time is left.

Every connect, read, write and TLS start gets the smaller of its own timeout and the time left until the current
attempt's deadline (`net/attempt.py`). So a body that drips, headers that never end and endless 1xx answers end
as a read timeout, inside httpcore, which gives the connection back; nothing is ever cancelled from outside.
This module loads httpx: it is imported at the first request, not before.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Iterable
from typing import Any, Final, cast

import httpcore

from tui.model.version import installed_version
from tui.net.attempt import Attempt, Timeouts, current
from tui.net.failure import cause_of
from tui.net.lean_httpx import httpx
from tui.net.origin import Origin
from tui.net.proxy import Proxy
from tui.net.tls import certificate_end

MAX_CONNECTIONS: Final = 4
_KEEP_ALIVE: Final = 30.0
# A read is parsed in one go: small ones keep the loop prompt when an answer comes in one-byte chunks.
_READ_SIZE: Final = 16 * 1024
# Only what is read further up is let through: no cookie ever reaches httpx's jar.
_PASSED: Final = frozenset(
    (
        b"content-type",
        b"content-length",
        b"content-encoding",
        b"retry-after",
        b"date",
        b"x-amzn-errortype",
    )
)


class BoundedStream(httpcore.AsyncNetworkStream):
    """A connection that never outlasts the attempt using it. `tls_host` is whom it speaks TLS to."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, tls_host: str | None = None) -> None:
        self._inner = inner
        self._tls_host = tls_host

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        attempt = current.get()
        left = _left(attempt, timeout, httpcore.ReadTimeout)
        data = await self._inner.read(min(max_bytes, _READ_SIZE), left)
        if attempt is not None and not attempt.heard(len(data)):
            raise httpcore.RemoteProtocolError("the head of the answer is too large")
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        attempt = current.get()
        left = _left(attempt, timeout, httpcore.WriteTimeout)
        if attempt is not None:
            attempt.wrote(self._tls_host)
        await self._inner.write(buffer, left)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        attempt = current.get()
        left = _left(attempt, timeout, httpcore.ConnectTimeout)
        try:
            inner = await self._inner.start_tls(ssl_context, server_hostname, left)
        except Exception as exc:
            _note(attempt, exc)
            raise
        if attempt is not None:
            attempt.certificate_ends = certificate_end(inner.get_extra_info("ssl_object"))
        return BoundedStream(inner, server_hostname)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class BoundedBackend(httpcore.AsyncNetworkBackend):
    """Makes such connections."""

    def __init__(self) -> None:
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        attempt = current.get()
        left = _left(attempt, timeout, httpcore.ConnectTimeout)
        try:
            inner = await self._inner.connect_tcp(host, port, left, local_address, socket_options)
        except Exception as exc:
            _note(attempt, exc)
            raise
        return BoundedStream(inner)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("no vendor is asked through a Unix socket")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _left(
    attempt: Attempt | None, timeout: float | None, late: type[httpcore.TimeoutException]
) -> float | None:
    """The seconds that this step may take; raises `late` when none are left."""
    if attempt is None:
        return timeout
    left = attempt.deadline - asyncio.get_running_loop().time()
    if left <= 0:
        raise late
    return left if timeout is None else min(left, timeout)


def _note(attempt: Attempt | None, exc: Exception) -> None:
    """Writes the reason down here, where the chain of causes is still whole."""
    if attempt is not None:
        attempt.cause = cause_of(exc)


class _Stream(httpx.AsyncByteStream):
    """The answer's body as it comes from the pool; closing gives the slot back without reading the rest."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __aiter__(self) -> AsyncIterator[bytes]:
        return cast(AsyncIterator[bytes], self._inner.__aiter__())

    async def aclose(self) -> None:
        await self._inner.aclose()


class Transport(httpx.AsyncBaseTransport):
    """Sends each request to the one origin it was made for, whatever httpx was asked for.

    A request carries two extensions: `raw_target`, the bytes of the request line, untouched by any URL parser;
    and `fresh`, which asks for a new connection.
    """

    def __init__(self, origin: Origin, pool: httpcore.AsyncConnectionPool) -> None:
        self._origin = origin
        self._pool = pool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.extensions["fresh"]:
            await self._drop_idle()
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=self._origin.scheme.encode(),
                    host=self._origin.host.encode(),
                    port=self._origin.port,
                    target=request.extensions["raw_target"],
                ),
                headers=request.headers.raw,
                content=cast(httpx.AsyncByteStream, request.stream),
                extensions={"timeout": request.extensions["timeout"]},
            )
        )
        kept = [pair for pair in answer.headers if pair[0].lower() in _PASSED]
        # httpx reads a Location header even where it does not follow it, and fails at a bad one.
        where = next((value for name, value in answer.headers if name.lower() == b"location"), b"")
        return httpx.Response(
            answer.status,
            headers=kept,
            stream=_Stream(answer.stream),
            extensions={"location": where.decode("latin-1")},
        )

    async def _drop_idle(self) -> None:
        # A write on a connection that the server is closing right now would end with an unknown outcome.
        for connection in self._pool.connections:
            if connection.is_idle():
                await connection.aclose()

    async def aclose(self) -> None:
        await self._pool.aclose()


def new_client(
    origin: Origin, proxy: Proxy | None, tls: ssl.SSLContext | None
) -> httpx.AsyncClient:
    """An httpx client without credentials, cookies, redirects, or anything from the environment."""
    for name in ("httpx", "httpcore"):  # they log whole addresses at INFO
        logging.getLogger(name).setLevel(logging.WARNING)
    return httpx.AsyncClient(
        transport=Transport(origin, _pool(proxy, tls)),
        trust_env=False,
        follow_redirects=False,
        headers={
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "User-Agent": f"sessiontop/{installed_version() or 0}",
        },
    )


def _pool(proxy: Proxy | None, tls: ssl.SSLContext | None) -> httpcore.AsyncConnectionPool:
    settings: dict[str, Any] = {
        "ssl_context": tls,
        "max_connections": MAX_CONNECTIONS,
        "keepalive_expiry": _KEEP_ALIVE,
        "network_backend": BoundedBackend(),
    }
    if proxy is None:
        return httpcore.AsyncConnectionPool(**settings)
    settings["proxy_url"] = httpcore.URL(
        scheme=proxy.scheme, host=proxy.host, port=proxy.port, target="/"
    )
    settings["proxy_auth"] = proxy.login
    if proxy.socks:
        return httpcore.AsyncSOCKSProxy(**settings)
    if proxy.scheme == "https":
        settings["proxy_ssl_context"] = tls
    return httpcore.AsyncHTTPProxy(**settings)


def timeouts_of(timeouts: Timeouts) -> dict[str, float]:
    """The part of the limits that httpcore itself knows."""
    return {
        "connect": timeouts.connect,
        "read": timeouts.read,
        "write": timeouts.write,
        "pool": timeouts.pool,
    }
