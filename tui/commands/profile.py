"""`sessiontop profile list|check|path`: which accounts there are, and whether their keys work."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from tui.commands import common, profile_check, render
from tui.commands.narrate import tell
from tui.model.clock import Clock, SystemClock
from tui.model.problem import ConfigProblem
from tui.model.text import line
from tui.net.origin import Origin
from tui.profiles.paths import profiles_path
from tui.profiles.store import StoredProfile, overview
from tui.providers import registry
from tui.providers.base import Verdict

HEADERS = ("NAME", "PROVIDER", "HOST", "KEYS")


def run(args: argparse.Namespace, clock: Clock | None = None) -> int:
    """One of the three; only `check` takes names and speaks to anybody."""
    if args.what == "path":
        tell(line(str(profiles_path()), 4096))
        return 0
    if args.what == "list":
        return _list()
    return _check(args.names, clock or SystemClock())


def _list() -> int:
    """What stands in the store; no command is run for it."""
    stored = overview(profiles_path(), registry.SPECS, os.environ)
    loaded = common.load_store(())
    if not stored:
        common.choose(loaded, ())
    width = common.width_of_terminal()
    rows = [_row(profile) for profile in stored]
    tell("\n".join(render.table(HEADERS, rows, width=width, flexible=(3,))))
    return common.complain(loaded.problems)


def _row(stored: StoredProfile) -> tuple[str, ...]:
    keys = ", ".join(f"{state.key}: {state.words}" for state in stored.keys)
    note = "" if stored.problem is None else "not started"
    return (
        stored.name,
        stored.provider or "-",
        _host(stored),
        "; ".join(filter(None, (note, keys))) or "-",
    )


def _host(stored: StoredProfile) -> str:
    try:
        return line(Origin.parse(stored.base_url).root.partition("://")[2])
    except ConfigProblem:
        return "-"


def _check(names: Sequence[str], clock: Clock) -> int:
    loaded = common.load_store(names or None)
    chosen = common.choose(loaded, names)
    replies = profile_check.check(chosen.profiles, clock)
    codes = [
        profile_check.report(profile.name, reply)
        for profile, reply in zip(chosen.profiles, replies, strict=True)
    ]
    failed = profile_check.mark(Verdict.FAIL)
    for name in sorted(set(loaded.broken) & set(names or loaded.broken)):
        tell(f"{name}  {failed} not started: {loaded.broken[name].message}")
    return common.worst([*(problem.exit_code for problem in chosen.problems), *codes])
