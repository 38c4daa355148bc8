"""What GoTo's products share: the keys of an account, and how its access token is sent (sheet goto 3.2, 3.5)."""

from __future__ import annotations

from typing import Final

from tui.model.problem import ConfigProblem
from tui.model.profile import KeyKind, Needs, Profile, ProfileKey
from tui.model.text import Clean, line
from tui.net.auth import TokenAuth

PREFIXES: Final = {"bearer": "Bearer ", "oauth_token": "OAuth oauth_token="}
KEYS: Final = (
    ProfileKey("access_token", KeyKind.SECRET, "a GoTo access token; it lasts 60 minutes"),
    ProfileKey(
        "auth_scheme",
        KeyKind.CHOICE,
        "how the token is sent: as current guides say, or as older clients do",
        default="bearer",
        choices=tuple(PREFIXES),
    ),
    ProfileKey("personal_access_token", KeyKind.SECRET, "exchanged for an access token"),
    ProfileKey("client_id", KeyKind.TEXT, "the OAuth client's id, for signing in"),
    ProfileKey("client_secret", KeyKind.SECRET, "the OAuth client's secret"),
    ProfileKey("redirect_uri", KeyKind.URL, "the OAuth client's redirect address"),
    ProfileKey("scope", KeyKind.TEXT, "the OAuth scopes to ask for"),
    ProfileKey(
        "auth_url",
        KeyKind.URL,
        "where to sign in",
        default="https://authentication.logmeininc.com",
    ),
)
SIGN_IN_KEYS: Final = ("client_id", "client_secret")
NEEDS: Final = Needs((("access_token",),), exclusive=True)


def token_auth(profile: Profile) -> TokenAuth:
    """How a profile proves who asks. Raises `ConfigProblem` without an access token or for an unknown scheme."""
    token = profile.secrets.get("access_token")
    if not token:
        raise ConfigProblem(f"profile {profile.name}: {_no_token(profile)}")
    scheme = _scheme(profile)
    if scheme not in PREFIXES:
        raise ConfigProblem(
            f"profile {profile.name}: auth_scheme is {scheme}; it is one of {', '.join(PREFIXES)}"
        )
    return TokenAuth(token, PREFIXES[scheme])


def other_scheme(profile: Profile) -> Clean:
    """What to try when the token is not accepted: which scheme an account wants is documented nowhere."""
    scheme = _scheme(profile)
    other = next(name for name in PREFIXES if name != scheme)
    return line(f'it was sent as {scheme}; some accounts want auth_scheme = "{other}"')


def _scheme(profile: Profile) -> str:
    return profile.text("auth_scheme") or "bearer"


def _no_token(profile: Profile) -> str:
    others = ("personal_access_token", "client_id", "client_secret")
    if any(name in profile.settings or name in profile.secrets for name in others):
        return "signing in is not available in this version: set access_token"
    return "access_token is needed"
