"""The simulated vendors in a process of their own, each answer some milliseconds late.

`python -m tests.bench.late_vendors MILLISECONDS FILE` writes a profiles.toml for them, says so, and serves until
its standard input ends.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from tui.commands.simulate import write_profiles
from tui.simulator import faults
from tui.simulator.server import Simulator
from tui.simulator.vendors import ALL


def make_late(seconds: float) -> None:
    """Every request waits so long before the vendor gets it."""
    connection: Any = faults._Connection
    ask = connection._ask

    async def late(self: Any) -> Any:
        await asyncio.sleep(seconds)
        return await ask(self)

    connection._ask = late


def main(milliseconds: str, path: str) -> None:
    make_late(int(milliseconds) / 1000)
    with Simulator(seed=7, sessions=40, vendors=ALL) as simulator:
        write_profiles(Path(path), simulator.profiles())
        print("ready", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
