"""The sessions a desk begins with: a believable day behind it, and a queue in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tui.simulator.kinds import DAY, HOUR, MINUTE, Kind, Session, State
from tui.simulator.stories import Stories

# How often each kind comes. Adding a kind here gives it its share of the desk.
MIX: dict[Kind, int] = {Kind.MESSAGING: 45, Kind.SCREEN_SHARING: 33, Kind.WEB_CHAT: 22}


# Each kind as often as it comes: one draw from this is quicker than weighing every time.
_DECK = tuple(kind for kind, weight in MIX.items() for _ in range(weight))


def any_kind(rng: Random) -> Kind:
    """A kind, as often as `MIX` says."""
    return _DECK[int(rng.random() * len(_DECK))]


def _between(rng: Random, low: int, high: int) -> int:
    """A whole number from `low` up to `high`, as `randrange` but in a third of its time."""
    return low + int(rng.random() * (high - low))


@dataclass(slots=True)
class _Draft:
    """A session before it has its number. Ages are milliseconds before the start."""

    kind: Kind
    state: State
    created: int
    joined: int | None = None
    ended: int | None = None
    unattended: bool = False


def live_count(sessions: int) -> int:
    """How many of so many sessions are live: most of a small desk, few of a large one."""
    return min(sessions, max(min(6, sessions), min(sessions * 7 // 20, 60 + sessions // 50)))


def populate(rng: Random, stories: Stories, sessions: int, start: int) -> list[Session]:
    """`sessions` sessions in order of creation, numbered from 0; `start` in milliseconds."""
    live = live_count(sessions)
    waiting = max(1, live * 3 // 10) if live > 1 else live
    drafts = [*_queue(rng, waiting), *_talking(rng, live - waiting)]
    drafts += _history(rng, sessions - live)
    drafts.sort(key=lambda draft: -draft.created)
    return [_session(rng, stories, n, draft, start) for n, draft in enumerate(drafts)]


def _wait(rng: Random) -> int:
    return int(min(38 * MINUTE, 15_000 + rng.expovariate(1 / (4 * MINUTE))))


def _queue(rng: Random, count: int) -> Iterator[_Draft]:
    """Who waits now: each kind in turn, and always one who has waited too long."""
    kinds = tuple(MIX)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        age = _between(rng, 7 * MINUTE, 14 * MINUTE) if number == 0 else _wait(rng)
        planned = kind is Kind.SCREEN_SHARING and number >= 6 and number % 6 == 1
        yield _Draft(kind, State.PLANNED if planned else State.WAITING, age)


def _talking(rng: Random, count: int) -> Iterator[_Draft]:
    for _ in range(count):
        joined = int(min(70 * MINUTE, 40_000 + rng.expovariate(1 / (13 * MINUTE))))
        draft = _Draft(any_kind(rng), State.TALKING, joined + _wait(rng), joined)
        yield _alone(rng, draft)


def _history(rng: Random, count: int) -> Iterator[_Draft]:
    """What is over: nearly all within a day, most of it in the last hours, a few weeks old."""
    for _ in range(count):
        roll = rng.random()
        if roll < 0.80:
            ended = int(rng.random() ** 1.7 * 23 * HOUR) + 90_000
        elif roll < 0.95:
            ended = _between(rng, DAY, 7 * DAY)
        else:
            ended = _between(rng, 7 * DAY, 29 * DAY)
        yield _over(rng, any_kind(rng), ended)


def _over(rng: Random, kind: Kind, ended: int) -> _Draft:
    roll = rng.random()
    if roll < 0.12:
        return _Draft(kind, State.ABANDONED, ended + _wait(rng), None, ended)
    if roll < 0.14 and kind is Kind.MESSAGING:
        return _Draft(kind, State.FAILED, ended + 2000, None, ended)
    talk = int(min(2 * HOUR, 3 * MINUTE + rng.expovariate(1 / (8 * MINUTE))))
    joined = ended + talk
    return _alone(rng, _Draft(kind, State.ENDED, joined + _wait(rng), joined, ended))


def _alone(rng: Random, draft: _Draft) -> _Draft:
    """Some screen-sharing sessions are on a machine that nobody sits at."""
    if draft.kind is Kind.SCREEN_SHARING and rng.random() < 0.12:
        draft.created, draft.unattended = draft.joined or draft.created, True
    return draft


def _session(rng: Random, stories: Stories, serial: int, draft: _Draft, start: int) -> Session:
    session = Session(
        serial=serial,
        kind=draft.kind,
        state=draft.state,
        created=start - draft.created,
        joined=None if draft.joined is None else start - draft.joined,
        ended=None if draft.ended is None else start - draft.ended,
        unattended=draft.unattended,
    )
    _speak(rng, stories, session, start)
    return session


def _speak(rng: Random, stories: Stories, session: Session, start: int) -> None:
    """Decide how much of the dialogue is behind us; the words themselves are made later."""
    length = len(stories.script(session)) if session.state is State.TALKING else 99
    chat = session.kind is Kind.WEB_CHAT
    if session.state is State.ENDED and session.ended is not None:
        session.opening = length
        session.until = session.ended - _between(rng, 3_000, 25_000)
    elif session.state is State.TALKING and session.joined is not None:
        # At least one line is left to say, so that a live session has something to do.
        session.opening = _between(rng, 1, max(2, length))
        age = start - session.joined
        session.until = start - min(age, _between(rng, 4_000, 150_000))
    elif session.state is State.ABANDONED and chat and session.ended is not None:
        session.opening = 2
        session.until = session.ended - _between(rng, 1_000, 9_000)
    elif session.state in (State.WAITING, State.ABANDONED) and chat:
        session.opening, session.until = 1, session.created
