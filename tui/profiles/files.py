"""Private files: the folder and the file that nobody else can read, on the disk before anybody goes on.

What the profile store and the intents of writes share. `step` names each moment at which a kill must do no harm.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

Step = Callable[[str], None]


def no_step(name: str) -> None:
    """What happens between two steps of a write: nothing, but in the tests that kill it there."""


def make_folder(folder: Path) -> None:
    """The folder, 0700, with its parents. Raises `OSError`."""
    if folder.is_dir():
        return
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)  # a umask of 0777 has made a folder that nobody can use


def write_file(folder: int, name: str, data: bytes, step: Step = no_step) -> None:
    """A new file, 0600, whole and on the disk. Raises `OSError`, `FileExistsError` among them."""
    os.close(new_file(folder, name, data, step))


def new_file(folder: int, name: str, data: bytes, step: Step = no_step) -> int:
    """As `write_file`; the file's descriptor is the caller's to close."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(name, flags, 0o600, dir_fd=folder)
    try:
        step("created")
        os.fchmod(fd, 0o600)  # the umask may have taken our own rights away
        step("mode set")
        # Two halves, so that the tests can kill it in the middle of a file.
        for half in (data[: len(data) // 2], data[len(data) // 2 :]):
            _write_all(fd, half)
            step("half written")
        os.fsync(fd)
        step("synced")
    except BaseException:
        os.close(fd)
        raise
    return fd


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def sync_folder(folder: int) -> None:
    """The names in the folder are on the disk. Raises `OSError`."""
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some file systems cannot
            raise
