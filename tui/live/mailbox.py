"""The one box from the engine to its reader: thread-safe, coalescing, emptied in one swap.

A slow reader finds the newest state of each thing and never a backlog: what came between is not kept.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress

from tui.live.backlog import Backlog
from tui.live.log import WRITES_KEPT, Wrote
from tui.live.messages import Answer, Batch, Detail, Health, Spoken
from tui.model.intent import Intent
from tui.model.problem import Problem
from tui.model.session import Key, Session
from tui.model.text import Clean
from tui.net.exchange import Exchange

EXCHANGES_KEPT = 1000
# Requests alone wake nobody, but the reader is asked to fetch them long before the oldest are dropped.
_EXCHANGES_WAKE = EXCHANGES_KEPT // 2


class _Pile:
    """What lies in the box. Handed over whole when the box is emptied."""

    __slots__ = (
        "answers",
        "exchanges",
        "gone",
        "health",
        "intents",
        "removed",
        "rows",
        "sessions",
        "troubles",
        "wrote",
    )

    def __init__(self) -> None:
        self.sessions: dict[Key, Session] = {}
        self.rows = Backlog()  # never of a key that is in `sessions`
        self.gone: dict[Key, None] = {}
        self.health: dict[str, Health] = {}
        self.answers: dict[Hashable, Answer] = {}
        self.exchanges: deque[Exchange] = deque(maxlen=EXCHANGES_KEPT)
        self.removed: dict[str, None] = {}
        self.intents: tuple[Intent, ...] | None = None
        self.wrote: deque[Wrote] = deque(maxlen=WRITES_KEPT)
        self.troubles: tuple[Clean, ...] | None = None

    def forget(self, profile: str) -> None:
        """Takes out what is about one profile's sessions and health."""
        self.sessions = {key: value for key, value in self.sessions.items() if key[0] != profile}
        self.rows.forget(profile)
        self.gone = {key: None for key in self.gone if key[0] != profile}
        self.health.pop(profile, None)

    def put(self, session: Session) -> None:
        """A session in its newest state."""
        key = session.key
        self.gone.pop(key, None)
        self.rows.take_out(key)
        self.sessions[key] = session

    def put_row(self, session: Session) -> None:
        """The same, of a session that can wait for its turn, unless it is to be told at once anyway."""
        # Without a key of its own: of these there are many.
        if self.gone:
            self.gone.pop(session.key, None)
        if self.sessions and session.key in self.sessions:
            self.sessions[session.key] = session
        else:
            self.rows.put(session)

    def take_out(self, key: Key) -> None:
        """A session that is no more."""
        self.sessions.pop(key, None)
        self.rows.take_out(key)
        self.gone[key] = None

    def batch(self, *, more: bool) -> Batch:
        return Batch(
            sessions=(*self.sessions.values(), *self.rows),
            more=more,
            gone=tuple(self.gone),
            health=self.health,
            answers=tuple(self.answers.values()),
            exchanges=tuple(self.exchanges),
            removed=tuple(self.removed),
            intents=self.intents,
            wrote=tuple(self.wrote),
            troubles=self.troubles,
        )


