"""How a request proves who asks. The only file of this room that looks into a `Secret`."""

from __future__ import annotations

import base64
import re
from typing import Protocol

from tui.model.problem import ConfigProblem
from tui.model.secret import Secret

# What a header can carry; h11 would refuse the rest and quote the key while doing so.
_TOKEN = re.compile(r"[!-~]{1,8192}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Auth(Protocol):
    """Asked anew for each request, so that a refreshed token is used at once."""

    def headers(self) -> tuple[tuple[str, str], ...]:
        """The headers that carry the credential, ASCII only."""
        ...

    def masks(self) -> tuple[str, ...]:
        """The texts that must not be shown when a vendor quotes them back: the secret, and what it travels as."""
        ...


class BasicAuth:
    """HTTP Basic (RFC 7617, UTF-8). Raises `ConfigProblem` for what it cannot carry, without quoting it."""

    __slots__ = ("_password", "_user")

    def __init__(self, user: str, password: Secret) -> None:
        if ":" in user:
            raise ConfigProblem("a user name for HTTP Basic must not hold a colon")
        if _CONTROL.search(user + password.reveal()):
            raise ConfigProblem("the keys hold a line break or another control character")
        self._user = user
        self._password = password

    def headers(self) -> tuple[tuple[str, str], ...]:
        return (("Authorization", f"Basic {self._pair()}"),)

    def masks(self) -> tuple[str, ...]:
        return (self._pair(), self._password.reveal())

    def _pair(self) -> str:
        pair = f"{self._user}:{self._password.reveal()}".encode("utf-8", "surrogateescape")
        return base64.b64encode(pair).decode("ascii")


class TokenAuth:
    """A token in a header. Raises `ConfigProblem` for a token that no header can carry, without quoting it."""

    __slots__ = ("_header", "_prefix", "_token")

    def __init__(
        self, token: Secret, prefix: str = "Bearer ", header: str = "Authorization"
    ) -> None:
        if not _TOKEN.fullmatch(token.reveal()):
            raise ConfigProblem(
                "the key must be one line of plain ASCII without spaces, and not empty"
            )
        self._token = token
        self._prefix = prefix
        self._header = header

    def headers(self) -> tuple[tuple[str, str], ...]:
        return ((self._header, f"{self._prefix}{self._token.reveal()}"),)

    def masks(self) -> tuple[str, ...]:
        return (self._token.reveal(),)


class RepeatedTokenAuth:
    """The same token in several headers, for a vendor that wants it more than once. Raises as `TokenAuth` does."""

    __slots__ = ("_each",)

    def __init__(self, token: Secret, *names: str, prefix: str = "Bearer ") -> None:
        self._each = tuple(TokenAuth(token, prefix, name) for name in names)

    def headers(self) -> tuple[tuple[str, str], ...]:
        return tuple(pair for auth in self._each for pair in auth.headers())

    def masks(self) -> tuple[str, ...]:
        return self._each[0].masks() if self._each else ()
