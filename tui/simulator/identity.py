"""Identity checks: a customer shows a document to a phone while the desk waits for the result.

In the desk's own words. Checks are ordered by an application, opened by the customer, who then
signs in with a phone number and takes pictures of a document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from random import Random

from tui.simulator.kinds import MINUTE, Kind, Session, State
from tui.simulator.wings import Wing, lasting, past, weighted


class Step(IntEnum):
    """How far a check is, in the order of its life."""

    ORDERED = 0
    OPENED = 1
    SIGNING_IN = 2
    SHOWING = 3
    PASSED = 4
    FAILED = 5


class Reason(StrEnum):
    """Why a check failed."""

    INTERNAL = "internal"
    INAUTHENTIC = "inauthentic"
    UNSUPPORTED = "unsupported"
    SIGN_IN = "sign-in"
    EXPIRED = "expired"
    CUSTOMER = "customer"
    DESK = "desk"


_GIVEN_UP = frozenset({Reason.EXPIRED, Reason.CUSTOMER, Reason.DESK})
_STATES = {
    Step.ORDERED: State.PLANNED,
    Step.OPENED: State.WAITING,
    Step.SIGNING_IN: State.TALKING,
    Step.SHOWING: State.TALKING,
    Step.PASSED: State.ENDED,
}
FACTS = (
    "idNumber", "givenName", "familyName", "address", "dateOfBirth", "country", "issueDate",
    "expirationDate",
)  # fmt: skip
# What is asked for: everything without saying so, a name, an age, all of a new customer.
_WISHES: dict[tuple[str, ...] | None, float] = {
    None: 4.0,
    ("givenName", "familyName"): 2.0,
    ("dateOfBirth", "country"): 2.0,
    ("idNumber", "givenName", "familyName", "dateOfBirth", "expirationDate"): 3.0,
    FACTS: 1.0,
}
_OUTCOMES: dict[Reason | None, float] = {
    None: 70,
    Reason.EXPIRED: 9,
    Reason.CUSTOMER: 7,
    Reason.INAUTHENTIC: 5,
    Reason.UNSUPPORTED: 3,
    Reason.SIGN_IN: 3,
    Reason.DESK: 2,
    Reason.INTERNAL: 1,
}
# How far a check was when it failed for a reason.
_FAILED_AT = {
    Reason.EXPIRED: Step.OPENED,
    Reason.CUSTOMER: Step.OPENED,
    Reason.DESK: Step.ORDERED,
    Reason.SIGN_IN: Step.SIGNING_IN,
}
LIFETIME = 30 * MINUTE


@dataclass(slots=True, eq=False)
class Check(Session):
    """`wanted` facts (None: all, unsaid); `moved` is the last change of `step`, `begun` the time
    of the last news of the document (None: not begun); `blurred`: the last picture was no good.
    """

    step: Step = Step.ORDERED
    moved: int = 0
    begun: int | None = None
    reason: Reason | None = None
    blurred: bool = False
    wanted: tuple[str, ...] | None = None

    @classmethod
    def ordered(cls, at: int, wanted: tuple[str, ...] | None) -> Check:
        """A new one."""
        return cls(0, Kind.IDENTITY, State.PLANNED, at, moved=at, wanted=wanted)

    def go(self, step: Step, at: int, reason: Reason | None = None) -> None:
        """Be at another step since `at`."""
        self.step, self.moved, self.reason = step, at, reason
        self.blurred = False
        if step is Step.FAILED:
            self.state = State.ABANDONED if reason in _GIVEN_UP else State.FAILED
        else:
            self.state = _STATES[step]
        if step is Step.SIGNING_IN:
            self.joined = at
        if step is Step.SHOWING or (step > Step.SHOWING and self.begun is not None):
            self.begun = at
        if step > Step.SHOWING:
            self.ended = at


class Checks(Wing[Check]):
    """The identity checks of the desk."""

    kind = Kind.IDENTITY
    number = 1

    # The beginning

    def populate(self, rng: Random, count: int, start: int) -> Iterator[Check]:
        live = min(count, max(min(5, count), min(count * 3 // 10, 30 + count // 60)))
        for number in range(live):
            yield self._under_way(rng, start, number)
        for _ in range(count - live):
            yield self._over(rng, start)

    def _under_way(self, rng: Random, start: int, number: int) -> Check:
        """Each step in turn; the first one is open for too long already."""
        step = (Step.OPENED, Step.SHOWING, Step.ORDERED, Step.SIGNING_IN, Step.SHOWING)[number % 5]
        age = 11 * MINUTE if number == 0 else lasting(rng, 20_000, 2 * MINUTE, 12 * MINUTE)
        check = Check.ordered(start - age - int(step) * 25_000, weighted(rng, _WISHES))
        for reached in range(1, step + 1):
            check.go(Step(reached), start - age - (int(step) - reached) * 25_000)
        check.blurred = step is Step.SHOWING and rng.random() < 0.2
        return check

    def _over(self, rng: Random, start: int) -> Check:
        reason = weighted(rng, _OUTCOMES)
        last = Step.SHOWING if reason is None else _FAILED_AT.get(reason, Step.SHOWING)
        gaps = [lasting(rng, 8_000, 40_000, 6 * MINUTE) for _ in range(last)]
        final = LIFETIME if reason is Reason.EXPIRED else lasting(rng, 15_000, 70_000, 9 * MINUTE)
        end = start - past(rng)
        at = end - final - sum(gaps)
        check = Check.ordered(at, weighted(rng, _WISHES))
        for reached, gap in enumerate(gaps, 1):
            at += gap
            check.go(Step(reached), at)
        check.go(Step.PASSED if reason is None else Step.FAILED, end, reason)
        return check

    # What happens

    def chances(self, at: int) -> Mapping[Callable[[int], object], float]:
        live, late = len(self.live), any(self._is_late(one, at) for one in self.live.values())
        return {
            self._order: 1.4 * self.size / (live + 1),
            self._proceed: 5.0 if live else 0.0,
            self._give_up: 0.1 * live / self.size,
            self._expire: 3.0 if late else 0.0,
        }

    def begin(self, at: int, planned: bool) -> Check:
        check = Check.ordered(at, None)
        if not planned:
            check.go(Step.OPENED, at)
        return check

    def start(self, session: Check, at: int) -> None:
        """The customer opened it."""
        self.go(session, at, Step.OPENED)

    def join(self, session: Check, at: int) -> None:
        self.go(session, at, Step.SHOWING)

    def finish(self, session: Check, at: int, state: State) -> None:
        """ABANDONED: the customer canceled; FAILED: the document was not accepted."""
        if state is State.ENDED:
            if session.begun is None:
                session.go(Step.SHOWING, at)
            self.go(session, at, Step.PASSED)
        else:
            reason = Reason.CUSTOMER if state is State.ABANDONED else Reason.INAUTHENTIC
            self.go(session, at, Step.FAILED, reason)

    def go(self, check: Check, at: int, step: Step, reason: Reason | None = None) -> None:
        """A check is at another step now."""
        check.go(step, at, reason)
        self.changed(check)

    def _order(self, at: int) -> None:
        self.enter(Check.ordered(at, weighted(self.rng, _WISHES)))

    def _proceed(self, at: int) -> None:
        """Mostly the one whose customer was idle for longest."""
        if self.rng.random() < 0.6:
            check = min(self.live.values(), key=lambda one: (one.moved, one.serial))
        else:
            check = self.rng.choice(list(self.live.values()))
        if check.step is Step.SHOWING:
            self._show(check, at)
        elif check.step is Step.SIGNING_IN and self.rng.random() < 0.05:
            self.go(check, at, Step.FAILED, Reason.SIGN_IN)
        else:
            self.go(check, at, Step(check.step + 1))

    def _show(self, check: Check, at: int) -> None:
        """A picture was taken."""
        roll = self.rng.random()
        if roll < 0.2 and not check.blurred:
            check.blurred, check.begun = True, at
            self.changed(check)
        elif roll < 0.88:
            self.go(check, at, Step.PASSED)
        else:
            reasons = {Reason.INAUTHENTIC: 6.0, Reason.UNSUPPORTED: 4.0, Reason.INTERNAL: 1.0}
            self.go(check, at, Step.FAILED, weighted(self.rng, reasons))

    def _give_up(self, at: int) -> None:
        check = self.any_of(lambda one: one.step is not Step.ORDERED)
        if check is not None:
            self.go(check, at, Step.FAILED, Reason.CUSTOMER)

    def _expire(self, at: int) -> None:
        check = self.any_of(lambda one: self._is_late(one, at))
        if check is not None:
            self.go(check, at, Step.FAILED, Reason.EXPIRED)

    @staticmethod
    def _is_late(check: Check, at: int) -> bool:
        return check.created < at - LIFETIME
