"""`sessiontop unknown WORD`: the words and their arguments. No command's module is imported here."""

from __future__ import annotations

from typing import Final

from tui.commands.parsing import Command, Parser

_MODULE: Final = "tui.commands.unknown"


def _listing(parser: Parser) -> None:
    parser.set_defaults(what="list")
    parser.add_argument(
        "--json", dest="format", action="store_const", const="json", help="one object a line"
    )


def _drop(parser: Parser) -> None:
    parser.set_defaults(what="drop")
    parser.add_argument("id", metavar="ID", help="the id as it is listed, or its beginning")


UNKNOWN: Final[dict[str, Command]] = {
    "list": Command("the writes of unknown outcome, oldest first", _MODULE, _listing),
    "drop": Command("take one out of the list; nothing is sent", _MODULE, _drop),
}
