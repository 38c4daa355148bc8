"""A credential that is renewed: OAuth tokens, one renewal at a time across tasks and across processes.

Several programs may share one account, and a refresh token may be good for one use only. So whoever renews has
the store's turn from reading over asking to keeping; who waited for it finds the new tokens and asks nobody.
Nothing is sent with a token that is not kept yet, nothing is deleted when something fails, and no renewal is
cancelled with the task that wanted it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from tui.model.clock import Clock
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import (
    BadAnswer,
    Busy,
    ConfigProblem,
    KeysRejected,
    NoAnswer,
    Problem,
    Unreachable,
)
from tui.model.secret import Secret
from tui.net.attempt import Timeouts
from tui.net.auth import Auth, TokenAuth
from tui.net.client import Client, Reply
from tui.net.grants import INVALID_GRANT, Grant, Granted, granted, refused
from tui.net.tokens import Tokens, TokenStore, Turn

T = TypeVar("T")

# Whoever waits for the turn outlasts a request of whoever has it.
TIMEOUTS: Final = Timeouts(connect=5.0, read=8.0, write=8.0, pool=5.0, overall=10.0)
TURN_WAIT: Final = 15.0
_TURN_PAUSE: Final = 0.05
# A program that takes no turns may have renewed: its tokens are looked for so often before ours count as dead.
_LOOK_AGAIN: Final = (0.025, 0.05, 0.1)
_DEAD: Final = "the vendor does not renew it any more"
_ANEW: Final = "open the address again, for another code"
# A token that still holds is used on when it could not be renewed early; so long until the next try.
_PATIENCE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How one profile comes by its tokens, as its provider declares it.

    `account` identifies whose tokens they are, `prefix` is how an access token is sent. `standing` is a grant
    that is good at any time; without it a person signs in, and `refresh` makes a grant of a refresh token.
    `refusal` reads what the vendor says of a token that is not valid, `code` is its code for that; `first` and
    `again` say what a person has to do for the first token, and after one that cannot be renewed.
    """

    profile: str
    account: str
    prefix: str
    refresh: Callable[[Secret], Grant]
    refusal: Callable[[Reply], str | None]
    code: str
    first: str
    again: str
    standing: Grant | None = None


