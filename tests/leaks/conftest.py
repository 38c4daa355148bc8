"""The figures of the looks for leaks, at the end of `pytest tests/leaks`; with `-m "long or not long"` for all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

_ABOUT = {
    "test_quoted": "a server quotes the key, over all operations",
    "test_faults": "a fault of the simulator",
    "test_commands": "a command, a broken store, an error of our own",
    "test_terminal": "the real terminal, pictures, crash text, files",
    "test_foreign": "pointed to a foreign listener",
    "test_detector": "the look itself, with something planted",
}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Each test is one run; a hit is a failure."""
    runs: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for outcome, count in (("passed", runs), ("failed", hits)):
        for report in terminalreporter.stats.get(outcome, ()):
            path = Path(report.nodeid.partition("::")[0])
            if path.parent.name == "leaks":
                count[path.stem] += 1
    if not runs + hits:
        return
    terminalreporter.section("leaks")
    for name, words in _ABOUT.items():
        terminalreporter.line(f"{runs[name] + hits[name]:5} runs  {hits[name]:3} failed  {words}")
    looked = sum((runs + hits).values()) - runs["test_detector"] - hits["test_detector"]
    terminalreporter.line(f"{looked:5} runs without the look itself")
