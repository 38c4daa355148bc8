"""Who else could read or replace a file that holds credentials. Refused in one sentence that says what to do.

The rule is OpenSSH's StrictModes, with one difference: a parent that everybody may write to is accepted when
it is sticky (as /tmp is), since nobody but the owner can then move what lies in it.
"""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import Final

from tui.model.lazy_dataclass import dataclass
from tui.model.problem import ConfigProblem

FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK, opening a pipe that lies where the file should be waits for ever.
FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

_OTHERS = 0o077
_OTHERS_WRITE = 0o022


@dataclass(frozen=True, slots=True)
class Kind:
    """What a private file is for: how large it may be, and what to do where a symbolic link leads to it.

    `{real}` in the two pieces of advice stands for what the link leads to.
    """

    limit: int
    too_large: str
    linked_folder: str
    linked_file: str


STORE: Final = Kind(
    limit=1024 * 1024,
    too_large="is larger than 1 MiB: that is no file of sessiontop",
    linked_folder="set SESSIONTOP_CONFIG_DIR to the real folder, {real}",
    linked_file="put the real file there, or set SESSIONTOP_CONFIG_DIR to the folder of {real}",
)
STATE: Final = replace(
    STORE,
    linked_folder="set SESSIONTOP_STATE_DIR to the real folder, {real}",
    linked_file="put the real file there",
)
SECRET: Final = Kind(
    limit=64 * 1024,
    too_large="is larger than 64 kB: that is not a secret",
    linked_folder="write the path of the real folder, {real}",
    linked_file="write the path of the real file, {real}",
)


def open_folder(folder: Path, kind: Kind = STORE) -> int:
    """A descriptor of the folder, checked with its parents. The caller closes it.

    Raises `ConfigProblem`, and `FileNotFoundError` when there is no such folder.
    """
    try:
        fd = os.open(folder, FOLDER_FLAGS)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ConfigProblem(_why_not_folder(folder, error, kind)) from None
    try:
        _check_folder(folder, os.fstat(fd))
        _check_parents(folder)
    except BaseException:
        os.close(fd)
        raise
    return fd


def read_private(folder_fd: int, path: Path, kind: Kind = STORE) -> bytes:
    """The bytes of a file in an opened folder that nobody else can read.

    Raises `ConfigProblem`, and `FileNotFoundError` when there is no such file.
    """
    try:
        fd = os.open(path.name, FILE_FLAGS, dir_fd=folder_fd)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ConfigProblem(_why_not_file(path, error, kind)) from None
    try:
        _check_file(path, os.fstat(fd))
        return _read_all(fd, path, kind)
    finally:
        os.close(fd)


def read_alone(path: Path, kind: Kind = STORE) -> bytes:
    """The bytes of a private file in a folder that is opened and checked for it. Raises as `read_private`."""
    folder = open_folder(path.parent, kind)
    try:
        return read_private(folder, path, kind)
    finally:
        os.close(folder)


def require_private(path: Path) -> int:
    """The mode of a private file, its folder checked too; nothing of it is read. Raises as `read_alone`."""
    folder = open_folder(path.parent)
    try:
        info = os.stat(path.name, dir_fd=folder, follow_symlinks=False)
        if stat.S_ISLNK(info.st_mode):
            raise ConfigProblem(_why_not_file(path, OSError(), STORE))
        _check_file(path, info)
        return stat.S_IMODE(info.st_mode)
    finally:
        os.close(folder)


def _read_all(fd: int, path: Path, kind: Kind) -> bytes:
    # The check of the size is made on what comes, not on what fstat said: the file may grow meanwhile.
    with open(fd, "rb", closefd=False) as file:
        data = file.read(kind.limit + 1)
    if len(data) > kind.limit:
        raise ConfigProblem(f"{path} {kind.too_large}")
    return data


def _check_folder(folder: Path, info: os.stat_result) -> None:
    if info.st_uid != os.geteuid():
        raise ConfigProblem(f"{folder} belongs to {_owner(info)}: it must be your own folder")
    if info.st_mode & _OTHERS_WRITE:
        raise ConfigProblem(
            f"{folder} can be written to by others (mode {_mode(info)}): "
            f"chmod 700 {quote(str(folder))}"
        )


def _check_parents(folder: Path) -> None:
    """Every folder above it, up to the home folder when it lies in there, else up to the root."""
    home = Path(os.path.realpath(os.path.expanduser("~")))
    for parent in Path(os.path.realpath(folder)).parents:
        info = parent.stat()
        if info.st_uid not in (0, os.geteuid()):
            raise ConfigProblem(
                f"{parent} belongs to {_owner(info)}, who could replace {folder}: "
                "keep it in a folder of your own"
            )
        if info.st_mode & _OTHERS_WRITE and not info.st_mode & stat.S_ISVTX:
            raise ConfigProblem(
                f"{parent} can be written to by others, who could replace {folder}: "
                f"chmod go-w {quote(str(parent))}"
            )
        if parent == home:
            return


def _check_file(path: Path, info: os.stat_result) -> None:
    if not stat.S_ISREG(info.st_mode):
        raise ConfigProblem(f"{path} is {_kind(info)}, not a file: move it away")
    if info.st_uid != os.geteuid():
        raise ConfigProblem(f"{path} belongs to {_owner(info)}: it must be your own file")
    if info.st_mode & _OTHERS:
        raise ConfigProblem(
            f"{path} is open to others (mode {_mode(info)}): chmod 600 {quote(str(path))}"
        )
    if info.st_nlink != 1:
        raise ConfigProblem(
            f"{path} has {info.st_nlink} names (hard links): copy it, so that it has one"
        )


def _why_not_folder(folder: Path, error: OSError, kind: Kind) -> str:
    if folder.is_symlink():
        advice = kind.linked_folder.format(real=os.path.realpath(folder))
        return f"{folder} is a symbolic link: {advice}"
    return f"{folder} cannot be opened as a folder: {error.strerror}"


def _why_not_file(path: Path, error: OSError, kind: Kind) -> str:
    if path.is_symlink():
        advice = kind.linked_file.format(real=os.path.realpath(path))
        return f"{path} is a symbolic link: {advice}"
    if isinstance(error, PermissionError):
        return f"{path} cannot be read by you: chmod 600 {quote(str(path))}"
    return f"{path} cannot be read: {error.strerror}"


def _owner(info: os.stat_result) -> str:
    try:
        import pwd

        return pwd.getpwuid(info.st_uid).pw_name
    except (ImportError, KeyError):
        return f"user {info.st_uid}"


def _mode(info: os.stat_result) -> str:
    return f"{stat.S_IMODE(info.st_mode):04o}"


def _kind(info: os.stat_result) -> str:
    for test, word in (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
    ):
        if test(info.st_mode):
            return word
    return "a device"
