"""A small file of the program's own in the folder of state: the user's alone (0600), whole or not at all.

Whether it can be read or written is nobody's trouble. Standard library only, and of that what the interpreter has
loaded anyway: one such file is read before anything else is imported.
"""

from __future__ import annotations

import os
from _thread import allocate_lock  # `threading` is not loaded yet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# Without O_NONBLOCK, opening a pipe that lies where the file should be waits for ever.
READING: Final = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_READ: Final = READING | os.O_NOFOLLOW
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Two threads of one process would write to one and the same fresh file.
_one_writer: Final = allocate_lock()
_KIND, _REGULAR, _OTHERS, _OTHERS_WRITE = 0o170000, 0o100000, 0o077, 0o022


def read(folder: str, name: str, limit: int) -> bytes:
    """What is kept there. Empty where there is nothing, where it is longer than `limit` bytes, and where others could
    have written or read it. Never raises."""
    opened: list[int] = []
    try:
        opened.append(_open_folder(folder))
        opened.append(os.open(name, _READ, dir_fd=opened[0]))
        info = os.fstat(opened[1])
        private = not info.st_mode & _OTHERS and info.st_uid == os.geteuid() and info.st_nlink == 1
        return all_of(opened[1], limit) if private and regular(info.st_mode) else b""
    except (OSError, ValueError):
        return b""
    finally:
        for fd in opened:
            os.close(fd)


def write(folder: str, name: str, data: bytes) -> bool:
    """Keeps this instead of what was kept; says whether it could. From any thread."""
    with _one_writer:
        return _replace(folder, name, data)


def _replace(folder: str, name: str, data: bytes) -> bool:
    fresh = f".{name}.{os.getpid()}"
    opened: list[int] = []
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        opened.append(_open_folder(folder))
        _unlink(fresh, opened[0])  # of a process with our number that was killed
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        opened.append(os.open(fresh, flags, 0o600, dir_fd=opened[0]))
        try:
            _write_all(opened[1], data)
            os.rename(fresh, name, src_dir_fd=opened[0], dst_dir_fd=opened[0])
        except BaseException:
            _unlink(fresh, opened[0])
            raise
    except (OSError, ValueError):
        return False
    finally:
        for fd in opened:
            os.close(fd)
    return True


def remove(folder: str, name: str) -> None:
    """Nothing is kept any more. Silent when there is nothing, or it cannot be taken away."""
    _unlink(os.path.join(folder, name))


def regular(mode: int) -> bool:
    """Whether these permissions and kind (`st_mode`) are of a regular file."""
    return mode & _KIND == _REGULAR


def all_of(fd: int, limit: int) -> bytes:
    """The bytes of an open file; empty where there are more than `limit`. Raises `OSError`."""
    data = b""
    while len(data) <= limit and (piece := os.read(fd, limit + 1 - len(data))):
        data += piece
    return data if len(data) <= limit else b""


def _open_folder(folder: str) -> int:
    """Raises `OSError`, also for a folder that others can write to."""
    fd = os.open(folder, _FOLDER)
    info = os.fstat(fd)
    if info.st_uid != os.geteuid() or info.st_mode & _OTHERS_WRITE:
        os.close(fd)
        raise PermissionError
    return fd


def _write_all(fd: int, data: bytes) -> None:
    os.fchmod(fd, 0o600)  # the umask may have taken our own rights away
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _unlink(name: str, folder: int | None = None) -> None:
    from contextlib import suppress

    with suppress(OSError):
        os.unlink(name, dir_fd=folder)
