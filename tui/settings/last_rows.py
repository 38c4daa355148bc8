"""The file with the rows that were last on the queue: read before anything is imported, written while nobody waits.

It holds customers' names, so a file that is not the user's alone is not read (`kept_file`).
"""

from __future__ import annotations

import os

from tui.model.last_known import NAME, SIZE_LIMIT, unpack
from tui.settings import kept_file

__all__ = ["NAME", "mode", "plain", "read", "remove", "stamp_of", "write"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.last_known import LastKnown


def stamp_of(path: str) -> str:
    """How a file is now: another text as soon as it is written again; empty where there is none."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return ""
    return f"{found.st_mtime_ns} {found.st_size} {found.st_ino}"


def plain(path: str, limit: int) -> bytes:
    """The bytes of a regular file of at most `limit`; empty for anything else. Never raises."""
    try:
        fd = os.open(path, kept_file.READING)
    except (OSError, ValueError):
        return b""
    try:
        return kept_file.all_of(fd, limit) if kept_file.regular(os.fstat(fd).st_mode) else b""
    except OSError:
        return b""
    finally:
        os.close(fd)


def read(folder: str) -> LastKnown | None:
    """What is kept in that folder; None where that is nothing, or no file of ours. Never raises."""
    return unpack(kept_file.read(folder, NAME, SIZE_LIMIT))


def mode(folder: str) -> int | None:
    """The permissions of the file, None where there is none."""
    try:
        return os.lstat(os.path.join(folder, NAME)).st_mode & 0o7777
    except OSError:
        return None


def write(folder: str, data: bytes) -> bool:
    """Keeps this instead of what was kept, whole or not at all; says whether it could. From any thread."""
    return kept_file.write(folder, NAME, data)


def remove(folder: str) -> None:
    """Nothing is kept any more."""
    kept_file.remove(folder, NAME)
