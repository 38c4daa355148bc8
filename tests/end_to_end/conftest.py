"""What the tests of the commands stand on: simulated vendors and the user's own store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.command_line import stored
from tui.simulator.server import Simulator
from tui.simulator.vendors import ALL


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look at parents ends here: what the checkout's own folders allow others is no matter of the tests."""
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """Vendors that nobody disturbs: a test that turns a knob takes `unsteady`."""
    with Simulator(seed=7, sessions=40, rate=0.0) as running:
        yield running


@pytest.fixture
def unsteady() -> Iterator[Simulator]:
    with Simulator(seed=7, sessions=10, rate=0.0) as running:
        yield running


@pytest.fixture
def store(home: None, simulator: Simulator) -> Path:
    """The user's own store, with a profile at each vendor."""
    return stored(simulator.profiles())


@pytest.fixture(scope="module")
def everybody() -> Iterator[Simulator]:
    with Simulator(seed=7, sessions=20, rate=0.0, vendors=ALL) as running:
        running.play("rate-limits", "off")
        yield running


@pytest.fixture
def desk(home: None, everybody: Simulator) -> Iterator[Simulator]:
    """All five vendors in good health, nothing asked of them yet, a profile at each in the store."""
    stored(everybody.profiles())
    everybody.requests.clear()
    yield everybody
    everybody.play("fault", "none")
