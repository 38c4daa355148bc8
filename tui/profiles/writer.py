"""The one writer of the user's stores (profiles, tokens): one at a time, 0600, never a lost or half-written file.

The new text goes into a file beside the old one and takes its place by one rename; a kill at any moment leaves
the whole old file or the whole new one. The lock lies on a file of its own, never on the one that is replaced.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from pathlib import Path

from tui.model.problem import ConfigProblem
from tui.model.toml_text import Table
from tui.profiles.document import VERSION, Document, read_in
from tui.profiles.files import Step, make_folder, no_step, sync_folder, write_file
from tui.profiles.frames import without_frames
from tui.profiles.locks import open_lock, try_lock
from tui.profiles.permissions import open_folder

HEADER = "# Written by sessiontop, which rewrites this file: comments in it are lost.\n"

_LOCK_WAIT = 10.0
_LOCK_PAUSE = 0.02


@without_frames
def write(
    path: Path,
    change: Callable[[Table], Table],
    *,
    step: Step = no_step,
    lock_wait: float = _LOCK_WAIT,
) -> None:
    """Replaces the store by `change(what it holds now)`, under the lock; keys nobody knows survive.

    `change` gets a copy of the whole document and gives the new one; `lock_wait` is the most seconds to wait
    for another writer. Raises `ConfigProblem`; the file then is the old one, whole.
    """
    try:
        folder = own_folder(path.parent)
        step("folder made")
    except OSError as error:
        raise failed(path, error) from None
    try:
        with _locked(folder, path, lock_wait):
            step("locked")
            _replace(folder, path, _new_text(folder, path, change), step)
    except OSError as error:
        raise failed(path, error) from None
    finally:
        os.close(folder)


def own_folder(folder: Path) -> int:
    """A descriptor of the folder, made if need be, and checked. Raises `ConfigProblem` and `OSError`."""
    make_folder(folder)
    return open_folder(folder)


@contextmanager
def _locked(folder: int, path: Path, wait: float) -> Iterator[None]:
    fd = open_lock(folder, f".{path.name}.lock")
    try:
        _take_lock(fd, path, wait)
        yield
    finally:
        os.close(fd)  # which gives the lock back


def _take_lock(fd: int, path: Path, wait: float) -> None:
    """Bounded: a writer that was stopped with Ctrl-Z must not hang the next one for ever."""
    deadline = time.monotonic() + wait
    while not try_lock(fd):
        if time.monotonic() >= deadline:
            raise ConfigProblem(
                f"{path} is being written by another sessiontop: end it, then try again"
            )
        time.sleep(_LOCK_PAUSE)


def check_version(document: Document) -> None:
    """Raises `ConfigProblem` for a file that this version must not write."""
    if document.newer:
        raise ConfigProblem(
            f"{document.path} was written by a newer sessiontop (version {document.version}): "
            "it is read, and not changed, by this one"
        )


def _new_text(folder: int, path: Path, change: Callable[[Table], Table]) -> bytes:
    document = read_in(folder, path)
    check_version(document)
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
        write_file(folder, fresh, data, step)
        os.rename(fresh, path.name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(fresh, dir_fd=folder)
        raise
    step("renamed")
    sync_folder(folder)
    step("folder synced")


def failed(path: Path, error: OSError) -> ConfigProblem:
    """The sentence for a file that could not be written."""
    return ConfigProblem(f"{path} could not be written: {error.strerror}")
