"""What became of writes whose answer was lost: looked for at the polls, by reading only.

A create is looked for by its reference, where the vendor takes one; else the sessions that appeared while it may
have been carried out are candidates, and a person decides. An action is seen in the session it was done to.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, cast

from tui.live.context import AT_LEAST, Context
from tui.live.intent_file import Kept
from tui.live.ledger import LAST_MOMENT
from tui.model.intent import CREATE, Intent, IntentState
from tui.model.problem import NotFound, Problem
from tui.model.session import Key, Session
from tui.model.text import Opaque
from tui.providers.base import Action, Decoded, Look, Lost, Shows, Writer

FIND: Final = "find"
ENOUGH: Final = 2
"""So many complete looks without a trace are told as "not found"."""

_SHARE: Final = 0.25
_MOST: Final = 30
_CANDIDATES: Final = 20
# How far the vendor's clock may be from ours: where it has told its time, and where it has not.
_SLACK: Final = timedelta(seconds=2)
_BLIND_SLACK: Final = timedelta(minutes=2)

_NOT_FOUND: Final = (
    "not found in two complete looks, which proves nothing where a vendor hides what nobody has"
    " started: only you can send it again"
)
_TYPED: Final = (
    "sessions with the reference that was typed are there: choose the one that it made, if any"
)
_UNSHOWN: Final = "the vendor does not show whether it was done: look at the session"
_SHOWN: Final = "it was done: the session shows it"
_AS_BEFORE: Final = "not done, as far as the vendor shows: the session is as it was before"


class Reconciler:
    """Looks for one profile's lost writes."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._counted: dict[str, float] = {}
        self._unseen: set[str] = set()

    async def look(self, until: float) -> None:
        """One look for each write whose outcome is not known, the longest unknown first."""
        context = self._context
        context.ledger.load()
        open_ = context.ledger.unknown(context.profile)
        asked = [
            Opaque(kept.intent.id)
            for kept in open_
            if not _is_nameless(kept.intent) and kept.intent.looked < ENOUGH
        ]
        interval = context.schedule.interval
        most = min(_MOST, context.budget.within(interval, _SHARE))
        if asked and context.may_ask_beside(FIND):
            # However slow the vendor is, the oldest ones are asked for.
            await context.in_lanes(
                asked[:most], self._ask, until=max(until, context.now() + AT_LEAST)
            )

    def swept(self) -> None:
        """What the poll's listing shows of them; without a question. To be called at the end of a poll."""
        context = self._context
        open_ = context.ledger.unknown(context.profile)
        for kept in open_:
            if _is_nameless(kept.intent):
                self._gather(kept)
            elif kept.intent.id in self._unseen and self._is_swept(kept.intent):
                self._unseen.discard(kept.intent.id)
                if not self._listed(kept.intent):  # else the next look makes sure
                    self._missed(kept, ())
        if not open_:
            self._counted.clear()
            self._unseen.clear()

    async def _ask(self, id: Opaque) -> bool:
        """One look at the vendor; says whether to stop looking."""
        context = self._context
        kept = context.ledger.get(id)
        if kept is None:
            return False
        if not context.may_ask_beside(FIND):
            return True
        try:
            if kept.intent.what == CREATE:
                await self._find(kept)
            else:
                await self._look_at(kept)
        except Problem as problem:
            return context.refused_beside(FIND, problem)
        return False

    # --- a create with a reference ----------------------------------------------------------------------

    async def _find(self, kept: Kept) -> None:
        context, intent = self._context, kept.intent
        reference = intent.reference
        if reference is None:
            return
        late, as_of = self._is_late(intent), context.now()
        since, _ = self._window(intent, _BLIND_SLACK)
        until = self._by_vendor(context.clock.now()) + _BLIND_SLACK
        lost = Lost(reference, since, until, self._listed(intent))
        look = await context.ask(lambda provider: cast(Writer, provider).find(lost))
        if context.ledger.get(intent.id) is None:
            return
        if look.rows:
            self._judge(kept, look, as_of, late)
        elif late and look.complete:
            self._missed(kept, ())
        elif late:
            self._unseen.add(intent.id)  # a complete listing has to agree

    def _listed(self, intent: Intent) -> tuple[Opaque, ...]:
        """Sessions of the listing that look like it: no question is needed to see them."""
        context, reference = self._context, intent.reference
        if reference is None:
            return ()
        writer = cast(Writer, context.provider)
        return tuple(
            entry.id
            for entry in context.index.entries.values()
            if writer.looks_like(entry.session, reference)
        )

    def _judge(self, kept: Kept, look: Look, as_of: float, late: bool) -> None:
        """Something carries the reference. One that was typed may be older than the write, or another's."""
        intent, ledger = kept.intent, self._context.ledger
        read = [(row, self._context.provider.decode(row, full=True)) for row in look.rows]
        if kept.sure:
            read = [
                (row, one)
                for row, one in read
                if one.session is None or not ledger.is_made(one.session.key)
            ]
        else:
            read = [(row, one) for row, one in read if self._is_new(kept, one.session)]
        certain = len(read) == 1 and (kept.sure or self._began_after(kept, read[0][1].session))
        if certain:
            row, decoded = read[0]
            self._found(intent, row, decoded, as_of)
        elif read:
            sessions = [one.session for _, one in read if one.session is not None]
            ledger.looked(intent.id, complete=late, candidates=_keys(sessions), reason=_TYPED)
        elif late:
            self._missed(kept, ())

    def _found(self, intent: Intent, row: bytes, decoded: Decoded, as_of: float) -> None:
        context, session = self._context, decoded.session
        if session is not None:
            context.attention.pinned.add(session.id)  # as if it had been opened
            self._show(row, decoded, as_of)
        key = None if session is None else session.key
        words = "it was made, and is on the board" if key else "it was made, and has no id yet"
        context.ledger.settle(intent.id, IntentState.DONE, key, words)

    def _show(self, row: bytes, decoded: Decoded, as_of: float) -> None:
        context, session = self._context, decoded.session
        if session is None:
            return
        news = context.index.take_reading(
            row,
            session,
            drifted=bool(decoded.drift),
            as_of=as_of,
            wants=context.provider.wants_people,
        )
        context.outbox.sessions((news,) if news is not None else ())

    def _missed(self, kept: Kept, candidates: tuple[Key, ...]) -> None:
        """A complete look after the last moment, and no trace of it."""
        enough = kept.intent.looked + 1 >= ENOUGH
        self._context.ledger.looked(
            kept.intent.id,
            complete=True,
            candidates=candidates,
            reason=_NOT_FOUND if enough and not candidates else None,
        )

    # --- a create without one ---------------------------------------------------------------------------

    def _gather(self, kept: Kept) -> None:
        """The sessions that appeared while it may have been carried out. Costs no question."""
        intent, ledger = kept.intent, self._context.ledger
        if intent.looked >= ENOUGH:
            return
        entries = self._context.index.entries.values()
        found = [entry.session for entry in entries if self._is_candidate(kept, entry.session)]
        if self._is_late(intent) and self._is_swept(intent):
            self._missed(kept, _keys(found))
        else:
            ledger.looked(intent.id, complete=False, candidates=_keys(found))

    def _is_candidate(self, kept: Kept, session: Session) -> bool:
        if not self._is_new(kept, session):
            return False
        if session.began is None:
            return kept.known is not None  # else nobody knows whether it was there before
        since, until = self._window(kept.intent, _BLIND_SLACK)
        return since <= session.began <= until

    def _is_new(self, kept: Kept, session: Session | None) -> bool:
        """Whether a session was not there before, and is not known to have come from another write of ours."""
        if session is None:
            return True
        before = kept.known is not None and session.id in kept.known
        return not before and not self._context.ledger.is_made(session.key)

    # --- an action --------------------------------------------------------------------------------------

    async def _look_at(self, kept: Kept) -> None:
        context, intent = self._context, kept.intent
        ref = intent.ref
        action = next((a for a in context.provider.spec.actions if a.id == intent.what), None)
        if ref is None or action is None or action.shows is Shows.NOTHING:
            context.ledger.looked(intent.id, complete=True, reason=_UNSHOWN)
            return
        late, as_of = self._is_late(intent), context.now()
        row: bytes | None = None
        try:
            row = await context.ask(lambda provider: provider.row(ref))
        except NotFound:
            decoded = None
        else:
            decoded = context.provider.decode(row, full=True)
        if row is not None and decoded is not None:
            self._show(row, decoded, as_of)
        self._weigh(kept, action, None if decoded is None else decoded.session, late)

    def _weigh(self, kept: Kept, action: Action, session: Session | None, late: bool) -> None:
        intent, ledger = kept.intent, self._context.ledger
        done = _is_done(action, kept.expires, session)
        if done:
            key = None if session is None else session.key
            ledger.settle(intent.id, IntentState.DONE, key, _SHOWN)
        elif done is None:
            ledger.looked(intent.id, complete=late, reason=_UNSHOWN if late else None)
        elif late and intent.looked + 1 >= ENOUGH:
            key = None if session is None else session.key
            ledger.settle(intent.id, IntentState.NOT_DONE, key, _AS_BEFORE)
        else:
            ledger.looked(intent.id, complete=late)

    # --- times ------------------------------------------------------------------------------------------

    def _is_late(self, intent: Intent) -> bool:
        """Whether the write cannot be carried out any more."""
        return self._context.now() >= self._context.ledger.deadline(intent.id)

    def _is_swept(self, intent: Intent) -> bool:
        """Whether a listing that was begun after the last moment has reached its end, since the last time asked."""
        whole = self._context.index.whole_since
        if whole is None or whole < self._context.ledger.deadline(intent.id):
            return False
        if self._counted.get(intent.id) == whole:
            return False
        self._counted[intent.id] = whole
        return True

    def _by_vendor(self, at: datetime) -> datetime:
        return at + (self._context.skew or timedelta())

    def _window(self, intent: Intent, blind: timedelta) -> tuple[datetime, datetime]:
        """When it may have been carried out, by the vendor's clock."""
        slack = _SLACK if self._context.skew is not None else blind
        sent = self._by_vendor(intent.at)
        return sent - slack, sent + LAST_MOMENT + slack

    def _began_after(self, kept: Kept, session: Session | None) -> bool:
        """Whether a session was surely made after the write was sent: vendors tell whole seconds, and their clock
        counts only where it is known how far it is from ours, or what was there before."""
        if session is None or session.created_at is None:
            return False
        if self._context.skew is None and kept.known is None:
            return False
        return session.created_at >= self._by_vendor(kept.intent.at).replace(microsecond=0)


def _is_nameless(intent: Intent) -> bool:
    """Whether it is a create that nothing can be found by."""
    return intent.what == CREATE and intent.reference is None


def _is_done(action: Action, expires: datetime | None, session: Session | None) -> bool | None:
    """Whether the session shows that the action was done; None when it shows neither."""
    if session is None:
        return True if action.shows is Shows.GONE else None
    match action.shows:
        case Shows.GONE:
            return False
        case Shows.ENDED:
            return not session.status.live
        case Shows.OPEN:
            return session.status.live
        case Shows.LATER_EXPIRY:
            if expires is None or session.expires_at is None:
                return None
            return session.expires_at > expires
        case _:
            return None


def _keys(sessions: list[Session]) -> tuple[Key, ...]:
    return tuple(session.key for session in sessions[:_CANDIDATES])
