"""`sessiontop profile list|check|path`: which accounts there are, and whether their keys work."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from tui.commands import common, render
from tui.commands.headless import Headless
from tui.commands.narrate import tell
from tui.live.messages import Check, Checked
from tui.model.clock import Clock, SystemClock
from tui.model.problem import ConfigProblem, UsageProblem
from tui.model.profile import Profile
from tui.model.text import line
from tui.net.origin import Origin
from tui.profiles.paths import profiles_path
from tui.profiles.store import StoredProfile, overview
from tui.providers import registry
from tui.providers.base import Verdict

HEADERS = ("NAME", "PROVIDER", "HOST", "KEYS")
_REFUSED = 1
_MARKS = {Verdict.OK: ("✓", "ok"), Verdict.WARN: ("!", "!!"), Verdict.FAIL: ("✗", "no")}


def run(args: argparse.Namespace, clock: Clock | None = None) -> int:
    """One of the three; only `check` takes names and speaks to anybody."""
    if args.names and args.what != "check":
        raise UsageProblem(f"profile {args.what} takes no names")
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
    questions = [Check(ticket, profile.name) for ticket, profile in enumerate(chosen.profiles)]
    with Headless(chosen.profiles, clock) as headless:
        replies = headless.ask_all(questions, Checked)
    codes = [
        _report(profile, reply) for profile, reply in zip(chosen.profiles, replies, strict=True)
    ]
    for name in sorted(set(loaded.broken) & set(names or loaded.broken)):
        tell(f"{name}  {_mark(Verdict.FAIL)} not started: {loaded.broken[name].message}")
    return common.worst([*(problem.exit_code for problem in chosen.problems), *codes])


def _mark(verdict: Verdict) -> str:
    return _MARKS[verdict][not common.can_show_glyphs()]


def _report(profile: Profile, reply: Checked) -> int:
    """The findings are the data of this command; a check that could not be made is narrated."""
    for finding in reply.findings:
        tell(f"{profile.name}  {_mark(finding.verdict)} {finding.text}")
    if reply.problem is not None:
        return common.complain([(profile.name, reply.problem)])
    failed = any(finding.verdict is Verdict.FAIL for finding in reply.findings)
    return _REFUSED if failed else 0
