"""stdout is data, stderr is narration: the only two ways out of a command."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # as `typing` has it, which `--version` does not wait for
if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.model.problem import UsageProblem


def say(sentence: str) -> None:
    """One line of narration. `sentence` is clean text."""
    if sys.stderr is not None:
        from tui.terminal import first_paint

        first_paint.hide()
        print(f"sessiontop: {sentence}", file=sys.stderr)


KEEPING_A_TOKEN = (
    "keeping a renewed sign-in, for some seconds at most; ctrl+c may cost another sign-in"
)


def say_that_a_token_is_kept() -> None:
    """Why the command has not ended yet. The terminal may be gone by now: never raises."""
    try:
        say(KEEPING_A_TOKEN)
    except (OSError, ValueError):
        return


def tell(text: str, *, flush: bool = False) -> None:
    """One piece of data, clean text; `flush` hands it over at once, for who waits for it.

    Raises `UsageProblem` when it cannot be written, `BrokenPipeError` when nobody reads any more.
    """
    if sys.stdout is None:
        raise _unwritten("standard output is closed")
    _written(lambda: print(text, flush=flush))


def finish() -> None:
    """Hands over what is still buffered. Raises as `tell`."""
    if sys.stdout is not None:
        _written(sys.stdout.flush)


def forget_output() -> None:
    """What is still buffered goes nowhere; else the interpreter tries once more at its end, and complains."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _written(write: Callable[[], None]) -> None:
    try:
        write()
    except BrokenPipeError:
        forget_output()
        raise
    except OSError as error:
        forget_output()
        raise _unwritten(error.strerror) from None


def _unwritten(why: str | None) -> UsageProblem:
    from tui.model.problem import UsageProblem

    return UsageProblem(f"the output could not be written: {why}")
