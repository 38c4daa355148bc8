"""`sessiontop unknown list|drop`: the writes of unknown outcome as they lie on the disk. Asks no vendor, sends nothing.

What came of them is looked for by the full screen; here they are listed for a script, and taken out by hand.
"""

from __future__ import annotations

import argparse
from typing import Any

from tui.commands import common, render
from tui.commands.narrate import say, tell
from tui.commands.unknowns import since
from tui.live.intents import Contents, IntentFolder
from tui.model.clock import Clock, SystemClock
from tui.model.intent import Intent
from tui.model.problem import UsageProblem
from tui.model.shapes import dumps, rfc3339
from tui.model.text import shown
from tui.profiles.paths import state_dir

_HEADERS = ("SENT", "PROFILE", "WRITE", "LOOKS", "SESSION OR REFERENCE", "ID")
_TARGET = 4
# So much of an id names it, as long as no other one begins so.
_LEAST = 6


def run(args: argparse.Namespace, clock: Clock | None = None) -> int:
    """Lists them, or takes one out. Raises `UsageProblem` for an id that names none, or one on its way."""
    folder = IntentFolder(state_dir())
    contents = folder.read()
    for trouble in contents.troubles:
        say(trouble)
    if args.what == "drop":
        intent = _named(contents, args.id)
        folder.remove(intent.id)
        say(f"the {intent.what} at {intent.profile} is out of the list; nothing was sent")
        return 0
    intents = sorted((kept.intent for kept in contents.kept), key=lambda intent: intent.at)
    if args.format == "json":
        for intent in intents:
            tell(dumps(_shape(intent)))
    elif intents:
        now = (clock or SystemClock()).now()
        rows = [_row(intent, since(intent.at, now)) for intent in intents]
        width = common.width_of_terminal()
        tell("\n".join(render.table(_HEADERS, rows, width=width, flexible=(_TARGET,))))
    else:
        say("every write has a known outcome")
    return 0


def _named(contents: Contents, id: str) -> Intent:
    if len(id) < _LEAST:
        raise UsageProblem(f"an id has at least {_LEAST} characters (see: sessiontop unknown list)")
    if any(intent.id.startswith(id) for intent in contents.elsewhere):
        raise UsageProblem("that write is on its way: its outcome comes to whoever sent it")
    found = [kept.intent for kept in contents.kept if kept.intent.id.startswith(id)]
    if len(found) != 1:
        many = "no write of unknown outcome has" if not found else "several writes have"
        raise UsageProblem(f"{many} an id that begins so (see: sessiontop unknown list)")
    return found[0]


def _row(intent: Intent, sent: str) -> tuple[str, ...]:
    target = intent.ref or intent.reference
    return (
        sent,
        intent.profile,
        intent.what,
        str(intent.looked),
        "-" if target is None else shown(target),
        intent.id,
    )


def _shape(intent: Intent) -> dict[str, Any]:
    """For JSON. `looked` counts the complete looks that did not find it."""
    return {
        "id": intent.id,
        "profile": intent.profile,
        "provider": intent.provider,
        "write": intent.what,
        "sent_at": rfc3339(intent.at),
        "session": intent.ref,
        "reference": intent.reference,
        "looked": intent.looked,
    }
