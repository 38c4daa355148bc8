"""The writes whose outcome is not known, as the engine told them last: what the screens count, list and say. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tui.live.messages import Batch
from tui.live.reconcile import ENOUGH
from tui.model.age import coarse
from tui.model.intent import CREATE, Intent, IntentState
from tui.model.session import Key, Session
from tui.model.text import Clean, line, shown
from tui.widgets.line_list import Part

LOOKS = {
    IntentState.SENDING: "muted",
    IntentState.UNKNOWN: "warning",
    IntentState.DONE: "good",
    IntentState.NOT_DONE: "warning",
}


class Intents:
    """Open ones first, the oldest at the top; settled ones stay until somebody has seen them."""

    def __init__(self) -> None:
        self.known: tuple[Intent, ...] = ()
        self.troubles: tuple[Clean, ...] = ()

    def hear(self, batch: Batch) -> list[Intent]:
        """Takes in the news; gives those that were settled by it."""
        if batch.troubles is not None:
            self.troubles = batch.troubles
        if batch.intents is None:
            return []
        before = {intent.id for intent in self.settled}
        order = sorted(batch.intents, key=lambda intent: (not intent.state.open, intent.at))
        self.known = tuple(order)
        return [intent for intent in self.settled if intent.id not in before]

    @property
    def unknown(self) -> list[Intent]:
        """Those of which nobody knows what came of them."""
        return [intent for intent in self.known if intent.state is IntentState.UNKNOWN]

    @property
    def settled(self) -> list[Intent]:
        """Those that are known now, and that nobody has seen yet."""
        return [intent for intent in self.known if not intent.state.open]

    def __bool__(self) -> bool:
        return bool(self.known or self.troubles)

    def get(self, id: str) -> Intent | None:
        """The newest state of one; None when it has left the list."""
        return next((intent for intent in self.known if intent.id == id), None)

    def in_doubt(self, key: Key, action: str) -> bool:
        """Whether that action of that session may have been done by a write without an answer."""
        return any(
            (intent.profile, intent.ref, intent.what) == (*key, action) for intent in self.unknown
        )

    def notice(self) -> list[Part]:
        """For the first line of the queue; empty when there is nothing to say."""
        unknown, settled = len(self.unknown), len(self.settled)
        if unknown:
            return [Part(line(f"{counted(unknown)} of unknown outcome: w"), "warning")]
        if settled:
            return [Part(line(f"{counted(settled)} cleared up: w"), "good")]
        if self.troubles:
            return [Part(line(f"{counted(len(self.troubles))} unreadable: w"), "warning")]
        return []


def counted(count: int) -> str:
    """`1 write`, `2 writes`."""
    return f"{count} write{'' if count == 1 else 's'}"


def what_words(intent: Intent) -> Clean:
    """Which write it is: `create`, or an action and its session."""
    if intent.what == CREATE or intent.ref is None:
        return line(intent.what)
    return line(f"{intent.what} of {shown(intent.ref, 60)}")


def state_words(intent: Intent, *, started: bool, paused: bool) -> Clean:
    """How it stands. `started`: whether a worker of its profile runs, which alone can look for it."""
    if intent.state is IntentState.SENDING:
        return line(intent.reason or "on its way")
    if intent.state is IntentState.DONE:
        return line("found: it was created" if intent.what == CREATE else "found: it was done")
    if intent.state is IntentState.NOT_DONE:
        return line("not done, as far as the vendor shows")
    if intent.candidates:
        count = len(intent.candidates)
        return line("1 session may be it" if count == 1 else f"{count} sessions may be it")
    if not started:
        return line("not looked for: its profile is not started")
    looks = f"{intent.looked} complete look{'' if intent.looked == 1 else 's'}"
    told = f"not found in {looks}" if intent.looked else "looking for it"
    if intent.looked >= ENOUGH:
        return line(told)
    if paused:
        return line(f"{told}; paused: r looks once")
    return line(f"{told}, and looking on" if intent.looked else told)


def told(intent: Intent, local: Callable[[datetime], datetime], where: str) -> Clean:
    """One line for whatever screen is on top when it was settled. `where` says which key shows it."""
    at = f"{local(intent.at):%H:%M:%S}"
    if intent.state is IntentState.NOT_DONE:
        end = "was not done, as far as the vendor shows"
    else:
        end = "was found: it was done"
    return line(f"{intent.profile}: the {what_words(intent)} of {at} {end}; {where}", 400)


def after(session: Session, intent: Intent) -> Clean:
    """How near a candidate is to the write: the nearer, the surer."""
    if session.began is None:
        return line("new, no time known")
    seconds = (session.began - intent.at).total_seconds()
    return line(f"{coarse(abs(seconds))} {'later' if seconds >= 0 else 'earlier'}")
