"""`sessiontop transcript PROFILE ID`: what was said, as text, Markdown or JSON."""

from __future__ import annotations

import argparse

from tui.commands import common, render
from tui.commands.headless import Headless
from tui.commands.narrate import say, tell
from tui.live.commands import Read
from tui.live.messages import Opened
from tui.model.clock import Clock, SystemClock
from tui.model.markdown import markdown, said
from tui.model.problem import BadAnswer
from tui.model.retention import kept
from tui.model.session import Session
from tui.model.shapes import dumps, entry_shape, rfc3339
from tui.model.transcript import Entry, Transcript
from tui.providers import registry


def run(args: argparse.Namespace, clock: Clock | None = None) -> int:
    """The entries on stdout, what is to be known about them on stderr."""
    clock = clock or SystemClock()
    profile = common.choose_one(common.load_store([args.profile]), args.profile)
    ref = common.reference(args.id)
    with Headless([profile], clock) as headless:
        reply = headless.ask(Read(1, profile.name, ref, transcript=True), Opened)
    if reply.session is None or reply.transcript is None:
        raise BadAnswer(f"{profile.name}: the answer holds no transcript")
    _print(args.format, reply.session, reply.transcript)
    _narrate(reply.transcript)
    retention = registry.find(profile.provider).retention
    for what, words in kept(retention, reply.session, clock.now(), lambda at: rfc3339(at) or "-"):
        say(f"{what}: {words}")
    return 0


def _print(form: str | None, session: Session, transcript: Transcript) -> None:
    if form == "json":
        for entry in transcript.entries:
            tell(dumps(entry_shape(entry)))
    elif form == "markdown":
        tell("\n".join(markdown(session, transcript)))
    elif transcript.entries:
        tell("\n".join(text(transcript)))


def _narrate(transcript: Transcript) -> None:
    if not transcript.entries:
        say("nothing is recorded of this session")
    if transcript.note:
        say(transcript.note)
    elif not transcript.spoken:
        say("the vendor keeps no conversation of it: these are its steps")
    elif not transcript.complete:
        say("it is longer than was read: the end is missing")


def text(transcript: Transcript) -> list[str]:
    """A line an entry; further lines of a message stand below its first one."""
    heads = [_head(entry) for entry in transcript.entries]
    widths = [max(map(render.cells, column)) for column in zip(*heads, strict=True)]
    lines = []
    for head, entry in zip(heads, transcript.entries, strict=True):
        left = "  ".join(map(render.fit, head, widths))
        for part in said(entry).split("\n"):
            lines.append(f"{left}  {part}".rstrip())
            left = " " * render.cells(left)
    return lines


def _head(entry: Entry) -> tuple[str, str, str]:
    return (rfc3339(entry.at) or "-", entry.author or entry.role.value, entry.kind.value)
