"""The program with an error of our own put into it, for the tests that look at a real terminal.

`python -m tests.leaks.pretender WHERE VARIABLE [ARGUMENT]...`: what stands at WHERE raises an error whose
words, and whose locals, hold the value of that variable.
"""

from __future__ import annotations

import importlib
import os
import sys


def main() -> int:
    where, variable, *arguments = sys.argv[1:]
    path, _, name = where.rpartition(".")
    module, _, kind = path.rpartition(".")

    def fails(*args: object, **more: object) -> object:
        header = f"Bearer {os.environ[variable]}"
        raise RuntimeError(header, args)

    from tui.terminal.environment import scrub_environment

    scrub_environment(os.environ)
    setattr(getattr(importlib.import_module(module), kind), name, fails)
    from tui import __main__

    sys.argv = ["sessiontop", *arguments]
    return __main__.main()


if __name__ == "__main__":
    sys.exit(main())
