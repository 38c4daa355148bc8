"""Writes: each is sent once, and what came of it is told honestly. Nothing here tries again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from tui.live.context import Context, Retired
from tui.live.messages import Act, Acted, Create, Made
from tui.model.problem import BadAnswer, Busy, NoAnswer, Problem, UnknownOutcome, UsageProblem
from tui.model.session import Session
from tui.providers.base import Provider, Writer

T = TypeVar("T")


async def create(context: Context, errand: Create) -> Made:
    """Creates a session. Raises a `Problem`; `UnknownOutcome` where the vendor may have created it all the same."""
    provider = context.provider
    if provider.spec.create is None:
        raise UsageProblem(
            f"{errand.profile}: {provider.spec.title} offers no way to create a session"
        )
    created = await _sent(
        context, "the session may have been created", lambda writer: writer.create(errand.values)
    )
    session = None if created.row is None else _taken(context, created.row)
    return Made(errand.ticket, created, session)


async def act(context: Context, errand: Act) -> Acted:
    """Does an action. Raises as `create`."""
    provider = context.provider
    if all(action.id != errand.action for action in provider.spec.actions):
        known = ", ".join(action.id for action in provider.spec.actions) or "none"
        raise UsageProblem(
            f'{errand.profile}: there is no action "{errand.action}" here (known: {known})'
        )
    row = await _sent(
        context,
        f"{errand.action} may have been done",
        lambda writer: writer.act(errand.ref, errand.action, errand.values),
    )
    return Acted(errand.ticket, None if row is None else _taken(context, row))


async def _sent(context: Context, doubt: str, write: Callable[[Writer], Awaitable[T]]) -> T:
    answers: list[T] = []

    async def ask(provider: Provider) -> T:
        answers.append(await write(cast(Writer, provider)))
        return answers[0]

    try:
        return await context.ask(ask)
    except Retired as retired:
        if not answers:
            raise Retired(f"{retired.message}: nothing was sent") from None
        return answers[0]  # it was done before the profile was changed or removed
    except (NoAnswer, BadAnswer) as problem:
        raise _unknown(doubt, problem) from None
    except Busy as problem:
        if problem.status == 429:
            raise  # refused before anything was done
        raise _unknown(doubt, problem) from None


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
