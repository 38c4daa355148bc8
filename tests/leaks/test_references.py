"""Secrets that live elsewhere (a variable, a file, a command), at all five vendors: what fails there tells nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.leaks.mirror import Mirror
from tests.leaks.observing import Channel, leaks, objects
from tests.leaks.people import DETECTOR, SECRETS, WAYS, Way
from tests.leaks.running import keep, seen
from tests.leaks.saving import Place, draft, parse, saved
from tests.leaks.test_commands import run_all
from tui.profiles import editing
from tui.profiles.paths import profiles_path
from tui.profiles.references import Reference
from tui.profiles.store import load, overview
from tui.providers import registry

long = pytest.mark.long


class Hidden:
    """The places where secrets are kept in one test: files and variables, all named by the key."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.environ = folder, monkeypatch
        self.variables: dict[str, str] = {}
        folder.mkdir(mode=0o700)

    def file(self, key: str, text: str, mode: int = 0o600) -> Path:
        path = self.folder / f"{key}.txt"
        path.write_text(text)
        path.chmod(mode)
        return path

    def variable(self, key: str, text: str) -> str:
        name = f"CANARY_{key.upper()}"
        self.variables[name] = text
        self.environ.setenv(name, text)
        return name


def _sh(script: str, *arguments: object) -> dict[str, list[str]]:
    return {"command": ["sh", "-c", script, "sh", *map(str, arguments)]}


Made = Callable[[Hidden, str, str], object]
"""The value that stands in the store, for a key and its secret."""

GOOD: dict[str, Made] = {
    "env": lambda at, key, secret: {"env": at.variable(key, secret)},
    "file": lambda at, key, secret: {"file": str(at.file(key, f"{secret}\n"))},
    "command": lambda at, key, secret: {"command": ["cat", str(at.file(key, f"{secret}\n"))]},
}
BAD: dict[str, Made] = {
    "a command that says it on stderr and fails": lambda at, key, secret: _sh(
        'cat "$1" >&2; exit 3', at.file(key, secret)
    ),
    "a command that says it on stdout and fails": lambda at, key, secret: _sh(
        'cat "$1"; exit 1', at.file(key, secret)
    ),
    "a command that says it and dies": lambda at, key, secret: _sh(
        'cat "$1" "$1" >&2; kill -9 $$', at.file(key, secret)
    ),
    "a command that says too much": lambda at, key, secret: _sh(
        'for n in 1 2; do cat "$1"; done', at.file(key, f"{secret}\n" * 900)
    ),
    "a command that says two lines": lambda at, key, secret: _sh(
        'cat "$1"', at.file(key, f"{secret}\n{secret}\n")
    ),
    "a program that is none, with it for an argument": lambda at, key, secret: {
        "command": ["no-such-program-here", secret]
    },
    "a command that is one text": lambda at, key, secret: {"command": f"echo {secret}"},
    "a command with a zero in it": lambda at, key, secret: {"command": ["echo", f"{secret}\0"]},
    "a way that is none": lambda at, key, secret: {"keyring": secret},
    "two ways": lambda at, key, secret: {"env": "HOME", "keyring": secret},
    "a variable that is not set": lambda at, key, secret: {"env": f"NO_{key.upper()}"},
    "a variable with a line break": lambda at, key, secret: {
        "env": at.variable(key, f"{secret}\n{secret}")
    },
    "a variable with another alphabet": lambda at, key, secret: {
        "env": at.variable(key, f"{secret}é")
    },
    "a file that others can read": lambda at, key, secret: {
        "file": str(at.file(key, secret, 0o644))
    },
    "a file with two lines": lambda at, key, secret: {
        "file": str(at.file(key, f"{secret}\n{secret}"))
    },
    "a file that is much too long": lambda at, key, secret: {
        "file": str(at.file(key, secret * 3000))
    },
    "a file that is not there": lambda at, key, secret: {"file": str(at.folder / "gone.txt")},
    "a folder": lambda at, key, secret: {"file": str(at.folder)},
    "in the store, with a blank": lambda at, key, secret: f"{secret} {secret}",
    "in the store, with a line break": lambda at, key, secret: f"{secret}\n{secret}",
    "in the store, much too long": lambda at, key, secret: secret * 300,
    "in a list": lambda at, key, secret: [secret],
}


def table(way: Way, url: str, made: Made, at: Hidden) -> dict[str, object]:
    """The profile with each of its secrets elsewhere."""
    keys = {key: made(at, key, SECRETS[kind]) for key, kind in way.secrets.items()}
    return way.table(url) | keys


def stores() -> Iterator[Channel]:
    """What the readers of the store hold on to, with the errors and all that their frames show."""
    environ: dict[str, str] = {}
    loaded = load(profiles_path(), registry.SPECS, environ)
    listed = overview(profiles_path(), registry.SPECS, environ)
    yield from objects([loaded, listed])
    for name in editing.names(profiles_path()):
        yield from objects([editing.stored(profiles_path(), name, registry.SPECS, environ)])


def typed(made: Made, at: Hidden) -> Place:
    def place(key: str, secret: str) -> Reference:
        return parse(made(at, key, secret))

    return place


def shown(channels: Iterator[Channel]) -> Iterator[Channel]:
    """Without the files that the secrets are kept in."""
    return (one for one in channels if not one[0].endswith(".txt"))


def marked(names: Mapping[str, Any] | tuple[str, ...], *quick: str) -> list[object]:
    return [one if one in quick else pytest.param(one, marks=long) for one in names]


@pytest.mark.parametrize("way", marked(tuple(WAYS), "twilio", "seeit"))
@pytest.mark.parametrize("where", marked(GOOD, "file"))
def test_a_key_that_is_refused_wherever_it_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, where: str
) -> None:
    at = Hidden(tmp_path / "kept", monkeypatch)
    with Mirror("json-401") as mirror:
        given = table(WAYS[way], mirror.url, GOOD[where], at)
        found, looked = leaks(DETECTOR, shown(run_all(WAYS[way], mirror.url, given)))
        assert found == []
        keep({"desk": given})
        wanted = draft(WAYS[way], mirror.url, typed(GOOD[where], at))
        found, more = leaks(DETECTOR, shown(saved("new", wanted, tmp_path / "state", at.variables)))
        assert found == []
        found, _ = leaks(DETECTOR, stores())
        assert found == []
        signs_in = way.endswith("-oauth")  # asks nobody before it has signed in
        assert signs_in or any(DETECTOR.hits("", sent.raw) for sent in mirror.sent)
    assert looked + more > 80


@pytest.mark.parametrize("way", marked(tuple(WAYS), "control"))
@pytest.mark.parametrize(
    "bad",
    marked(BAD, "a command that says it on stderr and fails", "a variable with a line break"),
)
def test_a_secret_that_cannot_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, bad: str
) -> None:
    at = Hidden(tmp_path / "kept", monkeypatch)
    with Mirror("json-401") as mirror:
        given = table(WAYS[way], mirror.url, BAD[bad], at)
        keep({"desk": given, "other": WAYS["trinsic"].table(mirror.url)})
        channels = [*stores()]
        for argv in (("sessions",), ("profile", "list"), ("profile", "check", "desk"), ("doctor",)):
            channels += seen(*argv)
        new = {"name": "new", **given}
        channels += seen("profile", "add", "--input", "-", "--yes", typed=new)
        channels += seen("profile", "edit", "desk", "--input", "-", "--yes", typed=given)
        found, looked = leaks(DETECTOR, shown(iter(channels)))
        assert looked > 30
        assert found == []
