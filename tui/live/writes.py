"""Writes: each is written down, sent once, and what came of it is told honestly. Nothing here tries again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from tui.live import pending
from tui.live.context import Context, Retired
from tui.live.ledger import Flight, Sending
from tui.live.messages import Act, Acted, Create, Made
from tui.model.intent import CREATE
from tui.model.problem import BadAnswer, Busy, NoAnswer, Problem, UnknownOutcome, UsageProblem
from tui.model.session import Session
from tui.providers.base import Created, Prepared, Provider, Writer

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
    """Does an action. Raises as `create`."""
    provider = context.provider
    if all(action.id != errand.action for action in provider.spec.actions):
        known = ", ".join(action.id for action in provider.spec.actions) or "none"
        raise UsageProblem(
            f'{errand.profile}: there is no action "{errand.action}" here (known: {known})'
        )
    with context.ledger.flight(context.profile, errand.action, errand.ref, errand.values) as flight:
        before = context.index.entries.get(errand.ref)
        row = await _sent(
            context,
            flight,
            Sending(expires=None if before is None else before.session.expires_at),
            f"{errand.action} may have been done",
            lambda writer: writer.act(errand.ref, errand.action, errand.values),
        )
    return Acted(errand.ticket, None if row is None else _taken(context, row))


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
