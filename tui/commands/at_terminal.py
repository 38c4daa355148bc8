"""What the commands with a full screen do before anything that they need is imported."""

from __future__ import annotations

import argparse
import gc
import os

from tui.model.problem import UsageProblem
from tui.terminal.environment import refusal, scrub_environment


def require_terminal() -> None:
    """Raises `UsageProblem` with the reason why no full screen can be shown, if there is one."""
    refused = refusal(os.environ)
    if refused is not None:
        raise UsageProblem(refused.removeprefix("sessiontop: "))


def prepare(args: argparse.Namespace) -> None:
    """Sets what Textual reads when it is imported. Calling it again does no harm.

    Nothing that is imported is ever garbage, so none is looked for before the first frame (`full_screen`).
    """
    gc.disable()
    scrub_environment(os.environ)
    if args.low_bandwidth and args.plain_output:
        # With our own output news wait there, and keys do not.
        os.environ.setdefault("TEXTUAL_FPS", "2")
