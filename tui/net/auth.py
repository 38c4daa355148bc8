"""How a request proves who asks. The only file of this room that looks into a `Secret`."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable
from urllib.parse import quote_plus

from tui.model.problem import ConfigProblem, Problem
from tui.model.secret import Secret

if TYPE_CHECKING:
    from tui.net.reply import Reply

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


@runtime_checkable
class Renewable(Protocol):
    """A credential that wears out. What is sent of it is always one `Auth` that stands still."""

    async def current(self) -> Auth:
        """What to send now, renewed first where it is about to run out. Raises a `Problem`: nothing was sent."""
        ...

    def refusal(self, reply: Reply) -> str | None:
        """The vendor's words, uncleaned, where an answer says that the credential is not valid; else None."""
        ...

    async def renew(self, refused: Auth) -> None:
        """The vendor refused that one: from now on `current` gives another. Raises a `Problem` where it cannot."""
        ...

    def given_up(self, reply: Reply) -> Problem:
        """What to say when a renewed one was refused as well."""
        ...

    async def aclose(self) -> None:
        """Lets a renewal on its way come in, then closes its connections."""
        ...


def opened(form: Sequence[tuple[str, str | Secret]]) -> tuple[list[tuple[str, str]], list[str]]:
    """A form as it travels, and the texts of it that must not be shown when a vendor quotes them back."""
    hidden = [value.reveal() for _, value in form if isinstance(value, Secret)]
    plain = [(name, value.reveal() if isinstance(value, Secret) else value) for name, value in form]
    return plain, [text for value in hidden for text in {value, quote_plus(value)}]


def sendable(token: Secret) -> bool:
    """Whether a header can carry it."""
    return _TOKEN.fullmatch(token.reveal()) is not None


def fingerprint(secret: Secret) -> str:
    """16 hexadecimal digits that tell one secret from another, and nothing of it: it has to be a long random one."""
    data = secret.reveal().encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:16]


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
        if not sendable(token):
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
