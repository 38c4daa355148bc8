"""`sessiontop` and `sessiontop watch`: the full screen."""

from __future__ import annotations

import argparse
import gc
import os
from dataclasses import replace
from pathlib import Path

from tui.commands import at_terminal, common, unknowns
from tui.commands.narrate import KEEPING_A_TOKEN, say_that_a_token_is_kept
from tui.live.accounts import Store
from tui.live.engine import KEEPING, Engine
from tui.model.clock import Clock, SystemClock
from tui.net.tokens import TokenStore
from tui.profiles.paths import config_dir, profiles_path, state_dir, tokens_path
from tui.profiles.shelf import Where
from tui.profiles.store import Loaded
from tui.profiles.tokens import TokenFile
from tui.providers import registry
from tui.settings import last_rows
from tui.terminal import first_paint
from tui.terminal.guard import Guard


def run(args: argparse.Namespace) -> int:
    """Shows the screen until the user leaves it; without a single profile it says how to begin."""
    at_terminal.require_terminal()
    stamp = last_rows.stamp_of(str(profiles_path()))  # before it is read: it may change meanwhile
    loaded = _only(common.load_store(args.profile or None), args.profile)
    unknowns.mention(loaded.profiles, SystemClock())
    tokens = TokenFile(tokens_path(loaded.path))
    return show(loaded, args, tokens, loaded.path, (config_dir(), state_dir(), stamp))


def show(
    loaded: Loaded,
    args: argparse.Namespace,
    tokens: TokenStore,
    where: Where,
    own: tuple[Path, Path, str] | None = None,
) -> int:
    """The full screen over these profiles. The first requests are on their way while Textual is imported.

    `where` is the store that they come from, which the screen may change.
    `own` are the user's folders (configuration, state), and how that store was; the demo has none.
    """
    at_terminal.prepare(args)
    if loaded.profiles:
        # What the first requests need, before the thread that sends them shares the interpreter with Textual's import.
        import tui.net.transport  # noqa: F401
    if args.read_only:
        profiles = tuple(replace(profile, read_only=True) for profile in loaded.profiles)
        loaded = replace(loaded, profiles=profiles)
    clock = SystemClock()
    connect = registry.connecting(tokens)
    state = own[1] if own is not None else None
    store = Store(where, registry.SPECS, dict(os.environ), args.read_only)
    engine = Engine(
        loaded.profiles,
        connect=connect,
        clock=clock,
        state=state,
        store=store,
        renewing=lambda: tokens.renewing,
    )
    try:
        return _run(_guard(tokens), loaded, engine, clock, args, own)
    finally:
        gc.enable()
        # The terminal has been given back by now.
        engine.stop(on_wait=say_that_a_token_is_kept)


def _guard(tokens: TokenStore) -> Guard:
    """What gives the terminal back; a token on its way is not lost by impatience either."""
    guard = first_paint.guard()
    guard.finish_first(tokens.last_turns, f"sessiontop: {KEEPING_A_TOKEN}\n", KEEPING)
    return guard


def _run(
    guard: Guard,
    loaded: Loaded,
    engine: Engine,
    clock: Clock,
    args: argparse.Namespace,
    own: tuple[Path, Path, str] | None,
) -> int:
    """Under the guard, so that a signal finds its way out of the import too."""
    try:
        with guard:
            guard.unwinds = True
            engine.start()
            from tui.commands.full_screen import run_watch
            from tui.screens.warm import Own

            app = run_watch(loaded, engine, clock, args, guard, own and Own(*own))
    except BaseException:
        if guard.exit_code(None):  # a signal has ended it, whatever became of that on its way
            return guard.exit_code(None)
        raise
    if app.crash is not None:
        guard.tell(app.crash.text())
    elif app.warm is not None:
        app.warm.keep_all()
    return guard.exit_code(app.return_code)


def _only(loaded: Loaded, names: list[str]) -> Loaded:
    """The store with the named profiles alone. Raises `UsageProblem` for a name that is nowhere."""
    if not names:
        return loaded
    chosen = common.choose(loaded, names)
    broken = {name: problem for name, problem in loaded.broken.items() if name in names}
    return replace(loaded, profiles=chosen.profiles, problems=chosen.problems, broken=broken)
