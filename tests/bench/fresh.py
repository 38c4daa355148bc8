"""From the command to fresh rows of five vendors on screen, which answer after a while, as vendors do."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.compiled import Environ, laid_over
from tests.end_to_end.pty_terminal import PROJECT, PtyTerminal

DELAYS: Final = (0, 150, 300)
# As the rows name the vendors.
VENDORS: Final = ("twilio", "trinsic", "seeit", "goto-rs", "control")
# Above it: the totals, the profiles and the columns' titles.
_FIRST_ROW: Final = 3
_WATCH: Final = (sys.executable, "-m", "tui", "watch")


@dataclass(frozen=True, slots=True)
class Desk:
    """Five vendors that answer after `delay` milliseconds, and the folder with the profiles for them."""

    delay: int
    folder: Path

    def fresh_rows(self, environ: Environ, command: Sequence[str] = _WATCH) -> float:
        """Seconds from the start of the command until each vendor has a row on the screen."""
        own = {
            "SESSIONTOP_CONFIG_DIR": str(self.folder),
            "SESSIONTOP_STATE_DIR": str(self.folder / "state"),
        }
        began = time.perf_counter()
        with PtyTerminal(command, columns=120, rows=40, environ={**environ, **own}) as terminal:
            terminal.wait_until(lambda: _all_there(terminal.lines()), "a row of each vendor")
            return time.perf_counter() - began


def _all_there(lines: Sequence[str]) -> bool:
    rows = "\n".join(lines[_FIRST_ROW:])
    return all(f"  {vendor}  " in rows for vendor in VENDORS)


@contextmanager
def desk(delay: int, environ: Environ) -> Iterator[Desk]:
    """The vendors of such a delay, in a process of their own, as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="sessiontop-bench-") as name:
        folder = Path(name)
        words = ("tests.bench.late_vendors", str(delay), str(folder / "profiles.toml"))
        with subprocess.Popen(
            (sys.executable, "-m", *words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=laid_over(environ),
            cwd=PROJECT,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield Desk(delay, folder)
            process.communicate()  # the end of its input ends it


@contextmanager
def desks(environ: Environ, delays: Sequence[int] = DELAYS) -> Iterator[list[Desk]]:
    """One of each delay, all at once."""
    with ExitStack() as stack:
        yield [stack.enter_context(desk(delay, environ)) for delay in delays]
