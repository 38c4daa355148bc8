"""The full screen over an engine that works already. It imports Textual: `watch` imports it last."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path

from tui.app import SessionTop
from tui.commands.narrate import KEEPING_A_TOKEN
from tui.live.engine import KEEPING, Engine
from tui.live.view import ViewKind
from tui.model.clock import Clock
from tui.model.text import line
from tui.model.zone import LocalZone
from tui.profiles.store import Loaded
from tui.providers import registry
from tui.screens.configured import remember_in
from tui.screens.desk import Desk
from tui.terminal.environment import utf8
from tui.terminal.guard import Guard


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
    folders: tuple[Path, Path] | None = None,
    renewing: Callable[[], bool] = lambda: False,
) -> int:
    """Runs the program on the terminal over an engine that works already; returns the process's exit code.

    `args` are those of `watch`. `folders` are the user's own, for the configuration and for what is remembered;
    without them there is neither. `renewing`: whether a token is on its way that not even impatience should lose.
    """
    with Guard() as guard:
        guard.finish_first(renewing, f"sessiontop: {KEEPING_A_TOKEN}\n", KEEPING)
        desk = make_desk(
            loaded,
            engine,
            clock,
            read_only=args.read_only,
            low_bandwidth=args.low_bandwidth,
            ascii_only=not utf8(os.environ, sys.stderr.encoding),
        )
        if folders is not None:
            remember_in(desk, folders[1])
        app = SessionTop(
            desk,
            view=ViewKind(args.view) if args.view else None,
            guard=guard,
            welcome=not loaded.profiles and not loaded.problems,
            config_file=None if folders is None else folders[0] / "config.toml",
            plain_output=args.plain_output,
        )
        gc.freeze()  # what the program consists of is not searched for garbage again and again
        app.run(mouse=not (args.no_mouse or args.low_bandwidth))
    if app.crash is not None:
        guard.tell(app.crash.text())
    return guard.exit_code(app.return_code)
