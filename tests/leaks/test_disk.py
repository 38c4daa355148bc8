"""Disks that are full, broken or only to be read, while profiles and tokens are written."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.leaks.mirror import JSON, Mirror, Sent, answer
from tests.leaks.observing import Channel, asked, error, files, leaks
from tests.leaks.people import DETECTOR, ONE_EACH, SECRETS, WAYS
from tests.leaks.running import keep, seen
from tests.leaks.saving import draft, failing, saved
from tests.leaks.test_quoted import SignedIn
from tui.model.problem import Problem
from tui.profiles import editing
from tui.profiles.drafts import Draft
from tui.profiles.paths import profiles_path, tokens_path
from tui.profiles.store import load, overview
from tui.profiles.tokens import TokenFile
from tui.profiles.writer import write
from tui.providers import registry

CALLS = ("open", "write", "fsync", "fchmod", "rename")
ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT, errno.EFBIG)
PAIRS = [
    pytest.param(
        call,
        error,
        id=f"{call}-{errno.errorcode[error]}",
        marks=() if (call, error) == ("write", errno.ENOSPC) else pytest.mark.long,
    )
    for call in CALLS
    for error in ERRORS
]
OAUTH = ("goto-oauth", "seeit-oauth")


def some(names: tuple[str, ...], quick: str) -> list[object]:
    return [one if one == quick else pytest.param(one, marks=pytest.mark.long) for one in names]


def edited(way: str, url: str) -> Iterator[Channel]:
    """The commands that write profiles."""
    new = {"name": "new", **WAYS[way].table(url)}
    yield from seen("profile", "add", "--input", "-", "--yes", typed=new)
    yield from seen("profile", "edit", "desk", "--set", "me=Ana", "--yes")
    yield from seen("profile", "edit", "desk", "--input", "-", "--yes", typed=WAYS[way].table(url))
    yield from seen("profile", "remove", "desk", "--yes")


@pytest.mark.parametrize("way", some(ONE_EACH, "control"))
@pytest.mark.parametrize(("call", "error"), PAIRS)
def test_profiles_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str, call: str, error: int
) -> None:
    with Mirror("json-401") as mirror:
        path = keep({"desk": WAYS[way].table(mirror.url)})
        before = path.read_bytes()
        failures = failing(monkeypatch, call, error, path.name)
        channels = [*edited(way, mirror.url)]
        channels += saved("new", draft(WAYS[way], mirror.url), tmp_path / "state", {})
        found, looked = leaks(DETECTOR, channels)
        assert looked > 40
        assert found == []
    assert failures
    assert os.strerror(error) in json.dumps([str(text) for _, text in channels])
    if call != "fsync":  # the folder's own comes after the rename
        assert path.read_bytes() == before
    assert [one.name for one in path.parent.glob(".*.new")] == []


def granting(sent: Sent, elsewhere: str) -> bytes:
    """Signs in and renews whoever asks; the API itself quotes."""
    if sent.line.startswith("POST") and b"grant_type" in sent.body:
        kinds = {"access_token": "renewed access token", "refresh_token": "renewed refresh token"}
        body = {key: SECRETS[kind] for key, kind in kinds.items()} | {"expires_in": 3600}
        return answer(200, json.dumps(body).encode(), JSON)
    return answer(503, " ".join(sent.quoted()).encode())


@pytest.mark.parametrize("way", some(OAUTH, "goto-oauth"))
@pytest.mark.parametrize(("call", "error"), PAIRS)
def test_tokens_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str, call: str, error: int
) -> None:
    """A renewal and a sign-in that the vendor granted."""
    with Mirror(behaviour=granting) as mirror:
        profile = WAYS[way].profile("desk", mirror.url)
        keep({"desk": WAYS[way].table(mirror.url)})
        tokens = TokenFile(tokens_path())
        old = asyncio.run(SignedIn(profile, True).read("desk"))
        assert old is not None
        asyncio.run(tokens.save("desk", old))
        before = tokens_path().read_bytes()
        failures = failing(monkeypatch, call, error, tokens_path().name)
        code = SECRETS["authorization code"]
        channels = [*asked([profile], tmp_path / "state", pasted=code, tokens=tokens)]
        channels += [*seen("sessions"), *seen("profile", "check"), *seen("doctor", "--json")]
        channels += [*seen("profile", "sign-in", "desk", typed=code)]
        channels += files(tokens_path().parent)
        found, looked = leaks(DETECTOR, channels)
        assert looked > 40
        assert found == []
        granted = any(b"grant_type" in sent.body for sent in mirror.sent)
    assert failures
    assert granted == (call != "open"), "nothing is renewed that could not be kept"
    if call != "fsync":
        assert tokens_path().read_bytes() == before
    assert [one.name for one in tokens_path().parent.glob(".*.new")] == []


def spoilt(path: Path) -> None:
    """The store as an editor may leave it."""
    path.write_bytes(path.read_bytes() + b"\nkey = ")


def _raised(work: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        work()
    return caught.value


def outcome(path: Path, wanted: Draft, tokens: TokenFile) -> Iterator[Channel]:
    """What each way into the stores raises, as a debugger shows it: the chain, and the locals of all frames."""
    specs = registry.SPECS
    ways: list[Callable[[], object]] = [
        lambda: write(path, dict),
        lambda: editing.put(path, "new", wanted, specs, new=True),
        lambda: editing.rename(path, "desk", "other"),
        lambda: editing.remove(path, "desk"),
        lambda: tokens.rename("desk", "other"),
        lambda: tokens.forget("desk"),
    ]
    if path.read_bytes().endswith(b"key = "):
        ways += [lambda: load(path, specs, {}), lambda: overview(path, specs, {})]
        ways += [lambda: editing.names(path), lambda: editing.stored(path, "desk", specs, {})]
        ways += [lambda: tokens.holds("desk"), lambda: asyncio.run(tokens.try_turn("desk"))]
    for number, work in enumerate(ways):
        for channel, text in error(_raised(work)):
            yield f"{number}: {channel}", text


@pytest.mark.parametrize("broken", ["full", "spoilt"])
def test_no_error_of_the_stores_brings_frames_with_it(
    monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    way = WAYS["goto-oauth"]
    path = keep({"desk": way.table("http://127.0.0.1:1"), "new-one": WAYS["trinsic"].table("")})
    tokens = TokenFile(tokens_path())
    old = asyncio.run(SignedIn(way.profile("desk", "http://127.0.0.1:1"), True).read("desk"))
    assert old is not None
    asyncio.run(tokens.save("desk", old))
    if broken == "full":
        failing(monkeypatch, "write", errno.ENOSPC, ".toml")
    else:
        spoilt(path)
        spoilt(tokens_path())
    found, looked = leaks(DETECTOR, outcome(path, draft(way, "http://127.0.0.1:1"), tokens))
    assert looked >= 18
    assert found == []


def limited(*argv: str, typed: object) -> Iterator[Channel]:
    """A command that may write no byte to any file: for a real error of the kernel's."""
    done = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -f 0; exec "$@"', "sh", sys.executable, "-m", "tui", *argv],
        input=json.dumps(typed).encode(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert b"File too large" in done.stderr
    yield "stdout", done.stdout.decode()
    yield "stderr", done.stderr.decode()
    yield from files(profiles_path().parent, Path(os.environ["SESSIONTOP_STATE_DIR"]))


def test_a_process_that_may_write_nothing(tmp_path: Path) -> None:
    with Mirror("json-401") as mirror:
        table = WAYS["control"].table(mirror.url)
        before = keep({"desk": table}).read_bytes()
        add = ("profile", "add", "--input", "-", "--yes")
        found, _ = leaks(DETECTOR, limited(*add, typed={"name": "new", **table}))
    assert found == []
    assert profiles_path().read_bytes() == before


@pytest.mark.long
@pytest.mark.parametrize("how", ["full", "only to be read"])
@pytest.mark.parametrize("way", ONE_EACH)
def test_a_real_file_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str, how: str
) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k,mode=0700", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        monkeypatch.setenv("SESSIONTOP_CONFIG_DIR", str(folder))
        with Mirror("json-401") as mirror:
            path = keep({"desk": WAYS[way].table(mirror.url)})
            before = path.read_bytes()
            if how == "full":
                (folder / "filling").write_bytes(bytes(8 * 1024 - 512))
                (folder / "rest").write_bytes(bytes(4096))
            else:
                subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
            channels = [*edited(way, mirror.url)]
            channels += saved("new", draft(WAYS[way], mirror.url), tmp_path / "state", {})
            found, _ = leaks(DETECTOR, channels)
        assert found == []
        assert path.read_bytes() == before
        words = "No space left" if how == "full" else "Read-only file system"
        assert words in str(channels)
    finally:
        subprocess.run(["umount", str(folder)], check=True)
