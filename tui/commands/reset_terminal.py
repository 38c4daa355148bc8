"""`sessiontop reset-terminal`: what `reset` does, without clearing the screen."""

from __future__ import annotations

import argparse

from tui.model.problem import UsageProblem
from tui.terminal.reset import reset_terminal


def run(_args: argparse.Namespace) -> int:
    """Acts on the controlling terminal, wherever the standard streams go."""
    try:
        reset_terminal()
    except OSError as error:
        raise UsageProblem(f"the terminal could not be reset: {error.strerror}") from None
    return 0
