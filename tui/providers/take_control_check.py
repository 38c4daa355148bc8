"""What can be said of an account's two keys without creating anything (sheet take control 4.1, 4.7).

A public key may create sessions and tickets and nothing else, so it cannot be tried. What can be seen is whether
it is the other key: only a private one reads the history.
"""

from __future__ import annotations

from typing import Final

from tui.model.clock import Clock
from tui.model.operation import Operation
from tui.model.problem import Busy, KeysRejected, Problem, Refused
from tui.model.text import Clean, line
from tui.net.client import Client
from tui.providers import take_control_times as times
from tui.providers.base import Finding, Verdict
from tui.providers.take_control_history import History
from tui.providers.take_control_query import DOCUMENTED

_WHAT: Final = "listing the sessions"
_NO_KEY: Final = "there is no public_key: sessions cannot be created, only listed and read"
_UNTRIED: Final = (
    "the public key was not tried: it may only create sessions and tickets, and a check creates nothing; "
    "the first session that is created will tell"
)
_SAME: Final = "public_key and private_key hold the same key: an account has one of each"
_SWAPPED: Final = "public_key lists sessions, which only a private key may: the two keys stand in each other's place"
_MISPLACED: Final = "public_key lists sessions, which only a private key may: name it private_key"


def private_refused(refused: Refused) -> Clean:
    """The sentence for a private key that the vendor does not take, or for another refusal of its question."""
    if not isinstance(refused, KeysRejected):
        return refused.message
    return line(
        f"the private key was refused ({refused.message.partition('(')[2] or refused.status}"
    )


async def public_key(
    client: Client | None,
    history: Operation,
    clock: Clock,
    *,
    private: Verdict | None,
    same: bool,
) -> Finding:
    """What can be said of the public key. `private` is how the private one came out, None without one.

    Raises `Busy`, `Unreachable` or `NoAnswer` where this is the only key and nothing can be said.
    """
    if client is None:
        return _finding(Verdict.WARN, _NO_KEY)
    if same:
        return _finding(Verdict.FAIL, _SAME)
    if private is Verdict.OK:
        return _finding(Verdict.WARN, _UNTRIED)
    asked = times.window(clock.now(), None, times.zone(times.DEFAULT_ZONE))
    try:
        await History(client, history, clock).ask(_WHAT, DOCUMENTED, {**asked})
    except KeysRejected:
        return _finding(Verdict.WARN, _UNTRIED)  # as it is of every public key
    except Problem as problem:
        if isinstance(problem, Refused) and not isinstance(problem, Busy):
            return Finding(Verdict.FAIL, problem.message)
        if private is None:
            raise
        return _finding(Verdict.WARN, _UNTRIED)
    return _finding(Verdict.FAIL, _MISPLACED if private is None else _SWAPPED)


def _finding(verdict: Verdict, words: str) -> Finding:
    return Finding(verdict, line(words))