class OAuth:
    """Implements `auth.Renewable`. `client` speaks to the sign-in server alone and belongs to this."""

    def __init__(self, plan: Plan, client: Client, store: TokenStore, clock: Clock) -> None:
        self._plan = plan
        self._client = client
        self._store = store
        self._clock = clock
        self._tokens: Tokens | None = None
        self._auth: TokenAuth | None = None
        self._dead: Secret | None = None
        self._unkept: Tokens | None = None
        self._not_before = 0.0
        self._flight: asyncio.Task[Tokens] | None = None
        self._flights: set[asyncio.Future[Any]] = set()

    # --- what the client of the API asks ------------------------------------------------------------------

    async def current(self) -> Auth:
        """Raises `ConfigProblem` where nobody signed in yet, `KeysRejected` where it has to be done again, and
        `Unreachable` when the sign-in server gave no good answer. In each case nothing was sent to the API."""
        tokens = self._tokens
        if tokens is None:
            tokens = await self._stored()
            tokens = self._tokens or tokens  # another task may have renewed meanwhile
        now = self._clock.now()
        if tokens is None or tokens.spent(now):
            tokens = await self._fresh(None)
        elif tokens.due(now) and self._clock.monotonic() >= self._not_before:
            tokens = await self._early(tokens)
        return self._take(tokens)

    def refusal(self, reply: Reply) -> str | None:
        return self._plan.refusal(reply)

    async def renew(self, refused: Auth) -> None:
        """Raises as `current`. Nothing to do where another task or process has renewed since that one was sent."""
        tokens = self._tokens
        if refused is self._auth and tokens is not None:
            self._take(await self._fresh(tokens.access))

    def given_up(self, reply: Reply) -> KeysRejected:
        words = self.refusal(reply) or ""
        return KeysRejected(
            f"{self._plan.again} ({reply.source} does not accept a fresh access token either: {words})",
            reply.status,
            self._plan.code,
        )

    async def sign_in(self, grant: Grant) -> Granted:
        """Trades what a sign-in gave for tokens and keeps them. Raises a `Problem`; older tokens then stay."""
        return await asyncio.shield(self._started(self._signed_in(grant)))

    async def aclose(self) -> None:
        """A renewal on its way is let come in: the server may have made the old token worthless already."""
        if self._flights:
            await asyncio.wait(set(self._flights))
        await self._client.aclose()

    # --- one renewal for all who want it --------------------------------------------------------------------

    async def _fresh(self, refused: Secret | None) -> Tokens:
        """Other tokens than the refused ones; one renewal for all tasks, which outlives each of them."""
        if self._flight is None or self._flight.done():
            self._flight = self._started(self._renewed(refused))
        return await asyncio.shield(self._flight)

    def _started(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        flight = asyncio.ensure_future(work)
        self._flights.add(flight)
        flight.add_done_callback(self._landed)
        return flight

    def _landed(self, flight: asyncio.Future[Any]) -> None:
        self._flights.discard(flight)
        if not flight.cancelled():
            flight.exception()  # nobody may be left to ask for it, and asyncio would complain

    async def _early(self, tokens: Tokens) -> Tokens:
        """Renewed before its end; one that still holds is used on where that fails."""
        try:
            return await self._fresh(None)
        except Problem:
            self._not_before = self._clock.monotonic() + _PATIENCE
            return tokens

    def _take(self, tokens: Tokens) -> TokenAuth:
        """From now on these are sent."""
        if self._auth is None or self._tokens is None or tokens.access != self._tokens.access:
            self._auth = TokenAuth(tokens.access, self._plan.prefix)
        self._tokens = tokens
        return self._auth

    # --- with the turn ----------------------------------------------------------------------------------------

    async def _renewed(self, refused: Secret | None) -> Tokens:
        def serves(tokens: Tokens) -> bool:
            return tokens.access != refused and not tokens.due(self._clock.now())

        turn = await self._turn(serves)
        if isinstance(turn, Tokens):
            return turn
        try:
            stored = await self._stored()
            if self._unkept is not None and not (stored is not None and serves(stored)):
                stored = await self._kept(self._unkept)
            self._unkept = None
            if stored is not None and serves(stored):
                return stored
            return await self._obtained(stored, serves)
        except (NoAnswer, BadAnswer, Busy) as problem:
            # What the API was to be asked was not sent: that alone counts for whoever asked.
            raise Unreachable(
                f"the access token could not be renewed: {problem.message}",
                problem.retry_after if isinstance(problem, Busy) else None,
            ) from None
        finally:
            turn.end()

    async def _turn(self, serves: Callable[[Tokens], bool]) -> Turn | Tokens:
        """The turn; or tokens that serve, when somebody else has kept such meanwhile. Bounded: whoever has the
        turn may have been stopped. Raises `Unreachable` then."""
        deadline = self._clock.monotonic() + TURN_WAIT
        while True:
            turn = await self._store.try_turn(self._plan.profile)
            if turn is not None:
                return turn
            stored = await self._stored()
            if stored is not None and serves(stored):
                return stored
            if self._clock.monotonic() >= deadline:
                raise Unreachable(
                    f"the access token of {self._plan.profile} is being renewed by another sessiontop "
                    f"for more than {TURN_WAIT:.0f} s: end that one, then try again"
                )
            await self._clock.sleep(_TURN_PAUSE)

    async def _stored(self) -> Tokens | None:
        """What the store has of this account."""
        stored = await self._store.read(self._plan.profile)
        return stored if stored is not None and stored.account == self._plan.account else None

    async def _obtained(self, stored: Tokens | None, serves: Callable[[Tokens], bool]) -> Tokens:
        """New tokens from the server, kept; or those of somebody who was quicker."""
        plan = self._plan
        if plan.standing is not None:
            return await self._kept(await self._by_standing(plan.standing))
        if stored is None:
            raise ConfigProblem(plan.first)
        if stored.refresh is None:
            raise self._lost("the vendor gave nothing to renew it with")
        if stored.refresh == self._dead:
            raise self._lost(_DEAD)
        try:
            found = await self._asked(plan.refresh(stored.refresh), stored.refresh)
        except KeysRejected as problem:
            if problem.code != INVALID_GRANT:
                raise
            newer = await self._quicker(serves)
            if newer is not None:
                return newer
            self._dead = stored.refresh
            raise self._lost(_DEAD, problem.status) from None
        return await self._kept(found.tokens)

    async def _by_standing(self, grant: Grant) -> Tokens:
        try:
            return (await self._asked(grant, None)).tokens
        except KeysRejected as problem:
            if problem.code != INVALID_GRANT:
                raise
            words = f"{self._plan.again} ({problem.message})"
            raise KeysRejected(words, problem.status, problem.code) from None

    def _lost(self, why: str, status: int = 401) -> KeysRejected:
        words = f"{self._plan.again} (the access token has run out, and {why})"
        return KeysRejected(words, status, INVALID_GRANT)

    async def _quicker(self, serves: Callable[[Tokens], bool]) -> Tokens | None:
        for pause in _LOOK_AGAIN:
            await self._clock.sleep(pause)
            stored = await self._stored()
            if stored is not None and serves(stored):
                return stored
        return None

    async def _asked(self, grant: Grant, old: Secret | None) -> Granted:
        at = self._clock.now()
        try:
            reply = await self._client.send(grant.operation, form=grant.form)
        except Problem as problem:
            # The client's sentences are about a base URL; this one's is the profile's auth_url.
            words = problem.message.replace("base_url", "auth_url")
            raise type(problem)(words) from None
        if not reply.ok:
            raise refused(reply, grant.operation.name, self._clock)
        return granted(reply, self._plan.account, at, old)

    async def _kept(self, tokens: Tokens) -> Tokens:
        """Keeps them before anything is sent with them. What could not be kept is not thrown away either: the
        next renewal begins with another try."""
        self._unkept = tokens
        await self._store.save(self._plan.profile, tokens)
        self._unkept = None
        return tokens

    async def _signed_in(self, grant: Grant) -> Granted:
        turn = await self._turn(lambda _: False)
        assert not isinstance(turn, Tokens)
        try:
            found = await self._asked(grant, None)
            self._take(await self._kept(found.tokens))
            self._dead = None
            return found
        except (NoAnswer, BadAnswer) as problem:
            raise type(problem)(f"{_ANEW} ({problem.message})") from None
        except KeysRejected as problem:
            if problem.code != INVALID_GRANT:
                raise
            raise KeysRejected(f"{_ANEW} ({problem.message})", problem.status) from None
        finally:
            turn.end()
