"""Arguments -> one command. Neither Textual nor httpx is imported before the command asks for it.

Each command is a file of `tui/commands` with `run(args) -> exit code`; only the one that was named is imported.
A `Problem` that comes out of it is one sentence on stderr, and the exit code that it carries.

Who asks for the version or the overview waits for neither the commands' arguments nor anything that they need:
what is imported at the top stands in an interpreter that has done nothing yet.
"""

from __future__ import annotations

import sys

from tui.commands.narrate import finish, say, tell

TYPE_CHECKING = False  # as `typing` has it
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from tui.commands.parsing import Command, Parser

DEFAULT = "watch"


def main(argv: Sequence[str]) -> int:
    """Runs the command that `argv` (without the program's name) asks for; returns the exit code.

    Raises `BrokenPipeError` when nobody reads the output any more.
    """
    try:
        code = _main(list(argv))
        finish()
        return code
    except Exception as error:
        from tui.model.problem import Problem

        if not isinstance(error, Problem):
            raise
        say(error.bare().message)  # whatever was typed is in its frames
        return error.exit_code


def _main(argv: list[str]) -> int:
    _keep_text_whole()
    if argv and argv[0] in ("-h", "--help", "help"):
        from tui.commands.overview import overview

        tell(overview())
        return 0
    if argv and argv[0] == "--version":
        from tui.model.version import installed_version

        tell(f"sessiontop {installed_version() or '(not installed)'}")
        return 0
    return _command(argv)


def _command(argv: list[str]) -> int:
    import gc
    from importlib import import_module

    from tui.commands.arguments import COMMANDS
    from tui.commands.parsing import Parser
    from tui.model.problem import UsageProblem

    name = DEFAULT
    if argv and not argv[0].startswith("-"):
        name = argv.pop(0)
    command = COMMANDS.get(name)
    if command is None:
        near = _near(name, list(COMMANDS))
        raise UsageProblem(f"there is no command {name!r}{near} (see: sessiontop --help)")
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
    gc.disable()  # what is imported is never garbage
    run: Callable[[argparse.Namespace], int] = import_module(command.module).run
    gc.enable()
    return run(args)


def _parts_help(name: str, command: Command, *, asked: bool) -> int:
    """The words that may follow a command. Raises `UsageProblem` where the help was not asked for."""
    if not asked:
        from tui.model.problem import UsageProblem

        raise UsageProblem(
            f"{name} needs a word more: {', '.join(command.parts)} (see: sessiontop {name} --help)"
        )
    from tui.commands.overview import rows_of

    tell(f"usage: sessiontop {name} WORD [OPTION]...\n\n{command.help}\n")
    tell("\n".join(rows_of({word: part.help for word, part in command.parts.items()})))
    tell(f"\n  {name} WORD --help says more.")
    return 0


def _help(parser: Parser, command: Command, argv: list[str]) -> None:
    tell(parser.format_help().rstrip())
    if command.more:
        from importlib import import_module

        more: Callable[[list[str]], str] = import_module(command.module).more_help
        tell(f"\n{more(argv)}")


def _keep_text_whole() -> None:
    """A name that the terminal's character set lacks is shown as an escape: never a crash, never a `?`."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _near(name: str, names: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, names, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
