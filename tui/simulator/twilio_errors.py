"""Error answers of Proxy, in the three forms the sheet knows (sheet twilio 1.7)."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from tui.simulator.web import encoded, json_answer


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP status, the vendor's code and its words."""

    status: int
    code: int
    message: str


AUTHENTICATE = Refusal(401, 20003, "Authenticate")
WRONG_USER = Refusal(401, 20003, "Authentication Error - invalid username")
METHOD = Refusal(405, 20004, "Method not allowed")
TOKEN = Refusal(400, 21481, "Invalid PageToken")
SIZE = Refusal(400, 20001, "Invalid parameter: PageSize must be from 1 to 1000, Page 0 or more")
TOO_MANY = {
    "20429": Refusal(429, 20429, "Too Many Requests"),
    "80621": Refusal(
        429, 80621, "You have reached the limit on the number of requests for this endpoint"
    ),
}


def plain_path(request: Request) -> str:
    """The path as the vendor's messages name it: without the prefix and without `/v1`."""
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    return path.removeprefix("/v1")


def not_found(request: Request) -> Refusal:
    return Refusal(404, 20404, f"The requested resource {plain_path(request)} was not found")


def refusal_answer(
    form: str, refusal: Refusal, request: Request, headers: dict[str, str] | None = None
) -> Response:
    """`form` is classic, rfc9457 or html (a gateway's page)."""
    more = f"https://www.twilio.com/docs/errors/{refusal.code}"
    if form == "html":
        page = f"<html><head><title>{refusal.status}</title></head><body>nginx</body></html>"
        return Response(page, refusal.status, headers, "text/html")
    if form == "rfc9457":
        problem = {
            "type": more,
            "title": refusal.message,
            "status": refusal.status,
            "code": refusal.code,
            "detail": refusal.message,
            "instance": plain_path(request),
        }
        return Response(encoded(problem), refusal.status, headers, "application/problem+json")
    body = {
        "code": refusal.code,
        "message": refusal.message,
        "more_info": more,
        "status": refusal.status,
    }
    return json_answer(body, refusal.status, headers)
