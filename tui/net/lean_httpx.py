"""httpx without its own command line, which it imports wherever click is installed, and with it Rich and Pygments."""

from __future__ import annotations

import sys
from typing import Final

_COMMAND_LINE: Final = "httpx._main"

if "httpx" in sys.modules:
    import httpx as httpx
else:
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment]  # it counts as not installed
    try:
        import httpx as httpx
    finally:
        del sys.modules[_COMMAND_LINE]
