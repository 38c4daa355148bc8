"""What `demo` and `simulate` share: the simulated world's options, and the extra that they need."""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from tui.model.problem import UsageProblem

if TYPE_CHECKING:
    from tui.simulator.server import Simulator

_PACKAGES = ("starlette", "uvicorn")


def require_extra() -> None:
    """Raises `UsageProblem` when the packages of the `demo` extra are not there; imports none of them."""
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if missing:
        raise UsageProblem(
            f"the simulator needs {' and '.join(missing)}: pip install 'sessiontop[demo]' "
            "(from the project's folder: pip install '.[demo]')"
        )


def chosen(args: argparse.Namespace) -> dict[str, str]:
    """The `--play` options, checked. Raises `UsageProblem`."""
    if not args.play:
        return {}
    from tui.simulator.play import parse_options

    try:
        return parse_options(args.play)
    except ValueError as error:
        raise UsageProblem(str(error)) from None


def options(args: argparse.Namespace, play: dict[str, str]) -> dict[str, Any]:
    """The simulated world that is asked for, as `Simulator` takes it. Imports nothing of it."""
    return {"seed": args.seed, "sessions": args.sessions, "rate": args.rate, "play": play}


def make(args: argparse.Namespace, play: dict[str, str], port: int = 0) -> Simulator:
    """The simulator of these options, not started yet. Imports the web server."""
    from tui.simulator.server import Simulator
    from tui.simulator.vendors import ALL

    return Simulator(**options(args, play), port=port, vendors=ALL)


def more_help() -> str:
    """The list of all plays, with the vendors' documents that they come from."""
    from tui.simulator.play import describe

    lines = ["--play takes (the first value is the default):"]
    for name, values, words in describe():
        lines.append(f"  {name}={values}")
        lines += wrap(words, 96, initial_indent="      ", subsequent_indent="      ")
    return "\n".join(lines)
