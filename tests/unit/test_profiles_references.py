"""Secrets that live elsewhere: private files and commands, followed within bounds and never shown."""

from __future__ import annotations

import os
import select
import sys
import time
from pathlib import Path

import pytest

from tests.unit.profile_specs import GOOD, SPECS, loaded, put
from tui.model.secret import Secret
from tui.profiles import secret_commands
from tui.profiles.references import (
    BadReference,
    FromCommand,
    FromEnv,
    FromFile,
    Here,
    Surroundings,
    as_stored,
    kept,
    parse,
    resolve,
)
from tui.profiles.secret_commands import run_all
from tui.profiles.store import load, overview

HUSH = "hush-hush"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "store"
    made.mkdir(mode=0o700)
    return made


def script(folder: Path, body: str, name: str = "tell") -> tuple[str, ...]:
    """A program of that name, in Python or for the shell; its path alone says nothing of what it does."""
    path = folder / name
    head = f"#!{sys.executable}\n" if body.startswith("import") else "#!/bin/sh\n"
    path.write_text(head + body)
    path.chmod(0o700)
    return (str(path),)


def secret_file(folder: Path, data: bytes = b"hush-hush\n", mode: int = 0o600) -> Path:
    path = folder / "key"
    path.write_bytes(data)
    path.chmod(mode)
    return path


def gives(argv: tuple[str, ...], folder: Path, seconds: float = 10.0, **environ: str) -> str:
    """What the command gave, or the sentence that says why not."""
    env = {"PATH": os.environ["PATH"], **environ}
    found = run_all([argv], env, folder, seconds=seconds)[argv]
    return found.reveal() if isinstance(found, Secret) else str(found)


# --- forms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    ["open-sesame", {"env": "A_B"}, {"file": "~/x y"}, {"command": ["pass", "show", "a b"]}],
    ids=str,
)
def test_what_is_read_is_written_as_it_was(value: object) -> None:
    reference = parse(value)
    assert as_stored(reference) == value
    assert "sesame" not in repr(reference)
    assert "show" not in repr(reference)


def test_each_form_has_its_own_type() -> None:
    assert parse("a") == Here(Secret("a"))
    assert parse({"env": "A"}) == FromEnv("A")
    assert parse({"file": "a"}) == FromFile("a")
    assert parse({"command": ["a", "b"]}) == FromCommand(("a", "b"))


# --- files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"hush-hush", b"hush-hush\n", b"hush-hush\r\n"])
def test_a_file_gives_its_text_without_one_line_end(folder: Path, data: bytes) -> None:
    secret_file(folder, data)
    assert resolve({"file": "key"}, Surroundings({}, folder)).reveal() == HUSH


