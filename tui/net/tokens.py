"""The tokens of an account that signs in, and what a store of them is. Where they are kept is not known here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Protocol

from tui.model.lazy_dataclass import dataclass
from tui.model.secret import Secret

# A token is renewed so long before its end, or for the last tenth of its life if that is longer.
_EARLY: Final = timedelta(seconds=60)
_EARLY_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a vendor gave for a sign-in. Times are aware UTC; `expires_at` is None where the vendor did not say.

    `account` says whose they are (where signed in, by which client, how): those of another account are never
    sent, whatever the profile is called.
    """

    account: str
    access: Secret
    obtained_at: datetime
    refresh: Secret | None = None
    expires_at: datetime | None = None

    def due(self, now: datetime) -> bool:
        """Whether it is time for another one. Never in the first half of a life, however short that is."""
        if self.expires_at is None:
            return False
        life = max(self.expires_at - self.obtained_at, timedelta(0))
        return now >= self.expires_at - min(max(_EARLY, life * _EARLY_SHARE), life / 2)

    def spent(self, now: datetime) -> bool:
        """Whether the access token has run out."""
        return self.expires_at is not None and now >= self.expires_at


class Turn(Protocol):
    """The right to renew one profile's tokens; nobody else has it meanwhile, in no process."""

    def end(self) -> None:
        """Gives it back. A process that dies gives it back too."""
        ...


class TokenStore(Protocol):
    """Where tokens outlive the program. No method blocks the loop; each raises only `model.problem.Problem`."""

    @property
    def renewing(self) -> bool:
        """Whether somebody in this program has a turn. From any thread."""
        ...

    def last_turns(self) -> bool:
        """Nobody in this program gets a turn any more; whether somebody still has one. From any thread."""
        ...

    async def read(self, profile: str) -> Tokens | None:
        """The tokens kept for a profile, whoever wrote them last."""
        ...

    async def save(self, profile: str, tokens: Tokens) -> None:
        """Keeps them, in the place of older ones. When it returns they are safe from a kill."""
        ...

    async def try_turn(self, profile: str) -> Turn | None:
        """The turn to renew, None while another has it. Raises where what is renewed could not be kept."""
        ...


class MemoryTokens:
    """Tokens that nobody keeps: they end with the process. For the demo, and for whoever connects without files."""

    def __init__(self) -> None:
        self._kept: dict[str, Tokens] = {}
        self._busy: set[str] = set()

    @property
    def renewing(self) -> bool:
        """Never worth a wait: what is kept here ends with the program."""
        return False

    def last_turns(self) -> bool:
        """As `renewing`."""
        return False

    async def read(self, profile: str) -> Tokens | None:
        return self._kept.get(profile)

    async def save(self, profile: str, tokens: Tokens) -> None:
        self._kept[profile] = tokens

    def forget(self, profile: str) -> None:
        """Lets the tokens of a profile that was removed go."""
        self._kept.pop(profile, None)

    def rename(self, old: str, new: str) -> None:
        """A profile's tokens under its new name."""
        if old in self._kept:
            self._kept[new] = self._kept.pop(old)

    def holds(self, profile: str) -> bool:
        """Whether somebody has signed in at that profile."""
        return profile in self._kept

    async def try_turn(self, profile: str) -> Turn | None:
        if profile in self._busy:
            return None
        self._busy.add(profile)
        return _MemoryTurn(self._busy, profile)


class _MemoryTurn:
    def __init__(self, busy: set[str], profile: str) -> None:
        self._busy = busy
        self._profile = profile

    def end(self) -> None:
        self._busy.discard(self._profile)
