"""Writes: each is written down, sent once, and what came of it is told honestly. Nothing here tries again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar, cast

from tui.live import pending
from tui.live.commands import Act, Create
from tui.live.context import WRITING, Context, Retired
from tui.live.ledger import Flight, Sending
from tui.live.log import Wrote, outcome_of
from tui.live.messages import Acted, Made
from tui.model.intent import CREATE
from tui.model.problem import (
    BadAnswer,
    Busy,
    KeysRejected,
    NoAnswer,
    Problem,
    UnknownOutcome,
    UsageProblem,
)
from tui.model.session import Session
from tui.model.text import NO_TEXT, Clean, Opaque, line, shown
from tui.net.exchange import Exchange
from tui.providers.base import Action, Created, Prepared, Provider, Writer

T = TypeVar("T")
_CUT_SHORT = "sessiontop was ended before the answer came: look at the list before trying again"


async def create(context: Context, errand: Create) -> Made:
    """Creates a session. Raises a `Problem`; `UnknownOutcome` where the vendor may have created it all the same."""
    provider = context.provider
    if provider.spec.create is None:
        raise UsageProblem(
            f"{errand.profile}: {provider.spec.title} offers no way to create a session"
        )
    with context.ledger.flight(context.profile, CREATE, None, errand.values) as flight:
        prepared = cast(Writer, provider).prepare(errand.values)
        created = await _sent(
            context,
            flight,
            _sending(context, prepared),
            "the session may have been created",
            lambda writer: writer.create(prepared.values),
        )
    return Made(errand.ticket, created, _born(context, errand, created))


def _sending(context: Context, prepared: Prepared) -> Sending:
    """What is written down. Where nothing names the new session, those that were there before cannot be it."""
    index = context.index
    known = None
    if (prepared.reference is None or not prepared.sure) and index.whole_since is not None:
        known = frozenset(index.entries)
    return Sending(prepared.reference, prepared.sure, known=known)


def _born(context: Context, errand: Create, created: Created) -> Session | None:
    """The new session on the board, or a row that stands for it until the vendor shows it."""
    session = None if created.row is None else _taken(context, created.row)
    if session is not None:
        context.ledger.note_made(session.key)
    elif created.ref is not None:
        pending.expect(context, errand, created.ref, for_now=created.for_now)
    return session


async def act(context: Context, errand: Act) -> Acted:
    """Does an action. Raises as `create`. What the vendor does not let these keys do is greyed from then on."""
    action = _action(context, errand)
    made: list[Exchange] = []
    mine = WRITING.set(made)
    try:
        row = await _done(context, errand)
    except KeysRejected as problem:
        context.health.grey(action.operation, problem.message)
        context.health.tell()
        raise
    finally:
        WRITING.reset(mine)
    already = _was_so(made)
    if action.removes:
        _removed(context, errand.ref)
        return Acted(errand.ticket, None, already=already, gone=True)
    session = None if row is None else _taken(context, row)
    return Acted(errand.ticket, session, already=already)


async def _done(context: Context, errand: Act) -> bytes | None:
    with context.ledger.flight(context.profile, errand.action, errand.ref, errand.values) as flight:
        before = context.index.entries.get(errand.ref)
        return await _sent(
            context,
            flight,
            Sending(expires=None if before is None else before.session.expires_at),
            f"{errand.action} may have been done",
            lambda writer: writer.act(errand.ref, errand.action, errand.values),
        )


def wrote(errand: Create | Act, answer: Made | Acted, at: datetime) -> Wrote:
    """What the event log keeps of a write: which, and what came of it."""
    problem = answer.problem
    if isinstance(errand, Act):
        what, ref = errand.action, shown(errand.ref)
    else:
        what, ref = "create", _made_ref(answer)
    already = isinstance(answer, Acted) and answer.already
    if problem is not None:
        words = problem.message
    else:
        words = line(f"it is {answer.session.status.value} now") if answer.session else NO_TEXT
    return Wrote(at, errand.profile, what, ref, outcome_of(problem, already=already), words)


def _made_ref(answer: Made | Acted) -> Clean:
    return shown(answer.session.id) if answer.session is not None else NO_TEXT


def _action(context: Context, errand: Act) -> Action:
    """The declared action. Raises `UsageProblem` for another one."""
    actions = {action.id: action for action in context.provider.spec.actions}
    if errand.action in actions:
        return actions[errand.action]
    known = ", ".join(actions) or "none"
    raise UsageProblem(
        f'{errand.profile}: there is no action "{errand.action}" here (known: {known})'
    )


def _was_so(made: list[Exchange]) -> bool:
    """Whether the vendor refused what the provider then found to be so: it had been done before."""
    status = made[-1].status if made else None
    return status is not None and 400 <= status < 500


async def _sent(
    context: Context,
    flight: Flight,
    sending: Sending,
    doubt: str,
    write: Callable[[Writer], Awaitable[T]],
) -> T:
    answers: list[T] = []

    async def ask(provider: Provider) -> T:
        flight.departs(sending)
        answers.append(await write(cast(Writer, provider)))
        return answers[0]

    try:
        answer = await context.ask(ask)
    except Retired as retired:
        if not answers:
            raise Retired(f"{retired.message}: nothing was sent") from None
        answer = answers[0]  # it was done before the profile was changed or removed
    except Problem as problem:
        if not _is_unclear(problem):
            flight.arrived()
            raise
        lost = _unknown(doubt, problem)
        lost.intent = flight.lost(lost)
        raise lost from None
    except BaseException:
        flight.lost(UnknownOutcome(f"{doubt}: {_CUT_SHORT}"))
        raise
    flight.arrived(done=True)
    return answer


def _is_unclear(problem: Problem) -> bool:
    """Whether it may have been done all the same. A 429 is a refusal before anything was done."""
    if isinstance(problem, Busy):
        return problem.status != 429
    return isinstance(problem, (NoAnswer, BadAnswer))


def _unknown(doubt: str, problem: Problem) -> UnknownOutcome:
    return UnknownOutcome(
        f"{doubt}, but no clear answer came: look at the list before trying again"
        f" ({problem.message})"
    )


def _removed(context: Context, ref: Opaque) -> None:
    """The vendor has it no more: it leaves the board at once, and a listing asked before brings it not back."""
    if not context.retired:
        context.attention.pinned.discard(ref)
        context.index.remove(ref, context.now())
        context.outbox.gone((ref,))


def _taken(context: Context, row: bytes) -> Session | None:
    """The row that a write answered, on the board at once unless the worker was replaced meanwhile."""
    as_of = context.now()
    decoded = context.provider.decode(row, full=True)
    session = decoded.session
    if session is not None and not context.retired:
        news = context.index.take_reading(
            row,
            session,
            drifted=bool(decoded.drift),
            as_of=as_of,
            wants=context.provider.wants_people,
        )
        context.outbox.sessions((news,) if news is not None else ())
    return session
