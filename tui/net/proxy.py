"""Which proxy the environment asks for. Loopback is never asked through one."""

from __future__ import annotations

import re
from dataclasses import field
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from tui.model.lazy_dataclass import dataclass
from tui.model.problem import ConfigProblem
from tui.net.origin import Origin

_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_HOST = re.compile(r"[A-Za-z0-9._:-]+")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy server; `user` and `password` are as the environment gives them, decoded, in UTF-8."""

    scheme: str
    host: str
    port: int
    login: tuple[bytes, bytes] | None = field(default=None, repr=False)

    @property
    def socks(self) -> bool:
        return self.scheme.startswith("socks")


def proxy_for(origin: Origin) -> Proxy | None:
    """The proxy for this origin, or None. Raises `ConfigProblem`, which names the variable, never its value."""
    if origin.loopback:
        return None
    known = getproxies()
    name = origin.scheme if origin.scheme in known else "all"
    address = known.get(name, "").strip()
    if not address or proxy_bypass(f"{origin.host}:{origin.port}"):
        return None
    return _read(address, f"{name.upper()}_PROXY")


def _read(address: str, variable: str) -> Proxy:
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ConfigProblem(f"{variable} is not the address of a proxy") from None
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host):
        raise ConfigProblem(f"{variable} must be an http, https, socks5 or socks5h address")
    if parts.scheme.startswith("socks") and find_spec("socksio") is None:
        raise ConfigProblem(
            f"{variable} names a SOCKS proxy: install the package socksio beside sessiontop, or unset it"
        )
    login = None
    if parts.username is not None:
        login = (_bytes(parts.username), _bytes(parts.password or ""))
    return Proxy(parts.scheme, host, port or _PORTS[parts.scheme], login)


def _bytes(text: str) -> bytes:
    return unquote(text).encode("utf-8", "surrogateescape")
