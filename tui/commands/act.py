"""`sessiontop act PROFILE ID ACTION`: does something to one session, once, after asking."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tui.commands import common, filling, json_shapes, sending, unknowns
from tui.commands.narrate import say
from tui.live.commands import Act
from tui.live.messages import Acted
from tui.model.clock import Clock, SystemClock
from tui.model.nearest import meant
from tui.model.problem import UnknownOutcome, UsageProblem
from tui.model.profile import Profile
from tui.model.shapes import dumps
from tui.model.text import Opaque, shown
from tui.providers import registry
from tui.providers.base import Action


def run(args: argparse.Namespace, clock: Clock | None = None) -> int:
    """The session as it is afterwards on stdout. Raises the `Problem` that kept it from being done."""
    clock = clock or SystemClock()
    profile = common.choose_one(common.load_store([args.profile]), args.profile)
    action = find_action(profile, args.action)
    ref = common.reference(args.id)
    values = filling.filled(action.form, args.set, None, clock)
    sending.may_write(profile)
    unknowns.mention([profile], clock)
    if not args.yes and not _agreed(profile, ref, action):
        say("nothing was done")
        return 2
    write = Act(1, profile.name, ref, action.id, values)
    try:
        done = sending.send_once(profile, write, Acted, clock)
    except UnknownOutcome as unknown:
        if args.format == "json":
            told = {"action": action.id, "done": None, "session": None}
            told |= unknowns.intent_shape(unknown)
            sending.hand_over(dumps(told), unknown.message)
        raise
    sending.hand_over(_text(args, action, done), f"{profile.name}: {action.id} was done")
    return 0


def _text(args: argparse.Namespace, action: Action, done: Acted) -> str:
    if args.format == "json":
        shape = None if done.session is None else json_shapes.session_shape(done.session)
        return dumps({"action": action.id, "done": True, "session": shape})
    if done.session is not None:
        return f"{action.title}: done; the session is {done.session.status.value}"
    return f"{action.title}: done"


def find_action(profile: Profile, name: str) -> Action:
    """The provider's action of that name. Raises `UsageProblem` naming those that there are."""
    actions = {action.id: action for action in registry.find(profile.provider).actions}
    if name in actions:
        return actions[name]
    if not actions:
        raise UsageProblem(f"{profile.name}: this vendor offers no action on a session")
    known = ", ".join(actions)
    raise UsageProblem(
        f'{profile.name} knows no action "{name}"{meant(name, actions)} (known: {known})'
    )


def _agreed(profile: Profile, ref: Opaque, action: Action) -> bool:
    """Asks on the terminal; without one `--yes` is needed: a script must say that it means it."""
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        raise UsageProblem("nobody can be asked here: say --yes to do it without a question")
    say(
        f"{action.title} session {shown(ref)} at {profile.name} ({profile.provider}): {action.effect}."
    )
    sys.stderr.write("sessiontop: type yes to do it: ")
    sys.stderr.flush()
    try:
        answer = sys.stdin.readline()
    except UnicodeDecodeError:
        return False
    if not answer.endswith("\n"):  # Ctrl-D leaves the cursor behind the question
        sys.stderr.write("\n")
    return answer.strip() == "yes"


def more_help(argv: Sequence[str]) -> str:
    """The actions of the profile named in `argv`."""
    name = sending.profile_in(argv)
    if name is None:
        return "For the actions: sessiontop act PROFILE --help"
    profile = common.choose_one(common.load_store(()), name)
    lines = []
    for action in registry.find(profile.provider).actions:
        lines.append(f"{action.id}: {action.effect}")
        if action.form is not None:
            lines += filling.help_lines(action.form)
    return "\n".join(lines or ["This vendor offers no action on a session."])
