"""Arguments -> one command. Neither Textual nor httpx is imported before the command asks for it.

Each command is a file of `tui/commands` with `run(args) -> exit code`; only the one that was named is imported.
A `Problem` that comes out of it is one sentence on stderr, and the exit code that it carries.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Final

from tui.commands.narrate import finish, say, tell
from tui.commands.parsing import Command, Parser
from tui.commands.profile_arguments import PROFILE
from tui.commands.unknown_arguments import UNKNOWN
from tui.model.problem import Problem, UsageProblem
from tui.model.version import installed_version

VIEWS: Final = ("live", "waiting", "mine", "ended", "all")
DEFAULT: Final = "watch"
ABOUT: Final = "Live customer sessions of several vendors in one terminal."
CODES: Final = (
    "Exit codes: 0 done; 1 the vendor refused; 2 usage or configuration; 3 try again later;\n"
    "4 a write whose outcome is unknown; 70 an error in sessiontop itself; 130 interrupted.\n"
    "Where several profiles fail, the code is that of the failure that waiting cannot heal: 2 before 1 before 3."
)


def main(argv: Sequence[str]) -> int:
    """Runs the command that `argv` (without the program's name) asks for; returns the exit code.

    Raises `BrokenPipeError` when nobody reads the output any more.
    """
    try:
        code = _main(list(argv))
        finish()
        return code
    except Problem as problem:
        say(problem.bare().message)  # whatever was typed is in its frames
        return problem.exit_code


def _main(argv: list[str]) -> int:
    _keep_text_whole()
    if argv and argv[0] in ("-h", "--help", "help"):
        tell(overview())
        return 0
    if argv and argv[0] == "--version":
        tell(f"sessiontop {installed_version() or '(not installed)'}")
        return 0
    name = DEFAULT
    if argv and not argv[0].startswith("-"):
        name = argv.pop(0)
    command = COMMANDS.get(name)
    if command is None:
        raise UsageProblem(f"there is no command {name!r}{_near(name)} (see: sessiontop --help)")
    if command.parts:
        if not argv or argv[0] in ("-h", "--help"):
            return _parts_help(name, command, asked=bool(argv))
        part = argv.pop(0)
        if part not in command.parts:
            known = ", ".join(command.parts)
            raise UsageProblem(f"{name} knows no {part!r}: choose from {known}")
        name, command = f"{name} {part}", command.parts[part]
    parser = Parser(name, command.help)
    command.declare(parser)
    if not {"-h", "--help"}.isdisjoint(argv):
        _help(parser, command, argv)
        return 0
    args = parser.parse_intermixed_args(argv)
    run: Callable[[argparse.Namespace], int] = import_module(command.module).run
    return run(args)


def _parts_help(name: str, command: Command, *, asked: bool) -> int:
    """The words that may follow a command. Raises `UsageProblem` where the help was not asked for."""
    if not asked:
        raise UsageProblem(
            f"{name} needs a word more: {', '.join(command.parts)} (see: sessiontop {name} --help)"
        )
    tell(f"usage: sessiontop {name} WORD [OPTION]...\n\n{command.help}\n")
    tell("\n".join(_rows(command.parts)))
    tell(f"\n  {name} WORD --help says more.")
    return 0


def _help(parser: Parser, command: Command, argv: list[str]) -> None:
    tell(parser.format_help().rstrip())
    if command.more:
        more: Callable[[list[str]], str] = import_module(command.module).more_help
        tell(f"\n{more(argv)}")


def overview() -> str:
    """What `sessiontop --help` prints."""
    rows = _rows(COMMANDS)
    usage = "usage: sessiontop [COMMAND] [OPTION]...        (no command: watch)"
    return "\n".join([usage, "", ABOUT, "", *rows, "", "  COMMAND --help says more.", "", CODES])


def _rows(commands: Mapping[str, Command]) -> list[str]:
    width = max(map(len, commands))
    return [f"  {name:<{width}}  {command.help}" for name, command in commands.items()]


def _keep_text_whole() -> None:
    """A name that the terminal's character set lacks is shown as an escape: never a crash, never a `?`."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _near(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, COMMANDS, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


# --- the commands' arguments ---------------------------------------------------------------------------------


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
    "watch": Command("the full screen", "tui.commands.watch", _watch),
    "demo": Command(
        "the full screen over simulated vendors; your own profiles are not touched",
        "tui.commands.demo",
        _demo,
        more=True,
    ),
    "simulate": Command(
        "the simulated vendors alone, until interrupted",
        "tui.commands.simulate",
        _simulate,
        more=True,
    ),
    "sessions": Command("list sessions", "tui.commands.sessions", _sessions, more=True),
    "show": Command("everything known of one session", "tui.commands.show", _show),
    "transcript": Command("what was said in one session", "tui.commands.transcript", _transcript),
    "create": Command("start a new session", "tui.commands.create", _create, more=True),
    "act": Command(
        "close, reopen, extend, cancel or delete a session", "tui.commands.act", _act, more=True
    ),
    "unknown": Command(
        "list the writes of unknown outcome, or take one out of the list",
        "tui.commands.unknown",
        _nothing,
        parts=UNKNOWN,
    ),
    "links": Command(
        "a partner system's links, at a vendor that has them",
        "tui.commands.links",
        _links,
        more=True,
    ),
    "profile": Command(
        "list, add, edit, remove, check, sign in or find the profiles",
        "tui.commands.profile",
        _nothing,
        parts=PROFILE,
    ),
    "doctor": Command(
        "what may be wrong with this terminal, the files, the network and the keys, and what to do",
        "tui.commands.doctor",
        _doctor,
    ),
    "reset-terminal": Command(
        "give line input and echo back to a terminal that a killed program left unusable",
        "tui.commands.reset_terminal",
        _nothing,
    ),
}
