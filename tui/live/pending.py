"""Created sessions that the vendor does not show yet: a row stands for each until its own is there.

A vendor may answer a create with a token only, and give the session an id when it is started; or with an id whose
details cannot be had for a moment. The token or id is asked for at the polls, less and less often, until the real
row takes the place of the pending one, or until it is over.
"""

from __future__ import annotations

from typing import Final

from tui.live.commands import Create
from tui.live.context import AT_LEAST, Context, Pending
from tui.live.messages import Grown
from tui.live.reread import ROW
from tui.model.form import Values
from tui.model.problem import BadAnswer, Busy, NotFound, Problem
from tui.model.session import Key, Session
from tui.model.status import Status
from tui.model.text import Clean, Opaque, line

WORD: Final = line("pending")
_SLOWER: Final = 1.5
_SLOWEST: Final = 60.0
_TOO_EARLY: Final = 409


def expect(context: Context, errand: Create, ref: Opaque, *, for_now: bool) -> None:
    """From now on a row stands for the session that was just created, and its own is asked for."""
    now = context.now()
    session = Session(
        profile=context.profile.name,
        provider=context.profile.provider,
        id=ref,
        status=Status.NOT_STARTED,
        provider_status=WORD,
        # The operator's own words, which live in memory only: whose row it is must be seen at a glance.
        customer=_typed(errand.values, "customer_name"),
        customer_email=_typed(errand.values, "customer_email"),
    )
    due = now + context.schedule.interval
    context.attention.pending[ref] = Pending(errand.ticket, session, for_now, now, due)
    context.ledger.note_made(session.key)
    if not context.retired:
        _stand_in(context, session, now)


def _typed(values: Values, name: str) -> Clean | None:
    value = values.get(name)
    return line(value) if isinstance(value, str) and value else None


def _stand_in(context: Context, session: Session, now: float) -> None:
    if session.id not in context.index.entries:
        context.index.take_pending(session, now)
        context.outbox.sessions((session,))


class Pendings:
    """The pending sessions of one profile; what is known of them outlives a change of its keys."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def look(self, now: float, until: float) -> None:
        """Asks for those that are due."""
        context = self._context
        waiting = context.attention.pending
        for one in waiting.values():
            _stand_in(context, one.session, now)
        due = [ref for ref, one in waiting.items() if one.due <= now]
        if due and context.may_ask_beside(ROW):
            await context.in_lanes(due, self._ask, until=max(until, context.now() + AT_LEAST))

    async def _ask(self, ref: Opaque) -> bool:
        """Asks for one; says whether to stop asking."""
        context = self._context
        one = context.attention.pending.get(ref)
        if one is None:
            return False
        if not context.may_ask_beside(ROW):
            return True
        as_of = context.now()
        one.tries += 1
        interval = context.schedule.interval
        one.due = as_of + max(interval, min(interval * _SLOWER**one.tries, _SLOWEST))
        try:
            row = await context.ask(lambda provider: provider.row(ref))
        except (NotFound, BadAnswer):
            self._give_up(ref, one)
            return False
        except Problem as problem:
            if isinstance(problem, Busy) and problem.status == _TOO_EARLY:
                return False
            return context.refused_beside(ROW, problem)
        self._take(ref, one, row, as_of)
        return False

    def _give_up(self, ref: Opaque, one: Pending) -> None:
        """The vendor does not know it: after the whole history window nothing is expected any more."""
        context = self._context
        if context.now() - one.since >= context.profile.history_hours * 3600:
            self._drop(ref)
            context.outbox.gone((ref,))

    def _drop(self, ref: Opaque) -> None:
        self._context.attention.pending.pop(ref, None)
        self._context.index.forget(ref)

    def _take(self, ref: Opaque, one: Pending, row: bytes, as_of: float) -> None:
        context = self._context
        decoded = context.provider.decode(row, full=True)
        session = decoded.session
        if session is None or context.attention.pending.get(ref) is not one:
            return
        still = session.id == ref and one.for_now and session.status.live
        if session.id != ref:
            self._drop(ref)
        elif not still:
            context.attention.pending.pop(ref)
        news = context.index.take_reading(
            row,
            session,
            drifted=bool(decoded.drift),
            as_of=as_of,
            wants=context.provider.wants_people,
        )
        if still:
            one.session = context.index.entries[ref].session
            context.outbox.sessions((news,) if news is not None else ())
            return
        context.ledger.note_made(session.key)
        # As if it had been opened: the listing may take its time too.
        context.attention.pinned.add(session.id)
        shown = context.index.entries[session.id].session
        replaced = ref if session.id != ref else None
        instead_of = None if replaced is None else Key(context.profile.name, replaced)
        context.outbox.grown(shown, replaced, Grown(one.ticket, shown, instead_of))
