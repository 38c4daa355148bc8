"""What is imported before the first frame, and what only after it."""

from __future__ import annotations

import argparse
import ast
import gc
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tui.commands import demo, full_screen
from tui.model.problem import UsageProblem
from tui.screens import later
from tui.simulator.apart import ApartError

START = """
import json, sys
import tui.commands.watch, tui.commands.full_screen, tui.net.transport
first = sorted(sys.modules)
from tui.screens import later
steps = sum(1 for _ in later.warm_up())
print(json.dumps([first, sorted(set(sys.modules) - set(first)), steps]))
"""


def test_the_queue_waits_for_no_other_screen() -> None:
    done = subprocess.run(
        [sys.executable, "-c", START], check=True, capture_output=True, text=True, timeout=60
    )
    first, rest, steps = json.loads(done.stdout)
    screens = {f"tui.screens.{name}" for name in later._WHERE.values()}
    assert screens.isdisjoint(first)
    assert screens <= set(rest), "the rest is there when it was warmed up"
    assert steps == len(later._WHERE)
    needless = {"click", "pygments.lexers", "rich.progress", "truststore", "tomli_w", "starlette"}
    assert needless.isdisjoint(first)
    assert "tui.screens.queue" in first


def test_what_is_imported_later_is_what_the_type_checker_sees() -> None:
    tree = ast.parse(Path(later.__file__).read_text())
    seen = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and "tui.screens." in node.module
        for alias in node.names
    }
    assert seen == {name: f"tui.screens.{module}" for name, module in later._WHERE.items()}
    for name in seen:
        assert getattr(later, name) is getattr(later, name)
    with pytest.raises(AttributeError, match="NoScreen"):
        _ = later.NoScreen


class Unwell:
    """A simulator that does not start."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def profiles(self) -> dict[str, object]:
        raise self.error


@pytest.mark.parametrize(
    ("error", "told", "said"),
    [
        (OSError(24, "Too many open files"), UsageProblem, "cannot listen on loopback: Too many"),
        (ApartError("no h11", "h11"), ModuleNotFoundError, "no h11"),
        (ApartError("the simulator failed: KeyError"), ApartError, "failed: KeyError"),
    ],
)
def test_the_demo_tells_why_the_vendors_are_not_there(
    error: Exception, told: type[Exception], said: str
) -> None:
    unwell: Any = Unwell(error)
    with pytest.raises(told, match=said):
        demo._profiles(unwell)


def test_the_demo_tells_that_there_can_be_no_further_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(_options: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("tui.commands.at_terminal.require_terminal", lambda: None)
    monkeypatch.setattr("tui.commands.at_terminal.prepare", lambda _args: None)
    monkeypatch.setattr(demo, "Apart", full)
    args = argparse.Namespace(seed=1, sessions=1, rate=0.0, play=[])
    with pytest.raises(UsageProblem, match="cannot be started: Resource temporarily unavailable"):
        demo.run(args)


class Steps:
    """An app as far as its timers go."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.next: list[Callable[[], None]] = []

    def set_timer(self, wait: float, step: Callable[[], None]) -> None:
        self.waits.append(wait)
        self.next.append(step)


def test_what_was_put_off_is_made_up_for_between_the_keys() -> None:
    app: Any = Steps()
    gc.disable()
    try:
        full_screen._settle(app)
        assert gc.isenabled()
        while app.next:
            app.next.pop()()
    finally:
        gc.unfreeze()
        gc.enable()
    assert app.waits[0] > app.waits[-1] or len(app.waits) == 1
    assert set(later._WHERE) <= vars(later).keys()
