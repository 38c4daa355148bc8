"""The figures of the looks for leaks, at the end of `pytest tests/leaks`; with `-m "long or not long"` for all."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.leaks import observing

_ABOUT = {
    "test_quoted": "a server quotes the key, over all operations",
    "test_faults": "a fault of the simulator",
    "test_wires": "TLS that fails, proxies that answer",
    "test_disk": "a disk that is full, broken or only to be read",
    "test_references": "a secret that lives elsewhere, and cannot be had",
    "test_profiles_screen": "the accounts' screen, with keys that are refused",
    "test_demo": "the demo",
    "test_commands": "a command, a broken store, an error of our own",
    "test_terminal": "the real terminal, pictures, crash text, files",
    "test_foreign": "pointed to a foreign listener",
    "test_detector": "the look itself, with something planted",
}


@pytest.fixture(autouse=True)
def counted(request: pytest.FixtureRequest) -> None:
    """How many texts a test looked at, by the channel that they came by; told to whoever sums up."""
    observing.looked_at = {}
    # A reference: it is read when the test has ended, and sent as it is then.
    request.node.user_properties.append(("looked", observing.looked_at))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Each test is one run; a hit is a failure."""
    runs: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    looked: Counter[str] = Counter()
    for outcome, count in (("passed", runs), ("failed", failed)):
        for report in terminalreporter.stats.get(outcome, ()):
            path = Path(report.nodeid.partition("::")[0])
            if path.parent.name == "leaks":
                count[path.stem] += 1
                if path.stem != "test_detector":
                    looked.update(dict(report.user_properties).get("looked", {}))
    if not runs + failed:
        return
    terminalreporter.section("leaks")
    for name, words in _ABOUT.items():
        terminalreporter.line(
            f"{runs[name] + failed[name]:7} runs   {failed[name]:3} failed  {words}"
        )
    total = sum((runs + failed).values()) - runs["test_detector"] - failed["test_detector"]
    terminalreporter.line(f"{total:7} runs without the look itself, which looked at so many texts:")
    for family in sorted({name.removesuffix(" hits") for name in looked}):
        hits = looked[f"{family} hits"]
        terminalreporter.line(f"{looked[family]:7} texts  {hits:3} hits    {family}")
