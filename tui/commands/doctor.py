"""`sessiontop doctor`: what may be wrong, each with what to do about it. Shows no secret, changes nothing."""

from __future__ import annotations

import argparse
import json
import os
import textwrap
from collections.abc import Iterator
from dataclasses import asdict

from tui.commands import common, probes, probes_vendors, render
from tui.commands.narrate import tell
from tui.commands.probes import Line
from tui.model.clock import Clock, SystemClock
from tui.model.problem import ConfigProblem
from tui.providers.base import Verdict

_FAILED = 2
_ABOUT = 14
_INDENT = 6 + _ABOUT + 2


def run(args: argparse.Namespace, clock: Clock | None = None) -> int:
    """One line for each thing that was looked at: 2 when anything failed, else 0."""
    failed = False
    for found in look(clock or SystemClock()):
        failed = failed or found.verdict is Verdict.FAIL
        tell(_json(found) if args.format == "json" else _text(found), flush=True)
    return _FAILED if failed else 0


def look(clock: Clock) -> Iterator[Line]:
    """Everything, what is on this machine first."""
    environ = os.environ
    yield from probes.versions()
    yield from probes.terminal(environ)
    yield from probes.files(environ)
    try:
        loaded = common.load_store()
    except ConfigProblem:
        return  # told with the files
    yield from probes.store(loaded)
    yield from probes_vendors.vendors(loaded.profiles, clock)


def _json(found: Line) -> str:
    return json.dumps(asdict(found), ensure_ascii=True)


def _text(found: Line) -> str:
    lines = _lines(f"{found.verdict.value:<4}  {render.fit(found.about, _ABOUT)}  ", found.text)
    if found.remedy:
        lines += _lines(" " * _INDENT, f"-> {found.remedy}")
    return "\n".join(lines)


def _lines(head: str, text: str) -> list[str]:
    """The text beside its head, broken between words where the terminal is narrower."""
    width = common.width_of_terminal()
    if width is None or len(head) + len(text) < width or width < 2 * _INDENT:
        return [head + text]
    parts = textwrap.wrap(text, width - _INDENT - 1, break_on_hyphens=False)
    return [head + parts[0], *(" " * _INDENT + part for part in parts[1:])]
