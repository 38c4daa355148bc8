"""Who may read or replace the store: the table of refusals, for reading and for writing alike."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.profile_specs import GOOD, SPECS, put
from tui.model.problem import ConfigProblem
from tui.profiles.paths import config_dir, profiles_path, state_dir
from tui.profiles.store import load
from tui.profiles.writer import write

Spoil = Callable[[Path], object]


def _move(path: Path) -> Path:
    real = path.parent.parent / "real"
    real.mkdir(mode=0o700)
    return path.rename(real / path.name)


def _link_file(path: Path) -> None:
    path.symlink_to(_move(path))


def _link_folder(path: Path) -> None:
    real = _move(path)
    for left in path.parent.iterdir():
        left.unlink()
    path.parent.rmdir()
    path.parent.symlink_to(real.parent)


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir(mode=0o700)


def _socket(path: Path) -> None:
    path.unlink()
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket has at most 108 bytes
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def _folder_is_a_file(path: Path) -> None:
    path.unlink()
    path.parent.rmdir()
    path.parent.write_text("")


REFUSED: list[tuple[str, Spoil, str]] = [
    ("0640", lambda path: path.chmod(0o640), "is open to others (mode 0640): chmod 600 "),
    ("0604", lambda path: path.chmod(0o604), "is open to others (mode 0604): chmod 600 "),
    ("0660", lambda path: path.chmod(0o660), "is open to others (mode 0660): chmod 600 "),
    ("0666", lambda path: path.chmod(0o666), "is open to others (mode 0666): chmod 600 "),
    ("folder 0770", lambda path: path.parent.chmod(0o770), "by others (mode 0770): chmod 700 "),
    ("folder 0777", lambda path: path.parent.chmod(0o777), "by others (mode 0777): chmod 700 "),
    ("parent 0777", lambda path: path.parent.parent.chmod(0o777), "who could replace"),
    ("parent 0770", lambda path: path.parent.parent.chmod(0o770), "who could replace"),
    ("link", _link_file, "is a symbolic link: put the real file there, or set SESSIONTOP_CONFIG"),
    ("linked folder", _link_folder, "is a symbolic link: set SESSIONTOP_CONFIG_DIR to the real"),
    ("hard link", lambda path: os.link(path, path.parent / "b"), "has 2 names (hard links)"),
    ("pipe", _pipe, "is a pipe, not a file: move it away"),
    ("folder", _folder, "is a folder, not a file: move it away"),
    ("socket", _socket, "cannot be read"),
    ("folder is a file", _folder_is_a_file, "cannot be opened as a folder"),
]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The look at parents ends here: what the checkout's own folders allow others is no matter of the tests."""
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "outer" / "store"
    folder.mkdir(mode=0o700, parents=True)
    return put(folder, GOOD)


@pytest.mark.parametrize(
    ("spoil", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_refused_for_reading_and_for_writing(path: Path, spoil: Spoil, said: str) -> None:
    spoil(path)
    with pytest.raises(ConfigProblem) as reading:
        load(path, SPECS, {})
    assert said in reading.value.message
    with pytest.raises(ConfigProblem) as writing:
        write(path, lambda tables: tables)
    assert not list(path.parent.glob("*.new"))
    if said != "cannot be opened as a folder":
        assert writing.value.message == reading.value.message


def test_the_real_path_of_a_link_is_named(path: Path) -> None:
    _link_file(path)
    with pytest.raises(ConfigProblem) as caught:
        load(path, SPECS, {})
    assert str(path.parent.parent / "real" / "profiles.toml") in caught.value.message


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_accepted_when_it_is_mine_alone(path: Path, mode: int) -> None:
    path.chmod(mode)
    assert load(path, SPECS, {}).profiles


def test_a_sticky_parent_is_accepted(path: Path) -> None:
    path.parent.parent.chmod(0o1777)
    assert load(path, SPECS, {}).profiles


def test_the_home_folder_is_where_the_look_at_parents_ends(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.parent.chmod(0o777)
    with pytest.raises(ConfigProblem, match="who could replace"):
        load(path, SPECS, {})
    path.parent.parent.chmod(0o700)
    path.parent.parent.parent.chmod(0o777)
    with pytest.raises(ConfigProblem, match="who could replace"):
        load(path, SPECS, {})
    monkeypatch.setenv("HOME", str(path.parent.parent))
    assert load(path, SPECS, {}).profiles


def test_somebody_elses_file_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    with pytest.raises(ConfigProblem, match="it must be your own folder"):
        load(path, SPECS, {})


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_or_parent_of_another_user_is_refused(path: Path) -> None:
    os.chown(path, 4242, -1)
    with pytest.raises(ConfigProblem, match="belongs to user 4242: it must be your own file"):
        load(path, SPECS, {})
    os.chown(path, 0, -1)
    os.chown(path.parent.parent, 4242, -1)
    with pytest.raises(ConfigProblem, match="belongs to user 4242, who could replace"):
        load(path, SPECS, {})


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_a_file_that_i_cannot_read_says_how_to_change_that(path: Path) -> None:
    path.chmod(0o000)
    with pytest.raises(ConfigProblem, match="cannot be read by you: chmod 600 "):
        load(path, SPECS, {})


def test_the_two_variables_move_the_folders(tmp_path: Path) -> None:
    given = {"SESSIONTOP_CONFIG_DIR": str(tmp_path / "c"), "SESSIONTOP_STATE_DIR": "~/s"}
    assert config_dir(given) == tmp_path / "c"
    assert profiles_path(given) == tmp_path / "c" / "profiles.toml"
    assert state_dir(given) == Path.home() / "s"
    assert config_dir({}).name == state_dir({}).name == "sessiontop"
