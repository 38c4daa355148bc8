"""`sessiontop demo`: the simulator on loopback and the full screen over it. The user's own store is not touched.

The throw-away store is gone again before the screen starts: the engine holds what it said, and so nothing is
left behind however the program ends.
"""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tui.commands import common, plays, watch
from tui.model.problem import UsageProblem
from tui.net.tokens import MemoryTokens
from tui.profiles.shelf import MemoryStore
from tui.profiles.store import Loaded, load, write
from tui.providers import registry
from tui.terminal.environment import refusal

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


def run(args: argparse.Namespace) -> int:
    """Shows the screen until the user leaves it."""
    plays.require_extra()
    play = plays.chosen(args)
    common.require_terminal(refusal(os.environ))
    simulator = plays.make(args, play)
    try:
        # Before Textual is imported, and not beside it: both imports keep the interpreter to themselves, and
        # measured together they took no less time than one after the other.
        simulator.start()
    except OSError as error:
        raise UsageProblem(f"the simulator cannot listen on loopback: {error.strerror}") from None
    try:
        # Whoever signs in does so for this demo alone: the tokens go with the vendors that gave them.
        profiles, tokens = simulator.profiles(), MemoryTokens()
        return watch.show(throw_away(profiles), args, tokens, MemoryStore(profiles, tokens))
    finally:
        simulator.stop()


def more_help(_argv: Sequence[str]) -> str:
    """What can be played."""
    return plays.more_help()


def throw_away(profiles: Mapping[str, Any]) -> Loaded:
    """These profiles by way of a real store, which exists only inside this call. Raises `UsageProblem`."""
    try:
        with _signals_wait(), tempfile.TemporaryDirectory(prefix="sessiontop-demo-") as folder:
            path = Path(folder) / "profiles.toml"
            write(path, lambda _: dict(profiles))
            return load(path, registry.SPECS, {})
    except OSError as error:
        raise UsageProblem(f"no temporary folder can be made: {error.strerror}") from None


@contextmanager
def _signals_wait() -> Iterator[None]:
    """An ending signal takes effect when the block is over. Blocking it would not do: another thread gets it."""
    came: list[int] = []
    before = {
        number: handler or signal.SIG_DFL
        for number in _ENDING
        if (handler := signal.getsignal(number)) != signal.SIG_IGN
    }
    for number in before:
        signal.signal(number, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for first in came[:1]:
            signal.raise_signal(first)
