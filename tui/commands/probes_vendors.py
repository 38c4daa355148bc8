"""What `doctor` finds out about each profile's vendor: the way there, TLS, the clock, the keys.

All of it is seen by the requests of the check itself: nothing else is sent, and no key goes anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from tui.commands.headless import Headless
from tui.commands.probes import Line, fail, ok, warn
from tui.live.commands import Check
from tui.live.messages import Checked
from tui.model.clock import Clock
from tui.model.problem import ConfigProblem, NoAnswer, Problem
from tui.model.profile import Profile
from tui.net.exchange import Exchange
from tui.net.origin import Origin
from tui.net.proxy import proxy_for
from tui.providers import registry
from tui.providers.base import Verdict

MOST_SKEW: Final = 30.0
SOON: Final = timedelta(days=21)


def vendors(profiles: Sequence[Profile], clock: Clock) -> Iterator[Line]:
    """All profiles at once, each bounded by its own requests; their lines in the order of the profiles."""
    if not profiles:
        return
    asked = [Check(ticket, profile.name) for ticket, profile in enumerate(profiles)]
    with Headless(profiles, clock) as headless:
        try:
            replies = headless.ask_all(asked, Checked)
        except NoAnswer as silence:
            yield fail("vendors", silence.message)
            return
        exchanges = list(headless.exchanges)
    for profile, reply in zip(profiles, replies, strict=True):
        mine = [exchange for exchange in exchanges if exchange.profile == profile.name]
        yield from one(profile, reply, mine, clock)


def one(
    profile: Profile, reply: Checked, exchanges: Sequence[Exchange], clock: Clock
) -> Iterator[Line]:
    """The lines of one profile."""
    about = profile.name
    try:
        origin = Origin.parse(profile.base_url)
        yield way(about, origin)
    except ConfigProblem as problem:
        yield fail(about, problem.message)
        return
    answered = [exchange for exchange in exchanges if exchange.status is not None]
    if answered:
        fastest = min(exchange.milliseconds for exchange in answered)
        yield ok(about, f"{origin.host} answers ({fastest:.0f} ms)")
        yield tls(about, origin, profile.ca_file, exchanges, clock)
        yield skewed(about, answered)
    yield from keys(profile, reply)


def way(about: str, origin: Origin) -> Line:
    """Through which proxy, if any: its host alone, since its address may hold a password."""
    proxy = proxy_for(origin)
    if proxy is None:
        return ok(about, f"{origin.root}, without a proxy")
    return ok(about, f"{origin.root}, through the proxy {proxy.host}:{proxy.port}")


def tls(
    about: str, origin: Origin, ca_file: str | None, exchanges: Sequence[Exchange], clock: Clock
) -> Line:
    """Who vouches for the vendor's certificate, and until when."""
    if origin.scheme == "http":
        return ok(about, "no TLS, which on loopback nobody can listen to")
    by = "the machine's authorities" + (f" and {ca_file}" if ca_file else "")
    ends = next((one.certificate_ends for one in exchanges if one.certificate_ends), None)
    if ends is None:
        return ok(about, f"TLS, verified by {by}")
    told = f"TLS, verified by {by}; the certificate ends on {ends:%Y-%m-%d}"
    if ends - clock.now() < SOON:
        return warn(about, told, "tell who runs that address: connections end with it")
    return ok(about, told)


def skewed(about: str, answered: Sequence[Exchange]) -> Line:
    """How far the two clocks are apart: ages and time windows are wrong by as much."""
    known = [exchange.skew for exchange in answered if exchange.skew is not None]
    if not known:
        return ok(about, "it tells no time, so the clocks cannot be compared")
    seconds = min(known, key=abs)
    if abs(seconds) <= MOST_SKEW:
        return ok(about, "its clock and this machine's agree")
    direction = "ahead of" if seconds > 0 else "behind"
    return warn(
        about,
        f"its clock is {abs(seconds):.0f} s {direction} this machine's: ages and waits are wrong by as much",
        "look at the machine's clock: timedatectl status",
    )


def keys(profile: Profile, reply: Checked) -> Iterator[Line]:
    """What the check found; a check that could not be made is a failure with its reason."""
    for finding in reply.findings:
        remedy = (
            f"sessiontop profile edit {profile.name}" if finding.verdict is Verdict.FAIL else ""
        )
        yield Line(finding.verdict, profile.name, finding.text, remedy)
    if reply.problem is not None:
        yield fail(profile.name, *_explained(profile, reply.problem))


def _explained(profile: Profile, problem: Problem) -> tuple[str, str]:
    message = problem.message.removeprefix(f"profile {profile.name}: ")
    if registry.find(profile.provider).needs_sign_in(profile):
        return message, f"sessiontop profile sign-in {profile.name}"
    return message, ""
