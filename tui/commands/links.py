"""`sessiontop links PROFILE DOMAIN`: the links of a partner system, at a vendor that has such."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from tui.commands import common, json_shapes, render
from tui.commands.headless import Headless
from tui.commands.narrate import say, tell
from tui.live.commands import FindLinks
from tui.live.messages import LinksFound
from tui.model.clock import Clock, SystemClock
from tui.model.shapes import cell, dumps
from tui.providers import registry
from tui.providers.base import Capability, SystemLink

HEADERS = ("NAME", "DOMAIN", "USER", "TOKEN", "CALLBACK")


def run(args: argparse.Namespace, clock: Clock | None = None) -> int:
    """The links on stdout; tokens are `***` without --reveal."""
    profile = common.choose_one(common.load_store([args.profile]), args.profile)
    domain = common.reference(args.domain)
    with Headless([profile], clock or SystemClock()) as headless:
        found = headless.ask(FindLinks(1, profile.name, domain), LinksFound).links
    if args.format == "json":
        for link in found:
            tell(dumps(json_shapes.link_shape(link, reveal=args.reveal)))
    elif found:
        rows = [_row(link, reveal=args.reveal) for link in found]
        tell("\n".join(render.table(HEADERS, rows, width=None)))
    else:
        say(f"{profile.name} has no link for the domain {cell(domain)}")
    return 0


def more_help(argv: Sequence[str]) -> str:
    """Which providers have such links."""
    having = [
        f"{spec.title} (provider {spec.id})"
        for spec in registry.SPECS.values()
        if Capability.SYSTEM_LINKS in spec.capabilities
    ]
    return f"Links are kept by: {', '.join(having)}"


def _row(link: SystemLink, *, reveal: bool) -> tuple[str, ...]:
    return (
        link.name or "-",
        link.domain or "-",
        link.user_email or "-",
        json_shapes.words(link.user_token, reveal=reveal),
        cell(link.callback_url) or "-",
    )
