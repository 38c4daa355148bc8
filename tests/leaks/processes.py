"""What every user of a machine sees of a process, and what its owner does: arguments, names, environments."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.leaks.observing import Channel


def processes(pid: int, *, environments: bool = True) -> Iterator[Channel]:
    """Of a process and of all that it has started. Environments are left out where the secret came in one."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it may end meanwhile
        yield from _one(pid, Path(f"/proc/{pid}"), environments)


def _one(pid: int, folder: Path, environments: bool) -> Iterator[Channel]:
    yield f"arguments of {pid}", (folder / "cmdline").read_bytes().decode("latin-1")
    if environments:
        yield f"environment of {pid}", (folder / "environ").read_bytes().decode("latin-1")
    for task in (folder / "task").iterdir():
        yield f"thread of {pid}", (task / "comm").read_bytes().decode("latin-1")
        for child in (task / "children").read_text().split():
            yield from processes(int(child), environments=environments)
    for fd in (folder / "fd").iterdir():
        yield f"arguments: open file of {pid}", str(fd.readlink())
