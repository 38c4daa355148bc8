"""`sessiontop profile sign-in NAME`: an address to open in any browser, and what it led to, pasted back.

Nothing of it is an argument: arguments can be read by everybody on the machine. The address goes to stderr, what
came of it to stdout; what is pasted is not shown.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime

from tui.commands import common, hidden_line, qr
from tui.commands.headless import Headless
from tui.commands.narrate import say, tell
from tui.live.commands import SignIn, StartSignIn
from tui.live.messages import SignedIn, SignInStarted
from tui.model.clock import Clock, SystemClock
from tui.model.problem import UsageProblem
from tui.model.profile import Profile
from tui.model.text import Clean, Opaque, line, shown
from tui.providers.base import Access

# What was pasted wrongly is asked for again; the sign-in at the vendor's page is still good.
TRIES = 3
_PROMPT = "paste the address that the browser ended at (it is not shown), then Enter: "


def run(args: argparse.Namespace, clock: Clock | None = None) -> int:
    """Signs one profile in. Raises the `Problem` that ended it; the tokens of an earlier sign-in then stay."""
    profile = common.choose_one(common.load_store([args.name]), args.name)
    with Headless([profile], clock or SystemClock()) as headless:
        url = headless.ask(StartSignIn(1, profile.name), SignInStarted).url
        assert url is not None
        _invite(profile, url)
        access = _finish(headless, profile)
    tell(f"{profile.name}  {_words(access, headless.clock.now())}")
    return 0


def _invite(profile: Profile, url: Opaque) -> None:
    say(f"{profile.name}: open this address in any browser, on any machine, and allow the access:")
    print(f"\n{shown(url, 8192)}\n", file=sys.stderr)
    code = qr.for_stderr(url)
    if code is not None:
        print(f"{code}\n", file=sys.stderr)
    say(
        "the browser then ends at a page that need not exist: its address is what counts "
        f"(it begins with {line(profile.text('redirect_uri'), 200)})"
    )


def _finish(headless: Headless, profile: Profile) -> Access:
    typed = sys.stdin is not None and sys.stdin.isatty()
    for left in reversed(range(TRIES if typed else 1)):
        pasted = hidden_line.ask(_PROMPT) if typed else hidden_line.first_line()
        try:
            access = headless.ask(SignIn(2 + left, profile.name, pasted), SignedIn).access
        except UsageProblem as problem:
            if not left:
                raise
            say(problem.message)
        else:
            assert access is not None
            return access
    raise UsageProblem("nothing usable was pasted")


def _words(access: Access, now: datetime) -> Clean:
    who = f" as {access.user}" if access.user else ""
    if access.until is None:
        return line(f"signed in{who}; the vendor does not say for how long")
    until = access.until.strftime(
        "%H:%M" if access.until.date() == now.date() else "%Y-%m-%d %H:%M"
    )
    then = (
        "and is then renewed by itself"
        if access.renews
        else "and the vendor gave nothing to renew it with: sign in again after that"
    )
    return line(f"signed in{who}; the access token holds until {until} UTC {then}")
