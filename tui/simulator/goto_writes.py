"""Writing to Remote Support: starting sessions, registering partner systems (sheet goto 2.3, 2.7).

The caller holds the desk's lock. Raises `RefusedError`, and then nothing was changed. The status
callback of a session is taken and never called: a simulator calls nobody.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request

from tui.simulator.goto_rows import Rows
from tui.simulator.goto_writes_edits import Wish
from tui.simulator.kinds import Kind, Session, State
from tui.simulator.odd import Row
from tui.simulator.web import Stage

Body = dict[str, Any]
_TEXTS = ("sessionStatusCallbackUrl", "partnerObjectUrl", "customerName", "customerEmail")
_LINK = ("systemName", "systemDomain", "userEmail", "userToken", "callbackURL")


class RefusedError(Exception):
    """A write that is refused, with its status and code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


def _invalid(message: str) -> RefusedError:
    return RefusedError(400, "InvalidRequest", message)


async def read_body(request: Request) -> Body:
    """The JSON object of a request that says it is one (sheet goto 2, the headers)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise _invalid("The content type must be application/json")
    try:
        found = json.loads(await request.body())
    except (ValueError, RecursionError) as error:
        raise _invalid("The body is not JSON") from error
    if not isinstance(found, dict):
        raise _invalid("The body is not an object")
    return found


class Writes:
    """`links` are the partner systems registered since the start, by user, name and domain."""

    def __init__(self, stage: Stage, rows: Rows) -> None:
        self._stage, self._rows = stage, rows
        self.links: dict[tuple[str, str, str], Row] = {}

    # Sessions

    def create(self, body: Mapping[str, object]) -> Row:
        """The answer to a create call. The session is planned until its expert opens the URL."""
        kind = body.get("sessionType")
        if not isinstance(kind, str) or kind.upper() != "SCREEN_SHARING":
            raise _invalid("sessionType must be SCREEN_SHARING")
        wish = self._wish(body)
        desk = self._stage.desk
        session = desk.arrive(
            Kind.SCREEN_SHARING, desk.time, State.PLANNED, (wish.customer_name, None)
        )
        session.unattended = wish.machine is not None
        self._rows.wishes[session.serial] = wish
        desk.launch(session)
        return self._answer(session)

    def _wish(self, body: Mapping[str, object]) -> Wish:
        texts = {name: _text(body, name) for name in _TEXTS}
        return Wish(
            _partner(_text(body, "partnerObject")),
            texts["partnerObjectUrl"],
            texts["customerName"],
            texts["customerEmail"],
            self._machine(_text(body, "machineUuid")),
        )

    def _machine(self, uuid: str | None) -> int | None:
        if uuid is None:
            return None
        found = self._rows.machines().get(uuid)
        if found is None:
            raise RefusedError(404, "NotFound", "The machine was not found")
        return found

    def _answer(self, session: Session) -> Row:
        """The URL to start with; where the token stands is unclear (sheet goto 2.3)."""
        token, place = self._rows.token(session), self._stage.play["goto-session-token"]
        launch: Row = {"launchUrl": f"https://launch.example.com/launch.html?token={token}"}
        if place == "nested":
            launch["sessionToken"] = token
        answer: Row = {"startScreenSharing": launch}
        return answer | {"sessionToken": token} if place == "top" else answer

    # Partner systems

    def register(self, body: Mapping[str, object]) -> None:
        """A second call with the same user, name and domain replaces the first."""
        link: Row = {}
        for name in _LINK:
            if (text := _text(body, name)) is None:
                raise _invalid(f"{name} is missing")
            link[name] = text
        if not _is_url(str(link["callbackURL"])):
            raise _invalid("callbackURL is not valid")
        _check_callbacks(body.get("supportedCallbacks", {}))
        key = (str(link["userEmail"]), str(link["systemName"]), str(link["systemDomain"]))
        self.links[key] = link

    def linked(self, made_up: list[Row], domain: str) -> list[Row]:
        """All links of a domain: those the account came with, and those registered since."""
        found = {_key(link): link for link in made_up}
        found |= {key: link for key, link in self.links.items() if key[2] == domain}
        return list(found.values())


def _key(link: Row) -> tuple[str, str, str]:
    return str(link["userEmail"]), str(link["systemName"]), str(link["systemDomain"])


def _partner(text: str | None) -> str | int | None:
    """A text in the call (sheet goto 2.3), a number in answers where it is one (2.1)."""
    if text is None or not (text.isascii() and text.isdecimal()):
        return text
    return int(text[:18])


def _text(body: Mapping[str, object], name: str) -> str | None:
    """A text that was sent and is not empty."""
    value = body.get(name, "")
    if not isinstance(value, str):
        raise _invalid(f"{name} must be a string")
    return value or None


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _check_callbacks(value: object) -> None:
    names = ("createObject", "searchObjects", "associateObject")
    if not isinstance(value, dict) or not all(
        isinstance(value.get(name, False), bool) for name in names
    ):
        raise _invalid("supportedCallbacks must be an object of booleans")
