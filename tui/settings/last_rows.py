"""The file with the rows that were last on the queue: read before anything is imported, written while nobody waits.

It holds customers' names, so it is the user's alone (0600, in a folder that nobody else can write to), and a file
that is not so is not read. Whether it can be read or written is nobody's trouble. The imports that cost are inside.
"""

from __future__ import annotations

import os

from tui.model.last_known import NAME, SIZE_LIMIT, unpack

__all__ = ["NAME", "mode", "plain", "read", "remove", "stamp_of", "write"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from tui.model.last_known import LastKnown

# Without O_NONBLOCK, opening a pipe that lies where the file should be waits for ever.
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_KIND, _REGULAR, _OTHERS, _OTHERS_WRITE = 0o170000, 0o100000, 0o077, 0o022


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
        fd = os.open(path, _READ & ~os.O_NOFOLLOW)
    except (OSError, ValueError):
        return b""
    try:
        return _all_of(fd, limit) if os.fstat(fd).st_mode & _KIND == _REGULAR else b""
    except OSError:
        return b""
    finally:
        os.close(fd)


def read(folder: str) -> LastKnown | None:
    """What is kept in that folder. None where there is nothing, where others could have written or read it, and where
    it is no file of ours. Never raises."""
    opened: list[int] = []
    try:
        opened.append(_open_folder(folder))
        opened.append(os.open(NAME, _READ, dir_fd=opened[0]))
        info = os.fstat(opened[1])
        if info.st_uid != os.geteuid() or info.st_mode & _KIND != _REGULAR:
            return None
        if info.st_mode & _OTHERS or info.st_nlink != 1:
            return None
        return unpack(_all_of(opened[1], SIZE_LIMIT))
    except (OSError, ValueError):
        return None
    finally:
        for fd in opened:
            os.close(fd)


def mode(folder: str) -> int | None:
    """The permissions of the file, None where there is none."""
    try:
        return os.lstat(os.path.join(folder, NAME)).st_mode & 0o7777
    except OSError:
        return None


def write(folder: str, data: bytes) -> bool:
    """Keeps this instead of what was kept, whole or not at all; says whether it could. From any thread."""
    fresh = f".{NAME}.{os.getpid()}"
    opened: list[int] = []
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        opened.append(_open_folder(folder))
        _unlink(fresh, opened[0])  # of a process with our number that was killed
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        opened.append(os.open(fresh, flags, 0o600, dir_fd=opened[0]))
        try:
            _write_all(opened[1], data)
            os.rename(fresh, NAME, src_dir_fd=opened[0], dst_dir_fd=opened[0])
        except BaseException:
            _unlink(fresh, opened[0])
            raise
    except (OSError, ValueError):
        return False
    finally:
        for fd in opened:
            os.close(fd)
    return True


def remove(folder: str) -> None:
    """Nothing is kept any more. Silent when there is nothing, or it cannot be taken away."""
    _unlink(os.path.join(folder, NAME))


def _open_folder(folder: str) -> int:
    """Raises `OSError`, also for a folder that others can write to."""
    fd = os.open(folder, _FOLDER)
    info = os.fstat(fd)
    if info.st_uid != os.geteuid() or info.st_mode & _OTHERS_WRITE:
        os.close(fd)
        raise PermissionError
    return fd


def _all_of(fd: int, limit: int) -> bytes:
    data = b""
    while len(data) <= limit and (piece := os.read(fd, limit + 1 - len(data))):
        data += piece
    return data if len(data) <= limit else b""


def _write_all(fd: int, data: bytes) -> None:
    os.fchmod(fd, 0o600)  # the umask may have taken our own rights away
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _unlink(name: str, folder: int | None = None) -> None:
    from contextlib import suppress

    with suppress(OSError):
        os.unlink(name, dir_fd=folder)