def test_a_path_counts_from_the_store_or_from_home(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keys").mkdir(mode=0o700)
    secret_file(tmp_path / "keys")
    monkeypatch.setenv("HOME", str(tmp_path))
    for path in ("../keys/key", "~/keys/key", str(tmp_path / "keys" / "key")):
        (profile,) = loaded(
            folder, GOOD.replace('"open-sesame"', f'{{ file = "{path}" }}')
        ).profiles
        assert profile.secrets["token"].reveal() == HUSH


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


REFUSED = [
    ("open to others", lambda path: path.chmod(0o640), "is open to others (mode 0640): chmod 600 "),
    ("folder", lambda path: path.parent.chmod(0o770), "can be written to by others (mode 0770)"),
    ("hard link", lambda path: os.link(path, path.parent / "b"), "has 2 names (hard links)"),
    ("pipe", _pipe, "is a pipe, not a file"),
    ("a folder", lambda path: (path.unlink(), path.mkdir()), "is a folder, not a file"),
    (
        "link",
        lambda path: path.rename(path.parent / "b") and path.symlink_to(path.parent / "b"),
        "is a symbolic link: write the path of the real file, ",
    ),
    ("large", lambda path: path.write_bytes(b"h" * 65_537), "is larger than 64 kB"),
    ("empty", lambda path: path.write_bytes(b"\n"), "the file key is empty"),
    ("two lines", lambda path: path.write_bytes(b"hush\nhush\n"), "the file key holds a space"),
    ("binary", lambda path: path.write_bytes(b"hush\xff"), "the file key holds a space"),
]


@pytest.mark.parametrize(
    ("spoil", "said"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_file_that_is_not_private_or_no_key_is_refused(
    folder: Path, spoil: object, said: str
) -> None:
    assert callable(spoil)
    spoil(secret_file(folder))
    around = Surroundings({}, folder)
    with pytest.raises(BadReference) as caught:
        resolve({"file": "key"}, around)
    assert said in str(caught.value)
    assert "hush" not in str(caught.value)
    assert kept({"file": "key"}, around).words == "file key, not usable"


def test_a_linked_folder_names_the_real_one(folder: Path, tmp_path: Path) -> None:
    secret_file(folder)
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(BadReference, match="write the path of the real folder, "):
        resolve({"file": str(tmp_path / "link" / "key")}, Surroundings({}, folder))


# --- commands ------------------------------------------------------------------------------------------------


def test_a_command_gives_what_it_prints(folder: Path) -> None:
    assert gives(script(folder, "echo hush-hush; echo noise >&2"), folder) == HUSH
    assert gives(("printf", "hush-hush\\r\\n"), folder) == HUSH


def test_no_shell_reads_the_arguments(folder: Path) -> None:
    assert gives(("echo", "$HOME;id"), folder) == "$HOME;id"


def test_it_runs_in_the_stores_folder_with_the_environment(folder: Path) -> None:
    assert gives(("pwd",), folder) == str(folder)
    assert gives(("printenv", "VAULT"), folder, VAULT="v1") == "v1"
    assert gives(("pwd",), folder / "nowhere") == "/"


FAILING = [
    ("exit 3", "the command tell ended with exit code 3 (it gets no terminal here; if it asks"),
    ("kill -9 $$", "the command tell was ended by signal 9"),
    ("true", "what the command tell printed is empty"),
    ("echo hush hush", "what the command tell printed holds a space"),
    ("echo hush; echo hush", "what the command tell printed holds a space"),
    ("printf 'hush\\377'", "what the command tell printed holds a space"),
    ("yes hush", "the command tell wrote more than 64 kB"),
]


@pytest.mark.parametrize(("body", "said"), FAILING, ids=[body for body, _ in FAILING])
def test_a_command_that_fails_says_how_and_not_what_it_wrote(
    folder: Path, body: str, said: str
) -> None:
    found = gives(script(folder, f"{body}\n"), folder)
    assert said in found
    assert "hush" not in found


def test_a_program_that_is_not_there_or_may_not_run_is_named(folder: Path) -> None:
    argv = (str(folder / "no-such-tool"), HUSH)
    assert gives(argv, folder).startswith("there is no program no-such-tool (no shell runs it")
    (path,) = script(folder, "echo x")
    Path(path).chmod(0o600)
    assert gives((path, HUSH), folder) == "the program tell may not be run by you"


def test_nothing_can_be_asked_of_the_user(folder: Path) -> None:
    """No terminal, nothing on stdin, and not the terminal's name either."""
    body = """import os, sys
try:
    os.open("/dev/tty", os.O_RDWR)
    print("has-a-terminal")
except OSError:
    print(len(sys.stdin.read()), os.getsid(0) == os.getpid(), os.environ.get("GPG_TTY"), sep="/")
"""
    assert gives(script(folder, body), folder, GPG_TTY="/dev/pts/0") == "0/True/None"


def ended(pid: int) -> bool:
    """Waits for the end of a process that is not ours; a killed one may take a moment."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 10.0)[0])
    finally:
        os.close(handle)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="pidfd is Linux's")
def test_the_whole_group_ends_when_time_is_up(folder: Path) -> None:
    """A script that waits for a child: both are gone, at once and not after the child's minute."""
    began = time.monotonic()
    argv = script(folder, 'sleep 60 & echo $! > child; wait "$!"\n')
    said = gives(argv, folder, seconds=0.5)
    assert said.startswith("the command tell gave no secret within 0.5 s and was ended (it gets no")
    assert time.monotonic() - began < 10
    assert ended(int((folder / "child").read_text()))


def test_a_command_that_leaves_its_output_open_is_bounded_too(folder: Path) -> None:
    said = gives(script(folder, "echo hush; sleep 60 & exit 0\n"), folder, seconds=0.5)
    assert "gave no secret within 0.5 s" in said


def test_a_long_wait_is_told_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_commands, "_PATIENCE", 0.05)
    said: list[str] = []
    slow = script(folder, "sleep 0.4; echo hush-hush\n", "slow-vault")
    found = run_all([slow, ("printf", "x")], os.environ, folder, told=said.append)
    assert isinstance(found[slow], Secret)
    assert len(said) == 1
    assert said[0].startswith("waiting for ")
    assert said[0].endswith("slow-vault to give a secret (10 s at most)")
    monkeypatch.setattr(secret_commands, "_PATIENCE", 60.0)
    run_all([("printf", "x")], os.environ, folder, told=said.append)
    assert len(said) == 1


def test_whoever_interrupts_the_wait_leaves_nothing_running(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    forget = secret_commands._Crowd._forget

    def note(crowd: secret_commands._Crowd, one: secret_commands._Running) -> None:
        started.append(one.process.returncode)
        forget(crowd, one)

    def interrupt(_crowd: secret_commands._Crowd) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(secret_commands._Crowd, "_forget", note)
    monkeypatch.setattr(secret_commands._Crowd, "_wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run_all([("sleep", "60"), ("sleep", "61")], os.environ, folder)
    assert started == [-9, -9]


# --- the store -----------------------------------------------------------------------------------------------

COUNTED = """\
version = 1
[profiles.one]
provider = "bakery"
account = "AC12ef"
token = { command = ["./tell", "hush-argument"] }
[profiles.two]
provider = "bakery"
account = "AC12ef"
token = { command = ["./tell", "hush-argument"] }
[profiles.three]
provider = "bakery"
account = "AC12ef"
token = { command = ["./tell", "other"] }
"""


def test_a_command_is_run_once_however_many_profiles_name_it(folder: Path) -> None:
    script(folder, "echo $1 >> runs; echo hush-hush\n")
    found = loaded(folder, COUNTED, PATH=os.environ["PATH"])
    assert {profile.secrets["token"].reveal() for profile in found.profiles} == {HUSH}
    assert sorted((folder / "runs").read_text().split()) == ["hush-argument", "other"]
    assert "hush" not in repr(found)


def test_several_commands_run_at_once(folder: Path) -> None:
    """Each waits until all three have begun: one after the other none would end."""
    body = "echo >> begun; while [ $(wc -l < begun) -lt 3 ]; do sleep 0.01; done; echo hush-hush\n"
    script(folder, body)
    text = COUNTED.replace('"hush-argument"]', '"a"]', 1).replace('"hush-argument"]', '"b"]', 1)
    assert len(loaded(folder, text, PATH=os.environ["PATH"]).profiles) == 3


def test_only_the_commands_of_the_named_profiles_are_run(folder: Path) -> None:
    script(folder, "echo $1 >> runs; echo hush-hush\n")
    path = put(folder, COUNTED)
    found = load(path, SPECS, os.environ, only=["three"])
    assert [profile.name for profile in found.profiles if profile.secrets["token"]] == ["three"]
    assert len(found.profiles) == 3
    assert (folder / "runs").read_text() == "other\n"


def test_a_failing_command_stops_its_profiles_alone(folder: Path) -> None:
    script(folder, '[ "$1" = other ] && echo hush-hush\n')
    found = loaded(folder, COUNTED, PATH=os.environ["PATH"])
    assert [profile.name for profile in found.profiles] == ["three"]
    assert set(found.broken) == {"one", "two"}
    said = found.broken["one"].message
    assert said.startswith(f'{found.path}:5: profile "one": token: the command tell ended with ')
    assert "hush" not in said


def test_a_look_at_the_store_runs_nothing(folder: Path) -> None:
    script(folder, "touch runs; echo hush-hush\n")
    secret_file(folder)
    text = (
        COUNTED
        + """\
[profiles.four]
provider = "bakery"
account = "AC12ef"
token = { file = "key" }
[profiles.five]
provider = "bakery"
account = "AC12ef"
token = { file = "~/nowhere" }
"""
    )
    listed = overview(put(folder, text), SPECS, os.environ)
    assert [(key.words, key.good) for profile in listed for key in profile.keys] == [
        ("command tell, not run", True),
        ("command tell, not run", True),
        ("command tell, not run", True),
        ("file key", True),
        ("file ~/nowhere, missing", False),
    ]
    assert [profile.problem is None for profile in listed] == [True] * 4 + [False]
    assert not (folder / "runs").exists()
    assert "hush" not in repr(listed)
