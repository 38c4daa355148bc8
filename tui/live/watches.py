"""Sessions that a screen looks at: read whole by id at every refresh, told when they changed."""

from __future__ import annotations

from typing import Final

from tui.live.commands import Unwatch, Watch
from tui.live.context import Context, Watched
from tui.live.entry import with_people
from tui.live.messages import Detail, Spoken
from tui.live.reread import PEOPLE, ROW, ask_people
from tui.model.problem import BadAnswer, NotFound, Problem
from tui.model.session import Key, Session
from tui.model.text import Opaque

TRANSCRIPT: Final = "transcript"


class Watcher:
    """The watches of one profile."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def start(self, command: Watch) -> Watched:
        """A screen begins to look; it is told everything anew."""
        watched = self._context.attention.watched.setdefault(command.key.id, Watched())
        if command.transcript:
            watched.transcript = True
            watched.spoken = watched.spoken_trouble = None
        else:
            watched.detail = True
        watched.row = watched.session = watched.trouble = None
        return watched

    def stop(self, command: Unwatch) -> None:
        """A screen has gone."""
        watched = self._context.attention.watched.get(command.key.id)
        if watched is None:
            return
        if command.transcript:
            watched.transcript = False
        else:
            watched.detail = False
        if not (watched.detail or watched.transcript):
            del self._context.attention.watched[command.key.id]

    async def refresh(self, until: float) -> None:
        """Reads again what may have changed."""
        context = self._context
        due = [
            ref for ref, watched in context.attention.watched.items() if self._is_due(ref, watched)
        ]
        if due and context.may_ask_beside(ROW):
            await context.in_lanes(due, self._look_again, until=until)

    def _is_due(self, ref: Opaque, watched: Watched) -> bool:
        """Live sessions always; one that has ended only when its row has changed since."""
        session = watched.session
        if session is None or session.status.live:
            return True
        if watched.transcript and watched.spoken is None and watched.spoken_trouble is None:
            return True
        entry = self._context.index.entries.get(ref)
        return entry is not None and entry.session is not watched.on_board

    async def _look_again(self, ref: Opaque) -> bool:
        watched = self._context.attention.watched.get(ref)
        if watched is not None:
            await self.look(ref, watched)
        return not self._context.may_ask_beside(ROW)

    async def look(self, ref: Opaque, watched: Watched, *, asked: bool = False) -> None:
        """Reads one session and tells what is new. `asked`: by a person, whatever was refused before."""
        if watched.lock.locked() and not asked:
            return
        async with watched.lock:
            session = await self._read(ref, watched)
            if session is not None and watched.transcript:
                await self._listen(session, watched, asked)

    # --- the detail -------------------------------------------------------------------------------------

    async def _read(self, ref: Opaque, watched: Watched) -> Session | None:
        context = self._context
        as_of = context.now()
        try:
            row = await context.ask(lambda provider: provider.row(ref))
            session = self._whole(ref, watched, row, as_of)
            session = await self._with_people(ref, session)
        except Problem as problem:
            self._trouble(ref, watched, problem)
            return None
        recovered, watched.trouble = watched.trouble is not None, None
        if session != watched.session or recovered:
            watched.session = session
            context.outbox.watched(Detail(self._key(ref), session))
        entry = context.index.entries.get(ref)
        watched.on_board = entry.session if entry is not None else None
        return session

    def _whole(self, ref: Opaque, watched: Watched, row: bytes, as_of: float) -> Session:
        """The session with all its fields; the board hears of it too. Raises `BadAnswer`."""
        context = self._context
        if (
            watched.session is not None
            and watched.row == hash(row)
            and context.index.same_reading(ref, row, as_of)
        ):
            return watched.session
        decoded = context.provider.decode(row, full=True)
        session = decoded.session
        if session is None:
            raise BadAnswer("reading the session: the answer holds no session")
        watched.row = hash(row)
        if session.id == ref and ref in context.index.entries:
            news = context.index.take_reading(
                row,
                session,
                drifted=bool(decoded.drift),
                as_of=as_of,
                wants=context.provider.wants_people,
            )
            if news is not None:
                context.outbox.sessions((news,))
        return session

    async def _with_people(self, ref: Opaque, session: Session) -> Session:
        context = self._context
        entry = context.index.entries.get(ref)
        if not context.provider.wants_people(session):
            return session
        if entry is None:
            return await context.ask(lambda provider: provider.people(session))
        if not entry.people_known and context.may_ask_beside(PEOPLE):
            try:
                await ask_people(context, entry)
            except Problem as problem:
                context.refused_beside(PEOPLE, problem)  # the session itself is still worth showing
        return with_people(session, entry.people)

    def _trouble(self, ref: Opaque, watched: Watched, problem: Problem) -> None:
        context = self._context
        if isinstance(problem, NotFound):
            context.not_found(ref)
        else:
            context.refused_beside(ROW, problem)
        if watched.trouble != problem.message:
            watched.trouble = problem.message
            context.outbox.watched(Detail(self._key(ref), None, problem))

    # --- the transcript ---------------------------------------------------------------------------------

    async def _listen(self, session: Session, watched: Watched, asked: bool) -> None:
        """Reads the transcript. Raises nothing: what went wrong is told."""
        context = self._context
        if not asked and context.health.greyed(TRANSCRIPT):
            return
        key = self._key(session.id)
        try:
            spoken = await context.ask(lambda provider: provider.transcript(session))
        except Problem as problem:
            context.refused_beside(TRANSCRIPT, problem)
            if watched.spoken_trouble != problem.message:
                watched.spoken_trouble = problem.message
                context.outbox.watched(Spoken(key, None, problem))
            return
        recovered, watched.spoken_trouble = watched.spoken_trouble is not None, None
        if spoken != watched.spoken or recovered:
            watched.spoken = spoken
            context.outbox.watched(Spoken(key, spoken))

    def _key(self, ref: Opaque) -> Key:
        return Key(self._context.profile.name, ref)
