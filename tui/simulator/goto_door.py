"""What GoTo's products have in common: tokens, the limit per API, and refusals (sheet goto 2, 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from tui.simulator.chance import hex_of
from tui.simulator.goto_sign_in import ID, SignInServer
from tui.simulator.goto_tokens import REDIRECT_URI, GotoTokens
from tui.simulator.limits import SlidingWindow
from tui.simulator.web import Stage, Vendor, json_answer


class GotoVendor(Vendor):
    """A product behind GoTo's gateway; `label` keeps its tokens apart from the others'.

    Besides the good token of the profile there are `expired_token`, `seatless_token` (401) and
    `roleless_token` (403 that no refresh cures). `tokens` maps tokens to good, expired, no-seat or
    no-role, and may be changed while the simulator runs. Those that the sign-in server gave are good
    as well, until they run out.
    """

    label: str
    product: str

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.good_token = self._made("good")
        self.expired_token = self._made("expired")
        self.seatless_token = self._made("no seat")
        self.roleless_token = self._made("no role")
        self.tokens = {
            self.good_token: "good",
            self.expired_token: "expired",
            self.seatless_token: "no-seat",
            self.roleless_token: "no-role",
        }
        self._given = GotoTokens.of(stage)
        self._limit = SlidingWindow(10, 1.0, stage.timer)

    def _made(self, standing: str) -> str:
        return "eyJ" + hex_of(self.stage.desk.seed, f"{self.label} {standing}", 61)

    def gate(self, request: Request, operation: str) -> Response | None:
        play = self.stage.play
        wait = self._limit.refused_for("all endpoints")
        if wait and play["rate-limits"] == "on":
            headers = self.stage.later(play["goto-retry-after"], wait)
            return json_answer({"message": "Too Many Requests"}, 429, headers)
        token = self._token(request)
        standing = self.tokens.get(token) or self._given.standing(token)
        if standing == "no-seat":
            return self.refused(401, "NoSeat", f"The technician has no {self.product} seat")
        if standing == "no-role":
            return self.refused(403, "AccessDenied", "User does not have the required roles")
        if standing != "good":
            headers = {"x-amzn-errortype": "UnauthorizedException"}
            status = int(play["goto-auth-error"])
            return self.refused(status, "InvalidToken", "Invalid token passed", headers)
        return None

    def beside(self) -> Sequence[Vendor]:
        return (SignInServer(self.stage),)

    def keys(self, base_url: str) -> dict[str, object]:
        """The keys of a profile with which it proves who asks, as `goto-profiles` has it."""
        way, given = self.stage.play["goto-profiles"], self._given
        if way == "token":
            return {"access_token": self.good_token}
        keys: dict[str, object] = {
            "client_id": given.client_id,
            "client_secret": given.client_secret,
            "auth_url": f"{base_url.rpartition('/')[0]}/{ID}",
        }
        if way == "pat":
            return {"personal_access_token": given.personal_token, **keys}
        return {**keys, "redirect_uri": REDIRECT_URI}

    def _token(self, request: Request) -> str:
        """The token of either documented scheme, or nothing (sheet goto 2, 3.5)."""
        given, scheme = request.headers.get("authorization", ""), self.stage.play["goto-scheme"]
        if scheme != "oauth_token" and given.startswith("Bearer "):
            return given.removeprefix("Bearer ")
        if scheme != "bearer" and given.startswith("OAuth oauth_token="):
            return given.removeprefix("OAuth oauth_token=")
        return ""

    def refused(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        """The gateway's shape; the vendor documents none for these products (sheet goto 3.6)."""
        return json_answer({"int_err_code": code, "msg": message}, status, headers)

    def not_found(self, request: Request) -> Response:
        return self.refused(404, "NotFound", "Resource not found")

    def not_allowed(self, request: Request) -> Response:
        return self.refused(405, "MethodNotAllowed", "Wrong HTTP method")
