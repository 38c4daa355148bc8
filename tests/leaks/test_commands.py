"""Every command, in text and as JSON, at servers that quote keys, with broken stores, and with errors of our own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.leaks.canaries import make
from tests.leaks.mirror import QUOTING, Mirror
from tests.leaks.observing import Channel, leaks, ref_of
from tests.leaks.people import DETECTOR, ONE_EACH, SECRETS, WAYS, Way
from tests.leaks.processes import processes
from tests.leaks.running import keep, seen
from tui.profiles.paths import profiles_path
from tui.providers import registry

PLAYS = ("json-401", "heads-503", "cut-json")
REST = tuple(play for play in QUOTING if play not in PLAYS)


def everything(way: Way) -> list[tuple[tuple[str, ...], object]]:
    """The command lines about a profile called desk, and what is typed at them."""
    spec, ref = registry.find(way.provider), ref_of(way.provider)
    lines: list[tuple[tuple[str, ...], object]] = [
        (("sessions",), ""),
        (("sessions", "--all", "--json"), ""),
        (("sessions", "--csv"), ""),
        (("show", "desk", ref), ""),
        (("show", "desk", ref, "--json"), ""),
        (("transcript", "desk", ref), ""),
        (("create", "desk", "--input", "-", "--json"), {}),
        (("profile", "list"), ""),
        (("profile", "check"), ""),
        (("profile", "edit", "desk", "--set", "me=Ana", "--yes"), ""),
        (("doctor",), ""),
        (("doctor", "--json"), ""),
    ]
    if spec.actions:
        lines.append((("act", "desk", ref, spec.actions[0].id, "--yes", "--json"), ""))
    if way.provider == "goto-remote-support":
        lines.append((("links", "desk", "x.example", "--json"), ""))
    return lines


def run_all(way: Way, url: str, place: dict[str, object] | None = None) -> Iterator[Channel]:
    keep({"desk": way.table(url) | (place or {})})
    for argv, typed in everything(way):
        yield from seen(*argv, typed=typed)
    new = {"name": "new", "provider": way.provider, **way.table(url)}
    yield from seen("profile", "add", "--input", "-", typed=new)
    yield from seen("profile", "remove", "desk", "--yes")


@pytest.mark.parametrize("way", ONE_EACH)
@pytest.mark.parametrize(
    "play", [*PLAYS, *(pytest.param(one, marks=pytest.mark.long) for one in REST)]
)
def test_no_command_tells_a_key(way: str, play: str) -> None:
    with Mirror(play) as mirror:
        found, looked = leaks(DETECTOR, run_all(WAYS[way], mirror.url))
        assert mirror.sent
    assert looked > 50
    assert found == []


@pytest.mark.parametrize("where", ["env", "file", "command"])
def test_wherever_the_secret_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    key = SECRETS["Trinsic key"]
    monkeypatch.setenv("TRINSIC_CANARY", key)
    kept = tmp_path / "config" / "key.txt"
    kept.touch(mode=0o600)
    kept.write_text(f"{key}\n")
    places: dict[str, object] = {
        "env": {"env": "TRINSIC_CANARY"},
        "file": {"file": str(kept)},
        "command": {"command": ["cat", str(kept)]},
    }
    with Mirror("json-401") as mirror:
        channels = run_all(WAYS["trinsic"], mirror.url, {"api_key": places[where]})
        shown = (one for one in channels if "key.txt" not in one[0])
        found, _ = leaks(DETECTOR, shown)
        assert any(key in sent.headers.get("authorization", "") for sent in mirror.sent)
    assert found == []


SPOILT = {
    "a line break in it": "{key}\n{key}",
    "a letter of another alphabet": "{key}é",
    "a blank": "{key} {key}",
    "much too long": "{key}" * 300,
}


@pytest.mark.parametrize("spoilt", SPOILT)
@pytest.mark.parametrize("where", ["env", "file", "command", "here"])
def test_a_secret_that_no_header_can_carry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, spoilt: str
) -> None:
    key = SPOILT[spoilt].format(key=SECRETS["Trinsic key"])
    monkeypatch.setenv("TRINSIC_CANARY", key)
    kept = tmp_path / "key.txt"
    kept.touch(mode=0o600)
    kept.write_text(key)
    places: dict[str, object] = {
        "env": {"env": "TRINSIC_CANARY"},
        "file": {"file": str(kept)},
        "command": {"command": ["cat", str(kept)]},
        "here": key,
    }
    with Mirror("json-401") as mirror:
        table = WAYS["trinsic"].table(mirror.url) | {"api_key": places[where]}
        keep({"desk": table})
        channels = [*seen("sessions"), *seen("profile", "list"), *seen("profile", "check", "desk")]
        channels += seen("doctor", "--json")
        channels += seen("profile", "add", "--input", "-", typed={"name": "new", **table})
        found, _ = leaks(DETECTOR, channels)
        assert mirror.sent == []
    assert found == []


# What is a name, a path or a program is named in what is said of it: nobody keeps a secret there.
BROKEN = {
    "a quotation mark that is not closed": 'api_key = "{key}',
    "no quotation marks": "api_key = {key}",
    "twice": 'api_key = "{key}"\napi_key = "{key}"',
    "in a list": 'api_key = ["{key}"]',
    "for an argument": 'api_key = {{ command = ["false", "{key}"] }}',
    "with an escape that is none": 'api_key = "{key}\\q"',
    "with a control character": 'api_key = "{key}\x01"',
    "in an address": 'base_url = "https://me:{key}@api.example"',
    "in the address's path": 'base_url = "ftp://api.example/{key}"',
    "for a number": 'refresh_seconds = "{key}"',
    "where a list is": 'me = ["{key}"]',
}


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("file", ["profiles.toml", "tokens.toml"])
def test_a_store_that_is_broken_in_the_line_of_the_secret(broken: str, file: str) -> None:
    text = BROKEN[broken].format(key=SECRETS["Trinsic key"])
    head = 'version = 1\n[profiles.desk]\nprovider = "trinsic-connect"\n'
    keep({"desk": WAYS["goto-oauth"].table("http://127.0.0.1:1")})
    path = profiles_path().with_name(file)
    path.write_text(f"{head}{text}\n")
    path.chmod(0o600)
    channels = [*seen("sessions"), *seen("profile", "list"), *seen("profile", "check")]
    channels += [*seen("doctor"), *seen("profile", "edit", "desk", "--set", "me=Ana", "--yes")]
    channels += seen("profile", "remove", "desk", "--yes")
    found, _ = leaks(DETECTOR, channels)
    assert found == []


INJECTED = {
    "the client": "tui.net.client.Client.send",
    "the credential": "tui.net.auth.TokenAuth.headers",
    "the provider's listing": "tui.providers.trinsic_connect.TrinsicConnect.page",
    "the provider's decoding": "tui.providers.trinsic_connect.TrinsicConnect.decode",
    "the engine": "tui.live.errands.run",
    "the worker": "tui.live.worker.Worker.ask",
    "the mailbox": "tui.live.mailbox.Mailbox.drain",
    "the store": "tui.profiles.store.load",
    "a command": "tui.commands.sessions.run",
    "the check": "tui.commands.profile_check.check",
}


@pytest.mark.parametrize("where", INJECTED)
@pytest.mark.parametrize("kind", [RuntimeError, KeyError, UnicodeEncodeError, OSError])
def test_an_error_of_our_own_with_the_secret_in_its_words(
    monkeypatch: pytest.MonkeyPatch, where: str, kind: type[Exception]
) -> None:
    key = SECRETS["Trinsic key"]

    def fails(*args: object, **more: object) -> object:
        local = f"Bearer {key}"
        if kind is UnicodeEncodeError:
            raise UnicodeEncodeError("ascii", f"{local}é", 0, 1, local)
        if kind is OSError:
            raise OSError(5, local, local)
        raise kind(local, args)

    monkeypatch.setattr(INJECTED[where], fails)
    with Mirror("json-200") as mirror:
        keep({"desk": WAYS["trinsic"].table(mirror.url)})
        channels = [*seen("sessions"), *seen("profile", "check"), *seen("show", "desk", "x")]
        found, _ = leaks(DETECTOR, channels)
    assert found == []
    codes = {text for name, text in channels if name.startswith("exit")}
    assert codes - {"0"}


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize(
    "address",
    [
        "http://me:{key}@127.0.0.1:9",
        "socks5h://me:{key}@127.0.0.1:9",
        "http://me:{key}@[bad",
        "gopher://me:{key}@127.0.0.1:9",
        "me:{key}@127.0.0.1:port",
    ],
)
def test_a_password_in_the_address_of_a_proxy(
    monkeypatch: pytest.MonkeyPatch, name: str, address: str
) -> None:
    password = make(40)
    monkeypatch.setenv(name, address.format(key=password))
    keep({"desk": WAYS["trinsic"].table("http://127.0.0.1:1") | {"base_url": "https://a.invalid"}})
    channels = [*seen("sessions"), *seen("doctor"), *seen("doctor", "--json")]
    channels += seen("profile", "check")
    detector = type(DETECTOR)({"proxy password": password})
    found, _ = leaks(detector, channels)
    assert found == []


def test_a_disk_that_is_full_when_the_store_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    key = SECRETS["Trinsic key"]

    def full(*args: object, **more: object) -> object:
        raise OSError(28, "No space left on device", key)

    with Mirror("json-401") as mirror:
        table = WAYS["trinsic"].table(mirror.url)
        keep({"desk": table})
        monkeypatch.setattr(os, "fsync", full)
        channels = [*seen("profile", "edit", "desk", "--set", "me=Ana", "--yes")]
        channels += seen("profile", "add", "--input", "-", "--yes", typed={"name": "n", **table})
        found, _ = leaks(DETECTOR, channels)
    assert found == []
    assert json.dumps(channels).count("No space left") >= 1


def test_no_secret_is_an_argument_of_any_process(tmp_path: Path) -> None:
    """While a command waits for a vendor, and while a secret command of it runs: looked at in /proc."""
    kept = tmp_path / "key.txt"
    kept.touch(mode=0o600)
    kept.write_text(SECRETS["Trinsic key"])
    waits = tmp_path / "fifo"
    os.mkfifo(waits)
    # The command runs until the test has looked.
    command = ["sh", "-c", f"read go < {waits}; cat {kept}"]
    with Mirror("json-401") as mirror:
        keep({"desk": WAYS["trinsic"].table(mirror.url) | {"api_key": {"command": command}}})
        with subprocess.Popen(
            [sys.executable, "-m", "tui", "sessions"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            with waits.open("w") as fifo:  # opens when the command reads
                channels = list(processes(process.pid))
                fifo.write("go\n")
            out, err = process.communicate(timeout=30)
        assert mirror.sent
    assert len(channels) >= 2
    channels += [("stdout", out.decode()), ("stderr", err.decode())]
    found, _ = leaks(DETECTOR, channels)
    assert found == []
