"""Every command with its arguments. None of the commands' modules is imported here."""

from __future__ import annotations

import argparse
from typing import Final

from tui.commands.overview import WORDS
from tui.commands.parsing import Command, Parser
from tui.commands.profile_arguments import PROFILE
from tui.commands.unknown_arguments import UNKNOWN

VIEWS: Final = ("live", "waiting", "mine", "ended", "all")


def _watch(parser: Parser) -> None:
    _profiles(parser)
    _screen(parser)


def _screen(parser: Parser) -> None:
    parser.add_argument("--view", choices=VIEWS, help="the view to begin with (usually live)")
    parser.add_argument(
        "--read-only", action="store_true", help="send nothing that changes anything"
    )
    parser.add_argument(
        "--low-bandwidth",
        action="store_true",
        help="for a thin line: the cursor is a mark, ages move in longer steps, at most two frames "
        "a second of news, no mouse",
    )
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    parser.add_argument(
        "--plain-output",
        action="store_true",
        help="write whole regions instead of the cells that changed: for a terminal that shows garbage",
    )


def _demo(parser: Parser) -> None:
    _world(parser)
    _screen(parser)


def _simulate(parser: Parser) -> None:
    parser.add_argument("--port", type=_port, default=0, metavar="N", help="0: any free one")
    _world(parser)
    parser.add_argument(
        "--profiles-out",
        required=True,
        metavar="FILE",
        help="a profiles.toml for the simulator goes here (0600); a file with other profiles is refused",
    )


def _world(parser: Parser) -> None:
    """The options of the simulated desk; what can be played is told by the simulator itself."""
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="the same desk every time")
    parser.add_argument(
        "--sessions",
        type=_count,
        default=40,
        metavar="N",
        help="sessions that the desk starts with, most of them of the last day",
    )
    parser.add_argument(
        "--rate",
        type=_rate,
        default=12.0,
        metavar="EVENTS_PER_MINUTE",
        help="how much happens by itself; 0: nothing",
    )
    parser.add_argument(
        "--play",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a documented odd behaviour or a fault; may be repeated",
    )


def _sessions(parser: Parser) -> None:
    _profiles(parser)
    parser.add_argument(
        "--all", action="store_true", help="ended ones too, not the live view alone"
    )
    parser.add_argument(
        "--since", metavar="T", help="2026-11-23, 2026-11-23T08:00Z, or an age: 90m, 8h, 2d"
    )
    parser.add_argument("--until", metavar="T", help="as --since; times without a zone are UTC")
    parser.add_argument(
        "--sort",
        metavar="FIELD[,desc]",
        help="by a field as it is named in --json; without it as in the full screen",
    )
    parser.add_argument(
        "--page", type=_number, metavar="N", help="only that page of the result; the first is 1"
    )
    parser.add_argument(
        "--size", type=_number, metavar="N", help="sessions on a page (50 with --page)"
    )
    parser.add_argument(
        "--query",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what the provider's own list takes; --profile P --help tells",
    )
    _format(parser, json="one object a line", csv="a table for a spreadsheet")
    parser.add_argument(
        "filter", nargs="*", metavar="FILTER", help="words that must all occur, in whatever field"
    )


def _show(parser: Parser) -> None:
    _session(parser)
    _format(parser, json="one object")
    _reveal(parser)


def _transcript(parser: Parser) -> None:
    _session(parser)
    _format(parser, json="one entry a line", markdown="for a ticket", text="for reading (default)")


def _links(parser: Parser) -> None:
    parser.add_argument("profile", metavar="PROFILE")
    parser.add_argument("domain", metavar="DOMAIN", help="the partner system's domain")
    _format(parser, json="one object a line")
    _reveal(parser)


def _create(parser: Parser) -> None:
    parser.add_argument("profile", metavar="PROFILE")
    _fields(parser)
    parser.add_argument(
        "--input",
        metavar="-",
        help="a JSON object of fields on standard input, out of the argument list",
    )
    _format(parser, json="one object")
    _reveal(parser)


def _act(parser: Parser) -> None:
    _session(parser)
    parser.add_argument("action", metavar="ACTION", help="what to do; PROFILE --help tells")
    _fields(parser)
    parser.add_argument("--yes", action="store_true", help="do it without a question")
    _format(parser, json="one object")


def _fields(parser: Parser) -> None:
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="a field; may be repeated; PROFILE --help lists them with their limits",
    )


def _nothing(parser: Parser) -> None:
    """It takes no arguments."""


def _doctor(parser: Parser) -> None:
    _format(parser, json="one object a line")


def _profiles(parser: Parser) -> None:
    parser.add_argument(
        "--profile",
        action="append",
        default=[],
        metavar="NAME",
        help="only this one; may be repeated",
    )


def _session(parser: Parser) -> None:
    parser.add_argument("profile", metavar="PROFILE")
    parser.add_argument("id", metavar="ID", help="the session's id (or token) as the vendor has it")


def _reveal(parser: Parser) -> None:
    parser.add_argument("--reveal", action="store_true", help="show secrets instead of ***")


def _format(parser: Parser, **formats: str) -> None:
    """Mutually exclusive `--json`, `--csv`, ...; the chosen one is `args.format`, None without."""
    group = parser.add_mutually_exclusive_group()
    for name, words in formats.items():
        group.add_argument(f"--{name}", dest="format", action="store_const", const=name, help=words)


def _port(text: str) -> int:
    return _whole(text, 65_535)


def _count(text: str) -> int:
    return _whole(text, 5_000)


def _number(text: str) -> int:
    return _whole(text, 999_999_999, least=1)


def _whole(text: str, largest: int, least: int = 0) -> int:
    if (
        not (text.isascii() and text.isdigit())
        or len(text) > 9
        or not least <= int(text) <= largest
    ):
        raise argparse.ArgumentTypeError(f"it must be a whole number from {least} to {largest}")
    return int(text)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 60_000:  # which also refuses nan
        raise argparse.ArgumentTypeError("it must be a number from 0 to 60000")
    return rate


COMMANDS: Final[dict[str, Command]] = {
    "watch": Command(WORDS["watch"], "tui.commands.watch", _watch),
    "demo": Command(
        WORDS["demo"],
        "tui.commands.demo",
        _demo,
        more=True,
    ),
    "simulate": Command(
        WORDS["simulate"],
        "tui.commands.simulate",
        _simulate,
        more=True,
    ),
    "sessions": Command(WORDS["sessions"], "tui.commands.sessions", _sessions, more=True),
    "show": Command(WORDS["show"], "tui.commands.show", _show),
    "transcript": Command(WORDS["transcript"], "tui.commands.transcript", _transcript),
    "create": Command(WORDS["create"], "tui.commands.create", _create, more=True),
    "act": Command(WORDS["act"], "tui.commands.act", _act, more=True),
    "unknown": Command(
        WORDS["unknown"],
        "tui.commands.unknown",
        _nothing,
        parts=UNKNOWN,
    ),
    "links": Command(
        WORDS["links"],
        "tui.commands.links",
        _links,
        more=True,
    ),
    "profile": Command(
        WORDS["profile"],
        "tui.commands.profile",
        _nothing,
        parts=PROFILE,
    ),
    "doctor": Command(
        WORDS["doctor"],
        "tui.commands.doctor",
        _doctor,
    ),
    "reset-terminal": Command(
        WORDS["reset-terminal"],
        "tui.commands.reset_terminal",
        _nothing,
    ),
}
