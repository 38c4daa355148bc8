"""What GoTo's products share: the keys of an account, and how it proves who asks (sheet goto 3.2, 3.5).

Three ways, the first that a profile has keys for: an access token, used as it is until it runs out; a personal
access token, exchanged for access tokens; a sign-in, whose tokens are kept and renewed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tui.model.clock import Clock
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import ConfigProblem, UsageProblem
from tui.model.profile import KeyKind, Needs, Profile, ProfileKey
from tui.model.text import Clean, Opaque, line
from tui.net.auth import Auth, Renewable, TokenAuth
from tui.net.client import Reply
from tui.net.exchange import Report
from tui.net.tokens import MemoryTokens, TokenStore
from tui.providers.base import Access
from tui.providers.goto_sign_in import DEFAULT_URL, SignIn, signing_in

PREFIXES: Final = {"bearer": "Bearer ", "oauth_token": "OAuth oauth_token="}
KEYS: Final = (
    ProfileKey(
        "access_token",
        KeyKind.SECRET,
        "a GoTo access token, used as it is; it lasts 60 minutes",
    ),
    ProfileKey(
        "auth_scheme",
        KeyKind.CHOICE,
        "how the token is sent: as current guides say, or as older clients do",
        default="bearer",
        choices=tuple(PREFIXES),
    ),
    ProfileKey(
        "personal_access_token",
        KeyKind.SECRET,
        "exchanged for access tokens, with the OAuth client's id and secret; no sign-in",
    ),
    ProfileKey("client_id", KeyKind.TEXT, "the OAuth client's id, for signing in"),
    ProfileKey("client_secret", KeyKind.SECRET, "the OAuth client's secret"),
    ProfileKey("redirect_uri", KeyKind.URL, "the OAuth client's redirect address, for signing in"),
    ProfileKey("scope", KeyKind.TEXT, "the OAuth scopes to ask for; without it, all of the client"),
    ProfileKey("auth_url", KeyKind.URL, "where to sign in", default=DEFAULT_URL),
)
_BY_TOKEN: Final = ("access_token",)
_BY_PERSONAL_TOKEN: Final = ("personal_access_token", "client_id", "client_secret")
SIGN_IN_KEYS: Final = ("client_id", "client_secret", "redirect_uri")
NEEDS: Final = Needs((_BY_TOKEN, _BY_PERSONAL_TOKEN, SIGN_IN_KEYS), exclusive=True)


@dataclass(frozen=True, slots=True)
class Account:
    """How a profile proves who asks: `auth`. `sign_in` is None for one that has an access token."""

    profile: str
    auth: Auth | Renewable
    sign_in: SignIn | None = None

    def begin_sign_in(self) -> Opaque:
        """See `providers.base.Signer`."""
        return self._signing_in().begin()

    async def finish_sign_in(self, pasted: str) -> Access:
        """See `providers.base.Signer`."""
        return await self._signing_in().finish(pasted)

    def _signing_in(self) -> SignIn:
        if self.sign_in is None:
            raise UsageProblem(
                f"{self.profile} has an access_token, which is used as it is: take it out of the "
                "profile to sign in"
            )
        return self.sign_in


def account(
    profile: Profile,
    refusal: Callable[[Reply], str | None],
    clock: Clock,
    report: Report,
    tokens: TokenStore | None,
) -> Account:
    """The account of a profile; `refusal` reads what a product says of a token that is not valid.

    Without a store, tokens last as long as the program. Raises `ConfigProblem` where keys are missing or cannot
    be used.
    """
    scheme = _scheme(profile)
    if scheme not in PREFIXES:
        raise ConfigProblem(
            f"profile {profile.name}: auth_scheme is {scheme}; it is one of {', '.join(PREFIXES)}"
        )
    prefix = PREFIXES[scheme]
    token = profile.secrets.get("access_token")
    if token:
        return Account(profile.name, TokenAuth(token, prefix))
    if not (_has(profile, _BY_PERSONAL_TOKEN) or _has(profile, SIGN_IN_KEYS)):
        raise ConfigProblem(
            f"profile {profile.name}: access_token is needed, or {_and(_BY_PERSONAL_TOKEN)}, "
            f"or {_and(SIGN_IN_KEYS)} to sign in"
        )
    found = signing_in(profile, prefix, refusal, clock, report, tokens or MemoryTokens())
    return Account(profile.name, found.oauth, found)


def other_scheme(profile: Profile) -> Clean:
    """What to try when the token is not accepted: which scheme an account wants is documented nowhere."""
    scheme = _scheme(profile)
    other = next(name for name in PREFIXES if name != scheme)
    return line(f'it was sent as {scheme}; some accounts want auth_scheme = "{other}"')


def _scheme(profile: Profile) -> str:
    return profile.text("auth_scheme") or "bearer"


def _has(profile: Profile, keys: tuple[str, ...]) -> bool:
    return all(profile.text(key) or profile.secrets.get(key) for key in keys)


def _and(keys: tuple[str, ...]) -> str:
    *first, last = keys
    return f"{', '.join(first)} and {last}"
