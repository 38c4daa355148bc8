"""How a command is declared, and the parser of its arguments."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, NoReturn

from tui.model.problem import UsageProblem


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, and takes no abbreviations: scripts outlive new options."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(
            prog=f"sessiontop {name}".strip(),
            description=description,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    def error(self, message: str) -> NoReturn:
        raise UsageProblem(f"{message} (see: {self.prog} --help)")


class Command(NamedTuple):
    """One command: what the overview says of it, its module, and its arguments.

    With `more`, the module's `more_help(argv)` gives what `--help` adds below the options. With `parts` the next
    word names one of these commands, and the rest is theirs.
    """

    help: str
    module: str
    declare: Callable[[Parser], None]
    more: bool = False
    parts: Mapping[str, Command] = MappingProxyType({})
