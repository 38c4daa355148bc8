"""`sessiontop simulate`: the simulated vendors alone, in the foreground, until INT or TERM."""

from __future__ import annotations

import argparse
import json
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tui.commands import plays
from tui.commands.narrate import tell
from tui.model.problem import ConfigProblem, UsageProblem
from tui.net.origin import Origin
from tui.profiles.writer import write

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(args: argparse.Namespace) -> int:
    """Prints one line of JSON when ready, then serves; 128 + the number of the signal that ended it."""
    plays.require_extra()
    simulator = plays.make(args, plays.chosen(args), args.port)
    # Blocked before any thread starts, so that the wait below is the only one to get them.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        simulator.start()
    except OSError as error:
        raise UsageProblem(f"port {args.port} cannot be used: {error.strerror}") from None
    try:
        write_profiles(Path(args.profiles_out).absolute(), simulator.profiles())
        tell(json.dumps({"base_urls": simulator.base_urls}), flush=True)
        return 128 + signal.sigwait(_ENDING)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)  # a second one need not wait
        simulator.stop()


def more_help(_argv: Sequence[str]) -> str:
    """What can be played."""
    return plays.more_help()


def write_profiles(path: Path, profiles: Mapping[str, Any]) -> None:
    """Writes the store; an older one of a simulator is replaced, one with other profiles never.

    Raises `ConfigProblem`. What makes a store a simulator's is that every profile in it is on loopback.
    """

    def change(tables: dict[str, Any]) -> dict[str, Any]:
        found = tables.get("profiles", {})
        for name, table in found.items() if isinstance(found, dict) else [("", None)]:
            if not _simulated(table):
                raise ConfigProblem(
                    f'{path} holds a profile that is no simulator\'s ("{name}"): '
                    "it is left as it is; give another file"
                )
        return dict(profiles)

    write(path, change)


def _simulated(table: object) -> bool:
    if not isinstance(table, dict) or not isinstance(table.get("base_url"), str):
        return False
    try:
        return Origin.parse(table["base_url"]).loopback
    except ConfigProblem:
        return False
