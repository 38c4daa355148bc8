"""The tokens that GoTo's sign-in server gives, and what has become of them (sheet goto 3.2 to 3.4).

All tokens that go back to one consent (or to one exchange of a personal access token) are a family. Times are
the simulator's: a token ends when its clock says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tui.simulator.chance import hex_of
from tui.simulator.web import Stage

ACCESS_LIFE: Final = timedelta(seconds=3600)
# The last stated life of a refresh token; near its end another is issued (sheet goto 3.4).
REFRESH_LIFE: Final = timedelta(days=30)
RENEWED_FROM: Final = timedelta(days=29)
# Nowhere stated; RFC 6749 4.1.2 recommends at most so long.
CODE_LIFE: Final = timedelta(minutes=10)
REDIRECT_URI: Final = "https://sessiontop.example/signed-in"
SCOPE: Final = "collab:"
PRINCIPAL: Final = "priya.raman@helpdesk.example.com"


class GrantError(Exception):
    """A grant that is refused, with its status and OAuth's code (RFC 6749 5.2)."""

    def __init__(self, code: str, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.code, self.status = code, status


@dataclass(slots=True)
class Family:
    """`refresh` is the refresh token that is good now, `access` the access tokens with their ends."""

    refresh: str | None = None
    refresh_born: datetime | None = None
    access: dict[str, datetime] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code that waits to be traded."""

    redirect_uri: str | None
    born: datetime


class GotoTokens:
    """One account with one OAuth client. `refreshes`, `exchanges` and `reuses` count what was asked."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        seed = stage.desk.seed
        self.client_id = hex_of(seed, "goto client", 32)
        self.client_secret = hex_of(seed, "goto client secret", 40)
        self.personal_token = "pat_" + hex_of(seed, "goto personal access token", 48)
        self.refreshes = self.exchanges = self.reuses = 0
        self._codes: dict[str, Code] = {}
        self._families: list[Family] = []
        self._made = 0

    @classmethod
    def of(cls, stage: Stage) -> GotoTokens:
        """Those of the simulated account: its products and its sign-in server share them."""
        found: GotoTokens = stage.shared.setdefault("goto tokens", cls(stage))
        return found

    # What products ask

    def standing(self, token: str) -> str | None:
        """good or expired, None for a token that was never given or was revoked."""
        for family in self._families:
            end = family.access.get(token)
            if end is not None and not family.revoked:
                return "good" if self._stage.now() < end else "expired"
        return None

    def revoke(self) -> None:
        """As when the user withdraws the access at the vendor: every token is worthless."""
        for family in self._families:
            family.revoked = True

    def expire(self) -> None:
        """As if every access token had run out now, whatever its holder was told."""
        for family in self._families:
            family.access = dict.fromkeys(family.access, self._stage.now())

    # Codes

    def invite(self, redirect_uri: str | None) -> str:
        """A code for a consent. `redirect_uri` as the authorize call had it, None without one."""
        code = self._text("code")[:96]
        self._codes[code] = Code(redirect_uri, self._stage.now())
        return code

    # Grants

    def by_code(self, code: str, redirect_uri: str | None) -> dict[str, object]:
        """Raises GrantError for a code that is unknown, used or old, and for another redirect_uri."""
        found = self._codes.pop(code, None)
        if found is None or self._stage.now() > found.born + CODE_LIFE:
            raise GrantError("invalid_grant", "Code is invalid, expired or was used already")
        if redirect_uri != found.redirect_uri:
            raise GrantError("invalid_grant", "redirect_uri is not the one of the authorize call")
        family = Family()
        self._families.append(family)
        self._new_refresh(family)
        return self._answer(family, refresh=True)

    def by_personal_token(self, token: str) -> dict[str, object]:
        """Raises GrantError for another token."""
        self.exchanges += 1
        if token != self.personal_token:
            raise GrantError("invalid_grant", "Personal access token is invalid")
        family = Family()
        self._families.append(family)
        refresh = self._stage.play["goto-pat-refresh"] == "given"
        if refresh:
            self._new_refresh(family)
        return self._answer(family, refresh=refresh)

    def by_refresh_token(self, token: str) -> dict[str, object]:
        """Raises GrantError for one that is unknown, old, revoked or, where it is good once, used."""
        self.refreshes += 1
        family = next((one for one in self._families if token in (one.refresh, *one.used)), None)
        if family is None or family.revoked:
            raise GrantError("invalid_grant", "Refresh token is invalid")
        if token in family.used:
            # Somebody has a copy: nobody knows who is who, so nobody gets anything any more.
            self.reuses += 1
            family.revoked = True
            raise GrantError("invalid_grant", "Refresh token was used before; access is revoked")
        assert family.refresh_born is not None
        age = self._stage.now() - family.refresh_born
        if age > REFRESH_LIFE:
            raise GrantError("invalid_grant", "Refresh token has expired")
        mode = self._stage.play["goto-refresh"]
        if mode == "rotate":
            family.used.add(token)
            family.access.clear()  # using it early ends the current access token too
            self._new_refresh(family)
        elif age > RENEWED_FROM:
            self._new_refresh(family)
            return self._answer(family, refresh=True)
        return self._answer(family, refresh=mode != "omit")

    # Making

    def _new_refresh(self, family: Family) -> None:
        family.refresh, family.refresh_born = self._text("refresh"), self._stage.now()

    def _answer(self, family: Family, *, refresh: bool) -> dict[str, object]:
        """As documented: token_type is missing where no refresh token comes along (sheet goto 3.4)."""
        token = self._text("access")
        family.access[token] = self._stage.now() + ACCESS_LIFE
        seconds = int(ACCESS_LIFE.total_seconds())
        as_text = self._stage.play["goto-expires-in"] == "string"
        body: dict[str, object] = {"access_token": token}
        kind = self._stage.play["goto-token-type"]
        if kind == "always" or (kind == "documented" and refresh):
            body["token_type"] = "Bearer"
        if refresh:
            body["refresh_token"] = family.refresh
        body |= {
            "expires_in": str(seconds) if as_text else seconds,
            "scope": SCOPE,
            "principal": PRINCIPAL,
        }
        return body

    def _text(self, label: str) -> str:
        """As long as today's tokens are, three parts as a JWT has (sheet goto 3.3)."""
        self._made += 1
        seed = self._stage.desk.seed
        parts = [
            "".join(hex_of(seed, f"goto {label} {self._made} {part} {one}", 64) for one in range(4))
            for part in range(3)
        ]
        return "eyJ" + ".".join(parts)
