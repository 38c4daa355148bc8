"""What the program remembers by itself between two runs: which profile a session was last created with.

A file of its own in the state folder, 0600; whether it can be read or written is nobody's trouble.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from threading import Lock

NAME = "remembered.json"
_SIZE_LIMIT = 64 * 1024
_LONGEST = 64
_one_writer = Lock()


def last_profile(folder: Path) -> str | None:
    """The profile's name; None where nothing is remembered."""
    try:
        with open(folder / NAME, "rb", opener=_open) as file:
            found = json.loads(file.read(_SIZE_LIMIT))
    except (OSError, ValueError, RecursionError):
        return None
    name = found.get("create_profile") if isinstance(found, dict) else None
    return name if isinstance(name, str) and len(name) <= _LONGEST else None


def _open(path: str, flags: int) -> int:
    # A pipe that lies there would be waited for without O_NONBLOCK.
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOFOLLOW)


def remember_profile(folder: Path, name: str) -> None:
    """Keeps the profile's name. Silent when it cannot; may be called from any thread."""
    with _one_writer, suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = folder / f".{NAME}.{os.getpid()}"
        fresh.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with open(os.open(fresh, flags, 0o600), "w", encoding="utf-8") as file:
            json.dump({"create_profile": name}, file)
        os.replace(fresh, folder / NAME)
