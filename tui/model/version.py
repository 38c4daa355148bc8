"""Which version of the program is installed. Told from the name of its folder of metadata: a fiftieth of what
`importlib.metadata` costs, whose import alone takes longer than all else that `--version` does."""

from __future__ import annotations

import os
import sys

_BEGIN, _END = "sessiontop-", ".dist-info"


def installed_version() -> str | None:
    """None where it runs from a folder that was never installed."""
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:  # an archive, or not there
            continue
        for name in names:
            if name.startswith(_BEGIN) and name.endswith(_END):
                return name[len(_BEGIN) : -len(_END)]
    return None
