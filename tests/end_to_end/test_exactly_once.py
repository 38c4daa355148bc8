"""Exactly once, or honestly unknown: creates whose answers get lost at random, counted at the vendor.

The long table: `pytest -m long -s tests/end_to_end/test_exactly_once.py`
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.lossy_desk import HEAD, KINDS, REFERENCED, LossyDesk
from tui.live import schedule
from tui.model.intent import IntentState
from tui.net.attempt import Timeouts
from tui.net.client import Client

SEED = 20_260


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limits as in earnest, only shorter; and a person may ask again at once."""
    quick = Timeouts(connect=1, read=0.6, write=0.6, pool=1, overall=0.9)
    defaults = Client.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "timeouts", quick)
    monkeypatch.setattr(schedule, "LEAST_GAP", 0.05)


@contextmanager
def desk(provider: str, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[LossyDesk]:
    made = LossyDesk(provider, folder, SEED, patch)
    try:
        if provider == "goto-remote-support":
            made.simulator.play("goto-not-started", "listed")
        yield made
    finally:
        made.close()


def judge(made: LossyDesk) -> None:
    tally = made.tally
    print(f"\n{HEAD}\n{tally.row(made.provider)}")
    assert tally.duplicates == 0
    assert tally.untold == 0
    assert tally.wrong == 0
    if made.provider in REFERENCED:
        assert tally.reconciled >= 0.99 * tally.lost
    else:
        assert tally.offered >= tally.done - tally.killed, "a person finds the right one"


@pytest.mark.parametrize("provider", KINDS)
def test_forty_creates(provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk(provider, tmp_path, monkeypatch) as made:
        made.round(19)
        made.round(18, stops=1, kills=1)
        judge(made)
        assert made.tally.creates == 40
        assert made.tally.lost >= 10


def test_what_a_vendor_shows_nowhere_is_told_as_unknown_and_never_as_not_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Remote Support may leave sessions that nobody has started out of its list (UNCONFIRMED, sheet goto 2.3)."""
    with desk("goto-remote-support", tmp_path, monkeypatch) as made:
        made.simulator.play("goto-not-started", "hidden")
        made.round(15)
        tally = made.tally
        assert (tally.duplicates, tally.untold, tally.wrong) == (0, 0, 0)
        assert tally.reconciled == tally.lost - tally.done
        assert IntentState.NOT_DONE not in {one.state for one in made.told.values()}


@pytest.mark.long
@pytest.mark.parametrize("provider", KINDS)
def test_a_thousand_creates(provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk(provider, tmp_path, monkeypatch) as made:
        for _ in range(40):
            made.round(20)
        for _ in range(10):
            made.round(16, stops=2, kills=1)
        judge(made)
        assert made.tally.creates == 1000
