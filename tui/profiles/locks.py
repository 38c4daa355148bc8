"""Locks between programs: each on a file of its own beside what it guards, never on a file that is replaced."""

from __future__ import annotations

import fcntl
import os

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


def open_lock(folder: int, name: str) -> int:
    """A descriptor of the lock file `name` in an opened folder. Closing it gives the lock back. Raises `OSError`."""
    return os.open(name, _FLAGS, 0o600, dir_fd=folder)


def try_lock(fd: int) -> bool:
    """Takes the lock unless another descriptor has it, in this process or another. Never waits."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
