"""What a store's errors carry: a sentence, and not the frames that they came through, which hold whole stores."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from tui.model.problem import Problem

P = ParamSpec("P")
T = TypeVar("T")


def without_frames(work: Callable[P, T]) -> Callable[P, T]:
    """For what is called from other rooms. A debugger or a reporter of crashes shows the locals of all frames of an
    error, and of those that led to it: here they are secrets as plain text. A `Problem` leaves bare; an error of
    our own keeps its frames, which `terminal.crash` tells without locals."""

    @wraps(work)
    def bare(*args: P.args, **more: P.kwargs) -> T:
        try:
            return work(*args, **more)
        except Problem as problem:
            told = problem.bare()
        del args, more  # this frame goes along
        raise told

    return bare
