"""A failed attempt in our own words. The libraries' texts are never quoted: they may hold keys or control bytes."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from typing import Final

import httpcore

from tui.model.problem import NoAnswer, Problem, Unreachable
from tui.net.attempt import Attempt

_ERRNO_WORDS: Final = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.EHOSTUNREACH: "no route to the host",
    errno.ENETUNREACH: "no route to the network",
    errno.ETIMEDOUT: "connection timed out",
    errno.EPIPE: "connection closed",
}
_AFTER: Final[tuple[tuple[type[Exception], str], ...]] = (
    (httpcore.TimeoutException, "did not answer in time"),
    (httpcore.RemoteProtocolError, "broke off, or answered something that is not HTTP"),
    (httpcore.NetworkError, "lost the connection before the whole answer was here"),
)


def cause_of(exc: BaseException) -> str:
    """Why a connection was not made: the name of the error, in a few words."""
    for each in _chain(exc):
        if isinstance(each, ssl.SSLCertVerificationError):
            return f"its certificate is not trusted ({each.verify_message})"
        if isinstance(each, ssl.SSLError):
            return "it does not speak TLS as we do"
        if isinstance(each, socket.gaierror):
            return "the name is not known (DNS)"
        if isinstance(each, OSError) and each.errno is not None:
            return _ERRNO_WORDS.get(each.errno) or errno.errorcode.get(each.errno, "refused")
    if isinstance(exc, httpcore.TimeoutException):
        return "no connection in time"
    return "the connection failed"


def _chain(exc: BaseException | None) -> Iterator[BaseException]:
    """An error, what led to it, and the first of each group, innermost last."""
    for _ in range(16):
        if exc is None:
            return
        yield exc
        inner = exc.exceptions[0] if isinstance(exc, BaseExceptionGroup) else None
        exc = inner or exc.__cause__ or exc.__context__


def leaked(exc: Exception) -> bool:
    """Whether the pool had no connection to give although we hold fewer requests than it has places."""
    return isinstance(exc, httpcore.PoolTimeout)


def explained(exc: Exception, attempt: Attempt, host: str, *, writes: bool) -> Problem:
    """The one sentence for a request that ended without an answer."""
    if isinstance(exc, httpcore.PoolTimeout):
        return Unreachable(
            f"no connection to {host} was free; nothing was sent, and the connections are made anew"
        )
    if isinstance(exc, httpcore.ProxyError):
        return Unreachable(
            f"the proxy refused the way to {host}; nothing was sent; check HTTPS_PROXY"
        )
    if not attempt.sent:
        cause = attempt.cause or cause_of(exc)
        return Unreachable(
            f"could not connect to {host}: {cause}; nothing was sent; check the network and base_url"
        )
    how = next((words for kind, words in _AFTER if isinstance(exc, kind)), None)
    tail = "whether it was carried out is not known" if writes else "it was only a question"
    return NoAnswer(f"{host} {how or f'could not be read ({type(exc).__name__})'}; {tail}")
