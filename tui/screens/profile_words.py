"""How a profile is told on the screen: its row, all that is known of it, what a check found. Pure; never a value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tui.live.messages import Account, HealthState
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import ConfigProblem, Problem
from tui.model.text import Clean, line
from tui.net.origin import Origin
from tui.providers.base import Capability, Finding, Verdict
from tui.screens.desk import Desk
from tui.widgets.line_list import Line, Part, wrapped

_MARKS: Final = {Verdict.OK: ("✓", "ok"), Verdict.WARN: ("!", "!!"), Verdict.FAIL: ("✗", "no")}
_LOOKS: Final = {Verdict.OK: "good", Verdict.WARN: "warning", Verdict.FAIL: "bad"}
_LABEL: Final = 11
_GOOD: Final = frozenset({HealthState.OK, HealthState.CONNECTING})


@dataclass(frozen=True, slots=True)
class Checkup:
    """What came of asking a vendor. `asking`: nothing yet."""

    findings: tuple[Finding, ...] = ()
    problem: Problem | None = None
    asking: bool = False

    @property
    def failed(self) -> bool:
        """Whether something does not work, or could not be asked."""
        return self.problem is not None or any(
            finding.verdict is Verdict.FAIL for finding in self.findings
        )


def state_of(desk: Desk, account: Account) -> Part:
    """How a profile fares, in a word or two."""
    name = account.listed.name
    if account.listed.problem is not None or name in desk.broken:
        return Part(line("not started"), "bad")
    if desk.profile(name) is None:
        return Part(line("not in this run"), "muted")
    health = desk.board.health.get(name)
    if account.needs_sign_in and not account.signed_in:
        return Part(line("sign in first"), "warning")
    if health is None:
        return Part(line("connecting"), "muted")
    return Part(line(health.state.value), "good" if health.state in _GOOD else "warning")


def provider_of(desk: Desk, account: Account) -> Clean:
    """The provider's title, or its id where nobody knows it."""
    spec = desk.specs.get(account.listed.provider)
    return line(spec.title if spec is not None else account.listed.provider or "no provider")


def host_of(account: Account) -> Clean:
    """The host and port that the profile speaks to."""
    try:
        return line(Origin.parse(account.listed.base_url).root.partition("://")[2])
    except ConfigProblem:
        return line("-")


def about(desk: Desk, account: Account, width: int) -> Iterator[Line]:
    """All that is known of a profile, its problem in full."""
    listed = account.listed
    problem = listed.problem.message if listed.problem is not None else desk.broken.get(listed.name)
    if problem is not None:
        yield from wrapped([], Part(problem, "bad"), width)
        yield from wrapped([], Part(line("Enter puts it right, here."), "muted"), width)
        yield ()
    yield from _row("provider", provider_of(desk, account), "", width)
    yield from _row("host", host_of(account), "", width)
    for state in listed.keys:
        yield from _row(
            "keys" if state is listed.keys[0] else "",
            line(f"{state.key}: {state.words}", 400),
            "" if state.good else "bad",
            width,
        )
    yield from _row("writes", _writes(desk, account), "", width)
    yield from _sign_in(desk, account, width)
    health = desk.board.health.get(listed.name)
    if health is not None and health.reason:
        yield from _row("health", health.reason, "warning", width)


def _writes(desk: Desk, account: Account) -> Clean:
    if desk.read_only:
        return line("none: sessiontop runs with --read-only")
    profile = account.listed.profile
    if profile is not None and profile.read_only:
        return line("none: this profile is read-only")
    return line("allowed, each after a question")


def _sign_in(desk: Desk, account: Account, width: int) -> Iterator[Line]:
    if not account.needs_sign_in or not can_sign_in(desk, account):
        return
    if account.signed_in:
        yield from _row("sign-in", line("somebody has signed in; i does it anew"), "", width)
    else:
        yield from _row("sign-in", line("needed before anything works: i"), "warning", width)


def can_sign_in(desk: Desk, account: Account) -> bool:
    """Whether this provider knows a sign-in."""
    spec = desk.specs.get(account.listed.provider)
    return spec is not None and Capability.SIGN_IN in spec.capabilities


def found(checkup: Checkup, width: int, *, ascii_only: bool) -> list[Line]:
    """What a check found, a line a key."""
    lines: list[Line] = []
    for finding in checkup.findings:
        mark = _MARKS[finding.verdict][ascii_only]
        head = [Part(line(f"{mark} "), _LOOKS[finding.verdict])]
        lines += wrapped(head, Part(finding.text), width)
    if checkup.problem is not None:
        lines += wrapped([], Part(checkup.problem.message, "bad"), width)
    return lines


def offers_left(
    findings: Sequence[Finding], given: frozenset[str]
) -> tuple[str, list[tuple[Clean, Clean]]] | None:
    """The first key that the vendor offers values for and that has none yet, with what there is to choose."""
    offers = [finding.offer for finding in findings if finding.offer is not None]
    key = next((offer.key for offer in offers if offer.key not in given), None)
    if key is None:
        return None
    return key, [(line(offer.value), offer.words) for offer in offers if offer.key == key]


def _row(label: str, text: Clean, look: str, width: int) -> list[Line]:
    return wrapped([Part(line(f"{label:<{_LABEL}}"), "muted")], Part(text, look), width)
