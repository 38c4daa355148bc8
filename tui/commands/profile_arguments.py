"""`sessiontop profile WORD`: the words and their arguments. No command's module is imported here."""

from __future__ import annotations

from typing import Final

from tui.commands.parsing import Command, Parser


def _listing(parser: Parser) -> None:
    parser.set_defaults(what="list")


def _path(parser: Parser) -> None:
    parser.set_defaults(what="path")


def _check(parser: Parser) -> None:
    parser.set_defaults(what="check")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these; without one, all")


def _add(parser: Parser) -> None:
    parser.add_argument("name", nargs="?", default="", metavar="NAME")
    _keys(parser)


def _edit(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME")
    _keys(parser)
    parser.add_argument(
        "--unset",
        action="append",
        default=[],
        metavar="KEY",
        help="take a key out; may be repeated",
    )
    parser.add_argument("--rename", default="", metavar="NEW", help="give it another name")


def _remove(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--yes", action="store_true", help="do it without a question")


def _sign_in(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME")


def _keys(parser: Parser) -> None:
    parser.add_argument("--provider", default="", metavar="ID")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="a key that is no secret"
    )
    parser.add_argument(
        "--secret",
        action="append",
        default=[],
        metavar="KEY=WHERE",
        help="where a secret is: prompt (typed, not shown), stdin (one line), env:NAME, file:PATH "
        "(0600) or 'command:PROGRAM ARGUMENTS'; never the secret itself",
    )
    parser.add_argument(
        "--input",
        metavar="-",
        help="a JSON object of keys on standard input, written as in profiles.toml; it may hold "
        "name and provider",
    )
    parser.add_argument(
        "--yes", action="store_true", help="save it also when the check fails, without a question"
    )
    parser.add_argument("--no-check", action="store_true", help="save it without asking the vendor")


PROFILE: Final[dict[str, Command]] = {
    "list": Command(
        "the profiles and how their keys are kept",
        "tui.commands.profile",
        _listing,
    ),
    "add": Command(
        "a new account, checked before it is saved",
        "tui.commands.profile_add",
        _add,
        more=True,
    ),
    "edit": Command(
        "change one; what is not named stays, secrets too",
        "tui.commands.profile_edit",
        _edit,
        more=True,
    ),
    "remove": Command("take one out", "tui.commands.profile_remove", _remove),
    "sign-in": Command(
        "allow the access of one profile in a browser, on any machine",
        "tui.commands.sign_in",
        _sign_in,
    ),
    "check": Command("ask the vendors whether the keys work", "tui.commands.profile", _check),
    "path": Command("where profiles.toml is", "tui.commands.profile", _path),
}
