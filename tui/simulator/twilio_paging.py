"""Pages of a Proxy list: at most 100 rows, opaque tokens, absolute links (sheet twilio 1.5)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Generic, TypeVar

T = TypeVar("T")
Key = tuple[int, int]

DEFAULT_SIZE = 50
GREATEST_SIZE = 1000
REAL_LIMIT = 100


class InvalidTokenError(Exception):
    """The page token was not made for this list."""


class InvalidSizeError(Exception):
    """PageSize or Page is no number in its documented range."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list was asked for."""

    size: int
    page: int
    token: str | None

    @property
    def limit(self) -> int:
        """The rows that really come, since 2019-06-06."""
        return min(self.size, REAL_LIMIT)

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """Raises InvalidSizeError. An unknown parameter is ignored (error 20001 is a warning)."""
        size = _number(query.get("PageSize"), DEFAULT_SIZE)
        page = _number(query.get("Page"), 0)
        if not 1 <= size <= GREATEST_SIZE:
            raise InvalidSizeError
        return cls(size, page, query.get("PageToken") or None)


def _number(text: str | None, default: int) -> int:
    if text is None or text == "":
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise InvalidSizeError
    return int(text)


class Tokens:
    """Opaque tokens that hold a place in a list, and prove that they were made here."""

    def __init__(self, seed: int) -> None:
        self._key = blake2b(f"{seed}|tokens".encode(), digest_size=16).digest()

    def make(self, path: str, forward: bool, place: Key) -> str:
        body = json.dumps([path, forward, *place], separators=(",", ":")).encode()
        return "PT" + urlsafe_b64encode(self._proof(body) + body).decode().rstrip("=")

    def read(self, path: str, token: str) -> tuple[bool, Key]:
        """Direction and place. Raises InvalidTokenError, for a token of another list too."""
        try:
            raw = urlsafe_b64decode(token.removeprefix("PT") + "=" * (-len(token[2:]) % 4))
            if raw[:6] != self._proof(raw[6:]):
                raise InvalidTokenError
            where, forward, first, second = json.loads(raw[6:])
        except ValueError as error:
            raise InvalidTokenError from error
        if where != path:
            raise InvalidTokenError
        return bool(forward), (int(first), int(second))

    def _proof(self, body: bytes) -> bytes:
        return blake2b(body, key=self._key, digest_size=6).digest()


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows in the order they are sent, and the places the neighbouring pages begin at."""

    rows: Sequence[T]
    following: Key | None
    previous: Key | None


def anchored(
    rising: Sequence[T], key: Callable[[T], Key], limit: int, place: tuple[bool, Key] | None
) -> Page[T]:
    """A page of a list that is kept by rising key and sent by falling key.

    A place is the key of a row already seen: the page begins after it (or ends before it).
    """
    if place is None:
        start, stop = max(0, len(rising) - limit), len(rising)
    elif place[0]:
        stop = bisect_left(rising, place[1], key=key)
        start = max(0, stop - limit)
    else:
        start = bisect_right(rising, place[1], key=key)
        stop = min(len(rising), start + limit)
    rows = rising[start:stop][::-1]
    following = key(rows[-1]) if rows and start > 0 else None
    previous = key(rows[0]) if rows and stop < len(rising) else None
    return Page(rows, following, previous)


def shifting(rising: Sequence[T], limit: int, place: tuple[bool, Key] | None) -> Page[T]:
    """The same, but a place is a row number: rows that arrive push others onto the next page."""
    offset = place[1][0] if place is not None else 0
    stop = max(0, len(rising) - offset)
    start = max(0, stop - limit)
    following = (offset + limit, 0) if start > 0 else None
    previous = (max(0, offset - limit), 0) if offset > 0 else None
    return Page(rising[start:stop][::-1], following, previous)


@dataclass(frozen=True, slots=True)
class Links:
    """Builds `meta` of a list at `url` (absolute); `path` is what its tokens are bound to."""

    tokens: Tokens
    url: str
    path: str

    def meta(self, asked: Asked, page: Page[T], key: str, said_size: int) -> dict[str, object]:
        """The seven members of `meta`, in the order of the vendor's samples."""
        here = self._address(asked.size, asked.page)
        if asked.token is not None:
            here += f"&PageToken={asked.token}"
        return {
            "page": asked.page,
            "page_size": said_size,
            "first_page_url": self._address(asked.size, 0),
            "previous_page_url": self._neighbour(asked, page.previous, False),
            "url": here,
            "next_page_url": self._neighbour(asked, page.following, True),
            "key": key,
        }

    def _address(self, size: int, page: int) -> str:
        return f"{self.url}?PageSize={size}&Page={page}"

    def _neighbour(self, asked: Asked, place: Key | None, forward: bool) -> str | None:
        if place is None:
            return None
        number = asked.page + 1 if forward else max(0, asked.page - 1)
        token = self.tokens.make(self.path, forward, place)
        return f"{self._address(asked.size, number)}&PageToken={token}"
