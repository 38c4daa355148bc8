"""The simulated support desk: sessions arrive, wait, are talked in, end or are given up.

No vendor is known here. The state is a pure function of seed, number of sessions, rate, start and
the time that passed since then (and of scenario calls, when there are any): due events are worked
off in order by `advance_to`, whoever asks and however often. There is no thread and no timer.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from threading import RLock
from typing import Any, Protocol

from tui.simulator.crowd import Crowd
from tui.simulator.happenings import Happenings
from tui.simulator.kinds import LIVE, Kind, Line, Role, Session, State
from tui.simulator.population import populate
from tui.simulator.stories import Stories
from tui.simulator.wings import Wing


class Naming(Protocol):
    """How a vendor names the sessions of one kind, and finds the number behind a name."""

    def public_id(self, serial: int) -> str: ...

    def serial(self, public_id: str) -> int | None: ...


class _Plain:
    """Names of a desk that no vendor stands in front of."""

    def public_id(self, serial: int) -> str:
        return f"session-{serial}"

    def serial(self, public_id: str) -> int | None:
        head, _, digits = public_id.partition("-")
        return int(digits) if head == "session" and digits.isdecimal() else None


def utc_now() -> datetime:
    """The real time, aware UTC."""
    return datetime.now(UTC)


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware datetime. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("the clock must give aware datetimes")
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


class Desk:
    """A support desk. All public methods may be called from any thread.

    seed      chooses people, words and events
    sessions  how many there are at the start (0 or more; 200,000 take about a second)
    rate      events per minute over the whole desk; 0: nothing happens by itself
    now       the clock: a callable giving aware UTC datetimes. A clock that goes back is ignored
    naming    how vendors name sessions; scenario calls take and return these ids
    wings     kinds of session that come on top of the desk's own, see `wings.py`
    """

    def __init__(
        self,
        seed: int = 1,
        sessions: int = 40,
        rate: float = 0.0,
        now: Callable[[], datetime] = utc_now,
        naming: dict[Kind, Naming] | None = None,
        wings: Iterable[type[Wing[Any]]] = (),
    ) -> None:
        if sessions < 0 or rate < 0:
            raise ValueError("sessions and rate cannot be negative")
        self.lock = RLock()
        self.seed = seed
        self.stories = Stories(seed)
        self.started = self.time = milliseconds(now())
        self._now = now
        self._naming = naming or {}
        self._sessions = populate(Random(f"{seed}|people"), self.stories, sessions, self.started)
        self._by_kind: dict[Kind, list[Session]] = {kind: [] for kind in Kind}
        self._deleted: set[int] = set()
        self.waiting, self.talking, self.launched = Crowd(), Crowd(), Crowd()
        for session in self._sessions:
            self._by_kind[session.kind].append(session)
            self._seat(session)
        self.membership = 0
        self.changes = 0
        self._happenings = Happenings(
            seed, rate, self.started, len(self.waiting) + len(self.talking)
        )
        self._wings = {one.kind: one(seed, sessions, rate, self.started) for one in wings}

    # Reading

    def advance_to(self, now: datetime) -> None:
        """Let everything happen that is due until `now`."""
        with self.lock:
            moment = milliseconds(now)
            while (due := self._happenings.due) is not None and due <= moment:
                self.time = max(self.time, due)
                self._happenings.happen(self)
            for wing in self._wings.values():
                wing.advance(moment)
            self.time = max(self.time, moment)

    def advance(self) -> None:
        """Let everything happen that is due by the desk's own clock."""
        self.advance_to(self._now())

    def sessions(self, kind: Kind | None = None) -> Sequence[Session]:
        """Sessions in order of creation; a list that must not be changed.

        Without a kind: the desk's own, not those of its wings.
        """
        if kind in self._wings:
            return self._wings[kind].sessions
        return self._sessions if kind is None else self._by_kind[kind]

    def session(self, serial: int) -> Session | None:
        """The session with this number, or None; a deleted one is not there."""
        if serial >= len(self._sessions):
            found = (wing.session(serial) for wing in self._wings.values())
            return next((one for one in found if one is not None), None)
        known = serial >= 0 and serial not in self._deleted
        return self._sessions[serial] if known else None

    def wing(self, kind: Kind | str) -> Wing[Any]:
        """The wing of a kind. Raises ValueError when the desk has none."""
        if (wing := self._wings.get(Kind(kind))) is None:
            raise ValueError(f"the desk has no wing for {kind}")
        return wing

    def __len__(self) -> int:
        return len(self._sessions)

    # Scenario calls. They name sessions as their vendor does.

    def add_session(
        self,
        kind: Kind | str,
        *,
        customer: str | None = None,
        subject: str | None = None,
        waited: timedelta = timedelta(0),
        planned: bool = False,
    ) -> str:
        """A new session that waits since `waited` ago; returns its public id.

        `planned`: created but not started by the agent (screen sharing only knows that).
        Raises ValueError for an unknown kind.
        """
        with self.lock:
            self.advance()
            at = self.time - waited // timedelta(milliseconds=1)
            state = State.PLANNED if planned else State.WAITING
            if (wing := self._wings.get(Kind(kind))) is not None:
                made: Session = wing.enter(wing.begin(at, planned))
                self.stories.fix(made.serial, customer, subject)
                return self.public_id(made)
            session = self.arrive(Kind(kind), at, state, (customer, subject))
            return self.public_id(session)

    def begin(self, public_id: str) -> None:
        """The agent starts a session that was only planned. ValueError when it is not planned."""
        with self.lock:
            self.start(self._find(public_id, {State.PLANNED}), self.time)

    def join(self, public_id: str) -> None:
        """An agent (or in screen sharing the customer) joins. ValueError when it does not wait."""
        with self.lock:
            session = self._find(public_id, {State.WAITING, State.PLANNED})
            self.connect(session, self.time)

    def say(self, public_id: str, text: str, by: Role | str = Role.CUSTOMER) -> None:
        """Somebody says something; an agent's word joins a waiting session first.

        In messaging a customer's word starts the session as well. ValueError when it is over.
        """
        self._utter(public_id, Line(0, Role(by), text))

    def call(self, public_id: str, seconds: int, by: Role | str = Role.CUSTOMER) -> None:
        """A phone call of that length. ValueError when the session is over."""
        self._utter(public_id, Line(0, Role(by), "", seconds))

    def end(self, public_id: str) -> None:
        """The session ends. ValueError when it is over already."""
        with self.lock:
            session = self._find(public_id, {State.TALKING, State.WAITING})
            self.close(session, self.time, State.ENDED)

    def abandon(self, public_id: str) -> None:
        """The customer gives up waiting. ValueError when the session does not wait."""
        with self.lock:
            session = self._find(public_id, {State.WAITING})
            self.close(session, self.time, State.ABANDONED)

    def public_id(self, session: Session) -> str:
        """The id that the session's vendor gives it."""
        return self._named(session.kind).public_id(session.serial)

    # What happens, at a given time; the caller holds the lock.

    def arrive(
        self,
        kind: Kind,
        at: int,
        state: State = State.WAITING,
        fixed: tuple[str | None, str | None] = (None, None),
    ) -> Session:
        """A session is created; a chat begins with the customer's first words."""
        session = Session(len(self._sessions), kind, state, at)
        self.stories.fix(session.serial, *fixed)
        if kind is Kind.WEB_CHAT:
            session.opening, session.until = 1, at
        self._sessions.append(session)
        insort(self._by_kind[kind], session, key=lambda one: (one.created, one.serial))
        self._seat(session)
        self.membership += 1
        return session

    def connect(self, session: Session, at: int) -> None:
        """Customer and agent are together; in messaging that is the customer's first line."""
        if (wing := self._wings.get(session.kind)) is not None:
            wing.join(session, at)
            return
        self._move(session, State.TALKING)
        session.joined = at
        if session.kind is Kind.MESSAGING and not session.said:
            self.speak(session, at)

    def speak(self, session: Session, at: int) -> bool:
        """Say the next line of the script; False when all of it is said."""
        script = self.stories.script(session)
        place = session.opening + len(session.said or ())
        if place >= len(script):
            return False
        self.utter(session, self.stories.line(session, script[place], at))
        return True

    def utter(self, session: Session, line: Line) -> None:
        """Add one line to what was said."""
        session.said = [*(session.said or ()), line]
        session.version += 1
        self.changes += 1

    def close(self, session: Session, at: int, state: State) -> None:
        """The session is over, in whatever way."""
        if (wing := self._wings.get(session.kind)) is not None:
            wing.finish(session, at, state)
            return
        self._move(session, state)
        session.ended = at

    def launch(self, session: Session) -> None:
        """A planned session that its agent may start any time now."""
        self.launched.add(session)

    def start(self, session: Session, at: int) -> None:
        """A planned session starts: it waits for its customer, or runs when it needs none."""
        if (wing := self._wings.get(session.kind)) is not None:
            wing.start(session, at)
            return
        self._move(session, State.WAITING)
        session.started = at
        if session.unattended:
            self.connect(session, at)

    def reopen(self, session: Session, at: int) -> None:
        """A session that was over goes on."""
        self._move(session, State.TALKING)
        session.ended = None
        if session.joined is None:
            session.joined = at

    def touch(self, session: Session) -> None:
        """Something of a session was changed that the desk knows nothing of."""
        session.version += 1
        self.changes += 1

    def delete(self, session: Session, at: int) -> None:
        """A session is gone for good; its number is never given again."""
        if session.ended is None:
            self.close(session, at, State.ENDED)
        self._deleted.add(session.serial)
        self._by_kind[session.kind].remove(session)
        self.membership += 1

    def _move(self, session: Session, state: State) -> None:
        for crowd in (self.waiting, self.talking, self.launched):
            crowd.remove(session)
        session.state = state
        session.version += 1
        self.changes += 1
        self._seat(session)

    def _seat(self, session: Session) -> None:
        if session.state is State.WAITING:
            self.waiting.add(session)
        elif session.state is State.TALKING:
            self.talking.add(session)

    def _utter(self, public_id: str, line: Line) -> None:
        with self.lock:
            session = self._find(public_id, LIVE)
            said = Line(self.time, line.role, line.text, line.seconds)
            if session.state is State.WAITING and self._starts(session, line.role):
                self._move(session, State.TALKING)
                session.joined = self.time
            self.utter(session, said)

    def _starts(self, session: Session, role: Role) -> bool:
        if session.kind in self._wings:
            return False
        return role is Role.AGENT or session.kind is Kind.MESSAGING

    def _find(self, public_id: str, states: Iterable[State]) -> Session:
        self.advance()
        for kind in Kind:
            serial = self._named(kind).serial(public_id)
            session = None if serial is None else self.session(serial)
            if session is not None and session.kind is kind:
                if session.state not in states:
                    raise ValueError(f"session {public_id} is {session.state}")
                return session
        raise ValueError(f"no session {public_id}")

    def _named(self, kind: Kind) -> Naming:
        return self._naming.get(kind) or _PLAIN


_PLAIN = _Plain()
