"""`sessiontop create PROFILE`: one new session, asked for once."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tui.commands import common, filling, json_shapes, render
from tui.commands.headless import Headless
from tui.commands.narrate import tell
from tui.live.messages import Create, Made
from tui.model.clock import Clock, SystemClock
from tui.model.problem import BadAnswer, UsageProblem
from tui.providers import registry


def run(args: argparse.Namespace, clock: Clock | None = None) -> int:
    """What to tell the customer on stdout. Raises the `Problem` that kept it from being created.

    An `UnknownOutcome` (exit code 4) says that it may exist all the same: nothing is sent twice.
    """
    clock = clock or SystemClock()
    profile = common.choose_one(common.load_store(), args.profile)
    form = registry.find(profile.provider).create
    if form is None:
        raise UsageProblem(f"{profile.name}: this vendor offers no way to create a session")
    values = filling.filled(form, args.set, args.input, clock)
    with Headless([profile], clock) as headless:
        made = headless.ask(Create(1, profile.name, values), Made)
    if made.created is None:
        raise BadAnswer(f"{profile.name}: the answer holds no session")
    if args.format == "json":
        tell(json_shapes.dumps(json_shapes.made_shape(made, reveal=args.reveal)))
    else:
        rows = [
            (told.label, common.cell(json_shapes.told_words(told, reveal=True)))
            for told in made.created.told
        ]
        tell("\n".join(render.pairs(rows)))
    return 0


def more_help(argv: Sequence[str]) -> str:
    """The fields of the profile named in `argv`, with their limits."""
    names = [word for word in argv if not word.startswith("-")]
    if not names:
        return "For the fields: sessiontop create PROFILE --help"
    profile = common.choose_one(common.load_store(), names[0])
    spec = registry.find(profile.provider)
    if spec.create is None:
        return f"{spec.title} offers no way to create a session."
    return "\n".join(
        [f"--set for {profile.name} ({spec.title}):", *filling.help_lines(spec.create)]
    )
