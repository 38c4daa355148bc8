"""Intents on the disk: one small file for each write, there before the write is sent.

A file holds what is needed to find out what came of the write, and nothing of the customer's, no vendor's words
and no secret. Its name is random. The program that sends holds a lock on the file: whoever finds it `sending`
without a lock knows that the sender was killed. The kernel gives a lock back however a program ends, so neither
a process number that was given again nor a clock that was set can mislead anybody.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import field, replace
from pathlib import Path
from typing import Final

import msgspec

from tui.live.intent_file import Kept, packed, unpacked
from tui.model.intent import Intent, IntentState
from tui.model.lazy_dataclass import dataclass
from tui.model.problem import ConfigProblem
from tui.model.text import Clean, line
from tui.profiles.files import Step, make_folder, new_file, no_step, sync_folder, write_file
from tui.profiles.permissions import FILE_FLAGS, STATE, open_folder, read_private

FOLDER: Final = "intents"
_NAME: Final = re.compile(r"[0-9a-f]{32}\.json")
_KEY: Final = "key"
_KEY_BYTES: Final = 32
# More writes than these are never open at once; a folder with more of them is not ours to read to its end.
_MOST: Final = 1000
_TRIES: Final = 5
ELSEWHERE: Final = "another running sessiontop is sending it"


@dataclass(frozen=True, slots=True)
class Contents:
    """What the folder holds: intents that nobody sends any more, those that another program (or we) send at this
    moment, and a sentence for each file that is none."""

    kept: tuple[Kept, ...] = ()
    elsewhere: tuple[Intent, ...] = ()
    troubles: tuple[Clean, ...] = ()


@dataclass(slots=True, eq=False)
class Held:
    """The lock on the file of a write on its way; it ends with `release`, or with the process."""

    fd: int

    def release(self) -> None:
        """Gives the lock back."""
        fd, self.fd = self.fd, -1
        if fd >= 0:
            os.close(fd)


@dataclass(slots=True)
class IntentFolder:
    """The folder `intents` in the state folder, made at the first write. `step`: see `tui.profiles.files`."""

    state: Path
    step: Step = no_step
    _key: bytes = field(default=b"", repr=False)

    @property
    def path(self) -> Path:
        """Where the files are."""
        return self.state / FOLDER

    # --- before a write is sent -------------------------------------------------------------------------

    def add(self, kept: Kept) -> Held:
        """Puts an intent on the disk, locked. Raises `ConfigProblem`: the write must not be sent then."""
        name, fresh = f"{kept.intent.id}.json", f".{kept.intent.id}.new"
        with self._told("written"):
            make_folder(self.path)
            self.step("folder made")
            with self._open() as folder:
                try:
                    fd = new_file(folder, fresh, packed(kept), self.step)
                    return self._named(folder, fd, fresh, name)
                except BaseException:
                    for leftover in (fresh, name):
                        with suppress(OSError):
                            os.unlink(leftover, dir_fd=folder)
                    raise

    def _named(self, folder: int, fd: int, fresh: str, name: str) -> Held:
        """Nobody sees the file under its name before it is whole and locked."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.step("locked")
            os.rename(fresh, name, src_dir_fd=folder, dst_dir_fd=folder)
            self.step("renamed")
            sync_folder(folder)
            self.step("folder synced")
        except BaseException:
            os.close(fd)
            raise
        return Held(fd)

    def key(self) -> bytes:
        """What digests are made with, so that they say nothing to who has only them. Raises `ConfigProblem`."""
        if not self._key:
            with self._told("written"):
                make_folder(self.path)
                with self._open() as folder:
                    self._key = self._read_key(folder) or self._new_key(folder)
        return self._key

    def _read_key(self, folder: int) -> bytes | None:
        try:
            key = read_private(folder, self.path / _KEY)
        except FileNotFoundError:
            return None
        return key if len(key) == _KEY_BYTES else None

    def _new_key(self, folder: int) -> bytes:
        # Two programs may both make the first one: the later is everybody's from then on.
        key = secrets.token_bytes(_KEY_BYTES)
        self._exchange(folder, f".{_KEY}.{secrets.token_hex(4)}", _KEY, key)
        return self._read_key(folder) or key

    # --- afterwards -------------------------------------------------------------------------------------

    def put(self, kept: Kept, held: Held | None = None) -> bool:
        """Writes down what is known now. False when the file is gone: another program has settled it.

        `held` is our own lock on it, which ends here. Raises `ConfigProblem`; the file is as it was then.
        """
        name = f"{kept.intent.id}.json"
        with self._told("written"), self._open() as folder:
            if held is not None:
                self._replace(folder, name, kept)
                held.release()
                return True
            with self._locked(folder, name) as there:
                if there:
                    self._replace(folder, name, kept)
                return there

    def _replace(self, folder: int, name: str, kept: Kept) -> None:
        self._exchange(folder, f".{kept.intent.id}.{secrets.token_hex(4)}", name, packed(kept))

    def _exchange(self, folder: int, fresh: str, name: str, data: bytes) -> None:
        """A new file in the place of the one of that name."""
        try:
            write_file(folder, fresh, data, self.step)
            os.rename(fresh, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with suppress(OSError):
                os.unlink(fresh, dir_fd=folder)
            raise
        self.step("renamed")
        sync_folder(folder)
        self.step("folder synced")

    def remove(self, id: str, held: Held | None = None) -> None:
        """The outcome is known. Raises `ConfigProblem` when the file cannot be removed."""
        name = f"{id}.json"
        try:
            with self._told("removed"), self._open() as folder:
                if held is not None:
                    _unlink(folder, name)
                else:
                    with self._locked(folder, name) as there:
                        if there:
                            _unlink(folder, name)
                self.step("removed")
                sync_folder(folder)
        finally:
            if held is not None:
                held.release()

    @contextmanager
    def _locked(self, folder: int, name: str) -> Iterator[bool]:
        """The lock on a file of that name; False when there is none any more, or somebody else works on it."""
        for _ in range(_TRIES):
            try:
                fd = os.open(name, FILE_FLAGS, dir_fd=folder)
            except FileNotFoundError:
                break
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_named(folder, name, fd):
                    yield True
                    return
            except BlockingIOError:
                break
            finally:
                os.close(fd)
        yield False

    # --- reading ----------------------------------------------------------------------------------------

    def names(self) -> frozenset[str]:
        """The ids of the files that are there; none where the folder cannot be read."""
        try:
            found = os.listdir(self.path)
        except OSError:
            return frozenset()
        return frozenset(name.removesuffix(".json") for name in found if _NAME.fullmatch(name))

    def read(self, only: frozenset[str] | None = None) -> Contents:
        """What lies there (of `only` these ids); a write that is on its way somewhere is left alone. Never raises."""
        try:
            with self._open() as folder:
                return self._read_all(folder, only)
        except FileNotFoundError:
            return Contents()
        except ConfigProblem as problem:
            return Contents(troubles=(problem.message,))
        except OSError as error:
            return Contents(troubles=(line(f"{self.path} cannot be read: {error.strerror}"),))

    def _read_all(self, folder: int, only: frozenset[str] | None) -> Contents:
        kept: list[Kept] = []
        elsewhere: list[Intent] = []
        troubles: list[Clean] = []
        names = [name for name in sorted(os.listdir(folder)) if name[:1] != "." and name != _KEY]
        for name in names[:_MOST]:
            if only is not None and name.removesuffix(".json") not in only:
                continue
            try:
                found = self._read_one(folder, name)
            except ConfigProblem as problem:
                troubles.append(problem.message)
                continue
            if found is None:
                continue
            if found.intent.state is not IntentState.SENDING or self._abandoned(folder, name):
                kept.append(found)
            else:
                elsewhere.append(replace(found.intent, reason=line(ELSEWHERE)))
        if len(names) > _MOST:
            troubles.append(
                line(f"{self.path} holds more than {_MOST} files: the rest is not read")
            )
        return Contents(tuple(kept), tuple(elsewhere), tuple(troubles))

    def _read_one(self, folder: int, name: str) -> Kept | None:
        """One file, None for one that is gone. Raises `ConfigProblem` for what is no intent."""
        path = self.path / name
        if not _NAME.fullmatch(name):
            raise ConfigProblem(f"{line(path)} is not a write of sessiontop's: move it away")
        try:
            kept = unpacked(read_private(folder, path), name)
        except FileNotFoundError:
            return None
        except (msgspec.MsgspecError, OverflowError, RecursionError, ValueError):
            raise ConfigProblem(
                f"{path} cannot be read as a write of sessiontop's: look at the lists, then remove it"
            ) from None
        except OSError as error:
            raise ConfigProblem(f"{path} cannot be read: {error.strerror}") from None
        return kept

    def _abandoned(self, folder: int, name: str) -> bool:
        """Whether nobody holds the file of a write that is on its way: the sender was killed."""
        try:
            with self._locked(folder, name) as there:
                return there
        except OSError:
            return False

    # --- the folder -------------------------------------------------------------------------------------

    @contextmanager
    def _open(self) -> Iterator[int]:
        folder = open_folder(self.path, STATE)
        try:
            yield folder
        finally:
            os.close(folder)

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ConfigProblem(f"{self.path} could not be {what}: {error.strerror}") from None


def _unlink(folder: int, name: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)


def _is_named(folder: int, name: str, fd: int) -> bool:
    """Whether the file that was opened is the one of that name still."""
    try:
        there = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    here = os.fstat(fd)
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)
