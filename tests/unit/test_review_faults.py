"""Every fault of the simulator against the engine, at both vendors: told in words, and nobody else is harmed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tui.live import schedule
from tui.live.commands import Refresh
from tui.live.engine import Engine
from tui.live.messages import Health, HealthState
from tui.model.clock import SystemClock
from tui.model.session import Key, Session
from tui.net.attempt import Timeouts
from tui.net.client import Client
from tui.profiles.store import load
from tui.profiles.writer import write
from tui.providers import registry
from tui.simulator.fault_kinds import FAULTS
from tui.simulator.server import Simulator

pytestmark = pytest.mark.long

TWILIO, GOTO = "twilio-proxy", "goto-remote-support"
# Too long over for a test that runs at every commit: they wait for a Retry-After of half a minute.
RECOVERS_LATE = {"status-503", "status-503-date"}
# Answers that these vendors' readers may take for good ones.
MAY_PASS = {"latin-1", "nan", "next-link"}
# What the reader of a vendor's JSON never sees is the client's business alone: one vendor stands for both.
ON_THE_WIRE = {
    *("refuse", "reset", "short-body", "garbage", "stall", "drip", "drip-head", "endless-1xx"),
    *("endless-chunked", "huge-body", "gzip-bomb", "double-gzip", "bad-gzip", "big-header"),
    *("redirect", "redirect-308"),
}
CELLS = [
    (kind, provider)
    for kind in sorted(FAULTS.keys() - MAY_PASS)
    for provider in (TWILIO, GOTO)
    if provider == TWILIO or kind not in ON_THE_WIRE
]
PATIENCE = 20.0


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limits as in earnest, only shorter; and a person may ask again at once."""
    quick = Timeouts(connect=1, read=0.6, write=0.6, pool=1, overall=0.9)
    defaults = Client.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "timeouts", quick)
    monkeypatch.setattr(schedule, "LEAST_GAP", 0.05)


class Reader:
    """Follows the mailbox of an engine over a simulator."""

    def __init__(self, simulator: Simulator, folder: Path) -> None:
        tables = simulator.profiles()
        path = folder / "store" / "profiles.toml"
        write(path, lambda _: tables)
        loaded = load(path, registry.SPECS, {})
        self.names = {profile.provider: profile.name for profile in loaded.profiles}
        self.engine = Engine(loaded.profiles, connect=registry.connect, clock=SystemClock())
        self.health: dict[str, Health] = {}
        self.sessions: dict[Key, Session] = {}
        self.engine.start()

    def until(self, holds: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not holds():
            left = deadline - time.monotonic()
            assert left > 0, f"waited for {what}: {self.health}"
            self.engine.mailbox.wait(left)
            batch = self.engine.mailbox.drain()
            self.health.update(batch.health)
            self.sessions.update({session.key: session for session in batch.sessions})
            for key in batch.gone:
                self.sessions.pop(key, None)

    def state(self, provider: str) -> HealthState | None:
        health = self.health.get(self.names[provider])
        return health.state if health else None

    def known(self, provider: str) -> set[Key]:
        return {key for key in self.sessions if key.profile == self.names[provider]}


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[tuple[Simulator, Reader]]:
    with Simulator(seed=3, sessions=150, vendors=(TWILIO, GOTO)) as simulator:
        reader = Reader(simulator, tmp_path)
        try:
            reader.until(
                lambda: all(reader.state(one) is HealthState.OK for one in (TWILIO, GOTO)),
                "both vendors",
            )
            yield simulator, reader
        finally:
            assert reader.engine.stop(5.0)


@pytest.mark.parametrize(("kind", "provider"), CELLS)
def test_a_fault_is_told_and_harms_nobody_else(
    reader: tuple[Simulator, Reader], kind: str, provider: str
) -> None:
    simulator, seen = reader
    other = GOTO if provider == TWILIO else TWILIO
    before = seen.known(provider)
    simulator.play("fault", f"{provider}:{kind}")
    seen.engine.send(Refresh())
    seen.until(lambda: seen.state(provider) in (HealthState.BACKING_OFF, HealthState.OFFLINE), kind)
    health = seen.health[seen.names[provider]]
    assert health.reason
    assert "\n" not in health.reason
    assert len(health.reason) <= 256
    assert health.retry_at is not None
    assert before <= seen.known(provider), "sessions vanished although nobody said so"
    assert seen.state(other) is HealthState.OK
    simulator.play("fault", "none")
    if kind not in RECOVERS_LATE:
        seen.engine.send(Refresh())
        seen.until(lambda: seen.state(provider) is HealthState.OK, "the end of it")
