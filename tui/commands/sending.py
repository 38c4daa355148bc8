"""What `create` and `act` share: one write to one vendor, and what is said when its outcome cannot be handed over."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TypeVar

from tui.commands import unknowns
from tui.commands.headless import Headless
from tui.commands.narrate import say, tell
from tui.live.commands import Act, Create
from tui.live.messages import Acted, Made
from tui.model.clock import Clock
from tui.model.problem import NoAnswer, ReadOnly, UnknownOutcome, UsageProblem
from tui.model.profile import Profile
from tui.profiles.paths import state_dir

_Reply = TypeVar("_Reply", Made, Acted)
# The options of both commands that take a value of their own: what follows them is no profile.
_WITH_VALUE = ("--set", "--input")


def may_write(profile: Profile) -> None:
    """Raises `ReadOnly` before anything is asked or sent; the client would refuse it too."""
    if profile.read_only:
        raise ReadOnly(f"{profile.name} is read-only: nothing was sent")


def send_once(profile: Profile, write: Create | Act, kind: type[_Reply], clock: Clock) -> _Reply:
    """Gives the write to the engine and waits for what came of it. Raises the `Problem` that it carries.

    An `UnknownOutcome` says how to see it again: what was sent is written down. Whoever interrupts the wait is told
    that the write may have been done; `KeyboardInterrupt` goes on.
    """
    try:
        with Headless([profile], clock, state_dir()) as headless:
            return headless.ask(write, kind)
    except UnknownOutcome as unknown:
        raise unknowns.kept(unknown, profile) from None
    except KeyboardInterrupt:
        with suppress(
            OSError, ValueError
        ):  # the terminal may be gone: that is one way to be interrupted
            say(
                "interrupted: it may have been done all the same; look at the list before trying again"
            )
        raise
    except NoAnswer as silence:  # the vendor's own silence is an `UnknownOutcome` by now
        raise UnknownOutcome(
            "it may have been done all the same: look at the list before trying again"
            f" ({silence.message})"
        ) from None


def hand_over(text: str, done: str) -> None:
    """The outcome on stdout, at once. `done` says what was done, for who cannot read it there."""
    try:
        tell(text, flush=True)
    except BrokenPipeError:
        say(f"{done}; nobody reads the output any more")
        raise
    except UsageProblem as unwritten:
        raise UsageProblem(f"{done}, but {unwritten.message}") from None


def profile_in(argv: Sequence[str]) -> str | None:
    """The profile's name in the arguments of `create` or `act`, which may be incomplete; None without one."""
    for before, word in zip(("", *argv), argv, strict=False):
        if not word.startswith("-") and before not in _WITH_VALUE:
            return word
    return None
