"""Which writes a key comes to: for every session the action that is meant, or the reason why there is none. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, NamedTuple

from tui.model.form import Values
from tui.model.lazy_dataclass import dataclass
from tui.model.session import Session
from tui.model.status import Status
from tui.model.text import Clean, line
from tui.providers.base import Action, Spec

if TYPE_CHECKING:
    from tui.screens.desk import Desk

NO_SESSION = "no session is selected"
READ_ONLY = "sessiontop runs with --read-only: nothing is written"
REMEMBERED = "it is shown as of the last run: the vendor has not told it yet"
GONE = "it is no longer in the vendor's list"


class Step(NamedTuple):
    """One write: what to do to which session."""

    session: Session
    action: Action


class LeftOut(NamedTuple):
    """A session that nothing is done to, and why."""

    session: Session
    reason: Clean


@dataclass(frozen=True, slots=True)
class Plan:
    """The writes that one question is about. `values` are those of the action's form, the same for all."""

    steps: tuple[Step, ...]
    left_out: tuple[LeftOut, ...] = ()
    values: Values = field(default_factory=dict)

    @property
    def actions(self) -> tuple[Action, ...]:
        """The different actions among the steps, in order."""
        return tuple(dict.fromkeys(step.action for step in self.steps))

    @property
    def final(self) -> bool:
        """Whether anything of it cannot be undone."""
        return any(action.final for action in self.actions)

    @property
    def title(self) -> str:
        """What is done, in a word or two."""
        return self.actions[0].title if len(self.actions) == 1 else "End"

    def filled(self, values: Values) -> Plan:
        """The same with a form's values."""
        return replace(self, values=values)


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the menu: one provider's action, and the sessions that it can be done to now."""

    action: Action
    provider: Clean
    plan: Plan

    @property
    def why_not(self) -> Clean | None:
        """Why it can be done to none of them; None when it can."""
        if self.plan.steps:
            return None
        return line("; ".join(dict.fromkeys(one.reason for one in self.plan.left_out)), 200)


def why_not(desk: Desk, session: Session, action: Action) -> str | None:
    """Why an action cannot be taken on a session now; None when it can."""
    shut = _shut(desk, session)
    if shut is not None:
        return shut
    newest = desk.board.sessions.get(session.key)
    if newest is None:
        return GONE
    if session.key in desk.board.remembered:
        return REMEMBERED
    pending = desk.creations.why_pending(session.key)
    if pending is not None:
        return pending
    if newest.status not in action.statuses:
        return _state(newest)
    health = desk.board.health.get(session.profile)
    refused = dict(health.greyed).get(action.operation) if health is not None else None
    if refused is not None:
        return f"the vendor does not let these keys do it: {refused}"
    if desk.writes.on_its_way(session.key, action.id):
        return f"{action.title} is on its way: its outcome comes by itself"
    return None


def _shut(desk: Desk, session: Session) -> str | None:
    """Why nothing at all can be written there."""
    if desk.read_only:
        return READ_ONLY
    profile = desk.profile(session.profile)
    if profile is None:
        return f"profile {session.profile} is not started"
    return f"profile {profile.name} is read-only" if profile.read_only else None


def _state(session: Session) -> str:
    status = session.status
    if status is Status.UNKNOWN:
        return f'its state is not known ("{session.provider_status}")'
    return f"it is {status.value}" if status.live else f"already {status.value}"


# --- x -----------------------------------------------------------------------------------------------------


def ending(desk: Desk, sessions: Sequence[Session]) -> Plan:
    """Ends every session by its provider's own way of ending."""
    return _plan(desk, sessions, _ending_of)


def _ending_of(spec: Spec) -> Action | None:
    return next((action for action in spec.actions if action.ends), None)


def why_not_end(desk: Desk, sessions: Sequence[Session]) -> str | None:
    """Why none of these can be ended now; None when one can."""
    if not sessions:
        return NO_SESSION
    return _all_left_out(ending(desk, sessions), "can be ended")


# --- a -----------------------------------------------------------------------------------------------------


def choices(desk: Desk, sessions: Sequence[Session]) -> list[Choice]:
    """Every action that the sessions' providers declare, with what it applies to."""
    found: list[Choice] = []
    for name in dict.fromkeys(session.provider for session in sessions):
        spec = desk.specs.get(name)
        mine = [session for session in sessions if session.provider == name]
        for action in spec.actions if spec is not None else ():
            plan = _plan(desk, mine, _always(action))
            found.append(Choice(action, line(spec.title if spec is not None else name), plan))
    return found


def _always(action: Action) -> Callable[[Spec], Action | None]:
    return lambda _spec: action


def why_no_choice(desk: Desk, sessions: Sequence[Session]) -> str | None:
    """Why there is no menu at all: what it greys, it shows with the reason."""
    if not sessions:
        return NO_SESSION
    if choices(desk, sessions):
        return None
    return _none_here(desk, sessions[0])


def _none_here(desk: Desk, session: Session) -> str:
    spec = desk.specs.get(session.provider)
    return f"{spec.title if spec is not None else session.provider} offers no action on a session"


def _plan(desk: Desk, sessions: Iterable[Session], choose: Callable[[Spec], Action | None]) -> Plan:
    steps: list[Step] = []
    left_out: list[LeftOut] = []
    for session in sessions:
        spec = desk.specs.get(session.provider)
        action = None if spec is None else choose(spec)
        if action is None:
            left_out.append(LeftOut(session, line(_no_action(desk, session))))
            continue
        reason = why_not(desk, session, action)
        if reason is None:
            steps.append(Step(session, action))
        else:
            left_out.append(LeftOut(session, line(reason)))
    return Plan(tuple(steps), tuple(left_out))


def _no_action(desk: Desk, session: Session) -> str:
    """Why a session cannot be ended whatever its state."""
    shut = _shut(desk, session)
    if shut is not None:
        return shut
    spec = desk.specs.get(session.provider)
    if spec is None or not spec.actions:
        return _none_here(desk, session)
    return f"{spec.title} has no way to end a session"


def _all_left_out(plan: Plan, what: str) -> str | None:
    if plan.steps:
        return None
    reasons = list(dict.fromkeys(one.reason for one in plan.left_out))
    if len(plan.left_out) == 1 or len(reasons) == 1:
        return reasons[0]
    return f"none of the {len(plan.left_out)} marked {what}: {reasons[0]}, ..."
