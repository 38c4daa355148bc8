"""`sessiontop create PROFILE`: one new session, asked for once."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tui.commands import common, filling, json_shapes, render, sending, unknowns
from tui.live.commands import Create
from tui.live.messages import Made
from tui.model.clock import Clock, SystemClock
from tui.model.problem import UnknownOutcome, UsageProblem
from tui.model.shapes import cell, dumps
from tui.providers import registry


def run(args: argparse.Namespace, clock: Clock | None = None) -> int:
    """What to tell the customer on stdout. Raises the `Problem` that kept it from being created.

    An `UnknownOutcome` (exit code 4) says that it may exist all the same: nothing is sent twice. With `--json` the
    reference by which it can be found is on stdout then.
    """
    clock = clock or SystemClock()
    profile = common.choose_one(common.load_store([args.profile]), args.profile)
    form = registry.find(profile.provider).create
    if form is None:
        raise UsageProblem(f"{profile.name}: this vendor offers no way to create a session")
    sending.may_write(profile)
    values = filling.filled(form, args.set, args.input, clock)
    unknowns.mention([profile], clock)
    try:
        made = sending.send_once(profile, Create(1, profile.name, values), Made, clock)
    except UnknownOutcome as unknown:
        if args.format == "json":
            told = json_shapes.made_shape(Made(1, None)) | unknowns.intent_shape(unknown)
            sending.hand_over(dumps(told), unknown.message)
        raise
    sending.hand_over(_text(args, made), f"{profile.name}: the session was created")
    return 0


def _text(args: argparse.Namespace, made: Made) -> str:
    if made.created is None:
        raise UnknownOutcome(
            "the session may have been created: look at the list before trying again"
        )
    if args.format == "json":
        return dumps(json_shapes.made_shape(made, reveal=args.reveal))
    # Whoever creates a session at a terminal is the one it is told to: nothing is hidden here.
    rows = [
        (told.label, cell(json_shapes.told_words(told, reveal=True))) for told in made.created.told
    ]
    return "\n".join(render.pairs(rows))


def more_help(argv: Sequence[str]) -> str:
    """The fields of the profile named in `argv`, with their limits."""
    name = sending.profile_in(argv)
    if name is None:
        return "For the fields: sessiontop create PROFILE --help"
    profile = common.choose_one(common.load_store(()), name)
    spec = registry.find(profile.provider)
    if spec.create is None:
        return f"{spec.title} offers no way to create a session."
    return "\n".join(
        [f"--set for {profile.name} ({spec.title}):", *filling.help_lines(spec.create)]
    )
