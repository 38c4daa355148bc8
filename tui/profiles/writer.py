"""The one writer of the profile store: one at a time, 0600, and never a lost or half-written file.

The new text goes into a file beside the old one and takes its place by one rename; a kill at any moment leaves
the whole old file or the whole new one. The lock lies on a file of its own, never on the one that is replaced.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from pathlib import Path

from tui.model.problem import ConfigProblem
from tui.model.toml_text import Table
from tui.profiles.document import VERSION, read_in
from tui.profiles.permissions import open_folder

HEADER = "# Written by sessiontop, which rewrites this file: comments in it are lost.\n"

Step = Callable[[str], None]

_LOCK_WAIT = 10.0
_LOCK_PAUSE = 0.02


def _no_step(name: str) -> None:
    """What happens between two steps of a write: nothing, but in the tests that kill it there."""


def write(
    path: Path,
    change: Callable[[Table], Table],
    *,
    step: Step = _no_step,
    lock_wait: float = _LOCK_WAIT,
) -> None:
    """Replaces the store by `change(what it holds now)`, under the lock; keys nobody knows survive.

    `change` gets a copy of the whole document and gives the new one; `lock_wait` is the most seconds to wait
    for another writer. Raises `ConfigProblem`; the file then is the old one, whole.
    """
    try:
        _make_folder(path.parent)
        step("folder made")
        folder = open_folder(path.parent)
    except OSError as error:
        raise _failed(path, error) from None
    try:
        with _locked(folder, path, lock_wait):
            step("locked")
            _replace(folder, path, _new_text(folder, path, change), step)
    except OSError as error:
        raise _failed(path, error) from None
    finally:
        os.close(folder)


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)  # a umask of 0777 has made a folder that nobody can use


@contextmanager
def _locked(folder: int, path: Path, wait: float) -> Iterator[None]:
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(f".{path.name}.lock", flags, 0o600, dir_fd=folder)
    try:
        _take_lock(fd, path, wait)
        yield
    finally:
        os.close(fd)  # which gives the lock back


def _take_lock(fd: int, path: Path, wait: float) -> None:
    """Bounded: a writer that was stopped with Ctrl-Z must not hang the next one for ever."""
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise ConfigProblem(
                    f"{path} is being written by another sessiontop: end it, then try again"
                ) from None
            time.sleep(_LOCK_PAUSE)


def _new_text(folder: int, path: Path, change: Callable[[Table], Table]) -> bytes:
    document = read_in(folder, path)
    if document.newer:
        raise ConfigProblem(
            f"{path} was written by a newer sessiontop (version {document.version}): "
            "it is read, and not changed, by this one"
        )
    import tomli_w

    changed = change(deepcopy(dict(document.tables)))
    return (HEADER + tomli_w.dumps({"version": VERSION, **changed})).encode()


def _replace(folder: int, path: Path, data: bytes, step: Step) -> None:
    # Under the lock there is one writer: a file of this name is what a killed one left, secrets and all.
    fresh = f".{path.name}.new"
    with suppress(FileNotFoundError):
        os.unlink(fresh, dir_fd=folder)
    step("leftover removed")
    try:
        _write_file(folder, fresh, data, step)
        os.rename(fresh, path.name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(fresh, dir_fd=folder)
        raise
    step("renamed")
    _sync_folder(folder)
    step("folder synced")


def _write_file(folder: int, name: str, data: bytes, step: Step) -> None:
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
    finally:
        os.close(fd)


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _sync_folder(folder: int) -> None:
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some file systems cannot
            raise


def _failed(path: Path, error: OSError) -> ConfigProblem:
    return ConfigProblem(f"{path} could not be written: {error.strerror}")
