"""stdout is data, stderr is narration: the only two ways out of a command."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from tui.model.problem import UsageProblem


def say(sentence: str) -> None:
    """One line of narration. `sentence` is clean text."""
    if sys.stderr is not None:
        print(f"sessiontop: {sentence}", file=sys.stderr)


KEEPING_A_TOKEN: Final = (
    "keeping a renewed sign-in, for some seconds at most; ctrl+c may cost another sign-in"
)


def say_that_a_token_is_kept() -> None:
    """Why the command has not ended yet. The terminal may be gone by now: never raises."""
    with suppress(OSError, ValueError):
        say(KEEPING_A_TOKEN)


def tell(text: str, *, flush: bool = False) -> None:
    """One piece of data, clean text; `flush` hands it over at once, for who waits for it.

    Raises `UsageProblem` when it cannot be written, `BrokenPipeError` when nobody reads any more.
    """
    if sys.stdout is None:
        raise UsageProblem("the output could not be written: standard output is closed")
    with _written():
        print(text, flush=flush)


def finish() -> None:
    """Hands over what is still buffered. Raises as `tell`."""
    with _written():
        if sys.stdout is not None:
            sys.stdout.flush()


def forget_output() -> None:
    """What is still buffered goes nowhere; else the interpreter tries once more at its end, and complains."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        forget_output()
        raise
    except OSError as error:
        forget_output()
        raise UsageProblem(f"the output could not be written: {error.strerror}") from None
