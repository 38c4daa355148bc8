"""What the program remembers by itself between two runs: which profile a session was last created with.

A file of its own in the state folder; whether it can be read or written is nobody's trouble.
"""

from __future__ import annotations

import json
from pathlib import Path

from tui.settings import kept_file

NAME = "remembered.json"
_SIZE_LIMIT = 64 * 1024
_LONGEST = 64


def last_profile(folder: Path) -> str | None:
    """The profile's name; None where nothing is remembered."""
    try:
        found = json.loads(kept_file.read(str(folder), NAME, _SIZE_LIMIT))
    except (ValueError, RecursionError):
        return None
    name = found.get("create_profile") if isinstance(found, dict) else None
    return name if isinstance(name, str) and len(name) <= _LONGEST else None


def remember_profile(folder: Path, name: str) -> None:
    """Keeps the profile's name. Silent when it cannot; may be called from any thread."""
    kept_file.write(str(folder), NAME, json.dumps({"create_profile": name}).encode())
