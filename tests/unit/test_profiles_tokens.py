"""`tokens.toml`: private, whole, shared by many programs, and never written where a newer version did."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
import threading
import tomllib
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tui.model.problem import ConfigProblem
from tui.model.secret import Secret
from tui.net.tokens import Tokens
from tui.profiles.paths import profiles_path, tokens_path
from tui.profiles.tokens import TokenFile

T = TypeVar("T")
AT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
FULL = Tokens(
    "sign-in https://auth.example me",
    Secret("access-1"),
    AT,
    Secret("refresh-1"),
    AT + timedelta(hours=1),
)
BARE = Tokens("pat", Secret("access-2"), AT)

HOLDER = """
import asyncio, sys
from pathlib import Path
from tui.profiles.tokens import TokenFile
turn = asyncio.run(TokenFile(Path(sys.argv[1])).try_turn("desk"))
print("held" if turn else "busy", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The look at parents ends here."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "conf" / "tokens.toml"


def run(work: Coroutine[Any, Any, T]) -> T:
    """From outside of any loop, as the tests look at files themselves."""
    return asyncio.run(work)


def put(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_text(text)
    path.chmod(0o600)


def test_it_lies_beside_the_profiles(tmp_path: Path) -> None:
    assert tokens_path() == profiles_path().with_name("tokens.toml")
    assert tokens_path(tmp_path / "x.toml") == tmp_path / "tokens.toml"


def test_what_was_saved_comes_back(path: Path) -> None:
    store = TokenFile(path)
    assert run(store.read("desk")) is None
    assert not path.exists()
    run(store.save("desk", FULL))
    run(store.save("other", BARE))
    assert run(TokenFile(path).read("desk")) == FULL
    assert run(TokenFile(path).read("other")) == BARE
    assert run(store.read("third")) is None


def test_only_the_user_can_read_it(path: Path) -> None:
    old = os.umask(0)
    try:
        run(TokenFile(path).save("desk", FULL))
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for one in path.parent.iterdir():
        assert stat.S_IMODE(one.stat().st_mode) == 0o600, one


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_one_that_others_can_read_is_not_used(path: Path, mode: int) -> None:
    store = TokenFile(path)
    run(store.save("desk", FULL))
    path.chmod(mode)
    with pytest.raises(ConfigProblem, match="open to others"):
        run(store.read("desk"))
    with pytest.raises(ConfigProblem, match="open to others"):
        run(store.try_turn("desk"))
    with pytest.raises(ConfigProblem, match="open to others"):
        run(store.save("desk", BARE))


def test_a_symbolic_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    put(path, "")
    path.rename(tmp_path / "real.toml")
    path.symlink_to(tmp_path / "real.toml")
    with pytest.raises(ConfigProblem, match="symbolic link"):
        run(TokenFile(path).save("desk", FULL))


def test_a_newer_version_is_read_and_never_written(path: Path) -> None:
    text = (
        'version = 2\n[profiles.desk]\naccount = "a"\naccess_token = "x"\n'
        "obtained_at = 2026-03-01T12:00:00Z\n"
    )
    put(path, text)
    store = TokenFile(path)
    found = run(store.read("desk"))
    assert found is not None
    assert found.access == Secret("x")
    with pytest.raises(ConfigProblem, match="newer sessiontop"):
        run(store.save("desk", FULL))
    # A refresh token may be good once: it must not be used where the next one could not be kept.
    with pytest.raises(ConfigProblem, match="newer sessiontop"):
        run(store.try_turn("desk"))
    with pytest.raises(ConfigProblem, match="newer sessiontop"):
        store.forget("desk")
    assert path.read_text() == text


def test_what_nobody_knows_survives(path: Path) -> None:
    put(path, 'version = 1\nmore = "x"\n[profiles.other]\nodd = 7\n')
    run(TokenFile(path).save("desk", FULL))
    tables = tomllib.loads(path.read_text())
    assert tables["more"] == "x"
    assert tables["profiles"]["other"] == {"odd": 7}


@pytest.mark.parametrize(
    "table",
    [
        "[profiles]\ndesk = 7",
        "[profiles.desk]",
        '[profiles.desk]\naccess_token = "x"\nobtained_at = 2026-03-01T12:00:00Z',
        '[profiles.desk]\naccount = "a"\nobtained_at = 2026-03-01T12:00:00Z',
        '[profiles.desk]\naccount = "a"\naccess_token = "x"',
        '[profiles.desk]\naccount = "a"\naccess_token = 7\nobtained_at = 2026-03-01T12:00:00Z',
        '[profiles.desk]\naccount = "a"\naccess_token = "x y"\nobtained_at = 2026-03-01T12:00:00Z',
        '[profiles.desk]\naccount = "a"\naccess_token = "x"\nobtained_at = 2026-03-01T12:00:00',
        '[profiles.desk]\naccount = "a"\naccess_token = "x"\nobtained_at = 0001-01-01T00:00:00+14:00',
    ],
)
def test_what_is_no_token_counts_as_none_and_can_be_replaced(path: Path, table: str) -> None:
    put(path, table + "\n")
    store = TokenFile(path)
    assert run(store.read("desk")) is None
    run(store.save("desk", FULL))
    assert run(store.read("desk")) == FULL


@pytest.mark.parametrize("text", ["profiles = 7", "not toml", "version = 0"])
def test_a_file_that_is_none_of_ours_is_told_and_left(path: Path, text: str) -> None:
    put(path, text)
    store = TokenFile(path)
    with pytest.raises(ConfigProblem, match=str(path)):
        run(store.read("desk"))
    with pytest.raises(ConfigProblem, match=str(path)):
        run(store.save("desk", FULL))
    assert path.read_text() == text


def test_a_problem_never_quotes_a_token(path: Path) -> None:
    put(path, '[profiles.desk]\naccess_token = "canary-7"\nrefresh_token = "canary-8" junk\n')
    with pytest.raises(ConfigProblem) as caught:
        run(TokenFile(path).read("desk"))
    assert "canary" not in caught.value.message


def test_a_removed_profile_is_forgotten(path: Path) -> None:
    store = TokenFile(path)
    store.forget("desk")
    assert not path.exists()
    run(store.save("desk", FULL))
    run(store.save("other", BARE))
    store.forget("desk")
    assert run(store.read("desk")) is None
    assert run(store.read("other")) == BARE


# --- turns ------------------------------------------------------------------------------------------------


def test_one_has_the_turn_of_a_profile(path: Path) -> None:
    turn = run(TokenFile(path).try_turn("desk"))
    assert turn is not None
    assert run(TokenFile(path).try_turn("desk")) is None
    other = run(TokenFile(path).try_turn("other"))
    assert other is not None
    other.end()
    turn.end()
    turn.end()
    again = run(TokenFile(path).try_turn("desk"))
    assert again is not None
    again.end()


def test_whoever_has_the_turn_keeps_nobody_from_reading_and_saving(path: Path) -> None:
    turn = run(TokenFile(path).try_turn("desk"))
    assert turn is not None
    run(TokenFile(path).save("desk", FULL))
    assert run(TokenFile(path).read("desk")) == FULL
    turn.end()


def test_a_killed_process_gives_its_turn_back(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert run(TokenFile(path).try_turn("desk")) is None
        process.kill()
    turn = run(TokenFile(path).try_turn("desk"))
    assert turn is not None
    turn.end()


@pytest.mark.anyio
async def test_the_loop_goes_on_while_a_file_is_slow(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work is done in a thread: a disk that hangs holds up no poll."""
    entered, release = threading.Event(), threading.Event()
    store = TokenFile(path)

    def slow(profile: str) -> None:
        entered.set()
        assert release.wait(10)

    monkeypatch.setattr(store, "_read", slow)
    reading = asyncio.ensure_future(store.read("desk"))
    assert await asyncio.to_thread(entered.wait, 10)
    assert not reading.done()
    release.set()
    await reading
