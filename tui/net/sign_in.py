"""Signing in without a browser on this machine: an address to open anywhere, and what it led to, pasted back.

Pure: nothing is sent here. The vendor's page sends the browser on to the client's redirect address, where nobody
need listen; what stands in the address bar then is pasted, whole or in part. A random `state` ties the two
together: an address from another sign-in, or one that somebody sent along, is not taken.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from tui.model.lazy_dataclass import dataclass
from tui.model.problem import Problem, UsageProblem
from tui.model.secret import Secret
from tui.model.text import Opaque, line
from tui.net.origin import Origin

_LONGEST: Final = 16 * 1024
# RFC 6749 appendix A.11 allows every visible character; these are what is not taken for an address or a sentence.
_CODE = re.compile(r"[A-Za-z0-9._~+/=-]{4,8192}")
_QUERY = re.compile(r"\??[A-Za-z_]+=[^&]*(?:&[A-Za-z_]+=[^&]*)*")
_AGAIN: Final = "open the address that was shown last, and paste the one that the browser ends at"
_PASTE: Final = "paste the whole address that the browser ended at, or the code in it"


def new_state() -> str:
    """A state that nobody can guess."""
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Page:
    """The vendor's page on which a person allows the access. `query` is what it is asked beside the state."""

    origin: Origin
    path: str
    query: tuple[tuple[str, str], ...]
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """One sign-in that was begun: the address to open, and what must come back with the browser."""

    url: Opaque
    state: str
    redirect_uri: str


def begin(page: Page, state: Callable[[], str] = new_state) -> Invitation:
    """The address for a person to open."""
    given = state()
    url = page.origin.url(page.path, (*page.query, ("state", given)))
    return Invitation(Opaque(url), given, page.redirect_uri)


def code_of(invitation: Invitation, pasted: str) -> Secret:
    """The code in what was pasted: the address, its query, or the code alone.

    Raises `UsageProblem` for what cannot be used, and `Problem` where the vendor's page said no; the sentence
    says what to do, and quotes nothing that was pasted but the vendor's own words for an error.
    """
    text = pasted.strip()
    if not text:
        raise UsageProblem(f"nothing was pasted: {_PASTE}")
    if len(text) > _LONGEST:
        raise UsageProblem(f"that is too long: {_PASTE}")
    if re.match(r"https?:", text, re.IGNORECASE):
        query = _address(invitation, text)
    elif _QUERY.fullmatch(text) and _values(text).keys() & {"code", "error", "state"}:
        query = _values(text)
        if query.keys() == {"code"}:  # the code alone, with its name
            return _code(query)
    elif _CODE.fullmatch(text):
        return Secret(text)
    else:
        raise UsageProblem(f"that is neither an address nor a code: {_PASTE}")
    _check_state(invitation, query)
    _check_error(query)
    return _code(query)


def _address(invitation: Invitation, text: str) -> Mapping[str, list[str]]:
    try:
        parts = urlsplit(text)
        there, here = _place(parts), _place(urlsplit(invitation.redirect_uri))
    except ValueError:
        raise UsageProblem(f"that is not an address: {_PASTE}") from None
    if there == _place(urlsplit(invitation.url)):
        raise UsageProblem(
            "that is the address to open, or a step on its way: allow the access there, then "
            "paste the address that the browser ends at"
        )
    if there != here:
        raise UsageProblem(
            f"that address does not lead to the redirect_uri of the profile ({_shown(here)}): {_AGAIN}"
        )
    return _values(parts.query)


def _place(parts: SplitResult) -> tuple[str, str, int | None, str]:
    """What an address leads to, its query apart. Raises `ValueError`."""
    scheme = parts.scheme.lower()
    port = parts.port or {"http": 80, "https": 443}.get(scheme)
    if "@" in parts.netloc:
        raise ValueError("a user name in an address")
    return scheme, (parts.hostname or "").lower(), port, parts.path.rstrip("/")


def _shown(place: tuple[str, str, int | None, str]) -> str:
    return f"{place[0]}://{place[1]}{place[3]}"


def _values(query: str) -> Mapping[str, list[str]]:
    try:
        return parse_qs(query.removeprefix("?"), keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise UsageProblem(f"that is not an address: {_PASTE}") from None


def _check_state(invitation: Invitation, query: Mapping[str, list[str]]) -> None:
    given = "&".join(query.get("state", ())).encode("utf-8", "replace")
    if not hmac.compare_digest(given, invitation.state.encode()):
        raise UsageProblem(f"that address belongs to another sign-in: {_AGAIN}")


def _check_error(query: Mapping[str, list[str]]) -> None:
    error = (query.get("error") or [""])[0]
    if error == "access_denied":
        raise Problem(
            "the access was not allowed at the vendor: open the address again and allow it"
        )
    if error:
        words = (query.get("error_description") or [""])[0]
        said = f"{line(error, 64)}: {line(words, 160)}" if words else line(error, 64)
        raise Problem(
            f"the vendor did not sign you in ({said}): check client_id, redirect_uri and scope "
            "of the profile"
        )


def _code(query: Mapping[str, list[str]]) -> Secret:
    codes = query.get("code", [])
    if len(codes) != 1 or not re.fullmatch(r"[!-~]{1,8192}", codes[0]):
        raise UsageProblem(f"that address holds no code: {_AGAIN}")
    return Secret(codes[0])
