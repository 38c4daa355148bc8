"""`sessiontop profile remove`: takes one account out of the store, after asking."""

from __future__ import annotations

import argparse
import os

from tui.commands import asking
from tui.commands.narrate import say
from tui.model.clock import Clock
from tui.model.problem import UsageProblem
from tui.profiles import editing
from tui.profiles.editing import Stored
from tui.profiles.paths import profiles_path, state_dir
from tui.providers import registry
from tui.settings import last_rows


def run(args: argparse.Namespace, clock: Clock | None = None) -> int:
    """0 when it is gone, 2 when it was not agreed to. Raises `ConfigProblem` when there is none of that name."""
    path = profiles_path()
    held = editing.stored(path, args.name, registry.SPECS, os.environ)
    if not args.yes:
        if not asking.can_ask():
            raise UsageProblem(
                "nobody can be asked here: say --yes to remove it without a question"
            )
        asking.show(_what_is_lost(held))
        if not asking.agreed(f"Remove {held.name}?", word=held.name):
            say("nothing was removed")
            return 2
    lost = editing.loses_comments(path)
    editing.remove(path, args.name)
    last_rows.remove(str(state_dir()))  # which may show sessions of it
    say(f"{args.name} is removed from {path}")
    if lost:
        say("the comments in that file are gone: a rewrite keeps every key and no comment")
    return 0


def _what_is_lost(held: Stored) -> str:
    """In words what goes for good, and what stays where it is."""
    inside = [key for key, kept in held.secrets.items() if kept.words.startswith("in the file")]
    outside = [f"{kept.words}" for key, kept in held.secrets.items() if key not in inside]
    parts = [f"{held.name} ({held.provider or 'no provider'}): its settings are lost"]
    if inside:
        parts.append(
            f"{', '.join(inside)} too, which {'is' if len(inside) == 1 else 'are'} kept only here"
        )
    if outside:
        parts.append(f"what lies elsewhere stays ({', '.join(outside)})")
    return f"{'; '.join(parts)}. Nothing changes at the vendor."
