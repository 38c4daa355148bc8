"""The full screen over an engine that works already. It imports Textual: `watch` imports it last."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from datetime import tzinfo
from typing import Final

from tui.app import SessionTop
from tui.commands.settling import settling
from tui.live.engine import Engine
from tui.live.view import ViewKind
from tui.model.clock import Clock
from tui.model.text import line
from tui.model.zone import LocalZone
from tui.profiles.store import Loaded
from tui.providers import registry
from tui.screens import later
from tui.screens.desk import Desk
from tui.screens.last_profile import remember_in
from tui.screens.warm import Own, begin
from tui.terminal.environment import utf8
from tui.terminal.guard import Guard

# Seconds from the first frame until the screens that are not seen yet are imported, and between two of them.
_CALM: Final = 0.5
_PAUSE: Final = 0.02


def make_desk(
    loaded: Loaded,
    engine: Engine,
    clock: Clock,
    *,
    read_only: bool = False,
    low_bandwidth: bool = False,
    ascii_only: bool = False,
    zone: tzinfo | None = None,
) -> Desk:
    """The screens' side of the mailbox for these profiles."""
    return Desk(
        engine=engine,
        profiles=loaded.profiles,
        specs=registry.SPECS,
        clock=clock,
        problems=tuple(problem.message for problem in loaded.problems),
        broken={name: problem.message for name, problem in loaded.broken.items()},
        profiles_file=line(loaded.path),
        read_only=read_only,
        low_bandwidth=low_bandwidth,
        ascii_only=ascii_only,
        zone=zone or LocalZone(),
    )


def run_watch(
    loaded: Loaded,
    engine: Engine,
    clock: Clock,
    args: argparse.Namespace,
    guard: Guard,
    own: Own | None = None,
) -> SessionTop:
    """Runs the program on the terminal over an engine that works already; returns the app that has ended.

    `args` are those of `watch`. `own` are the user's folders, for the configuration and for what is remembered;
    without them there is neither.
    """
    desk = make_desk(
        loaded,
        engine,
        clock,
        read_only=args.read_only,
        low_bandwidth=args.low_bandwidth,
        ascii_only=not utf8(os.environ, sys.stderr.encoding),
    )
    desk.painted = guard.painted is not None
    if own is not None:
        remember_in(desk, own.state)
    app = SessionTop(
        desk,
        view=ViewKind(args.view) if args.view else None,
        guard=guard,
        welcome=not loaded.profiles and not loaded.problems,
        config_file=None if own is None else own.config / "config.toml",
        plain_output=args.plain_output,
        on_first_frame=lambda: _settle(app),
    )
    if own is not None:
        usual = not (args.profile or args.view)
        app.warm = begin(desk, own, app.start_view, on=app.cache, whole=usual)
    guard.unwinds = False  # from here on the app ends by being asked to
    with settling(desk.board.sessions):
        app.run(mouse=not (args.no_mouse or args.low_bandwidth))
    return app


def _settle(app: SessionTop) -> None:
    """There is something to see: what was put off until then is made up for, between the keys."""
    gc.freeze()  # what the program consists of is not searched for garbage again and again
    gc.enable()
    steps = later.warm_up()

    def step() -> None:
        if next(steps, app) is None:
            app.set_timer(_PAUSE, step)

    app.set_timer(_CALM, step)