class Mailbox:
    """`tell_*` is the engine's side, the rest the reader's. Any thread may call anything."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pile = _Pile()
        self._ready = threading.Event()
        self._wake: Callable[[], None] | None = None
        self._announced = False
        self._following = False

    # --- the reader's side ------------------------------------------------------------------------------

    def drain(self, most: int | None = None) -> Batch:
        """Empties the box; the engine waits for one swap of references only.

        With `most`, rows of listings that are more than so many stay in the box for the next time: nobody is called
        for their sake, the batch says that there are `more`.
        """
        fresh = _Pile()
        with self._lock:
            pile, self._pile = self._pile, fresh
            self._announced = False
            self._ready.clear()
            rows = pile.rows
            if most is not None and len(rows) > most:
                pile.rows, fresh.rows = rows.first(most), rows
                self._ready.set()
        return pile.batch(more=len(fresh.rows) > 0)

    def on_ready(self, wake: Callable[[], None]) -> None:
        """`wake` is called from the engine's thread, once each time the box goes from empty to non-empty.

        It must only pass the word on. What lies in the box already is announced with the next news: empty
        the box once after asking. An error in `wake` is dropped: the reader has gone.
        """
        with self._lock:
            self._wake = wake
            self._announced = False

    def wait(self, timeout: float | None = None) -> bool:
        """Blocks until there is something, at most `timeout` seconds; says whether there is."""
        return self._ready.wait(timeout)

    def follow_log(self, on: bool) -> None:
        """Whether requests alone wake the reader."""
        with self._lock:
            self._following = on

    # --- the engine's side ------------------------------------------------------------------------------

    def tell_sessions(self, sessions: Iterable[Session]) -> None:
        """Sessions that are new or changed: the next batch has them all."""
        self._tell(sessions, _Pile.put)

    def tell_rows(self, sessions: Iterable[Session]) -> None:
        """Sessions that a listing shows, maybe very many: a reader may take them little by little."""
        self._tell(sessions, _Pile.put_row)

    def _tell(self, sessions: Iterable[Session], put: Callable[[_Pile, Session], None]) -> None:
        with self._lock:
            pile = self._pile
            for session in sessions:
                put(pile, session)
            wake = self._news() if pile.sessions or len(pile.rows) else None
        _call(wake)

    def tell_gone(self, keys: Iterable[Key]) -> None:
        """Sessions that are no more."""
        with self._lock:
            pile = self._pile
            for key in keys:
                pile.take_out(key)
            wake = self._news() if pile.gone else None
        _call(wake)

    def tell_grown(self, session: Session, instead_of: Key | None, answer: Answer | None) -> None:
        """A session in the place of the row that stood for it; nobody ever finds both, or neither."""
        with self._lock:
            pile = self._pile
            if instead_of is not None:
                pile.take_out(instead_of)
            pile.put(session)
            if answer is not None:
                pile.answers[_slot(answer)] = answer
            wake = self._news()
        _call(wake)

    def tell_intents(self, intents: tuple[Intent, ...]) -> None:
        """All writes without a known outcome; the newest list is the one that counts."""
        with self._lock:
            self._pile.intents = intents
            wake = self._news()
        _call(wake)

    def tell_troubles(self, troubles: tuple[Clean, ...]) -> None:
        """What of the writes on the disk cannot be read, a sentence each."""
        with self._lock:
            self._pile.troubles = troubles
            wake = self._news()
        _call(wake)

    def tell_health(self, health: Health) -> None:
        """How one profile fares now."""
        with self._lock:
            self._pile.health[health.profile] = health
            wake = self._news()
        _call(wake)

    def tell_answer(self, answer: Answer) -> None:
        """The answer to a question. Of a watched session only the newest is kept, of a ticket every one."""
        problem = getattr(answer, "problem", None)
        if isinstance(problem, Problem):
            problem.bare()  # what crosses is frozen values, and no frames with what was sent and answered
        with self._lock:
            self._pile.answers[_slot(answer)] = answer
            wake = self._news()
        _call(wake)

    def tell_exchange(self, exchange: Exchange) -> None:
        """One request that was made."""
        with self._lock:
            waiting = self._pile.exchanges
            waiting.append(exchange)
            wake = self._news() if self._following or len(waiting) >= _EXCHANGES_WAKE else None
        _call(wake)

    def tell_wrote(self, wrote: Wrote) -> None:
        """What came of one write."""
        with self._lock:
            self._pile.wrote.append(wrote)
            wake = self._news()
        _call(wake)

    def tell_removed(self, profile: str) -> None:
        """A profile that has no worker any more; its sessions and its health go with it."""
        with self._lock:
            self._pile.forget(profile)
            self._pile.removed[profile] = None
            wake = self._news()
        _call(wake)

    def _news(self) -> Callable[[], None] | None:
        """Under the lock: whom to call, if somebody has to be called."""
        self._ready.set()
        if self._announced:
            return None
        self._announced = True
        return self._wake


def _call(wake: Callable[[], None] | None) -> None:
    if wake is not None:
        with suppress(Exception):
            wake()


def _slot(answer: Answer) -> Hashable:
    if isinstance(answer, (Detail, Spoken)):
        return (type(answer), answer.key)
    return (type(answer), answer.ticket)
