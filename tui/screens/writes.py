"""The writes that were asked for on the screens: sent a few at a time, each with its outcome. No screen owns them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tui.live.commands import Act, Command
from tui.live.log import Outcome, outcome_of
from tui.live.messages import Acted, Answer
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import Repeated, UnknownOutcome
from tui.model.session import Key
from tui.model.text import NO_TEXT, Clean, line
from tui.screens.plans import Plan, Step

# How many writes of one profile are on their way at once: the vendor's limit leaves room for the polling.
AT_ONCE = 2


class Said(NamedTuple):
    """Something for the status line of whatever screen is on top."""

    text: Clean
    bad: bool = False


@dataclass(slots=True)
class Write:
    """One write on its way. `outcome` is None until its answer is there; `ticket` until it was sent."""

    step: Step
    name: Clean
    ticket: int | None = None
    outcome: Outcome | None = None
    words: Clean = NO_TEXT
    repeated: bool = False
    """Not sent because the very same was on its way or just done: a key that bounced, and no failure."""

    @property
    def bad(self) -> bool:
        """Whether it ended otherwise than was wanted."""
        return self.outcome is not None and not self.outcome.good and not self.repeated

    @property
    def key(self) -> Key:
        return self.step.session.key


@dataclass(slots=True)
class Round:
    """The writes of one answered question."""

    plan: Plan
    writes: tuple[Write, ...]

    @property
    def done(self) -> bool:
        """Whether every outcome is known."""
        return all(write.outcome is not None for write in self.writes)

    def counts(self) -> Counter[Outcome]:
        """How many came to each outcome so far."""
        return Counter(write.outcome for write in self.writes if write.outcome is not None)

    def said(self) -> Said:
        """How it ended, in one line."""
        if len(self.writes) == 1:
            write = self.writes[0]
            assert write.outcome is not None  # it is done
            words = f"{write.outcome.value}{': ' if write.words else ''}{write.words}"
            return Said(line(f"{self.plan.title}, {write.name}: {words}", 400), write.bad)
        counts = self.counts()
        told = ", ".join(
            f"{counts[outcome]} {outcome.value}" for outcome in Outcome if outcome in counts
        )
        bad = any(write.bad for write in self.writes)
        return Said(
            line(f"{self.plan.title}, {len(self.writes)} sessions: {told}   L shows each"), bad
        )


class Writes:
    """Everything that was sent or is still to be sent. An outcome comes by the answer, and is never sent again."""

    def __init__(
        self,
        send: Callable[[Command], None],
        ticket: Callable[[], int],
        name: Callable[[Step], Clean],
        why_not: Callable[[Step], str | None],
    ) -> None:
        self._send = send
        self._ticket = ticket
        self._name = name
        self._why_not = why_not
        self._rounds: list[Round] = []
        self._doubts: set[tuple[Key, str]] = set()

    @property
    def open(self) -> int:
        """How many have no outcome yet."""
        return sum(write.outcome is None for held in self._rounds for write in held.writes)

    def on_its_way(self, key: Key, action: str) -> bool:
        """Whether that action of that session waits for its answer, or for its turn."""
        return any(
            write.outcome is None and write.key == key and write.step.action.id == action
            for held in self._rounds
            for write in held.writes
        )

    def in_doubt(self, key: Key, action: str) -> bool:
        """Whether an earlier try may have been done."""
        return (key, action) in self._doubts

    def start(self, plan: Plan) -> Round:
        """Sends what was agreed to, except what has become senseless or is on its way meanwhile."""
        new = Round(plan, tuple(Write(step, self._name(step)) for step in plan.steps))
        for write in new.writes:
            reason = self._why_not(write.step)
            if reason is not None:
                write.outcome, write.words = Outcome.NOT_SENT, line(reason)
        if not new.done:
            self._rounds.append(new)
            self._go_on()
        return new

    def hear(self, answers: Sequence[Answer]) -> list[Said]:
        """Takes in outcomes, sends what comes next, and says which rounds have ended."""
        heard = {answer.ticket: answer for answer in answers if isinstance(answer, Acted)}
        if not heard:
            return []
        for held in self._rounds:
            for write in held.writes:
                answer = None if write.ticket is None else heard.get(write.ticket)
                if answer is not None and write.outcome is None:
                    self._take(write, answer)
        self._go_on()
        ended = [held for held in self._rounds if held.done]
        self._rounds = [held for held in self._rounds if not held.done]
        return [held.said() for held in ended]

    def _take(self, write: Write, answer: Acted) -> None:
        write.outcome = outcome_of(answer.problem, already=answer.already)
        doubt = (write.key, write.step.action.id)
        # What was written down is looked for, and so is told by the engine.
        kept = isinstance(answer.problem, UnknownOutcome) and answer.problem.intent is not None
        if write.outcome is Outcome.UNKNOWN and not kept:
            self._doubts.add(doubt)
        else:
            self._doubts.discard(doubt)
        write.repeated = isinstance(answer.problem, Repeated)
        if answer.problem is not None:
            write.words = answer.problem.message
        elif answer.session is not None:
            write.words = line(f"it is {answer.session.status.value} now")

    def _go_on(self) -> None:
        """A few of each profile at a time."""
        waiting = [write for held in self._rounds for write in held.writes if write.outcome is None]
        busy = Counter(write.key.profile for write in waiting if write.ticket is not None)
        for held in self._rounds:
            for write in held.writes:
                profile = write.key.profile
                if write.outcome is None and write.ticket is None and busy[profile] < AT_ONCE:
                    busy[profile] += 1
                    write.ticket = self._ticket()
                    step = write.step
                    self._send(
                        Act(write.ticket, profile, write.key.id, step.action.id, held.plan.values)
                    )
