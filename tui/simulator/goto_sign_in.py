"""GoTo's sign-in server: `/oauth/authorize` and `/oauth/token` (sheet goto 3.1 to 3.3, 3.6).

It has no page: whoever opens the authorize address has allowed the access, or denied it where that is played,
and is sent on at once. The redirect address leads nowhere, as in the vendor's own guide: what counts is what the
browser's address bar shows then.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tui.simulator.desk import Naming
from tui.simulator.goto_tokens import REDIRECT_URI, GotoTokens, GrantError
from tui.simulator.kinds import Kind
from tui.simulator.web import Stage, Vendor, json_answer

ID = "goto-sign-in"
_FORM = "application/x-www-form-urlencoded"
_GONE = (
    "This endpoint is no longer valid, see https://developer.goto.com/guides/Authentication/"
    "New_Token_Retrieval_Migration_Guide/"
)


class SignInServer(Vendor):
    """The server behind `https://authentication.logmeininc.com`. It serves no sessions."""

    id = ID

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.tokens = GotoTokens.of(stage)

    @staticmethod
    def naming(seed: int) -> dict[Kind, Naming]:
        return {}

    def profiles(self, base_url: str) -> dict[str, dict[str, object]]:
        return {}

    def routes(self) -> Sequence[Route]:
        return (
            self.route("/oauth/authorize", GET=self._authorize),
            self.route("/oauth/token", POST=self._token),
            # The legacy paths, dead since 2025 (sheet goto 3.1).
            self.route("/oauth/v2/authorize", GET=self._gone),
            self.route("/oauth/v2/token", POST=self._gone),
        )

    def gate(self, request: Request, operation: str) -> Response | None:
        return None if self.stage.play["goto-sign-in"] == "current" else self._gone_now()

    def not_found(self, request: Request) -> Response:
        return json_answer({"message": "Not Found"}, 404)

    def not_allowed(self, request: Request) -> Response:
        return json_answer({"message": "Method Not Allowed"}, 405)

    async def _gone(self, request: Request) -> Response:
        return self._gone_now()

    def _gone_now(self) -> Response:
        """The words are recorded, their status is not (sheet goto 3.1)."""
        return json_answer(
            {"message": _GONE}, 200 if self.stage.play["goto-sign-in"] == "gone-200" else 404
        )

    # The page

    async def _authorize(self, request: Request) -> Response:
        """Who asks in the name of an unknown client, or for another address, is not sent on."""
        asked = request.query_params
        if asked.get("client_id") != self.tokens.client_id:
            return _page(400, "Unknown client")
        given = asked.get("redirect_uri")
        if given not in (None, REDIRECT_URI):
            return _page(400, "The redirect address is not registered for this client")
        if asked.get("response_type") != "code":
            back = {"error": "unsupported_response_type"}
        elif self.stage.play["goto-consent"] == "denied":
            back = {"error": "access_denied", "error_description": "The user denied the request"}
        else:
            back = {"code": self.tokens.invite(given)}
        if "state" in asked:
            back["state"] = asked["state"]
        return Response(status_code=302, headers={"Location": f"{REDIRECT_URI}?{urlencode(back)}"})

    # Tokens

    async def _token(self, request: Request) -> Response:
        if not self._is_client(request.headers.get("authorization", "")):
            refused = {"error": "invalid_client", "error_description": "client not found"}
            return json_answer(refused, 401)
        try:
            return json_answer(
                self._granted(await _form(request)), headers={"Cache-Control": "no-store"}
            )
        except GrantError as error:
            body = {"error": error.code, "error_description": str(error)}
            return json_answer(body, error.status)

    def _is_client(self, given: str) -> bool:
        """HTTP Basic with the client's id and secret, and no other way (sheet goto 3.2)."""
        scheme, _, pair = given.partition(" ")
        try:
            told = base64.b64decode(pair, validate=True)
        except (binascii.Error, ValueError):
            return False
        good = f"{self.tokens.client_id}:{self.tokens.client_secret}".encode()
        return scheme == "Basic" and secrets.compare_digest(told, good)

    def _granted(self, form: Mapping[str, str]) -> dict[str, object]:
        kind = _needed(form, "grant_type")
        if kind == "authorization_code":
            return self.tokens.by_code(_needed(form, "code"), form.get("redirect_uri"))
        if kind == "refresh_token":
            return self.tokens.by_refresh_token(_needed(form, "refresh_token"))
        if kind == "personal_access_token":
            if self.stage.play["goto-pat"] == "off":
                raise GrantError("unauthorized_client", "Grant type is not enabled for the client")
            return self.tokens.by_personal_token(_needed(form, "pat"))
        raise GrantError("unsupported_grant_type", "Grant type is not supported")


async def _form(request: Request) -> dict[str, str]:
    """Raises GrantError for a body that is no form, or names a field twice (RFC 6749 3.2)."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != _FORM:
        raise GrantError("invalid_request", "The body is not a form")
    try:
        found = parse_qs((await request.body()).decode("ascii"), strict_parsing=True)
    except ValueError as error:
        raise GrantError("invalid_request", "The body is not a form") from error
    if any(len(values) > 1 for values in found.values()):
        raise GrantError("invalid_request", "A field is repeated")
    return {name: values[0] for name, values in found.items()}


def _needed(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise GrantError("invalid_request", f"{name} is missing")
    return form[name]


def _page(status: int, words: str) -> Response:
    text = f"<html><head><title>{words}</title></head><body>{words}</body></html>"
    return Response(text, status, media_type="text/html")
