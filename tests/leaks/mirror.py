"""A server that quotes back whatever it was sent, in every place that an answer has; and one that only listens.

Vendors, gateways and proxies quote what they do not accept. All five vendors' addresses may lead here: the form of the
words is each vendor's own, all at once.
"""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, unquote_plus

from tests.leaks.canaries import as_escapes
from tests.leaks.listening import Listening

STATUSES: Final = (400, 401, 403, 404, 409, 422, 429, 500, 502, 503)
REDIRECTS: Final = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Sent:
    """One request as it arrived."""

    line: str
    headers: dict[str, str]
    body: bytes
    raw: bytes

    def quoted(self) -> list[str]:
        """What a server that is upset may quote: credentials as they came and as it understood them, the body."""
        found = []
        for name, value in self.headers.items():
            if name in ("host", "accept", "accept-encoding", "user-agent", "connection"):
                continue
            found.append(value)
            scheme, _, token = value.partition(" ")
            found += [token] if token else []
            if scheme == "Basic":
                with contextlib.suppress(ValueError):
                    found += base64.b64decode(token).decode("utf-8", "replace").split(":", 1)
        body = self.body.decode("utf-8", "replace")
        return [*found, unquote_plus(body).replace("&", " "), body] if body else found


Behaviour = Callable[[Sent, str], bytes]
"""Makes an answer of a request and the address of another origin. Empty: hang up."""


def answer(status: int, body: bytes, *headers: str, reason: str | None = None) -> bytes:
    words = HTTPStatus(status).phrase if reason is None else reason
    lines = [f"HTTP/1.1 {status} {words}", *headers, f"Content-Length: {len(body)}"]
    head = "\r\n".join([*lines, "Connection: close", "", ""])
    return head.encode("utf-8", "replace") + body


JSON: Final = "Content-Type: application/json"
HTML: Final = "Content-Type: text/html"


def words_of(words: object, code: object) -> dict[str, object]:
    """What the five vendors call the words and the code of an error, and the sign-in server too."""
    return {
        "code": code,
        "message": words,
        "more_info": words,
        "errorCode": code,
        "int_err_code": code,
        "msg": words,
        "detail": words,
        "title": words,
        "error": code,
        "error_description": words,
        "Error": words,
        "errors": [{"errorMessage": words, "memberNames": [words], "message": words, "code": code}],
    }


def _json(status: int, spell: Callable[[str], str] = str) -> Behaviour:
    def play(sent: Sent, elsewhere: str) -> bytes:
        text = " ".join(f"bad key {one}" for one in sent.quoted())
        code = sent.quoted()[0]
        marked = json.dumps(words_of("@words@", "@code@"))
        body = marked.replace("@words@", spell(json.dumps(text)[1:-1]))
        return answer(status, body.replace("@code@", spell(json.dumps(code)[1:-1])).encode(), JSON)

    return play


def _nested(status: int) -> Behaviour:
    """The words are no text but a list or an object."""

    def play(sent: Sent, elsewhere: str) -> bytes:
        return answer(
            status, json.dumps(words_of(sent.quoted(), dict(sent.headers))).encode(), JSON
        )

    return play


def _html(status: int, entities: bool = False) -> Behaviour:
    def play(sent: Sent, elsewhere: str) -> bytes:
        text = " ".join(sent.quoted())
        if entities:
            text = "".join(f"&#{ord(one)};" for one in text)
        page = f"<!DOCTYPE html><html><head><title>{text}</title></head><body>{text}</body></html>"
        return answer(status, page.encode(), HTML)

    return play


def _plain(status: int) -> Behaviour:
    return lambda sent, elsewhere: answer(status, "\n".join(sent.quoted()).encode())


def _heads(status: int, body: bytes = b"{}") -> Behaviour:
    """The reason phrase and every header that anybody reads."""

    def play(sent: Sent, elsewhere: str) -> bytes:
        text = " ".join(one for one in sent.quoted() if one.isprintable())
        names = (
            "Content-Type",
            "Retry-After",
            "Date",
            "X-Amzn-ErrorType",
            "Location",
            "Set-Cookie",
            "WWW-Authenticate",
            "Server",
        )
        headers = [f"{name}: {text} unauthorized" for name in names]
        return answer(status, body, *headers, reason=text)

    return play


def _encoded(status: int) -> Behaviour:
    return lambda sent, elsewhere: answer(
        status, b"{}", JSON, f"Content-Encoding: {sent.quoted()[0]}"
    )


def _percent(status: int) -> Behaviour:
    """Percent signs, as a gateway that tells a whole address quotes them."""

    def play(sent: Sent, elsewhere: str) -> bytes:
        text = quote(" ".join(sent.quoted()), safe="")
        return answer(status, json.dumps(words_of(text, text)).encode(), JSON)

    return play


def _redirect(status: int, form: str) -> Behaviour:
    def play(sent: Sent, elsewhere: str) -> bytes:
        token = sent.quoted()[0].rpartition(" ")[2]
        place = form.format(elsewhere=elsewhere, host=elsewhere.split("//")[1], token=token)
        return answer(status, b"", f"Location: {place}")

    return play


