"""The writer of the profile store: killed at every step, crowded, out of space; never a lost or half-written file."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.unit.profile_specs import GOOD, put
from tui.model.problem import ConfigProblem
from tui.profiles.writer import HEADER, write

STEPS = [
    "folder made",
    "locked",
    "leftover removed",
    "created",
    "mode set",
    "half written",
    "half written",
    "synced",
    "renamed",
    "folder synced",
]
FIRST_AFTER_RENAME = STEPS.index("renamed")

KILLED = """
import os, signal, sys
from pathlib import Path
from tui.profiles.writer import write
left = int(sys.argv[2])
def step(name):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
def change(tables):
    tables["profiles"]["one"]["account"] = "new"
    return tables
write(Path(sys.argv[1]), change, step=step)
"""

# The store is larger than the limit, so the write of the new file fails in its middle.
TOO_LARGE = """
import resource, sys
from pathlib import Path
from tui.model.problem import ConfigProblem
from tui.profiles.writer import write
resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
try:
    write(Path(sys.argv[1]), lambda tables: tables)
except ConfigProblem as problem:
    print(problem.message)
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look at parents ends here: what the checkout's own folders allow others is no matter of the tests."""
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    folder.mkdir(mode=0o700)
    return folder / "profiles.toml"


def run(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def same(tables: dict[str, object]) -> dict[str, object]:
    return tables


def test_the_first_write_makes_the_folder_and_both_are_private(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "profiles.toml"
    before = os.umask(0o777)
    try:
        os.umask(0o022)
        write(path, lambda tables: {**tables, "profiles": {}})
    finally:
        os.umask(before)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)
    assert tomllib.loads(path.read_text()) == {"version": 1, "profiles": {}}


def test_a_umask_that_forbids_everything_does_not_lock_the_user_out(tmp_path: Path) -> None:
    path = tmp_path / "b" / "profiles.toml"
    before = os.umask(0o777)
    try:
        write(path, same)
    finally:
        os.umask(before)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_the_first_line_says_that_comments_are_lost_and_unknown_keys_are_not(path: Path) -> None:
    put(path.parent, "# mine\n" + GOOD + 'odd = [1, {a = 2020-01-01}]\n[later]\nx = "é"\n')
    kept = tomllib.loads(path.read_text())
    write(path, same)
    text = path.read_text()
    assert text.startswith(HEADER)
    assert "# mine" not in text
    assert tomllib.loads(text) == kept


def test_the_change_sees_a_copy_and_a_failure_in_it_leaves_all_as_it_was(path: Path) -> None:
    put(path.parent, GOOD)

    def spoil(tables: dict[str, object]) -> dict[str, object]:
        tables.clear()
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        write(path, spoil)
    assert path.read_text() == GOOD
    assert not list(path.parent.glob("*.new"))


def test_a_newer_store_is_never_written(path: Path) -> None:
    newer = GOOD.replace("version = 1", "version = 2")
    put(path.parent, newer)
    with pytest.raises(ConfigProblem, match="newer sessiontop"):
        write(path, same)
    assert path.read_text() == newer


def test_the_steps_are_these(path: Path) -> None:
    seen: list[str] = []
    write(path, same, step=seen.append)
    assert seen == STEPS


@pytest.mark.parametrize("at", range(len(STEPS)), ids=STEPS)
def test_a_kill_at_any_step_leaves_the_old_file_or_the_new_one(path: Path, at: int) -> None:
    put(path.parent, GOOD)
    assert run(KILLED, str(path), str(at)).returncode == -signal.SIGKILL
    account = tomllib.loads(path.read_text())["profiles"]["one"]["account"]
    assert account == ("new" if at >= FIRST_AFTER_RENAME else "AC12ef")
    assert all(mode(file) & 0o077 == 0 for file in path.parent.iterdir() if file != path.parent)
    write(path, lambda tables: {**tables, "after": True})
    assert tomllib.loads(path.read_text())["after"] is True
    left = sorted(file.name for file in path.parent.iterdir())
    assert left == [".profiles.toml.lock", "profiles.toml"]


def test_a_full_disk_keeps_the_old_file_and_leaves_nothing_behind(path: Path) -> None:
    put(path.parent, GOOD)
    result = run(TOO_LARGE, str(path))
    assert result.stderr == ""
    assert result.stdout.strip() == f"{path} could not be written: File too large"
    assert path.read_text() == GOOD
    assert not list(path.parent.glob("*.new"))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_disk_without_room_keeps_the_old_file_too(
    path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    put(path.parent, GOOD)
    write_out = os.write

    def halfway(fd: int, data: memoryview) -> int:
        if len(data) < 40:
            raise OSError(code, os.strerror(code))
        return write_out(fd, data[: len(data) // 2])

    monkeypatch.setattr(os, "write", halfway)
    with pytest.raises(ConfigProblem, match="could not be written: "):
        write(path, same)
    monkeypatch.undo()
    assert path.read_text() == GOOD
    assert not list(path.parent.glob("*.new"))


def test_a_lock_that_is_never_given_back_is_not_waited_for_for_ever(path: Path) -> None:
    write(path, same)
    with open(path.parent / ".profiles.toml.lock", "r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ConfigProblem, match="being written by another sessiontop"):
            write(path, same, lock_wait=0.0)
    write(path, same, lock_wait=0.0)


def test_a_lock_that_is_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    (path.parent / ".profiles.toml.lock").symlink_to(victim)
    with pytest.raises(ConfigProblem, match="could not be written"):
        write(path, same)
    assert not victim.exists()
