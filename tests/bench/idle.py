"""What an idle screen sends and costs: the demo with rate 0, all of it settled, for as long as the bench is given."""

from __future__ import annotations

import sys
import time

from tests.end_to_end.pty_terminal import PtyTerminal

COMMAND = (sys.executable, "-m", "tui", "demo", "--seed", "7", "--rate", "0")
SECONDS = 30.0


def main(_runs: int) -> None:
    """Prints a Markdown table. Ages still move once a minute: those bytes are the program's, and are counted."""
    print(f"| idle for {SECONDS:.0f} s | bytes | % of one core |")
    print("| --- | ---: | ---: |")
    for columns, rows in ((80, 24), (200, 50)):
        with PtyTerminal(COMMAND, columns=columns, rows=rows) as terminal:
            terminal.wait_for("waiting  ")
            terminal.quiet_for(3.0, timeout=60)
            before, cpu = len(terminal.output), terminal.cpu_seconds()
            end = time.monotonic() + SECONDS
            while (left := end - time.monotonic()) > 0:
                terminal.pump(left)
            used = (terminal.cpu_seconds() - cpu) / SECONDS * 100
            print(f"| {columns}x{rows} | {len(terminal.output) - before} | {used:.2f} |")
