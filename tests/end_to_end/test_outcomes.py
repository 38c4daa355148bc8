"""What the engine tells of writes to the vendors' own simulated APIs: done, found so, gone, refused, unknown."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.lossy_desk import Ahead
from tui.live import ledger
from tui.live.board import Board
from tui.live.commands import Act
from tui.live.engine import Engine
from tui.live.log import Outcome, Wrote
from tui.live.messages import Acted
from tui.model.session import Key, Session
from tui.model.status import Status
from tui.profiles.store import load
from tui.profiles.writer import write
from tui.providers import registry
from tui.simulator.server import Simulator
from tui.simulator.vendors import ALL

PATIENCE = 30


class Desk:
    """An engine over the simulator, and the reader of its mailbox."""

    def __init__(self, engine: Engine, clock: Ahead) -> None:
        self.engine = engine
        self.clock = clock
        self.board = Board()
        self.wrote: list[Wrote] = []
        self._answers: dict[int, Acted] = {}
        self._ticket = 0

    def read(self) -> None:
        assert self.engine.mailbox.wait(PATIENCE)
        batch = self.engine.mailbox.drain()
        self.board.apply(batch)
        self.wrote += batch.wrote
        self._answers |= {one.ticket: one for one in batch.answers if isinstance(one, Acted)}

    def one(self, provider: str, status: Status) -> Session:
        while True:
            for session in self.board.sessions.values():
                if (session.provider, session.status) == (provider, status):
                    return session
            self.read()

    def act(self, key: Key, action: str) -> Acted:
        """A person's wish: later than a key that bounced."""
        self.clock.pass_by(ledger.BOUNCE)
        self._ticket += 1
        self.engine.send(Act(self._ticket, key.profile, key.id, action))
        while self._ticket not in self._answers:
            self.read()
        return self._answers[self._ticket]


@contextmanager
def desk_over(folder: Path) -> Iterator[Desk]:
    with Simulator(vendors=ALL, seed=7, sessions=60, rate=0) as simulator:
        path = folder / "store" / "profiles.toml"
        write(path, lambda _old: simulator.profiles())
        profiles = load(path, registry.SPECS, {}).profiles
        clock = Ahead()
        engine = Engine(profiles, connect=registry.connect, clock=clock, rng=random.Random(7))
        engine.start()
        try:
            yield Desk(engine, clock)
        finally:
            engine.stop()


@pytest.mark.parametrize(
    ("provider", "status", "action", "gone"),
    [
        ("twilio-proxy", Status.ACTIVE, "close", False),
        ("twilio-proxy", Status.ACTIVE, "delete", True),
        ("trinsic-connect", Status.WAITING, "cancel", False),
    ],
)
def test_done_once_and_found_so_the_second_time(
    tmp_path: Path, provider: str, status: Status, action: str, gone: bool
) -> None:
    with desk_over(tmp_path) as desk:
        session = desk.one(provider, status)
        first, second = desk.act(session.key, action), desk.act(session.key, action)
        for done in (first, second):
            assert done.problem is None
            assert done.gone == gone
        assert (first.already, second.already) == (False, True)
        assert [one.outcome for one in desk.wrote] == [Outcome.DONE, Outcome.ALREADY]
        assert {(one.profile, one.what, one.ref) for one in desk.wrote} == {
            (session.profile, action, str(session.id))
        }
        known = desk.board.sessions.get(session.key)
        assert (known is None) == gone
        assert known is None or not known.status.live


def test_a_refusal_keeps_the_vendors_words(tmp_path: Path) -> None:
    with desk_over(tmp_path) as desk:
        session = desk.one("twilio-proxy", Status.ACTIVE)
        missing = Key(session.profile, type(session.id)("KC" + "0" * 32))
        refused = desk.act(missing, "close")
        assert refused.problem is not None
        assert [one.outcome for one in desk.wrote] == [Outcome.REFUSED]
        assert desk.wrote[0].words == refused.problem.message
