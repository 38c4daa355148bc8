"""The program over a real engine and one vendor, which writes down when a change has come how far.

`python -m tests.bench.change_app BASE_URL FILE` adds lines to FILE: a step and a moment of the monotonic clock.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.terminal.environment import scrub_environment

if TYPE_CHECKING:
    from tui.model.clock import Clock
    from tui.model.profile import Profile
    from tui.model.session import Session
    from tui.net.exchange import Report
    from tui.providers.base import Ask, Connect, Page, Provider

Note = Callable[[str], None]

STEPS = ("answered", "told", "taken", "written")
"""The answer is read whole; the engine knows what changed, and tells; the screen takes that out of the mailbox, and has
painted it and given the frame to the thread that writes."""


def main() -> None:
    """Runs until `q`."""
    base_url, path = sys.argv[1:]
    scrub_environment(os.environ)
    with Path(path).open("a", encoding="ascii", buffering=1) as file:

        def note(step: str) -> None:
            file.write(f"{step} {time.monotonic()}\n")

        sys.exit(_watch(base_url, note))


def _watch(base_url: str, note: Note) -> int:
    """The program as `watch` runs it, without folders of the user's."""
    from tui.live.engine import Engine
    from tui.model.clock import SystemClock
    from tui.model.profile import Profile
    from tui.model.secret import Secret
    from tui.profiles.store import Loaded

    profile = Profile(
        "goto-desk",
        "goto-remote-support",
        base_url,
        secrets={"access_token": Secret("made-up")},
        refresh_seconds=2.0,
    )
    clock = SystemClock()
    engine = Engine((profile,), connect=_connecting(note), clock=clock)
    for name in ("tell_sessions", "tell_rows"):
        setattr(engine.mailbox, name, _stamped(getattr(engine.mailbox, name), note))
    engine.start()
    from tui.commands.full_screen import run_watch
    from tui.terminal.guard import Guard

    _stamp_screen(note)
    options = dict.fromkeys(("read_only", "low_bandwidth", "plain_output", "no_mouse"), False)
    loaded = Loaded((profile,), (), Path("profiles.toml"), True, {})
    with Guard() as guard:
        app = run_watch(loaded, engine, clock, argparse.Namespace(view=None, **options), guard)
    return guard.exit_code(app.return_code)


def _stamped(
    tell: Callable[[Iterable[Session]], None], note: Note
) -> Callable[[Iterable[Session]], None]:
    def told(sessions: Iterable[Session]) -> None:
        note("told")
        tell(sessions)

    return told


def _connecting(note: Note) -> Connect:
    from tui.providers import registry

    def connect(profile: Profile, clock: Clock, report: Report) -> Provider:
        provider = registry.connect(profile, clock, report)
        ask = provider.page

        async def page(asked: Ask) -> Page:
            found = await ask(asked)
            note("answered")
            return found

        provider.page = page  # type: ignore[method-assign, assignment]
        return provider

    return connect


def _stamp_screen(note: Note) -> None:
    from tui.app import SessionTop

    empty, write = SessionTop._empty_mailbox, SessionTop.write_frame

    def empty_mailbox(app: SessionTop) -> None:
        note("taken")
        empty(app)

    def write_frame(app: SessionTop, text: str) -> None:
        write(app, text)
        note("written")

    for name, stamped in (("_empty_mailbox", empty_mailbox), ("write_frame", write_frame)):
        setattr(SessionTop, name, stamped)


if __name__ == "__main__":
    main()
