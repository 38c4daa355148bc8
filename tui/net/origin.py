"""Where a profile's requests may go: one scheme, host and port, and everything below one path.

A credential is bound to an origin; nothing outside it is ever asked. The rules are stricter than a browser's:
what two parsers could read in two ways (userinfo, backslashes, `%` in a host, a trailing dot, numbers written
as hex) is refused instead of guessed at.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urlencode, urljoin, urlsplit

from tui.model.lazy_dataclass import dataclass
from tui.model.problem import ConfigProblem

_PORTS: Final = {"http": 80, "https": 443}
_VISIBLE = re.compile(r"[!-\[\]-~]+")  # printable ASCII without the space and the backslash
_NETLOC = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::([0-9]{1,5}))?")
_NUMBER_AT_THE_END = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")


@dataclass(frozen=True, slots=True)
class Origin:
    """`host` is lower case, without the brackets of IPv6; `prefix` has no trailing slash and may be empty."""

    scheme: str
    host: str
    port: int
    prefix: str = ""

    @classmethod
    def parse(cls, base_url: str) -> Origin:
        """Reads a base URL. Raises `ConfigProblem`, which never quotes it: it may hold a password."""
        parts = _split(base_url)
        host, port = _host_and_port(parts)
        if parts.query or parts.fragment or "?" in base_url or "#" in base_url:
            raise ConfigProblem("base_url must end with its path: no '?' and no '#'")
        if _climbs(parts.path):
            raise ConfigProblem("base_url must not hold '.' or '..' as a part of its path")
        origin = cls(parts.scheme.lower(), host, port, parts.path.rstrip("/"))
        if origin.scheme == "http" and not origin.loopback:
            raise ConfigProblem(
                f"base_url must be https: http would send the keys of {host} in the clear"
            )
        return origin

    @property
    def loopback(self) -> bool:
        """Whether the host is this machine: 127.0.0.0/8, ::1 or exactly `localhost`."""
        if self.host == "localhost":
            return True
        address = _address(self.host)
        if isinstance(address, ipaddress.IPv4Address):
            return address in _LOOPBACK
        return address == ipaddress.IPv6Address(1)

    @property
    def root(self) -> str:
        """Scheme, host and port as a URL without a path; the port only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    def target(self, path: str, query: Sequence[tuple[str, str]] = ()) -> str:
        """What stands in the request line: `path` is below the prefix and encoded already, `query` is not."""
        tail = f"?{urlencode(query, quote_via=quote, safe='')}" if query else ""
        return f"{self.prefix}{path}{tail}" or "/"

    def url(self, path: str, query: Sequence[tuple[str, str]] = ()) -> str:
        """The whole address of `path` (encoded already, below the prefix)."""
        return self.root + self.target(path, query)

    def target_of(self, link: str) -> str | None:
        """The request target of a link that a server gave; None when it leads out of this origin.

        A relative link counts from the prefix. A climb is refused however its dots are written.
        """
        if not _VISIBLE.fullmatch(link):
            return None
        try:
            parts = _split(urljoin(self.url("/"), link))
            host, port = _host_and_port(parts)
        except (ConfigProblem, ValueError):
            return None
        path = parts.path or "/"
        if (parts.scheme, host, port) != (self.scheme, self.host, self.port) or _climbs(path):
            return None
        if path != self.prefix and not path.startswith(f"{self.prefix}/"):
            return None
        return f"{path}?{parts.query}" if parts.query else path


_LOOPBACK: Final = ipaddress.IPv4Network("127.0.0.0/8")


def host_of(link: str) -> str:
    """The host that a link names, for a message; `?` when it names none."""
    try:
        return urlsplit(link).hostname or "?"
    except ValueError:
        return "?"


def _split(url: str) -> SplitResult:
    # Checked before urlsplit: it drops tabs and line breaks and says nothing.
    if not _VISIBLE.fullmatch(url):
        raise ConfigProblem("base_url must be printable ASCII without spaces and backslashes")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ConfigProblem("base_url is not an address") from None
    if parts.scheme.lower() not in _PORTS:
        raise ConfigProblem("base_url must begin with https:// (or http:// on loopback)")
    if "@" in parts.netloc:
        raise ConfigProblem("base_url must not hold a user name or password")
    return parts


def _host_and_port(parts: SplitResult) -> tuple[str, int]:
    found = _NETLOC.fullmatch(parts.netloc.lower())
    if found is None:
        raise ConfigProblem(
            "base_url must name a host in plain ASCII, such as https://api.example.com"
        )
    host = found[1].strip("[]")
    port = int(found[2]) if found[2] else _PORTS[parts.scheme.lower()]
    if not 0 < port < 65536:
        raise ConfigProblem("base_url holds a port that does not exist")
    numeric = ":" in host or _NUMBER_AT_THE_END.fullmatch(host) is not None
    if numeric and _address(host) is None:
        raise ConfigProblem("base_url holds a number that is not an IP address")
    return host, port


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _climbs(path: str) -> bool:
    """Whether a path holds `.` or `..` as a part, also with its dots or slashes percent-encoded."""
    return any(part in (".", "..") for part in re.split(r"[/\\]", unquote(path)))