def _next(form: str) -> Behaviour:
    """A listing whose next page is elsewhere, whatever a vendor calls it."""

    def play(sent: Sent, elsewhere: str) -> bytes:
        token = sent.quoted()[0].rpartition(" ")[2]
        host = elsewhere.split("//")[1]
        place = form.format(elsewhere=elsewhere, host=host, token=token)
        page = {
            "sessions": [],
            "meta": {"next_page_url": place, "page_size": 100},
            "links": [{"rel": "next", "href": place}],
            "next": place,
            "nextPageToken": place,
            "pageCursor": place,
            "hasMore": True,
            "more": True,
            "content": [],
        }
        return answer(200, json.dumps(page).encode(), JSON)

    return play


def _cut(sent: Sent, elsewhere: str) -> bytes:
    return answer(200, b'{"sessions": [{"sid": "' + " ".join(sent.quoted()).encode(), JSON)


def _garbage(sent: Sent, elsewhere: str) -> bytes:
    return " ".join(sent.quoted()).encode() + b"\r\n\r\n"


def _half(sent: Sent, elsewhere: str) -> bytes:
    return answer(401, b"x" * 900 + " ".join(sent.quoted()).encode(), JSON)[:-5]


# Tricks that a place to go to can play on whoever reads it; `host` is another origin, on loopback as we are.
TRICKS: Final = (
    "{elsewhere}/there",
    "//{host}/there",
    "{elsewhere}/?key={token}",
    "http://{token}.example/",
    "http://{token}:{token}@{host}/",
    "http://127.0.0.1:1@{host}/there",
    "http:\\\\{host}\\there",
    "/\\{host}/there",
    "\\\\{host}/there",
    "http:/{host}/there",
    "http:{host}/there",
    "///{host}/there",
    "HTTP://{host}/there#{token}",
    "https://{host}/there",
    "http://{host}%2f@127.0.0.1/there",
    "\t{elsewhere}/there",
    "javascript:{token}",
    "http://[::ffff:{host}]/{token}",
    "..//{host}/there",
)


def _all() -> dict[str, Behaviour]:
    found: dict[str, Behaviour] = {}
    for status in STATUSES:
        found[f"json-{status}"] = _json(status)
        found[f"html-{status}"] = _html(status)
        found[f"heads-{status}"] = _heads(status)
    for status in (400, 401, 503):
        found[f"escaped-json-{status}"] = _json(status, as_escapes)
        found[f"percent-{status}"] = _percent(status)
        found[f"nested-{status}"] = _nested(status)
        found[f"entities-{status}"] = _html(status, entities=True)
        found[f"plain-{status}"] = _plain(status)
    found["json-200"] = _json(200)
    found["html-200"] = _html(200)
    found["plain-200"] = _plain(200)
    found["heads-200"] = _heads(200, b"[")
    found["encoding-200"] = _encoded(200)
    found["cut-json"] = _cut
    found["garbage"] = _garbage
    found["short-body"] = _half
    found["reset"] = lambda sent, elsewhere: b""
    return found


QUOTING: Final = _all()
REDIRECTING: Final = {
    f"redirect-{status} {form!r}": _redirect(status, form)
    for number, form in enumerate(TRICKS)
    for status in (REDIRECTS if number == 0 else (REDIRECTS[number % len(REDIRECTS)],))
}
LINKING: Final = {f"next {form!r}": _next(form) for form in TRICKS}
PLAYS: Final = QUOTING | REDIRECTING | LINKING


@dataclass
class Mirror(Listening):
    """Listens on loopback in a thread; `play` names how it answers, `sent` is what it was asked.

    With `tls` it speaks that; `behaviour` is one that has no name.
    """

    play: str = "json-401"
    elsewhere: str = "http://elsewhere.invalid"
    sent: list[Sent] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    behaviour: Behaviour | None = None

    @property
    def url(self) -> str:
        return f"http{'' if self.tls is None else 's'}://127.0.0.1:{self.port}"

    def serve(self, connection: socket.socket) -> None:
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True)
        with contextlib.suppress(ValueError):  # it was no HTTP
            self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        sent = self._read(connection)
        if sent is None:
            return
        self.sent.append(sent)
        data = (self.behaviour or PLAYS[self.play])(sent, self.elsewhere)
        if data:
            connection.sendall(data)
        else:
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    @staticmethod
    def _read(connection: socket.socket) -> Sent | None:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65_536)
            if not piece:
                return None
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (one.partition(":") for one in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        while len(body) < int(headers.get("content-length", "0")):
            body += connection.recv(65_536)
        return Sent(first, headers, body, data)


@dataclass
class Listener(Listening):
    """Another origin: writes down every byte that reaches it, and closes."""

    received: list[bytes] = field(default_factory=list)
    patience = 2.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def take(self, connection: socket.socket) -> None:
        self.served(connection)

    def serve(self, connection: socket.socket) -> None:
        self.received.append(connection.recv(65_536))
