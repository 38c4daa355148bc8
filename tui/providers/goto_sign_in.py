"""Signing in at GoTo (sheet goto 3.1 to 3.4): the page to open, the three grants, and whose tokens they are.

The authorize page is asked for the parameters that the vendor documents, and always with a random `state`. PKCE
is not among them: nothing says that the server takes a `code_challenge`, and one that does not know it may ask
for a verifier it cannot check, or refuse the page. The code is of little use to others all the same: trading it
needs the client's secret and the same redirect address, and works once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tui.model.clock import Clock
from tui.model.operation import Body, Operation
from tui.model.problem import UsageProblem
from tui.model.profile import Profile
from tui.model.secret import Secret
from tui.model.text import Opaque
from tui.net import sign_in
from tui.net.auth import BasicAuth, fingerprint
from tui.net.client import Client, Reply
from tui.net.exchange import Report
from tui.net.grants import Grant
from tui.net.oauth import TIMEOUTS, OAuth, Plan
from tui.net.origin import Origin
from tui.net.tokens import TokenStore
from tui.providers.base import Access
from tui.providers.goto_errors import INVALID_TOKEN

AUTHORIZE: Final = "/oauth/authorize"
_TOKEN: Final = "/oauth/token"
_CAP: Final = 64 * 1024
# They write: a code and, in one of the documented generations, a refresh token are good once.
SIGN_IN: Final = Operation("sign in", "POST", _TOKEN, writes=True, body=Body.FORM, cap=_CAP)
REFRESH: Final = Operation(
    "refresh the token", "POST", _TOKEN, writes=True, body=Body.FORM, cap=_CAP
)
EXCHANGE: Final = Operation(
    "exchange the personal access token", "POST", _TOKEN, writes=True, body=Body.FORM, cap=_CAP
)
OPERATIONS: Final = (SIGN_IN, REFRESH, EXCHANGE)
DEFAULT_URL: Final = "https://authentication.logmeininc.com"


class SignIn:
    """The sign-in of one profile. `oauth` is the credential that comes of it."""

    def __init__(
        self,
        profile: Profile,
        oauth: OAuth,
        state: Callable[[], str] = sign_in.new_state,
    ) -> None:
        self._profile = profile
        self.oauth = oauth
        self._state = state
        self._invitation: sign_in.Invitation | None = None

    def begin(self) -> Opaque:
        """The address at which a person allows the access. Raises `UsageProblem` where none is needed."""
        if "personal_access_token" in self._profile.secrets:
            raise UsageProblem(
                f"{self._profile.name} has a personal_access_token and needs no sign-in"
            )
        self._invitation = sign_in.begin(_page(self._profile), self._state)
        return self._invitation.url

    async def finish(self, pasted: str) -> Access:
        """Trades what the browser ended at for tokens, and keeps them. Raises a `Problem`."""
        if self._invitation is None:
            raise UsageProblem(f"no sign-in was begun for {self._profile.name}: begin it again")
        code = sign_in.code_of(self._invitation, pasted)
        found = await self.oauth.sign_in(_by_code(code, self._invitation.redirect_uri))
        self._invitation = None
        tokens = found.tokens
        return Access(tokens.expires_at, found.user, renews=tokens.refresh is not None)


def signing_in(
    profile: Profile,
    prefix: str,
    refusal: Callable[[Reply], str | None],
    clock: Clock,
    report: Report,
    tokens: TokenStore,
) -> SignIn:
    """The sign-in of a profile with an OAuth client. Raises `ConfigProblem` for keys that cannot be used.

    The sign-in server has a client of its own, which holds the OAuth client's secret and no token.
    """
    client = Client(
        profile=profile.name,
        base_url=_auth_url(profile),
        operations=OPERATIONS,
        auth=BasicAuth(profile.text("client_id") or "", profile.secrets["client_secret"]),
        clock=clock,
        report=report,
        ca_file=profile.ca_file,
        timeouts=TIMEOUTS,
    )
    return SignIn(profile, OAuth(_plan(profile, prefix, refusal), client, tokens, clock))


def _plan(profile: Profile, prefix: str, refusal: Callable[[Reply], str | None]) -> Plan:
    pat = profile.secrets.get("personal_access_token")
    place = f"{_auth_url(profile)} {profile.text('client_id')}"
    command = f"sessiontop profile sign-in {profile.name}"
    return Plan(
        profile=profile.name,
        account=f"sign-in {place}" if pat is None else f"pat {fingerprint(pat)} {place}",
        prefix=prefix,
        refresh=_by_refresh_token,
        refusal=refusal,
        code=INVALID_TOKEN,
        first=f"sign in first: {command}",
        again=(
            f"sign in again: {command}"
            if pat is None
            else "make a new personal access token at the vendor and set personal_access_token"
        ),
        standing=None if pat is None else _by_personal_token(pat),
    )


def _page(profile: Profile) -> sign_in.Page:
    redirect_uri = profile.text("redirect_uri")
    if redirect_uri is None:
        raise UsageProblem(f"profile {profile.name} has no redirect_uri: set the OAuth client's")
    query = [
        ("client_id", profile.text("client_id") or ""),
        ("response_type", "code"),
        ("redirect_uri", redirect_uri),
    ]
    scope = profile.text("scope")
    if scope is not None:  # without one, all that the client has (sheet goto 3.2)
        query.append(("scope", scope))
    return sign_in.Page(Origin.parse(_auth_url(profile)), AUTHORIZE, tuple(query), redirect_uri)


def _by_code(code: Secret, redirect_uri: str) -> Grant:
    kind = ("grant_type", "authorization_code")
    return Grant(SIGN_IN, (kind, ("code", code), ("redirect_uri", redirect_uri)))


def _by_refresh_token(token: Secret) -> Grant:
    return Grant(REFRESH, (("grant_type", "refresh_token"), ("refresh_token", token)))


def _by_personal_token(token: Secret) -> Grant:
    return Grant(EXCHANGE, (("grant_type", "personal_access_token"), ("pat", token)))


def _auth_url(profile: Profile) -> str:
    return (profile.text("auth_url") or DEFAULT_URL).rstrip("/")
