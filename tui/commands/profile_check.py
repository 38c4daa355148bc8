"""Asking vendors whether keys work, and saying so: for `profile check` and before a profile is saved."""

from __future__ import annotations

from collections.abc import Sequence

from tui.commands import common
from tui.commands.headless import Headless
from tui.commands.narrate import tell
from tui.live.commands import Check
from tui.live.messages import Checked
from tui.model.clock import Clock
from tui.model.profile import Profile
from tui.providers.base import Verdict

_REFUSED = 1
_MARKS = {Verdict.OK: ("✓", "ok"), Verdict.WARN: ("!", "!!"), Verdict.FAIL: ("✗", "no")}


def check(profiles: Sequence[Profile], clock: Clock) -> list[Checked]:
    """One answer a profile, in their order, all asked at once. Raises `NoAnswer` when the engine falls silent."""
    questions = [Check(ticket, profile.name) for ticket, profile in enumerate(profiles)]
    with Headless(profiles, clock) as headless:
        return headless.ask_all(questions, Checked)


def report(name: str, reply: Checked) -> int:
    """Tells what was found, and gives the exit code; a check that could not be made is narrated."""
    for finding in reply.findings:
        tell(f"{name}  {mark(finding.verdict)} {finding.text}")
    if reply.problem is not None:
        return common.complain([(name, reply.problem)])
    failed = any(finding.verdict is Verdict.FAIL for finding in reply.findings)
    return _REFUSED if failed else 0


def mark(verdict: Verdict) -> str:
    """How a finding came out, in one or two cells."""
    return _MARKS[verdict][not common.can_show_glyphs()]
