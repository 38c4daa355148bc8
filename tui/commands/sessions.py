"""`sessiontop sessions`: one complete listing of each profile, filtered and in the order of the full screen."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tui.commands import common, json_shapes, paging, render, unknowns
from tui.commands.headless import Headless
from tui.commands.narrate import say, tell
from tui.commands.times import parse_when
from tui.live.commands import Query
from tui.live.messages import Listed
from tui.live.view import ViewKind, ViewSpec, select
from tui.model.age import coarse
from tui.model.clock import Clock, SystemClock
from tui.model.filter import EMPTY, Filter
from tui.model.nearest import meant
from tui.model.problem import Problem, UsageProblem
from tui.model.profile import Profile
from tui.model.session import Session, age_seconds, wait_seconds
from tui.model.shapes import CSV_HEADERS, csv_lines, csv_row, dumps
from tui.model.text import shown
from tui.providers import registry

HEADERS = ("WAIT", "STATUS", "PROFILE", "CUSTOMER", "SUBJECT", "AGENT", "AGE", "ID")
# On a narrow terminal customer, subject and agent are cut, then agent, age and subject left out; an id never is.
_GIVE_WAY = (3, 4, 5)
_LEFT_OUT = (5, 6, 4)


def run(args: argparse.Namespace, clock: Clock | None = None) -> int:
    """Rows of the profiles that answered on stdout, a sentence for each that did not on stderr.

    Pages are cut from the sorted rows of all profiles; those are asked for everything all the same.
    """
    clock = clock or SystemClock()
    now = clock.now()
    since, until = _span(args, now)
    order = paging.Order.parse(args.sort) if args.sort is not None else None
    piece = paging.Piece.asked(args.page, args.size)
    wanted = Filter.parse(" ".join(args.filter))
    chosen = common.choose(common.load_store(args.profile or None), args.profile)
    queries = [
        Query(
            ticket,
            profile.name,
            since or now - timedelta(hours=profile.history_hours),
            until,
            parse_query(args.query, profile),
            full=args.format == "json",
            people=True,
        )
        for ticket, profile in enumerate(chosen.profiles)
    ]
    replies = _asked(chosen.profiles, queries, clock)
    view = ViewSpec(ViewKind.ALL if args.all else ViewKind.LIVE, filter=wanted)
    found = [session for reply in replies for session in reply.sessions]
    rows = select(found, view, now, {})
    if order is not None:
        rows = order.sorted(rows)
    elif _is_ordered(queries, chosen.profiles):
        rows = paging.in_order_of(found, rows)
    _print(rows if piece is None else piece.of(rows), args.format, now)
    if piece is not None and (told := piece.told(len(rows))):
        say(told)
    if not rows and args.format is None and any(reply.problem is None for reply in replies):
        say(_nothing(args, len(select(found, replace(view, filter=EMPTY), now, {}))))
    failed = _failures(chosen.profiles, replies)
    return common.complain([*chosen.problems, *failed])


def more_help(argv: Sequence[str]) -> str:
    """What the lists of the profiles named in `argv` can be asked for; without one, how to learn it."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--profile", action="append", default=[])
    names = parser.parse_known_args(list(argv))[0].profile
    if not names:
        return "For what --query takes: sessiontop sessions --profile NAME --help"
    chosen = common.choose(common.load_store(()), names)
    lines = [line for profile in chosen.profiles for line in _query_help(profile)]
    return "\n".join([*lines, *(problem.message for problem in chosen.problems)])


def _query_help(profile: Profile) -> list[str]:
    spec = registry.find(profile.provider)
    if not spec.query:
        return [f"--query for {profile.name}: the list of {spec.title} takes nothing"]
    rows = [(f"  {field.name}=", field.help) for field in spec.query]
    return [f"--query for {profile.name} ({spec.title}):", *render.pairs(rows)]


