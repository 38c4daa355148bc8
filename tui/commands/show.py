"""`sessiontop show PROFILE ID`: everything known of one session."""

from __future__ import annotations

import argparse
from datetime import datetime

from tui.commands import common, json_shapes, render
from tui.commands.headless import Headless
from tui.commands.narrate import tell
from tui.live.commands import Read
from tui.live.messages import Opened
from tui.model.age import coarse
from tui.model.clock import Clock, SystemClock
from tui.model.problem import BadAnswer
from tui.model.profile import Profile
from tui.model.retention import kept
from tui.model.session import Session, age_seconds, wait_seconds
from tui.model.shapes import LINKS, TEXTS, TIMES, cell, dumps, rfc3339
from tui.model.text import Opaque, copyable
from tui.providers import registry
from tui.providers.base import Spec


def run(args: argparse.Namespace, clock: Clock | None = None) -> int:
    """One session on stdout. Raises the `Problem` that kept it from being read."""
    clock = clock or SystemClock()
    profile = common.choose_one(common.load_store([args.profile]), args.profile)
    session = fetch(profile, common.reference(args.id), clock)
    if args.format == "json":
        tell(dumps(json_shapes.session_shape(session, reveal=args.reveal)))
    else:
        spec = registry.find(profile.provider)
        tell("\n".join(describe(session, clock.now(), reveal=args.reveal, spec=spec)))
    return 0


def fetch(profile: Profile, ref: Opaque, clock: Clock) -> Session:
    """The whole of one session. Raises `Problem`."""
    with Headless([profile], clock) as headless:
        reply = headless.ask(Read(1, profile.name, ref), Opened)
    if reply.session is None:
        raise BadAnswer(f"{profile.name}: the answer holds no session")
    return reply.session


def describe(
    session: Session, now: datetime, *, reveal: bool, spec: Spec | None = None
) -> list[str]:
    """The session for people, a line a fact; what the vendor does not say is left out.

    `spec` is that of its provider: how long the vendor keeps what.
    """
    rows = [("id", cell(session.id)), ("profile", session.profile)]
    rows.append(("status", _status(session)))
    rows += [
        (name.replace("_", " "), cell(getattr(session, name)))
        for name in TEXTS[5:]
        if getattr(session, name) not in (None, "")
    ]
    rows += _times(session, now)
    rows += _kept(session, now, spec)
    rows += _links(session)
    lines = render.pairs(rows)
    if session.fields:
        fields = [(name, json_shapes.words(value, reveal=reveal)) for name, value in session.fields]
        lines += ["", *render.pairs([(f"  {name}", value) for name, value in fields])]
    return lines


def _status(session: Session) -> str:
    glyph = session.status.glyph(ascii_only=not common.can_show_glyphs())
    ours, own = session.status.value, session.provider_status
    return f"{glyph} {ours} ({own})" if own and own != ours else f"{glyph} {ours}"


def _times(session: Session, now: datetime) -> list[tuple[str, str]]:
    rows = [
        (name.removesuffix("_at"), told)
        for name in TIMES
        if (told := rfc3339(getattr(session, name))) is not None
    ]
    for name, seconds in (
        ("waiting", wait_seconds(session, now)),
        ("age", age_seconds(session, now)),
    ):
        if seconds is not None:
            rows.append((name, coarse(seconds)))
    return rows


def _kept(session: Session, now: datetime, spec: Spec | None) -> list[tuple[str, str]]:
    """What has expired or will, and how long the vendor keeps what is left."""
    rows = []
    at = session.expires_at
    if at is not None:
        what = spec.expires if spec is not None else ""
        passed = (now - at).total_seconds()
        told = f"expired {coarse(passed)} ago" if passed >= 0 else f"expires in {coarse(-passed)}"
        rows.append((what or "session", told))
    retention = spec.retention if spec is not None else ()
    return [*rows, *kept(retention, session, now, lambda at: rfc3339(at) or "-")]


def _links(session: Session) -> list[tuple[str, str]]:
    rows = []
    for name in LINKS:
        link: Opaque | None = getattr(session.links, name)
        if link is not None:
            altered = "" if copyable(link) else " (altered to be shown: do not use it)"
            rows.append((f"{name} link", cell(link) + altered))
    return rows
