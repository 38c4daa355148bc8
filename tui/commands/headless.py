"""The engine without a screen: ask it, wait for the answers. What the full screen shows comes the same way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from tui.commands.ending import Ending
from tui.commands.narrate import say_that_a_token_is_kept
from tui.live.commands import (
    Act,
    Check,
    Create,
    FindLinks,
    FollowLog,
    Query,
    Read,
    SignIn,
    StartSignIn,
)
from tui.live.engine import Engine
from tui.live.messages import (
    Acted,
    Checked,
    LinksFound,
    Listed,
    Made,
    Opened,
    SignedIn,
    SignInStarted,
)
from tui.model.clock import Clock, SystemClock
from tui.model.problem import NoAnswer
from tui.model.profile import Profile
from tui.net.exchange import Exchange
from tui.profiles.paths import tokens_path
from tui.profiles.tokens import TokenFile
from tui.providers import registry

Question = Query | Read | Check | StartSignIn | SignIn | FindLinks | Create | Act

# Each request has its own, shorter deadline and is told when it ends: nothing at all for so long means that
# the engine itself is stuck, and a script must not hang with it.
_SILENCE_SECONDS = 60.0

_Reply = TypeVar(
    "_Reply", Listed, Opened, Checked, SignInStarted, SignedIn, LinksFound, Made, Acted
)


class Headless:
    """A context manager: an engine that polls nothing by itself and answers questions.

    `state` is where it writes down what it is about to send; only who writes needs it. `exchanges` are the
    requests that were made for the questions.
    """

    def __init__(
        self, profiles: Sequence[Profile], clock: Clock | None = None, state: Path | None = None
    ) -> None:
        self.clock: Clock = clock or SystemClock()
        self.exchanges: list[Exchange] = []
        self._ending = Ending()
        tokens = TokenFile(tokens_path())
        self._engine = Engine(
            profiles,
            connect=registry.connecting(tokens),
            clock=self.clock,
            poll=False,
            state=state,
            renewing=lambda: tokens.renewing,
        )

    def __enter__(self) -> Headless:
        self._engine.start()
        self._engine.send(FollowLog(True))
        self._ending.begin()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        told = False

        def tell() -> None:
            nonlocal told
            told = True
            say_that_a_token_is_kept()

        try:
            self._engine.stop(on_wait=tell)
        except KeyboardInterrupt:
            if not told:  # whoever ends this should know what it may cost
                self._engine.stop(on_wait=tell)
            raise
        finally:
            self._ending.finish()

    def ask(self, question: Question, kind: type[_Reply]) -> _Reply:
        """One question, one answer of that kind. Raises the `Problem` that the answer carries."""
        (reply,) = self.ask_all([question], kind)
        if reply.problem is not None:
            raise reply.problem
        return reply

    def ask_all(self, questions: Iterable[Question], kind: type[_Reply]) -> list[_Reply]:
        """All questions at once; the answers in their order. An answer may carry a `Problem`.

        Raises `NoAnswer` when the engine falls silent.
        """
        asked = list(questions)
        for question in asked:
            self._engine.send(question)
        tickets = {question.ticket for question in asked}
        found: dict[int, _Reply] = {}
        while tickets - found.keys():
            if not self._engine.mailbox.wait(_SILENCE_SECONDS):
                raise NoAnswer("the engine gave no answer: try again")
            news = self._engine.mailbox.drain()
            self.exchanges += news.exchanges
            for answer in news.answers:
                if isinstance(answer, kind) and answer.ticket in tickets:
                    found[answer.ticket] = answer
        return [found[question.ticket] for question in asked]