def parse_query(options: Sequence[str], profile: Profile) -> tuple[tuple[str, str], ...]:
    """The `--query` options, checked against what this profile's list takes. Raises `UsageProblem`."""
    spec = registry.find(profile.provider)
    fields = {field.name: field for field in spec.query}
    pairs = []
    for option in options:
        name, equals, value = option.partition("=")
        if not equals:
            raise UsageProblem(f"--query takes NAME=VALUE, not {option!r}")
        if not fields:
            raise UsageProblem(f"--query: the list of {profile.name} ({spec.title}) takes nothing")
        if name not in fields:
            raise UsageProblem(f'--query: {profile.name} knows no "{name}"{meant(name, fields)}')
        pattern = fields[name].pattern
        if pattern is not None and not re.fullmatch(pattern, value):
            raise UsageProblem(f"--query {name}: it does not look right ({fields[name].help})")
        pairs.append((name, value))
    return tuple(pairs)


def _asked(profiles: Sequence[Profile], queries: Sequence[Query], clock: Clock) -> Sequence[Listed]:
    unknowns.mention(profiles, clock)
    with Headless(profiles, clock) as headless:
        return headless.ask_all(queries, Listed)


def _is_ordered(queries: Sequence[Query], profiles: Sequence[Profile]) -> bool:
    """Whether the vendors were asked for an order of their own: rows are then printed in it."""
    return any(
        field.orders and field.name in dict(query.query)
        for query, profile in zip(queries, profiles, strict=True)
        for field in registry.find(profile.provider).query
    )


def _span(args: argparse.Namespace, now: datetime) -> tuple[datetime | None, datetime | None]:
    since = parse_when(args.since, now, "--since") if args.since is not None else None
    until = parse_when(args.until, now, "--until") if args.until is not None else None
    if since is not None and until is not None and since >= until:
        raise UsageProblem("--since must be before --until")
    return since, until


def _failures(
    profiles: Sequence[Profile], replies: Sequence[Listed]
) -> list[tuple[str, Problem] | Problem]:
    """Who failed; who stopped before the end is told too, for rows are missing then."""
    failed: list[tuple[str, Problem] | Problem] = []
    for profile, reply in zip(profiles, replies, strict=True):
        if reply.problem is not None:
            failed.append((profile.name, reply.problem))
        elif not reply.complete:
            say(f"{profile.name}: the list is longer than was read: narrow it with --since")
        if reply.set_aside:
            say(f"{profile.name}: set aside {_rows(reply.set_aside)} without an id")
        if reply.drifted:
            say(
                f"{profile.name}: {_rows(reply.drifted)} had fields that are not as documented; those are blank"
            )
    return failed


def _nothing(args: argparse.Namespace, others: int) -> str:
    """Why no row is printed. `others` do not match the filter."""
    kind = "session" if args.all else "live session"
    more = "" if args.all else " (--all: ended ones too)"
    if args.filter and others:
        return f"no {kind} matches the filter: {others} do{'es' if others == 1 else ''} not{more}"
    return f"no {kind}s{more}"


def _rows(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"


def _print(rows: list[Session], form: str | None, now: datetime) -> None:
    if form == "json":
        for session in rows:
            tell(dumps(json_shapes.session_shape(session)))
    elif form == "csv":
        tell(csv_lines(CSV_HEADERS, map(csv_row, rows)))
    elif rows:
        width = common.width_of_terminal()
        lines = (_row(session, now) for session in rows)
        told = render.table(HEADERS, lines, width=width, flexible=_GIVE_WAY, expendable=_LEFT_OUT)
        tell("\n".join(told))


def _row(session: Session, now: datetime) -> tuple[str, ...]:
    waited = wait_seconds(session, now)
    wait = coarse(waited)
    if waited is None and session.estimated_wait_minutes is not None:
        wait = f"~{session.estimated_wait_minutes:.0f}m"
    glyph = session.status.glyph(ascii_only=not common.can_show_glyphs())
    return (
        wait,
        f"{glyph} {session.status.value}",
        session.profile,
        session.customer or session.customer_email or session.customer_phone or "-",
        session.subject or "-",
        session.agent or "-",
        coarse(age_seconds(session, now)),
        shown(session.id, len(session.id)),
    )
