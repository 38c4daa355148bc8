"""`sessiontop doctor`: what may be wrong, each with what to do about it. Shows no secret, changes nothing."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import asdict

from tui.commands import common, probes, probes_vendors, render
from tui.commands.narrate import tell
from tui.commands.probes import Line
from tui.model.clock import Clock, SystemClock
from tui.model.problem import ConfigProblem
from tui.providers.base import Verdict

_FAILED = 2


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
    told = f"{found.verdict.value:<4}  {render.fit(found.about, 14)}  {found.text}"
    return f"{told}\n      {' ' * 14}  -> {found.remedy}" if found.remedy else told
