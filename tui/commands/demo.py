"""`sessiontop demo`: the simulator on loopback and the full screen over it. The user's own store is not touched.

The simulator has a process of its own, and so a processor's core where there are two: it starts while what the
screen needs is imported here. Its profiles are kept in memory alone, so nothing is left behind however the program
ends.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from tui.commands import at_terminal, plays
from tui.model.problem import UsageProblem
from tui.simulator.apart import Apart, ApartError


def run(args: argparse.Namespace) -> int:
    """Shows the screen until the user leaves it."""
    plays.require_extra()
    options = plays.options(args, plays.chosen(args))
    at_terminal.require_terminal()
    at_terminal.prepare(args)
    try:
        simulator = Apart(options)
    except OSError as error:
        raise UsageProblem(f"the simulator cannot be started: {error.strerror}") from None
    with simulator:
        return _show(args, simulator)


def _show(args: argparse.Namespace, simulator: Apart) -> int:
    from tui.commands import full_screen, watch  # noqa: F401 - the first, while the simulator starts
    from tui.net.tokens import MemoryTokens
    from tui.profiles.shelf import MemoryStore
    from tui.profiles.store import load
    from tui.providers import registry

    profiles = _profiles(simulator)
    # Whoever signs in does so for this demo alone: the tokens go with the vendors that gave them.
    tokens = MemoryTokens()
    store = MemoryStore(profiles, tokens)
    return watch.show(load(store, registry.SPECS, {}), args, tokens, store)


def _profiles(simulator: Apart) -> dict[str, Any]:
    try:
        return simulator.profiles()
    except OSError as error:
        raise UsageProblem(f"the simulator cannot listen on loopback: {error.strerror}") from None
    except ApartError as error:
        if error.missing is not None:
            raise ModuleNotFoundError(str(error), name=error.missing) from None
        raise


def more_help(_argv: Sequence[str]) -> str:
    """What can be played."""
    return plays.more_help()
