"""Every fault that the simulator knows, with keys that work: those of the profiles, and what vendors' rows hold."""

from __future__ import annotations

import gc
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.leaks.canaries import Detector
from tests.leaks.observing import (
    CLOSED,
    Channel,
    all_logs,
    answers,
    files,
    leaks,
    objects,
    questions,
    unhurried,
)
from tests.leaks.running import keep, seen
from tui.live.commands import Query, Read
from tui.live.engine import Engine
from tui.live.messages import Batch
from tui.model.clock import SystemClock
from tui.model.profile import Profile
from tui.model.secret import Secret
from tui.model.session import Session
from tui.net.tokens import MemoryTokens
from tui.profiles.store import load
from tui.providers import registry
from tui.simulator.fault_kinds import FAULTS
from tui.simulator.server import Simulator
from tui.simulator.vendors import ALL

# They end by a deadline of 15 seconds, or move a gigabyte.
SLOW = frozenset(
    {"stall", "lost-stall", "drip", "drip-head", "endless-1xx", "endless-chunked", "huge-body"}
    | {"big-header", "gzip-bomb", "double-gzip"}
)
_RANDOM = re.compile(r"[A-Za-z0-9_+-]{16,}")
QUICK = [fault for fault in FAULTS if fault not in SLOW]


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(seed=11, sessions=20, rate=0.0, vendors=ALL) as running:
        running.play("rate-limits", "off")
        yield running


def profiles(simulator: Simulator) -> dict[str, Profile]:
    path = keep(simulator.profiles()["profiles"])  # type: ignore[arg-type]
    return {profile.provider: profile for profile in load(path, registry.SPECS, {}).profiles}


def secrets_in(roots: Iterable[object]) -> dict[str, str]:
    """Every secret that can be reached, those of the vendors' rows too."""
    seen_: set[int] = set()
    waiting = list(roots)
    found: dict[str, str] = {}
    while waiting:
        one = waiting.pop()
        if isinstance(one, Secret):
            # Of a link that is a secret, the part that makes it one.
            found |= {f"secret {part}": part for part in _RANDOM.findall(one.reveal())}
        if id(one) not in seen_ and not isinstance(one, CLOSED):
            seen_.add(id(one))
            waiting.extend(gc.get_referents(one))
    return found


def run(simulator: Simulator, provider: str, fault: str, folder: Path) -> Iterator[Channel]:
    """Everything is asked while all is well, then under the fault. The secrets come first, in nameless channels."""
    profile = profiles(simulator)[provider]
    with all_logs() as logs:
        engine = Engine(
            [profile],
            connect=unhurried(MemoryTokens()),
            clock=SystemClock(),
            rng=random.Random(3),
            state=folder,
            poll=False,
        )
        engine.start()
        batches: list[Batch] = []
        try:
            batches += answers(engine, [Query(90, profile.name, full=True)])
            refs = [one.id for batch in batches for one in listed(batch)]
            for number, ref in enumerate(refs[:3]):
                batches += answers(engine, [Read(100 + number, profile.name, ref)])
            simulator.play("fault", f"{provider}:{fault}")
            batches += answers(engine, questions(profile))
            yield from (("", secret) for secret in secrets_in([engine, batches]).values())
            yield from objects([engine, batches])
        finally:
            simulator.play("fault", "none")
            engine.stop(5.0)
        yield from objects([engine])
    yield "log", logs.getvalue()
    yield from files(folder)


def listed(batch: Batch) -> Iterator[Session]:
    for answer in batch.answers:
        yield from getattr(answer, "sessions", ())


def checked(channels: Iterable[Channel]) -> None:
    """What was named as a secret is in nothing else."""
    kept = list(channels)
    secrets = {
        f"secret {number}": str(text) for number, (name, text) in enumerate(kept) if not name
    }
    assert secrets, "nothing was at stake"
    found, looked = leaks(Detector(secrets), (one for one in kept if one[0]))
    assert looked > 20
    assert found == []


def _pairs() -> list[object]:
    """Each fault, in the short set at one vendor, and these in turn."""
    quick = {fault: ALL[at % len(ALL)] for at, fault in enumerate(QUICK)}
    return [
        pytest.param(fault, one, marks=() if quick.get(fault) == one else pytest.mark.long)
        for fault in [*QUICK, *sorted(SLOW)]
        for one in ALL
    ]


@pytest.mark.parametrize(("fault", "provider"), _pairs())
def test_a_fault_of_a_vendor_or_of_the_network(
    simulator: Simulator, tmp_path: Path, provider: str, fault: str
) -> None:
    checked(run(simulator, provider, fault, tmp_path / "state"))


@pytest.mark.parametrize("provider", ALL)
def test_rows_that_hold_secrets_show_none(simulator: Simulator, provider: str) -> None:
    """In every form of the commands, without `--reveal`."""
    profile = profiles(simulator)[provider]
    engine = Engine([profile], connect=unhurried(MemoryTokens()), clock=SystemClock(), poll=False)
    engine.start()
    try:
        batches = answers(engine, [Query(1, profile.name, full=True)])
        refs = [one.id for batch in batches for one in listed(batch)][:4]
        for number, ref in enumerate(refs):
            batches += answers(engine, [Read(10 + number, profile.name, ref)])
        secrets = secrets_in([batches, engine])
    finally:
        engine.stop(5.0)
    channels = [*seen("sessions", "--all", "--json", "--profile", profile.name)]
    channels += seen("sessions", "--all", "--csv", "--profile", profile.name)
    for ref in refs:
        channels += seen("show", profile.name, str(ref))
        channels += seen("show", profile.name, str(ref), "--json")
    found, _ = leaks(Detector(secrets), channels)
    assert found == []
    assert sum(len(text) for name, text in channels if name.startswith("stdout")) > 500
