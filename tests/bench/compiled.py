"""The environment in which every program that is measured starts from compiled files, as installers leave them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

Environ = Mapping[str, str | None]
"""What is laid over the environment; None takes a variable away."""


@contextmanager
def compiled() -> Iterator[Environ]:
    """The first run of a program compiles it, the further ones do not; the files go with the block.

    A checkout may have none, where the environment forbids to write them: then each start would compile this
    program anew, and not the framework beside it, which was installed compiled.
    """
    with tempfile.TemporaryDirectory(prefix="sessiontop-bench-") as folder:
        yield {"PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": None}


def laid_over(environ: Environ) -> dict[str, str]:
    """The whole environment."""
    both = {**os.environ, **environ}
    return {name: value for name, value in both.items() if value is not None}
